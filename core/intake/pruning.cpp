#include "core/intake/pruning.h"

#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"
#include "core/store/medialinkrepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kSlice = 200;
constexpr std::chrono::hours kDay{24};
/// Four times what a seat may be behind before it must read anew.
constexpr qint64 kChangesKept = 20'000;

Result<int> pruneJobs(WriteTransaction &tx)
{
    Query q = tx.query(u"DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state IN ('done', 'dead') AND finished_at < :before"
                       " ORDER BY finished_at LIMIT :limit)"_s);
    q.bind(":before"_L1, tx.now() - kDay * 7).bind(":limit"_L1, kSlice);
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected();
}

Result<int> pruneChanges(WriteTransaction &tx)
{
    const auto newest = tx.seq();
    if (!newest)
        return newest.error();
    Query q = tx.query(u"DELETE FROM change WHERE seq IN (SELECT seq FROM change WHERE seq <= :last ORDER BY seq LIMIT :limit)"_s);
    q.bind(":last"_L1, *newest - kChangesKept).bind(":limit"_L1, kSlice);
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected();
}

} // namespace

Result<bool> pruneSlice(WriteTransaction &tx)
{
    const Timestamp now = tx.now();
    const auto deliveries = deliveries::prune(tx, now - kDay * 7, now - kDay * 90, now - kDay * 30, kSlice);
    if (!deliveries)
        return deliveries.error();
    const auto events = events::prune(tx, now - kDay * 7, now - kDay * 30, kSlice);
    if (!events)
        return events.error();
    const auto jobs = pruneJobs(tx);
    if (!jobs)
        return jobs.error();
    const auto changes = pruneChanges(tx);
    if (!changes)
        return changes.error();
    if (const auto links = medialinks::prune(tx, kSlice); !links)
        return links.error();
    return *deliveries + *events + *jobs + *changes > 0;
}

} // namespace antiphon
