#include "tests/flows/metaworld.h"

#include "tests/flows/tiktokworld.h"

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;

constexpr double kQuickly = 0.005;      // 10 s become 50 ms

// The secrets of the documented vectors, so that those are deliveries like any other.
demo::WhatsappOptions whatsappOptions()
{
    demo::WhatsappOptions options;
    options.app.appSecret = u"antiphon-wa-secret"_s;
    options.numbers.first().isCoexistence = true;
    options.app.webhookPauseScale = kQuickly;
    return options;
}

demo::InstagramOptions instagramOptions()
{
    demo::InstagramOptions options;
    options.app.appSecret = u"antiphon-ig-secret"_s;
    options.app.webhookPauseScale = kQuickly;
    options.accounts.append({.id = u"17840000000000002"_s, .scopedId = u"9900000000000002"_s, .name = u"Lantern Cafe"_s, .username = u"lantern.cafe"_s});
    return options;
}

demo::MessengerOptions messengerOptions()
{
    demo::MessengerOptions options;
    options.app.appSecret = u"antiphon-fb-secret"_s;
    options.app.webhookPauseScale = kQuickly;
    return options;
}

demo::ThreadAccount linkedAccount()
{
    return {.id = u"17840000000000009"_s, .scopedId = u"9900000000000009"_s, .name = u"Lantern Studio"_s, .username = u"lantern.studio"_s, .pageId = u"300000000000001"_s};
}

} // namespace

MetaWorld::MetaWorld()
    : m_whatsapp(whatsappOptions(), m_clock, m_random)
    , m_instagram(instagramOptions(), m_clock, m_random)
    , m_messenger(messengerOptions(), m_clock, m_random)
    , m_pageInstagram(m_messenger, {linkedAccount()}, m_clock, m_random)
{
    m_messenger.link(m_pageInstagram);
}

QString MetaWorld::start()
{
    for (const auto &listening : {m_whatsapp.listen(), m_instagram.listen(), m_messenger.listen()}) {
        if (!listening)
            return listening.error().detail;
    }
    const quint16 port = freePort();
    m_server.environment.insert(u"ANTIPHON_WHATSAPP_API"_s, m_whatsapp.apiUrl().toString());
    m_server.environment.insert(u"ANTIPHON_INSTAGRAM_API"_s, m_instagram.apiUrl().toString());
    m_server.environment.insert(u"ANTIPHON_INSTAGRAM_OAUTH_API"_s, m_instagram.oauthUrl().toString());
    m_server.environment.insert(u"ANTIPHON_MESSENGER_API"_s, m_messenger.apiUrl().toString());
    m_server.arguments = QStringList{u"--port"_s, QString::number(port), u"--public-url"_s, u"http://127.0.0.1:%1"_s.arg(port)};
    if (const QString failed = restart(); !failed.isEmpty())
        return failed;
    m_instagram.webhooks().setCallback(m_server.intake(u"/webhooks/instagram"_s));
    m_messenger.webhooks().setCallback(m_server.intake(u"/webhooks/messenger"_s));
    m_pageInstagram.webhooks().setCallback(m_server.intake(u"/webhooks/instagram"_s));
    m_whatsapp.webhooks().setCallback(m_server.intake(u"/webhooks/whatsapp/+"_s + m_whatsapp.number().digits));
    for (const auto &[channel, app] : {std::pair(u"instagram"_s, m_instagram.app()), std::pair(u"messenger"_s, m_messenger.app())}) {
        const QJsonObject entered{{u"channel"_s, channel},
                                  {u"settings"_s, QJsonObject{{u"app_id"_s, app.appId}}},
                                  {u"secrets"_s, QJsonObject{{u"app_secret"_s, app.appSecret}, {u"verify_token"_s, app.verifyToken}}}};
        if (const QString failed = wordsOf(m_desk->call(u"apps.set"_s, entered)); !failed.isEmpty())
            return failed;
    }
    return {};
}

QJsonObject MetaWorld::whatsappAccount()
{
    const demo::WhatsappNumber &number = m_whatsapp.number();
    return {{u"channel"_s, u"whatsapp"_s},
            {u"settings"_s, QJsonObject{{u"phone_number"_s, u'+' + number.digits}, {u"phone_number_id"_s, number.id}, {u"business_account_id"_s, number.accountId}}},
            {u"secrets"_s, QJsonObject{{u"access_token"_s, m_whatsapp.issueToken()}, {u"app_secret"_s, m_whatsapp.app().appSecret}, {u"verify_token"_s, m_whatsapp.app().verifyToken}}}};
}

QString MetaWorld::connectWhatsapp()
{
    return wordsOf(m_desk->call(u"inboxes.create"_s, whatsappAccount()));
}

QString MetaWorld::connectInstagram()
{
    return wordsOf(m_desk->call(u"inboxes.create"_s, {{u"channel"_s, u"instagram"_s},
                                                      {u"settings"_s, QJsonObject{{u"instagram_id"_s, m_instagram.account().id}}},
                                                      {u"secrets"_s, QJsonObject{{u"access_token"_s, m_instagram.issueToken()}}}}));
}

QString MetaWorld::connectMessenger()
{
    return wordsOf(m_desk->call(u"inboxes.create"_s, {{u"channel"_s, u"messenger"_s},
                                                      {u"settings"_s, QJsonObject{{u"page_id"_s, m_messenger.account().id}}},
                                                      {u"secrets"_s, QJsonObject{{u"page_access_token"_s, m_messenger.issueToken()}}}}));
}

QString MetaWorld::connectPageInstagram()
{
    return wordsOf(m_desk->call(u"inboxes.create"_s, {{u"channel"_s, u"instagram"_s},
                                                      {u"settings"_s, QJsonObject{{u"page_id"_s, m_messenger.account().id}}},
                                                      {u"secrets"_s, QJsonObject{{u"page_access_token"_s, m_messenger.issueToken()}}}}));
}

int MetaWorld::deliver(const QString &path, const QByteArray &body, const QByteArray &signature)
{
    return http("POST", m_server.intake(path), body, {{"Content-Type", "application/json"}, {"X-Hub-Signature-256", signature}}).status;
}

} // namespace antiphon::test
