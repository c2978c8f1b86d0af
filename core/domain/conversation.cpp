#include "core/domain/conversation.h"

#include "core/domain/names.h"
#include "core/domain/wire.h"

#include <QJsonArray>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QStringView, 4> kStatuses{u"open", u"pending", u"snoozed", u"resolved"};
constexpr std::array<QStringView, 5> kPriorities{u"", u"low", u"medium", u"high", u"urgent"};

QJsonValue windowJson(const std::optional<ReplyWindow> &window)
{
    if (!window)
        return QJsonValue::Null;
    return QJsonObject{{u"rule"_s, window->rule}, {u"open"_s, window->isOpen}, {u"closes_at"_s, json::orNull(window->closesAt)}};
}

std::optional<ReplyWindow> windowFromJson(const QJsonValue &json)
{
    if (!json.isObject())
        return std::nullopt;
    const QJsonObject object = json.toObject();
    return ReplyWindow{.rule = json::string(object, "rule"_L1),
                       .isOpen = object.value("open"_L1).toBool(),
                       .closesAt = wire::time(object, "closes_at"_L1)};
}

} // namespace

QString conversationStatusName(Conversation::Status status) { return names::of(kStatuses, status); }
std::optional<Conversation::Status> conversationStatusFromName(QStringView name) { return names::find<Conversation::Status>(kStatuses, name); }
QString priorityName(Conversation::Priority priority) { return names::of(kPriorities, priority); }
std::optional<Conversation::Priority> priorityFromName(QStringView name) { return names::find<Conversation::Priority>(kPriorities, name); }

QJsonObject toJson(const Conversation &conversation)
{
    return {{u"id"_s, conversation.id.toString()},
            {u"inbox_id"_s, conversation.inboxId.toString()},
            {u"contact"_s, toJson(conversation.contact)},
            {u"status"_s, conversationStatusName(conversation.status)},
            {u"assignee_id"_s, json::orNull(conversation.assigneeId)},
            {u"priority"_s, json::orNull(priorityName(conversation.priority))},
            {u"labels"_s, QJsonArray::fromStringList(conversation.labels)},
            {u"unread_count"_s, conversation.unreadCount},
            {u"last_message"_s, conversation.lastMessage ? QJsonValue(toJson(*conversation.lastMessage)) : QJsonValue(QJsonValue::Null)},
            {u"last_activity_at"_s, toRfc3339(conversation.lastActivityAt)},
            {u"waiting_since"_s, json::orNull(conversation.waitingSince)},
            {u"reply_window"_s, windowJson(conversation.replyWindow)},
            {u"can_reply"_s, conversation.canReply},
            {u"snoozed_until"_s, json::orNull(conversation.snoozedUntil)},
            {u"created_at"_s, toRfc3339(conversation.createdAt)},
            {u"attributes"_s, conversation.attributes}};
}

Result<Conversation> conversationFromJson(const QJsonObject &json)
{
    const auto id = wire::ownId<ConversationId>(json);
    if (!id)
        return id.error();
    const auto contact = contactFromJson(json.value("contact"_L1).toObject());
    if (!contact)
        return contact.error();
    const auto status = conversationStatusFromName(json.value("status"_L1).toString());
    if (!status)
        return wire::unknownWord("status"_L1);
    Conversation conversation{.id = *id,
                              .inboxId = wire::idOrNull<InboxId>(json, "inbox_id"_L1),
                              .contact = *contact,
                              .status = *status,
                              .assigneeId = wire::idOrNull<AgentId>(json, "assignee_id"_L1),
                              .priority = priorityFromName(json.value("priority"_L1).toString()).value_or(Conversation::Priority::None),
                              .unreadCount = json.value("unread_count"_L1).toInt(),
                              .lastActivityAt = wire::time(json, "last_activity_at"_L1).value_or(Timestamp()),
                              .waitingSince = wire::time(json, "waiting_since"_L1),
                              .replyWindow = windowFromJson(json.value("reply_window"_L1)),
                              .canReply = json.value("can_reply"_L1).toBool(),
                              .snoozedUntil = wire::time(json, "snoozed_until"_L1),
                              .createdAt = wire::time(json, "created_at"_L1).value_or(Timestamp()),
                              .attributes = json.value("attributes"_L1).toObject()};
    const QJsonArray labels = json.value("labels"_L1).toArray();
    for (const QJsonValue &label : labels)
        conversation.labels.append(label.toString());
    if (json.value("last_message"_L1).isObject()) {
        const auto last = messageFromJson(json.value("last_message"_L1).toObject());
        if (!last)
            return last.error();
        conversation.lastMessage = *last;
    }
    return conversation;
}

} // namespace antiphon
