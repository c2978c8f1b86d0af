#include "tests/server/gatefixture.h"
#include "tests/server/requests.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

#include <algorithm>

using namespace antiphon;
using namespace antiphon::test;
using namespace std::chrono_literals;

namespace {

GateLimits quickLimits()
{
    GateLimits limits;
    limits.head = 300ms;
    limits.body = 400ms;
    limits.idle = 500ms;
    limits.handler = 400ms;
    limits.stalledReader = 300ms;
    limits.farewell = 200ms;
    return limits;
}

} // namespace

class GateLimitsTest : public QObject {
    Q_OBJECT
private slots:
    void idleConnectionsKeepNoLargeBodies()
    {
        GateFixture server;
        std::vector<std::unique_ptr<RawClient>> clients;
        const QByteArray bytes = post("/hook", QByteArray(1024 * 1024, 'a'));
        const QByteArray smaller = post("/hook", QByteArray(30 * 1024, 'a'));
        qint64 before = 0;
        for (int i = 0; i < 40; ++i) {
            clients.push_back(std::make_unique<RawClient>(server.port));
            clients.back()->say(bytes);
            QCOMPARE(clients.back()->answer().headers.value("connection"), "close");
            server.seen.clear();
            clients.push_back(std::make_unique<RawClient>(server.port));
            clients.back()->say(smaller);
            QVERIFY(!clients.back()->answer().headers.contains("connection"));
            server.seen.clear();
            if (i == 3)
                before = residentBytes();
        }
        QVERIFY2(residentBytes() - before < 12 * 1024 * 1024, qPrintable(QString::number(residentBytes() - before)));
    }

    void whoAsksButNeverListensIsCut()
    {
        GateFixture server;
        RawClient client(server.port);
        client.socket.setReadBufferSize(1024);
        client.socket.disconnect(&client);
        const qint64 before = residentBytes();
        QElapsedTimer time;
        time.start();
        client.say(post("/later", "1"));
        QTRY_COMPARE(server.gate->stats().connections, 1);
        while (server.gate->stats().connections == 1 && time.elapsed() < 20'000) {
            if (!server.later.isEmpty()) {
                server.later.takeFirst().send({.body = QByteArray(64 * 1024, 'a')});
                client.say(post("/later", "1"));
            }
            QCoreApplication::processEvents();
        }
        QCOMPARE(server.gate->stats().connections, 0);
        QCOMPARE(server.gate->stats().refusalsByCause.value("stalled_reader"), 1);
        QVERIFY(residentBytes() - before < 8 * 1024 * 1024);
    }

    void aSlowReaderGetsItsWholeAnswerBeforeTheEnd()
    {
        Gate::Options options{.limits = quickLimits()};
        options.limits.stalledReader = 3000ms;            // the system takes and gives in large steps
        GateFixture server(options);
        RawClient client(server.port);
        client.socket.setReadBufferSize(64 * 1024);
        client.socket.disconnect(&client);
        client.say(post("/later", "1", "Connection: close\r\n"));
        QTRY_COMPARE(server.later.size(), 1);
        constexpr int kSize = 16 * 1024 * 1024;
        server.later.first().send({.body = QByteArray(kSize, 'a')});
        qint64 got = 0;
        QTimer sip;
        connect(&sip, &QTimer::timeout, this, [&] { got += client.socket.read(1024 * 1024).size(); });
        sip.start(5);
        QTRY_COMPARE_WITH_TIMEOUT(client.socket.state(), QAbstractSocket::UnconnectedState, 20'000);
        got += client.socket.readAll().size();
        QVERIFY(got > kSize);
    }

    void slowClientsAreEnded_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<int>("status");
        QTest::newRow("nothing") << QByteArray() << 0;
        QTest::newRow("head") << QByteArray("GET /hello HTT") << 408;
        QTest::newRow("body") << post("/hook", "12345").chopped(1) << 408;
        QTest::newRow("chunked body") << "POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n5\r\nhe" << 408;
        QTest::newRow("stream") << post("/stream", "12345").chopped(1) << 408;
        QTest::newRow("handler") << post("/later", "12345") << 503;
    }

    void slowClientsAreEnded()
    {
        QFETCH(QByteArray, start);
        QFETCH(int, status);
        GateFixture server({.limits = quickLimits()});
        RawClient client(server.port);
        client.say(start);
        QTRY_VERIFY(client.closed);
        QCOMPARE(client.take().status, status);
        QTRY_COMPARE(server.gate->stats().connections, 0);
        QCOMPARE(server.gate->stats().bufferedBytes, 0);
    }

