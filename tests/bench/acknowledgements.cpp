#include "core/channels/tiktok/tiktokadapter.h"
#include "core/intake/rawheaders.h"
#include "tests/bench/barelistener.h"
#include "tests/bench/benches.h"
#include "tests/bench/benchworld.h"
#include "tests/bench/commitrate.h"
#include "tests/bench/figures.h"
#include "tests/bench/machine.h"
#include "tests/bench/spin.h"
#include "tests/bench/stored.h"
#include "tests/bench/synccounter.h"
#include "tests/bench/webhookload.h"

#include <future>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr int kConversations = 200;
constexpr int kLoadPatienceMs = 120'000;
constexpr int kDrainPatienceMs = 300'000;
constexpr double kGoalShare = 0.7;
constexpr double kGoalP99 = 10;
constexpr int kGoalConnections = 64;

struct Point {
    int connections = 0;
    int requests = 0;
};

/// The load runs in a thread of its own; the desk's client, which the feed is for, lives in this one.
LoadResult loadBesideTheFeed(quint16 port, int connections, const std::vector<QByteArray> &requests)
{
    auto load = std::async(std::launch::async, [&] { return runLoad(port, connections, requests); });
    spinUntil([&load] { return load.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }, kLoadPatienceMs);
    return load.get();
}

class AcknowledgementBench {
public:
    explicit AcknowledgementBench(const Options &options) : m_options(options), m_world(options.folder) {}

