#include "app/host/demorun.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Platform {
    QString error{};
    QHash<QByteArray, QUrl> addresses{};       ///< by the variable of the environment
};

/// The customers of an inbox that is there now begin.
void startScene(demo::DemoWorld &world, Channel channel, const QUrl &webhook)
{
    switch (channel) {
    case Channel::Whatsapp:
        return world.meta().startWhatsapp(webhook);
    case Channel::Instagram:
        return world.meta().startInstagram(webhook);
    case Channel::Messenger:
        return world.meta().startMessenger(webhook);
    case Channel::Telegram:
        return world.bots().startTelegram();
    case Channel::Line:
        return world.bots().startLine(webhook);
    case Channel::Twilio:
        return world.bots().startTwilio(webhook);
    case Channel::Tiktok:
        return;                                // begins by itself when its webhook is registered
    }
}
} // namespace

/// An account with what an owner types.
struct DemoRun::Account {
    QString name{};
    Channel channel = Channel::Whatsapp;
    QString appId{};
    QJsonObject appSecrets{};                  ///< empty: its application isn't entered
    QJsonObject settings{};
    QJsonObject secrets{};
};

DemoRun::DemoRun(double speed, QObject *parent)
    : QObject(parent)
    , m_speed(speed)
{
}

DemoRun::~DemoRun() = default;

Result<void> DemoRun::begin()
{
    if (!m_folder.isValid())
        return Error{Error::Kind::Unavailable, u"no temporary folder: "_s + m_folder.errorString()};
    m_world = std::make_unique<demo::SimulatorThread<demo::DemoWorld>>([speed = m_speed] { return std::make_unique<demo::DemoWorld>(speed); });
    const Platform platform = m_world->ask([](demo::DemoWorld &world) {
        return Platform{.error = world.listening() ? QString() : world.listening().error().detail,
                        .addresses = {{"ANTIPHON_TIKTOK_API", world.tiktok().apiUrl()},
                                      {"ANTIPHON_TIKTOK_WEB", world.tiktok().webUrl()},
                                      {"ANTIPHON_WHATSAPP_API", world.whatsapp().apiUrl()},
                                      {"ANTIPHON_INSTAGRAM_API", world.instagram().apiUrl()},
                                      {"ANTIPHON_INSTAGRAM_OAUTH_API", world.instagram().oauthUrl()},
                                      {"ANTIPHON_MESSENGER_API", world.messenger().apiUrl()},
                                      {"ANTIPHON_TELEGRAM_API", world.telegram().apiUrl()},
                                      {"ANTIPHON_LINE_API", world.line().apiUrl()},
                                      {"ANTIPHON_LINE_DATA_API", world.line().dataUrl()},
                                      {"ANTIPHON_TWILIO_API", world.twilio().apiUrl()}}};
    });
    if (!platform.error.isEmpty())
        return Error{Error::Kind::Unavailable, platform.error};
    for (auto it = platform.addresses.begin(); it != platform.addresses.end(); ++it)
        qputenv(it.key(), it.value().toString().toLatin1());
    return {};
}

void DemoRun::connectAccount(const QUrl &desk, const QString &token, std::function<void(Result<void>)> done)
{
    m_client = std::make_unique<DeskClient>(desk, token);
    m_api = std::make_unique<DeskApi>(*m_client);
    connect(m_client.get(), &DeskClient::opened, this, [this, done = std::move(done)] {
        m_client->disconnect(this);
        m_api->setSettings({{u"workspace.name"_s, u"Tidewick Ceramics"_s}}).then(this, [this, done](const Result<void> &set) {
            emit named();
            if (set)
                enterApp(done);
            else
                done(set);
        });
    });
    m_client->open();
}

void DemoRun::enterApp(std::function<void(Result<void>)> done)
{
    struct App {
        QString id{};
        QString secret{};
    };
    const App app = m_world->ask([](demo::DemoWorld &world) {
        return App{.id = world.tiktok().options().appId, .secret = world.tiktok().options().appSecret};
    });
    m_api->setApp(Channel::Tiktok, {{u"app_id"_s, app.id}}, {{u"app_secret"_s, app.secret}}).then(this, [this, done = std::move(done)](const Result<DeskApp> &set) {
        if (set)
            createInbox(done);
        else
            done(set.error());
    });
}

