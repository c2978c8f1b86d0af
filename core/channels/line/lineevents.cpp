#include "core/channels/line/lineevents.h"

#include "core/base/json.h"
#include "core/channels/line/linecontent.h"
#include "core/channels/line/linekinds.h"
#include "core/channels/line/linewebhook.h"

#include <QCryptographicHash>
#include <QJsonArray>

namespace antiphon::line {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kEarliest = 1'262'304'000'000;
constexpr qint64 kLatest = 4'102'444'800'000;

std::optional<Timestamp> moment(const QJsonValue &value)
{
    const auto ms = json::integer(value);
    return ms && *ms >= kEarliest && *ms < kLatest ? std::optional(fromUnixMs(*ms)) : std::nullopt;
}

QString hashKey(const QJsonObject &event)
{
    return u"x:"_s + QString::fromLatin1(QCryptographicHash::hash(json::toBytes(event), QCryptographicHash::Sha256).toHex());
}

QString eventKey(const QJsonObject &event)
{
    const QString id = json::string(event, "webhookEventId"_L1);
    return id.isEmpty() ? hashKey(event) : u"ev:"_s + id;
}

bool isRedelivery(const QJsonObject &event)
{
    return event.value("deliveryContext"_L1).toObject().value("isRedelivery"_L1).toBool();
}

/// The kind that an event of this type is stored as; nothing: it is of no use to us.
std::optional<QLatin1StringView> kindOf(const QString &type)
{
    struct Known {
        QLatin1StringView type;
        QLatin1StringView kind;
    };
    static constexpr Known kKnown[]{
        {"message"_L1, kind::kMessage},   {"postback"_L1, kind::kPostback}, {"unsend"_L1, kind::kUnsend},        {"follow"_L1, kind::kFollow},
        {"unfollow"_L1, kind::kUnfollow}, {"botSuspended"_L1, kind::kAccount}, {"botResumed"_L1, kind::kAccount},
    };
    for (const Known &known : kKnown) {
        if (type == known.type)
            return known.kind;
    }
    return std::nullopt;
}

/// Why an event is of no use to us; empty where it is.
QString whyIgnored(const QJsonObject &event)
{
    const QString type = json::string(event, "type"_L1);
    const QJsonObject source = event.value("source"_L1).toObject();
    const QString sourceType = json::string(source, "type"_L1);
    const auto kind = kindOf(type);
    if (!kind)
        return u"events of the type \"%1\" are not used"_s.arg(type.left(40));
    if (*kind == kind::kAccount)
        return {};
    if (sourceType == "group"_L1 || sourceType == "room"_L1)
        return u"of a group: only chats with one person are served"_s;
    if (json::string(source, "userId"_L1).isEmpty())
        return u"it doesn't say who it is of"_s;
    return {};
}

SplitEvent splitEvent(const QJsonObject &event, const QString &channelId, const RawWebhook &hook)
{
    SplitEvent split{.account = channelId, .dedupeKey = eventKey(event), .kind = kind::kIgnored, .platformAt = moment(event.value("timestamp"_L1))};
    split.payload = {{"event"_L1, event}};
    if (!split.platformAt)
        split.platformAt = hook.receivedAt;
    split.payload.insert("at"_L1, toUnixMs(*split.platformAt));
    if (const QString why = whyIgnored(event); !why.isEmpty()) {
        split.target = channelId;
        split.payload.insert("reason"_L1, why);
        return split;
    }
    split.kind = *kindOf(json::string(event, "type"_L1));
    if (split.kind == kind::kAccount) {
        split.target = channelId;
        return split;
    }
    const QString userId = json::string(event.value("source"_L1).toObject(), "userId"_L1);
    split.lane = lane(channelId, userId);
    if (split.kind == kind::kUnsend)
        split.target = json::string(event.value("unsend"_L1).toObject(), "messageId"_L1);
    return split;
}

SplitEvent broken(const QJsonValue &value, const QString &channelId, const RawWebhook &hook)
{
    const QJsonObject payload{{"value"_L1, value}};
    return {.account = channelId,
            .dedupeKey = hashKey(payload),
            .kind = kind::kMessage,
            .target = channelId,
            .platformAt = hook.receivedAt,
            .payload = payload,
            .broken = u"an event that is no object"_s};
}

/// What every event of a person has.
struct Stored {
    explicit Stored(const SplitEvent &split)
        : event(split.payload.value("event"_L1).toObject())
        , userId(json::string(event.value("source"_L1).toObject(), "userId"_L1))
        , at(moment(split.payload.value("at"_L1)))
        , replyToken(isRedelivery(event) ? QString() : json::string(event, "replyToken"_L1))       // of one that comes late the token is dead
    {
    }

    InboundCustomer customer() const { return {.contactSourceId = userId, .platformUserId = userId}; }

