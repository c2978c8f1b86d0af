#include "core/intake/ownsends.h"

#include "core/store/attachmentrepository.h"

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

/// Whether `send` would have made this echo: the same text as it went out, or the same kind of file.
Result<bool> matches(const Context &context, const Unknown &send, const InboundMessage &echo)
{
    const auto files = attachments::ofMessage(context.tx, send.messageId);
    if (!files)
        return files.error();
    if (files->isEmpty() != echo.attachments.isEmpty())
        return false;
    if (!files->isEmpty())
        return files->constFirst().attachment.kind == echo.attachments.constFirst().kind;
    const OutboundMessage outbound{.contactSourceId = echo.customer.contactSourceId, .content = send.content};
    const QList<OutboundPart> parts = context.adapter.parts(outbound);
    const QString sent = parts.isEmpty() ? send.content : parts.constFirst().message.content;
    return sent.trimmed() == echo.content.trimmed() || send.content.trimmed() == echo.content.trimmed();
}

Result<void> bindSend(const Context &context, const Unknown &send, const InboundMessage &echo)
{
    Query message = context.tx.query(u"UPDATE message SET source_id = :source, updated_at = :now WHERE id = :id AND source_id IS NULL"_s);
    message.bind(":source"_L1, echo.sourceId).bind(":now"_L1, context.tx.now()).bind(":id"_L1, send.messageId);
    if (const auto done = message.exec(); !done)
        return done;
    Query part = context.tx.query(u"UPDATE send_part SET platform_id = :source, status = 'sent' WHERE message_id = :id AND part = 0"
                                  " AND platform_id IS NULL"_s);
    part.bind(":source"_L1, echo.sourceId).bind(":id"_L1, send.messageId);
    if (const auto done = part.exec(); !done)
        return done;
    Query outbox = context.tx.query(u"UPDATE outbox SET state = 'sent', owner = NULL, lease_until = NULL, settle_until = NULL WHERE id = :id"_s);
    outbox.bind(":id"_L1, send.id);
    if (const auto done = outbox.exec(); !done)
        return done;
    context.changed(u"message.updated"_s, send.messageId.value());
    return {};
}

} // namespace

Result<EchoOrigin> settleByEcho(const Context &context, const InboundMessage &echo)
{
    const auto sends = unknownSends(context, echo.platformAt);
    if (!sends)
        return sends.error();
    for (const Unknown &send : *sends) {
        if (send.hasSource)
            continue;
        const auto isIt = matches(context, send, echo);
        if (!isIt)
            return isIt.error();
        if (!*isIt)
            continue;
        if (const auto done = bindSend(context, send, echo); !done)
            return done.error();
        return EchoOrigin::Settled;
    }
    Query sending = context.tx.query(u"SELECT 1 FROM outbox WHERE lane = :lane AND state IN ('queued', 'sending') AND state = 'sending' LIMIT 1"_s);
    sending.bind(":lane"_L1, context.event.lane);
    const auto isSending = exists(sending);
    if (!isSending)
        return isSending.error();
    return *isSending ? EchoOrigin::Undecided : EchoOrigin::Elsewhere;
}

} // namespace antiphon::inbound
