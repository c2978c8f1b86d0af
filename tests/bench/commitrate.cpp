#include "tests/bench/commitrate.h"

#include "core/store/connection.h"
#include "core/store/database.h"
#include "tests/bench/figures.h"

#include <QTemporaryDir>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr qint64 kCheckpointAt = 16 * 1024 * 1024;      // as the Writer does
} // namespace

Result<double> bareCommitRate(const QString &folder, const deliveries::Delivery &row, int group, int rows)
{
    const QTemporaryDir place(folder + u"/antiphon-bench-XXXXXX"_s);
    const QString path = place.filePath(u"rows.db"_s);
    SystemClock clock;
    {
        const auto made = Database::open({.path = path, .migrations = u":/sql/sqlite"_s}, clock);
        if (!made)
            return made.error();
        (*made)->close();
    }
    auto connection = Connection::open(path, Connection::Mode::Write, Milliseconds(1000));
    if (!connection)
        return connection.error();
    const auto start = SteadyClock::now();
    int written = 0;
    while (written < rows) {
        if (const auto begun = (*connection)->execute(u"BEGIN IMMEDIATE"_s); !begun)
            return begun.error();
        WriteTransaction tx(**connection, clock.now());
        for (int i = 0; i < group; ++i, ++written) {
            if (const auto inserted = deliveries::insert(tx, row); !inserted)
                return inserted.error();
        }
        if (const auto committed = (*connection)->execute(u"COMMIT"_s); !committed)
            return committed.error();
        if ((*connection)->walBytes() > kCheckpointAt)
            (*connection)->checkpointPassive();
    }
    return double(written) * 1000 / millisecondsSince(start);
}

} // namespace antiphon::bench
