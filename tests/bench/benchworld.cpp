#include "tests/bench/benchworld.h"

#include "tests/bench/machine.h"
#include "tests/bench/spin.h"
#include "tests/bench/webhookload.h"

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPatienceMs = 20'000;

template <typename T>
Result<T> waitFor(QFuture<Result<T>> future)
{
    spinUntil([&future] { return future.isFinished(); }, kPatienceMs);
    return future.isFinished() ? future.result() : Result<T>(Error{Error::Kind::Timeout, u"no answer"_s});
}

} // namespace

BenchWorld::BenchWorld(const QString &folder)
    : m_folder(folder + u"/antiphon-bench-XXXXXX"_s)
{
}

BenchWorld::~BenchWorld()
{
    m_api.reset();
    m_client.reset();
}

QString BenchWorld::start()
{
    m_platform = std::make_unique<demo::SimulatorThread<Platform>>([options = m_platformOptions] { return std::make_unique<Platform>(options); });
    const auto urls = m_platform->ask([](Platform &platform) {
        return platform.listening ? QStringList{platform.tiktok.apiUrl().toString(), platform.tiktok.webUrl().toString()} : QStringList();
    });
    if (urls.isEmpty())
        return u"the simulated platform can't listen"_s;
    qputenv("ANTIPHON_TIKTOK_API", urls.at(0).toLatin1());
    qputenv("ANTIPHON_TIKTOK_WEB", urls.at(1).toLatin1());
    if (const QString failed = m_server.start(m_folder.path(), QUrl(u"http://127.0.0.1:%1"_s.arg(freePort()))); !failed.isEmpty())
        return failed;
    m_client = std::make_unique<DeskClient>(m_server.desk(), m_server.token());
    m_api = std::make_unique<DeskApi>(*m_client);
    m_client->open();
    if (!spinUntil([this] { return m_client->state() == DeskClient::State::Open; }, kPatienceMs))
        return u"no session"_s;
    return connectAccount();
}

QString BenchWorld::connectAccount()
{
    const auto app = waitFor(m_api->setApp(Channel::Tiktok, {{u"app_id"_s, m_platformOptions.appId}}, {{u"app_secret"_s, m_platformOptions.appSecret}}));
    if (!app)
        return describe(app.error());
    const QString businessId = m_platformOptions.accounts.first().businessId;
    const demo::TokenPair tokens = m_platform->ask([businessId](Platform &platform) { return platform.tiktok.issueTokens(businessId); });
    const auto inbox = waitFor(m_api->createInbox(Channel::Tiktok, {}, {{u"business_id"_s, businessId}},
                                                  {{u"access_token"_s, tokens.accessToken}, {u"refresh_token"_s, tokens.refreshToken}}));
    return inbox ? QString() : describe(inbox.error());
}

void BenchWorld::startConversations(int count)
{
    m_conversations += m_platform->ask([count](Platform &platform) {
        QList<demo::SceneConversation> started;
        for (int i = 0; i < count; ++i) {
            const QString name = u"customer%1"_s.arg(i);
            const QString id = platform.tiktok.startConversation({.username = name, .displayName = u"Customer %1"_s.arg(i)});
            started.append(*platform.tiktok.conversation(id));
        }
        return started;
    });
}

QByteArray BenchWorld::newMessage(int conversation, const QString &text, QString *id)
{
    demo::SceneMessage message{.at = m_clock.now(), .content = {{u"text"_s, QJsonObject{{u"body"_s, text}}}}};
    message.id = QString::fromLatin1(m_random.bytes(48).toBase64());
    if (id)
        *id = message.id;
    const demo::SceneConversation &from = m_conversations.at(conversation % m_conversations.size());
    const demo::BusinessAccount &account = m_platformOptions.accounts.first();
    return demo::webhookEnvelope(m_platformOptions.appId, u"im_receive_msg"_s, message.at, account.businessId, demo::webhookContent(from, account, message));
}

QByteArray BenchWorld::newRequest(quint16 port, int conversation, const QString &text, QString *id)
{
    const QByteArray body = newMessage(conversation, text, id);
    return webhookRequest(port, demo::WebhookSender::signature(appSecret(), toUnixMs(m_clock.now()) / 1000, body), body);
}

} // namespace antiphon::bench
