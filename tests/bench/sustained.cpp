#include "tests/bench/benches.h"
#include "tests/bench/benchworld.h"
#include "tests/bench/figures.h"
#include "tests/bench/machine.h"
#include "tests/bench/pacedload.h"
#include "tests/bench/spin.h"
#include "tests/bench/stored.h"

#include <QCoreApplication>

#include <future>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr int kConversations = 500;
constexpr int kDrainPatienceMs = 600'000;
constexpr double kGoalP99 = 50;
constexpr double kGoalLongest = 1000;
constexpr double kGoalGrowth = 10;

struct Plan {
    QString name{};
    double perSecond = 0;
    double seconds = 0;
};

/// Resident memory over the run, in MiB: what it was once everything was warm, and afterwards at most.
struct Memory {
    double warm = 0;
    double most = 0;
    double last = 0;

    void sample(double share)
    {
        last = residentMiB(QCoreApplication::applicationPid(), "VmRSS");
        if (share < 0.2)
            warm = last;
        most = std::max(most, last);
    }
};

QString textOf(qint64 number)
{
    return u"Do you still have the green one, and what is the postage to the north? Question number %1."_s.arg(number);
}

int measure(const Options &options, const Plan &plan)
{
    sayMachine(plan.name, options.folder);
    BenchWorld world(options.folder);
    if (const QString failed = world.start(); !failed.isEmpty()) {
        say(failed);
        return 1;
    }
    world.startConversations(kConversations);
    const auto stored = StoredRows::open(world.database());
    if (!stored) {
        say(describe(stored.error()));
        return 1;
    }
    const quint16 port = world.server().intakePort();
    const Pace pace{.perSecond = plan.perSecond, .seconds = plan.seconds};
    auto load = std::async(std::launch::async, [&] {
        return runPaced(port, pace, [&](qint64 number) { return world.newRequest(port, int(number % kConversations), textOf(number)); });
    });
    Memory memory;
    const auto start = SteadyClock::now();
    spinUntil(
        [&] {
            memory.sample(millisecondsSince(start) / 1000 / plan.seconds);
            return load.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
        },
        int(plan.seconds * 1000) + kDrainPatienceMs, 500);
    const LoadResult result = load.get();
    const auto loadEnd = SteadyClock::now();
    const bool isDrained = spinUntil([&] { return (*stored)->waiting() == 0; }, kDrainPatienceMs);
    const double drained = millisecondsSince(loadEnd) / 1000;
    memory.sample(1);
    Figures times;
    times.add(result.latencies);
    say(u"%1 a second for %2 s over 64 connections and %3 conversations, a session open that is told of each"_s.arg(plan.perSecond).arg(plan.seconds).arg(kConversations));
    say(u"acknowledged %1 (%2/s), refused %3, unanswered %4; from due to answered: p50 %5 ms   p99 %6 ms   p99.9 %7 ms   longest %8 ms"_s.arg(result.acknowledged)
            .arg(result.perSecond(), 0, 'f', 0)
            .arg(result.refused)
            .arg(result.broken)
            .arg(times.median(), 0, 'f', 2)
            .arg(times.p99(), 0, 'f', 2)
            .arg(times.percentile(0.999), 0, 'f', 2)
            .arg(times.greatest(), 0, 'f', 1));
    say(u"everything applied %1 s after the last answer; rows by a second connection: %2 deliveries, %3 messages"_s.arg(drained, 0, 'f', 1)
            .arg((*stored)->deliveries())
            .arg((*stored)->messages()));
    const double growth = memory.warm > 0 ? (memory.last / memory.warm - 1) * 100 : 0;
    say(u"resident memory of server, client and this program: %1 MiB after a fifth of the time, at most %2 MiB, %3 MiB in the end (%4 %)"_s.arg(memory.warm, 0, 'f', 1)
            .arg(memory.most, 0, 'f', 1)
            .arg(memory.last, 0, 'f', 1)
            .arg(growth, 0, 'f', 1));
    sayGoal(u"answered with p99 under 50 ms, none after a second"_s, times.p99() < kGoalP99 && times.greatest() < kGoalLongest);
    sayGoal(u"memory grows by less than 10 %"_s, growth < kGoalGrowth);
    const bool isWhole = isDrained && (*stored)->deliveries() == result.acknowledged && (*stored)->messages() == result.acknowledged;
    sayGoal(u"every acknowledged message stored once"_s, isWhole);
    return 0;
}

} // namespace

int runSustained(const Options &options)
{
    return measure(options, {.name = u"sustained"_s, .perSecond = 300, .seconds = double(samples(options, 600, 3))});
}

int runBurst(const Options &options)
{
    return measure(options, {.name = u"burst"_s, .perSecond = 2000, .seconds = double(samples(options, 60, 2))});
}

} // namespace antiphon::bench
