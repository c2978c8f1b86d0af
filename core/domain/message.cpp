#include "core/domain/message.h"

#include "core/domain/names.h"
#include "core/domain/wire.h"

#include <QJsonArray>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QStringView, 3> kDirections{u"incoming", u"outgoing", u"activity"};
constexpr std::array<QStringView, 7> kContentTypes{u"text", u"embed", u"location", u"contacts", u"sticker", u"interactive", u"unsupported"};
constexpr std::array<QStringView, 5> kSenderTypes{u"contact", u"agent", u"bot", u"native_app", u"system"};

QJsonObject senderJson(const Sender &sender)
{
    return {{u"type"_s, senderTypeName(sender.type)},
            {u"id"_s, json::orNull(sender.id)},
            {u"name"_s, json::orNull(sender.name)},
            {u"avatar_url"_s, json::orNull(sender.avatarUrl)}};
}

Sender senderFromJson(const QJsonObject &json)
{
    return {.type = senderTypeFromName(json.value("type"_L1).toString()).value_or(Sender::Type::System),
            .id = json::string(json, "id"_L1),
            .name = json::string(json, "name"_L1),
            .avatarUrl = json::string(json, "avatar_url"_L1)};
}

QJsonArray reactionsJson(const QList<Reaction> &reactions)
{
    QJsonArray array;
    for (const Reaction &reaction : reactions)
        array.append(QJsonObject{{u"emoji"_s, reaction.emoji}, {u"sender"_s, senderJson(reaction.sender)}});
    return array;
}

QList<Reaction> reactionsFromJson(const QJsonArray &json)
{
    QList<Reaction> reactions;
    for (const QJsonValue &entry : json) {
        const QJsonObject object = entry.toObject();
        reactions.append({.emoji = json::string(object, "emoji"_L1), .sender = senderFromJson(object.value("sender"_L1).toObject())});
    }
    return reactions;
}

QJsonValue objectOrNull(const QJsonObject &object)
{
    return object.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(object);
}

QJsonValue errorJson(const std::optional<ExternalError> &error)
{
    if (!error)
        return QJsonValue::Null;
    return QJsonObject{{u"code"_s, error->code}, {u"text"_s, error->text}, {u"retryable"_s, error->retryable}};
}

std::optional<ExternalError> errorFromJson(const QJsonValue &json)
{
    if (!json.isObject())
        return std::nullopt;
    const QJsonObject object = json.toObject();
    return ExternalError{.code = json::string(object, "code"_L1),
                         .text = json::string(object, "text"_L1),
                         .retryable = object.value("retryable"_L1).toBool()};
}

} // namespace

QString directionName(Message::Direction direction) { return names::of(kDirections, direction); }
std::optional<Message::Direction> directionFromName(QStringView name) { return names::find<Message::Direction>(kDirections, name); }
QString contentTypeName(Message::ContentType type) { return names::of(kContentTypes, type); }
std::optional<Message::ContentType> contentTypeFromName(QStringView name) { return names::find<Message::ContentType>(kContentTypes, name); }
QString senderTypeName(Sender::Type type) { return names::of(kSenderTypes, type); }
std::optional<Sender::Type> senderTypeFromName(QStringView name) { return names::find<Sender::Type>(kSenderTypes, name); }

QJsonArray toJson(const QList<TextEntity> &entities)
{
    QJsonArray array;
    for (const TextEntity &entity : entities) {
        array.append(QJsonObject{{u"offset"_s, entity.offset},
                                 {u"length"_s, entity.length},
                                 {u"kind"_s, entity.kind},
                                 {u"url"_s, json::orNull(entity.url)}});
    }
    return array;
}

QList<TextEntity> entitiesFromJson(const QJsonArray &json)
{
    QList<TextEntity> entities;
    for (const QJsonValue &entry : json) {
        const QJsonObject object = entry.toObject();
        entities.append({.offset = object.value("offset"_L1).toInt(),
                         .length = object.value("length"_L1).toInt(),
                         .kind = json::string(object, "kind"_L1),
                         .url = json::string(object, "url"_L1)});
    }
    return entities;
}

