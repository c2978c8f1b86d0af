#include "core/base/crashmark.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdlib>
#include <functional>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace antiphon;

namespace {

/// How a child ends that does this: its wait status.
int statusOf(const std::function<void()> &work)
{
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit noCore{0, 0};
        ::setrlimit(RLIMIT_CORE, &noCore);
        work();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

} // namespace

class CrashMarkTest : public QObject {
    Q_OBJECT
private slots:
    void whoeverBreaksLeavesAMark_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("abort") << SIGABRT;
        QTest::newRow("invalid access") << SIGSEGV;
        QTest::newRow("arithmetic") << SIGFPE;
    }
    void whoeverBreaksLeavesAMark()
    {
        QFETCH(int, fault);
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("broke"));
        const int status = statusOf([&] {
            for (const int signal : {SIGABRT, SIGSEGV, SIGFPE})
                ::signal(signal, SIG_DFL);       // the test's own handlers are not asked
            crashmark::watch(path);
            ::raise(fault);
        });
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), fault);       // and it ends as ever
        QVERIFY(crashmark::take(path));
        QVERIFY(!crashmark::take(path));
    }

    void whoeverIsKilledOrEndsLeavesNone()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("broke"));
        const int killed = statusOf([&] {
            crashmark::watch(path);
            ::raise(SIGKILL);
        });
        QVERIFY(WIFSIGNALED(killed) && WTERMSIG(killed) == SIGKILL);
        QVERIFY(!QFile::exists(path));
        const int ended = statusOf([&] { crashmark::watch(path); });
        QVERIFY(WIFEXITED(ended));
        QVERIFY(!crashmark::take(path));
    }

    void aThreadOfOnesOwnIsWatchedToo()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("broke"));
        const int status = statusOf([&] {
            ::signal(SIGABRT, SIG_DFL);
            crashmark::watch(path);
            std::thread([] {
                crashmark::guardThread();
                std::abort();
            }).join();
        });
        QVERIFY(WIFSIGNALED(status));
        QVERIFY(crashmark::take(path));
    }
};

ANTIPHON_TEST(CrashMarkTest)
#include "tst_crashmark.moc"
