#include "core/intake/intakehealth.h"

#include "core/base/json.h"
#include "core/intake/lanekey.h"
#include "core/intake/redaction.h"
#include "core/intake/rhythm.h"
#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"
#include "core/store/inboxrepository.h"

#include <QHash>

namespace antiphon::intakehealth {
namespace {
using namespace Qt::StringLiterals;

constexpr int kRhythmOf = 50;              // conversations

struct Waiting {
    qint64 count = 0;
    std::optional<Timestamp> oldest{};
};

/// `sql` gives inbox, count, oldest.
Result<QHash<InboxId, Waiting>> waiting(ReadTransaction &tx, const QString &sql)
{
    Query q = tx.query(sql);
    QHash<InboxId, Waiting> found;
    while (q.next())
        found.insert(q.id<InboxId>(0), {.count = q.integer(1), .oldest = q.optionalTime(2)});
    if (!q.ok())
        return q.error();
    return found;
}

Result<QHash<InboxId, QHash<QString, qint64>>> counters(ReadTransaction &tx)
{
    Query q = tx.query(u"SELECT inbox_id, name, value FROM intake_counter WHERE inbox_id > 0"_s);
    QHash<InboxId, QHash<QString, qint64>> found;
    while (q.next())
        found[q.id<InboxId>(0)].insert(q.text(1), q.integer(2));
    if (!q.ok())
        return q.error();
    return found;
}

/// When customers of the inbox last wrote, of the conversations with the newest activity.
Result<QList<Timestamp>> lastWritten(ReadTransaction &tx, InboxId inbox)
{
    Query q = tx.query(u"SELECT last_incoming_at FROM conversation WHERE inbox_id = :inbox ORDER BY last_activity_at DESC, id DESC LIMIT :limit"_s);
    q.bind(":inbox"_L1, inbox).bind(":limit"_L1, kRhythmOf);
    QList<Timestamp> times;
    while (q.next()) {
        if (const auto at = q.optionalTime(0))
            times.append(*at);
    }
    if (!q.ok())
        return q.error();
    return times;
}

Result<void> addRhythm(ReadTransaction &tx, InboxHealth *health, Timestamp now)
{
    const auto times = lastWritten(tx, health->id);
    if (!times)
        return times.error();
    for (const Timestamp at : *times) {
        if (!health->lastEventAt || at > *health->lastEventAt)
            health->lastEventAt = std::min(at, now);
    }
    const auto rhythm = rhythmOf(*times);
    if (!rhythm)
        return {};
    health->usualPause = rhythm->usual;
    if (health->state == "active"_L1 && health->lastEventAt && isUnusual(*rhythm, now - *health->lastEventAt))
        health->quietSince = health->lastEventAt;
    return {};
}

qint64 ageOf(Timestamp since, Timestamp now)
{
    return std::max<qint64>(0, Milliseconds(now - since).count());
}

double asMs(std::chrono::microseconds duration)
{
    return double(duration.count()) / 1000;
}

} // namespace

Result<QList<InboxHealth>> inboxes(ReadTransaction &tx, Timestamp now)
{
    const auto rows = antiphon::inboxes::list(tx);
    const auto counts = counters(tx);
    // The conditions on lane and id, and grouping by an expression, let the partial indexes be walked instead of the whole table.
    const auto pending = waiting(tx, u"SELECT inbox_id, COUNT(*), MIN(received_at) FROM event WHERE state = 'pending' AND lane > '' GROUP BY inbox_id + 0"_s);
    const auto parked = waiting(tx, u"SELECT inbox_id, COUNT(*), MIN(received_at) FROM event WHERE state = 'parked' AND lane > '' GROUP BY inbox_id + 0"_s);
    const auto dead = waiting(tx, u"SELECT inbox_id, COUNT(*), MIN(received_at) FROM event WHERE state = 'dead' AND id > 0 GROUP BY inbox_id + 0"_s);
    if (!rows)
        return rows.error();
    if (!counts)
        return counts.error();
    for (const auto *part : {&pending, &parked, &dead}) {
        if (!*part)
            return part->error();
    }
    QList<InboxHealth> found;
    for (const antiphon::inboxes::InboxRow &row : *rows) {
        const QHash<QString, qint64> own = counts->value(row.inbox.id);
        InboxHealth health{.id = row.inbox.id,
                           .channel = row.inbox.channel,
                           .state = inboxStateName(row.inbox.state),
                           .lastEventAt = row.lastWebhookAt,
                           .processed = own.value(u"processed"_s),
                           .duplicates = own.value(u"duplicates"_s),
                           .ignored = own.value(u"ignored"_s),
                           .stale = own.value(u"stale"_s),
                           .lostFoundByPoll = own.value(u"lost_found_by_poll"_s),
                           .pending = pending->value(row.inbox.id).count,
                           .parked = parked->value(row.inbox.id).count,
                           .dead = dead->value(row.inbox.id).count,
                           .oldestPendingAt = pending->value(row.inbox.id).oldest,
                           .tokenExpiresAt = row.refreshExpiresAt ? row.refreshExpiresAt : row.tokenExpiresAt};
        health.received = health.processed + health.ignored + health.pending + health.parked + health.dead + own.value(u"discarded"_s);
        if (const auto done = addRhythm(tx, &health, now); !done)
            return done.error();
        found.append(health);
    }
    return found;
}

Result<QList<HeldLane>> heldLanes(ReadTransaction &tx, int limit)
{
    Query q = tx.query(u"SELECT lane, MIN(id) FROM event WHERE state = 'pending' AND lane > '' GROUP BY lane ORDER BY 2 LIMIT :limit"_s);
    q.bind(":limit"_L1, limit);
    QStringList lanes;
    while (q.next())
        lanes.append(q.text(0));
    if (!q.ok())
        return q.error();
    QList<HeldLane> found;
    for (const QString &lane : std::as_const(lanes)) {
        const auto head = events::head(tx, lane);
        if (!head)
            return head.error();
        if (*head)
            found.append({.hash = QString::number(laneHash(lane), 16).rightJustified(16, u'0'),
                          .inboxId = (*head)->inboxId,
                          .since = (*head)->receivedAt,
                          .attempts = (*head)->attempts,
                          .reason = redaction::sentence((*head)->errorText)});
    }
    return found;
}

QJsonObject toJson(const InboxHealth &health, Timestamp now)
{
    const auto pause = health.usualPause ? QJsonValue(qint64(health.usualPause->count())) : QJsonValue(QJsonValue::Null);
    const auto age = health.oldestPendingAt ? QJsonValue(ageOf(*health.oldestPendingAt, now)) : QJsonValue(QJsonValue::Null);
    return {{u"inbox_id"_s, health.id.toString()},
            {u"channel"_s, channelName(health.channel)},
            {u"state"_s, health.state},
            {u"last_event_at"_s, json::orNull(health.lastEventAt)},
            {u"received"_s, health.received},
            {u"processed"_s, health.processed},
            {u"duplicates"_s, health.duplicates},
            {u"ignored"_s, health.ignored},
            {u"stale"_s, health.stale},
            {u"lost_found_by_poll"_s, health.lostFoundByPoll},
            {u"pending"_s, health.pending},
            {u"parked"_s, health.parked},
            {u"dead"_s, health.dead},
            {u"oldest_pending_ms"_s, age},
            {u"usual_pause_ms"_s, pause},
            {u"quiet_since"_s, json::orNull(health.quietSince)},
            {u"token_expires_at"_s, json::orNull(health.tokenExpiresAt)}};
}

QJsonObject toJson(const HeldLane &lane, Timestamp now)
{
    return {{u"lane"_s, lane.hash},
            {u"inbox_id"_s, lane.inboxId.toString()},
            {u"age_ms"_s, ageOf(lane.since, now)},
            {u"attempts"_s, lane.attempts},
            {u"reason"_s, json::orNull(lane.reason)}};
}

QJsonObject toJson(const WebhookIntake::Refusal &refusal)
{
    return {{u"at"_s, toRfc3339(refusal.at)}, {u"route"_s, refusal.route}, {u"reason"_s, refusal.reason}};
}

QJsonObject toJson(const AckLatency::Summary &latency)
{
    return {{u"channel"_s, channelName(latency.channel)}, {u"count"_s, latency.count}, {u"p50_ms"_s, asMs(latency.p50)}, {u"p99_ms"_s, asMs(latency.p99)}};
}

} // namespace antiphon::intakehealth