void DemoRun::createInbox(std::function<void(Result<void>)> done)
{
    const demo::TokenPair tokens =
        m_world->ask([](demo::DemoWorld &world) { return world.tiktok().issueTokens(demo::DemoConversation::businessId()); });
    m_api->createInbox(Channel::Tiktok, u"Tidewick on TikTok"_s, {{u"business_id"_s, demo::DemoConversation::businessId()}},
                       {{u"access_token"_s, tokens.accessToken}, {u"refresh_token"_s, tokens.refreshToken}})
        .then(this, [this, done = std::move(done)](const Result<Inbox> &inbox) {
            if (!inbox) {
                m_client->close();
                done(inbox.error());
                return;
            }
            m_waiting = m_world->ask([](demo::DemoWorld &world) {
                const auto secretsOf = [](const demo::GraphApp &app) { return QJsonObject{{u"app_secret"_s, app.appSecret}, {u"verify_token"_s, app.verifyToken}}; };
                const demo::WhatsappNumber &number = world.whatsapp().number();
                QJsonObject numberSecrets = secretsOf(world.whatsapp().app());
                numberSecrets.insert(u"access_token"_s, world.whatsapp().issueToken());
                return QList<Account>{
                    {.name = u"Shop phone"_s,
                     .channel = Channel::Whatsapp,
                     .settings = {{u"phone_number"_s, u'+' + number.digits}, {u"phone_number_id"_s, number.id}, {u"business_account_id"_s, number.accountId}},
                     .secrets = numberSecrets},
                    {.name = u"tidewick.ceramics"_s,
                     .channel = Channel::Instagram,
                     .appId = world.instagram().app().appId,
                     .appSecrets = secretsOf(world.instagram().app()),
                     .settings = {{u"instagram_id"_s, world.instagram().account().id}},
                     .secrets = {{u"access_token"_s, world.instagram().issueToken()}}},
                    {.name = u"Tidewick page"_s,
                     .channel = Channel::Messenger,
                     .appId = world.messenger().app().appId,
                     .appSecrets = secretsOf(world.messenger().app()),
                     .settings = {{u"page_id"_s, world.messenger().account().id}},
                     .secrets = {{u"page_access_token"_s, world.messenger().issueToken()}}},
                    {.name = u"Tidewick bot"_s, .channel = Channel::Telegram, .secrets = {{u"bot_token"_s, world.telegram().token()}}},
                    {.name = u"Tidewick on LINE"_s,
                     .channel = Channel::Line,
                     .settings = {{u"channel_id"_s, world.line().options().channelId}},
                     .secrets = {{u"channel_secret"_s, world.line().options().channelSecret}, {u"channel_token"_s, world.line().issueToken()}}},
                    {.name = u"Text messages"_s,
                     .channel = Channel::Twilio,
                     .settings = {{u"account_sid"_s, world.twilio().options().accountSid}, {u"phone_number"_s, world.twilio().options().numbers.first().number}, {u"medium"_s, u"sms"_s}},
                     .secrets = {{u"auth_token"_s, world.twilio().options().authToken}}}};
            });
            connectNext(done);
        });
}

void DemoRun::connectNext(std::function<void(Result<void>)> done)
{
    if (m_waiting.isEmpty()) {
        m_client->close();
        done({});
        return;
    }
    const Account account = m_waiting.takeFirst();
    if (account.appSecrets.isEmpty()) {
        createTyped(account, std::move(done));
        return;
    }
    m_api->setApp(account.channel, {{u"app_id"_s, account.appId}}, account.appSecrets).then(this, [this, account, done = std::move(done)](const Result<DeskApp> &set) {
        if (set) {
            createTyped(account, done);
        } else {
            m_client->close();
            done(set.error());
        }
    });
}

void DemoRun::createTyped(const Account &account, std::function<void(Result<void>)> done)
{
    m_api->createInbox(account.channel, account.name, account.settings, account.secrets).then(this, [this, channel = account.channel, done = std::move(done)](const Result<Inbox> &inbox) {
        if (!inbox) {
            m_client->close();
            done(inbox.error());
            return;
        }
        m_world->post([channel, webhook = QUrl(inbox->webhookUrl)](demo::DemoWorld &world) {
            startScene(world, channel, webhook);
        });
        connectNext(done);
    });
}

} // namespace antiphon
