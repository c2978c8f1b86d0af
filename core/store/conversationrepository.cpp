#include "core/store/conversationrepository.h"

#include "core/store/contactrepository.h"

namespace antiphon::conversations {
namespace {
using namespace Qt::StringLiterals;

QJsonObject merged(QJsonObject attributes, const QJsonObject &changes)
{
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        if (it.value().isNull())
            attributes.remove(it.key());
        else
            attributes.insert(it.key(), it.value());
    }
    return attributes;
}

QJsonObject wordOrNull(const QString &why)
{
    return {{kCannotReply, why.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(why)}};
}

Result<std::optional<ConversationRow>> one(Query &q)
{
    if (q.next()) {
        return std::optional(ConversationRow{.id = q.id<ConversationId>(0),
                                             .inboxId = q.id<InboxId>(1),
                                             .contactId = q.id<ContactId>(2),
                                             .contactInboxId = q.id<ContactInboxId>(3),
                                             .status = conversationStatusFromName(q.text(4)).value_or(Conversation::Status::Open),
                                             .assigneeId = q.id<AgentId>(5),
                                             .snoozedUntil = q.optionalTime(6),
                                             .lastMessageId = q.id<MessageId>(7),
                                             .lastMessageAt = q.optionalTime(8),
                                             .lastActivityAt = q.time(9),
                                             .lastIncomingAt = q.optionalTime(10),
                                             .waitingSince = q.optionalTime(11),
                                             .firstReplyAt = q.optionalTime(12),
                                             .windowClosesAt = q.optionalTime(13),
                                             .attributes = q.json(14)});
    }
    if (!q.ok())
        return q.error();
    return std::optional<ConversationRow>();
}

/// The thread's conversations that say something else of why nothing can be sent.
Result<QList<ConversationRow>> withAnotherWord(ReadTransaction &tx, ContactInboxId thread, const QString &why)
{
    QList<ConversationId> ids;
    {
        Query q = tx.query(u"SELECT id FROM conversation WHERE contact_inbox_id = :thread AND COALESCE(json_extract(attributes, '$.cannot_reply'), '') <> :why"_s);
        q.bind(":thread"_L1, thread).bind(":why"_L1, why.isNull() ? u""_s : why);
        while (q.next())
            ids.append(q.id<ConversationId>(0));
        if (!q.ok())
            return q.error();
    }
    QList<ConversationRow> rows;
    for (const ConversationId id : std::as_const(ids)) {
        const auto row = find(tx, id);
        if (!row)
            return row.error();
        if (*row)
            rows.append(**row);
    }
    return rows;
}

} // namespace

Result<std::optional<ConversationRow>> find(ReadTransaction &tx, ConversationId id)
{
    Query q = tx.query(u"SELECT c.id, c.inbox_id, c.contact_id, c.contact_inbox_id, c.status, c.assignee_id, c.snoozed_until, c.last_message_id,"
                       " m.created_at, c.last_activity_at, c.last_incoming_at, c.waiting_since, c.first_reply_created_at, c.window_closes_at,"
                       " c.attributes FROM conversation c LEFT JOIN message m ON m.id = c.last_message_id WHERE c.id = :id"_s);
    q.bind(":id"_L1, id);
    return one(q);
}

Result<std::optional<ConversationRow>> newestOpen(ReadTransaction &tx, ContactInboxId thread)
{
    Query q = tx.query(u"SELECT c.id, c.inbox_id, c.contact_id, c.contact_inbox_id, c.status, c.assignee_id, c.snoozed_until, c.last_message_id,"
                       " m.created_at, c.last_activity_at, c.last_incoming_at, c.waiting_since, c.first_reply_created_at, c.window_closes_at,"
                       " c.attributes FROM conversation c LEFT JOIN message m ON m.id = c.last_message_id"
                       " WHERE c.contact_inbox_id = :thread AND c.status <> 'resolved' LIMIT 1"_s);
    q.bind(":thread"_L1, thread);
    return one(q);
}

Result<std::optional<ConversationRow>> newest(ReadTransaction &tx, ContactInboxId thread)
{
    Query q = tx.query(u"SELECT c.id, c.inbox_id, c.contact_id, c.contact_inbox_id, c.status, c.assignee_id, c.snoozed_until, c.last_message_id,"
                       " m.created_at, c.last_activity_at, c.last_incoming_at, c.waiting_since, c.first_reply_created_at, c.window_closes_at,"
                       " c.attributes FROM conversation c LEFT JOIN message m ON m.id = c.last_message_id"
                       " WHERE c.contact_inbox_id = :thread ORDER BY c.id DESC LIMIT 1"_s);
    q.bind(":thread"_L1, thread);
    return one(q);
}