    int run()
    {
        if (const QString failed = prepare(); !failed.isEmpty()) {
            say(failed);
            return 1;
        }
        say(u"each request is a signed message of its own, %1 bytes, over %2 conversations; client, server and session share the processors"_s
                .arg(m_world.newMessage(0, text(0)).size())
                .arg(kConversations));
        say({});
        say(u"conn   requests |  bare server: /s    p50    p99 |  durable: /s    p50    p99  ms | share |  acks/sync | bare commits: rows/s |  drained after"_s);
        const QList<Point> points{{1, samples(m_options, 4000, 20)}, {8, samples(m_options, 15'000, 50)}, {64, samples(m_options, 25'000, 100)}, {256, samples(m_options, 25'000, 300)}};
        for (const Point &point : points) {
            if (!measure(point))
                return 1;
        }
        return finish();
    }

private:
    QString text(int i) const { return u"Is the blue one with the wooden handle still there? I would like two of them, number %1."_s.arg(i); }

    QString prepare()
    {
        if (const QString failed = m_world.start(); !failed.isEmpty())
            return failed;
        m_world.startConversations(kConversations);
        m_bare = std::make_unique<BareListener>(m_world.appSecret());
        auto stored = StoredRows::open(m_world.database());
        if (!stored)
            return describe(stored.error());
        m_stored = *std::move(stored);
        QObject::connect(&m_world.client(), &DeskClient::eventReceived, &m_world.client(), [this](const DeskEvent &event) {
            m_told += event.type == "message.created"_L1 ? 1 : 0;
        });
        // Everybody writes once before anything is measured: making contact and conversation is not what this is about.
        const LoadResult first = loadBesideTheFeed(m_world.server().intakePort(), 4, requests(kConversations));
        m_acknowledged += first.acknowledged;
        return first.acknowledged == kConversations && drain() >= 0 ? QString() : u"the first messages were not taken"_s;
    }

    std::vector<QByteArray> requests(int count)
    {
        std::vector<QByteArray> made;
        made.reserve(size_t(count));
        for (int i = 0; i < count; ++i)
            made.push_back(m_world.newRequest(m_world.server().intakePort(), i, text(i)));
        return made;
    }

    /// Waits until everything that was acknowledged is a message and the session was told. @return milliseconds, or -1.
    double drain()
    {
        const auto start = SteadyClock::now();
        const bool isDrained = spinUntil([this] { return m_told >= m_acknowledged && m_stored->waiting() == 0; }, kDrainPatienceMs);
        return isDrained ? millisecondsSince(start) : -1;
    }

    Result<double> commitRate(const Point &point)
    {
        const QByteArray body = m_world.newMessage(0, text(0));
        const RawWebhook hook{.headers = {{"Content-Type", "application/json"}}, .body = body, .path = "/webhooks/tiktok"};
        return bareCommitRate(m_options.folder, deliveryOf(hook, TiktokAdapter(), false), point.connections, point.requests);
    }

    bool measure(const Point &point)
    {
        const auto commits = commitRate(point);
        if (!commits) {
            say(describe(commits.error()));
            return false;
        }
        const std::vector<QByteArray> load = requests(point.requests);
        const LoadResult bare = loadBesideTheFeed(m_bare->port(), point.connections, load);
        const qint64 syncsBefore = syncCount();
        const LoadResult durable = loadBesideTheFeed(m_world.server().intakePort(), point.connections, load);
        const qint64 syncs = syncCount() - syncsBefore;
        m_syncs += syncs;
        m_acknowledged += durable.acknowledged;
        const double drained = drain();
        Figures bareTimes;
        bareTimes.add(bare.latencies);
        Figures times;
        times.add(durable.latencies);
        const double share = bare.perSecond() > 0 ? durable.perSecond() / bare.perSecond() : 0;
        say(u"%1 %2 | %3 %4 %5 | %6 %7 %8 | %9"_s.arg(point.connections, 4)
                .arg(point.requests, 10)
                .arg(bare.perSecond(), 15, 'f', 0)
                .arg(bareTimes.median(), 6, 'f', 2)
                .arg(bareTimes.p99(), 6, 'f', 2)
                .arg(durable.perSecond(), 12, 'f', 0)
                .arg(times.median(), 6, 'f', 2)
                .arg(times.p99(), 10, 'f', 2)
                .arg(share, 5, 'f', 2)
            + u" | %1 | %2 | %3 s"_s.arg(double(durable.acknowledged) / double(std::max<qint64>(syncs, 1)), 10, 'f', 1)
                  .arg(*commits, 20, 'f', 0)
                  .arg(drained / 1000, 12, 'f', 1));
        if (durable.refused + durable.broken + bare.refused + bare.broken > 0)
            say(u"     not acknowledged: %1 refused, %2 unanswered; bare: %3 refused, %4 unanswered"_s.arg(durable.refused)
                    .arg(durable.broken)
                    .arg(bare.refused)
                    .arg(bare.broken));
        if (point.connections == kGoalConnections) {
            m_share = share;
            m_p99 = times.p99();
        }
        return drained >= 0;
    }

    int finish()
    {
        const qint64 stored = m_stored->deliveries();
        const qint64 messages = m_stored->messages();
        say({});
        say(u"acknowledged %1; counted by a second connection: %2 deliveries, %3 messages; told to the session: %4; fsync and fdatasync while they were taken: %5"_s.arg(m_acknowledged)
                .arg(stored)
                .arg(messages)
                .arg(m_told)
                .arg(m_syncs));
        sayGoal(u"at 64 connections at least 0.7 of the bare server (%1)"_s.arg(m_share, 0, 'f', 2), m_share >= kGoalShare);
        sayGoal(u"at 64 connections p99 under 10 ms (%1 ms)"_s.arg(m_p99, 0, 'f', 2), m_p99 < kGoalP99);
        sayGoal(u"every acknowledged message stored once"_s, stored == m_acknowledged && messages == m_acknowledged);
        return 0;
    }

    const Options m_options;
    BenchWorld m_world;
    std::unique_ptr<BareListener> m_bare{};
    std::unique_ptr<StoredRows> m_stored{};
    qint64 m_acknowledged = 0;
    qint64 m_told = 0;
    qint64 m_syncs = 0;
    double m_share = 0;
    double m_p99 = 0;
};

} // namespace

int runAcknowledgements(const Options &options)
{
    sayMachine(u"acks"_s, options.folder);
    return AcknowledgementBench(options).run();
}

} // namespace antiphon::bench
