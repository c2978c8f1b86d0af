#include "core/channels/twilio/twilioevents.h"

#include "core/base/json.h"
#include "core/channels/twilio/twilioaddress.h"
#include "core/channels/twilio/twiliocontent.h"
#include "core/channels/twilio/twilioform.h"
#include "core/channels/twilio/twiliokinds.h"
#include "core/channels/twilio/twiliosignature.h"
#include "core/channels/twilio/twiliostatuses.h"

#include <QCryptographicHash>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

InboxId inboxOf(const RawWebhook &hook)
{
    return InboxId::fromString(QString::fromUtf8(valueOf(parseForm(hook.query), "inbox"))).value_or(InboxId());
}

QJsonObject fieldsOf(const RawWebhook &hook)
{
    if (!isJson(hook))
        return toObject(parseForm(hook.body));
    const auto body = json::parseObject(hook.body);
    return body ? *body : QJsonObject();
}

QString sidOf(const QJsonObject &fields)
{
    const QString sid = json::string(fields, "MessageSid"_L1);
    return sid.isEmpty() ? json::string(fields, "SmsSid"_L1) : sid;
}

/// What both kinds have: whose it is, and the fields.
SplitEvent eventOf(QLatin1StringView kind, const QJsonObject &fields, QLatin1StringView ownAddress, InboxId inbox, Timestamp at)
{
    const QStringList accounts = accountsOf(fields, ownAddress);
    SplitEvent event{.inbox = inbox, .kind = kind, .platformAt = at, .payload = {{"fields"_L1, fields}, {"at"_L1, toUnixMs(at)}}};
    event.account = accounts.value(0);
    event.otherAccounts = accounts.mid(1);
    // A service that refused before it chose a sender names the customer alone.
    const bool isOnWhatsapp = isWhatsapp(json::string(fields, "From"_L1)) || isWhatsapp(json::string(fields, "To"_L1));
    event.ofSettings = {{"account_sid"_L1, json::string(fields, "AccountSid"_L1)}, {"medium"_L1, isOnWhatsapp ? u"whatsapp"_s : u"sms"_s}};
    return event;
}

SplitEvent ignored(const RawWebhook &hook, const QJsonObject &fields, const QString &why)
{
    SplitEvent event = eventOf(kind::kIgnored, fields, "To"_L1, inboxOf(hook), hook.receivedAt);
    event.ofSettings.remove("medium"_L1);
    event.dedupeKey = u"x:"_s + QString::fromLatin1(QCryptographicHash::hash(hook.body, QCryptographicHash::Sha256).toHex());
    event.target = json::string(fields, "AccountSid"_L1);
    event.payload = {{"reason"_L1, why}};
    return event;
}

} // namespace

WebhookKeys webhookKeys(const RawWebhook &hook)
{
    const QByteArray inbox = valueOf(parseForm(hook.query), "inbox");
    if (!inbox.isEmpty())
        return {.inboxSetting = u"id"_s, .inboxValue = QString::fromUtf8(inbox)};
    return {.inboxSetting = u"account_sid"_s, .inboxValue = json::string(fieldsOf(hook), "AccountSid"_L1)};
}

SplitEvent messageEvent(const QJsonObject &fields, InboxId inbox, Timestamp at)
{
    SplitEvent event = eventOf(kind::kMessage, fields, "To"_L1, inbox, at);
    event.dedupeKey = u"m:"_s + sidOf(fields);
    event.lane = lane(json::string(fields, "From"_L1).trimmed());
    return event;
}

SplitEvent statusEvent(const QJsonObject &fields, InboxId inbox, Timestamp at)
{
    SplitEvent event = eventOf(kind::kStatus, fields, "From"_L1, inbox, at);
    event.dedupeKey = u"s:%1:%2"_s.arg(sidOf(fields), statusWord(fields));
    event.target = sidOf(fields);
    return event;
}

SplitEvent echoEvent(const QJsonObject &fields, InboxId inbox, Timestamp at)
{
    SplitEvent event = eventOf(kind::kEcho, fields, "From"_L1, inbox, at);
    event.dedupeKey = u"m:"_s + sidOf(fields);
    event.lane = lane(json::string(fields, "To"_L1).trimmed());
    return event;
}

Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook)
{
    const QJsonObject fields = fieldsOf(hook);
    if (isJson(hook))
        return QList<SplitEvent>{ignored(hook, fields, u"an event in JSON, of no use here"_s)};
    if (sidOf(fields).isEmpty())
        return Error{Error::Kind::BadPayload, u"a webhook that names no message"_s};
    if (isStatus(fields))
        return QList<SplitEvent>{statusEvent(fields, inboxOf(hook), hook.receivedAt)};
    if (json::string(fields, "From"_L1).trimmed().isEmpty())
        return QList<SplitEvent>{ignored(hook, fields, u"neither a message nor a status"_s)};
    return QList<SplitEvent>{messageEvent(fields, inboxOf(hook), hook.receivedAt)};
}

Result<InboundEvent> readEvent(const SplitEvent &event)
{
    if (event.kind == kind::kIgnored)
        return InboundEvent(InboundIgnored{json::string(event.payload, "reason"_L1)});
    const QJsonObject fields = event.payload.value("fields"_L1).toObject();
    const auto at = json::integer(event.payload.value("at"_L1));
    if (sidOf(fields).isEmpty() || !at)
        return Error{Error::Kind::BadPayload, u"an event without message or time"_s};
    if (event.kind == kind::kStatus)
        return readStatus(fields, sidOf(fields), fromUnixMs(*at));
    if (event.kind == kind::kMessage)
        return readMessage(fields, sidOf(fields), fromUnixMs(*at));
    return event.kind == kind::kEcho ? readEcho(fields, sidOf(fields), fromUnixMs(*at))
                                     : Result<InboundEvent>(Error{Error::Kind::BadPayload, u"a kind that is not Twilio's"_s});
}

} // namespace antiphon::twilio
