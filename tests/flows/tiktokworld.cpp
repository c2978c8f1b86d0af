#include "tests/flows/tiktokworld.h"

#include <QTcpServer>

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;
} // namespace

quint16 freePort()
{
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost, 0);
    return probe.serverPort();
}

demo::TikTokOptions TiktokWorld::defaultOptions()
{
    demo::TikTokOptions options;
    options.webhookPauseScale = 0.005;   // 10 s become 50 ms
    return options;
}

TiktokWorld::TiktokWorld(demo::TikTokOptions options)
    : m_platform(options)
{
}

QString TiktokWorld::start()
{
    if (const auto listening = tiktok().listen(); !listening)
        return listening.error().detail;
    const quint16 port = freePort();
    m_server.environment.insert(u"ANTIPHON_TIKTOK_API"_s, tiktok().apiUrl().toString());
    m_server.environment.insert(u"ANTIPHON_TIKTOK_WEB"_s, tiktok().webUrl().toString());
    m_server.arguments = QStringList{u"--port"_s, QString::number(port), u"--public-url"_s, u"http://127.0.0.1:%1"_s.arg(port)};
    if (!m_server.start())
        return u"the server did not start: "_s + m_server.standardError();
    if (const QString failed = openSession(); !failed.isEmpty())
        return failed;
    const auto app = waitFor(m_api->setApp(Channel::Tiktok, {{u"app_id"_s, tiktok().options().appId}}, {{u"app_secret"_s, tiktok().options().appSecret}}));
    return app ? QString() : describe(app.error());
}

QString TiktokWorld::startConnected()
{
    const QString failed = start();
    return failed.isEmpty() ? connectAccount() : failed;
}

QString TiktokWorld::connectAccount()
{
    const QString businessId = tiktok().options().accounts.first().businessId;
    const demo::TokenPair tokens = tiktok().issueTokens(businessId);
    const auto made = waitFor(m_api->createInbox(Channel::Tiktok, {}, {{u"business_id"_s, businessId}},
                                                 {{u"access_token"_s, tokens.accessToken}, {u"refresh_token"_s, tokens.refreshToken}}));
    if (!made)
        return describe(made.error());
    m_inbox = *made;
    QElapsedTimer timer;
    timer.start();
    while (tiktok().webhooks().callback().isEmpty() && timer.elapsed() < 30'000)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
    return tiktok().webhooks().callback().isEmpty() ? u"the webhook was not registered"_s : QString();
}

QString TiktokWorld::openSession()
{
    m_client = m_server.client();
    if (!m_client)
        return u"no session"_s;
    m_api = std::make_unique<DeskApi>(*m_client);
    QObject::connect(m_client.get(), &DeskClient::eventReceived, m_client.get(), [this](const DeskEvent &event) { m_events.append(event); });
    return {};
}

QString TiktokWorld::crashAndRestart()
{
    m_api.reset();
    m_client.reset();
    m_server.kill();
    if (!m_server.start())
        return u"the server did not start again: "_s + m_server.standardError();
    return openSession();
}

std::optional<Conversation> TiktokWorld::conversation(const QString &sourceId)
{
    const auto page = waitFor(m_api->conversations({}, ConversationSort::LastActivity, {}, 200));
    if (!page)
        return std::nullopt;
    for (const Conversation &conversation : page->items) {
        for (const Contact::Identifier &identifier : conversation.contact.identifiers) {
            if (identifier.sourceId == sourceId)
                return conversation;
        }
    }
    return std::nullopt;
}

QList<Message> TiktokWorld::messages(const QString &sourceId)
{
    const auto found = conversation(sourceId);
    if (!found)
        return {};
    QList<Message> all;
    const auto page = waitFor(m_api->messages(found->id, {}, 200));
    return page ? page->items : QList<Message>();
}

std::optional<Message> TiktokWorld::message(const QString &sourceId, const QString &messageSourceId)
{
    const QList<Message> all = messages(sourceId);
    for (const Message &message : all) {
        if (message.sourceId == messageSourceId)
            return message;
    }
    return std::nullopt;
}

qint64 TiktokWorld::stat(const QString &name)
{
    const auto stats = waitFor(m_client->call(u"intake.stats"_s));
    return stats ? stats->value(name).toInteger(-1) : -1;
}

int TiktokWorld::countEvents(const QString &type) const
{
    return int(std::count_if(m_events.begin(), m_events.end(), [&type](const DeskEvent &event) { return event.type == type; }));
}

} // namespace antiphon::test
