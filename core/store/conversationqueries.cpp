#include "core/store/conversationqueries.h"

#include "core/store/contactqueries.h"
#include "core/store/labelrepository.h"
#include "core/store/messagequeries.h"

#include <array>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr std::array<QLatin1StringView, 4> kStatusNames{":status0"_L1, ":status1"_L1, ":status2"_L1, ":status3"_L1};

QString unattended()
{
    return u"(c.status <> 'resolved' AND (c.first_reply_created_at IS NULL OR c.waiting_since IS NOT NULL))"_s;
}

QString closingSoon()
{
    return u"(c.status <> 'resolved' AND c.window_closes_at IS NOT NULL AND c.window_closes_at > :now AND c.window_closes_at <= :soon)"_s;
}

/// The clauses of a filter: fixed pieces, with every value bound.
QString clauses(const ConversationFilter &filter)
{
    QString sql = u" AND c.inbox_id NOT IN (SELECT id FROM inbox WHERE deleted_at IS NOT NULL)"_s;
    if (filter.inboxId)
        sql += u" AND c.inbox_id = :inbox"_s;
    if (filter.contactId)
        sql += u" AND c.contact_id = :contact"_s;
    if (filter.statuses.size() == 1) {
        sql += u" AND c.status = :status0"_s;
    } else if (!filter.statuses.isEmpty()) {
        QStringList names;
        for (qsizetype i = 0; i < filter.statuses.size(); ++i)
            names.append(QString(kStatusNames.at(size_t(i))));
        sql += u" AND +c.status IN ("_s + names.join(u", "_s) + u')';   // the plus keeps the index of the order
    }
    switch (filter.assignee) {
    case ConversationFilter::Assignee::Anyone: break;
    case ConversationFilter::Assignee::Nobody: sql += u" AND c.assignee_id IS NULL"_s; break;
    case ConversationFilter::Assignee::Me:
    case ConversationFilter::Assignee::Agent: sql += u" AND c.assignee_id = :assignee"_s; break;
    }
    if (filter.priority)
        sql += u" AND c.priority = :priority"_s;
    if (!filter.label.isEmpty())
        sql += u" AND c.id IN (SELECT cl.conversation_id FROM conversation_label cl JOIN label l ON l.id = cl.label_id WHERE l.title = :label)"_s;
    if (filter.isUnread)
        sql += u" AND c.id IN (SELECT s.conversation_id FROM seen s WHERE s.agent_id = :agent AND s.unread_count > 0)"_s;
    if (filter.isUnattended)
        sql += u" AND "_s + unattended();
    if (filter.isClosingSoon)
        sql += u" AND "_s + closingSoon();
    return sql;
}

struct Order {
    QString columns{};      ///< rank, at
    QString condition{};
    QString after{};
    QString by{};
};

/// How a sort walks: the rows it has a value for, then (phase 1) the others by activity.
Order orderOf(ConversationSort sort, int phase)
{
    const QString kDescending = u" AND (c.last_activity_at, c.id) < (:at, :id)"_s;
    const QString kByActivity = u" ORDER BY c.last_activity_at DESC, c.id DESC"_s;
    switch (sort) {
    case ConversationSort::LastActivity: return {u"0, c.last_activity_at"_s, u""_s, kDescending, kByActivity};
    case ConversationSort::Created:
        return {u"0, c.created_at"_s, u""_s, u" AND (c.created_at, c.id) < (:at, :id)"_s, u" ORDER BY c.created_at DESC, c.id DESC"_s};
    case ConversationSort::Priority:
        return {u"c.priority, c.last_activity_at"_s, u""_s, u" AND (c.priority, c.last_activity_at, c.id) < (:rank, :at, :id)"_s,
                u" ORDER BY c.priority DESC, c.last_activity_at DESC, c.id DESC"_s};
    case ConversationSort::WaitingSince:
        if (phase == 1)
            return {u"0, c.last_activity_at"_s, u" AND c.waiting_since IS NULL"_s, kDescending, kByActivity};
        return {u"0, c.waiting_since"_s, u" AND c.waiting_since IS NOT NULL"_s, u" AND (c.waiting_since, c.id) > (:at, :id)"_s,
                u" ORDER BY c.waiting_since, c.id"_s};
    case ConversationSort::WindowClosing:
        if (phase == 1)
            return {u"0, c.last_activity_at"_s, u" AND (c.window_closes_at IS NULL OR c.window_closes_at <= :opened)"_s, kDescending, kByActivity};
        return {u"0, c.window_closes_at"_s, u" AND c.window_closes_at IS NOT NULL AND c.window_closes_at > :opened"_s,
                u" AND (c.window_closes_at, c.id) > (:at, :id)"_s, u" ORDER BY c.window_closes_at, c.id"_s};
    case ConversationSort::AnswerFirst:
        if (phase == 1) {
            return {u"0, c.last_activity_at"_s,
                    u" AND (c.status = 'resolved' OR c.waiting_since IS NULL OR c.window_closes_at IS NULL OR c.window_closes_at <= :opened"
                    " OR c.window_closes_at > :soonest)"_s,
                    kDescending, kByActivity};
        }
        return {u"0, c.window_closes_at"_s,
                u" AND c.status <> 'resolved' AND +c.waiting_since IS NOT NULL AND c.window_closes_at IS NOT NULL AND c.window_closes_at > :opened"
                " AND c.window_closes_at <= :soonest"_s,
                u" AND (c.window_closes_at, c.id) > (:at, :id)"_s, u" ORDER BY c.window_closes_at, c.id"_s};
    }
    Q_UNREACHABLE();
}

