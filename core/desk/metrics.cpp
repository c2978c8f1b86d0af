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
    add(text, "writer_longest_closure_seconds", "gauge", double(stats.longestClosure.count()) / 1000);
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

/// One sample of a labelled metric; its "# TYPE" line stands above the first.
void addSample(QByteArray &text, const QByteArray &name, const QByteArray &labels, double value)
{
    text += "antiphon_" + name + '{' + labels + "} " + QByteArray::number(value, 'g', 15) + '\n';
}

void addLatency(QByteArray &text, const QList<AckLatency::Summary> &summaries)
{
    const auto seconds = [](std::chrono::microseconds duration) { return double(duration.count()) / 1'000'000; };
    text += "# TYPE antiphon_ack_seconds summary\n";
    for (const AckLatency::Summary &own : summaries) {
        const QByteArray channel = "channel=\"" + channelName(own.channel).toLatin1() + '"';
        addSample(text, "ack_seconds", channel + ",quantile=\"0.5\"", seconds(own.p50));
        addSample(text, "ack_seconds", channel + ",quantile=\"0.99\"", seconds(own.p99));
        addSample(text, "ack_seconds_sum", channel, seconds(own.sum));
        addSample(text, "ack_seconds_count", channel, double(own.count));
    }
}

void addLive(QByteArray &text, const DeskParts &parts)
{
    const auto live = parts.intakeLive ? parts.intakeLive() : intakehealth::Live();
    addLatency(text, live.latency);
    const NotStored notStored = parts.intakeNotStored ? parts.intakeNotStored() : NotStored{};
    if (notStored.clockOffset)
        add(text, "clock_offset_seconds", "gauge", double(notStored.clockOffset->count()) / 1000);
    if (notStored.freeBytes >= 0)
        add(text, "disk_free_bytes", "gauge", double(notStored.freeBytes));
}

void addSessions(QByteArray &text, const Desk &desk)
{
    const Desk::Stats stats = desk.stats();
    add(text, "desk_sessions", "gauge", stats.sessions);
    add(text, "desk_sessions_opened_total", "counter", double(stats.opened));
    add(text, "desk_farthest_behind", "gauge", double(stats.farthestBehind));
}

Result<QByteArray> inboxNumbers(ReadTransaction &tx, Timestamp now)
{
    const auto inboxes = intakehealth::inboxes(tx, now);
    if (!inboxes)
        return inboxes.error();
    using Health = intakehealth::InboxHealth;
    struct Column {
        const char *name;
        const char *type;
        std::optional<double> (*value)(const Health &, Timestamp);
    };
    static constexpr auto age = [](std::optional<Timestamp> since, Timestamp at) -> std::optional<double> {
        return since ? std::optional(double(Milliseconds(at - *since).count()) / 1000) : std::nullopt;
    };
    static const Column columns[] = {
        {"inbox_received_total", "counter", [](const Health &h, Timestamp) { return std::optional(double(h.received)); }},
        {"inbox_duplicates_total", "counter", [](const Health &h, Timestamp) { return std::optional(double(h.duplicates)); }},
        {"inbox_lost_found_by_poll_total", "counter", [](const Health &h, Timestamp) { return std::optional(double(h.lostFoundByPoll)); }},
        {"inbox_pending", "gauge", [](const Health &h, Timestamp) { return std::optional(double(h.pending)); }},
        {"inbox_parked", "gauge", [](const Health &h, Timestamp) { return std::optional(double(h.parked)); }},
        {"inbox_dead", "gauge", [](const Health &h, Timestamp) { return std::optional(double(h.dead)); }},
        {"inbox_quiet", "gauge", [](const Health &h, Timestamp) { return std::optional(h.quietSince ? 1.0 : 0.0); }},
        {"inbox_oldest_pending_seconds", "gauge", [](const Health &h, Timestamp at) { return age(h.oldestPendingAt, at); }},
        {"inbox_last_event_age_seconds", "gauge", [](const Health &h, Timestamp at) { return age(h.lastEventAt, at); }},
        {"inbox_token_left_seconds", "gauge",
         [](const Health &h, Timestamp at) {
             const auto gone = age(h.tokenExpiresAt, at);
             return gone ? std::optional(-*gone) : std::nullopt;
         }},
    };
    QByteArray text;
    for (const Column &column : columns) {
        text += QByteArray("# TYPE antiphon_") + column.name + ' ' + column.type + '\n';
        for (const Health &own : *inboxes) {
            if (const auto value = column.value(own, now))
                addSample(text, column.name, "inbox=\"" + own.id.toString().toLatin1() + "\",channel=\"" + channelName(own.channel).toLatin1() + '"', *value);
        }
    }
    return text;
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
    const auto readAll = [now = desk.parts().clock.now()](ReadTransaction &tx) -> Result<QByteArray> {
        const auto text = storedNumbers(tx);
        if (!text)
            return text;
        const auto inboxes = inboxNumbers(tx, now);
        if (!inboxes)
            return inboxes;
        return *text + *inboxes;
    };
    database.read<QByteArray>("metrics", readAll, desk.mailbox(),
                              [&database, self = QPointer(&desk), done = std::move(done)](const Result<QByteArray> &stored) {
                                  QByteArray text;
                                  addWriter(text, database.writer());
                                  addReaders(text, database);
                                  if (self) {
                                      addSessions(text, *self);
                                      addLive(text, self->parts());
                                  }
                                  if (stored)
                                      text += *stored;
                                  done(text);
                              });
}

} // namespace antiphon
