#include "core/intake/ownsends.h"

#include "core/channels/textmarks.h"
#include "core/store/attachmentrepository.h"
#include "core/store/outboxarrivals.h"

#include <algorithm>

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

/// How far the platform's clock may be behind ours at the moment of a request.
constexpr Milliseconds kClockAllowance{5000};
/// An unknown send that is older than this is not taken for the origin of an echo any more.
constexpr Milliseconds kSettleAge = std::chrono::minutes(15);

struct Unknown {
    OutboxId id{};
    MessageId messageId{};
    QString content{};
    bool hasSource = false;
};

Result<bool> exists(Query &q)
{
    const bool found = q.next();
    if (!q.ok())
        return q.error();
    return found;
}

Result<QList<Unknown>> unknownSends(const Context &context, Timestamp echoAt)
{
    // A send that is being settled has ended without an answer: it stands beside those that have been given up.
    Query q = context.tx.query(
        u"SELECT o.id, o.message_id, m.content, m.source_id FROM outbox o JOIN message m ON m.id = o.message_id"
        " WHERE o.lane = :lane AND o.state IN ('queued', 'sending') AND o.state = 'sending' AND o.settle_until IS NOT NULL"
        " AND o.request_started_at BETWEEN :oldest AND :at"
        " UNION ALL SELECT o.id, o.message_id, m.content, m.source_id FROM outbox o JOIN message m ON m.id = o.message_id"
        " WHERE o.lane = :lane AND o.state = 'unknown' AND o.request_started_at BETWEEN :oldest AND :at"_s);
    q.bind(":lane"_L1, context.event.lane).bind(":oldest"_L1, echoAt - kSettleAge).bind(":at"_L1, echoAt + kClockAllowance);
    QList<Unknown> sends;
    while (q.next())
        sends.append({.id = q.id<OutboxId>(0), .messageId = q.id<MessageId>(1), .content = q.text(2), .hasSource = !q.isNull(3)});
    if (!q.ok())
        return q.error();
    std::sort(sends.begin(), sends.end(), [](const Unknown &a, const Unknown &b) { return a.id < b.id; });
    return sends;
}

/// What the adapter makes calls of, as far as an echo can be compared with it.
Result<OutboundMessage> outboundOf(const Context &context, const Unknown &send, const QString &contactSourceId)
{
    const auto files = attachments::ofMessage(context.tx, send.messageId);
    if (!files)
        return files.error();
    OutboundMessage outbound{.contactSourceId = contactSourceId,
                             .content = send.content,
                             .inbox = context.inboxId(),
                             .inboxSettings = context.inbox.inbox.settings};
    for (const attachments::AttachmentRow &row : *files) {
        const Attachment &file = row.attachment;
        outbound.attachments.append(
            {.kind = file.kind, .name = file.name, .mime = file.mime, .size = file.size.value_or(0), .isVoice = file.isVoice});
    }
    return outbound;
}

/// Whether this part of `send` would have made this echo: the same text as it went out, or the same kind of file.
Result<bool> matches(const Context &context, const Unknown &send, int part, const InboundMessage &echo)
{
    const auto outbound = outboundOf(context, send, echo.customer.contactSourceId);
    if (!outbound)
        return outbound.error();
    const QList<OutboundPart> parts = context.adapter.parts(*outbound);
    const auto found = std::find_if(parts.begin(), parts.end(), [part](const OutboundPart &one) { return one.index == part; });
    const OutboundMessage sent = found == parts.end() ? *outbound : found->message;
    if (sent.attachments.isEmpty() != echo.attachments.isEmpty())
        return false;
    if (!sent.attachments.isEmpty())
        return sent.attachments.constFirst().kind == echo.attachments.constFirst().kind;
    return saysTheSame(sent.content, echo.content) || saysTheSame(send.content, echo.content);
}

/// An attempt whose answer was lost, and of which nothing was heard since.
struct LostAttempt {
    qint64 id = 0;
    int n = 0;
    Unknown send{};
    bool isUnderWay = false;          ///< another attempt's request is out
};

Result<QList<LostAttempt>> lostAttempts(const Context &context, Timestamp echoAt)
{
    Query q = context.tx.query(
        u"SELECT a.id, a.n, o.id, o.message_id, m.content, m.source_id, o.state = 'sending' AND o.settle_until IS NULL"
        " FROM send_attempt a JOIN outbox o ON o.message_id = a.message_id JOIN message m ON m.id = a.message_id"
        " WHERE a.code = 'outcome_unknown' AND a.platform_id IS NULL AND a.request_started_at BETWEEN :oldest AND :at"
        " AND a.part = 0 AND o.lane = :lane ORDER BY a.request_started_at"_s);
    q.bind(":lane"_L1, context.event.lane).bind(":oldest"_L1, echoAt - kSettleAge).bind(":at"_L1, echoAt + kClockAllowance);
    QList<LostAttempt> attempts;
    while (q.next()) {
        attempts.append({.id = q.integer(0),
                         .n = int(q.integer(1)),
                         .send = {.id = q.id<OutboxId>(2), .messageId = q.id<MessageId>(3), .content = q.text(4), .hasSource = !q.isNull(5)},
                         .isUnderWay = q.boolean(6)});
    }
    if (!q.ok())
        return q.error();
    return attempts;
}

