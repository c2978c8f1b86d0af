#include "core/intake/readmark.h"

#include "core/store/cursorrepository.h"
#include "core/store/jobrepository.h"

namespace antiphon::readmark {
namespace {
using namespace Qt::StringLiterals;

QString scopeOf(ConversationId conversation)
{
    return u"read_mark:"_s + conversation.toString();
}

Result<QString> firstText(Query &q)
{
    if (q.next())
        return q.text(0);
    return q.ok() ? Result<QString>(QString()) : Result<QString>(q.error());
}

/// Whether a message stands before one that is marked already, which said so of all before it.
Result<bool> isOlder(ReadTransaction &tx, InboxId inbox, const QString &sourceId, const QString &marked)
{
    Query q = tx.query(u"SELECT 1 FROM message a, message b WHERE a.inbox_id = :inbox AND a.source_id = :source AND b.inbox_id = :inbox"
                       " AND b.source_id = :marked AND (a.created_at, a.id) < (b.created_at, b.id)"_s);
    q.bind(":inbox"_L1, inbox).bind(":source"_L1, sourceId).bind(":marked"_L1, marked);
    const bool found = q.next();
    if (!q.ok())
        return q.error();
    return found;
}

} // namespace

bool isWanted(const ChannelRegistry &channels, const Inbox &inbox)
{
    const ChannelAdapter *adapter = channels.adapter(inbox.channel);
    return inbox.settings.value("read_marks"_L1).toBool(adapter && adapter->marksReadByDefault());
}

Result<void> want(WriteTransaction &tx, const ChannelRegistry &channels, const Inbox &inbox, ConversationId conversation, MessageId upTo)
{
    if (!isWanted(channels, inbox))
        return {};
    Query q = tx.query(u"SELECT m.source_id FROM message m WHERE m.conversation_id = :conversation AND m.direction = 'incoming' AND m.source_id IS NOT NULL"
                       " AND (m.created_at, m.id) <= (SELECT created_at, id FROM message WHERE id = :message AND conversation_id = :conversation)"
                       " ORDER BY m.created_at DESC, m.id DESC LIMIT 1"_s);
    q.bind(":conversation"_L1, conversation).bind(":message"_L1, upTo);
    const auto newest = firstText(q);
    if (!newest)
        return newest.error();
    const auto before = wanted(tx, inbox.id, conversation);
    if (!before)
        return before.error();
    if (newest->isEmpty() || *newest == *before)
        return {};
    const auto isBack = isOlder(tx, inbox.id, *newest, *before);
    if (!isBack)
        return isBack.error();
    if (*isBack)
        return {};
    if (const auto done = cursors::store(tx, scopeOf(conversation), *newest, inbox.id); !done)
        return done;
    return enqueue(tx, inbox.id, conversation);
}

Result<QString> wanted(ReadTransaction &tx, InboxId inbox, ConversationId conversation)
{
    const auto value = cursors::value(tx, scopeOf(conversation), inbox);
    return value ? Result<QString>(value->value_or(QString())) : Result<QString>(value.error());
}

Result<void> enqueue(WriteTransaction &tx, InboxId inbox, ConversationId conversation)
{
    const auto queued = jobs::enqueue(tx, {.kind = u"read_mark"_s,
                                           .inboxId = inbox,
                                           .entity = u"conversation"_s,
                                           .entityId = conversation.value(),
                                           .nextAt = tx.now()});
    return queued ? Result<void>() : Result<void>(queued.error());
}

Result<QString> newestIncoming(ReadTransaction &tx, ConversationId conversation)
{
    Query q = tx.query(u"SELECT m.source_id FROM message m WHERE m.conversation_id = :conversation AND m.direction = 'incoming' AND m.source_id IS NOT NULL"
                       " ORDER BY m.created_at DESC, m.id DESC LIMIT 1"_s);
    q.bind(":conversation"_L1, conversation);
    return firstText(q);
}

} // namespace antiphon::readmark
