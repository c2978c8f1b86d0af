#pragma once

#include "core/domain/message.h"
#include "core/store/transaction.h"

/// Rows of `outbox`, `send_attempt` and `send_part`: what is to be sent, in the order of its lane. Whoever ends a send here frees its lane: echoes
/// that were parked behind it become due in the same transaction.
namespace antiphon::outbox {

/// `unknown` is internal: towards clients such a message is `failed` with the code "outcome_unknown".
enum class State { Scheduled, Queued, Sending, Unknown, Sent, Failed };
QString stateName(State state);

struct Row {
    OutboxId id{};
    MessageId messageId{};
    InboxId inboxId{};
    QString lane{};
    State state = State::Queued;
    int attempts = 0;
    Timestamp nextAt{};                              ///< queued: not before; sent: when it counts as delivered, 0 for never
    QString owner{};
    QString idemKey{};
    std::optional<Timestamp> requestStartedAt{};
    std::optional<Timestamp> settleUntil{};          ///< the answer was lost; until then echo, status and list may settle it
    std::optional<Timestamp> windowEndsAt{};
    Timestamp createdAt{};
    QString lastClass{};                             ///< errorKindName of the last try
};

// For the use-cases: messages.send, messages.retry, messages.delete

/// The message leaves as soon as its lane is free. Wake the dispatcher after the commit (`OutboxDispatcher::wake`, any thread).
/// @param windowEndsAt the end of the reply window as known now; it is looked at again at the moment of sending.
Result<OutboxId> enqueue(WriteTransaction &tx, MessageId message, InboxId inbox, const QString &lane, std::optional<Timestamp> windowEndsAt);

/// Another attempt of a failed message, as the same row. Conflict with a word in `field`: "status" where it hasn't failed, "outcome_unknown" where it may
/// have arrived and the agent has not confirmed. NotFound where it was never to be sent. Tells `message.updated`.
/// @param sameKeyFor how long the platform takes a call with the same key once only: what may have arrived goes out with its old key so long
Result<void> retry(WriteTransaction &tx, MessageId message, bool confirmUnknown, std::optional<Timestamp> windowEndsAt,
                   std::chrono::seconds sameKeyFor = std::chrono::seconds(0));

/// A person saw on the platform that a message whose outcome is unknown arrived: it counts as sent. Conflict where its outcome is not unknown (any
/// more), NotFound where it was never to be sent. Tells `message.updated`.
Result<void> confirmArrived(WriteTransaction &tx, MessageId message);

/// Takes a message out of the queue that has not left. One whose earlier request may have arrived stays as one whose outcome is unknown, and doesn't
/// leave again by itself. @return false where there is nothing to take out: it leaves right now, or has left.
Result<bool> cancel(WriteTransaction &tx, MessageId message);

// For the dispatcher

Result<std::optional<Row>> find(ReadTransaction &tx, OutboxId id);
Result<std::optional<Row>> findByMessage(ReadTransaction &tx, MessageId message);

/// Heads of lanes that may leave now, of active inboxes.
Result<QList<Row>> due(ReadTransaction &tx, Timestamp now, int limit);
/// Whether `due` or `deliveredDue` would find anything.
Result<bool> hasWork(ReadTransaction &tx, Timestamp now);

/// The lane's head becomes `sending`, owned by `owner` for a minute; its message too. Nothing where the lane is not free (any more).
Result<std::optional<Row>> claim(WriteTransaction &tx, const QString &lane, const QString &owner, const QString &newIdemKey);
Result<void> heartbeat(WriteTransaction &tx, const QString &owner);
/// Sends whose owner is gone: their settling, never their request, becomes ours. @param everything whatever the lease says (the one process of a store starts).
Result<QList<Row>> takeOver(WriteTransaction &tx, const QString &owner, Timestamp settleUntil, bool everything);

/// The idempotency key of one call of a message, from that of its row: the same after a restart, another for each part.
QString partKey(const QString &rowKey, int part);

/// One request's fate, for the support of the platform and for ours.
struct Attempt {
    int part = 0;
    bool bytesSent = false;
    int httpStatus = 0;
    QString code{};
    QString text{};
    QString requestId{};
    QString platformId{};
    QString customerAddress{};                       ///< how the platform itself calls who got it; empty: it didn't say
    QStringList furtherIds{};                        ///< where the call made several messages: the others' ids
    QJsonObject tokens{};                            ///< what the platform wants to hear when this one is quoted
    QJsonObject failedPart{};                        ///< of several calls: which this was, {number, count, name}; kept in the message's detail while it has failed
    bool isUnderWay = false;                         ///< the platform has it, but has yet to send it on: the message stays `sending`
};

/// What goes out in several calls has a row for each, so that everybody can see which are missing. @param count of all calls
Result<void> planParts(WriteTransaction &tx, const Row &row, int count);

// Each of these is fenced: Conflict where the row is not `owner`'s any more, then the closure is refused and leaves nothing.

/// One part of several is taken; the row stays `sending`.
Result<void> partSent(WriteTransaction &tx, const Row &row, const Attempt &attempt);
/// The last missing part is taken. @param deliveredAt when it counts as delivered without a word of the platform; nothing where the platform tells.
Result<void> finishSent(WriteTransaction &tx, const Row &row, const Attempt &attempt, std::optional<Timestamp> deliveredAt);
/// @param attributes what the refusal teaches of the conversation: put into it; null values take away
Result<void> finishFailed(WriteTransaction &tx, const Row &row, const Attempt &attempt, const ExternalError &error, const QJsonObject &attributes = {});
/// Back to `queued`. @param counts whether it was a try.
Result<void> requeue(WriteTransaction &tx, const Row &row, const Attempt &attempt, Timestamp nextAt, const QString &errorClass, bool counts);
/// The answer is lost: `sending` goes on until `until` while something may settle it.
Result<void> beginSettling(WriteTransaction &tx, const Row &row, const Attempt &attempt, Timestamp until);
/// Nothing settled it.
Result<void> giveUp(WriteTransaction &tx, const Row &row);
/// The platform's list has it, or the first part that was missing: then the others are still to be sent.
Result<void> settle(WriteTransaction &tx, const Row &row, const QString &sourceId, Timestamp platformAt);

/// A queued message that may not leave any more (window, age): failed without a request. Where an earlier one may have arrived its outcome is unknown.
Result<void> refuseQueued(WriteTransaction &tx, const Row &row, const ExternalError &error);
Result<void> postpone(WriteTransaction &tx, OutboxId id, Timestamp nextAt);

/// Parts that the platform has already.
Result<QList<int>> sentParts(ReadTransaction &tx, MessageId message);

/// Sent messages that count as delivered now. @return whether there may be more.
Result<bool> deliverDue(WriteTransaction &tx, int limit);

/// What waits for its owner's new credentials doesn't grow older meanwhile.
Result<void> holdAge(WriteTransaction &tx, Milliseconds by);
/// The network is back: what waits only for that goes now.
Result<void> hurry(WriteTransaction &tx);
/// A wall clock that was wrong must not hold anything back for longer than the longest pause.
Result<void> capNextAt(WriteTransaction &tx, Timestamp latest);

} // namespace antiphon::outbox
