#include "core/intake/inboundcontext.h"

#include "core/intake/caughtup.h"
#include "core/intake/ownsends.h"
#include "core/store/attachmentrepository.h"
#include "core/store/deliveryrepository.h"
#include "core/store/jobrepository.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

/// An echo behind a send of its lane is looked at again the moment that send ends, and every now and then all the same.
constexpr Milliseconds kEchoPause{1000};
constexpr auto kHandledElsewhere = "handled_elsewhere"_L1;

/// A card needs no file; and what can't be had is known from the start.
Attachment attachmentOf(const InboundAttachment &file)
{
    Attachment attachment{.kind = file.kind,
                          .name = file.name,
                          .mime = file.mime,
                          .size = file.size > 0 ? std::optional(file.size) : std::nullopt,
                          .width = file.width,
                          .height = file.height,
                          .durationMs = file.durationMs,
                          .state = Attachment::State::Pending,
                          .error = file.failure,
                          .embedUrl = file.embedUrl,
                          .latitude = file.latitude,
                          .longitude = file.longitude,
                          .title = file.title,
                          .isVoice = file.isVoice};
    const bool isCard = file.kind == Attachment::Kind::Embed || file.kind == Attachment::Kind::Location || file.kind == Attachment::Kind::Contact;
    if (!file.failure.isEmpty())
        attachment.state = Attachment::State::Failed;
    else if (isCard || file.remote.isEmpty())
        attachment.state = Attachment::State::Ready;     // title and picture of a shared post come on top
    return attachment;
}

/// What has to be fetched for it, a kind of job; empty: nothing.
QString jobFor(const InboundAttachment &file)
{
    if (!file.failure.isEmpty())
        return {};
    if (file.kind == Attachment::Kind::Embed && file.remote.isEmpty())
        return file.embedUrl.isEmpty() ? QString() : u"embed"_s;
    return file.remote.isEmpty() ? QString() : u"media"_s;
}

} // namespace

Result<void> insertAttachments(const Context &context, MessageId message, const QList<InboundAttachment> &files)
{
    int position = 0;
    for (const InboundAttachment &file : files) {
        const auto id = attachments::insert(
            context.tx, {.attachment = attachmentOf(file), .messageId = message, .position = position++, .remote = file.failure.isEmpty() ? file.remote : QJsonObject()});
        if (!id)
            return id.error();
        const QString job = jobFor(file);
        if (job.isEmpty())
            continue;
        const auto queued = jobs::enqueue(context.tx, {.kind = job,
                                                       .inboxId = context.inboxId(),
                                                       .entity = u"attachment"_s,
                                                       .entityId = id->value(),
                                                       .nextAt = context.tx.now()});
        if (!queued)
            return queued.error();
        if (context.hooks.jobsQueued)
            context.tx.afterCommit(context.hooks.jobsQueued);
    }
    return {};
}

Result<messages::NewMessage> rowOf(const Context &context, const InboundMessage &message, const conversations::ConversationRow &conversation)
{
    messages::NewMessage row{.conversationId = conversation.id,
                             .inboxId = context.inboxId(),
                             .content = message.content,
                             .entities = message.entities,
                             .contentType = message.contentType,
                             .rawType = message.rawType,
                             .caughtUp = context.isCaughtUp(),
                             .late = conversation.lastMessageAt && message.platformAt < *conversation.lastMessageAt,
                             .sourceId = message.sourceId,
                             .inReplyToSourceId = message.inReplyToSourceId,
                             .referral = message.referral,
                             .detail = message.detail,
                             .isForwarded = message.isForwarded,
                             .tokens = message.tokens,
                             .groupId = message.groupId,
                             .editedAt = message.editedAt,
                             .createdAt = message.platformAt,
                             .receivedAt = context.event.receivedAt};
    if (!message.inReplyToSourceId.isEmpty()) {
        const auto quoted = messages::findBySource(context.tx, context.inboxId(), message.inReplyToSourceId);
        if (!quoted)
            return quoted.error();
        if (*quoted)
            row.inReplyTo = (*quoted)->id;
    }
    return row;
}

Result<void> settleWaiting(const Context &context, const QString &sourceId, MessageId id)
{
    const auto quoting = messages::resolveQuotes(context.tx, context.inboxId(), sourceId, id);
    if (!quoting)
        return quoting.error();
    for (const MessageId message : *quoting)
        context.changed(u"message.updated"_s, message.value());
    const auto due = events::dueByTarget(context.tx, context.inboxId(), sourceId);
    return due ? Result<void>() : Result<void>(due.error());
}

