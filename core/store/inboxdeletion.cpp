#include "core/store/inboxdeletion.h"

namespace antiphon::inboxes {
namespace {
using namespace Qt::StringLiterals;

constexpr int kRowsASlice = 200;   // a few milliseconds

/// The first column of up to `limit` rows.
Result<QList<qint64>> ids(WriteTransaction &tx, const QString &sql, qint64 of, int limit)
{
    QList<qint64> found;
    Query q = tx.query(sql);
    q.bind(":of"_L1, of).bind(":n"_L1, limit);
    while (q.next())
        found.append(q.integer(0));
    if (!q.ok())
        return q.error();
    return found;
}

Result<void> runAll(WriteTransaction &tx, std::initializer_list<QString> statements, qint64 of)
{
    for (const QString &sql : statements) {
        Query q = tx.query(sql);
        q.bind(":of"_L1, of);
        if (const auto done = q.exec(); !done)
            return done;
    }
    return {};
}

/// Leaves the files of these attachment rows to the collector of unsent uploads: only it takes a file off the disk once no row names it.
QString detach(const QString &where)
{
    return u"UPDATE attachment SET message_id = NULL, agent_id = coalesce((SELECT min(id) FROM agent WHERE role = 'owner'), 0), state = 'failed',"
           " error = 'deleted', remote = NULL, created_at = 0 WHERE blob_sha256 IS NOT NULL AND "_s + where;
}

Result<void> deleteMessage(WriteTransaction &tx, qint64 message)
{
    return runAll(tx,
                  {u"DELETE FROM outbox WHERE message_id = :of"_s, u"DELETE FROM send_part WHERE message_id = :of"_s,
                   u"DELETE FROM send_attempt WHERE message_id = :of"_s, u"DELETE FROM reaction WHERE message_id = :of"_s,
                   u"DELETE FROM message_revision WHERE message_id = :of"_s, u"DELETE FROM message_alias WHERE message_id = :of"_s,
                   u"DELETE FROM media_link WHERE message_id = :of"_s,
                   detach(u"message_id = :of"_s), u"DELETE FROM attachment WHERE message_id = :of"_s, u"DELETE FROM message WHERE id = :of"_s},
                  message);
}

/// Deletes of a conversation what `*room` rows allow, and the conversation once it is empty.
Result<void> deleteConversation(WriteTransaction &tx, qint64 conversation, int *room)
{
    const auto messages = ids(tx, u"SELECT id FROM message WHERE conversation_id = :of LIMIT :n"_s, conversation, *room);
    if (!messages)
        return messages.error();
    for (const qint64 message : *messages) {
        if (const auto done = deleteMessage(tx, message); !done)
            return done;
    }
    *room -= int(messages->size());
    if (*room <= 0)
        return {};
    --*room;
    return runAll(tx,
                  {u"DELETE FROM conversation_label WHERE conversation_id = :of"_s, u"DELETE FROM seen WHERE conversation_id = :of"_s,
                   u"DELETE FROM draft WHERE conversation_id = :of"_s, u"DELETE FROM conversation WHERE id = :of"_s},
                  conversation);
}

/// Addresses of customers, and the customers who have no other.
Result<void> deleteContacts(WriteTransaction &tx, InboxId inbox, int *room)
{
    const QString isAlone = u"id = :of AND NOT EXISTS (SELECT 1 FROM contact_inbox WHERE contact_id = :of)"
                            " AND NOT EXISTS (SELECT 1 FROM conversation WHERE contact_id = :of)"_s;
    const auto addresses = ids(tx, u"SELECT id FROM contact_inbox WHERE inbox_id = :of LIMIT :n"_s, inbox.value(), *room);
    if (!addresses)
        return addresses.error();
    *room -= int(addresses->size());
    for (const qint64 address : *addresses) {
        const auto contact = ids(tx, u"SELECT contact_id FROM contact_inbox WHERE id = :of LIMIT :n"_s, address, 1);
        if (!contact)
            return contact.error();
        if (const auto done = runAll(tx,
                                     {u"DELETE FROM contact_inbox_alias WHERE contact_inbox_id = :of"_s,
                                      u"DELETE FROM reply_token WHERE contact_inbox_id = :of"_s, u"DELETE FROM contact_inbox WHERE id = :of"_s},
                                     address);
            !done)
            return done;
        for (const qint64 id : *contact) {
            if (const auto done = runAll(tx,
                                         {detach(u"id = (SELECT avatar_id FROM contact WHERE "_s + isAlone + u')'),
                                          u"DELETE FROM contact WHERE "_s + isAlone},
                                         id);
                !done)
                return done;
        }
    }
    return {};
}

/// Rows that nothing refers to.
Result<void> deleteLoose(WriteTransaction &tx, InboxId inbox, int *room)
{
    for (const QString &sql : {u"DELETE FROM event WHERE id IN (SELECT id FROM event WHERE inbox_id = :of LIMIT :n)"_s,
                               u"DELETE FROM job WHERE id IN (SELECT id FROM job WHERE inbox_id = :of LIMIT :n)"_s,
                               u"DELETE FROM gap WHERE id IN (SELECT id FROM gap WHERE inbox_id = :of LIMIT :n)"_s,
                               u"DELETE FROM tombstone WHERE inbox_id = :of AND dedupe_key IN"
                               " (SELECT dedupe_key FROM tombstone WHERE inbox_id = :of LIMIT :n)"_s}) {
        if (*room <= 0)
            return {};
        Query q = tx.query(sql);
        q.bind(":of"_L1, inbox.value()).bind(":n"_L1, *room);
        if (const auto done = q.exec(); !done)
            return done;
        *room -= int(q.rowsAffected());
    }
    return {};
}

Result<void> deleteSlice(WriteTransaction &tx, InboxId inbox)
{
    int room = kRowsASlice;
    while (room > 0) {
        const auto conversation = ids(tx, u"SELECT id FROM conversation WHERE inbox_id = :of LIMIT :n"_s, inbox.value(), 1);
        if (!conversation)
            return conversation.error();
        if (conversation->isEmpty())
            break;
        if (const auto done = deleteConversation(tx, conversation->first(), &room); !done)
            return done;
    }
    for (const auto step : {deleteContacts, deleteLoose}) {
        if (room <= 0)
            break;
        if (const auto done = step(tx, inbox, &room); !done)
            return done;
    }
    if (room > 0) {
        return runAll(tx,
                      {u"DELETE FROM cursor WHERE inbox_id = :of"_s, u"DELETE FROM message_template WHERE inbox_id = :of"_s,
                       u"DELETE FROM revoked_message WHERE inbox_id = :of"_s, detach(u"id = (SELECT avatar_id FROM inbox WHERE id = :of)"_s),
                       u"DELETE FROM inbox WHERE id = :of"_s},
                      inbox.value());
    }
    tx.followUp("delete inbox, next slice", [inbox](WriteTransaction &next) { return deleteSlice(next, inbox); });
    return {};
}

} // namespace

Result<void> beginDeletion(WriteTransaction &tx, InboxId id)
{
    Query q = tx.query(u"UPDATE inbox SET deleted_at = :now, state = 'disabled', external_id = external_id || ':deleted:' || id"
                       " WHERE id = :inbox AND deleted_at IS NULL"_s);
    q.bind(":now"_L1, tx.now()).bind(":inbox"_L1, id);
    if (const auto done = q.exec(); !done)
        return done;
    if (q.rowsAffected() == 0)
        return Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s};
    tx.changed(u"inbox.deleted"_s, id.value(), id);
    tx.followUp("delete inbox", [id](WriteTransaction &next) { return deleteSlice(next, id); });
    return {};
}

Result<void> resumeDeletions(WriteTransaction &tx)
{
    QList<InboxId> waiting;
    {
        Query q = tx.query(u"SELECT id FROM inbox WHERE deleted_at IS NOT NULL"_s);
        while (q.next())
            waiting.append(q.id<InboxId>(0));
        if (!q.ok())
            return q.error();
    }
    for (const InboxId id : waiting)
        tx.followUp("delete inbox", [id](WriteTransaction &next) { return deleteSlice(next, id); });
    return {};
}

} // namespace antiphon::inboxes
