#include "core/channels/tiktok/tiktokevents.h"

#include "core/base/json.h"
#include "core/channels/tiktok/tiktokcontent.h"

#include <QCryptographicHash>

namespace antiphon::tiktok {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kMessage = "message"_L1;
constexpr auto kEcho = "echo"_L1;
constexpr auto kRead = "read"_L1;
constexpr auto kReaction = "reaction"_L1;
constexpr auto kReferral = "referral"_L1;
constexpr auto kPull = "pull"_L1;
constexpr auto kAuthorizationRemoved = "authorization_removed"_L1;
constexpr auto kIgnored = "ignored"_L1;
constexpr auto kUnknown = "unknown"_L1;

QString number(Timestamp time)
{
    return QString::number(toUnixMs(time));
}

/// The key of what has none of its own: the same bytes again are the same event.
QString hashKey(const QString &event, const QJsonObject &content)
{
    const QByteArray hash = QCryptographicHash::hash(event.toUtf8() + '\n' + json::toBytes(content), QCryptographicHash::Sha256);
    return u"x:"_s + QString::fromLatin1(hash.toHex());
}

/// What all events of one object share.
struct Source {
    QString event{};
    QString account{};
    QJsonObject content{};
    std::optional<Timestamp> at{};
    std::optional<Timestamp> created{};

    QString conversationId() const { return json::string(content, "conversation_id"_L1); }

    SplitEvent make(QLatin1StringView kind, const QString &key, const QString &laneKey) const
    {
        return {.account = account,
                .lane = laneKey,
                .dedupeKey = key,
                .kind = kind,
                .platformAt = at,
                .payload = {{"event"_L1, event}, {"at"_L1, at ? toUnixMs(*at) : 0}, {"content"_L1, content}}};
    }

    SplitEvent broken(QLatin1StringView kind, const QString &why) const
    {
        SplitEvent split = make(kind, hashKey(event, content), {});
        split.target = account;
        split.broken = why;
        return split;
    }

