#include "core/domain/conversationfilter.h"

#include "core/base/json.h"
#include "core/domain/names.h"

#include <QJsonArray>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QStringView, 6> kSorts{u"last_activity", u"created", u"priority", u"waiting_since", u"window_closing", u"answer_first"};
constexpr QStringView kNone = u"none";

Error invalid(const QString &key, const QString &why)
{
    return {Error::Kind::Invalid, why, u"filter."_s + key};
}

Result<void> readStatuses(const QJsonValue &value, QList<Conversation::Status> &statuses)
{
    const QJsonArray words = value.isArray() ? value.toArray() : QJsonArray{value};
    for (const QJsonValue &word : words) {
        const auto status = conversationStatusFromName(word.toString());
        if (!status)
            return invalid(u"status"_s, u"unknown status"_s);
        if (!statuses.contains(*status))
            statuses.append(*status);
    }
    return {};
}

Result<void> readAssignee(const QJsonValue &value, ConversationFilter &filter)
{
    const QString word = value.toString();
    if (value.isNull() || word == kNone) {
        filter.assignee = ConversationFilter::Assignee::Nobody;
    } else if (word == "me"_L1) {
        filter.assignee = ConversationFilter::Assignee::Me;
    } else if (const auto id = AgentId::fromString(word)) {
        filter.assignee = ConversationFilter::Assignee::Agent;
        filter.assigneeId = *id;
    } else {
        return invalid(u"assignee_id"_s, u"not an id, \"me\" or \"none\""_s);
    }
    return {};
}

Result<void> readFlag(const QString &key, const QJsonValue &value, bool &flag)
{
    if (!value.isBool() && !value.isNull())
        return invalid(key, u"not a boolean"_s);
    flag = value.toBool();
    return {};
}

Result<void> readKey(const QString &key, const QJsonValue &value, ConversationFilter &filter)
{
    if (key == "assignee_id"_L1)
        return readAssignee(value, filter);
    if (value.isNull())
        return {};
    if (key == "status"_L1)
        return readStatuses(value, filter.statuses);
    if (key == "unread"_L1)
        return readFlag(key, value, filter.isUnread);
    if (key == "unattended"_L1)
        return readFlag(key, value, filter.isUnattended);
    if (key == "closing_soon"_L1)
        return readFlag(key, value, filter.isClosingSoon);
    const QString text = json::cleanText(value.toString());
    if (text.isEmpty())
        return invalid(key, u"not a text"_s);
    if (key == "inbox_id"_L1) {
        filter.inboxId = InboxId::fromString(text).value_or(InboxId());
        return filter.inboxId ? Result<void>() : invalid(key, u"not an id"_s);
    }
    if (key == "contact_id"_L1) {
        filter.contactId = ContactId::fromString(text).value_or(ContactId());
        return filter.contactId ? Result<void>() : invalid(key, u"not an id"_s);
    }
    if (key == "label"_L1) {
        filter.label = text;
        return {};
    }
    if (key == "priority"_L1) {
        filter.priority = text == kNone ? Conversation::Priority::None : priorityFromName(text);
        return filter.priority ? Result<void>() : invalid(key, u"unknown priority"_s);
    }
    return invalid(key, u"no such filter"_s);
}

QJsonValue assigneeJson(const ConversationFilter &filter)
{
    switch (filter.assignee) {
    case ConversationFilter::Assignee::Anyone: return QJsonValue::Undefined;
    case ConversationFilter::Assignee::Me: return u"me"_s;
    case ConversationFilter::Assignee::Nobody: return kNone.toString();
    case ConversationFilter::Assignee::Agent: return filter.assigneeId.toString();
    }
    Q_UNREACHABLE();
}

} // namespace

QString conversationSortName(ConversationSort sort) { return names::of(kSorts, sort); }
std::optional<ConversationSort> conversationSortFromName(QStringView name) { return names::find<ConversationSort>(kSorts, name); }

QJsonObject toJson(const ConversationFilter &filter)
{
    QJsonObject json;
    if (filter.inboxId)
        json.insert(u"inbox_id"_s, filter.inboxId.toString());
    if (filter.contactId)
        json.insert(u"contact_id"_s, filter.contactId.toString());
    if (!filter.statuses.isEmpty()) {
        QJsonArray words;
        for (const Conversation::Status status : filter.statuses)
            words.append(conversationStatusName(status));
        json.insert(u"status"_s, words);
    }
    if (filter.assignee != ConversationFilter::Assignee::Anyone)
        json.insert(u"assignee_id"_s, assigneeJson(filter));
    if (filter.priority)
        json.insert(u"priority"_s, *filter.priority == Conversation::Priority::None ? kNone.toString() : priorityName(*filter.priority));
    if (!filter.label.isEmpty())
        json.insert(u"label"_s, filter.label);
    if (filter.isUnread)
        json.insert(u"unread"_s, true);
    if (filter.isUnattended)
        json.insert(u"unattended"_s, true);
    if (filter.isClosingSoon)
        json.insert(u"closing_soon"_s, true);
    return json;
}

Result<ConversationFilter> conversationFilterFromJson(const QJsonObject &json)
{
    ConversationFilter filter;
    for (auto it = json.begin(); it != json.end(); ++it) {
        if (const auto read = readKey(it.key(), it.value(), filter); !read)
            return read.error();
    }
    return filter;
}

} // namespace antiphon
