#include "core/base/json.h"
#include "core/base/logging.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/eventrepository.h"
#include "core/store/messagerepository.h"
#include "core/store/outboxsteps.h"

// How a claimed send ends: each function fenced by its owner.
namespace antiphon::outbox {
using namespace Qt::StringLiterals;

namespace steps {

Result<void> moveMessage(WriteTransaction &tx, MessageId id, InboxId inbox, StatusEvent event)
{
    const auto message = messages::find(tx, id);
    if (!message)
        return message.error();
    if (!*message)
        return {};
    const auto moved = messages::applyStatus(tx, **message, event);
    if (!moved)
        return moved.error();
    if (*moved) {
        tx.changed(u"message.updated"_s, id.value(), inbox);
        tx.changed(u"conversation.updated"_s, (*message)->conversationId.value(), inbox);
    }
    return {};
}

Result<void> failMessage(WriteTransaction &tx, MessageId id, InboxId inbox, const ExternalError &error)
{
    if (const auto moved = moveMessage(tx, id, inbox, StatusEvent::Refused); !moved)
        return moved;
    Query q = tx.query(u"UPDATE message SET error_code = :code, error_text = :text, error_retryable = :retryable"
                       " WHERE id = :id AND status = 'failed'"_s);
    q.bind(":code"_L1, error.code).bind(":text"_L1, error.text).bind(":retryable"_L1, error.retryable).bind(":id"_L1, id);
    return q.exec();
}

Result<void> failUnknown(WriteTransaction &tx, MessageId id, InboxId inbox)
{
    return failMessage(tx, id, inbox, {.code = QString::fromUtf16(kOutcomeUnknown), .text = u"It may have been sent: the answer was lost."_s, .retryable = true});
}

Result<void> setFailedPart(WriteTransaction &tx, MessageId id, const QJsonObject &part)
{
    constexpr auto kKey = "failed_part"_L1;
    QJsonObject detail;
    {
        Query q = tx.query(u"SELECT detail FROM message WHERE id = :id"_s);
        q.bind(":id"_L1, id);
        if (q.next())
            detail = q.json(0);
        if (!q.ok())
            return q.error();
    }
    if (part.isEmpty() && !detail.contains(kKey))
        return {};
    if (part.isEmpty())
        detail.remove(kKey);
    else
        detail.insert(kKey, part);
    Query q = tx.query(u"UPDATE message SET detail = :detail WHERE id = :id"_s);
    q.bind(":detail"_L1, detail.isEmpty() ? QString() : json::toText(detail)).bind(":id"_L1, id);
    return q.exec();
}

Result<void> freeLane(WriteTransaction &tx, const QString &lane)
{
    const auto due = events::dueByLane(tx, lane);
    return due ? Result<void>() : Result<void>(due.error());
}

Result<void> beginAttempt(WriteTransaction &tx, const Row &row)
{
    Query first = tx.query(u"SELECT min(part) FROM send_part WHERE message_id = :message AND part >= 0 AND platform_id IS NULL"_s);
    first.bind(":message"_L1, row.messageId);
    const int part = first.next() ? int(first.integer(0)) : 0;
    if (!first.ok())
        return first.error();
    Query q = tx.query(u"INSERT INTO send_attempt (message_id, n, part, idem_key, request_started_at)"
                       " VALUES (:message, coalesce((SELECT max(n) FROM send_attempt WHERE message_id = :message), 0) + 1, :part, :key, :now)"_s);
    q.bind(":message"_L1, row.messageId).bind(":part"_L1, part).bind(":key"_L1, partKey(row.idemKey, part)).bind(":now"_L1, tx.now());
    return q.exec();
}

Result<void> finishAttempt(WriteTransaction &tx, const Row &row, const Attempt &attempt)
{
    Query q = tx.query(u"UPDATE send_attempt SET bytes_sent = :bytes, finished_at = :now, http_status = :http, code = :code, text = :text,"
                       " request_id = :request, platform_id = coalesce(:platform, platform_id), part = :part"
                       " WHERE id = (SELECT id FROM send_attempt WHERE message_id = :message ORDER BY n DESC, id DESC LIMIT 1) AND finished_at IS NULL"_s);
    const auto text = [](const QString &value) { return value.isEmpty() ? QString() : value; };
    q.bind(":bytes"_L1, attempt.bytesSent).bind(":now"_L1, tx.now()).bind(":code"_L1, text(attempt.code)).bind(":text"_L1, text(attempt.text));
    q.bind(":http"_L1, attempt.httpStatus > 0 ? std::optional(attempt.httpStatus) : std::nullopt);
    q.bind(":request"_L1, text(attempt.requestId)).bind(":platform"_L1, text(attempt.platformId)).bind(":part"_L1, attempt.part);
    q.bind(":message"_L1, row.messageId);
    return q.exec();
}

Result<void> release(WriteTransaction &tx, const Row &row, const QString &sql, const std::function<void(Query &)> &bindMore)
{
    Query q = tx.query(sql);
    q.bind(":id"_L1, row.id).bind(":owner"_L1, row.owner);
    bindMore(q);
    if (const auto done = q.exec(); !done)
        return done;
    if (q.rowsAffected() != 1)
        return Error{Error::Kind::Conflict, u"the send is not ours any more"_s};
    return {};
}

} // namespace steps

using namespace steps;

namespace {

/// How many calls of a message that takes several are still without an id; 0 where it is a single one.
Result<int> missingParts(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT count(*) FROM send_part WHERE message_id = :id AND part >= 0 AND platform_id IS NULL"_s);
    q.bind(":id"_L1, message);
    if (q.next())
        return int(q.integer(0));
    return q.ok() ? Result<int>(0) : Result<int>(q.error());
}

Result<bool> hasPartUnderWay(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT 1 FROM send_part WHERE message_id = :id AND part >= 0 AND status = 'sending' LIMIT 1"_s);
    q.bind(":id"_L1, message);
    const bool found = q.next();
    return q.ok() ? Result<bool>(found) : Result<bool>(q.error());
}

/// Statuses of the first parts may have come before the last one was sent.
Result<void> catchUpWithParts(WriteTransaction &tx, const Row &row)
{
    const auto message = messages::find(tx, row.messageId);
    if (!message)
        return message.error();
    const auto moved = *message ? messages::applyLeastOfParts(tx, **message) : Result<bool>(false);
    return moved ? Result<void>() : Result<void>(moved.error());
}

/// The newest attempt whose answer was lost is the one that arrived.
Result<void> attemptArrived(WriteTransaction &tx, MessageId message, const QString &sourceId)
{
    Query q = tx.query(u"UPDATE send_attempt SET platform_id = :source WHERE id = (SELECT id FROM send_attempt WHERE message_id = :message"
                       " AND code = 'outcome_unknown' AND platform_id IS NULL ORDER BY n DESC LIMIT 1)"_s);
    q.bind(":source"_L1, sourceId).bind(":message"_L1, message);
    return q.exec();
}

} // namespace

Result<void> steps::bindPart(WriteTransaction &tx, const Row &row, int part, const QString &sourceId, MessageStatus status)
{
    const auto known = messages::findBySource(tx, row.inboxId, sourceId);
    if (!known)
        return known.error();
    if (*known && (*known)->id != row.messageId) {
        qCCritical(lcOutbox) << "message" << row.messageId.value() << "was given the platform id of message" << (*known)->id.value();
        return {};
    }
    Query q = tx.query(u"INSERT INTO send_part (message_id, part, inbox_id, platform_id, status) VALUES (:message, :part, :inbox, :source, :status)"
                       " ON CONFLICT (message_id, part) DO UPDATE SET platform_id = excluded.platform_id, status = excluded.status"_s);
    q.bind(":message"_L1, row.messageId).bind(":part"_L1, part).bind(":inbox"_L1, row.inboxId).bind(":source"_L1, sourceId);
    q.bind(":status"_L1, messageStatusName(status));
    if (const auto done = q.exec(); !done)
        return done;
    if (part == 0) {
        Query message = tx.query(u"UPDATE message SET source_id = :source WHERE id = :id"_s);
        message.bind(":source"_L1, sourceId).bind(":id"_L1, row.messageId);
        if (const auto done = message.exec(); !done)
            return done;
        const auto quoting = messages::resolveQuotes(tx, row.inboxId, sourceId, row.messageId);
        if (!quoting)
            return quoting.error();
        for (const MessageId quote : *quoting)
            tx.changed(u"message.updated"_s, quote.value(), row.inboxId);
    }
    const auto due = events::dueByTarget(tx, row.inboxId, sourceId);
    return due ? Result<void>() : Result<void>(due.error());
}

namespace {

/// The platform's own name for the customer finds them too, from now on.
Result<void> rememberAddress(WriteTransaction &tx, const Row &row, const QString &address)
{
    if (address.isEmpty())
        return {};
    Query q = tx.query(u"SELECT c.contact_inbox_id FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE m.id = :message"_s);
    q.bind(":message"_L1, row.messageId);
    if (!q.next())
        return q.ok() ? Result<void>() : Result<void>(q.error());
    return contacts::addAlias(tx, row.inboxId, q.id<ContactInboxId>(0), address);
}

/// What the platform said of the conversation by refusing.
Result<void> learn(WriteTransaction &tx, const Row &row, const QJsonObject &attributes)
{
    if (attributes.isEmpty())
        return {};
    const auto message = messages::find(tx, row.messageId);
    if (!message)
        return message.error();
    if (!*message)
        return {};
    const auto put = conversations::putAttributes(tx, (*message)->conversationId, attributes);
    return put ? Result<void>() : Result<void>(put.error());
}

/// A part's id and what came with it.
Result<void> takePart(WriteTransaction &tx, const Row &row, const Attempt &attempt)
{
    if (const auto done = finishAttempt(tx, row, attempt); !done)
        return done;
    if (const auto done = rememberAddress(tx, row, attempt.customerAddress); !done)
        return done;
    if (const auto done = bindPart(tx, row, attempt.part, attempt.platformId, attempt.isUnderWay ? MessageStatus::Sending : MessageStatus::Sent);
        !done)
        return done;
    for (const QString &id : attempt.furtherIds) {
        if (const auto done = messages::addAlias(tx, row.inboxId, id, row.messageId); !done)
            return done;
    }
    return attempt.part == 0 && !attempt.tokens.isEmpty() ? messages::setTokens(tx, row.messageId, attempt.tokens) : Result<void>();
}

} // namespace

Result<void> partSent(WriteTransaction &tx, const Row &row, const Attempt &attempt)
{
    if (const auto done = release(tx, row, u"UPDATE outbox SET request_started_at = :now WHERE id = :id AND owner = :owner AND state = 'sending'"_s,
                                  [&tx](Query &q) { q.bind(":now"_L1, tx.now()); });
        !done)
        return done;
    if (const auto done = takePart(tx, row, attempt); !done)
        return done;
    return beginAttempt(tx, row);
}

Result<void> finishSent(WriteTransaction &tx, const Row &row, const Attempt &attempt, std::optional<Timestamp> deliveredAt)
{
    if (const auto done = release(tx, row,
                                  u"UPDATE outbox SET state = 'sent', next_at = :deliver, owner = NULL, lease_until = NULL, settle_until = NULL,"
                                  " last_class = NULL, last_text = NULL WHERE id = :id AND owner = :owner AND state = 'sending'"_s,
                                  [&](Query &q) { q.bind(":deliver"_L1, deliveredAt ? toUnixMs(*deliveredAt) : 0); });
        !done)
        return done;
    if (const auto done = takePart(tx, row, attempt); !done)
        return done;
    const auto isUnderWay = hasPartUnderWay(tx, row.messageId);
    if (!isUnderWay)
        return isUnderWay.error();
    if (const auto done = *isUnderWay ? Result<void>() : moveMessage(tx, row.messageId, row.inboxId, StatusEvent::Accepted); !done)
        return done;
    if (const auto done = catchUpWithParts(tx, row); !done)
        return done;
    return freeLane(tx, row.lane);
}

Result<void> finishFailed(WriteTransaction &tx, const Row &row, const Attempt &attempt, const ExternalError &error, const QJsonObject &attributes)
{
    if (const auto done = release(tx, row,
                                  u"UPDATE outbox SET state = 'failed', owner = NULL, lease_until = NULL, settle_until = NULL, attempts = attempts + 1,"
                                  " last_class = :class, last_text = :text WHERE id = :id AND owner = :owner AND state = 'sending'"_s,
                                  [&](Query &q) { q.bind(":class"_L1, error.code).bind(":text"_L1, error.text); });
        !done)
        return done;
    if (const auto done = finishAttempt(tx, row, attempt); !done)
        return done;
    if (const auto done = learn(tx, row, attributes); !done)
        return done;
    if (const auto done = setFailedPart(tx, row.messageId, attempt.failedPart); !done)
        return done;
    if (const auto done = failMessage(tx, row.messageId, row.inboxId, error); !done)
        return done;
    return freeLane(tx, row.lane);
}

Result<void> requeue(WriteTransaction &tx, const Row &row, const Attempt &attempt, Timestamp nextAt, const QString &errorClass, bool counts)
{
    if (const auto done = release(tx, row,
                                  u"UPDATE outbox SET state = 'queued', next_at = :next, owner = NULL, lease_until = NULL, settle_until = NULL,"
                                  " attempts = attempts + :counts, last_class = :class, last_text = :text"
                                  " WHERE id = :id AND owner = :owner AND state = 'sending'"_s,
                                  [&](Query &q) {
                                      q.bind(":next"_L1, nextAt).bind(":counts"_L1, counts ? 1 : 0);
                                      q.bind(":class"_L1, errorClass).bind(":text"_L1, attempt.text);
                                  });
        !done)
        return done;
    if (const auto done = finishAttempt(tx, row, attempt); !done)
        return done;
    if (const auto done = moveMessage(tx, row.messageId, row.inboxId, StatusEvent::Requeued); !done)
        return done;
    return freeLane(tx, row.lane);
}

Result<void> beginSettling(WriteTransaction &tx, const Row &row, const Attempt &attempt, Timestamp until)
{
    const auto arrived = sentParts(tx, row.messageId);
    if (!arrived)
        return arrived.error();
    if (arrived->contains(attempt.part))          // an echo or a status was faster than the answer: only the rest is still to be sent
        return requeue(tx, row, attempt, tx.now(), QString(), false);
    if (const auto done = release(tx, row,
                                  u"UPDATE outbox SET settle_until = :until, attempts = attempts + 1, last_class = 'outcome_unknown', last_text = :text"
                                  " WHERE id = :id AND owner = :owner AND state = 'sending'"_s,
                                  [&](Query &q) { q.bind(":until"_L1, until).bind(":text"_L1, attempt.text); });
        !done)
        return done;
    Attempt lost = attempt;
    lost.code = QString::fromUtf16(kOutcomeUnknown);
    lost.text = attempt.text.isEmpty() ? attempt.code : attempt.code + u": "_s + attempt.text;
    if (const auto done = finishAttempt(tx, row, lost); !done)
        return done;
    return freeLane(tx, row.lane);        // a parked echo may be the very answer that was lost
}

Result<void> giveUp(WriteTransaction &tx, const Row &row)
{
    if (const auto done = release(tx, row,
                                  u"UPDATE outbox SET state = 'unknown', owner = NULL, lease_until = NULL, settle_until = NULL"
                                  " WHERE id = :id AND owner = :owner AND state = 'sending' AND settle_until IS NOT NULL"_s,
                                  [](Query &) {});
        !done)
        return done;
    if (const auto done = failUnknown(tx, row.messageId, row.inboxId); !done)
        return done;
    return freeLane(tx, row.lane);
}

Result<void> settle(WriteTransaction &tx, const Row &row, const QString &sourceId, Timestamp platformAt)
{
    const auto parts = sentParts(tx, row.messageId);
    if (!parts)
        return parts.error();
    int part = 0;
    while (parts->contains(part))
        ++part;
    const auto others = missingParts(tx, row.messageId);
    if (!others)
        return others.error();
    const bool isWhole = *others <= 1;
    if (const auto done = release(tx, row,
                                  u"UPDATE outbox SET state = CASE WHEN :whole THEN 'sent' ELSE 'queued' END,"
                                  " next_at = CASE WHEN :whole THEN 0 ELSE :now END, owner = NULL, lease_until = NULL, settle_until = NULL"
                                  " WHERE id = :id AND owner = :owner AND state = 'sending'"_s,
                                  [&tx, isWhole](Query &q) { q.bind(":whole"_L1, isWhole).bind(":now"_L1, tx.now()); });
        !done)
        return done;
    if (const auto done = bindPart(tx, row, part, sourceId); !done)
        return done;
    if (const auto done = attemptArrived(tx, row.messageId, sourceId); !done)
        return done;
    if (const auto done = messages::setPlatformAt(tx, row.messageId, platformAt); !done)
        return done;
    const StatusEvent event = !isWhole ? StatusEvent::Requeued : parts->isEmpty() ? StatusEvent::Delivered : StatusEvent::Accepted;
    if (const auto done = moveMessage(tx, row.messageId, row.inboxId, event); !done)
        return done;
    return freeLane(tx, row.lane);
}

} // namespace antiphon::outbox
