#include "core/desk/contactblock.h"

#include "core/desk/activityline.h"
#include "core/desk/conversationchange.h"
#include "core/desk/deskobjects.h"
#include "core/store/contactrepository.h"

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

Result<QList<ConversationId>> idsOf(WriteTransaction &tx, ContactId contact, const QString &which)
{
    QList<ConversationId> ids;
    Query query = tx.query(u"SELECT id FROM conversation WHERE contact_id = :contact "_s + which);
    query.bind(":contact"_L1, contact);
    while (query.next())
        ids.append(query.id<ConversationId>(0));
    return query.ok() ? Result<QList<ConversationId>>(ids) : Result<QList<ConversationId>>(query.error());
}

/// Where the line belongs.
Result<QList<ConversationId>> concerned(WriteTransaction &tx, ContactId contact)
{
    const auto open = idsOf(tx, contact, u"AND status <> 'resolved' ORDER BY id"_s);
    if (!open || !open->isEmpty())
        return open;
    return idsOf(tx, contact, u"ORDER BY last_activity_at DESC, id DESC LIMIT 1"_s);
}

Result<void> readForAll(WriteTransaction &tx, ContactId contact)
{
    Query query = tx.query(u"UPDATE seen SET unread_count = 0 WHERE unread_count > 0"
                           " AND conversation_id IN (SELECT id FROM conversation WHERE contact_id = :contact)"_s);
    query.bind(":contact"_L1, contact);
    return query.exec();
}

} // namespace

Result<void> setBlocked(WriteTransaction &tx, const Caller &caller, const DeskView &view, ContactId contact, bool isBlocked)
{
    if (const auto done = contacts::setBlocked(tx, contact, isBlocked ? std::optional(tx.now()) : std::nullopt); !done)
        return done;
    const auto ids = concerned(tx, contact);
    if (!ids)
        return ids.error();
    for (const ConversationId id : *ids) {
        const auto old = conversation(tx, caller, view, id);
        if (!old)
            return old.error();
        const auto line = addActivity(tx, id, old->inboxId, &caller, {{u"kind"_s, isBlocked ? u"blocked_here"_s : u"unblocked_here"_s}});
        if (!line)
            return line.error();
        if (!isBlocked)
            continue;
        if (const auto done = changeConversation(tx, &caller, *old, {.status = Conversation::Status::Resolved}); !done)
            return done;
    }
    return isBlocked ? readForAll(tx, contact) : Result<void>();
}

} // namespace antiphon::desk
