#include "tests/bench/benches.h"
#include "tests/bench/figures.h"
#include "tests/bench/localserver.h"
#include "tests/bench/machine.h"
#include "tests/bench/paintwatch.h"
#include "tests/bench/seeder.h"
#include "tests/bench/spin.h"
#include "tests/bench/windowhost.h"
#include "ui/conversationlist/conversationlistpane.h"

#include <QListView>
#include <QProcess>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kStartVariable = "ANTIPHON_BENCH_STARTED";
constexpr int kPatienceMs = 60'000;
constexpr int kSettlingMs = 120'000;

QProcessEnvironment environment(const QString &home)
{
    QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
    all.insert(u"ANTIPHON_SECRETS"_s, u"file"_s);
    all.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    all.insert(u"XDG_CONFIG_HOME"_s, home);       // the window's own settings stay out of the user's
    return all;
}

qint64 steadyNanoseconds()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(SteadyClock::now().time_since_epoch()).count();
}

/// Ends a process that this bench started.
void end(QProcess &process)
{
    process.terminate();
    if (!process.waitForFinished(15'000)) {
        process.kill();
        process.waitForFinished();
    }
}

/// Starts one of the two programs, tells how long its ready line took and what it holds once nothing happens any more.
bool measureProgram(const QString &name, const QString &program, const QString &dataDir, const QString &home, bool isSmoke)
{
    QProcess process;
    process.setProcessEnvironment(environment(home));
    const auto start = SteadyClock::now();
    process.start(program, {u"--data-dir"_s, dataDir, u"--port"_s, u"0"_s, u"--desk-port"_s, u"0"_s});
    const bool isReady = process.waitForStarted() && (process.canReadLine() || process.waitForReadyRead(kPatienceMs));
    const double ready = millisecondsSince(start);
    if (!isReady) {
        say(u"%1 did not start: %2"_s.arg(name, QString::fromUtf8(process.readAllStandardError())));
        return false;
    }
    const bool isIdle = waitForIdle(process.processId(), isSmoke ? 2000 : kSettlingMs);
    say(u"%1: ready line after %2 ms; idle%3: VmRSS %4 MiB, of which its own (RssAnon) %5 MiB"_s.arg(name)
            .arg(ready, 0, 'f', 0)
            .arg(isIdle ? QString() : u" (not quite)"_s)
            .arg(residentMiB(process.processId(), "VmRSS"), 0, 'f', 1)
            .arg(residentMiB(process.processId(), "RssAnon"), 0, 'f', 1));
    const double before = processorSeconds(process.processId());
    const int seconds = isSmoke ? 1 : 30;
    spin(seconds * 1000);
    const double share = (processorSeconds(process.processId()) - before) / seconds * 100;
    say(u"    then %1 s without work: %2 % of one processor"_s.arg(seconds).arg(share, 0, 'f', 2));
    sayGoal(u"at most 0.5 %"_s, share <= 0.5);
    end(process);
    return true;
}

/// From the start of the process to the end of the paint that drew the first card; -1 where it never came.
double startWindow(const QString &dataDir, const QString &home)
{
    QProcess process;
    QProcessEnvironment all = environment(home);
    all.insert(QLatin1StringView(kStartVariable), QString::number(steadyNanoseconds()));
    process.setProcessEnvironment(all);
    process.start(QCoreApplication::applicationFilePath(), {u"window"_s, u"--data-dir"_s, dataDir});
    if (!process.waitForFinished(kPatienceMs)) {
        end(process);
        return -1;
    }
    bool isNumber = false;
    const double time = process.readAllStandardOutput().trimmed().toDouble(&isNumber);
    return isNumber ? time : -1;
}

} // namespace

int runStart(const Options &options)
{
    sayMachine(u"start"_s, options.folder);
    LocalServer::keepOffThePlatforms();
    const QTemporaryDir folder(options.folder + u"/antiphon-bench-XXXXXX"_s);
    const QString dataDir = folder.filePath(u"data"_s);
    const int conversations = options.isSmoke ? 200 : 10'000;
    constexpr int kMessagesEach = 10;
    if (const auto seeded = seed(dataDir, {{.conversations = conversations, .messagesEach = kMessagesEach}}); !seeded) {
        say(describe(seeded.error()));
        return 1;
    }
    say(u"%1 conversations of %2 messages; files in the system's cache"_s.arg(conversations).arg(kMessagesEach));
    // The first start makes the search index of what was seeded, which no other start does.
    say(u"first start, with the making of the search index:"_s);
    if (!measureProgram(u"antiphon-server"_s, QStringLiteral(ANTIPHON_SERVER_PROGRAM), dataDir, folder.path(), options.isSmoke))
        return 1;
    say(u"from then on:"_s);
    Figures times;
    const int count = samples(options, 20, 2);
    for (int i = 0; i < count; ++i) {
        const double time = startWindow(dataDir, folder.path());
        if (time < 0)
            return 1;
        times.add(time);
    }
    say(u"process start to the first card painted, %1 starts: p50 %2 ms   longest %3 ms"_s.arg(times.count()).arg(times.median(), 0, 'f', 0).arg(times.greatest(), 0, 'f', 0));
    const bool isDone = measureProgram(u"antiphon-server"_s, QStringLiteral(ANTIPHON_SERVER_PROGRAM), dataDir, folder.path(), options.isSmoke)
        && measureProgram(u"antiphon (window and server)"_s, QStringLiteral(ANTIPHON_PROGRAM), dataDir, folder.path(), options.isSmoke);
    return isDone ? 0 : 1;
}

int runWindow(const Options &options)
{
    LocalServer server;
    if (const QString failed = server.start(options.dataDir); !failed.isEmpty())
        return 1;
    WindowHost host(server.desk(), server.token());
    SteadyClock::time_point painted;
    const auto hasCard = [&](const QRegion &) { return host.window().models().list().rowCount() > 0; };
    if (!PaintWatch::instance().waitForPaint(host.window().listPane()->view()->viewport(), hasCard, kPatienceMs, &painted))
        return 1;
    const qint64 at = std::chrono::duration_cast<std::chrono::nanoseconds>(painted.time_since_epoch()).count();
    say(QString::number(double(at - qEnvironmentVariable(kStartVariable).toLongLong()) / 1e6, 'f', 1));
    return 0;
}

} // namespace antiphon::bench
