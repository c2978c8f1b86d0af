#include "core/desk/diagnosismethods.h"

#include "core/base/json.h"
#include "core/desk/deskobjects.h"
#include "core/desk/params.h"
#include "core/intake/deadletterreport.h"
#include "core/intake/deadlettersweep.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr int kLanes = 10;
constexpr int kGroups = 200;
constexpr qsizetype kLongestReason = 4096;

QJsonObject storeJson(Database &database)
{
    const Writer::Stats stats = database.writer().stats();
    const Writer::Pressure pressure = database.writer().pressure();
    const Database::ReadStats reads = database.readStats();
    const double batch = stats.batches > 0 ? std::round(double(stats.closures) / double(stats.batches) * 10) / 10 : 0;
    return {{u"writable"_s, database.writer().isWritable()},
            {u"wal_bytes"_s, stats.walBytes},
            {u"batch_size"_s, batch},
            {u"urgent_queued"_s, pressure.urgentQueued},
            {u"background_queued"_s, pressure.backgroundQueued},
            {u"oldest_urgent_ms"_s, qint64(pressure.oldestUrgent.count())},
            {u"longest_closure_ms"_s, qint64(stats.longestClosure.count())},
            {u"slow_closures"_s, stats.slowClosures},
            {u"refused_closures"_s, stats.refused},
            {u"oldest_snapshot_ms"_s, qint64(reads.oldestSnapshot.count())}};
}

template <typename T, typename... More>
QJsonArray arrayOf(const T &values, const More &...more)
{
    QJsonArray array;
    for (const auto &value : values)
        array.append(intakehealth::toJson(value, more...));
    return array;
}

Result<qint64> numberOf(ReadTransaction &tx, const QString &sql)
{
    Query q = tx.query(sql);
    const qint64 number = q.next() ? q.integer(0) : 0;
    if (!q.ok())
        return q.error();
    return number;
}

Result<QJsonObject> workJson(ReadTransaction &tx, Timestamp now)
{
    const auto unknown = numberOf(tx, u"SELECT COUNT(*) FROM outbox WHERE state = 'unknown' AND lane > ''"_s);
    if (!unknown)
        return unknown.error();
    const auto dead = numberOf(tx, u"SELECT COUNT(*) FROM job WHERE state = 'dead' AND finished_at > 0"_s);
    if (!dead)
        return dead.error();
    Query late = tx.query(u"SELECT COUNT(*) FROM job WHERE state = 'running' AND lease_until < :now"_s);
    late.bind(":now"_L1, now);
    const qint64 lost = late.next() ? late.integer(0) : 0;
    if (!late.ok())
        return late.error();
    return QJsonObject{{u"sends_unknown"_s, *unknown}, {u"jobs_dead"_s, *dead}, {u"lost_leases"_s, lost}};
}

Result<QJsonObject> health(ReadTransaction &tx, const intakehealth::Live &live, const NotStored &notStored, const QJsonObject &store, Timestamp now)
{
    const auto inboxes = intakehealth::inboxes(tx, now);
    if (!inboxes)
        return inboxes.error();
    const auto lanes = intakehealth::heldLanes(tx, kLanes);
    if (!lanes)
        return lanes.error();
    const auto work = workJson(tx, now);
    if (!work)
        return work.error();
    QJsonArray refused;
    for (auto it = live.refusals.crbegin(); it != live.refusals.crend(); ++it)
        refused.append(intakehealth::toJson(*it));
    return withSeq(tx, {{u"inboxes"_s, arrayOf(*inboxes, now)},
                        {u"lanes"_s, arrayOf(*lanes, now)},
                        {u"latency"_s, arrayOf(live.latency)},
                        {u"refused"_s, refused},
                        {u"store"_s, store},
                        {u"work"_s, *work},
                        {u"clock_offset_ms"_s, notStored.clockOffset ? QJsonValue(qint64(notStored.clockOffset->count())) : QJsonValue(QJsonValue::Null)},
                        {u"disk_free"_s, notStored.freeBytes >= 0 ? QJsonValue(notStored.freeBytes) : QJsonValue(QJsonValue::Null)}});
}

