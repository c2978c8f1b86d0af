#include "core/intake/inboundcontext.h"

#include "core/base/json.h"
#include "core/intake/capability.h"
#include "core/store/deliveryrepository.h"
#include "core/store/jobrepository.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;
using conversations::ConversationRow;

constexpr auto kReferral = "pending_referral"_L1;

/// The referral that was held for the next conversation: its attributes, and the line above its first message.
Result<void> takeReferral(const Context &context, contacts::ContactInboxRow &thread, ConversationId conversation, Timestamp at)
{
    const QJsonObject pending = thread.attributes.value(kReferral).toObject();
    if (pending.isEmpty())
        return {};
    thread.attributes.remove(kReferral);
    if (const auto done = contacts::setAttributes(context.tx, thread.id, thread.attributes); !done)
        return done;
    QJsonObject activity = pending.value("referral"_L1).toObject();
    activity.insert("kind"_L1, u"referral"_s);
    const auto heldAt = json::integer(pending.value("at"_L1));
    const auto line = insertActivity(context, conversation, heldAt ? std::min(at, fromUnixMs(*heldAt)) : at, activity);
    return line ? Result<void>() : Result<void>(line.error());
}

/// What the new row is, as far as it is known without reading it.
ConversationRow newRow(const Context &context, const contacts::ContactInboxRow &thread, ConversationId id, Timestamp at)
{
    return {.id = id, .inboxId = context.inboxId(), .contactId = thread.contactId, .contactInboxId = thread.id, .lastActivityAt = at};
}

/// What is true of the whole thread, whichever conversation it is in.
QJsonObject inherited(const Context &context, const contacts::ContactInboxRow &thread)
{
    QString why = thread.attributes.value(conversations::kCannotReply).toString();
    if (why.isEmpty())
        why = connectionBar(context, thread.sourceId);
    return why.isEmpty() ? QJsonObject() : QJsonObject{{conversations::kCannotReply, why}};
}

Result<ConversationRow> makeConversation(const Context &context, contacts::ContactInboxRow &thread, Timestamp at)
{
    QJsonObject attributes = inherited(context, thread);
    const QJsonObject pending = thread.attributes.value(kReferral).toObject();
    if (!pending.isEmpty())
        attributes.insert("referral"_L1, pending.value("referral"_L1));
    const auto id = conversations::insert(context.tx, context.inboxId(), thread.contactId, thread.id, at, attributes);
    if (!id)
        return id.error();
    if (!*id)
        return Error{Error::Kind::Conflict, u"an open conversation appeared meanwhile"_s};
    context.changed(u"conversation.created"_s, (*id)->value());
    if (const auto done = takeReferral(context, thread, **id, at); !done)
        return done.error();
    ConversationRow row = newRow(context, thread, **id, at);
    row.attributes = attributes;
    if (!context.adapter.imageCapability(thread.sourceId, false, {}, {}))
        return row;
    const auto capability = jobs::enqueue(context.tx, {.kind = u"capability"_s,
                                                       .inboxId = context.inboxId(),
                                                       .entity = u"conversation"_s,
                                                       .entityId = (*id)->value(),
                                                       .nextAt = context.tx.now()});
    if (!capability)
        return capability.error();
    if (context.hooks.jobsQueued)
        context.tx.afterCommit(context.hooks.jobsQueued);
    return row;
}

std::optional<Timestamp> windowEnd(const Context &context, const QString &contactSourceId, const std::optional<Timestamp> &lastIncomingAt)
{
    if (!lastIncomingAt)
        return std::nullopt;
    if (const auto hours = context.inbox.inbox.replyWindowHours)
        return *lastIncomingAt + std::chrono::hours(*hours);
    const auto rule = context.adapter.replyRule(context.inbox.inbox.settings, contactSourceId);
    return rule ? std::optional(*lastIncomingAt + rule->length) : std::nullopt;
}

/// A stored message takes its place in its conversation. @return whether younger ones stand there already.
bool takePlace(ConversationRow *row, MessageId message, Timestamp at)
{
    const bool isLate = row->lastMessageAt && at < *row->lastMessageAt;
    if (!isLate) {
        row->lastMessageId = message;
        row->lastMessageAt = at;
    }
    row->lastActivityAt = std::max(row->lastActivityAt, at);
    return isLate;
}

