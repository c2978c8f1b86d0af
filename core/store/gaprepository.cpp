#include "core/store/gaprepository.h"

#include "core/base/json.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace antiphon::gaps {
namespace {
using namespace Qt::StringLiterals;

QString textOf(const QList<Gap::Reason> &reasons)
{
    if (reasons.isEmpty())
        return {};
    QJsonArray array;
    for (const Gap::Reason &reason : reasons)
        array.append(toJson(reason));
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

QList<Gap::Reason> reasonsOf(const QString &text)
{
    QList<Gap::Reason> reasons;
    const QJsonArray array = QJsonDocument::fromJson(text.toUtf8()).array();
    for (const QJsonValue &value : array) {
        if (const auto reason = gapReasonFromJson(value.toObject()))
            reasons.append(*reason);
    }
    return reasons;
}

Gap readGap(const Query &q)
{
    return {.id = q.id<GapId>(0),
            .inboxId = q.id<InboxId>(1),
            .from = q.time(2),
            .to = q.optionalTime(3),
            .cause = gapCauseFromName(q.text(4)).value_or(Gap::Cause::Stopped),
            .state = gapStateFromName(q.text(5)).value_or(Gap::State::Open),
            .recovered = q.integer(6),
            .reasons = reasonsOf(q.text(7))};
}

Result<QList<Gap>> all(Query &q)
{
    QList<Gap> found;
    while (q.next())
        found.append(readGap(q));
    if (!q.ok())
        return q.error();
    return found;
}

Result<void> tell(WriteTransaction &tx, GapId id, InboxId inbox)
{
    tx.changed(u"intake.gap"_s, id.value(), inbox);
    return {};
}

} // namespace

Result<std::optional<Gap>> find(ReadTransaction &tx, GapId id)
{
    Query q = tx.query(u"SELECT id, inbox_id, from_ts, to_ts, cause, state, recovered, note FROM gap WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    if (q.next())
        return std::optional(readGap(q));
    if (!q.ok())
        return q.error();
    return std::optional<Gap>();
}

Result<QList<Gap>> list(ReadTransaction &tx, GapId before, int limit)
{
    Query q = tx.query(u"SELECT id, inbox_id, from_ts, to_ts, cause, state, recovered, note FROM gap WHERE id < :before ORDER BY id DESC LIMIT :limit"_s);
    q.bind(":before"_L1, before ? before.value() : std::numeric_limits<qint64>::max()).bind(":limit"_L1, limit);
    return all(q);
}

Result<GapId> insert(WriteTransaction &tx, const Gap &gap)
{
    Query q = tx.query(u"INSERT INTO gap (inbox_id, from_ts, to_ts, cause, state, note) VALUES (:inbox, :from, :to, :cause, :state, :note)"_s);
    q.bind(":inbox"_L1, gap.inboxId)
        .bind(":from"_L1, gap.from)
        .bind(":to"_L1, gap.to)
        .bind(":cause"_L1, gapCauseName(gap.cause))
        .bind(":state"_L1, gapStateName(gap.state))
        .bind(":note"_L1, textOf(gap.reasons));
    if (const auto done = q.exec(); !done)
        return done.error();
    const GapId id(q.lastInsertId());
    tx.changed(u"intake.gap"_s, id.value(), gap.inboxId);
    return id;
}

Result<QList<Gap>> lasting(ReadTransaction &tx, std::optional<Gap::Cause> cause)
{
    Query q = tx.query(u"SELECT id, inbox_id, from_ts, to_ts, cause, state, recovered, note FROM gap"
                       " WHERE state = 'open' AND to_ts IS NULL AND (:cause IS NULL OR cause = :cause) ORDER BY id"_s);
    q.bind(":cause"_L1, cause ? gapCauseName(*cause) : QString());
    return all(q);
}

Result<void> end(WriteTransaction &tx, GapId id, Timestamp to)
{
    const auto gap = find(tx, id);
    if (!gap)
        return gap.error();
    if (!*gap || (*gap)->to)
        return {};
    Query q = tx.query(u"UPDATE gap SET to_ts = :to WHERE id = :id"_s);
    q.bind(":to"_L1, to).bind(":id"_L1, id);
    if (const auto done = q.exec(); !done)
        return done;
    return tell(tx, id, (*gap)->inboxId);
}

Result<QList<Gap>> toFill(ReadTransaction &tx, InboxId inbox)
{
    Query q = tx.query(u"SELECT id, inbox_id, from_ts, to_ts, cause, state, recovered, note FROM gap"
                       " WHERE state = 'open' AND to_ts IS NOT NULL AND inbox_id = :inbox ORDER BY from_ts, id"_s);
    q.bind(":inbox"_L1, inbox);
    return all(q);
}

Result<QList<InboxId>> inboxesToFill(ReadTransaction &tx)
{
    Query q = tx.query(u"SELECT i.id, (SELECT COUNT(*) FROM conversation c WHERE +c.inbox_id = i.id AND c.waiting_since IS NOT NULL) AS waiting"
                       " FROM inbox i WHERE i.state = 'active' AND i.deleted_at IS NULL"
                       " AND i.id IN (SELECT inbox_id FROM gap WHERE state = 'open' AND to_ts IS NOT NULL) ORDER BY waiting DESC, i.id"_s);
    QList<InboxId> inboxes;
    while (q.next())
        inboxes.append(q.id<InboxId>(0));
    if (!q.ok())
        return q.error();
    return inboxes;
}

Result<void> settle(WriteTransaction &tx, GapId id, Gap::State state, const QList<Gap::Reason> &reasons)
{
    const auto gap = find(tx, id);
    if (!gap)
        return gap.error();
    if (!*gap || ((*gap)->state == state && (*gap)->reasons == reasons))
        return {};
    Query q = tx.query(u"UPDATE gap SET state = :state, note = :note WHERE id = :id"_s);
    q.bind(":state"_L1, gapStateName(state)).bind(":note"_L1, textOf(reasons)).bind(":id"_L1, id);
    if (const auto done = q.exec(); !done)
        return done;
    return tell(tx, id, (*gap)->inboxId);
}

Result<void> countRecovered(WriteTransaction &tx, GapId id, qint64 more)
{
    Query q = tx.query(u"UPDATE gap SET recovered = recovered + :more WHERE id = :id RETURNING inbox_id, state"_s);
    q.bind(":id"_L1, id).bind(":more"_L1, more);
    const bool isSettled = q.next() && q.text(1) != "open"_L1;
    const InboxId inbox = isSettled ? q.id<InboxId>(0) : InboxId();
    if (!q.ok())
        return q.error();
    return isSettled ? tell(tx, id, inbox) : Result<void>();      // an open one is told when it is settled
}

Result<QList<Gap>> waitedFor(ReadTransaction &tx, Timestamp endedBefore)
{
    Query q = tx.query(u"SELECT id, inbox_id, from_ts, to_ts, cause, state, recovered, note FROM gap"
                       " WHERE state = 'partial' AND to_ts < :before AND note LIKE '%waiting_for_redelivery%' ORDER BY id"_s);
    q.bind(":before"_L1, endedBefore);
    return all(q);
}

} // namespace antiphon::gaps
