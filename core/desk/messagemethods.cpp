#include "core/desk/messagemethods.h"

#include "core/desk/deskobjects.h"
#include "core/desk/messagereact.h"
#include "core/desk/messagesend.h"
#include "core/desk/params.h"
#include "core/store/messagequeries.h"
#include "core/store/outboxrepository.h"
#include "core/store/seenrepository.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

struct Anchor {
    QString kind{};            ///< "before", "after", "around"; empty: the newest
    MessageId message{};
};

Result<Anchor> anchorOf(const QJsonObject &params)
{
    Anchor anchor;
    for (const QLatin1StringView key : {"before"_L1, "after"_L1, "around"_L1}) {
        const auto id = json::id<MessageId>(params, key);
        if (!id)
            return id.error();
        if (!*id)
            continue;
        if (anchor.message)
            return params::invalid(key, u"before, after and around exclude each other"_s);
        anchor = {.kind = QString(key), .message = *id};
    }
    return anchor;
}

Result<MessageQueries::Page> pageOf(MessageQueries queries, ConversationId conversation, const Anchor &anchor, int limit)
{
    if (anchor.kind == "before"_L1)
        return queries.before(conversation, anchor.message, limit);
    if (anchor.kind == "after"_L1)
        return queries.after(conversation, anchor.message, limit);
    if (anchor.kind == "around"_L1)
        return queries.around(conversation, anchor.message, limit);
    return queries.newest(conversation, limit);
}

Result<QJsonObject> list(ReadTransaction &tx, const Caller &caller, const DeskView &view, const QJsonObject &params)
{
    const auto id = params::requiredId<ConversationId>(params, "conversation_id"_L1);
    if (!id)
        return id.error();
    const auto limit = params::limit(params);
    if (!limit)
        return limit.error();
    const auto anchor = anchorOf(params);
    if (!anchor)
        return anchor.error();
    if (const auto known = conversation(tx, caller, view, *id); !known)
        return known.error();
    const auto page = pageOf(MessageQueries(tx), *id, *anchor, *limit);
    if (!page)
        return page.error();
    QJsonArray items;
    for (const Message &message : page->items)
        items.append(toJson(message));
    return withSeq(tx, {{u"items"_s, items}, {u"has_more_before"_s, page->hasMoreBefore}, {u"has_more_after"_s, page->hasMoreAfter}});
}

Result<QJsonObject> retry(WriteTransaction &tx, const DeskView &view, const std::function<void()> &wakeOutbox, const QJsonObject &params)
{
    const auto id = params::requiredId<MessageId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto confirm = params::flag(params, "confirm_unknown"_L1);
    if (!confirm)
        return confirm.error();
    const auto message = MessageQueries(tx).byId(*id);
    if (!message)
        return message.error();
    const bool isOurs = message->direction == Message::Direction::Outgoing && !message->isPrivate && !message->externalEcho && !message->isDeleted;
    if (!isOurs || message->status != MessageStatus::Failed)
        return Error{Error::Kind::Conflict, u"only a message that failed can be sent again"_s};
    if (message->externalError && message->externalError->code == QStringView(kOutcomeUnknown) && !*confirm)
        return Error{Error::Kind::Conflict, u"it may have arrived: its outcome is unknown"_s, u"confirm_unknown"_s};
    const auto may = sendable(tx, view, message->conversationId, !message->templateSent.isEmpty());
    if (!may)
        return may.error();
    if (const auto done = outbox::retry(tx, *id, *confirm, may->until, may->sameKeyFor); !done)
        return done.error();
    if (wakeOutbox)
        tx.afterCommit(wakeOutbox);
    tx.changed(u"message.updated"_s, id->value(), message->inboxId);
    return messageJson(tx, *id);
}

Result<QJsonObject> confirm(WriteTransaction &tx, const QJsonObject &params)
{
    const auto id = params::requiredId<MessageId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto message = MessageQueries(tx).byId(*id);
    if (!message)
        return message.error();
    if (!message->externalError || message->externalError->code != QStringView(kOutcomeUnknown))
        return Error{Error::Kind::Conflict, u"its outcome is not unknown"_s};
    if (const auto done = outbox::confirmArrived(tx, *id); !done)
        return done.error();
    return messageJson(tx, *id);
}

