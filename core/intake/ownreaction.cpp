#include "core/intake/ownreaction.h"

#include "core/store/jobrepository.h"
#include "core/store/messagerepository.h"

namespace antiphon::ownreaction {
using namespace Qt::StringLiterals;

Result<std::optional<Target>> target(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT ci.source_id, m.source_id FROM message m JOIN conversation c ON c.id = m.conversation_id"
                       " JOIN contact_inbox ci ON ci.id = c.contact_inbox_id WHERE m.id = :id AND NOT m.deleted AND m.source_id IS NOT NULL"_s);
    q.bind(":id"_L1, message);
    if (q.next())
        return std::optional(Target{.contactSourceId = q.text(0), .sourceId = q.text(1)});
    if (!q.ok())
        return q.error();
    return std::optional<Target>();
}

Result<QString> emoji(ReadTransaction &tx, MessageId message, const QString &senderKey)
{
    Query q = tx.query(u"SELECT emoji FROM reaction WHERE message_id = :id AND sender_key = :key AND NOT removed ORDER BY reacted_at DESC LIMIT 1"_s);
    q.bind(":id"_L1, message).bind(":key"_L1, senderKey);
    if (q.next())
        return q.text(0);
    return q.ok() ? Result<QString>(QString()) : Result<QString>(q.error());
}

Result<void> want(WriteTransaction &tx, InboxId inbox, MessageId message, const QString &senderKey, const QString &wanted, const Sender &agent, Timestamp at)
{
    const auto before = emoji(tx, message, senderKey);
    if (!before)
        return before.error();
    if (*before == wanted)
        return {};
    const auto changed = wanted.isEmpty() ? messages::removeOnlyReaction(tx, message, senderKey, at)
                                          : messages::setOnlyReaction(tx, message, senderKey, {.emoji = wanted, .sender = agent}, at);
    if (!changed)
        return changed.error();
    tx.changed(u"message.updated"_s, message.value(), inbox);
    return enqueue(tx, inbox, message, *before);
}

Result<void> enqueue(WriteTransaction &tx, InboxId inbox, MessageId message, const QString &before)
{
    // One that waits or runs already goes by what is stored then, and knows best what the platform has.
    const auto queued = jobs::enqueue(tx, {.kind = u"react"_s,
                                           .inboxId = inbox,
                                           .entity = u"message"_s,
                                           .entityId = message.value(),
                                           .payload = {{u"before"_s, before}},
                                           .nextAt = tx.now()});
    return queued ? Result<void>() : Result<void>(queued.error());
}

Result<void> restore(WriteTransaction &tx, MessageId message, const QString &senderKey, const QString &before)
{
    Query q = tx.query(u"UPDATE reaction SET emoji = :before WHERE message_id = :id AND sender_key = :key AND NOT removed AND :before <> ''"_s);
    q.bind(":before"_L1, before).bind(":id"_L1, message).bind(":key"_L1, senderKey);
    if (const auto done = q.exec(); !done)
        return done;
    if (q.rowsAffected() > 0)
        return {};
    const auto done = before.isEmpty()
        ? messages::removeOnlyReaction(tx, message, senderKey, tx.now())
        : messages::setOnlyReaction(tx, message, senderKey, {.emoji = before, .sender = {.type = Sender::Type::NativeApp}}, tx.now());
    return done ? Result<void>() : Result<void>(done.error());
}

} // namespace antiphon::ownreaction
