#include "app/host/demorun.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Platform {
    QString error{};
    QUrl api{};
    QUrl web{};
};
} // namespace

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
                        .api = world.tiktok().apiUrl(),
                        .web = world.tiktok().webUrl()};
    });
    if (!platform.error.isEmpty())
        return Error{Error::Kind::Unavailable, platform.error};
    qputenv("ANTIPHON_TIKTOK_API", platform.api.toString().toLatin1());
    qputenv("ANTIPHON_TIKTOK_WEB", platform.web.toString().toLatin1());
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
    m_api->createInbox(Channel::Tiktok, {}, {{u"business_id"_s, demo::DemoConversation::businessId()}},
                       {{u"access_token"_s, tokens.accessToken}, {u"refresh_token"_s, tokens.refreshToken}})
        .then(this, [this, done = std::move(done)](const Result<Inbox> &inbox) {
            m_client->close();
            done(inbox ? Result<void>() : Result<void>(inbox.error()));
        });
}

} // namespace antiphon
