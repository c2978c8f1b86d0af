#include "tests/bench/benches.h"
#include "tests/bench/figures.h"
#include "tests/bench/localserver.h"
#include "tests/bench/machine.h"
#include "tests/bench/paintwatch.h"
#include "tests/bench/seeder.h"
#include "tests/bench/spin.h"
#include "tests/bench/windowhost.h"

#include <QWheelEvent>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

const ConversationId kLarge(1);
const ConversationId kSmall(2);
constexpr int kPatienceMs = 5000;
constexpr int kIndexPatienceMs = 60'000;
constexpr int kNotch = 120;              // eighths of a degree: one step of an ordinary wheel
constexpr double kGoalOpening = 100;
constexpr double kGoalFrame = 8;

/// Opens the large conversation again and again, with a small one between.
bool measureOpening(const Options &options, WindowHost &host)
{
    const double first = host.open(kLarge);
    Figures times;
    const int count = samples(options, 50, 3);
    for (int i = 0; i < count; ++i) {
        spin(150);
        if (host.open(kSmall) < 0)
            return false;
        spin(150);
        const double time = host.open(kLarge);
        if (time < 0)
            return false;
        times.add(time);
    }
    say(u"opening it, to the first complete paint: the first time %1 ms; %2 times after another conversation: p50 %3 ms   p99 %4 ms"_s.arg(first, 0, 'f', 1)
            .arg(times.count())
            .arg(times.median(), 0, 'f', 1)
            .arg(times.p99(), 0, 'f', 1));
    sayGoal(u"opened in under 100 ms"_s, first >= 0 && first < kGoalOpening && times.p99() < kGoalOpening);
    return first >= 0;
}

/// From the wheel's event to the end of the paint that followed it, with everything the interface thread did in between; -1 without a paint.
double frame(WindowHost &host)
{
    QWidget *viewport = host.view().viewport();
    const QPoint at = viewport->rect().center();
    QWheelEvent wheel(at, viewport->mapToGlobal(at), {}, {0, kNotch}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    const auto start = SteadyClock::now();
    SteadyClock::time_point painted;
    QApplication::sendEvent(viewport, &wheel);
    const bool isPainted = PaintWatch::instance().waitForPaint(viewport, [](const QRegion &) { return true; }, kPatienceMs, &painted);
    return isPainted ? std::chrono::duration<double, std::milli>(painted - start).count() : -1;
}

/// Scrolls up into the past, a notch of the wheel a frame, without a pause: pages are fetched on the way.
bool measureScrolling(const Options &options, WindowHost &host)
{
    spin(500);
    Figures times;
    const int before = host.view().model().count();
    const int count = samples(options, 3000, 30);
    for (int i = 0; i < count; ++i) {
        const double time = frame(host);
        if (time < 0)
            return false;
        times.add(time);
    }
    say(u"scrolling up, %1 frames, %2 messages read on the way: p50 %3 ms   p99 %4 ms   longest %5 ms"_s.arg(times.count())
            .arg(host.view().model().count() - before)
            .arg(times.median(), 0, 'f', 2)
            .arg(times.p99(), 0, 'f', 2)
            .arg(times.greatest(), 0, 'f', 2));
    sayGoal(u"frame p99 under 8 ms"_s, times.p99() < kGoalFrame);
    return true;
}

} // namespace

int runConversation(const Options &options)
{
    sayMachine(u"conversation"_s, options.folder);
    LocalServer::keepOffThePlatforms();
    const QTemporaryDir folder(options.folder + u"/antiphon-bench-XXXXXX"_s);
    const int messages = options.isSmoke ? 2000 : 100'000;
    if (const auto seeded = seed(folder.path(), {{.conversations = 1, .messagesEach = messages}, {.conversations = 200, .messagesEach = 20}}); !seeded) {
        say(describe(seeded.error()));
        return 1;
    }
    LocalServer server;
    if (const QString failed = server.start(folder.path()); !failed.isEmpty()) {
        say(failed);
        return 1;
    }
    say(u"a conversation of %1 messages among 200 others, window 1280 x 800, offscreen"_s.arg(messages));
    WindowHost host(server.desk(), server.token());
    if (!host.waitForCards(1) || host.open(kSmall) < 0)
        return 1;
    if (!options.isSmoke && !waitForIdle(QCoreApplication::applicationPid(), kIndexPatienceMs))
        say(u"the search index was still being made"_s);
    return measureOpening(options, host) && measureScrolling(options, host) ? 0 : 1;
}

} // namespace antiphon::bench
