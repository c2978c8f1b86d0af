#include "core/store/jobrepository.h"

namespace antiphon::jobs {
namespace {
using namespace Qt::StringLiterals;

/// Work due so soon is done together with what is due now.
constexpr Milliseconds kMoment{1500};

Job readJob(const Query &q)
{
    return {.id = q.id<JobId>(0),
            .kind = q.text(1),
            .inboxId = q.id<InboxId>(2),
            .entity = q.text(3),
            .entityId = q.integer(4),
            .payload = q.json(5),
            .attempts = int(q.integer(6)),
            .nextAt = q.time(7)};
}

/// Marks as running what was read.
Result<void> take(WriteTransaction &tx, const QString &owner, Timestamp leaseUntil, JobId id)
{
    Query q = tx.query(u"UPDATE job SET state = 'running', owner = :owner, lease_until = :lease WHERE id = :id AND state = 'pending'"_s);
    q.bind(":owner"_L1, owner).bind(":lease"_L1, leaseUntil).bind(":id"_L1, id);
    return q.exec();
}

Result<void> fenced(Query &q)
{
    if (const auto done = q.exec(); !done)
        return done;
    if (q.rowsAffected() != 1)
        return Error{Error::Kind::Conflict, u"the claim of this job was lost"_s};
    return {};
}

} // namespace

Result<std::optional<JobId>> enqueue(WriteTransaction &tx, const Job &job)
{
    Query q = tx.query(u"INSERT INTO job (kind, inbox_id, entity, entity_id, payload, state, next_at)"
                       " VALUES (:kind, :inbox, :entity, :entity_id, :payload, 'pending', :next_at)"
                       " ON CONFLICT (kind, entity, entity_id) WHERE state IN ('pending', 'running') DO NOTHING RETURNING id"_s);
    q.bind(":kind"_L1, job.kind)
        .bind(":inbox"_L1, job.inboxId)
        .bind(":entity"_L1, job.entity)
        .bind(":entity_id"_L1, job.entityId)
        .bind(":payload"_L1, job.payload)
        .bind(":next_at"_L1, job.nextAt);
    if (q.next())
        return std::optional(q.id<JobId>(0));
    if (!q.ok())
        return q.error();
    return std::optional<JobId>();
}

Result<void> hurry(WriteTransaction &tx, const QString &kind, const QString &entity, qint64 entityId)
{
    Query q = tx.query(u"UPDATE job SET next_at = :now, attempts = 0 WHERE kind = :kind AND entity = :entity AND entity_id = :id AND state = 'pending'"_s);
    q.bind(":now"_L1, tx.now()).bind(":kind"_L1, kind).bind(":entity"_L1, entity).bind(":id"_L1, entityId);
    return q.exec();
}

Result<std::optional<Waiting>> waiting(ReadTransaction &tx, const QString &kind, const QString &entity, qint64 entityId)
{
    Query q = tx.query(u"SELECT attempts, error_text FROM job WHERE kind = :kind AND entity = :entity AND entity_id = :id"
                       " AND state IN ('pending', 'running')"_s);
    q.bind(":kind"_L1, kind).bind(":entity"_L1, entity).bind(":id"_L1, entityId);
    if (q.next())
        return std::optional(Waiting{.attempts = int(q.integer(0)), .errorText = q.text(1)});
    if (!q.ok())
        return q.error();
    return std::optional<Waiting>();
}

Result<QList<Job>> claim(WriteTransaction &tx, const QString &owner, Timestamp leaseUntil, int limit, const QHash<InboxId, int> &room, bool withFiles)
{
    QList<InboxId> inboxes;
    {
        Query q = tx.query(u"SELECT id FROM inbox WHERE state = 'active' ORDER BY id"_s);
        while (q.next())
            inboxes.append(q.id<InboxId>(0));
        if (!q.ok())
            return q.error();
    }
    QList<Job> claimed;
    for (const InboxId inbox : std::as_const(inboxes)) {
        const int most = room.value(inbox, limit);
        if (most <= 0)
            continue;
        Query q = tx.query(u"SELECT id, kind, inbox_id, entity, entity_id, payload, attempts, next_at FROM job"
                           " WHERE state = 'pending' AND next_at <= :now AND inbox_id = :inbox"
                           " AND (:with_files OR kind NOT IN ('media', 'inbox_avatar')) ORDER BY next_at LIMIT :limit"_s);
        q.bind(":now"_L1, tx.now()).bind(":inbox"_L1, inbox).bind(":with_files"_L1, withFiles).bind(":limit"_L1, most);
        bool hasPull = false;
        while (q.next()) {
            const Job job = readJob(q);
            // One pull serves all that wait for it: it claims the others itself.
            if (job.kind != "pull"_L1 || !std::exchange(hasPull, true))
                claimed.append(job);
        }
        if (!q.ok())
            return q.error();
    }
    for (const Job &job : std::as_const(claimed)) {
        if (const auto done = take(tx, owner, leaseUntil, job.id); !done)
            return done.error();
    }
    return claimed;
}

Result<QList<Job>> claimWithin(WriteTransaction &tx, const QString &owner, Timestamp leaseUntil, InboxId inbox, const QString &kind)
{
    QList<Job> claimed;
    Query q = tx.query(u"SELECT id, kind, inbox_id, entity, entity_id, payload, attempts, next_at FROM job"
                       " WHERE state = 'pending' AND next_at <= :soon AND inbox_id = :inbox AND kind = :kind ORDER BY next_at LIMIT 500"_s);
    q.bind(":soon"_L1, tx.now() + kMoment).bind(":inbox"_L1, inbox).bind(":kind"_L1, kind);
    while (q.next())
        claimed.append(readJob(q));
    if (!q.ok())
        return q.error();
    for (const Job &job : std::as_const(claimed)) {
        if (const auto done = take(tx, owner, leaseUntil, job.id); !done)
            return done.error();
    }
    return claimed;
}

Result<void> finish(WriteTransaction &tx, JobId id, const QString &owner)
{
    Query q = tx.query(u"UPDATE job SET state = 'done', finished_at = :now, owner = NULL, lease_until = NULL"
                       " WHERE id = :id AND owner = :owner AND state = 'running'"_s);
    q.bind(":now"_L1, tx.now()).bind(":id"_L1, id).bind(":owner"_L1, owner);
    return fenced(q);
}

Result<void> fail(WriteTransaction &tx, JobId id, const QString &owner, const Error &error)
{
    Query q = tx.query(u"UPDATE job SET state = 'dead', attempts = attempts + 1, finished_at = :now, owner = NULL, lease_until = NULL,"
                       " error_class = :class, error_text = :text WHERE id = :id AND owner = :owner AND state = 'running'"_s);
    q.bind(":now"_L1, tx.now())
        .bind(":class"_L1, errorKindName(error.kind))
        .bind(":text"_L1, error.detail)
        .bind(":id"_L1, id)
        .bind(":owner"_L1, owner);
    return fenced(q);
}

Result<void> retryLater(WriteTransaction &tx, JobId id, const QString &owner, const Error &error, Timestamp nextAt, bool countsAttempt)
{
    Query q = tx.query(u"UPDATE job SET state = 'pending', attempts = attempts + :attempt, next_at = :next_at, owner = NULL, lease_until = NULL,"
                       " error_class = :class, error_text = :text WHERE id = :id AND owner = :owner AND state = 'running'"_s);
    q.bind(":attempt"_L1, countsAttempt ? 1 : 0)
        .bind(":next_at"_L1, nextAt)
        .bind(":class"_L1, errorKindName(error.kind))
        .bind(":text"_L1, error.detail)
        .bind(":id"_L1, id)
        .bind(":owner"_L1, owner);
    return fenced(q);
}

Result<int> heartbeat(WriteTransaction &tx, const QString &owner, Timestamp leaseUntil)
{
    Query q = tx.query(u"UPDATE job SET lease_until = :lease WHERE state = 'running' AND lease_until >= 0 AND owner = :owner"_s);
    q.bind(":lease"_L1, leaseUntil).bind(":owner"_L1, owner);
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected();
}

Result<int> sweep(WriteTransaction &tx, bool all)
{
    Query q = tx.query(u"UPDATE job SET state = 'pending', attempts = attempts + 1, owner = NULL, lease_until = NULL"
                       " WHERE state = 'running' AND lease_until < :before"_s);
    q.bind(":before"_L1, all ? std::numeric_limits<qint64>::max() : toUnixMs(tx.now()));
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected();
}

Result<void> putBack(WriteTransaction &tx, const QString &owner)
{
    Query q = tx.query(u"UPDATE job SET state = 'pending', next_at = :now, owner = NULL, lease_until = NULL, error_class = 'cancelled', error_text = 'stopped'"
                       " WHERE state = 'running' AND owner = :owner"_s);
    q.bind(":now"_L1, tx.now()).bind(":owner"_L1, owner);
    return q.exec();
}

Result<void> capNextAt(WriteTransaction &tx, Timestamp latest)
{
    Query q = tx.query(u"UPDATE job SET next_at = :latest WHERE state = 'pending' AND next_at > :latest"_s);
    q.bind(":latest"_L1, latest);
    return q.exec();
}

Result<std::optional<Timestamp>> nextDue(ReadTransaction &tx)
{
    Query q = tx.query(u"SELECT next_at FROM job WHERE state = 'pending' AND next_at >= 0 ORDER BY next_at LIMIT 1"_s);
    if (q.next())
        return std::optional(q.time(0));
    if (!q.ok())
        return q.error();
    return std::optional<Timestamp>();
}

} // namespace antiphon::jobs