Result<void> recountWaiting(const Context &context, ConversationRow *row)
{
    const auto since = conversations::waitingSinceFromMessages(context.tx, row->id);
    if (!since)
        return since.error();
    row->waitingSince = *since;
    return {};
}

} // namespace

Result<ConversationRow> conversationForIncoming(const Context &context, contacts::ContactInboxRow &thread, Timestamp at)
{
    if (thread.isBlocked)
        return conversationForHistory(context, thread, at);
    const auto open = conversations::newestOpen(context.tx, thread.id);
    if (!open)
        return open.error();
    std::optional<ConversationRow> row = *open;
    if (!row && context.inbox.inbox.settings.value("lock_to_single_conversation"_L1).toBool()) {
        const auto newest = conversations::newest(context.tx, thread.id);
        if (!newest)
            return newest.error();
        row = *newest;
    }
    if (!row)
        return makeConversation(context, thread, at);
    if (row->status != Conversation::Status::Snoozed && row->status != Conversation::Status::Resolved)
        return *row;
    const auto line = insertActivity(context, row->id, at, {{u"kind"_s, u"status"_s},
                                                            {u"actor_kind"_s, u"contact"_s},
                                                            {u"actor_id"_s, thread.contactId.toString()},
                                                            {u"from"_s, conversationStatusName(row->status)},
                                                            {u"to"_s, u"open"_s}});
    if (!line)
        return line.error();
    row->status = Conversation::Status::Open;
    row->snoozedUntil.reset();
    return *row;
}

Result<ConversationRow> conversationForEcho(const Context &context, contacts::ContactInboxRow &thread, Timestamp at)
{
    if (thread.isBlocked)
        return conversationForHistory(context, thread, at);
    const auto open = conversations::newestOpen(context.tx, thread.id);
    if (!open)
        return open.error();
    if (*open)
        return **open;
    const auto newest = conversations::newest(context.tx, thread.id);
    if (!newest)
        return newest.error();
    if (*newest)
        return **newest;
    return makeConversation(context, thread, at);
}

Result<ConversationRow> conversationForHistory(const Context &context, contacts::ContactInboxRow &thread, Timestamp at)
{
    const auto open = conversations::newestOpen(context.tx, thread.id);
    if (!open)
        return open.error();
    if (*open)
        return **open;
    const auto newest = conversations::newest(context.tx, thread.id);
    if (!newest)
        return newest.error();
    if (*newest)
        return **newest;
    const QJsonObject attributes = inherited(context, thread);
    const auto id = conversations::insert(context.tx, context.inboxId(), thread.contactId, thread.id, at, attributes, Conversation::Status::Resolved);
    if (!id)
        return id.error();
    if (!*id)
        return Error{Error::Kind::Conflict, u"a conversation appeared meanwhile"_s};
    context.changed(u"conversation.created"_s, (*id)->value());
    ConversationRow row = newRow(context, thread, **id, at);
    row.status = Conversation::Status::Resolved;
    row.attributes = attributes;
    return row;
}

Result<MessageId> insertActivity(const Context &context, ConversationId conversation, Timestamp at, const QJsonObject &activity)
{
    const auto id = messages::insert(context.tx, {.conversationId = conversation,
                                                  .inboxId = context.inboxId(),
                                                  .direction = Message::Direction::Activity,
                                                  .caughtUp = context.isCaughtUp(),
                                                  .senderType = Sender::Type::System,
                                                  .activity = activity,
                                                  .createdAt = at,
                                                  .receivedAt = context.event.receivedAt});
    if (!id)
        return id.error();
    context.changed(u"message.created"_s, (*id)->value());
    return **id;
}