Result<QJsonObject> one(ReadTransaction &tx, const QJsonObject &params)
{
    const auto id = params::requiredId<EventId>(params, "id"_L1);
    if (!id)
        return id.error();
    auto item = deadletters::readMasked(tx, id->value());
    if (!item)
        return item.error();
    const auto letter = deadletters::find(tx, id->value());
    if (!letter)
        return letter.error();
    const auto origin = deadletters::originOf(tx, *letter);
    if (!origin)
        return origin.error();
    QJsonObject answer = *item;
    answer.insert(u"contact_id"_s, json::orNull(origin->contactId));
    answer.insert(u"contact_name"_s, json::orNull(origin->contactName));
    answer.insert(u"conversation_id"_s, json::orNull(origin->conversationId));
    return answer;
}

Result<QJsonObject> groups(ReadTransaction &tx)
{
    const auto found = deadletters::groups(tx, kGroups);
    if (!found)
        return found.error();
    QJsonArray items;
    for (const deadletters::Group &group : *found)
        items.append(deadletters::toJson(group));
    return withSeq(tx, {{u"items"_s, items}});
}

Result<QJsonObject> retryAll(WriteTransaction &tx, Writer &writer, const std::function<void()> &wake, const QJsonObject &params)
{
    if (!params.contains("reason"_L1))
        return params::invalid("reason"_L1, u"required"_s);
    const auto reason = params::text(params, "reason"_L1, kLongestReason);
    if (!reason)
        return reason.error();
    const auto errorClass = params::text(params, "error_class"_L1, 64);
    if (!errorClass)
        return errorClass.error();
    const auto inbox = json::id<InboxId>(params, "inbox_id"_L1);
    if (!inbox)
        return inbox.error();
    deadletters::Sweep sweep{.reason = *reason, .errorClass = *errorClass, .inboxId = *inbox};
    const auto count = deadletters::begin(tx, &sweep);
    if (!count)
        return count.error();
    if (*count > 0)
        tx.afterCommit([&writer, sweep, wake] { deadletters::runSlices(writer, sweep, wake); });
    return QJsonObject{{u"count"_s, *count}};
}

bool isGiven(const QJsonObject &params, QLatin1StringView key)
{
    return !params.value(key).isUndefined() && !params.value(key).isNull();
}

Result<QJsonObject> exported(ReadTransaction &tx, const QJsonObject &params, const QString &version, Timestamp now)
{
    const auto id = json::id<EventId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto limit = params::limit(params);
    if (!limit)
        return limit.error();
    const int most = isGiven(params, "limit"_L1) ? *limit : deadletters::kMostExported;
    return deadletters::exportReport(tx, *id ? std::optional(id->value()) : std::nullopt, most, version, now);
}

} // namespace

void addDiagnosisMethods(MethodTable &methods, const DeskParts &parts)
{
    using Role = Agent::Role;
    methods.call(u"intake.health"_s, Role::Admin, [&parts](const Caller &, const QJsonObject &, const MethodTable::Finished &finished) {
        // What only memory knows is taken here, in the net thread; the rows are read on a snapshot of their own.
        const auto live = parts.intakeLive ? parts.intakeLive() : intakehealth::Live();
        const NotStored notStored = parts.intakeNotStored ? parts.intakeNotStored() : NotStored{};
        finished(MethodTable::Outcome{.read = [live, notStored, store = storeJson(parts.database), now = parts.clock.now()](
                                                  ReadTransaction &tx, const Caller &, const QJsonObject &) { return health(tx, live, notStored, store, now); }});
    });
    methods.read(u"intake.dead_letter"_s, Role::Admin, [](ReadTransaction &tx, const Caller &, const QJsonObject &params) { return one(tx, params); });
    methods.read(u"intake.dead_letter_groups"_s, Role::Admin, [](ReadTransaction &tx, const Caller &, const QJsonObject &) { return groups(tx); });
    methods.write(u"intake.retry_all"_s, Role::Admin,
                  [&writer = parts.database.writer(), wake = parts.intakeHasWork](WriteTransaction &tx, const Caller &, const QJsonObject &params) {
                      return retryAll(tx, writer, wake, params);
                  });
    methods.read(u"intake.export"_s, Role::Admin, [&clock = parts.clock, version = parts.serverVersion](ReadTransaction &tx, const Caller &, const QJsonObject &params) {
        return exported(tx, params, version, clock.now());
    });
}

} // namespace antiphon::desk
