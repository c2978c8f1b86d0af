#include "core/intake/intakestats.h"

#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"

#include <QHash>

namespace antiphon {

using namespace Qt::StringLiterals;

QJsonObject toJson(const IntakeStats &stats)
{
    return {{u"received"_s, stats.received},
            {u"duplicates"_s, stats.duplicates},
            {u"processed"_s, stats.processed},
            {u"pending"_s, stats.pending},
            {u"dead"_s, stats.dead},
            {u"ignored"_s, stats.ignored},
            {u"parked"_s, stats.parked},
            {u"stale"_s, stats.stale},
            {u"rejected_signature"_s, stats.rejectedSignature},
            {u"lost_found_by_poll"_s, stats.lostFoundByPoll},
            {u"clock_offset_ms"_s, stats.clockOffset ? QJsonValue(qint64(stats.clockOffset->count())) : QJsonValue(QJsonValue::Null)},
            {u"unknown_account"_s, stats.unknownAccount},
            {u"pressed"_s, stats.pressed},
            {u"deferred"_s, stats.deferred},
            {u"flooded"_s, stats.flooded},
            {u"polling_paused"_s, stats.pollingPaused},
            {u"files_paused"_s, stats.filesPaused},
            {u"text_only"_s, stats.textOnly},
            {u"disk_free"_s, stats.diskFree >= 0 ? QJsonValue(stats.diskFree) : QJsonValue(QJsonValue::Null)}};
}

Result<IntakeStats> readIntakeStats(ReadTransaction &tx, const NotStored &notStored)
{
    const auto counters = deliveries::counters(tx);
    if (!counters)
        return counters.error();
    const auto counts = events::counts(tx);
    if (!counts)
        return counts.error();
    return IntakeStats{.received = counters->value(u"received"_s),
                       .duplicates = counters->value(u"duplicates"_s),
                       .processed = counters->value(u"processed"_s),
                       .pending = counts->pending,
                       .dead = counts->dead,
                       .ignored = counters->value(u"ignored"_s) + counters->value(u"unknown_account"_s) + notStored.unknown,
                       .parked = counts->parked,
                       .stale = counters->value(u"stale"_s),
                       .rejectedSignature = counters->value(u"rejected_signature"_s) + notStored.rejected,
                       .lostFoundByPoll = counters->value(u"lost_found_by_poll"_s),
                       .unknownAccount = counters->value(u"unknown_account"_s) + notStored.unknown,
                       .pressed = counters->value(u"pressed"_s) + notStored.pressed,
                       .deferred = counters->value(u"deferred"_s) + notStored.deferred,
                       .flooded = counters->value(u"flooded"_s),
                       .pollingPaused = notStored.waitsForRoom,
                       .filesPaused = notStored.filesPaused,
                       .textOnly = notStored.textOnly,
                       .diskFree = notStored.freeBytes,
                       .clockOffset = notStored.clockOffset};
}

} // namespace antiphon
