#include "core/client/deskapi.h"
#include "tests/bench/benches.h"
#include "tests/bench/figures.h"
#include "tests/bench/localserver.h"
#include "tests/bench/machine.h"
#include "tests/bench/seeder.h"
#include "tests/bench/spin.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QTemporaryDir>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPatienceMs = 30'000;
constexpr int kIndexPatienceMs = 1'800'000;
constexpr int kMessagesEach = 100;
constexpr qint64 kSeedSlice = 1'000'000;

/// What was measured with one number of messages, in milliseconds.
struct Stage {
    qint64 messages = 0;
    Figures list{};
    Figures open{};
    Figures search{};
    Figures send{};
};

/// The time until the answer, -1 where there is none.
template <typename T>
double timed(QFuture<Result<T>> future, SteadyClock::time_point start)
{
    QEventLoop loop;
    QFutureWatcher<Result<T>> watcher;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(kPatienceMs, &loop, &QEventLoop::quit);
    watcher.setFuture(future);
    if (!future.isFinished())
        loop.exec();
    const double took = millisecondsSince(start);
    if (!future.isFinished() || !future.result()) {
        say(future.isFinished() ? describe(future.result().error()) : u"no answer"_s);
        return -1;
    }
    return took;
}

class GrowthBench {
public:
    explicit GrowthBench(const Options &options) : m_options(options) {}

    int run()
    {
        sayMachine(u"growth"_s, m_options.folder);
        LocalServer::keepOffThePlatforms();
        QList<qint64> sizes{10'000, 1'000'000};
        if (m_options.scale >= 10)
            sizes.append(10'000'000);
        if (m_options.isSmoke)
            sizes = {1000, 2000};
        say(u"conversations of %1 messages; through a session on the Desk API, from call to answer, in ms (p50 p99)"_s.arg(kMessagesEach));
        for (const qint64 messages : sizes) {
            if (!measure(messages))
                return 1;
        }
        const Stage &last = m_stages.last();
        const Stage &first = m_stages.first();
        for (const auto &[name, figures] : {std::pair{"list", &Stage::list}, std::pair{"open", &Stage::open}, std::pair{"search", &Stage::search}, std::pair{"send", &Stage::send}}) {
            say(u"%1: p50 of the last size is %2 times that of the first"_s.arg(QLatin1StringView(name)).arg((last.*figures).median() / (first.*figures).median(), 0, 'f', 2));
        }
        sayGoal(u"search p99 under 20 ms"_s, last.search.p99() < 20);
        sayGoal(u"list and open p99 under 50 ms"_s, last.list.p99() < 50 && last.open.p99() < 50);
        return 0;
    }

private:
    static QList<Seed> seeds(qint64 messages)
    {
        QList<Seed> all;
        for (qint64 left = messages; left > 0; left -= kSeedSlice)
            all.append({.conversations = int(std::min(left, kSeedSlice) / kMessagesEach), .messagesEach = kMessagesEach});
        return all;
    }

    bool measure(qint64 messages)
    {
        const QTemporaryDir folder(m_options.folder + u"/antiphon-bench-XXXXXX"_s);
        const auto seeding = SteadyClock::now();
        if (const auto seeded = seed(folder.path(), seeds(messages)); !seeded) {
            say(describe(seeded.error()));
            return false;
        }
        const double seeded = millisecondsSince(seeding) / 1000;
        LocalServer server;
        const auto starting = SteadyClock::now();
        if (const QString failed = server.start(folder.path()); !failed.isEmpty()) {
            say(failed);
            return false;
        }
        const double started = millisecondsSince(starting);
        DeskClient client(server.desk(), server.token());
        DeskApi api(client);
        client.open();
        if (!spinUntil([&client] { return client.state() == DeskClient::State::Open; }, kPatienceMs))
            return false;
        const auto indexing = SteadyClock::now();
        const bool isIdle = waitForIdle(QCoreApplication::applicationPid(), m_options.isSmoke ? 5000 : kIndexPatienceMs);
        const double indexed = millisecondsSince(indexing) / 1000;
        Stage stage{.messages = messages};
        if (!ask(api, stage))
            return false;
        say(u"%1 messages: database %2 MiB (made in %3 s), search index %4 MiB (made in %5 s%6), server up after %7 ms, resident %8 MiB"_s.arg(messages)
                .arg(double(QFileInfo(folder.filePath(u"antiphon.db"_s)).size()) / 1048576, 0, 'f', 0)
                .arg(seeded, 0, 'f', 0)
                .arg(double(QFileInfo(folder.filePath(u"search.db"_s)).size()) / 1048576, 0, 'f', 0)
                .arg(indexed, 0, 'f', 0)
                .arg(isIdle ? QString() : u", not quite done"_s)
                .arg(started, 0, 'f', 0)
                .arg(residentMiB(QCoreApplication::applicationPid(), "VmRSS"), 0, 'f', 0));
        say(u"    list %1 %2   open %3 %4   search %5 %6   send %7 %8"_s.arg(stage.list.median(), 0, 'f', 2)
                .arg(stage.list.p99(), 0, 'f', 2)
                .arg(stage.open.median(), 0, 'f', 2)
                .arg(stage.open.p99(), 0, 'f', 2)
                .arg(stage.search.median(), 0, 'f', 2)
                .arg(stage.search.p99(), 0, 'f', 2)
                .arg(stage.send.median(), 0, 'f', 2)
                .arg(stage.send.p99(), 0, 'f', 2));
        m_stages.append(stage);
        return true;
    }

    bool ask(DeskApi &api, Stage &stage)
    {
        const QStringList words{u"wooden"_s, u"islands"_s, u"glaze light"_s, u"transfer"_s, u"bowl"_s, u"shi"_s};
        const qint64 conversations = stage.messages / kMessagesEach;
        const int count = samples(m_options, 200, 5);
        for (int i = 0; i < std::min(count, 400); ++i) {
            const ConversationId id(1 + (qint64(i) * 7919) % conversations);
            const auto take = [](Figures &figures, double time) {
                figures.add(time);
                return time >= 0;
            };
            const bool isAnswered = take(stage.list, timed(api.conversations({}), SteadyClock::now())) && take(stage.open, timed(api.messages(id), SteadyClock::now()))
                && take(stage.search, timed(api.search(words.at(i % words.size())), SteadyClock::now()))
                && take(stage.send, timed(api.sendMessage({.conversationId = id, .content = u"It leaves tomorrow."_s, .clientId = u"bench-%1"_s.arg(i)}), SteadyClock::now()));
            if (!isAnswered)
                return false;
        }
        return true;
    }

    const Options m_options;
    QList<Stage> m_stages{};
};

} // namespace

int runGrowth(const Options &options)
{
    return GrowthBench(options).run();
}

} // namespace antiphon::bench