    QJsonObject event;
    QString userId;
    std::optional<Timestamp> at;
    QString replyToken;
};

Error bad(const QString &why)
{
    return {Error::Kind::BadPayload, why};
}

/// Who writes has not blocked us, whatever was missed in between; an event that comes late says nothing of now.
QJsonObject unblocked(const Stored &stored)
{
    return isRedelivery(stored.event) ? QJsonObject() : QJsonObject{{"cannot_reply"_L1, QJsonValue::Null}};
}

Result<InboundEvent> readMessage(const Stored &stored)
{
    const QJsonObject source = stored.event.value("message"_L1).toObject();
    InboundMessage message{.customer = stored.customer(),
                           .sourceId = json::string(source, "id"_L1),
                           .inReplyToSourceId = json::string(source, "quotedMessageId"_L1),
                           .platformAt = *stored.at,
                           .isElsewhere = json::string(stored.event, "mode"_L1) == "standby"_L1,
                           .replyToken = stored.replyToken,
                           .attributes = unblocked(stored)};
    if (message.sourceId.isEmpty())
        return bad(u"a message without id"_s);
    if (const QString quote = json::string(source, "quoteToken"_L1); !quote.isEmpty())
        message.tokens.insert("quote"_L1, quote);
    if (const QString read = json::string(source, "markAsReadToken"_L1); !read.isEmpty())
        message.tokens.insert("read"_L1, read);
    readContent(&message, source);
    return InboundEvent(message);
}

Result<InboundEvent> readPostback(const Stored &stored, const SplitEvent &split)
{
    const QJsonObject postback = stored.event.value("postback"_L1).toObject();
    InboundMessage message{.customer = stored.customer(),
                           .sourceId = u"postback:"_s + split.dedupeKey.section(u':', 1),
                           .contentType = Message::ContentType::Interactive,
                           .platformAt = *stored.at,
                           .detail = {{"postback"_L1, postback}},
                           .isElsewhere = json::string(stored.event, "mode"_L1) == "standby"_L1,
                           .replyToken = stored.replyToken,
                           .attributes = unblocked(stored)};
    message.content = postbackText(postback);
    if (message.content.isEmpty())
        return bad(u"a postback without data"_s);
    return InboundEvent(message);
}

Result<InboundEvent> readUnsend(const Stored &stored)
{
    const QString id = json::string(stored.event.value("unsend"_L1).toObject(), "messageId"_L1);
    if (id.isEmpty())
        return bad(u"nothing was unsent"_s);
    return InboundEvent(InboundRevoke{.contactSourceId = stored.userId, .messageSourceId = id, .platformAt = *stored.at});
}

Result<InboundEvent> readFollow(const Stored &stored)
{
    const bool isUnblocked = stored.event.value("follow"_L1).toObject().value("isUnblocked"_L1).toBool();
    InboundActivity activity{.customer = stored.customer(),
                             .activity = {{"kind"_L1, isUnblocked ? u"unblocked"_s : u"followed"_s}},
                             .opensConversation = true,
                             .replyToken = stored.replyToken,
                             .attributes = {{"cannot_reply"_L1, QJsonValue::Null}},
                             .platformAt = *stored.at};
    activity.customer.isFollower = true;
    return InboundEvent(activity);
}

Result<InboundEvent> readUnfollow(const Stored &stored)
{
    InboundActivity activity{.customer = stored.customer(),
                             .activity = {{"kind"_L1, u"blocked"_s}},
                             .attributes = {{"cannot_reply"_L1, u"blocked"_s}},
                             .platformAt = *stored.at};
    activity.customer.isFollower = false;
    return InboundEvent(activity);
}

Result<InboundEvent> readAccount(const QJsonObject &event)
{
    if (json::string(event, "type"_L1) == "botResumed"_L1)
        return InboundEvent(InboundNotice{});
    return InboundEvent(InboundNotice{.kind = u"bot_suspended"_s, .detail = u"LINE has suspended this account"_s});
}

} // namespace

Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook, const AppCredentials &app)
{
    const auto body = json::parseObject(hook.body);
    if (!body)
        return body.error();
    if (!body->value("events"_L1).isArray())
        return Error{Error::Kind::BadPayload, u"a body without events"_s};
    const QString typed = channelIdOf(hook);
    const QString channelId = typed.isEmpty() ? json::string(app.settings, "channel_id"_L1) : typed;
    const QString destination = json::string(*body, "destination"_L1);
    QList<SplitEvent> events;
    const QJsonArray listed = body->value("events"_L1).toArray();
    for (const QJsonValue &value : listed) {
        if (!value.isObject()) {
            events.append(broken(value, channelId, hook));
            continue;
        }
        SplitEvent event = splitEvent(value.toObject(), channelId, hook);
        if (!destination.isEmpty())          // another account's where the secret of another channel was entered here
            event.ofSettings = {{kBotUserId, destination}};
        events.append(event);
    }
    return events;
}

Result<InboundEvent> readEvent(const SplitEvent &split)
{
    if (split.kind == kind::kIgnored)
        return InboundEvent(InboundIgnored{json::string(split.payload, "reason"_L1)});
    const Stored stored(split);
    if (split.kind == kind::kAccount)
        return readAccount(stored.event);
    if (stored.userId.isEmpty() || !stored.at)
        return bad(u"an event without person or time"_s);
    if (split.kind == kind::kMessage)
        return readMessage(stored);
    if (split.kind == kind::kPostback)
        return readPostback(stored, split);
    if (split.kind == kind::kUnsend)
        return readUnsend(stored);
    if (split.kind == kind::kFollow)
        return readFollow(stored);
    return split.kind == kind::kUnfollow ? readUnfollow(stored) : Result<InboundEvent>(bad(u"a kind that is not LINE's"_s));
}

QString lane(const QString &channelId, const QString &userId)
{
    return u"line:%1:%2"_s.arg(channelId, userId);
}

} // namespace antiphon::line