/// The message was sent again meanwhile, and that one arrived as well: the echo is of the first, which has a part of its own beside the others.
Result<void> markArrivedTwice(const Context &context, const LostAttempt &attempt, const InboundMessage &echo)
{
    Query part = context.tx.query(u"INSERT INTO send_part (message_id, part, inbox_id, platform_id, status) VALUES (:message, :part, :inbox, :source, 'sent')"
                                  " ON CONFLICT (message_id, part) DO UPDATE SET platform_id = excluded.platform_id"_s);
    part.bind(":message"_L1, attempt.send.messageId).bind(":part"_L1, -attempt.n).bind(":inbox"_L1, context.inboxId()).bind(":source"_L1, echo.sourceId);
    if (const auto done = part.exec(); !done)
        return done;
    Query message = context.tx.query(u"UPDATE message SET arrived_twice = TRUE, updated_at = :now WHERE id = :id"_s);
    message.bind(":now"_L1, context.tx.now()).bind(":id"_L1, attempt.send.messageId);
    if (const auto done = message.exec(); !done)
        return done;
    context.changed(u"message.updated"_s, attempt.send.messageId.value());
    return {};
}

Result<void> attemptArrived(const Context &context, qint64 attempt, const QString &sourceId)
{
    Query q = context.tx.query(u"UPDATE send_attempt SET platform_id = :source WHERE id = :id"_s);
    q.bind(":source"_L1, sourceId).bind(":id"_L1, attempt);
    return q.exec();
}

Result<void> bindSend(const Context &context, const Unknown &send, const InboundMessage &echo)
{
    const auto lost = outbox::findLost(context.tx, send.messageId);
    if (!lost)
        return lost.error();
    if (!*lost || !(*lost)->part)
        return Error{Error::Kind::Conflict, u"it is bound already"_s};
    return outbox::partArrived(context.tx, **lost, echo.sourceId);
}

/// The first part of it that the platform is not known to have.
Result<std::optional<int>> missingPart(const Context &context, const Unknown &send)
{
    const auto lost = outbox::findLost(context.tx, send.messageId);
    if (!lost)
        return lost.error();
    return *lost ? (*lost)->part : std::nullopt;
}

/// An echo of an earlier attempt than the one the row of the outbox speaks of.
Result<EchoOrigin> settleLostAttempt(const Context &context, const InboundMessage &echo)
{
    const auto attempts = lostAttempts(context, echo.platformAt);
    if (!attempts)
        return attempts.error();
    for (const LostAttempt &attempt : *attempts) {
        const auto isIt = matches(context, attempt.send, 0, echo);
        if (!isIt)
            return isIt.error();
        if (!*isIt)
            continue;
        if (attempt.isUnderWay)          // which of the two it is shows once that one has ended
            return EchoOrigin::Undecided;
        const auto done = attempt.send.hasSource ? markArrivedTwice(context, attempt, echo) : bindSend(context, attempt.send, echo);
        if (!done)
            return done.error();
        if (const auto noted = attemptArrived(context, attempt.id, echo.sourceId); !noted)
            return noted.error();
        return EchoOrigin::Settled;
    }
    return EchoOrigin::Elsewhere;
}

} // namespace

Result<EchoOrigin> settleByKey(const Context &context, const QString &sendKey, const QString &sourceId, bool isProof)
{
    const auto found = outbox::findByKey(context.tx, context.inboxId(), sendKey);
    if (!found)
        return found.error();
    if (!*found)
        return EchoOrigin::Elsewhere;
    const outbox::KeyedSend &send = **found;
    if (!send.isCurrent) {
        if (send.attemptSource == sourceId && !isProof)
            return EchoOrigin::Past;
        if (send.row.state == outbox::State::Sending && !send.row.settleUntil)       // which of the two counts shows once that one has ended
            return EchoOrigin::Undecided;
    }
    const auto done = send.part ? outbox::partArrived(context.tx, send, sourceId) : outbox::arrivedAgain(context.tx, send, sourceId);
    if (!done)
        return done.error();
    return EchoOrigin::Settled;
}

Result<EchoOrigin> settleByEcho(const Context &context, const InboundMessage &echo)
{
    const auto sends = unknownSends(context, echo.platformAt);
    if (!sends)
        return sends.error();
    for (const Unknown &send : *sends) {
        const auto part = missingPart(context, send);
        if (!part)
            return part.error();
        if (!*part)
            continue;
        const auto isIt = matches(context, send, **part, echo);
        if (!isIt)
            return isIt.error();
        if (!*isIt)
            continue;
        if (const auto done = bindSend(context, send, echo); !done)
            return done.error();
        return EchoOrigin::Settled;
    }
    const auto earlier = settleLostAttempt(context, echo);
    if (!earlier || *earlier != EchoOrigin::Elsewhere)
        return earlier;
    Query sending = context.tx.query(u"SELECT 1 FROM outbox WHERE lane = :lane AND state IN ('queued', 'sending') AND state = 'sending' LIMIT 1"_s);
    sending.bind(":lane"_L1, context.event.lane);
    const auto isSending = exists(sending);
    if (!isSending)
        return isSending.error();
    return *isSending ? EchoOrigin::Undecided : EchoOrigin::Elsewhere;
}

} // namespace antiphon::inbound
