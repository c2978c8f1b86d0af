#include "core/store/outboxrepository.h"

#include "core/domain/names.h"
#include "core/store/messagerepository.h"
#include "core/store/outboxrepeats.h"
#include "core/store/outboxsteps.h"

#include <QUuid>

namespace antiphon::outbox {
using namespace steps;

namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QStringView, 6> kStates{u"scheduled", u"queued", u"sending", u"unknown", u"sent", u"failed"};
constexpr qint64 kLeaseMs = 60'000;

#define ANTIPHON_OUTBOX_COLUMNS                                                                                                              \
    "o.id, o.message_id, o.inbox_id, o.lane, o.state, o.attempts, o.next_at, o.owner, o.idem_key, o.request_started_at, o.settle_until,"      \
    " o.window_ends_at, o.created_at, o.last_class"

Row readRow(Query &q)
{
    return {.id = q.id<OutboxId>(0),
            .messageId = q.id<MessageId>(1),
            .inboxId = q.id<InboxId>(2),
            .lane = q.text(3),
            .state = names::find<State>(kStates, q.text(4)).value_or(State::Failed),
            .attempts = int(q.integer(5)),
            .nextAt = q.time(6),
            .owner = q.text(7),
            .idemKey = q.text(8),
            .requestStartedAt = q.optionalTime(9),
            .settleUntil = q.optionalTime(10),
            .windowEndsAt = q.optionalTime(11),
            .createdAt = q.time(12),
            .lastClass = q.text(13)};
}

Result<QList<Row>> rows(Query &q)
{
    QList<Row> found;
    while (q.next())
        found.append(readRow(q));
    if (!q.ok())
        return q.error();
    return found;
}

Result<std::optional<Row>> one(Query &q)
{
    const auto found = rows(q);
    if (!found)
        return found.error();
    return found->isEmpty() ? std::optional<Row>() : std::optional(found->first());
}

Result<bool> any(Query &q)
{
    const bool found = q.next();
    if (!q.ok())
        return q.error();
    return found;
}

Result<void> mayRetry(const Row &row, const messages::MessageRef &message, bool confirmUnknown)
{
    if (message.status != MessageStatus::Failed || row.state == State::Queued || row.state == State::Sending)
        return Error{Error::Kind::Conflict, u"it has not failed"_s, u"status"_s};
    if ((row.state == State::Unknown || message.outcomeUnknown) && !confirmUnknown)
        return Error{Error::Kind::Conflict, u"it may have arrived"_s, u"outcome_unknown"_s};
    return {};
}

/// What the platform took and failed later goes out anew: with its old id it would count as done. The id stays with its attempt. Where single parts
/// are known to have failed, the others have arrived and stay.
Result<void> forgetIds(WriteTransaction &tx, MessageId id)
{
    Query failed = tx.query(u"SELECT 1 FROM send_part WHERE message_id = :id AND part >= 0 AND status = 'failed' LIMIT 1"_s);
    failed.bind(":id"_L1, id);
    const auto isSingle = any(failed);
    if (!isSingle)
        return isSingle.error();
    const QStringList some{u"UPDATE message SET source_id = NULL WHERE id = :id AND source_id IN"
                           " (SELECT platform_id FROM send_part WHERE message_id = :id AND status = 'failed')"_s,
                           u"UPDATE send_part SET platform_id = NULL, status = 'queued' WHERE message_id = :id AND status = 'failed'"_s};
    const QStringList all{u"DELETE FROM send_part WHERE message_id = :id"_s, u"UPDATE message SET source_id = NULL WHERE id = :id"_s};
    for (const QString &sql : *isSingle ? some : all) {
        Query q = tx.query(sql);
        q.bind(":id"_L1, id);
        if (const auto done = q.exec(); !done)
            return done;
    }
    return {};
}

} // namespace

QString stateName(State state)
{
    return names::of(kStates, state);
}

Result<OutboxId> enqueue(WriteTransaction &tx, MessageId message, InboxId inbox, const QString &lane, std::optional<Timestamp> windowEndsAt)
{
    Query q = tx.query(u"INSERT INTO outbox (message_id, inbox_id, lane, state, next_at, idem_key, window_ends_at, created_at)"
                       " VALUES (:message, :inbox, :lane, 'queued', :now, '', :window, :now)"_s);
    q.bind(":message"_L1, message).bind(":inbox"_L1, inbox).bind(":lane"_L1, lane).bind(":now"_L1, tx.now()).bind(":window"_L1, windowEndsAt);
    if (const auto done = q.exec(); !done)
        return done.error();
    return OutboxId(q.lastInsertId());
}

