#include "core/desk/metrics.h"

#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"

#include <QPointer>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

void add(QByteArray &text, const char *name, const char *type, double value)
{
    const QByteArray full = QByteArray("antiphon_") + name;
    text += "# TYPE " + full + ' ' + type + '\n' + full + ' ' + QByteArray::number(value, 'g', 15) + '\n';
}

void addWriter(QByteArray &text, Writer &writer)
{
    const Writer::Stats stats = writer.stats();
    const Writer::Pressure pressure = writer.pressure();
    add(text, "writer_writable", "gauge", writer.isWritable() ? 1 : 0);
    add(text, "writer_batches_total", "counter", double(stats.batches));
    add(text, "writer_closures_total", "counter", double(stats.closures));
    add(text, "writer_refused_total", "counter", double(stats.refused));
    add(text, "writer_latched_total", "counter", double(stats.latched));
    add(text, "writer_slow_closures_total", "counter", double(stats.slowClosures));
    add(text, "writer_checkpoints_total", "counter", double(stats.checkpoints));
    add(text, "writer_wal_bytes", "gauge", double(stats.walBytes));
    add(text, "writer_urgent_queued", "gauge", pressure.urgentQueued);
    add(text, "writer_background_queued", "gauge", pressure.backgroundQueued);
    add(text, "writer_oldest_urgent_seconds", "gauge", double(pressure.oldestUrgent.count()) / 1000);
}

void addReaders(QByteArray &text, const Database &database)
{
    const Database::ReadStats stats = database.readStats();
    add(text, "reads_queued", "gauge", stats.queued);
    add(text, "reads_slow_total", "counter", double(stats.slow));
    add(text, "reads_oldest_snapshot_seconds", "gauge", double(stats.oldestSnapshot.count()) / 1000);
}

void addSessions(QByteArray &text, const Desk &desk)
{
    const Desk::Stats stats = desk.stats();
    add(text, "desk_sessions", "gauge", stats.sessions);
    add(text, "desk_sessions_opened_total", "counter", double(stats.opened));
    add(text, "desk_farthest_behind", "gauge", double(stats.farthestBehind));
}

Result<QByteArray> storedNumbers(ReadTransaction &tx)
{
    QByteArray text;
    const auto counters = deliveries::counters(tx);
    if (!counters)
        return counters.error();
    QStringList names = counters->keys();
    names.sort();
    text += "# TYPE antiphon_intake_total counter\n";
    for (const QString &name : std::as_const(names))
        text += "antiphon_intake_total{what=\"" + name.toUtf8() + "\"} " + QByteArray::number(counters->value(name)) + '\n';
    const auto events = events::counts(tx);
    if (!events)
        return events.error();
    add(text, "intake_pending", "gauge", double(events->pending));
    add(text, "intake_parked", "gauge", double(events->parked));
    add(text, "intake_dead", "gauge", double(events->dead));
    text += "# TYPE antiphon_outbox gauge\n";
    for (const QString &state : {u"queued"_s, u"sending"_s, u"unknown"_s}) {
        // One statement a state, its word standing literally, so that the partial indexes are used.
        Query query = tx.query(u"SELECT COUNT(*) FROM outbox WHERE state = '"_s + state + u'\'');
        const qint64 count = query.next() ? query.integer(0) : 0;
        if (!query.ok())
            return query.error();
        text += "antiphon_outbox{state=\"" + state.toUtf8() + "\"} " + QByteArray::number(count) + '\n';
    }
    return text;
}

} // namespace

void writeMetrics(Database &database, Desk &desk, std::function<void(const QByteArray &text)> done)
{
    database.read<QByteArray>("metrics", storedNumbers, desk.mailbox(),
                              [&database, self = QPointer(&desk), done = std::move(done)](const Result<QByteArray> &stored) {
                                  QByteArray text;
                                  addWriter(text, database.writer());
                                  addReaders(text, database);
                                  if (self)
                                      addSessions(text, *self);
                                  if (stored)
                                      text += *stored;
                                  done(text);
                              });
}

} // namespace antiphon
