#include "tests/abuse/abuseworld.h"
#include "tests/flows/rawdesk.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTcpSocket>
#include <QTest>

#include <unistd.h>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray answerTo(quint16 port, const QByteArray &request)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    if (!socket.waitForConnected(2000))
        return {};
    socket.write(request);
    QByteArray all;
    while (!all.contains("\r\n\r\n") && socket.waitForReadyRead(3000))
        all += socket.readAll();
    return all;
}

int statusTo(quint16 port, const QByteArray &request)
{
    return answerTo(port, request).mid(9, 3).toInt();
}

} // namespace

/// Too much of something: bodies, connections, wrong requests, borrowed names. Memory stays bounded, the log short, the honest client served.
class Floods : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<AbuseWorld>();
        QCOMPARE(m_world->startWithAccounts(), QString());
        QCOMPARE(healthOf(m_world->server()), 200);
    }

    void cleanupTestCase() { m_world.reset(); }

    void hugeBodiesAreRefusedFromTheirHeads_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<int>("status");
        const auto post = [](const QByteArray &path, const QByteArray &length) {
            return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + length + "\r\n\r\n";
        };
        QTest::newRow("100 MB, known route") << post("/webhooks/tiktok", "Content-Length: 104857600") << 413;
        QTest::newRow("4 GB, known route") << post("/webhooks/tiktok", "Content-Length: 4294967296") << 413;
        QTest::newRow("4 GB, unknown route") << post("/nowhere", "Content-Length: 4294967296") << 404;
        QTest::newRow("a chunk of 2 GB") << post("/webhooks/tiktok", "Transfer-Encoding: chunked") + "7fffffff\r\n" << 413;
    }

    void hugeBodiesAreRefusedFromTheirHeads()
    {
        QFETCH(QByteArray, head);
        QFETCH(int, status);
        const qint64 before = m_world->memory();
        std::vector<std::unique_ptr<QTcpSocket>> sockets;
        for (int i = 0; i < 50; ++i) {
            sockets.push_back(std::make_unique<QTcpSocket>());
            sockets.back()->connectToHost(QHostAddress::LocalHost, m_world->server().intakePort());
            QVERIFY(sockets.back()->waitForConnected(3000));
            sockets.back()->write(head);
        }
        // They go on sending, whatever they are told.
        const QByteArray piece(64 * 1024, 'x');
        qint64 most = 0;
        for (int round = 0; round < figure(20, 400); ++round) {
            for (const auto &socket : sockets) {
                if (socket->state() == QAbstractSocket::ConnectedState && socket->bytesToWrite() < 2 * piece.size())
                    socket->write(piece);
            }
            QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
            most = std::max(most, m_world->memory());
        }
        for (const auto &socket : sockets)
            QVERIFY(QTest::qWaitFor([&] { return socket->bytesAvailable() >= 12 || socket->state() != QAbstractSocket::ConnectedState; },
                                    10'000));
        int told = 0;
        for (const auto &socket : sockets)
            told += socket->readAll().mid(9, 3).toInt() == status;
        QVERIFY2(told == 50, qPrintable(u"%1 of 50 were told %2"_s.arg(told).arg(status)));
        QVERIFY2(most - before < 16 * 1024, qPrintable(u"%1 KiB more"_s.arg(most - before)));
        QCOMPARE(healthOf(m_world->server()), 200);
    }

    void hugeHeadsAreCutOff_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<int>("status");
        const QByteArray get = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n";
        QTest::newRow("a header of 100 MB") << get + "X: " << QByteArray(64 * 1024, 'a') << 431;
        QTest::newRow("2,000,000 lines") << get << QByteArray("X: 1\r\n").repeated(10'000) << 431;
        QTest::newRow("a target of 1 MB") << QByteArray("GET /") << QByteArray(64 * 1024, 'a') << 414;
        QTest::newRow("a method of 1 MB") << QByteArray("G") << QByteArray(64 * 1024, 'E') << 501;
    }

    void hugeHeadsAreCutOff()
    {
        QFETCH(QByteArray, start);
        QFETCH(QByteArray, more);
        QFETCH(int, status);
        const qint64 before = m_world->memory();
        for (int i = 0; i < figure(5, 50); ++i) {
            QTcpSocket socket;
            socket.connectToHost(QHostAddress::LocalHost, m_world->server().intakePort());
            QVERIFY(socket.waitForConnected(2000));
            socket.write(start);
            for (int n = 0; n < 1600 && socket.state() == QAbstractSocket::ConnectedState; ++n) {
                socket.write(more);
                if (!socket.waitForBytesWritten(200))
                    break;
            }
            QByteArray answer = socket.readAll();
            while (!answer.contains("\r\n\r\n") && socket.waitForReadyRead(1000))
                answer += socket.readAll();
            if (!answer.isEmpty()) // a cut connection may lose it
                QCOMPARE(answer.mid(9, 3).toInt(), status);
            QVERIFY(socket.state() != QAbstractSocket::ConnectedState || socket.waitForDisconnected(3000));
        }
        QVERIFY2(m_world->memory() - before < 16 * 1024, qPrintable(u"%1 KiB more"_s.arg(m_world->memory() - before)));
        QCOMPARE(healthOf(m_world->server()), 200);
    }

    void borrowedNamesOpenNothing()
    {
        const quint16 intake = m_world->server().intakePort();
        const quint16 desk = m_world->server().deskPort();
        const QByteArray token = m_world->server().bearer();
        const auto get = [](const QByteArray &path, const QByteArray &lines) { return "GET " + path + " HTTP/1.1\r\n" + lines + "\r\n"; };
        for (const QByteArray host :
             {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "0x7f.1", "2130706433", "127.1", "0.0.0.0",
              "[::ffff:127.0.0.1]", "127.0.0.1@evil.example", "evil.example:80", "127.0.0.1:80:80", "localhost.", "xn--localhost"}) {
            QVERIFY2(statusTo(intake, get("/healthz", "Host: " + host + "\r\n")) >= 400, host.constData());
            QVERIFY2(statusTo(desk, get("/healthz", "Host: " + host + "\r\n")) >= 400, host.constData());
        }
        QCOMPARE(statusTo(intake, get("/healthz", "Host: evil.example\r\n")), 421);
        QCOMPARE(statusTo(desk, get("/metrics", "Host: evil.example\r\nAuthorization: " + token + "\r\n")), 421);
        // Forwarded headers are nobody: they neither give nor take.
        for (const QByteArray name : {"X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "Forwarded", "X-Forwarded-Host", "True-Client-IP",
                                      "X-Original-URL", "X-HTTP-Method-Override"}) {
            const QByteArray line = name + ": 127.0.0.1\r\n";
            QCOMPARE(statusTo(desk, get("/metrics", "Host: 127.0.0.1\r\n" + line)), 401);
            QCOMPARE(statusTo(intake, get("/metrics", "Host: 127.0.0.1\r\nAuthorization: " + token + "\r\n" + line)), 404);
            QCOMPARE(statusTo(intake, get("/healthz", "Host: evil.example\r\n" + line)), 421);
            QCOMPARE(statusTo(intake, get("/healthz", "Host: 127.0.0.1\r\n" + line)), 200);
        }
        QCOMPARE(statusTo(desk, "POST /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"), 404);
        const QByteArray upgrade =
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        QCOMPARE(statusTo(desk, get("/api/v1/desk", "Host: 127.0.0.1\r\nOrigin: https://evil.example\r\n" + upgrade)), 403);
        QCOMPARE(statusTo(desk, get("/api/v1/desk", "Host: 127.0.0.1\r\nOrigin: null\r\n" + upgrade)), 403);
        QCOMPARE(statusTo(desk, get("/api/v1/desk", "Host: rebound.example\r\nOrigin: http://rebound.example\r\n" + upgrade)), 421);
        QCOMPARE(statusTo(desk, get("/api/v1/desk", "Host: 127.0.0.1\r\n" + upgrade)), 101);
        QCOMPARE(statusTo(intake, get("/api/v1/desk", "Host: 127.0.0.1\r\n" + upgrade)), 404);
    }

    void malformedFramesEndOnlyTheirSeat()
    {
        const QList<QString> frames{u"{"_s,
                                    u"[]"_s,
                                    u"null"_s,
                                    u"\"x\""_s,
                                    u"{\"jsonrpc\":\"1.0\"}"_s,
                                    u"["_s.repeated(100'000),
                                    QString(500'000, u'a'),
                                    u"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"session.ping\"}"_s,
                                    u"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":[]}"_s};
        RawDesk good(m_world->server().deskPort());
        QVERIFY(good.open(m_world->server().token()).contains(u"result"_s));
        for (const QString &frame : frames) {
            RawDesk open(m_world->server().deskPort());
            QVERIFY(open.open(m_world->server().token()).contains(u"result"_s));
            open.sendText(frame);
            QVERIFY(RawDesk::code(open.next()) < 0);
            RawDesk before(m_world->server().deskPort());
            before.sendText(frame.size() > 1000 ? frame.left(1000) : frame);
            QVERIFY(RawDesk::code(before.next()) < 0 || before.closeCode() > 0);
        }
        RawDesk large(m_world->server().deskPort());
        QVERIFY(large.open(m_world->server().token()).contains(u"result"_s));
        large.sendText(QString(1024 * 1024 + 1, u'a'));
        QCOMPARE(large.closeCode(), 1009);
        QVERIFY(good.call(u"session.ping"_s).contains(u"result"_s));
    }

    void withoutDescriptorsItTurnsAwayAndDoesNotSpin()
    {
        // Given a server that may have 256 descriptors
        ServerProcess server;
        QTemporaryDir folder;
        const QString wrapper = folder.filePath(u"few-descriptors"_s);
        QFile script(wrapper);
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("#!/bin/sh\nulimit -n 256\nexec '" ANTIPHON_SERVER_PROGRAM "' \"$@\"\n");
        script.close();
        QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        server.setProgram(wrapper);
        QVERIFY2(server.start(), qPrintable(server.standardError()));
        QCOMPARE(healthOf(server), 200);

        // When 400 come and stay
        std::vector<std::unique_ptr<QTcpSocket>> sockets;
        for (int i = 0; i < 400; ++i) {
            sockets.push_back(std::make_unique<QTcpSocket>());
            sockets.back()->connectToHost(QHostAddress::LocalHost, server.intakePort());
            sockets.back()->waitForConnected(500);
            sockets.back()->write("GET /healthz HTTP/1.1\r\n");
            sockets.back()->flush();
        }
        QTest::qWait(500);

        // Then it idles, the desk is served, and the intake port is again when they go
        const qint64 ticks = ticksOf(server);
        QElapsedTimer timer;
        timer.start();
        QTest::qWait(2000);
        const double share = double(ticksOf(server) - ticks) / double(::sysconf(_SC_CLK_TCK)) * 1000 / double(timer.elapsed());
        QVERIFY2(share <= 0.10, qPrintable(u"%1 % of a core"_s.arg(share * 100)));
        QCOMPARE(statusTo(server.deskPort(), "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), 200);
        sockets.clear();
        QVERIFY(QTest::qWaitFor([&] { return healthOf(server) == 200; }, 15'000));
        const int code = server.terminate();
        QVERIFY2(code == 0, qPrintable(u"%1: %2"_s.arg(code).arg(server.standardError().right(3000))));
    }

    void aFloodOfWrongRequestsIsALineASecond()
    {
        const qint64 before = m_world->memory();
        const int count = figure(20'000, 600'000);
        const std::array<QByteArray, 3> wrong{"GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                                              "GET /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                                              bench::webhookRequest(m_world->server().intakePort(), "t=1,s=00", "{}")};
        std::vector<QByteArray> requests;
        for (int i = 0; i < count; ++i)
            requests.push_back(wrong.at(size_t(i) % wrong.size()));
        const bench::LoadResult result = m_world->post(requests, 16);
        QCOMPARE(result.refused, qint64(count));
        // and those whose connection ends with the answer
        QElapsedTimer timer;
        timer.start();
        const int brewed = figure(1'000, 20'000);
        for (int i = 0; i < brewed; ++i)
            QCOMPARE(statusTo(m_world->server().intakePort(), "BREW /coffee HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), 501);
        QCOMPARE(healthOf(m_world->server()), 200);
        QVERIFY2(m_world->memory() - before < 16 * 1024, qPrintable(u"%1 KiB more"_s.arg(m_world->memory() - before)));
        const qint64 seconds = qint64(result.seconds) + timer.elapsed() / 1000 + 2;
        QCOMPARE(m_world->server().terminate(), 0);
        const QString log = m_world->server().standardError();
        for (const QString &cause : {u"unknown_route"_s, u"wrong_method"_s, u"unknown_method"_s}) {
            const qsizetype lines = log.count(cause);
            QVERIFY2(lines >= 1 && lines <= seconds + 60, qPrintable(u"%1 lines of %2 in %3 s"_s.arg(lines).arg(cause).arg(seconds)));
        }
        QVERIFY2(log.count(u'\n') < 8 * seconds + 300, qPrintable(u"%1 lines in %2 s"_s.arg(log.count(u'\n')).arg(seconds)));
        qInfo("%d wrong requests at %.0f/s", count, double(count) / result.seconds);
    }

private:
    static int healthOf(const ServerProcess &server)
    {
        return statusTo(server.intakePort(), "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }

    /// Processor time the server has used, in the system's ticks.
    static qint64 ticksOf(const ServerProcess &server)
    {
        QFile file(u"/proc/%1/stat"_s.arg(server.pid()));
        if (!file.open(QIODevice::ReadOnly))
            return -1;
        const QByteArray line = file.readAll();
        const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
        return fields.value(11).toLongLong() + fields.value(12).toLongLong();
    }

    std::unique_ptr<AbuseWorld> m_world;
};

ANTIPHON_TEST(Floods)
#include "tst_floods.moc"
