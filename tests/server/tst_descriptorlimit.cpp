#include "core/server/gate/descriptorlimit.h"
#include "tests/server/gatefixture.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

using namespace antiphon;
using namespace antiphon::test;

class DescriptorLimitTest : public QObject {
    Q_OBJECT
private slots:
    void init() { getrlimit(RLIMIT_NOFILE, &m_before); }
    void cleanup() { setrlimit(RLIMIT_NOFILE, &m_before); }

    void isRaisedAsFarAsTheSystemAllows()
    {
        rlimit low = m_before;
        low.rlim_cur = 256;
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &low), 0);
        QCOMPARE(raiseDescriptorLimit(300), 300);
        QCOMPARE(raiseDescriptorLimit(200), 300);
        QCOMPARE(raiseDescriptorLimit(2'000'000'000), int(std::min<rlim_t>(m_before.rlim_max, 2'000'000'000)));
    }

    void aGateWithoutDescriptorsWaitsInsteadOfSpinning()
    {
        GateFixture server;
        RawClient honest(server.port);
        honest.say("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(honest.answer().status, 200);
        // The client's end of the next connection takes the last descriptor, so the server has none to accept it with.
        RawClient late(0);
        rlimit tight = m_before;
        tight.rlim_cur = rlim_t(firstFree()) + 1;
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &tight), 0);
        late.socket.connectToHost(QHostAddress(QHostAddress::LocalHost), server.port);
        late.say("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_VERIFY(server.gate->stats().refusalsByCause.value("no_descriptor") > 0);
        const clock_t busyBefore = clock();
        QTest::qWait(600);
        QVERIFY(clock() - busyBefore < CLOCKS_PER_SEC / 5);
        honest.say("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(honest.answer().status, 200);
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &m_before), 0);
        QCOMPARE(late.answer().status, 200);
    }

private:
    static int firstFree()
    {
        const int descriptor = ::dup(0);
        ::close(descriptor);
        return descriptor;
    }

    rlimit m_before{};
};

ANTIPHON_TEST(DescriptorLimitTest)
#include "tst_descriptorlimit.moc"