    SplitEvent ignored(QLatin1StringView kind, const QString &why) const
    {
        SplitEvent split = make(kind, hashKey(event, content), {});
        split.target = account;
        split.payload.insert("reason"_L1, why);
        return split;
    }
};

/// Whether the business wrote it: by the ids of both sides, and only where these are silent by the event's name.
bool isEcho(const Source &source)
{
    if (json::string(source.content.value("from_user"_L1).toObject(), "id"_L1) == source.account)
        return true;
    if (json::string(source.content.value("to_user"_L1).toObject(), "id"_L1) == source.account)
        return false;
    return source.event == "im_send_msg"_L1;
}

SplitEvent splitReaction(const Source &source, const QJsonObject &reaction, const QString &original)
{
    const QString target = original.isEmpty() ? json::string(reaction, "original_msg_id"_L1) : original;
    const QString sender = json::string(reaction, "unique_identifier"_L1);
    const QString operation = json::string(reaction, "operation"_L1).toUpper();
    const auto at = moment(reaction.value("timestamp"_L1));
    Source own = source;
    own.at = at ? at : source.at;
    if (target.isEmpty() || sender.isEmpty() || !own.at)
        return own.broken(kReaction, u"a reaction without message, sender or time"_s);
    const QString key = u"r:"_s + target + u':' + sender + u':' + (operation.isEmpty() ? u"ADD"_s : operation) + u':' + number(*own.at);
    SplitEvent split = own.make(kReaction, key, lane(source.account, source.conversationId()));
    split.target = target;
    split.payload.insert("content"_L1, QJsonObject{{"conversation_id"_L1, source.conversationId()}, {"original_msg_id"_L1, target}, {"reaction"_L1, reaction}});
    return split;
}

QList<SplitEvent> splitMessage(const Source &source)
{
    const QLatin1StringView kind = isEcho(source) ? kEcho : kMessage;
    if (source.conversationId().isEmpty())
        return {source.broken(kind, u"no conversation_id"_s)};
    QList<SplitEvent> events;
    const QString type = json::string(source.content, "type"_L1);
    const QString messageId = json::string(source.content, "message_id"_L1);
    if (type == "reaction"_L1) {
        const QJsonArray reactions = source.content.value("reaction"_L1).toArray();
        for (const QJsonValue &reaction : reactions)
            events.append(splitReaction(source, reaction.toObject(), {}));
        return events.isEmpty() ? QList{source.broken(kReaction, u"no reaction in it"_s)} : events;
    }
    if (messageId.isEmpty())
        return {source.broken(kind, u"no message_id"_s)};
    if (!source.at)
        return {source.broken(kind, u"no timestamp"_s)};
    events.append(source.make(kind, u"m:"_s + messageId, lane(source.account, source.conversationId())));
    const QJsonArray reactions = source.content.value("reactions"_L1).toArray();      // of the lists
    for (const QJsonValue &reaction : reactions)
        events.append(splitReaction(source, reaction.toObject(), messageId));
    return events;
}

SplitEvent splitRead(const Source &source)
{
    const auto upTo = moment(source.content.value("read"_L1).toObject().value("last_read_timestamp"_L1));
    if (source.conversationId().isEmpty() || !source.at || !upTo)
        return source.broken(kRead, u"a read mark without conversation or time"_s);
    SplitEvent split = source.make(kRead, u"rd:"_s + source.conversationId() + u':' + number(*source.at), {});
    split.target = source.conversationId();
    return split;
}

SplitEvent splitReferral(const Source &source)
{
    if (source.conversationId().isEmpty() || !source.at || source.content.value("referral"_L1).toObject().isEmpty())
        return source.broken(kReferral, u"a referral without conversation, time or content"_s);
    return source.make(kReferral, u"rf:"_s + source.conversationId() + u':' + number(*source.at), lane(source.account, source.conversationId()));
}

SplitEvent splitPull(const Source &source)
{
    if (!source.at)
        return source.broken(kPull, u"no timestamp"_s);
    const QString receiver = json::string(source.content.value("to_user"_L1).toObject(), "id"_L1);
    SplitEvent split = source.make(kPull, u"eu:"_s + (receiver.isEmpty() ? source.account : receiver) + u':' + number(*source.at), {});
    split.target = source.account;
    return split;
}

QJsonObject readReferral(const QJsonObject &content)
{
    const QJsonObject referral = content.value("referral"_L1).toObject();
    const QJsonObject ad = referral.value("ad"_L1).toObject();
    const QJsonObject link = referral.value("short_link"_L1).toObject();
    QJsonObject out{{"source"_L1, json::string(referral, "source"_L1)}};
    const auto add = [&out](QLatin1StringView name, const QString &value) {
        if (!value.isEmpty())
            out.insert(name, value);
    };
    add("ad_id"_L1, json::string(ad, "ad_id"_L1));
    add("ad_name"_L1, json::string(ad, "ad_name"_L1));
    add("ref"_L1, json::string(link, "ref"_L1));
    add("prefilled_message"_L1, json::string(link, "prefilled_message"_L1));
    // The advertisement's time is in milliseconds in webhooks and in seconds in the lists.
    const QJsonValue stamp = ad.value("timestamp"_L1);
    auto at = moment(stamp);
    if (const auto seconds = json::integer(stamp); !at && seconds && *seconds > 0 && *seconds < 4'102'444'800)
        at = moment(*seconds * 1000);
    if (at)
        out.insert("at"_L1, toRfc3339(*at));
    return out;
}

Result<InboundEvent> readReaction(const SplitEvent &event, const QJsonObject &content, Timestamp at)
{
    const QJsonObject reaction = content.value("reaction"_L1).toObject();
    InboundReaction read{
        .contactSourceId = json::string(content, "conversation_id"_L1),
        .messageSourceId = json::string(content, "original_msg_id"_L1),
        .senderPlatformId = json::string(reaction, "unique_identifier"_L1),
        .isRemoval = json::string(reaction, "operation"_L1).toUpper() == "REMOVE"_L1,
        .emoji = json::string(reaction, "emoji"_L1),
        .isOneOfMany = true,
        .platformAt = at,
    };
    read.fromCustomer = read.senderPlatformId != event.account;
    if (read.emoji.isEmpty())
        read.emoji = u"\u2728"_s;                 // a drawn one (AI_EMOJI) has no character of its own
    if (read.messageSourceId.isEmpty() || read.senderPlatformId.isEmpty())
        return Error{Error::Kind::BadPayload, u"a reaction without message or sender"_s};
    return InboundEvent(read);
}

} // namespace

QList<SplitEvent> splitContent(const QString &event, const QString &account, const QJsonObject &content, std::optional<Timestamp> created)
{
    Source source{.event = event, .account = account, .content = content, .at = moment(content.value("timestamp"_L1)), .created = created};
    if (!source.at)
        source.at = created;
    if (event == "im_receive_msg"_L1 || event == "im_send_msg"_L1)
        return splitMessage(source);
    if (event == "im_mark_read_msg"_L1)
        return {splitRead(source)};
    if (event == "im_referral_msg"_L1)
        return {splitReferral(source)};
    if (event == "im_receive_msg_eu"_L1)
        return {splitPull(source)};
    if (event == "authorization.removed"_L1) {
        const QString when = created ? QString::number(toUnixMs(*created) / 1000) : QString();
        SplitEvent split = source.make(kAuthorizationRemoved, u"au:"_s + account + u':' + when, {});
        split.target = account;
        return {split};
    }
    if (event == "im_auto_message_config_update"_L1 || event == "im_auto_message_audit_update"_L1 || event == "im_receive_high_intent_comment"_L1)
        return {source.ignored(kIgnored, u"of no use here: "_s + event)};
    return {source.ignored(kUnknown, u"an event nobody told us of: "_s + event.left(64))};
}

Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook, const AppCredentials &app)
{
    const auto root = json::parseObject(hook.body);
    if (!root)
        return root.error();
    const QString event = json::string(*root, "event"_L1);
    const QString account = json::string(*root, "user_openid"_L1);
    if (event.isEmpty())
        return Error{Error::Kind::BadPayload, u"no event"_s, u"event"_s};
    if (account.isEmpty())
        return Error{Error::Kind::BadPayload, u"no user_openid"_s, u"user_openid"_s};
    const auto seconds = json::integer(root->value("create_time"_L1));
    const auto created = seconds && *seconds > 0 && *seconds < 4'102'444'800 ? moment(*seconds * 1000) : std::nullopt;

    const QString clientKey = json::string(*root, "client_key"_L1);
    if (!clientKey.isEmpty() && !app.appId.isEmpty() && clientKey != app.appId) {
        const Source source{.event = event, .account = account, .content = *root, .at = created, .created = created};
        return QList{source.ignored(kIgnored, u"for another application"_s)};
    }
    const QJsonValue content = root->value("content"_L1);
    if (content.isObject())
        return splitContent(event, account, content.toObject(), created);
    const auto inner = json::parseObject(content.toString().toUtf8());
    if (inner)
        return splitContent(event, account, *inner, created);
    if (event == "authorization.removed"_L1)
        return splitContent(event, account, {}, created);
    const Source source{.event = event, .account = account, .content = *root, .at = created, .created = created};
    return QList{source.broken(kUnknown, u"its content is no JSON object"_s)};
}