Result<std::optional<ConversationId>> insert(WriteTransaction &tx, InboxId inbox, ContactId contact, ContactInboxId thread, Timestamp createdAt,
                                             const QJsonObject &attributes, Conversation::Status status)
{
    Query q = tx.query(u"INSERT INTO conversation (inbox_id, contact_id, contact_inbox_id, status, last_activity_at, attributes, created_at)"
                       " VALUES (:inbox, :contact, :thread, :status, :at, :attributes, :at)"
                       " ON CONFLICT (contact_inbox_id) WHERE status <> 'resolved' DO NOTHING RETURNING id"_s);
    q.bind(":inbox"_L1, inbox)
        .bind(":contact"_L1, contact)
        .bind(":thread"_L1, thread)
        .bind(":status"_L1, conversationStatusName(status))
        .bind(":at"_L1, createdAt)
        .bind(":attributes"_L1, attributes);
    if (q.next())
        return std::optional(q.id<ConversationId>(0));
    if (!q.ok())
        return q.error();
    return std::optional<ConversationId>();
}

Result<void> update(WriteTransaction &tx, const ConversationRow &row)
{
    Query q = tx.query(u"UPDATE conversation SET status = :status, assignee_id = :assignee, snoozed_until = :snoozed, last_message_id = :last,"
                       " last_activity_at = :activity, last_incoming_at = :incoming, waiting_since = :waiting,"
                       " first_reply_created_at = :first_reply, window_closes_at = :closes, attributes = :attributes WHERE id = :id"_s);
    q.bind(":status"_L1, conversationStatusName(row.status))
        .bind(":assignee"_L1, row.assigneeId)
        .bind(":snoozed"_L1, row.snoozedUntil)
        .bind(":last"_L1, row.lastMessageId)
        .bind(":activity"_L1, row.lastActivityAt)
        .bind(":incoming"_L1, row.lastIncomingAt)
        .bind(":waiting"_L1, row.waitingSince)
        .bind(":first_reply"_L1, row.firstReplyAt)
        .bind(":closes"_L1, row.windowClosesAt)
        .bind(":attributes"_L1, row.attributes)
        .bind(":id"_L1, row.id);
    return q.exec();
}

Result<bool> setCannotReply(WriteTransaction &tx, ContactInboxId thread, const QString &why)
{
    const auto address = contacts::find(tx, thread);
    if (!address)
        return address.error();
    if (!*address)
        return false;
    const QJsonObject known = (*address)->attributes;
    const bool isNews = known.value(kCannotReply).toString() != why;
    if (isNews) {
        if (const auto done = contacts::setAttributes(tx, thread, merged(known, wordOrNull(why))); !done)
            return done.error();
    }
    const auto changed = withAnotherWord(tx, thread, why);
    if (!changed)
        return changed.error();
    for (const ConversationRow &row : *changed) {
        ConversationRow now = row;
        now.attributes = merged(row.attributes, wordOrNull(why));
        if (const auto done = update(tx, now); !done)
            return done.error();
        tx.changed(u"conversation.updated"_s, row.id.value(), row.inboxId);
    }
    return isNews || !changed->isEmpty();
}

Result<bool> putAttributes(WriteTransaction &tx, ConversationId id, const QJsonObject &changes)
{
    const auto row = find(tx, id);
    if (!row)
        return row.error();
    if (!*row)
        return false;
    bool isChanged = false;
    if (changes.contains(kCannotReply)) {
        const auto done = setCannotReply(tx, (*row)->contactInboxId, changes.value(kCannotReply).toString());
        if (!done)
            return done.error();
        isChanged = *done;
    }
    ConversationRow now = **row;
    now.attributes = merged(now.attributes, changes);
    if (now.attributes == (*row)->attributes)
        return isChanged;
    if (const auto done = update(tx, now); !done)
        return done.error();
    tx.changed(u"conversation.updated"_s, id.value(), now.inboxId);
    return true;
}

Result<bool> moveWindows(WriteTransaction &tx, InboxId inbox, std::chrono::hours length, Timestamp since, int limit)
{
    const qint64 ms = std::chrono::duration_cast<Milliseconds>(length).count();
    QList<ConversationId> moved;
    {
        Query q = tx.query(u"SELECT id FROM conversation WHERE inbox_id = :inbox AND last_activity_at >= :since AND last_incoming_at IS NOT NULL"
                           " AND window_closes_at IS NOT NULL AND window_closes_at <> last_incoming_at + :length"
                           " ORDER BY last_activity_at DESC, id DESC LIMIT :limit"_s);
        q.bind(":inbox"_L1, inbox).bind(":since"_L1, since).bind(":length"_L1, ms).bind(":limit"_L1, limit);
        while (q.next())
            moved.append(q.id<ConversationId>(0));
        if (!q.ok())
            return q.error();
    }
    for (const ConversationId id : std::as_const(moved)) {
        Query q = tx.query(u"UPDATE conversation SET window_closes_at = last_incoming_at + :length WHERE id = :id"_s);
        q.bind(":length"_L1, ms).bind(":id"_L1, id);
        if (const auto done = q.exec(); !done)
            return done.error();
        tx.changed(u"conversation.updated"_s, id.value(), inbox);
    }
    return moved.size() == limit;
}