    void aLaterHeadHasItsTimeFromItsFirstByte()
    {
        GateFixture server({.limits = quickLimits()});
        RawClient client(server.port);
        client.say(get("/hello"));
        QCOMPARE(client.answer().status, 200);
        client.say("GET /hel");
        QTRY_VERIFY(client.closed);
        QCOMPARE(client.take().status, 408);
        RawClient idle(server.port);
        idle.say(get("/hello"));
        QCOMPARE(idle.answer().status, 200);
        QTRY_VERIFY(idle.closed);
        QCOMPARE(idle.received, QByteArray());
    }

    void drippingDoesNotBuyTime()
    {
        GateFixture server({.limits = quickLimits()});
        RawClient head(server.port);
        RawClient body(server.port);
        body.say("POST /stream HTTP/1.1\r\n" + kHost + "Content-Length: 1000000\r\n\r\n");
        QTimer drip;
        connect(&drip, &QTimer::timeout, this, [&] {
            head.say("A");
            body.say("A");
        });
        drip.start(20);
        head.say("GET /");
        QTRY_VERIFY(head.closed && body.closed);               // at fifty bytes a second either would go on for minutes
        QCOMPARE(head.take().status, 408);
        QCOMPARE(body.take().status, 408);
    }

    void theNewestConnectionIsTurnedAway()
    {
        Gate::Options options;
        options.limits.maxConnections = 5;
        GateFixture server(options);
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 5; ++i)
            clients.push_back(std::make_unique<RawClient>(server.port));
        QTRY_COMPARE(server.gate->stats().connections, 5);
        RawClient newest(server.port);
        newest.say(get("/hello"));
        const RawResponse response = newest.answer();
        QCOMPARE(response.status, 503);
        QVERIFY(response.headers.contains("retry-after"));
        QTRY_VERIFY(newest.closed);
        clients.front()->say(get("/hello"));
        QCOMPARE(clients.front()->answer().status, 200);
        clients.pop_back();
        QTRY_COMPARE(server.gate->stats().connections, 4);
        RawClient next(server.port);
        next.say(get("/hello"));
        QCOMPARE(next.answer().status, 200);
        QCOMPARE(server.gate->stats().refusalsByCause.value("too_many_connections"), 1);
    }

    void fullBuffersAnswerTryAgain()
    {
        Gate::Options options;
        options.budget = std::make_shared<BufferBudget>();
        options.budget->limit = 1'500'000;
        GateFixture server(options);
        RawClient first(server.port);
        first.say(post("/later", QByteArray(1'000'000, 'a')));
        QTRY_COMPARE(server.later.size(), 1);
        RawClient second(server.port);
        second.say(post("/later", QByteArray(1'000'000, 'a')));
        const RawResponse response = second.answer();
        QCOMPARE(response.status, 503);
        QVERIFY(response.headers.contains("retry-after"));
        server.later.first().send({});
        QCOMPARE(first.answer().status, 200);
        QCOMPARE(options.budget->used, 0);
        RawClient third(server.port);
        third.say(post("/later", QByteArray(1'000'000, 'a')));
        QTRY_COMPARE(server.later.size(), 2);
    }

    void hugeRequestsCostNoMemory_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<int>("status");
        QTest::newRow("100 MB to a route") << "POST /hook HTTP/1.1\r\n" + kHost + "Content-Length: 100000000\r\n\r\n" << 413;
        QTest::newRow("4 GB to a route") << "POST /hook HTTP/1.1\r\n" + kHost + "Content-Length: 4294967296\r\n\r\n" << 413;
        QTest::newRow("4 GB to no route") << "POST /nope HTTP/1.1\r\n" + kHost + "Content-Length: 4294967296\r\n\r\n" << 404;
        QTest::newRow("endless chunk") << "POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n" << 413;
        QTest::newRow("endless header line") << QByteArray("GET /hello HTTP/1.1\r\nA: ") << 431;
        QTest::newRow("endless target") << QByteArray("GET /") << 414;
    }

    void hugeRequestsCostNoMemory()
    {
        QFETCH(QByteArray, head);
        QFETCH(int, status);
        GateFixture server;
        RawClient honest(server.port);
        honest.say(get("/hello"));
        QCOMPARE(honest.answer().status, 200);
        const qint64 before = residentBytes();
        const QByteArray piece(64 * 1024, 'a');
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 20; ++i) {
            clients.push_back(std::make_unique<RawClient>(server.port));
            RawClient *client = clients.back().get();
            client->say(head);
            connect(&client->socket, &QTcpSocket::bytesWritten, client, [client, piece] {
                if (client->socket.bytesToWrite() == 0)
                    client->say(piece);
            });
        }
        qint64 peak = before;
        honest.say(get("/hello"));
        QCOMPARE(honest.answer().status, 200);
        for (const auto &client : clients) {
            QCOMPARE(client->answer().status, status);
            peak = std::max(peak, residentBytes());
        }
        QTRY_VERIFY_WITH_TIMEOUT((peak = std::max(peak, residentBytes()), std::all_of(clients.begin(), clients.end(), [](const auto &client) { return client->closed; })), 10'000);
        QCOMPARE(server.seen.size(), 2);
        QVERIFY2(peak - before < 16 * 1024 * 1024, qPrintable(QString::number(peak - before)));
    }

    void manySlowClientsDoNotHinderAnHonestOne()
    {
        Gate::Options options{.limits = quickLimits()};
        options.limits.head = 6s;
        GateFixture server(options);
        const qint64 before = residentBytes();
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int i = 0; i < 400; ++i) {
            slow.push_back(std::make_unique<RawClient>(server.port));
            slow.back()->say("POST /hook HTTP/1.1\r\nHost: lo");
        }
        QTRY_COMPARE(server.gate->stats().connections, 400);
        RawClient honest(server.port);
        QList<qint64> times;
        for (int i = 0; i < 100; ++i) {
            QElapsedTimer time;
            time.start();
            honest.say(post("/hook", "123"));
            QCOMPARE(honest.answer().status, 200);
            times.append(time.elapsed());
        }
        std::sort(times.begin(), times.end());
        QVERIFY(times.at(98) <= 2000);
        QVERIFY(residentBytes() - before < 32 * 1024 * 1024);      // both ends of the sockets live in this process
        QTRY_VERIFY(std::all_of(slow.begin(), slow.end(), [](const auto &client) { return client->closed; }));
        QCOMPARE(slow.front()->take().status, 408);
    }

    void aStreamIsReadOnlyAsFastAsItIsTaken()
    {
        GateFixture server;
        server.streamReads = false;
        RawClient client(server.port);
        const qint64 before = residentBytes();
        client.say("POST /stream HTTP/1.1\r\n" + kHost + "Content-Length: 8388608\r\n\r\n");
        qint64 said = 0;
        const QByteArray piece(64 * 1024, 'a');
        const auto more = [&] {
            if (client.socket.bytesToWrite() == 0 && said < 8 * 1024 * 1024) {
                said += piece.size();
                client.say(piece);
            }
        };
        connect(&client.socket, &QTcpSocket::bytesWritten, &client, more);
        QTRY_VERIFY(said > 256 * 1024);
        QTest::qWait(100);
        QVERIFY(residentBytes() - before < 6 * 1024 * 1024);
        QCOMPARE(server.streamed, 0);
        server.streamReads = true;
        server.pull();
        const RawResponse response = client.answer();
        QCOMPARE(response.body, QByteArray::number(8 * 1024 * 1024));
    }

    void aReaderThatStandsStillIsCut()
    {
        GateFixture server({.limits = quickLimits()});
        RawClient client(server.port);
        client.socket.setReadBufferSize(1);
        client.socket.disconnect(&client);
        client.say(get("/flood"));
        QTRY_COMPARE(server.streamsGone, 1);
        QCOMPARE(server.gate->stats().refusalsByCause.value("stalled_reader"), 1);
        QTRY_COMPARE(server.gate->stats().connections, 0);
    }

    void theLogSaysEachCauseOnceASecond()
    {
        static QStringList lines;
        lines.clear();
        GateFixture server;
        RawClient client(server.port);
        const QtMessageHandler before = qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &line) { lines.append(line); });
        QElapsedTimer time;
        time.start();
        for (int i = 0; i < 500; ++i) {
            client.say(i % 2 == 0 ? get("/nope") : "DELETE /hook HTTP/1.1\r\n" + kHost + "\r\n");
            client.answer();
        }
        const qint64 seconds = time.elapsed() / 1000 + 1;
        qInstallMessageHandler(before);
        QVERIFY(lines.filter(QStringLiteral("unknown_route")).size() >= 1);
        QVERIFY(lines.filter(QStringLiteral("unknown_route")).size() <= seconds);
        QVERIFY(lines.filter(QStringLiteral("wrong_method")).size() <= seconds);
        QCOMPARE(server.gate->stats().refusalsByCause.value("wrong_method"), 250);
    }

    void wrongRoutesByTheThousandCostNothing()
    {
        GateFixture server;
        RawClient client(server.port);
        client.say(get("/hello"));
        QCOMPARE(client.answer().status, 200);
        qint64 before = 0;
        for (int i = 0; i < 20'000; ++i) {
            client.say(get("/nope"));
            QCOMPARE(client.answer().status, 404);
            if (i == 1000)
                before = residentBytes();
        }
        QVERIFY(residentBytes() - before < 2 * 1024 * 1024);
        QCOMPARE(server.gate->stats().refusalsByCause.value("unknown_route"), 20'000);
        QCOMPARE(server.gate->stats().answersByStatus.value(404), 20'000);
    }
};

ANTIPHON_TEST(GateLimitsTest)
#include "tst_gatelimits.moc"
