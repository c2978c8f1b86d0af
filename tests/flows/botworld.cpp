#include "tests/flows/botworld.h"

#include "tests/flows/tiktokworld.h"

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;

constexpr double kQuickly = 0.005;      // of the platforms' pauses

demo::TwilioOptions twilioOptions()
{
    demo::TwilioOptions options{.pauseScale = kQuickly};
    options.numbers.append({.sid = u"PN00000000000000000000000000000002"_s, .number = u"+15005550007"_s, .service = options.serviceSid});
    return options;
}

} // namespace

BotWorld::BotWorld()
    : m_telegram(demo::TelegramOptions{.pauseScale = kQuickly, .webhookPause = Milliseconds(0)}, m_clock, m_random)
    , m_line(demo::LineOptions{.pauseScale = kQuickly}, m_clock, m_random)
    , m_twilio(twilioOptions(), m_clock, m_random)
{
}

QString BotWorld::start(bool hasPublicAddress)
{
    for (const auto &listening : {m_telegram.listen(), m_line.listen(), m_twilio.listen()}) {
        if (!listening)
            return listening.error().detail;
    }
    const quint16 port = freePort();
    m_server.environment.insert(u"ANTIPHON_TELEGRAM_API"_s, m_telegram.apiUrl().toString());
    m_server.environment.insert(u"ANTIPHON_LINE_API"_s, m_line.apiUrl().toString());
    m_server.environment.insert(u"ANTIPHON_LINE_DATA_API"_s, m_line.dataUrl().toString());
    m_server.environment.insert(u"ANTIPHON_TWILIO_API"_s, m_twilio.apiUrl().toString());
    m_server.arguments = QStringList{u"--port"_s, QString::number(port)};
    if (hasPublicAddress)
        m_server.arguments += {u"--public-url"_s, u"http://127.0.0.1:%1"_s.arg(port)};
    return restart();
}

QJsonObject BotWorld::telegramAccount(const QString &delivery)
{
    QJsonObject account{{u"channel"_s, u"telegram"_s}, {u"secrets"_s, QJsonObject{{u"bot_token"_s, m_telegram.token()}}}};
    if (!delivery.isEmpty())
        account.insert(u"delivery"_s, delivery);
    return account;
}

QJsonObject BotWorld::lineAccount()
{
    return {{u"channel"_s, u"line"_s},
            {u"settings"_s, QJsonObject{{u"channel_id"_s, m_line.options().channelId}}},
            {u"secrets"_s, QJsonObject{{u"channel_secret"_s, m_line.options().channelSecret}, {u"channel_token"_s, m_line.issueToken()}}}};
}

QJsonObject BotWorld::twilioAccount(const QString &medium)
{
    const QString address = medium == "sms"_L1 ? m_twilio.options().numbers.first().number : m_twilio.options().whatsappNumber;
    return {{u"channel"_s, u"twilio"_s},
            {u"settings"_s, QJsonObject{{u"account_sid"_s, m_twilio.options().accountSid}, {u"phone_number"_s, address}, {u"medium"_s, medium}}},
            {u"secrets"_s, QJsonObject{{u"auth_token"_s, m_twilio.options().authToken}}}};
}

QJsonObject BotWorld::conversation(const QString &sourceId)
{
    const bool isBusiness = sourceId.startsWith(u'b') && sourceId.contains(u'/');
    const bool isBot = !sourceId.isEmpty() && sourceId[0].isDigit();
    const QJsonArray all = conversations();
    for (const QJsonValue &one : all) {
        const bool hasWindow = one["reply_window"_L1]["rule"_L1] == "telegram_business_24h"_L1;
        if (isOf(one, sourceId) && !(isBusiness && !hasWindow) && !(isBot && hasWindow))
            return one.toObject();
    }
    return {};
}

QJsonObject BotWorld::inboxOf(const QString &externalId)
{
    const QJsonArray all = m_desk->result(u"inboxes.list"_s).value("items"_L1).toArray();
    for (const QJsonValue &one : all) {
        if (one["external_id"_L1] == externalId)
            return one.toObject();
    }
    return {};
}

QString BotWorld::check(const QString &channel, const QString &name)
{
    const QJsonArray checks = m_desk->result(u"inboxes.check"_s, {{u"id"_s, inbox(channel)["id"_L1]}}).value("checks"_L1).toArray();
    for (const QJsonValue &one : checks) {
        if (one["name"_L1] == name)
            return (one["ok"_L1].toBool() ? u"ok: "_s : u"not ok: "_s) + one["detail"_L1].toString();
    }
    return {};
}

} // namespace antiphon::test
