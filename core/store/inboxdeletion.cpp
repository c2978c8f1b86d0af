#include "core/store/inboxdeletion.h"

namespace antiphon::inboxes {
namespace {
using namespace Qt::StringLiterals;

constexpr int kConversationsASlice = 20;

Result<void> run(WriteTransaction &tx, const QString &sql, InboxId inbox)
{
    Query q = tx.query(sql);
    q.bind(":inbox"_L1, inbox);
    return q.exec();
}

Result<void> deleteConversation(WriteTransaction &tx, ConversationId conversation)
{
    for (const QString &sql : {u"DELETE FROM outbox WHERE message_id IN (SELECT id FROM message WHERE conversation_id = :c)"_s,
                               u"DELETE FROM send_part WHERE message_id IN (SELECT id FROM message WHERE conversation_id = :c)"_s,
                               u"DELETE FROM send_attempt WHERE message_id IN (SELECT id FROM message WHERE conversation_id = :c)"_s,
                               u"DELETE FROM reaction WHERE message_id IN (SELECT id FROM message WHERE conversation_id = :c)"_s,
                               u"DELETE FROM attachment WHERE message_id IN (SELECT id FROM message WHERE conversation_id = :c)"_s,
                               u"DELETE FROM message WHERE conversation_id = :c"_s,
                               u"DELETE FROM conversation_label WHERE conversation_id = :c"_s,
                               u"DELETE FROM seen WHERE conversation_id = :c"_s,
                               u"DELETE FROM draft WHERE conversation_id = :c"_s,
                               u"DELETE FROM conversation WHERE id = :c"_s}) {
        Query q = tx.query(sql);
        q.bind(":c"_L1, conversation);
        if (const auto done = q.exec(); !done)
            return done;
    }
    return {};
}

Result<void> deleteRest(WriteTransaction &tx, InboxId inbox)
{
    for (const QString &sql : {u"DELETE FROM contact_inbox_alias WHERE inbox_id = :inbox"_s,
                               u"DELETE FROM contact_inbox WHERE inbox_id = :inbox"_s,
                               u"DELETE FROM job WHERE inbox_id = :inbox"_s,
                               u"DELETE FROM event WHERE inbox_id = :inbox"_s,
                               u"DELETE FROM tombstone WHERE inbox_id = :inbox"_s,
                               u"DELETE FROM cursor WHERE inbox_id = :inbox"_s,
                               u"DELETE FROM gap WHERE inbox_id = :inbox"_s,
                               u"DELETE FROM inbox WHERE id = :inbox"_s}) {
        if (const auto done = run(tx, sql, inbox); !done)
            return done;
    }
    Query orphans = tx.query(u"DELETE FROM contact WHERE id NOT IN (SELECT contact_id FROM contact_inbox)"_s);
    return orphans.exec();
}

Result<void> deleteSlice(WriteTransaction &tx, InboxId inbox)
{
    QList<ConversationId> slice;
    {
        Query q = tx.query(u"SELECT id FROM conversation WHERE inbox_id = :inbox LIMIT :n"_s);
        q.bind(":inbox"_L1, inbox).bind(":n"_L1, kConversationsASlice);
        while (q.next())
            slice.append(q.id<ConversationId>(0));
        if (!q.ok())
            return q.error();
    }
    if (slice.isEmpty())
        return deleteRest(tx, inbox);
    for (const ConversationId conversation : slice) {
        if (const auto done = deleteConversation(tx, conversation); !done)
            return done;
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