namespace {

/// One who writes more than a person can read: stored, counted, and marked for who would tell of it.
Result<void> noteFlood(const Context &context, ConversationRow *row)
{
    const std::shared_ptr<FloodWatch> &floods = context.hooks.floods;
    if (!floods || context.isCaughtUp())          // what was fetched in one go was not written in one go
        return {};
    const Timestamp at = context.event.receivedAt;
    context.tx.afterCommit([floods, id = row->id, at] { floods->note(id, at); });
    if (!floods->isFlood(row->id, at))
        return {};
    if (const auto counted = deliveries::count(context.tx, context.inboxId(), u"flooded"_s); !counted)
        return counted;
    const auto until = fromRfc3339(row->attributes.value("flooded_until"_L1).toString());
    if (!until || *until < at + FloodWatch::kWithin / 2)      // written now and then, not with every message
        row->attributes.insert("flooded_until"_L1, toRfc3339(at + FloodWatch::kWithin));
    return {};
}

/// Somebody has to be told of it: it waits, and is unread.
Result<void> noteWaiting(const Context &context, ConversationRow *row, const Incoming &message, bool isLate)
{
    if (isLate) {
        if (const auto done = recountWaiting(context, row); !done)
            return done;
    } else if (!row->waitingSince) {
        row->waitingSince = message.at;
    }
    if (const auto done = noteFlood(context, row); !done)
        return done;
    return message.isUnread ? conversations::addUnread(context.tx, row->id) : Result<void>();
}

} // namespace

Result<void> noteIncomingElsewhere(const Context &context, ConversationRow open, const Incoming &message)
{
    if (message.isBlocked)
        return {};
    if (message.opensWindow) {
        open.lastIncomingAt = std::max(open.lastIncomingAt.value_or(message.at), message.at);
        open.windowClosesAt = windowEnd(context, message.contactSourceId, open.lastIncomingAt);
    }
    if (message.isUnread) {
        const auto isAnswered = conversations::isAnsweredAfter(context.tx, open.id, message.at);
        if (!isAnswered)
            return isAnswered.error();
        if (!*isAnswered)
            open.waitingSince = std::min(open.waitingSince.value_or(message.at), message.at);
        if (const auto done = conversations::addUnread(context.tx, open.id); !done)
            return done;
    }
    if (const auto done = conversations::update(context.tx, open); !done)
        return done;
    context.changed(u"conversation.updated"_s, open.id.value());
    return {};
}

Result<void> noteIncoming(const Context &context, ConversationRow row, const Incoming &message)
{
    const Timestamp at = message.at;
    const bool isLate = takePlace(&row, message.id, at);
    if (message.opensWindow) {
        row.lastIncomingAt = std::max(row.lastIncomingAt.value_or(at), at);
        row.windowClosesAt = windowEnd(context, message.contactSourceId, row.lastIncomingAt);
    }
    if (const auto done = message.isBlocked ? conversations::keepQuiet(context.tx, row.id) : noteWaiting(context, &row, message, isLate); !done)
        return done;
    if (const auto done = renewCapability(context.tx, row); !done)
        return done;
    if (const auto done = conversations::update(context.tx, row); !done)
        return done;
    context.changed(u"conversation.updated"_s, row.id.value());
    return {};
}

Result<void> noteHistory(const Context &context, ConversationRow row, MessageId message, Timestamp at)
{
    takePlace(&row, message, at);
    if (const auto done = conversations::keepQuiet(context.tx, row.id); !done)
        return done;
    if (const auto done = conversations::update(context.tx, row); !done)
        return done;
    context.changed(u"conversation.updated"_s, row.id.value());
    return {};
}

Result<void> noteEcho(const Context &context, ConversationRow row, const Echo &echo)
{
    const bool isLate = takePlace(&row, echo.id, echo.at);
    if (!echo.isAutomatic) {
        row.firstReplyAt = std::min(row.firstReplyAt.value_or(echo.at), echo.at);
        if (!isLate || echo.isBlocked) {
            row.waitingSince.reset();
        } else if (row.status != Conversation::Status::Resolved) {      // what is over waits for nothing
            if (const auto done = recountWaiting(context, &row); !done)
                return done;
        }
    }
    if (const auto done = conversations::update(context.tx, row); !done)
        return done;
    context.changed(u"conversation.updated"_s, row.id.value());
    return {};
}

} // namespace antiphon::inbound
