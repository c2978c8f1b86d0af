// The window while messages arrive: at 300 a second, and 200,000 of them as fast as the server takes them.

#include "tests/bench/benches.h"
#include "tests/bench/benchworld.h"
#include "tests/bench/heartbeat.h"
#include "tests/bench/machine.h"
#include "tests/bench/pacedload.h"
#include "tests/bench/paintwatch.h"
#include "tests/bench/spin.h"
#include "tests/bench/stored.h"
#include "tests/bench/windowhost.h"

#include <QHash>

#include <future>
#include <mutex>
#include <optional>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr int kConversations = 500;
constexpr int kWatchedEvery = 50;        // of the messages, one goes to the conversation that is open
constexpr int kPatienceMs = 600'000;
constexpr int kPaintPatienceMs = 10'000;      // behind the last answer
constexpr double kRate = 300;

/// The messages of the open conversation that are on their way to the screen.
class OnTheirWay {
public:
    void add(const QString &id)
    {
        const std::lock_guard lock(m_mutex);
        m_since.insert(id, SteadyClock::now());
    }

    /// A paint of the view's `region` has just ended.
    void painted(const ConversationView &view, const QRegion &region)
    {
        const auto now = SteadyClock::now();
        const MessageListModel &model = view.model();
        const std::lock_guard lock(m_mutex);
        for (int row = model.count() - 1; row >= 0 && row > model.count() - 50; --row) {
            const auto found = m_since.constFind(model.row(row).message.sourceId);
            if (found == m_since.cend() || !region.intersects(view.rowRect(row) & view.viewport()->rect()))
                continue;
            m_times.add(std::chrono::duration<double, std::milli>(now - *found).count());
            m_since.erase(found);
        }
    }

    const Figures &times() const { return m_times; }
    qsizetype missing() const { return m_since.size(); }

private:
    std::mutex m_mutex{};
    QHash<QString, SteadyClock::time_point> m_since{};
    Figures m_times{};
};

/// The server, its window with a conversation open, and what the eye and the hand notice.
class WatchedWindow {
public:
    explicit WatchedWindow(const Options &options) : m_world(options.folder) {}

    QString start()
    {
        if (const QString failed = m_world.start(); !failed.isEmpty())
            return failed;
        m_world.startConversations(kConversations);
        auto stored = StoredRows::open(m_world.database());
        if (!stored)
            return describe(stored.error());
        m_stored = *std::move(stored);
        // Everybody writes once, the one to be watched last, so that it is the first card.
        std::vector<QByteArray> first;
        for (int i = kConversations - 1; i >= 0; --i)
            first.push_back(m_world.newRequest(port(), i, u"Hello!"_s));
        if (runLoad(port(), 1, first).acknowledged != kConversations)
            return u"the first messages were not taken"_s;
        m_host = std::make_unique<WindowHost>(m_world.server().desk(), m_world.server().token());
        if (!m_host->waitForCards(20) || !spinUntil([this] { return m_stored->waiting() == 0; }, kPatienceMs))
            return u"the list stays empty"_s;
        spin(1000);
        if (m_host->open(m_host->window().models().list().at(0).id) < 0)
            return u"the conversation is not painted"_s;
        m_world.client().close();          // what set the account up is no second seat that is told of everything
        spin(1000);
        return {};
    }

    quint16 port() const { return m_world.server().intakePort(); }
    StoredRows &stored() { return *m_stored; }
    OnTheirWay &onTheirWay() { return m_onTheirWay; }

    QByteArray request(qint64 number)
    {
        if (number % kWatchedEvery != 0)
            return m_world.newRequest(port(), 1 + int(number % (kConversations - 1)), text(number));
        QString id;
        const QByteArray made = m_world.newRequest(port(), 0, text(number), &id);
        m_onTheirWay.add(id);
        return made;
    }

    /// Runs the window until `isDone()`, which is asked after paints and every now and then, with the heart beating. @return milliseconds that took, -1 where it never came
    double watch(Heartbeat &heart, const std::function<bool()> &isDone)
    {
        const auto start = SteadyClock::now();
        while (millisecondsSince(start) < kPatienceMs) {
            SteadyClock::time_point at;
            PaintWatch::instance().waitForPaint(
                m_host->view().viewport(),
                [this](const QRegion &region) {
                    m_onTheirWay.painted(m_host->view(), region);
                    return false;
                },
                100, &at);
            if (isDone())
                break;
        }
        heart.stop();
        return isDone() ? millisecondsSince(start) : -1;
    }

private:
    static QString text(qint64 number) { return u"Is it still there, and could I have it in blue? It is for my mother. Question number %1."_s.arg(number); }

