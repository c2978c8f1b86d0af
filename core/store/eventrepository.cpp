#include "core/store/eventrepository.h"

#include "core/base/json.h"

#include <array>

namespace antiphon::events {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QStringView, 5> kStates{u"pending", u"done", u"parked", u"dead", u"ignored"};

State stateFromName(const QString &name)
{
    for (size_t i = 0; i < kStates.size(); ++i) {
        if (kStates.at(i) == name)
            return State(i);
    }
    return State::Ignored;
}

QString orNull(const QString &text)
{
    return text.isEmpty() ? QString() : text;
}

Result<std::optional<Event>> one(Query &q)
{
    if (q.next()) {
        return std::optional(Event{.id = q.id<EventId>(0),
                                   .deliveryId = q.id<DeliveryId>(1),
                                   .inboxId = q.id<InboxId>(2),
                                   .lane = q.text(3),
                                   .dedupeKey = q.text(4),
                                   .kind = q.text(5),
                                   .target = q.text(6),
                                   .platformAt = q.optionalTime(7),
                                   .receivedAt = q.time(8),
                                   .payload = q.json(9),
                                   .state = stateFromName(q.text(10)),
                                   .attempts = int(q.integer(11)),
                                   .nextAt = q.time(12),
                                   .errorClass = q.text(13),
                                   .errorText = q.text(14)});
    }
    if (!q.ok())
        return q.error();
    return std::optional<Event>();
}

Result<std::optional<QString>> oneText(Query &q)
{
    if (q.next())
        return std::optional(q.text(0));
    if (!q.ok())
        return q.error();
    return std::optional<QString>();
}

Result<int> changedRows(Query &q)
{
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected();
}

Result<void> mustBeOne(Query &q)
{
    if (const auto done = q.exec(); !done)
        return done;
    if (q.rowsAffected() != 1)
        return Error{Error::Kind::Conflict, u"the event is not in the state it was read in"_s};
    return {};
}

Result<qint64> number(Query q)
{
    if (!q.next())
        return q.error();
    return q.integer(0);
}

} // namespace

QString stateName(State state)
{
    return kStates.at(size_t(state)).toString();
}

Result<std::optional<EventId>> insert(WriteTransaction &tx, const Event &event)
{
    Query q = tx.query(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, target, platform_ts, received_at, payload, state,"
                       " error_class, error_text, finished_at)"
                       " SELECT :delivery, :inbox, :lane, :key, :kind, :target, :platform_ts, :received_at, :payload, :state,"
                       " :error_class, :error_text, :finished_at"
                       " WHERE NOT EXISTS (SELECT 1 FROM tombstone WHERE inbox_id = :inbox AND dedupe_key = :key)"
                       " ON CONFLICT (inbox_id, dedupe_key) DO NOTHING RETURNING id"_s);
    const bool isFinished = event.state == State::Ignored || event.state == State::Done;
    q.bind(":delivery"_L1, event.deliveryId)
        .bind(":inbox"_L1, event.inboxId)
        .bind(":lane"_L1, event.lane)
        .bind(":key"_L1, event.dedupeKey)
        .bind(":kind"_L1, event.kind)
        .bind(":target"_L1, orNull(event.target))
        .bind(":platform_ts"_L1, event.platformAt)
        .bind(":received_at"_L1, event.receivedAt)
        .bind(":payload"_L1, event.payload)
        .bind(":state"_L1, stateName(event.state))
        .bind(":error_class"_L1, orNull(event.errorClass))
        .bind(":error_text"_L1, orNull(event.errorText))
        .bind(":finished_at"_L1, isFinished ? std::optional(tx.now()) : std::nullopt);
    if (q.next())
        return std::optional(q.id<EventId>(0));
    if (!q.ok())
        return q.error();
    return std::optional<EventId>();
}

Result<std::optional<QString>> revive(WriteTransaction &tx, InboxId inbox, const QString &dedupeKey)
{
    Query q = tx.query(u"UPDATE event SET state = 'pending', attempts = 0, next_at = 0, error_class = NULL, error_text = NULL"
                       " WHERE inbox_id = :inbox AND dedupe_key = :key AND state = 'dead' RETURNING lane"_s);
    q.bind(":inbox"_L1, inbox).bind(":key"_L1, dedupeKey);
    return oneText(q);
}

Result<std::optional<QString>> revive(WriteTransaction &tx, EventId id)
{
    Query q = tx.query(u"UPDATE event SET state = 'pending', attempts = 0, next_at = 0, error_class = NULL, error_text = NULL"
                       " WHERE id = :id AND state = 'dead' RETURNING lane"_s);
    q.bind(":id"_L1, id);
    return oneText(q);
}