Result<void> addUnread(WriteTransaction &tx, ConversationId id)
{
    // Counting what came in is only for agents who have no row yet; for all others it would walk the whole conversation at each message.
    Query q = tx.query(u"INSERT INTO seen (agent_id, conversation_id, last_message_id, unread_count)"
                       " SELECT a.id, :id, 0, CASE WHEN EXISTS (SELECT 1 FROM seen s WHERE s.agent_id = a.id AND s.conversation_id = :id) THEN 0"
                       " ELSE (SELECT COUNT(*) FROM message m WHERE m.conversation_id = :id AND m.direction = 'incoming' AND NOT m.deleted) END"
                       " FROM agent a WHERE TRUE ON CONFLICT (agent_id, conversation_id) DO UPDATE SET unread_count = unread_count + 1"_s);
    q.bind(":id"_L1, id);
    return q.exec();
}

Result<void> keepQuiet(WriteTransaction &tx, ConversationId id)
{
    Query q = tx.query(u"INSERT INTO seen (agent_id, conversation_id, last_message_id, unread_count) SELECT a.id, :id, 0, 0 FROM agent a"
                       " WHERE NOT EXISTS (SELECT 1 FROM seen s WHERE s.agent_id = a.id AND s.conversation_id = :id)"_s);
    q.bind(":id"_L1, id);
    return q.exec();
}

Result<bool> isAnsweredAfter(ReadTransaction &tx, ConversationId id, Timestamp at)
{
    Query q = tx.query(u"SELECT 1 FROM message WHERE conversation_id = :id AND created_at > :at AND direction = 'outgoing' AND NOT automatic"
                       " AND NOT private AND COALESCE(status, '') <> 'failed' LIMIT 1"_s);
    q.bind(":id"_L1, id).bind(":at"_L1, at);
    const bool isFound = q.next();
    return q.ok() ? Result<bool>(isFound) : Result<bool>(q.error());
}

Result<std::optional<Timestamp>> waitingSinceFromMessages(ReadTransaction &tx, ConversationId id)
{
    Query answer = tx.query(u"SELECT created_at, id FROM message WHERE conversation_id = :id AND direction = 'outgoing' AND NOT automatic"
                            " AND NOT private AND COALESCE(status, '') <> 'failed' ORDER BY created_at DESC, id DESC LIMIT 1"_s);
    answer.bind(":id"_L1, id);
    qint64 answeredAt = std::numeric_limits<qint64>::min();
    qint64 answerId = 0;
    if (answer.next()) {
        answeredAt = answer.integer(0);
        answerId = answer.integer(1);
    }
    if (!answer.ok())
        return answer.error();
    Query first = tx.query(u"SELECT created_at FROM message WHERE conversation_id = :id AND (created_at, id) > (:at, :answer)"
                           " AND direction = 'incoming' ORDER BY created_at, id LIMIT 1"_s);
    first.bind(":id"_L1, id).bind(":at"_L1, answeredAt).bind(":answer"_L1, answerId);
    if (first.next())
        return std::optional(first.time(0));
    if (!first.ok())
        return first.error();
    return std::optional<Timestamp>();
}

Result<void> recountAnswers(WriteTransaction &tx, ConversationId id)
{
    const auto since = waitingSinceFromMessages(tx, id);
    if (!since)
        return since.error();
    Query q = tx.query(u"UPDATE conversation SET waiting_since = CASE WHEN status = 'resolved' THEN waiting_since ELSE :since END,"
                       " first_reply_created_at = (SELECT created_at FROM message WHERE conversation_id = :id AND direction = 'outgoing'"
                       " AND NOT automatic AND NOT private AND COALESCE(status, '') <> 'failed' ORDER BY created_at, id LIMIT 1) WHERE id = :id"_s);
    q.bind(":since"_L1, *since).bind(":id"_L1, id);
    return q.exec();
}

Result<bool> hasEverAnswered(ReadTransaction &tx, ContactInboxId thread)
{
    Query q = tx.query(u"SELECT 1 FROM conversation c JOIN message m ON m.conversation_id = c.id"
                       " WHERE c.contact_inbox_id = :thread AND m.direction = 'outgoing' AND NOT m.private AND m.source_id IS NOT NULL LIMIT 1"_s);
    q.bind(":thread"_L1, thread);
    const bool found = q.next();
    if (!q.ok())
        return q.error();
    return found;
}

} // namespace antiphon::conversations