    BenchWorld m_world;
    std::unique_ptr<StoredRows> m_stored{};
    std::unique_ptr<WindowHost> m_host{};
    OnTheirWay m_onTheirWay{};
};

void sayHeart(const Heartbeat &heart)
{
    const Figures &delays = heart.delays();
    say(u"what an input would have waited for the interface thread, %1 times: p50 %2 ms   p99 %3 ms   p99.9 %4 ms   longest %5 ms"_s.arg(delays.count())
            .arg(delays.median(), 0, 'f', 2)
            .arg(delays.p99(), 0, 'f', 2)
            .arg(delays.percentile(0.999), 0, 'f', 2)
            .arg(delays.greatest(), 0, 'f', 1));
    sayGoal(u"p99.9 under 16 ms, none over 50 ms"_s, delays.percentile(0.999) <= 16 && delays.greatest() <= 50);
}

} // namespace

int runWindowLoad(const Options &options)
{
    sayMachine(u"windowload"_s, options.folder);
    WatchedWindow window(options);
    if (const QString failed = window.start(); !failed.isEmpty()) {
        say(failed);
        return 1;
    }
    const Pace pace{.perSecond = kRate, .seconds = double(samples(options, 60, 3))};
    Heartbeat heart;
    auto load = std::async(std::launch::async, [&] { return runPaced(window.port(), pace, [&](qint64 number) { return window.request(number); }); });
    std::optional<SteadyClock::time_point> answered;
    window.watch(heart, [&] {
        if (load.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
            return false;
        if (!answered)
            answered = SteadyClock::now();
        return window.onTheirWay().missing() == 0 || millisecondsSince(*answered) > kPaintPatienceMs;
    });
    const LoadResult result = load.get();
    const Figures &times = window.onTheirWay().times();
    say(u"%1 a second for %2 s over %3 conversations, one of them open in the window, every %4th message in it: acknowledged %5, refused %6, unanswered %7"_s
            .arg(kRate)
            .arg(pace.seconds)
            .arg(kConversations)
            .arg(kWatchedEvery)
            .arg(result.acknowledged)
            .arg(result.refused)
            .arg(result.broken));
    sayHeart(heart);
    say(u"webhook arrival to message painted: %1 samples, %2 never painted: p50 %3 ms   p99 %4 ms   longest %5 ms"_s.arg(times.count())
            .arg(window.onTheirWay().missing())
            .arg(times.median(), 0, 'f', 2)
            .arg(times.p99(), 0, 'f', 2)
            .arg(times.greatest(), 0, 'f', 1));
    sayGoal(u"painted with p99 under 150 ms"_s, window.onTheirWay().missing() == 0 && times.p99() < 150);
    return times.count() > 0 ? 0 : 1;
}

int runHistory(const Options &options)
{
    sayMachine(u"history"_s, options.folder);
    WatchedWindow window(options);
    if (const QString failed = window.start(); !failed.isEmpty()) {
        say(failed);
        return 1;
    }
    const int count = samples(options, 200'000, 500);
    const qint64 before = window.stored().messages();
    constexpr int kConnections = 16;
    constexpr int kChunk = 2000;
    Heartbeat heart;
    auto load = std::async(std::launch::async, [&] {
        qint64 acknowledged = 0;
        for (int done = 0; done < count; done += kChunk) {
            std::vector<QByteArray> requests;
            for (int i = done; i < std::min(done + kChunk, count); ++i)
                requests.push_back(window.request(i));
            acknowledged += runLoad(window.port(), kConnections, requests).acknowledged;
        }
        return acknowledged;
    });
    const double took = window.watch(heart, [&] {
        return load.wait_for(std::chrono::seconds(0)) == std::future_status::ready && window.stored().waiting() == 0;
    });
    const qint64 acknowledged = load.get();
    const qint64 stored = window.stored().messages() - before;
    say(u"%1 messages by signed webhooks over %2 connections, as fast as they are answered, window open: acknowledged %3, stored %4"_s.arg(count)
            .arg(kConnections)
            .arg(acknowledged)
            .arg(stored));
    say(u"all of them applied after %1 s: %2 a second"_s.arg(took / 1000, 0, 'f', 1).arg(took > 0 ? 1000.0 * double(stored) / took : 0, 0, 'f', 0));
    sayGoal(u"3,333 a second or more (200,000 in 60 s)"_s, took > 0 && double(stored) * 1000 / took >= 200'000.0 / 60);
    sayHeart(heart);
    return took > 0 ? 0 : 1;
}

} // namespace antiphon::bench
