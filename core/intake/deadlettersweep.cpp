#include "core/intake/deadlettersweep.h"

#include "core/base/logging.h"
#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"
#include "core/store/settingrepository.h"

namespace antiphon::deadletters {
namespace {
using namespace Qt::StringLiterals;

constexpr int kSlice = 50;
constexpr int kMostCounted = 10'000;
constexpr QLatin1StringView kTriedWith("intake.dead_letters_tried_with");

bool includesDeliveries(const Sweep &sweep)
{
    return sweep.inboxId.isNull() && (sweep.errorClass.isEmpty() || sweep.errorClass == "shape"_L1);
}

void bindTo(Query &q, const Sweep &sweep)
{
    q.bind(":any"_L1, !sweep.reason.has_value()).bind(":reason"_L1, sweep.reason.value_or(QString()).isNull() ? u""_s : *sweep.reason);
}

Result<QList<qint64>> ids(Query q)
{
    QList<qint64> found;
    while (q.next())
        found.append(q.integer(0));
    if (!q.ok())
        return q.error();
    return found;
}

Result<QList<qint64>> nextEvents(ReadTransaction &tx, const Sweep &sweep, int limit)
{
    Query q = tx.query(u"SELECT id FROM event WHERE state = 'dead' AND id > :after AND id <= :last"
                       " AND ((:any AND error_class IN ('shape', 'deterministic'))"
                       " OR (NOT :any AND COALESCE(error_text, '') = :reason AND (:class = '' OR error_class = :class)))"
                       " AND (:inbox = 0 OR inbox_id = :inbox) ORDER BY id LIMIT :limit"_s);
    bindTo(q, sweep);
    q.bind(":class"_L1, sweep.errorClass.isNull() ? u""_s : sweep.errorClass)
        .bind(":inbox"_L1, sweep.inboxId.value())
        .bind(":after"_L1, sweep.afterEvent)
        .bind(":last"_L1, sweep.lastEvent)
        .bind(":limit"_L1, limit);
    return ids(std::move(q));
}

Result<QList<qint64>> nextDeliveries(ReadTransaction &tx, const Sweep &sweep, int limit)
{
    if (!includesDeliveries(sweep))
        return QList<qint64>();
    Query q = tx.query(u"SELECT id FROM delivery WHERE split_state = 'dead' AND id > :after AND id <= :last"
                       " AND (:any OR COALESCE(split_error, '') = :reason) ORDER BY id LIMIT :limit"_s);
    bindTo(q, sweep);
    q.bind(":after"_L1, sweep.afterDelivery).bind(":last"_L1, sweep.lastDelivery).bind(":limit"_L1, limit);
    return ids(std::move(q));
}

Result<qint64> newest(Query q)
{
    const qint64 id = q.next() ? q.integer(0) : 0;
    if (!q.ok())
        return q.error();
    return id;
}

/// @return whether there may be more.
Result<bool> slice(WriteTransaction &tx, Sweep *sweep)
{
    const auto events = nextEvents(tx, *sweep, kSlice);
    if (!events)
        return events.error();
    for (const qint64 id : *events) {
        if (const auto revived = events::revive(tx, EventId(id)); !revived)
            return revived.error();
        sweep->afterEvent = id;
    }
    const int room = kSlice - int(events->size());
    if (room == 0)
        return true;
    const auto deliveries = nextDeliveries(tx, *sweep, room);
    if (!deliveries)
        return deliveries.error();
    for (const qint64 id : *deliveries) {
        if (const auto revived = deliveries::revive(tx, DeliveryId(id)); !revived)
            return revived.error();
        sweep->afterDelivery = id;
    }
    return deliveries->size() == room;
}

} // namespace

Result<qint64> begin(ReadTransaction &tx, Sweep *sweep)
{
    const auto lastEvent = newest(tx.query(u"SELECT id FROM event WHERE state = 'dead' AND id > 0 ORDER BY id DESC LIMIT 1"_s));
    const auto lastDelivery = newest(tx.query(u"SELECT id FROM delivery WHERE split_state = 'dead' AND id > 0 ORDER BY id DESC LIMIT 1"_s));
    if (!lastEvent)
        return lastEvent.error();
    if (!lastDelivery)
        return lastDelivery.error();
    sweep->lastEvent = *lastEvent;
    sweep->lastDelivery = *lastDelivery;
    const auto events = nextEvents(tx, *sweep, kMostCounted);
    if (!events)
        return events.error();
    const auto deliveries = nextDeliveries(tx, *sweep, kMostCounted);
    if (!deliveries)
        return deliveries.error();
    return events->size() + deliveries->size();
}

void runSlices(Writer &writer, const Sweep &sweep, const std::function<void()> &wake, const std::function<void()> &finished)
{
    writer.submit(
        Writer::Priority::Background, "retry dead letters",
        [&writer, sweep, wake, finished](WriteTransaction &tx) -> Result<void> {
            Sweep next = sweep;
            const auto more = slice(tx, &next);
            if (!more)
                return more.error();
            tx.afterCommit([&writer, next, wake, finished, more = *more] {
                if (wake)
                    wake();
                if (more)
                    runSlices(writer, next, wake, finished);
                else if (finished)
                    finished();
            });
            return {};
        },
        [](const Result<void> &done) {
            if (!done)
                qCWarning(lcIntake) << "dead letters are not tried again:" << describe(done.error());
        });
}

void retryAfterUpdate(Writer &writer, const QString &version, const std::function<void()> &wake)
{
    const auto remember = [&writer, version] {
        writer.submit(
            Writer::Priority::Background, "dead letters tried",
            [version](WriteTransaction &tx) { return settings::store(tx, QString(kTriedWith), version); },
            [](const Result<void> &done) {
                if (!done)
                    qCWarning(lcIntake) << "that dead letters were tried is not remembered:" << describe(done.error());
            });
    };
    writer.submit(
        Writer::Priority::Background, "dead letters after an update",
        [&writer, version, wake, remember](WriteTransaction &tx) -> Result<void> {
            const auto before = settings::value(tx, QString(kTriedWith));
            if (!before)
                return before.error();
            if (*before && (*before)->toString() == version)
                return {};
            Sweep sweep;
            const auto count = begin(tx, &sweep);
            if (!count)
                return count.error();
            tx.afterCommit([&writer, sweep, wake, remember, count = *count] {
                if (count == 0)
                    return remember();
                qCInfo(lcIntake) << count << "dead letters are tried again with this version";
                runSlices(writer, sweep, wake, remember);
            });
            return {};
        },
        [](const Result<void> &done) {
            if (!done)
                qCWarning(lcIntake) << "dead letters are not tried with this version:" << describe(done.error());
        });
}

} // namespace antiphon::deadletters