/// Nothing of it is left but its row; its files go with the pruning of uploads.
Result<void> blank(WriteTransaction &tx, const Caller &caller, const Message &message)
{
    {
        Query update = tx.query(u"UPDATE message SET content = NULL, entities = NULL, deleted = TRUE, updated_at = :now WHERE id = :id"_s);
        update.bind(":now"_L1, tx.now()).bind(":id"_L1, message.id);
        if (const auto done = update.exec(); !done)
            return done;
    }
    {
        Query reactions = tx.query(u"DELETE FROM reaction WHERE message_id = :id"_s);
        reactions.bind(":id"_L1, message.id);
        if (const auto done = reactions.exec(); !done)
            return done;
    }
    Query files = tx.query(u"UPDATE attachment SET message_id = NULL, agent_id = :agent, state = 'failed', error = 'deleted', remote = NULL, "
                           "created_at = 0 WHERE message_id = :id AND message_id IS NOT NULL"_s);
    files.bind(":agent"_L1, caller.agent.id).bind(":id"_L1, message.id);
    return files.exec();
}

Result<QJsonObject> remove(WriteTransaction &tx, const Caller &caller, const QJsonObject &params)
{
    const auto id = params::requiredId<MessageId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto message = MessageQueries(tx).byId(*id);
    if (!message)
        return message.error();
    if (message->direction == Message::Direction::Activity)
        return Error{Error::Kind::Conflict, u"lines of what happened stay"_s};
    if (message->isDeleted)
        return toJson(*message);
    if (message->status == MessageStatus::Sending)
        return Error{Error::Kind::Conflict, u"it is being sent"_s};
    if (message->status == MessageStatus::Queued) {
        const auto cancelled = outbox::cancel(tx, *id);
        if (!cancelled)
            return cancelled.error();
        if (!*cancelled)
            return Error{Error::Kind::Conflict, u"it is being sent"_s};
    }
    if (const auto done = blank(tx, caller, *message); !done)
        return done.error();
    tx.changed(u"message.updated"_s, id->value(), message->inboxId);
    if (message->direction == Message::Direction::Incoming) {
        if (const auto done = SeenRepository::incomingRemoved(tx, message->conversationId, *id); !done)
            return done.error();
    }
    tx.changed(u"conversation.updated"_s, message->conversationId.value(), message->inboxId);
    return messageJson(tx, *id);
}

} // namespace

void addMessageMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeOutbox, const std::function<void()> &wakeJobs)
{
    using Role = Agent::Role;
    methods.read(u"messages.list"_s, Role::Agent,
                 [view](ReadTransaction &tx, const Caller &caller, const QJsonObject &params) { return list(tx, caller, view, params); });
    methods.write(u"messages.send"_s, Role::Agent, [view, wakeOutbox](WriteTransaction &tx, const Caller &caller, const QJsonObject &params) {
        return sendMessage(tx, caller, view, wakeOutbox, params);
    });
    methods.write(u"messages.retry"_s, Role::Agent,
                  [view, wakeOutbox](WriteTransaction &tx, const Caller &, const QJsonObject &params) { return retry(tx, view, wakeOutbox, params); });
    methods.write(u"messages.confirm"_s, Role::Agent, [](WriteTransaction &tx, const Caller &, const QJsonObject &params) { return confirm(tx, params); });
    methods.write(u"messages.react"_s, Role::Agent, [view, wakeJobs](WriteTransaction &tx, const Caller &caller, const QJsonObject &params) {
        return reactToMessage(tx, caller, view, wakeJobs, params);
    });
    methods.write(u"messages.delete"_s, Role::Agent,
                  [](WriteTransaction &tx, const Caller &caller, const QJsonObject &params) { return remove(tx, caller, params); });
}

} // namespace antiphon::desk
