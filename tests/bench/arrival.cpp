#include "tests/bench/benches.h"
#include "tests/bench/benchworld.h"
#include "tests/bench/figures.h"
#include "tests/bench/machine.h"
#include "tests/bench/paintwatch.h"
#include "tests/bench/spin.h"
#include "tests/bench/webhookload.h"
#include "tests/bench/windowhost.h"

#include <array>
#include <sys/socket.h>
#include <unistd.h>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPatienceMs = 5000;
constexpr int kPauseMs = 40;             // between the samples: nothing is under way when the next one comes
constexpr double kGoalP99 = 50;

/// Whether a paint of the view drew the message with this source id.
bool drew(const ConversationView &view, const QRegion &region, const QString &sourceId)
{
    const MessageListModel &model = view.model();
    for (int row = model.count() - 1; row >= 0; --row) {
        if (model.row(row).message.sourceId == sourceId)
            return region.intersects(view.rowRect(row) & view.viewport()->rect());
    }
    return false;
}

bool isAnswered200(int connection)
{
    std::array<char, 2048> buffer{};
    const ssize_t got = ::recv(connection, buffer.data(), buffer.size(), 0);
    return got > 12 && QByteArray(buffer.data(), got).mid(9, 3) == "200";
}

int measure(const Options &options, BenchWorld &world)
{
    const int connection = connectTo(world.server().intakePort());
    const auto post = [&](const QByteArray &request) { return ::send(connection, request.constData(), size_t(request.size()), MSG_NOSIGNAL) == request.size(); };
    WindowHost host(world.server().desk(), world.server().token());
    if (!post(world.newRequest(world.server().intakePort(), 0, u"Hello!"_s)) || !isAnswered200(connection) || !host.waitForCards(1))
        return 1;
    if (host.open(host.window().models().list().at(0).id) < 0)
        return 1;
    spin(1000);
    Figures times;
    int missed = 0;
    const int count = samples(options, 300, 5);
    for (int i = 0; i < count; ++i) {
        QString id;
        const QByteArray request = world.newRequest(world.server().intakePort(), 0, u"Message %1: do you ship to the islands, and how long does it take?"_s.arg(i), &id);
        const auto start = SteadyClock::now();
        SteadyClock::time_point painted;
        const bool isPosted = post(request);
        const bool isPainted = PaintWatch::instance().waitForPaint(
            host.view().viewport(), [&](const QRegion &region) { return drew(host.view(), region, id); }, kPatienceMs, &painted);
        if (isPosted && isPainted && isAnswered200(connection))
            times.add(std::chrono::duration<double, std::milli>(painted - start).count());
        else
            ++missed;
        spin(kPauseMs);
    }
    ::close(connection);
    say(u"webhook arrival to message painted, idle, conversation open: %1 samples, %2 never painted"_s.arg(times.count()).arg(missed));
    say(u"p50 %1 ms   p99 %2 ms   longest %3 ms"_s.arg(times.median(), 0, 'f', 2).arg(times.p99(), 0, 'f', 2).arg(times.greatest(), 0, 'f', 2));
    sayGoal(u"p99 under 50 ms"_s, missed == 0 && times.p99() < kGoalP99);
    return times.count() > 0 ? 0 : 1;
}

} // namespace

int runArrival(const Options &options)
{
    sayMachine(u"arrival"_s, options.folder);
    BenchWorld world(options.folder);
    if (const QString failed = world.start(); !failed.isEmpty()) {
        say(failed);
        return 1;
    }
    world.startConversations(1);
    return measure(options, world);
}

} // namespace antiphon::bench