Result<std::optional<Event>> find(ReadTransaction &tx, EventId id)
{
    Query q = tx.query(u"SELECT id, delivery_id, inbox_id, lane, dedupe_key, kind, target, platform_ts, received_at, payload, state, attempts, next_at,"
                       " error_class, error_text FROM event WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    return one(q);
}

Result<std::optional<Event>> head(ReadTransaction &tx, const QString &lane)
{
    Query q = tx.query(u"SELECT id, delivery_id, inbox_id, lane, dedupe_key, kind, target, platform_ts, received_at, payload, state, attempts, next_at,"
                       " error_class, error_text FROM event WHERE lane = :lane AND state = 'pending' ORDER BY id LIMIT 1"_s);
    q.bind(":lane"_L1, lane);
    return one(q);
}

Result<void> finish(WriteTransaction &tx, EventId id, State from, State to, qint64 resultEntityId, const QString &reason)
{
    Query q = tx.query(u"UPDATE event SET state = :to, finished_at = :now, result_entity_id = :entity, error_class = NULL, error_text = :reason"
                       " WHERE id = :id AND state = :from"_s);
    q.bind(":to"_L1, stateName(to))
        .bind(":now"_L1, tx.now())
        .bind(":entity"_L1, resultEntityId != 0 ? std::optional(resultEntityId) : std::nullopt)
        .bind(":reason"_L1, orNull(reason))
        .bind(":id"_L1, id)
        .bind(":from"_L1, stateName(from));
    return mustBeOne(q);
}

Result<void> postpone(WriteTransaction &tx, EventId id, State from, State to, Timestamp nextAt, int attempts, const QString &errorClass,
                      const QString &errorText)
{
    Query q = tx.query(u"UPDATE event SET state = :to, next_at = :next_at, attempts = :attempts, error_class = :class, error_text = :text"
                       " WHERE id = :id AND state = :from"_s);
    q.bind(":to"_L1, stateName(to))
        .bind(":next_at"_L1, nextAt)
        .bind(":attempts"_L1, attempts)
        .bind(":class"_L1, orNull(errorClass))
        .bind(":text"_L1, orNull(errorText))
        .bind(":id"_L1, id)
        .bind(":from"_L1, stateName(from));
    return mustBeOne(q);
}

Result<QList<LaneHead>> lanes(ReadTransaction &tx, const QString &after, int limit)
{
    // Of the bare columns SQLite gives those of the row with the smallest id: the head of the lane.
    Query q = tx.query(u"SELECT lane, inbox_id, next_at, MIN(id) FROM event WHERE state = 'pending' AND lane > :after"
                       " GROUP BY lane ORDER BY lane LIMIT :limit"_s);
    q.bind(":after"_L1, after.isNull() ? u""_s : after).bind(":limit"_L1, limit);
    QList<LaneHead> heads;
    while (q.next())
        heads.append({.lane = q.text(0), .inboxId = q.id<InboxId>(1), .nextAt = q.time(2)});
    if (!q.ok())
        return q.error();
    return heads;
}

Result<QList<EventId>> dueParked(ReadTransaction &tx, Timestamp now, int limit)
{
    Query q = tx.query(u"SELECT id FROM event WHERE state = 'parked' AND next_at <= :now ORDER BY next_at LIMIT :limit"_s);
    q.bind(":now"_L1, now).bind(":limit"_L1, limit);
    QList<EventId> ids;
    while (q.next())
        ids.append(q.id<EventId>(0));
    if (!q.ok())
        return q.error();
    return ids;
}

Result<std::optional<Timestamp>> nextParked(ReadTransaction &tx)
{
    Query q = tx.query(u"SELECT next_at FROM event WHERE state = 'parked' AND next_at >= 0 ORDER BY next_at LIMIT 1"_s);
    if (q.next())
        return std::optional(q.time(0));
    if (!q.ok())
        return q.error();
    return std::optional<Timestamp>();
}

Result<int> dueByTarget(WriteTransaction &tx, InboxId inbox, const QString &sourceId)
{
    Query q = tx.query(u"UPDATE event SET next_at = 0 WHERE inbox_id = :inbox AND target = :target AND target IS NOT NULL AND state = 'parked'"_s);
    q.bind(":inbox"_L1, inbox).bind(":target"_L1, sourceId);
    return changedRows(q);
}

Result<int> dueByLane(WriteTransaction &tx, const QString &lane)
{
    Query q = tx.query(u"UPDATE event SET next_at = 0 WHERE lane = :lane AND state = 'parked' AND error_class = 'waits_for_send'"_s);
    q.bind(":lane"_L1, lane);
    return changedRows(q);
}

Result<QList<PendingEvent>> pending(ReadTransaction &tx, const PendingEvent &after, int limit)
{
    Query q = tx.query(u"SELECT id, lane FROM event WHERE state = 'pending' AND (lane, id) > (:lane, :id) ORDER BY lane, id LIMIT :limit"_s);
    q.bind(":lane"_L1, after.lane.isNull() ? u""_s : after.lane).bind(":id"_L1, after.id).bind(":limit"_L1, limit);
    QList<PendingEvent> found;
    while (q.next())
        found.append({.id = q.id<EventId>(0), .lane = q.text(1)});
    if (!q.ok())
        return q.error();
    return found;
}

Result<QList<DeadEvent>> dead(ReadTransaction &tx, qint64 before, int limit)
{
    Query q = tx.query(u"SELECT id, inbox_id, kind, received_at, attempts, error_class, error_text, payload FROM event"
                       " WHERE state = 'dead' AND id < :before ORDER BY id DESC LIMIT :limit"_s);
    q.bind(":before"_L1, before > 0 ? before : std::numeric_limits<qint64>::max()).bind(":limit"_L1, limit);
    QList<DeadEvent> rows;
    while (q.next()) {
        rows.append({.id = q.id<EventId>(0),
                     .inboxId = q.id<InboxId>(1),
                     .kind = q.text(2),
                     .receivedAt = q.time(3),
                     .attempts = int(q.integer(4)),
                     .errorClass = q.text(5),
                     .errorText = q.text(6),
                     .payload = q.text(7)});
    }
    if (!q.ok())
        return q.error();
    return rows;
}

Result<bool> discard(WriteTransaction &tx, EventId id)
{
    Query key = tx.query(u"INSERT INTO tombstone (inbox_id, dedupe_key, at) SELECT inbox_id, dedupe_key, :now FROM event"
                         " WHERE id = :id AND state = 'dead' ON CONFLICT (inbox_id, dedupe_key) DO NOTHING"_s);
    key.bind(":now"_L1, tx.now()).bind(":id"_L1, id);
    if (const auto done = key.exec(); !done)
        return done.error();
    Query q = tx.query(u"UPDATE event SET state = 'ignored', finished_at = :now, payload = NULL WHERE id = :id AND state = 'dead'"_s);
    q.bind(":now"_L1, tx.now()).bind(":id"_L1, id);
    const auto rows = changedRows(q);
    if (!rows)
        return rows.error();
    return *rows > 0;
}

Result<Counts> counts(ReadTransaction &tx)
{
    const auto pending = number(tx.query(u"SELECT COUNT(*) FROM event WHERE state = 'pending'"_s));
    const auto parked = number(tx.query(u"SELECT COUNT(*) FROM event WHERE state = 'parked'"_s));
    const auto dead = number(tx.query(u"SELECT (SELECT COUNT(*) FROM event WHERE state = 'dead')"
                                      " + (SELECT COUNT(*) FROM delivery WHERE split_state = 'dead')"_s));
    const auto unsplit = number(tx.query(u"SELECT COUNT(*) FROM delivery WHERE split_state = 'pending'"_s));
    for (const auto *part : {&pending, &parked, &dead, &unsplit}) {
        if (!*part)
            return part->error();
    }
    return Counts{.pending = *pending + *unsplit, .parked = *parked, .dead = *dead};
}

Result<qint64> waitingCount(ReadTransaction &tx, qint64 most)
{
    Query q = tx.query(u"SELECT COUNT(*) FROM (SELECT 1 FROM event WHERE state = 'pending' LIMIT :most)"_s);
    q.bind(":most"_L1, most);
    return number(std::move(q));
}

Result<void> capNextAt(WriteTransaction &tx, Timestamp latestPending, Timestamp latestParked)
{
    Query pending = tx.query(u"UPDATE event SET next_at = :latest WHERE state = 'pending' AND next_at > :latest"_s);
    pending.bind(":latest"_L1, latestPending);
    if (const auto done = pending.exec(); !done)
        return done;
    Query parked = tx.query(u"UPDATE event SET next_at = :latest WHERE state = 'parked' AND next_at > :latest"_s);
    parked.bind(":latest"_L1, latestParked);
    return parked.exec();
}

Result<int> prune(WriteTransaction &tx, Timestamp payloads, Timestamp rows, int limit)
{
    Query old = tx.query(u"DELETE FROM event WHERE id IN (SELECT id FROM event WHERE state IN ('done', 'ignored') AND finished_at < :rows"
                         " ORDER BY finished_at LIMIT :limit)"_s);
    old.bind(":rows"_L1, rows).bind(":limit"_L1, limit);
    const auto removed = changedRows(old);
    if (!removed)
        return removed;
    Query bodies = tx.query(u"UPDATE event SET payload = NULL WHERE id IN (SELECT id FROM event WHERE state IN ('done', 'ignored')"
                            " AND finished_at < :payloads AND payload IS NOT NULL ORDER BY finished_at LIMIT :limit)"_s);
    bodies.bind(":payloads"_L1, payloads).bind(":limit"_L1, limit);
    const auto emptied = changedRows(bodies);
    if (!emptied)
        return emptied;
    return *removed + *emptied;
}

} // namespace antiphon::events