Result<InboundEvent> readEvent(const SplitEvent &event)
{
    if (!event.broken.isEmpty())
        return Error{Error::Kind::BadPayload, event.broken};
    if (event.kind == kIgnored || event.kind == kUnknown)
        return InboundEvent(InboundIgnored{json::string(event.payload, "reason"_L1)});
    if (event.kind == kAuthorizationRemoved)
        return InboundEvent(InboundAuthorizationRemoved{});
    const QJsonObject content = event.payload.value("content"_L1).toObject();
    const auto at = moment(event.payload.value("at"_L1));
    if (!at)
        return Error{Error::Kind::BadPayload, u"no time"_s};
    if (event.kind == kPull)
        return InboundEvent(InboundPull{*at});
    if (json::string(content, "conversation_id"_L1).isEmpty())
        return Error{Error::Kind::BadPayload, u"no conversation_id"_s};
    if (event.kind == kReaction)
        return readReaction(event, content, *at);
    if (event.kind == kReferral)
        return InboundEvent(InboundReferral{customerOf(content, event.account, false), readReferral(content)});
    if (event.kind == kRead) {
        if (json::string(content.value("from_user"_L1).toObject(), "id"_L1) == event.account)
            return InboundEvent(InboundIgnored{u"read by the business itself"_s});
        const auto upTo = moment(content.value("read"_L1).toObject().value("last_read_timestamp"_L1));
        if (!upTo)
            return Error{Error::Kind::BadPayload, u"no last_read_timestamp"_s};
        return InboundEvent(InboundRead{json::string(content, "conversation_id"_L1), *upTo});
    }
    if (event.kind != kMessage && event.kind != kEcho)
        return Error{Error::Kind::BadPayload, u"a kind that is not TikTok's"_s};
    const InboundMessage message = readMessage(content, event.account, event.kind == kEcho, *at);
    if (message.sourceId.isEmpty())
        return Error{Error::Kind::BadPayload, u"no message_id"_s};
    return InboundEvent(message);
}

} // namespace antiphon::tiktok