QString partKey(const QString &rowKey, int part)
{
    return part == 0 || rowKey.isEmpty() ? rowKey : QUuid::createUuidV5(QUuid::fromString(rowKey), QString::number(part)).toString(QUuid::WithoutBraces);
}

Result<void> retry(WriteTransaction &tx, MessageId message, bool confirmUnknown, std::optional<Timestamp> windowEndsAt, std::chrono::seconds sameKeyFor)
{
    const auto row = findByMessage(tx, message);
    if (!row)
        return row.error();
    const auto ref = messages::find(tx, message);
    if (!ref)
        return ref.error();
    if (!*row || !*ref)
        return Error{Error::Kind::NotFound, u"it was never to be sent"_s, u"id"_s};
    if (const auto allowed = mayRetry(**row, **ref, confirmUnknown); !allowed)
        return allowed;
    if ((*row)->state == State::Sent) {
        if (const auto done = forgetIds(tx, message); !done)
            return done;
    }
    if (const auto done = setFailedPart(tx, message, {}); !done)
        return done;
    const auto isSame = (*row)->state == State::Unknown ? isKeyGood(tx, **row, sameKeyFor) : Result<bool>(false);
    if (!isSame)
        return isSame.error();
    Query q = tx.query(u"UPDATE outbox SET state = 'queued', next_at = :now, attempts = 0, owner = NULL, lease_until = NULL, settle_until = NULL,"
                       " request_started_at = NULL, idem_key = :key, window_ends_at = :window, created_at = :now,"
                       " last_class = CASE WHEN state = 'unknown' THEN 'outcome_unknown' ELSE NULL END WHERE id = :id"_s);
    q.bind(":now"_L1, tx.now()).bind(":window"_L1, windowEndsAt).bind(":id"_L1, (*row)->id);
    q.bind(":key"_L1, *isSame ? (*row)->idemKey : u""_s);
    if (const auto done = q.exec(); !done)
        return done;
    return moveMessage(tx, message, (*row)->inboxId, StatusEvent::Retried);
}

Result<void> confirmArrived(WriteTransaction &tx, MessageId message)
{
    const auto row = findByMessage(tx, message);
    if (!row)
        return row.error();
    if (!*row)
        return Error{Error::Kind::NotFound, u"it was never to be sent"_s, u"id"_s};
    Query q = tx.query(u"UPDATE outbox SET state = 'sent', next_at = 0 WHERE id = :id AND state = 'unknown'"_s);
    q.bind(":id"_L1, (*row)->id);
    if (const auto done = q.exec(); !done)
        return done;
    if (q.rowsAffected() != 1)
        return Error{Error::Kind::Conflict, u"its outcome is not unknown"_s, u"id"_s};
    // Seen by a person, but no word of the platform: sent, so that a receipt can still say more, and an echo is still known as its own.
    return moveMessage(tx, message, (*row)->inboxId, StatusEvent::Accepted);
}

Result<bool> cancel(WriteTransaction &tx, MessageId message)
{
    const auto row = findByMessage(tx, message);
    if (!row)
        return row.error();
    if (*row && (*row)->state == State::Queued) {
        const auto hasLeft = mayHaveLeft(tx, **row);
        if (!hasLeft)
            return hasLeft.error();
        if (*hasLeft) {
            const auto done = giveUpQueued(tx, **row, u"deleted"_s);
            return done ? Result<bool>(true) : Result<bool>(done.error());
        }
    }
    Query q = tx.query(u"DELETE FROM outbox WHERE message_id = :message AND state IN ('scheduled', 'queued')"_s);
    q.bind(":message"_L1, message);
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected() > 0;
}

Result<std::optional<Row>> find(ReadTransaction &tx, OutboxId id)
{
    Query q = tx.query(u"SELECT " ANTIPHON_OUTBOX_COLUMNS " FROM outbox o WHERE o.id = :id"_s);
    q.bind(":id"_L1, id);
    return one(q);
}

Result<std::optional<Row>> findByMessage(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT " ANTIPHON_OUTBOX_COLUMNS " FROM outbox o WHERE o.message_id = :message"_s);
    q.bind(":message"_L1, message);
    return one(q);
}

