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
            {u"unknown_account"_s, stats.unknownAccount}};
}

Result<IntakeStats> readIntakeStats(ReadTransaction &tx, qint64 rejectedNotStored)
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
                       .ignored = counters->value(u"ignored"_s),
                       .parked = counts->parked,
                       .stale = counters->value(u"stale"_s),
                       .rejectedSignature = counters->value(u"rejected_signature"_s) + rejectedNotStored,
                       .lostFoundByPoll = counters->value(u"lost_found_by_poll"_s),
                       .unknownAccount = counters->value(u"unknown_account"_s)};
}

} // namespace antiphon