bool hasSecondPhase(ConversationSort sort)
{
    return sort == ConversationSort::WaitingSince || sort == ConversationSort::WindowClosing || sort == ConversationSort::AnswerFirst;
}

} // namespace

ConversationQueries::ConversationQueries(ReadTransaction &tx, AgentId agent, Timestamp now, RuleOf ruleOf)
    : m_tx(tx)
    , m_agent(agent)
    , m_now(now)
    , m_ruleOf(std::move(ruleOf))
{
}

void ConversationQueries::bindFilter(Query &query, const ConversationFilter &filter) const
{
    if (filter.inboxId)
        query.bind(":inbox"_L1, filter.inboxId);
    if (filter.contactId)
        query.bind(":contact"_L1, filter.contactId);
    for (qsizetype i = 0; i < filter.statuses.size(); ++i)
        query.bind(kStatusNames.at(size_t(i)), conversationStatusName(filter.statuses.at(i)));
    if (filter.assignee == ConversationFilter::Assignee::Me)
        query.bind(":assignee"_L1, m_agent);
    else if (filter.assignee == ConversationFilter::Assignee::Agent)
        query.bind(":assignee"_L1, filter.assigneeId);
    if (filter.priority)
        query.bind(":priority"_L1, int(*filter.priority));
    if (!filter.label.isEmpty())
        query.bind(":label"_L1, filter.label);
}

Result<QList<ConversationQueries::Place>> ConversationQueries::places(const ConversationFilter &filter, ConversationSort sort, const Key &after,
                                                                      bool isFirst, int limit)
{
    const Order order = orderOf(sort, after.phase);
    const QString sql = u"SELECT c.id, "_s + order.columns + u" FROM conversation c WHERE TRUE"_s + clauses(filter) + order.condition
        + (isFirst ? QString() : order.after) + order.by + u" LIMIT :limit"_s;
    Query query = m_tx.query(sql);
    bindFilter(query, filter);
    query.bind(":limit"_L1, limit);
    if (filter.isUnread)
        query.bind(":agent"_L1, m_agent);
    if (filter.isClosingSoon)
        query.bind(":now"_L1, m_now).bind(":soon"_L1, m_now + ConversationFilter::kClosingSoon);
    if (sort == ConversationSort::WindowClosing || sort == ConversationSort::AnswerFirst)
        query.bind(":opened"_L1, after.now);
    if (sort == ConversationSort::AnswerFirst)
        query.bind(":soonest"_L1, fromUnixMs(after.now) + ConversationFilter::kAnswerFirst);
    if (!isFirst) {
        query.bind(":at"_L1, after.at).bind(":id"_L1, after.id);
        if (sort == ConversationSort::Priority)
            query.bind(":rank"_L1, after.rank);
    }
    QList<Place> found;
    while (query.next()) {
        const qint64 id = query.integer(0);
        found.append({.id = ConversationId(id),
                      .key = {.phase = after.phase, .rank = query.integer(1), .at = query.integer(2), .id = id, .now = after.now}});
    }
    if (!query.ok())
        return query.error();
    return found;
}

Result<ConversationQueries::Page> ConversationQueries::list(const ConversationFilter &filter, ConversationSort sort, const std::optional<Key> &after,
                                                            int limit)
{
    const Key start = after.value_or(Key{.now = toUnixMs(m_now)});
    auto found = places(filter, sort, start, !after, limit + 1);
    if (!found)
        return found.error();
    if (start.phase == 0 && hasSecondPhase(sort) && found->size() <= limit) {
        const auto others = places(filter, sort, {.phase = 1, .now = start.now}, true, limit + 1 - int(found->size()));
        if (!others)
            return others.error();
        found = *found + *others;
    }
    Page page;
    QList<Place> shown = *found;
    if (shown.size() > limit) {
        shown.removeLast();
        page.next = shown.last().key;
    }
    for (const Place &place : shown) {
        const auto conversation = byId(place.id);
        if (!conversation)
            return conversation.error();
        page.items.append(*conversation);
    }
    return page;
}

