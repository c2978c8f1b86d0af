// How far our own messages came, as the platform tells: of single ones, or of all up to a moment.

#include "core/base/json.h"
#include "core/intake/inboundcontext.h"
#include "core/intake/ownsends.h"
#include "core/store/messageparts.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kReadUpTo = "read_up_to"_L1;
constexpr auto kDeliveredUpTo = "delivered_up_to"_L1;
constexpr Milliseconds kPause = std::chrono::seconds(30);
/// More than what markUpTo allows for between our clock and the platform's: a message isn't before itself.
constexpr Milliseconds kBeforeMessage{2001};

Result<void> applyTo(const Context &context, const InboundStatus &status, const QString &sourceId, const messages::MessageRef &message)
{
    if (message.direction != Message::Direction::Outgoing)
        return {};
    const ExternalError refusal = status.error.value_or(ExternalError{.code = u"refused"_s});
    const auto changed = status.status == StatusEvent::Refused ? messages::fail(context.tx, message, sourceId, refusal)
                                                               : messages::applyPartStatus(context.tx, message, sourceId, status.status);
    if (!changed)
        return changed.error();
    if (*changed)
        context.messageChanged(message.id, message.conversationId);
    return {};
}

/// The message with this id; where nobody has it, the send that gave the key along is taken for it.
Result<std::optional<messages::MessageRef>> find(const Context &context, const InboundStatus &status, bool *isUndecided)
{
    const auto known = messages::findBySource(context.tx, context.inboxId(), status.messageSourceId);
    if (!known || *known || status.sendKey.isEmpty())
        return known;
    const bool isProof = status.status == StatusEvent::Delivered || status.status == StatusEvent::Read;
    const auto origin = settleByKey(context, status.sendKey, status.messageSourceId, isProof);
    if (!origin)
        return origin.error();
    *isUndecided = *origin == EchoOrigin::Undecided;
    if (*origin != EchoOrigin::Settled)
        return std::optional<messages::MessageRef>();
    return messages::findBySource(context.tx, context.inboxId(), status.messageSourceId);
}

/// Kept, for echoes and answers of sends that come after the mark that covers them.
Result<void> keepMark(const Context &context, const contacts::ContactInboxRow &thread, QLatin1StringView key, Timestamp upTo)
{
    const auto before = json::integer(thread.attributes.value(key));
    if (before && *before >= toUnixMs(upTo))
        return {};
    QJsonObject attributes = thread.attributes;
    attributes.insert(key, toUnixMs(upTo));
    return contacts::setAttributes(context.tx, thread.id, attributes);
}

Result<Outcome> markThread(const Context &context, const contacts::ContactInboxRow &thread, Timestamp upTo, bool isDelivery)
{
    if (const auto done = keepMark(context, thread, isDelivery ? kDeliveredUpTo : kReadUpTo, upTo); !done)
        return done.error();
    const auto changed = messages::markUpTo(context.tx, thread.id, upTo, isDelivery ? StatusEvent::Delivered : StatusEvent::Read);
    if (!changed)
        return changed.error();
    for (const messages::MessageRef &message : *changed)
        context.messageChanged(message.id, message.conversationId);
    return Outcome{.entityId = changed->isEmpty() ? 0 : changed->constLast().id.value()};
}

/// These parts of a message, and all that went out before it. Its later parts are not said to be seen, so no moment is kept that would cover them.
Result<Outcome> markParts(const Context &context, const contacts::ContactInboxRow &thread, const messages::MessageRef &message, const QStringList &parts, bool isDelivery)
{
    const StatusEvent event = isDelivery ? StatusEvent::Delivered : StatusEvent::Read;
    for (const QString &part : parts) {
        if (const auto done = applyTo(context, {.status = event}, part, message); !done)
            return done.error();
    }
    const auto changed = messages::markUpTo(context.tx, thread.id, message.createdAt - kBeforeMessage, event);
    if (!changed)
        return changed.error();
    for (const messages::MessageRef &earlier : *changed)
        context.messageChanged(earlier.id, earlier.conversationId);
    return Outcome{.entityId = message.id.value()};
}

Result<Outcome> applyReadOf(const Context &context, const InboundRead &read)
{
    const auto message = messages::findBySource(context.tx, context.inboxId(), read.messageSourceId);
    if (!message)
        return message.error();
    if (!*message)
        return waitFor(context, u"waits_for_message"_s, kTargetPatience, u"unknown message"_s);
    const auto conversation = conversations::find(context.tx, (*message)->conversationId);
    if (!conversation)
        return conversation.error();
    const auto row = *conversation ? contacts::find(context.tx, (*conversation)->contactInboxId)
                                   : Result<std::optional<contacts::ContactInboxRow>>(std::optional<contacts::ContactInboxRow>());
    if (!row)
        return row.error();
    if (!*row)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"unknown thread"_s};
    const auto parts = messages::partsUpTo(context.tx, (*message)->id, read.messageSourceId);
    if (!parts)
        return parts.error();
    if (!parts->isEmpty())
        return markParts(context, **row, **message, *parts, read.isDelivery);
    const auto said = messages::words(context.tx, (*message)->id);
    if (!said)
        return said.error();
    return markThread(context, **row, said->platformAt.value_or((*message)->createdAt), read.isDelivery);
}

} // namespace

Result<Outcome> applyStatus(const Context &context, const InboundStatus &status)
{
    bool isUndecided = false;
    const auto message = find(context, status, &isUndecided);
    if (!message)
        return message.error();
    if (*message) {
        if (const auto done = applyTo(context, status, status.messageSourceId, **message); !done)
            return done.error();
    }
    bool isOtherMissing = false;
    for (const QString &sourceId : status.alsoAbout) {
        const auto other = messages::findBySource(context.tx, context.inboxId(), sourceId);
        if (!other)
            return other.error();
        isOtherMissing = isOtherMissing || !*other;
        if (!*other)
            continue;
        if (const auto done = applyTo(context, status, sourceId, **other); !done)
            return done.error();
    }
    if (*message && !isOtherMissing)
        return Outcome{.entityId = (*message)->id.value()};
    Outcome outcome = waitFor(context, u"waits_for_message"_s, kTargetPatience, u"unknown message"_s);
    // Only the first id wakes it by itself; for the others, and for a send that is under way, it looks now and then.
    if (outcome.kind == Outcome::Kind::Parked && (isOtherMissing || isUndecided))
        outcome.retryAt = std::min(outcome.retryAt, context.tx.now() + kPause);
    return outcome;
}

Result<Outcome> applyRead(const Context &context, const InboundRead &read)
{
    if (!read.messageSourceId.isEmpty())
        return applyReadOf(context, read);
    const auto row = contacts::findByAddress(context.tx, context.inboxId(), read.contactSourceId);
    if (!row)
        return row.error();
    if (!*row)
        return waitFor(context, u"waits_for_thread"_s, kTargetPatience, u"unknown thread"_s);
    return markThread(context, **row, read.readUpTo, read.isDelivery);
}

} // namespace antiphon::inbound
