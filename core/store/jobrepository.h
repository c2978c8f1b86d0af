#pragma once

#include "core/store/transaction.h"

#include <QHash>

/// Rows of `job`: work that leaves the database (fetching media, profiles, lists), claimed with owner and lease, finished with a fence.
namespace antiphon::jobs {

struct Job {
    JobId id{};
    QString kind{};                          ///< "media", "profile", "pull", "embed", "capability", "templates", "react", "read_mark", "phone_sync", "acknowledge", "look_up"
    InboxId inboxId{};
    QString entity{};                        ///< "attachment", "contact_inbox", "event", "conversation", "inbox", "message"
    qint64 entityId = 0;
    QJsonObject payload{};
    int attempts = 0;
    Timestamp nextAt{};
};

/// Nothing where the same kind of work for the same entity waits or runs already.
Result<std::optional<JobId>> enqueue(WriteTransaction &tx, const Job &job);

/// What waits for a later try goes now, as a first one.
Result<void> hurry(WriteTransaction &tx, const QString &kind, const QString &entity, qint64 entityId);

/// Work of this kind for an entity that waits or runs.
struct Waiting {
    int attempts = 0;
    QString errorText{};                     ///< of the last try
};
Result<std::optional<Waiting>> waiting(ReadTransaction &tx, const QString &kind, const QString &entity, qint64 entityId);

/// Due work of inboxes that are active, oldest first, now running under `owner`: at most `limit` an inbox, or what `room` says of it,
/// and one "pull", which serves the others. @param withFiles also what fetches files ("media", "inbox_avatar")
Result<QList<Job>> claim(WriteTransaction &tx, const QString &owner, Timestamp leaseUntil, int limit, const QHash<InboxId, int> &room,
                         bool withFiles = true);

/// The other jobs of this kind that are due for the inbox now or in a moment, now running under `owner`: one call serves them all.
Result<QList<Job>> claimWithin(WriteTransaction &tx, const QString &owner, Timestamp leaseUntil, InboxId inbox, const QString &kind);

/// The fence: Conflict where the claim is no longer ours, so that the whole closure is taken back.
Result<void> finish(WriteTransaction &tx, JobId id, const QString &owner);
Result<void> fail(WriteTransaction &tx, JobId id, const QString &owner, const Error &error);                        ///< dead
Result<void> retryLater(WriteTransaction &tx, JobId id, const QString &owner, const Error &error, Timestamp nextAt, bool countsAttempt);

Result<int> heartbeat(WriteTransaction &tx, const QString &owner, Timestamp leaseUntil);                            ///< rows still ours
/// Puts running work whose lease has ended back, as one attempt. Where `all`, whatever its lease (at start: only one process can exist).
Result<int> sweep(WriteTransaction &tx, bool all);
/// Puts everything that `owner` has running back, due at once and as no attempt: it stops.
Result<void> putBack(WriteTransaction &tx, const QString &owner);

/// A wall clock that was wrong must not hold anything back for longer than the longest pause.
Result<void> capNextAt(WriteTransaction &tx, Timestamp latest);

Result<std::optional<Timestamp>> nextDue(ReadTransaction &tx);

} // namespace antiphon::jobs