Result<MessageId> storeMessage(const Context &context, const messages::NewMessage &row, const InboundMessage &message)
{
    const auto isRevoked = messages::wasRevoked(context.tx, context.inboxId(), message.sourceId);
    if (!isRevoked)
        return isRevoked.error();
    messages::NewMessage stored = row;
    if (*isRevoked) {
        stored.isDeleted = true;
        stored.content.clear();
        stored.entities.clear();
        stored.referral = {};
        stored.detail = {};
        stored.tokens = {};
        stored.editedAt.reset();
    }
    const auto id = messages::insert(context.tx, stored);
    if (!id)
        return id.error();
    if (!*id)
        return Error{Error::Kind::Conflict, u"a message with this id appeared meanwhile"_s};
    if (!*isRevoked) {
        if (const auto done = insertAttachments(context, **id, message.attachments); !done)
            return done.error();
    }
    context.changed(u"message.created"_s, (*id)->value());
    if (const auto done = settleWaiting(context, message.sourceId, **id); !done)
        return done.error();
    return **id;
}

namespace {

/// As storeMessage, counted for the gap that it fills where it does.
Result<MessageId> storeLive(const Context &context, const messages::NewMessage &row, const InboundMessage &message)
{
    const auto id = storeMessage(context, row, message);
    if (!id)
        return id;
    if (const auto done = caughtup::noteStored(context); !done)
        return done.error();
    return id;
}

/// Who has the thread now: with another application in charge nobody can answer from here. And what else the message says of its conversation.
Result<conversations::ConversationRow> withAttributes(const Context &context, conversations::ConversationRow row, const InboundMessage &message)
{
    if (message.isElsewhere)
        row.attributes.insert(kHandledElsewhere, true);
    else
        row.attributes.remove(kHandledElsewhere);
    if (const auto done = putAttributes(context, &row, message.attributes); !done)
        return done.error();
    return row;
}

Result<Outcome> applyIncoming(const Context &context, const InboundMessage &message)
{
    auto customer = thread(context, message.customer);
    if (!customer)
        return customer.error();
    contacts::ContactInboxRow address = *customer;
    if (!message.referral.isEmpty())
        holdReferral(address, message.referral, message.platformAt);       // for the conversation that it opens, if it does
    const auto conversation = conversationForIncoming(context, address, message.platformAt);
    if (!conversation)
        return conversation.error();
    auto row = rowOf(context, message, *conversation);
    if (!row)
        return row.error();
    messages::NewMessage incoming = *row;
    incoming.direction = Message::Direction::Incoming;
    incoming.senderType = Sender::Type::Contact;
    incoming.senderId = address.contactId.value();
    const auto content = titleOfChosen(context, message, conversation->id);
    if (!content)
        return content.error();
    incoming.content = *content;
    const auto id = storeLive(context, incoming, message);
    if (!id)
        return id.error();
    const auto isRevoked = messages::wasRevoked(context.tx, context.inboxId(), message.sourceId);
    if (!isRevoked)
        return isRevoked.error();
    const Incoming stored{.id = *id, .contactSourceId = address.sourceId, .at = message.platformAt, .opensWindow = message.opensWindow, .isUnread = !*isRevoked,
                          .isBlocked = address.isBlocked};
    auto said = withAttributes(context, *conversation, message);
    if (!said)
        return said.error();
    conversations::ConversationRow now = *said;
    if (!message.attributes.contains(conversations::kCannotReply)) {
        if (const auto done = noteReachable(context, &now, address, message.platformAt); !done)
            return done.error();
    }
    if (const auto done = noteIncoming(context, now, stored); !done)
        return done.error();
    if (const auto done = keepReplyToken(context, address, message.replyToken); !done)
        return done.error();
    if (const auto done = wantProfile(context, address, true); !done)
        return done.error();
    return Outcome{.entityId = id->value()};
}

/// Words for who wrote an echo, where it was neither the phone nor us.
QString echoSender(const InboundMessage &message)
{
    if (!message.senderName.isEmpty())
        return message.senderName;
    switch (message.origin) {
    case InboundMessage::Origin::OwnApi: return message.maybeNativeApp ? QString() : u"Another connected tool"_s;
    case InboundMessage::Origin::Automatic: return u"Automatic message"_s;
    case InboundMessage::Origin::NativeApp:
    case InboundMessage::Origin::Customer: return {};
    }
    Q_UNREACHABLE();
}

Result<Outcome> storeEcho(const Context &context, const InboundMessage &message)
{
    auto customer = thread(context, message.customer);
    if (!customer)
        return customer.error();
    contacts::ContactInboxRow address = *customer;
    const auto conversation = conversationForEcho(context, address, message.platformAt);
    if (!conversation)
        return conversation.error();
    auto row = rowOf(context, message, *conversation);
    if (!row)
        return row.error();
    const auto seenUpTo = readUpTo(address);
    messages::NewMessage echo = *row;
    echo.direction = Message::Direction::Outgoing;
    echo.status = seenUpTo && message.platformAt <= *seenUpTo ? MessageStatus::Read : MessageStatus::Delivered;
    echo.externalEcho = true;
    echo.isAutomatic = message.origin == InboundMessage::Origin::Automatic;
    echo.senderType = Sender::Type::NativeApp;
    echo.senderName = echoSender(message);
    echo.platformAt = message.platformAt;
    const auto id = storeLive(context, echo, message);
    if (!id)
        return id.error();
    const auto said = withAttributes(context, *conversation, message);
    if (!said)
        return said.error();
    if (const auto done = noteEcho(context, *said, {.id = *id, .at = message.platformAt, .isAutomatic = echo.isAutomatic, .isBlocked = address.isBlocked}); !done)
        return done.error();
    if (const auto done = wantProfile(context, address, false); !done)
        return done.error();
    return Outcome{.entityId = id->value()};
}

/// The echo of a message that is here already: proof that it arrived, and when.
Result<Outcome> confirm(const Context &context, const InboundMessage &echo, messages::MessageRef message)
{
    if (message.direction != Message::Direction::Outgoing)
        return Outcome{.entityId = message.id.value()};
    if (const auto done = messages::setPlatformAt(context.tx, message.id, echo.platformAt); !done)
        return done.error();
    // Where the platform tells what has reached the customer, the echo is only proof that it was taken.
    const ChannelLimits limits = context.adapter.limits(context.inbox.inbox.settings);
    const StatusEvent proof = limits.reportsDelivered || !limits.hasDelivered ? StatusEvent::Accepted : StatusEvent::Delivered;
    auto changed = messages::applyPartStatus(context.tx, message, echo.sourceId, proof);
    if (!changed)
        return changed.error();
    bool isChanged = *changed;
    const auto address = contacts::findByAddress(context.tx, context.inboxId(), echo.customer.contactSourceId);
    if (!address)
        return address.error();
    const auto seenUpTo = *address ? readUpTo(**address) : std::nullopt;
    if (seenUpTo && echo.platformAt <= *seenUpTo) {
        changed = messages::applyPartStatus(context.tx, message, echo.sourceId, StatusEvent::Read);
        if (!changed)
            return changed.error();
        isChanged = isChanged || *changed;
    }
    if (isChanged) {
        context.changed(u"message.updated"_s, message.id.value());
        context.changed(u"conversation.updated"_s, message.conversationId.value());
    }
    return Outcome{.entityId = message.id.value()};
}

/// What a send of ours has to do with an echo that nobody knows: bound to it, it is confirmed; else nothing, or it has to wait.
Result<std::optional<Outcome>> settleOwn(const Context &context, const InboundMessage &message)
{
    auto origin = message.sendKey.isEmpty() ? Result<EchoOrigin>(EchoOrigin::Elsewhere) : settleByKey(context, message.sendKey, message.sourceId, true);
    if (origin && *origin == EchoOrigin::Elsewhere)
        origin = settleByEcho(context, message);
    if (!origin)
        return origin.error();
    if (*origin == EchoOrigin::Undecided) {
        return std::optional(
            Outcome{.kind = Outcome::Kind::Parked, .reason = u"waits_for_send"_s, .retryAt = context.tx.now() + kEchoPause});
    }
    if (*origin == EchoOrigin::Past)
        return std::optional(Outcome{.kind = Outcome::Kind::Ignored, .reason = u"sent again since"_s});
    if (*origin != EchoOrigin::Settled)
        return std::optional<Outcome>();
    const auto bound = messages::findBySource(context.tx, context.inboxId(), message.sourceId);
    if (!bound)
        return bound.error();
    if (!*bound)
        return std::optional<Outcome>();
    if (const auto done = settleWaiting(context, message.sourceId, (*bound)->id); !done)
        return done.error();
    const auto confirmed = confirm(context, message, **bound);
    if (!confirmed)
        return confirmed.error();
    return std::optional(*confirmed);
}

Result<Outcome> applyKnown(const Context &context, const InboundMessage &message, const messages::MessageRef &known)
{
    if (message.completes)
        return completeMessage(context, message, known);
    if (message.isHistory)
        return applyHistory(context, message, known);
    if (message.origin != InboundMessage::Origin::Customer)
        return confirm(context, message, known);
    const auto isNews = messages::takeFromHistory(context.tx, known.id);
    if (!isNews)
        return isNews.error();
    if (*isNews)
        return comeAlive(context, message, known);
    if (const auto done = deliveries::count(context.tx, context.inboxId(), u"duplicates"_s); !done)
        return done.error();
    return Outcome{.entityId = known.id.value()};
}

} // namespace

Result<Outcome> applyMessage(const Context &context, const InboundMessage &message)
{
    if (message.sourceId.isEmpty())
        return Error{Error::Kind::BadPayload, u"no message id"_s};
    const auto known = messages::findBySource(context.tx, context.inboxId(), message.sourceId);
    if (!known)
        return known.error();
    if (*known)
        return applyKnown(context, message, **known);
    if (message.isHistory)
        return applyHistory(context, message, std::nullopt);
    if (message.origin == InboundMessage::Origin::Customer)
        return applyIncoming(context, message);
    if (message.origin == InboundMessage::Origin::OwnApi || !message.sendKey.isEmpty()) {
        const auto settled = settleOwn(context, message);
        if (!settled)
            return settled.error();
        if (*settled)
            return **settled;
    }
    if (message.isSurelyOurs)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"sent by this account, and not by any send that is known here"_s};
    return storeEcho(context, message);
}

} // namespace antiphon::inbound