QJsonObject toJson(const Message &message)
{
    QJsonArray attachments;
    for (const Attachment &attachment : message.attachments)
        attachments.append(toJson(attachment));
    return {{u"id"_s, message.id.toString()},
            {u"conversation_id"_s, message.conversationId.toString()},
            {u"inbox_id"_s, message.inboxId.toString()},
            {u"direction"_s, directionName(message.direction)},
            {u"content"_s, json::orNull(message.content)},
            {u"content_format"_s, message.contentFormat == Message::ContentFormat::Markdown ? u"markdown"_s : u"plain"_s},
            {u"entities"_s, toJson(message.entities)},
            {u"content_type"_s, contentTypeName(message.contentType)},
            {u"private"_s, message.isPrivate},
            {u"deleted"_s, message.isDeleted},
            {u"edited_at"_s, json::orNull(message.editedAt)},
            {u"reactions"_s, reactionsJson(message.reactions)},
            {u"status"_s, message.status ? QJsonValue(messageStatusName(*message.status)) : QJsonValue(QJsonValue::Null)},
            {u"external_error"_s, errorJson(message.externalError)},
            {u"external_echo"_s, message.externalEcho},
            {u"caught_up"_s, message.caughtUp},
            {u"arrived_twice"_s, message.arrivedTwice},
            {u"late"_s, message.late},
            {u"source_id"_s, json::orNull(message.sourceId)},
            {u"in_reply_to"_s, json::orNull(message.inReplyTo)},
            {u"client_id"_s, json::orNull(message.clientId)},
            {u"sender"_s, senderJson(message.sender)},
            {u"attachments"_s, attachments},
            {u"created_at"_s, toRfc3339(message.createdAt)},
            {u"received_at"_s, toRfc3339(message.receivedAt)},
            {u"updated_at"_s, toRfc3339(message.updatedAt)},
            {u"activity"_s, objectOrNull(message.activity)},
            {u"raw_type"_s, json::orNull(message.rawType)},
            {u"referral"_s, objectOrNull(message.referral)},
            {u"detail"_s, objectOrNull(message.detail)},
            {u"template"_s, objectOrNull(message.templateSent)},
            {u"forwarded"_s, message.isForwarded},
            {u"group_id"_s, json::orNull(message.groupId)}};
}

Result<Message> messageFromJson(const QJsonObject &json)
{
    const auto id = wire::ownId<MessageId>(json);
    if (!id)
        return id.error();
    const auto direction = directionFromName(json.value("direction"_L1).toString());
    if (!direction)
        return wire::unknownWord("direction"_L1);
    Message message{
        .id = *id,
        .conversationId = wire::idOrNull<ConversationId>(json, "conversation_id"_L1),
        .inboxId = wire::idOrNull<InboxId>(json, "inbox_id"_L1),
        .direction = *direction,
        .content = json::string(json, "content"_L1),
        .contentFormat = json.value("content_format"_L1) == "markdown"_L1 ? Message::ContentFormat::Markdown : Message::ContentFormat::Plain,
        .entities = entitiesFromJson(json.value("entities"_L1).toArray()),
        .contentType = contentTypeFromName(json.value("content_type"_L1).toString()).value_or(Message::ContentType::Unsupported),
        .isPrivate = json.value("private"_L1).toBool(),
        .isDeleted = json.value("deleted"_L1).toBool(),
        .editedAt = wire::time(json, "edited_at"_L1),
        .reactions = reactionsFromJson(json.value("reactions"_L1).toArray()),
        .status = messageStatusFromName(json.value("status"_L1).toString()),
        .externalError = errorFromJson(json.value("external_error"_L1)),
        .externalEcho = json.value("external_echo"_L1).toBool(),
        .caughtUp = json.value("caught_up"_L1).toBool(),
        .late = json.value("late"_L1).toBool(),
        .arrivedTwice = json.value("arrived_twice"_L1).toBool(),
        .sourceId = json::string(json, "source_id"_L1),
        .inReplyTo = wire::idOrNull<MessageId>(json, "in_reply_to"_L1),
        .clientId = json::string(json, "client_id"_L1),
        .sender = senderFromJson(json.value("sender"_L1).toObject()),
        .createdAt = wire::time(json, "created_at"_L1).value_or(Timestamp()),
        .receivedAt = wire::time(json, "received_at"_L1).value_or(Timestamp()),
        .updatedAt = wire::time(json, "updated_at"_L1).value_or(Timestamp()),
        .activity = json.value("activity"_L1).toObject(),
        .rawType = json::string(json, "raw_type"_L1),
        .referral = json.value("referral"_L1).toObject(),
        .detail = json.value("detail"_L1).toObject(),
        .templateSent = json.value("template"_L1).toObject(),
        .isForwarded = json.value("forwarded"_L1).toBool(),
        .groupId = json::string(json, "group_id"_L1)};
    const QJsonArray attachments = json.value("attachments"_L1).toArray();
    for (const QJsonValue &entry : attachments) {
        const auto attachment = attachmentFromJson(entry.toObject());
        if (!attachment)
            return attachment.error();
        message.attachments.append(*attachment);
    }
    return message;
}

} // namespace antiphon
