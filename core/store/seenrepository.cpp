#include "core/store/seenrepository.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

struct Mark {
    qint64 lastMessageId = 0;
    int unread = 0;
    bool isStored = false;
};

Result<Mark> markOf(WriteTransaction &tx, AgentId agent, ConversationId conversation)
{
    Query query = tx.query(u"SELECT last_message_id, unread_count FROM seen WHERE agent_id = :agent AND conversation_id = :conversation"_s);
    query.bind(":agent"_L1, agent).bind(":conversation"_L1, conversation);
    Mark mark;
    if (query.next())
        mark = {.lastMessageId = query.integer(0), .unread = int(query.integer(1)), .isStored = true};
    if (!query.ok())
        return query.error();
    return mark;
}

Result<void> store(WriteTransaction &tx, AgentId agent, ConversationId conversation, const Mark &mark)
{
    Query upsert = tx.query(u"INSERT INTO seen (agent_id, conversation_id, last_message_id, unread_count) VALUES (:agent, :conversation, :last, :unread) "
                            "ON CONFLICT (agent_id, conversation_id) DO UPDATE SET last_message_id = excluded.last_message_id, "
                            "unread_count = excluded.unread_count"_s);
    upsert.bind(":agent"_L1, agent)
        .bind(":conversation"_L1, conversation)
        .bind(":last"_L1, mark.lastMessageId)
        .bind(":unread"_L1, mark.unread);
    return upsert.exec();
}

/// The highest row id among the messages that stand at or above one place.
Result<qint64> highestUpTo(WriteTransaction &tx, ConversationId conversation, Timestamp at, MessageId id)
{
    Query query = tx.query(u"SELECT MAX(id) FROM message WHERE conversation_id = :conversation AND (created_at, id) <= (:at, :id)"_s);
    query.bind(":conversation"_L1, conversation).bind(":at"_L1, at).bind(":id"_L1, id);
    const qint64 highest = query.next() ? query.integer(0) : 0;
    if (!query.ok())
        return query.error();
    return highest;
}

/// Unread ones behind a place whose messages above are all read: the ones below it with newer rows than the mark.
Result<int> unreadBehind(WriteTransaction &tx, ConversationId conversation, Timestamp at, MessageId id, qint64 mark)
{
    Query query = tx.query(u"SELECT COUNT(*) FROM message WHERE conversation_id = :conversation AND (created_at, id) > (:at, :id) "
                           "AND id > :mark AND direction = 'incoming' AND NOT deleted"_s);
    query.bind(":conversation"_L1, conversation).bind(":at"_L1, at).bind(":id"_L1, id).bind(":mark"_L1, mark);
    const int count = query.next() ? int(query.integer(0)) : 0;
    if (!query.ok())
        return query.error();
    return count;
}

} // namespace

Result<void> SeenRepository::incomingRemoved(WriteTransaction &tx, ConversationId conversation, MessageId message)
{
    Query update = tx.query(u"UPDATE seen SET unread_count = unread_count - 1 "
                            "WHERE conversation_id = :conversation AND last_message_id < :message AND unread_count > 0 "
                            "AND agent_id IN (SELECT id FROM agent)"_s);
    update.bind(":conversation"_L1, conversation).bind(":message"_L1, message);
    return update.exec();
}

Result<bool> SeenRepository::markRead(WriteTransaction &tx, AgentId agent, ConversationId conversation, MessageId upTo)
{
    Timestamp at;
    {
        Query query = tx.query(u"SELECT created_at FROM message WHERE id = :id AND conversation_id = :conversation"_s);
        query.bind(":id"_L1, upTo).bind(":conversation"_L1, conversation);
        if (!query.next()) {
            if (!query.ok())
                return query.error();
            return Error{Error::Kind::Invalid, u"no such message in this conversation"_s, u"message_id"_s};
        }
        at = query.time(0);
    }
    const auto old = markOf(tx, agent, conversation);
    if (!old)
        return old.error();
    const auto highest = highestUpTo(tx, conversation, at, upTo);
    if (!highest)
        return highest.error();
    if (old->isStored && *highest <= old->lastMessageId)
        return false;
    const auto unread = unreadBehind(tx, conversation, at, upTo, *highest);
    if (!unread)
        return unread.error();
    const Mark mark{.lastMessageId = *highest, .unread = *unread};
    if (const auto done = store(tx, agent, conversation, mark); !done)
        return done.error();
    return mark.unread != old->unread;
}

Result<bool> SeenRepository::markUnread(WriteTransaction &tx, AgentId agent, ConversationId conversation)
{
    const auto old = markOf(tx, agent, conversation);
    if (!old)
        return old.error();
    if (old->unread > 0)
        return false;
    qint64 last = 0;
    {
        Query query = tx.query(u"SELECT id FROM message WHERE conversation_id = :conversation AND direction = 'incoming' AND NOT deleted "
                               "ORDER BY created_at DESC, id DESC LIMIT 1"_s);
        query.bind(":conversation"_L1, conversation);
        if (query.next())
            last = query.integer(0);
        if (!query.ok())
            return query.error();
    }
    if (last == 0)
        return false;
    if (const auto done = store(tx, agent, conversation, {.lastMessageId = last - 1, .unread = 1}); !done)
        return done.error();
    return true;
}

} // namespace antiphon