Result<Conversation> ConversationQueries::byId(ConversationId id)
{
    MessageId lastMessage;
    const auto found = withoutLastMessage(id, &lastMessage);
    if (!found || !lastMessage)
        return found;
    const auto message = MessageQueries(m_tx).byId(lastMessage);
    if (!message)
        return message.error();
    Conversation conversation = *found;
    conversation.lastMessage = *message;
    return conversation;
}

Result<Conversation> ConversationQueries::withoutLastMessage(ConversationId id, MessageId *lastMessage)
{
    Conversation conversation;
    ContactId contactId;
    {
        Query query = m_tx.query(u"SELECT c.inbox_id, c.contact_id, c.status, c.assignee_id, c.priority, c.snoozed_until, c.last_message_id, "
                                 "c.last_activity_at, c.waiting_since, c.window_closes_at, c.attributes, c.created_at, i.channel, i.state, "
                                 "COALESCE(s.unread_count, 0), i.settings, ci.source_id FROM conversation c JOIN contact_inbox ci ON ci.id = c.contact_inbox_id "
                                 "JOIN inbox i ON i.id = c.inbox_id AND i.deleted_at IS NULL "
                                 "LEFT JOIN seen s ON s.agent_id = :agent AND s.conversation_id = c.id WHERE c.id = :id"_s);
        query.bind(":agent"_L1, m_agent).bind(":id"_L1, id);
        if (!query.next()) {
            if (!query.ok())
                return query.error();
            return Error{Error::Kind::NotFound, u"no such conversation"_s};
        }
        contactId = query.id<ContactId>(1);
        *lastMessage = query.id<MessageId>(6);
        conversation = {.id = id,
                        .inboxId = query.id<InboxId>(0),
                        .status = conversationStatusFromName(query.text(2)).value_or(Conversation::Status::Open),
                        .assigneeId = query.id<AgentId>(3),
                        .priority = Conversation::Priority(query.integer(4)),
                        .unreadCount = int(query.integer(14)),
                        .lastActivityAt = query.time(7),
                        .waitingSince = query.optionalTime(8),
                        .snoozedUntil = query.optionalTime(5),
                        .createdAt = query.time(11),
                        .attributes = query.json(10)};
        const auto closesAt = query.optionalTime(9);
        if (const auto rule = m_ruleOf(channelFromName(query.text(12)).value_or(Channel()), query.json(15), query.text(16)))
            conversation.replyWindow = ReplyWindow{.rule = rule->name, .isOpen = closesAt && m_now < *closesAt, .closesAt = closesAt};
        const bool isElsewhere = conversation.attributes.value("handled_elsewhere"_L1).toBool();
        const bool isUnreachable = !conversation.attributes.value("cannot_reply"_L1).toString().isEmpty();
        conversation.canReply = (!conversation.replyWindow || conversation.replyWindow->isOpen) && query.text(13) != "disabled"_L1 && !isElsewhere && !isUnreachable;
    }
    const auto contact = ContactQueries(m_tx).byId(contactId);
    if (!contact)
        return contact.error();
    conversation.contact = *contact;
    const auto labels = LabelRepository(m_tx).titlesOf(id);
    if (!labels)
        return labels.error();
    conversation.labels = *labels;
    return conversation;
}

Result<ConversationQueries::Counts> ConversationQueries::counts(const ConversationFilter &filter)
{
    const QString sql = u"SELECT c.inbox_id, COUNT(*), COUNT(*) FILTER (WHERE c.assignee_id = :agent), COUNT(*) FILTER (WHERE c.assignee_id IS NULL), "
                        "COUNT(*) FILTER (WHERE s.unread_count > 0), COUNT(*) FILTER (WHERE "_s
        + unattended() + u"), COUNT(*) FILTER (WHERE "_s + closingSoon()
        + u") FROM conversation c LEFT JOIN seen s ON s.agent_id = :agent AND s.conversation_id = c.id WHERE TRUE"_s + clauses(filter)
        + u" GROUP BY c.inbox_id"_s;
    Query query = m_tx.query(sql);
    bindFilter(query, filter);
    query.bind(":agent"_L1, m_agent).bind(":now"_L1, m_now).bind(":soon"_L1, m_now + ConversationFilter::kClosingSoon);
    Counts counts;
    while (query.next()) {
        counts.all += int(query.integer(1));
        counts.mine += int(query.integer(2));
        counts.unassigned += int(query.integer(3));
        counts.unread += int(query.integer(4));
        counts.unattended += int(query.integer(5));
        counts.closingSoon += int(query.integer(6));
        if (const int unread = int(query.integer(4)); unread > 0)
            counts.unreadByInbox.insert(query.id<InboxId>(0), unread);
    }
    if (!query.ok())
        return query.error();
    return counts;
}

} // namespace antiphon
