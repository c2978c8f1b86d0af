#pragma once

#include "core/store/transaction.h"

/// Rows of `event`: what came in, one row a thing that happened, applied in the order of its lane.
namespace antiphon::events {

enum class State { Pending, Done, Parked, Dead, Ignored };
QString stateName(State state);

struct Event {
    EventId id{};
    DeliveryId deliveryId{};
    InboxId inboxId{};
    QString lane{};
    QString dedupeKey{};
    QString kind{};
    QString target{};
    std::optional<Timestamp> platformAt{};
    Timestamp receivedAt{};
    QJsonObject payload{};
    State state = State::Pending;
    int attempts = 0;
    Timestamp nextAt{};
    QString errorClass{};
    QString errorText{};
};

/// Nothing where the key is there already, or must never come back.
Result<std::optional<EventId>> insert(WriteTransaction &tx, const Event &event);

/// A dead event that the platform brings again, or a person, is pending once more. Its lane, or nothing where the row isn't dead.
Result<std::optional<QString>> revive(WriteTransaction &tx, InboxId inbox, const QString &dedupeKey);
Result<std::optional<QString>> revive(WriteTransaction &tx, EventId id);

Result<std::optional<Event>> find(ReadTransaction &tx, EventId id);
/// The oldest pending event of a lane, whether due or not.
Result<std::optional<Event>> head(ReadTransaction &tx, const QString &lane);

/// Each of these must find the event in `from`, else Conflict: then the closure is refused.
Result<void> finish(WriteTransaction &tx, EventId id, State from, State to, qint64 resultEntityId, const QString &reason);
Result<void> postpone(WriteTransaction &tx, EventId id, State from, State to, Timestamp nextAt, int attempts, const QString &errorClass,
                      const QString &errorText);

struct LaneHead {
    QString lane{};
    InboxId inboxId{};
    Timestamp nextAt{};                      ///< of the lane's oldest pending event
};
/// Lanes with pending events, by key from behind `after`.
Result<QList<LaneHead>> lanes(ReadTransaction &tx, const QString &after, int limit);

/// Parked events whose time has come.
Result<QList<EventId>> dueParked(ReadTransaction &tx, Timestamp now, int limit);
Result<std::optional<Timestamp>> nextParked(ReadTransaction &tx);
/// What is parked until a message with this source id is there is due now. Whoever stores a source id calls it. @return how many.
Result<int> dueByTarget(WriteTransaction &tx, InboxId inbox, const QString &sourceId);
/// Echoes parked behind a send of this lane are due now. Whoever ends a send calls it.
Result<int> dueByLane(WriteTransaction &tx, const QString &lane);

struct PendingEvent {
    EventId id{};
    QString lane{};
};
/// Pending events by lane and id, from behind this one.
Result<QList<PendingEvent>> pending(ReadTransaction &tx, const PendingEvent &after, int limit);

struct DeadEvent {
    EventId id{};
    InboxId inboxId{};
    QString kind{};
    Timestamp receivedAt{};
    int attempts = 0;
    QString errorClass{};
    QString errorText{};
    QString payload{};
};
/// Newest first, ids below `before` (0: from the newest).
Result<QList<DeadEvent>> dead(ReadTransaction &tx, qint64 before, int limit);
/// Gives a dead event up and keeps its key for ever. @return false where it isn't dead.
Result<bool> discard(WriteTransaction &tx, EventId id);

struct Counts {
    qint64 pending = 0;
    qint64 parked = 0;
    qint64 dead = 0;
};
Result<Counts> counts(ReadTransaction &tx);
Result<qint64> waitingCount(ReadTransaction &tx, qint64 most);                             ///< pending events, counted up to `most`

/// A wall clock that was wrong must not hold anything back for longer than the longest pause of its kind.
Result<void> capNextAt(WriteTransaction &tx, Timestamp latestPending, Timestamp latestParked);

/// One slice of forgetting: payloads of what was finished before `payloads`, rows finished before `rows`. @return how many rows changed.
Result<int> prune(WriteTransaction &tx, Timestamp payloads, Timestamp rows, int limit);

} // namespace antiphon::events
