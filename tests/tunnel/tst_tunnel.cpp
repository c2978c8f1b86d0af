#include "core/net/networkhttpclient.h"
#include "core/tunnel/tunnel.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <csignal>
#include <ctime>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Provider = TunnelSettings::Provider;

namespace {

/// An intake port: answers /healthz and tells of the nonce, or behaves like somebody else's server.
class Port : public QTcpServer {
public:
    std::function<void(const QString &)> probed;
    bool isSomebodyElses = false;
    int requests = 0;

    explicit Port(quint16 port = 0)
    {
        listen(QHostAddress::LocalHost, port);
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = nextPendingConnection())
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
        });
    }

    QUrl url() const { return QUrl(u"http://127.0.0.1:%1"_s.arg(serverPort())); }

private:
    void answer(QTcpSocket *socket)
    {
        const QByteArray head = socket->readAll();
        ++requests;
        const qsizetype at = head.indexOf("probe=");
        if (!isSomebodyElses && probed && at > 0)
            probed(QString::fromLatin1(head.mid(at + 6, head.indexOf(' ', at) - at - 6)));
        socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        socket->disconnectFromHost();
    }
};

Tunnel::Times quick()
{
    Tunnel::Times times{.probeEvery = 200ms, .probeInDoubt = 30ms, .probeStarting = 50ms, .probeDown = 50ms, .probeTimeout = 2s, .connected = 0ms, .unannounced = 5s,
                        .patience = 20s, .stuck = 20s, .considerate = 10ms, .toolLook = 50ms, .toolStop = 2s, .pulse = 1s};
    times.restart = {.first = 10ms, .passing = 60ms, .longest = 200ms, .window = 2s};
    return times;
}

bool runs(qint64 pid)
{
    QFile status(u"/proc/%1/stat"_s.arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return false;
    const QByteArray line = status.readAll();
    return !line.mid(line.lastIndexOf(')') + 2).startsWith('Z');
}

} // namespace

class TunnelTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        qunsetenv("CLOUDFLARED_DOUBLE");
        m_port = std::make_unique<Port>();
        m_finder = [](const QString &tool) { return tool == "cloudflared"_L1 ? QString::fromLatin1(ANTIPHON_TOOL_DOUBLES) + u"/cloudflared"_s : QString(); };
        make(quick());
    }

    void cleanup()
    {
        m_tunnel.reset();
        m_port.reset();
    }

    void provesTheAddressThatTheToolPrints_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::newRow("as usual") << QByteArray();
        QTest::newRow("among rubbish") << QByteArray("noisy");
    }

    void provesTheAddressThatTheToolPrints()
    {
        QFETCH(QByteArray, mode);
        qputenv("CLOUDFLARED_DOUBLE", mode);
        QSignalSpy proved(m_tunnel.get(), &Tunnel::proved);
        begin(Provider::CloudflaredQuick);
        QCOMPARE(state(), TunnelState::Starting);
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Up, 20'000);
        QCOMPARE(proved.size(), 1);
        QCOMPARE(m_tunnel->status().address.host(), u"127.0.0.1"_s);
        QVERIFY(m_tunnel->status().address.port() != m_port->serverPort());
        QVERIFY(runs(m_tunnel->status().pid));
        const int before = m_port->requests;
        QTRY_VERIFY_WITH_TIMEOUT(m_port->requests > before, 10'000);   // and keeps looking
    }

    void isBackEachTimeTheToolIsKilled()
    {
        QSignalSpy down(m_tunnel.get(), &Tunnel::wentDown);
        QSignalSpy proved(m_tunnel.get(), &Tunnel::proved);
        begin(Provider::CloudflaredQuick);
        for (int i = 1; i <= 20; ++i) {
            QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Up, 20'000);
            const qint64 pid = m_tunnel->status().pid;
            const QUrl address = m_tunnel->status().address;
            QVERIFY(pid > 0);
            ::kill(pid_t(pid), SIGKILL);
            QTRY_COMPARE_WITH_TIMEOUT(down.size(), i, 15'000);
            QTRY_COMPARE_WITH_TIMEOUT(proved.size(), i + 1, 20'000);
            QVERIFY(m_tunnel->status().pid != pid);
            QVERIFY(m_tunnel->status().address != address);                // another one at each start
        }
        QCOMPARE(m_tunnel->status().restarts, 20);
    }

    void waitsForAMissingToolAndSaysHowToGetIt()
    {
        bool isInstalled = false;
        const auto finder = m_finder;
        m_finder = [&isInstalled, finder](const QString &tool) { return isInstalled ? finder(tool) : QString(); };
        make(quick(), SystemKind::Fedora);
        begin(Provider::CloudflaredQuick);
        QCOMPARE(state(), TunnelState::Down);
        QCOMPARE(m_tunnel->status().problem, TunnelProblem::ToolMissing);
        QVERIFY(m_tunnel->status().detail.contains("dnf install cloudflared"_L1));
        QCOMPARE(m_tunnel->status().restarts, 0);
        isInstalled = true;
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Up, 20'000);
    }

    void goesDownAfterTwoProbesAndComesBack()
    {
        QSignalSpy down(m_tunnel.get(), &Tunnel::wentDown);
        begin(Provider::OwnDomain, m_port->url());
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Up, 20'000);
        const quint16 port = m_port->serverPort();
        m_port.reset();
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Down, 20'000);
        QCOMPARE(m_tunnel->status().problem, TunnelProblem::NotReachable);
        QCOMPARE(down.size(), 1);
        QCOMPARE(down.first().first().value<Timestamp>(), *m_tunnel->status().provedAt);
        m_port = std::make_unique<Port>(port);
        m_port->probed = [this](const QString &nonce) { m_tunnel->noteProbe(nonce); };
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Up, 20'000);
    }

    void isNotFooledByAnotherServer()
    {
        m_port->isSomebodyElses = true;
        begin(Provider::OwnDomain, m_port->url());
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Down, 20'000);
        QCOMPARE(m_tunnel->status().problem, TunnelProblem::Elsewhere);
        QVERIFY(!m_tunnel->status().provedAt);
    }

    void doesNotHammer()
    {
        qputenv("CLOUDFLARED_DOUBLE", "exit");
        Tunnel::Times times = quick();
        times.restart = {.first = 50ms, .passing = 100ms, .longest = 3600s, .window = 3600s};
        make(times);
        begin(Provider::CloudflaredQuick);
        QTRY_VERIFY_WITH_TIMEOUT(m_tunnel->status().restarts == 4, 20'000);   // waits of 50, 100, 200 ms lie behind, 400 ahead
        QCOMPARE(m_tunnel->status().problem, TunnelProblem::Ended);
        QVERIFY(m_tunnel->status().nextTryAt);
        const auto ahead = *m_tunnel->status().nextTryAt - m_clock.now();
        QVERIFY2(ahead <= 500ms && ahead > 0ms, qPrintable(QString::number(ahead.count())));
        QVERIFY(m_tunnel->status().output.join(u' ').contains("no known kind"_L1));
    }

    void startsATryAtOnceWhenAsked()
    {
        qputenv("CLOUDFLARED_DOUBLE", "exit");
        Tunnel::Times times = quick();
        times.restart = {.first = 3600s, .passing = 3600s, .longest = 3600s, .window = 3600s};
        make(times);
        begin(Provider::CloudflaredQuick);
        QTRY_COMPARE_WITH_TIMEOUT(m_tunnel->status().restarts, 1, 20'000);
        qunsetenv("CLOUDFLARED_DOUBLE");
        bool isAnswered = false;
        m_tunnel->checkNow([&isAnswered] { isAnswered = true; });
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Up, 20'000);
        QVERIFY(isAnswered);
    }

    void anotherNetworkEndsTheWaitForTheNextTry()
    {
        qputenv("CLOUDFLARED_DOUBLE", "exit");
        Tunnel::Times times = quick();
        times.restart = {.first = 3600s, .passing = 3600s, .longest = 3600s, .window = 3600s};
        make(times);
        begin(Provider::CloudflaredQuick);
        QTRY_COMPARE_WITH_TIMEOUT(m_tunnel->status().restarts, 1, 20'000);
        qunsetenv("CLOUDFLARED_DOUBLE");
        m_tunnel->networkChanged();
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Up, 20'000);
    }

    void endsTheToolWithItself()
    {
        begin(Provider::CloudflaredQuick);
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Up, 20'000);
        const qint64 pid = m_tunnel->status().pid;
        begin(Provider::OwnDomain, m_port->url());
        QTRY_VERIFY_WITH_TIMEOUT(!runs(pid), 10'000);
        begin(Provider::CloudflaredQuick);
        QTRY_COMPARE_WITH_TIMEOUT(state(), TunnelState::Up, 20'000);
        const qint64 second = m_tunnel->status().pid;
        m_tunnel.reset();
        QVERIFY(!runs(second));
    }

    void givesUpOnAToolThatSaysNothing()
    {
        qputenv("CLOUDFLARED_DOUBLE", "silent");
        Tunnel::Times times = quick();
        times.patience = 100ms;
        make(times);
        begin(Provider::CloudflaredQuick);
        QTRY_COMPARE_WITH_TIMEOUT(m_tunnel->status().problem, TunnelProblem::NoAddress, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(m_tunnel->status().restarts >= 2, 20'000);
    }

    void keepsTheTokenToItself()
    {
        qputenv("CLOUDFLARED_DOUBLE", "token");
        m_tunnel->begin({.provider = Provider::CloudflaredNamed, .publicUrl = QUrl(u"https://desk.example"_s)}, {.token = u"eyJhIjoiczNjcmV0"_s}, m_port->serverPort());
        QTRY_VERIFY_WITH_TIMEOUT(!m_tunnel->status().output.isEmpty(), 20'000);
        QCOMPARE(m_tunnel->status().output.first().right(18), u"INF the token is …"_s);     // it had it
        QFile arguments(u"/proc/%1/cmdline"_s.arg(m_tunnel->status().pid));
        QVERIFY(arguments.open(QIODevice::ReadOnly));
        const QByteArray line = arguments.readAll();
        QVERIFY(line.contains("cloudflared") && !line.contains("eyJhIjoiczNjcmV0"));
    }

    void endsWhatTheToolStarted_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<bool>("isTakenApart");
        QTest::newRow("taken back") << QByteArray("family") << false;
        QTest::newRow("with the server") << QByteArray("family") << true;
        QTest::newRow("the tool ended by itself") << QByteArray("orphans") << false;
    }

    void endsWhatTheToolStarted()
    {
        QFETCH(QByteArray, mode);
        QFETCH(bool, isTakenApart);
        qputenv("CLOUDFLARED_DOUBLE", mode);
        Tunnel::Times times = quick();
        times.toolStop = 200ms;
        times.restart = {.first = 3600s, .passing = 3600s, .longest = 3600s, .window = 3600s};
        make(times);
        begin(Provider::CloudflaredQuick);
        QTRY_COMPARE_WITH_TIMEOUT(m_tunnel->status().output.size(), 2, 20'000);
        QList<qint64> children;
        const QStringList output = m_tunnel->status().output;
        for (const QString &line : output)
            children.append(line.section(u' ', 1).toLongLong());
        QVERIFY2(children.at(0) > 1 && children.at(1) > 1, qPrintable(output.join(u'|')));
        if (mode == "orphans")
            QTRY_COMPARE_WITH_TIMEOUT(m_tunnel->status().restarts, 1, 20'000);
        else if (isTakenApart)
            m_tunnel.reset();
        else
            begin(Provider::None);
        for (const qint64 child : std::as_const(children))
            QTRY_VERIFY_WITH_TIMEOUT(!runs(child), 10'000);
    }

    void costsLittleWhereTheToolPrintsWithoutEnd()
    {
        qputenv("CLOUDFLARED_DOUBLE", "endless");
        begin(Provider::CloudflaredQuick);
        QTRY_VERIFY_WITH_TIMEOUT(m_tunnel->status().output.size() > 1, 20'000);
        // Processor time only gets less where the machine is busy.
        const std::clock_t before = std::clock();
        QTest::qWait(2000);
        const double share = double(std::clock() - before) / CLOCKS_PER_SEC / 2;
        QVERIFY2(share < 0.4, qPrintable(QString::number(share)));
        QCOMPARE(m_tunnel->status().output.last(), u"y"_s);
        const qint64 pid = m_tunnel->status().pid;
        begin(Provider::None);
        QTRY_VERIFY_WITH_TIMEOUT(!runs(pid), 10'000);
    }

private:
    void make(const Tunnel::Times &times, SystemKind system = SystemKind::Debian)
    {
        m_tunnel = std::make_unique<Tunnel>(Tunnel::Surroundings{
            .http = m_http, .clock = m_clock, .random = m_random, .findTool = m_finder, .quickOrigin = QUrl(u"http://127.0.0.1"_s), .system = system, .times = times});
        m_port->probed = [this](const QString &nonce) { m_tunnel->noteProbe(nonce); };
    }

    void begin(Provider provider, const QUrl &url = {}) { m_tunnel->begin({.provider = provider, .publicUrl = url}, {}, m_port->serverPort()); }
    TunnelState state() const { return m_tunnel->status().state; }

    SystemClock m_clock;
    SystemRandom m_random;
    NetworkHttpClient m_http;
    std::function<QString(const QString &)> m_finder;
    std::unique_ptr<Port> m_port;
    std::unique_ptr<Tunnel> m_tunnel;
};

ANTIPHON_TEST(TunnelTest)

} // namespace antiphon::test
#include "tst_tunnel.moc"
