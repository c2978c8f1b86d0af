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

Result<void> insertAttachments(const Context &context, MessageId message, const InboundMessage &inbound)
{
    int position = 0;
    for (const InboundAttachment &file : inbound.attachments) {
        attachments::AttachmentRow row{.messageId = message, .position = position++, .remote = file.remote};
        row.attachment = {.kind = file.kind,
                          .name = file.name,
                          .mime = file.mime,
                          .state = file.remote.isEmpty() ? Attachment::State::Ready : Attachment::State::Pending,
                          .embedUrl = file.embedUrl,
                          .title = file.title};
        if (file.kind == Attachment::Kind::Embed)
            row.attachment.state = Attachment::State::Ready;     // its card needs no file; title and picture come on top
        const auto id = attachments::insert(context.tx, row);
        if (!id)
            return id.error();
        const bool isCard = file.kind == Attachment::Kind::Embed;
        if (isCard ? file.embedUrl.isEmpty() : file.remote.isEmpty())
            continue;
        const auto queued = jobs::enqueue(context.tx, {.kind = isCard ? u"embed"_s : u"media"_s,
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

/// The row that a message from outside becomes, but for the words that tell who wrote it.
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

/// What waited for this message: quotes of it, and events about it.
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

Result<MessageId> store(const Context &context, const messages::NewMessage &row, const InboundMessage &message)
{
    const auto id = messages::insert(context.tx, row);
    if (!id)
        return id.error();
    if (!*id)
        return Error{Error::Kind::Conflict, u"a message with this id appeared meanwhile"_s};
    if (const auto done = insertAttachments(context, **id, message); !done)
        return done.error();
    context.changed(u"message.created"_s, (*id)->value());
    if (const auto done = caughtup::noteStored(context); !done)
        return done.error();
    if (const auto done = settleWaiting(context, message.sourceId, **id); !done)
        return done.error();
    return **id;
}

Result<Outcome> applyIncoming(const Context &context, const InboundMessage &message)
{
    auto customer = thread(context, message.customer);
    if (!customer)
        return customer.error();
    contacts::ContactInboxRow address = *customer;
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
    const auto id = store(context, incoming, message);
    if (!id)
        return id.error();
    if (const auto done = noteIncoming(context, *conversation, *id, message.platformAt); !done)
        return done.error();
    if (const auto done = wantProfile(context, address); !done)
        return done.error();
    return Outcome{.entityId = id->value()};
}

/// Words for who wrote an echo, where it was neither the phone nor us.
QString echoSender(InboundMessage::Origin origin)
{
    switch (origin) {
    case InboundMessage::Origin::OwnApi: return u"Another connected tool"_s;
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
    echo.senderName = echoSender(message.origin);
    echo.platformAt = message.platformAt;
    const auto id = store(context, echo, message);
    if (!id)
        return id.error();
    if (const auto done = noteEcho(context, *conversation, *id, message.platformAt, echo.isAutomatic); !done)
        return done.error();
    if (const auto done = wantProfile(context, address); !done)
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
    auto changed = messages::applyStatus(context.tx, message, StatusEvent::Delivered);
    if (!changed)
        return changed.error();
    bool isChanged = *changed;
    const auto address = contacts::find(context.tx, context.inboxId(), echo.customer.contactSourceId);
    if (!address)
        return address.error();
    const auto seenUpTo = *address ? readUpTo(**address) : std::nullopt;
    if (seenUpTo && echo.platformAt <= *seenUpTo) {
        changed = messages::applyStatus(context.tx, message, StatusEvent::Read);
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

Outcome wait(const QString &reason, Timestamp until)
{
    return {.kind = Outcome::Kind::Parked, .reason = reason, .retryAt = until};
}

} // namespace

Result<Outcome> applyMessage(const Context &context, const InboundMessage &message)
{
    if (message.sourceId.isEmpty())
        return Error{Error::Kind::BadPayload, u"no message id"_s};
    const auto known = messages::findBySource(context.tx, context.inboxId(), message.sourceId);
    if (!known)
        return known.error();
    const bool isEcho = message.origin != InboundMessage::Origin::Customer;
    if (*known) {
        if (isEcho)
            return confirm(context, message, **known);
        if (const auto done = deliveries::count(context.tx, context.inboxId(), u"duplicates"_s); !done)
            return done.error();
        return Outcome{.entityId = (*known)->id.value()};
    }
    if (!isEcho)
        return applyIncoming(context, message);
    if (message.origin == InboundMessage::Origin::OwnApi) {
        const auto origin = settleByEcho(context, message);
        if (!origin)
            return origin.error();
        if (*origin == EchoOrigin::Undecided)
            return wait(u"waits_for_send"_s, context.tx.now() + kEchoPause);
        if (*origin == EchoOrigin::Settled) {
            const auto bound = messages::findBySource(context.tx, context.inboxId(), message.sourceId);
            if (!bound)
                return bound.error();
            if (*bound) {
                if (const auto done = settleWaiting(context, message.sourceId, (*bound)->id); !done)
                    return done.error();
                return confirm(context, message, **bound);
            }
        }
    }
    return storeEcho(context, message);
}

Result<Outcome> applyReaction(const Context &context, const InboundReaction &reaction)
{
    const auto message = messages::findBySource(context.tx, context.inboxId(), reaction.messageSourceId);
    if (!message)
        return message.error();
    if (!*message) {
        const Timestamp until = context.event.receivedAt + kTargetPatience;
        if (context.tx.now() >= until)
            return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"unknown message"_s};
        return wait(u"waits_for_message"_s, until);
    }
    const MessageId id = (*message)->id;
    if (reaction.isRemoval) {
        const auto removed = messages::removeReaction(context.tx, id, reaction.senderPlatformId, reaction.emoji, reaction.platformAt);
        if (!removed)
            return removed.error();
        if (*removed)
            context.changed(u"message.updated"_s, id.value());
        return Outcome{.entityId = id.value()};
    }
    Reaction stored{.emoji = reaction.emoji, .sender = {.type = Sender::Type::NativeApp}};
    if (reaction.fromCustomer) {
        const auto address = contacts::find(context.tx, context.inboxId(), reaction.contactSourceId);
        if (!address)
            return address.error();
        stored.sender.type = Sender::Type::Contact;
        if (*address)
            stored.sender.id = (*address)->contactId.toString();
    }
    if (const auto done = messages::setReaction(context.tx, id, reaction.senderPlatformId, stored, reaction.platformAt); !done)
        return done.error();
    context.changed(u"message.updated"_s, id.value());
    return Outcome{.entityId = id.value()};
}

} // namespace antiphon::inbound