Result<QList<Row>> due(ReadTransaction &tx, Timestamp now, int limit)
{
    Query q = tx.query(u"SELECT " ANTIPHON_OUTBOX_COLUMNS " FROM outbox o JOIN inbox i ON i.id = o.inbox_id AND i.state = 'active'"
                       " WHERE o.state = 'queued' AND o.next_at <= :now"
                       " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.lane = o.lane AND p.state IN ('queued', 'sending')"
                       " AND (p.state = 'sending' OR p.id < o.id)) ORDER BY o.next_at LIMIT :limit"_s);
    q.bind(":now"_L1, now).bind(":limit"_L1, limit);
    return rows(q);
}

Result<bool> hasWork(ReadTransaction &tx, Timestamp now)
{
    const auto queued = due(tx, now, 1);
    if (!queued || !queued->isEmpty())
        return queued ? Result<bool>(true) : Result<bool>(queued.error());
    Query q = tx.query(u"SELECT 1 FROM outbox WHERE state = 'sent' AND next_at > 0 AND next_at <= :now LIMIT 1"_s);
    q.bind(":now"_L1, now);
    return any(q);
}

Result<std::optional<Row>> claim(WriteTransaction &tx, const QString &lane, const QString &owner, const QString &newIdemKey)
{
    Query q = tx.query(u"UPDATE outbox SET state = 'sending', owner = :owner, lease_until = :lease, request_started_at = :now, settle_until = NULL,"
                       " idem_key = CASE WHEN idem_key = '' THEN :key ELSE idem_key END"
                       " WHERE id = (SELECT q.id FROM outbox q JOIN inbox i ON i.id = q.inbox_id AND i.state = 'active'"
                       " WHERE q.lane = :lane AND q.state IN ('queued', 'sending') AND q.state = 'queued' AND q.next_at <= :now"
                       " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.lane = q.lane AND p.state IN ('queued', 'sending')"
                       " AND (p.state = 'sending' OR p.id < q.id)) ORDER BY q.id LIMIT 1)"
                       " RETURNING id"_s);
    q.bind(":owner"_L1, owner).bind(":lease"_L1, toUnixMs(tx.now()) + kLeaseMs).bind(":now"_L1, tx.now());
    q.bind(":key"_L1, newIdemKey).bind(":lane"_L1, lane);
    OutboxId id;
    while (q.next())
        id = q.id<OutboxId>(0);
    if (!q.ok())
        return q.error();
    if (id.isNull())
        return std::optional<Row>();
    const auto row = find(tx, id);
    if (!row || !*row)
        return row;
    if (const auto done = beginAttempt(tx, **row); !done)
        return done.error();
    if (const auto done = moveMessage(tx, (*row)->messageId, (*row)->inboxId, StatusEvent::Claimed); !done)
        return done.error();
    return row;
}

Result<void> heartbeat(WriteTransaction &tx, const QString &owner)
{
    Query q = tx.query(u"UPDATE outbox SET lease_until = :lease WHERE state = 'sending' AND lane > '' AND owner = :owner"_s);
    q.bind(":lease"_L1, toUnixMs(tx.now()) + kLeaseMs).bind(":owner"_L1, owner);
    return q.exec();
}

Result<QList<Row>> takeOver(WriteTransaction &tx, const QString &owner, Timestamp settleUntil, bool everything)
{
    QList<Row> lost;
    {
        Query q = tx.query(u"SELECT " ANTIPHON_OUTBOX_COLUMNS " FROM outbox o WHERE o.state = 'sending' AND o.lane > ''"
                           " AND coalesce(o.owner, '') <> :owner AND (:everything OR coalesce(o.lease_until, 0) < :now)"_s);
        q.bind(":owner"_L1, owner).bind(":everything"_L1, everything).bind(":now"_L1, tx.now());
        const auto found = rows(q);
        if (!found)
            return found;
        lost = *found;
    }
    for (Row &row : lost) {
        row.owner = owner;
        row.settleUntil = row.settleUntil ? std::min(*row.settleUntil, settleUntil) : settleUntil;
        Query q = tx.query(u"UPDATE outbox SET owner = :owner, lease_until = :lease, settle_until = :until WHERE id = :id"_s);
        q.bind(":owner"_L1, owner).bind(":lease"_L1, toUnixMs(tx.now()) + kLeaseMs).bind(":until"_L1, *row.settleUntil).bind(":id"_L1, row.id);
        if (const auto done = q.exec(); !done)
            return done.error();
        Query attempt = tx.query(u"UPDATE send_attempt SET code = 'outcome_unknown' WHERE message_id = :message AND finished_at IS NULL AND code IS NULL"_s);
        attempt.bind(":message"_L1, row.messageId);
        if (const auto done = attempt.exec(); !done)
            return done.error();
        if (const auto done = freeLane(tx, row.lane); !done)      // its answer is lost: an echo may settle it
            return done.error();
    }
    return lost;
}

Result<void> refuseQueued(WriteTransaction &tx, const Row &row, const ExternalError &error)
{
    const auto hasLeft = mayHaveLeft(tx, row);
    if (!hasLeft)
        return hasLeft.error();
    if (*hasLeft)
        return giveUpQueued(tx, row, error.code);
    Query q = tx.query(u"UPDATE outbox SET state = 'failed', last_class = :class, last_text = :text WHERE id = :id AND state = 'queued'"_s);
    q.bind(":class"_L1, error.code).bind(":text"_L1, error.text).bind(":id"_L1, row.id);
    if (const auto done = q.exec(); !done)
        return done;
    return failMessage(tx, row.messageId, row.inboxId, error);
}

Result<void> postpone(WriteTransaction &tx, OutboxId id, Timestamp nextAt)
{
    Query q = tx.query(u"UPDATE outbox SET next_at = :next WHERE id = :id AND state = 'queued'"_s);
    q.bind(":next"_L1, nextAt).bind(":id"_L1, id);
    return q.exec();
}

Result<void> planParts(WriteTransaction &tx, const Row &row, int count)
{
    for (int part = 0; part < count && count > 1; ++part) {
        Query q = tx.query(u"INSERT INTO send_part (message_id, part, inbox_id, status) VALUES (:message, :part, :inbox, 'queued')"
                           " ON CONFLICT (message_id, part) DO NOTHING"_s);
        q.bind(":message"_L1, row.messageId).bind(":part"_L1, part).bind(":inbox"_L1, row.inboxId);
        if (const auto done = q.exec(); !done)
            return done;
    }
    return {};
}

Result<QList<int>> sentParts(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT part FROM send_part WHERE message_id = :message AND platform_id IS NOT NULL"_s);
    q.bind(":message"_L1, message);
    QList<int> parts;
    while (q.next())
        parts.append(int(q.integer(0)));
    if (!q.ok())
        return q.error();
    return parts;
}

Result<bool> deliverDue(WriteTransaction &tx, int limit)
{
    QList<Row> found;
    {
        Query q = tx.query(u"SELECT " ANTIPHON_OUTBOX_COLUMNS " FROM outbox o WHERE o.state = 'sent' AND o.next_at > 0 AND o.next_at <= :now"
                           " ORDER BY o.next_at LIMIT :limit"_s);
        q.bind(":now"_L1, tx.now()).bind(":limit"_L1, limit);
        const auto due = rows(q);
        if (!due)
            return due.error();
        found = *due;
    }
    for (const Row &row : found) {
        Query q = tx.query(u"UPDATE outbox SET next_at = 0 WHERE id = :id"_s);
        q.bind(":id"_L1, row.id);
        if (const auto done = q.exec(); !done)
            return done.error();
        const auto message = messages::find(tx, row.messageId);
        if (!message)
            return message.error();
        if (!*message || (*message)->status != MessageStatus::Sent)      // a failure told meanwhile stays
            continue;
        if (const auto done = moveMessage(tx, row.messageId, row.inboxId, StatusEvent::Delivered); !done)
            return done.error();
    }
    return found.size() == limit;
}

Result<void> holdAge(WriteTransaction &tx, Milliseconds by)
{
    Query q = tx.query(u"UPDATE outbox SET created_at = created_at + :by WHERE state = 'queued' AND next_at >= 0"
                       " AND inbox_id IN (SELECT id FROM inbox WHERE state = 'reauthorization_required')"_s);
    q.bind(":by"_L1, qint64(by.count()));
    return q.exec();
}

Result<void> hurry(WriteTransaction &tx)
{
    Query q = tx.query(u"UPDATE outbox SET next_at = :now WHERE state = 'queued' AND next_at > :now AND last_class = 'network'"_s);
    q.bind(":now"_L1, tx.now());
    return q.exec();
}

Result<void> capNextAt(WriteTransaction &tx, Timestamp latest)
{
    Query q = tx.query(u"UPDATE outbox SET next_at = :latest WHERE state = 'queued' AND next_at > :latest"_s);
    q.bind(":latest"_L1, latest);
    if (const auto done = q.exec(); !done)
        return done;
    Query sent = tx.query(u"UPDATE outbox SET next_at = :latest WHERE state = 'sent' AND next_at > 0 AND next_at > :latest"_s);
    sent.bind(":latest"_L1, latest);
    return sent.exec();
}

} // namespace antiphon::outbox
