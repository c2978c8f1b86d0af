#include "tests/server/gatefixture.h"
#include "tests/server/splits.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

using namespace antiphon;
using namespace antiphon::test;
using namespace std::chrono_literals;

namespace {

const QByteArray kHost = "Host: localhost\r\n";

QByteArray post(const QByteArray &target, const QByteArray &body, const QByteArray &headers = {})
{
    return "POST " + target + " HTTP/1.1\r\n" + kHost + headers + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

QByteArray get(const QByteArray &target, const QByteArray &headers = {})
{
    return "GET " + target + " HTTP/1.1\r\n" + kHost + headers + "\r\n";
}

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

class GateTest : public QObject {
    Q_OBJECT
private slots:
    void answersTheSameHoweverTheBytesAreCut_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char *name, const QByteArray &bytes, int status, bool closes, const QByteArray &body = {}) {
            QTest::newRow(name) << bytes << status << closes << body;
        };
        row("get", get("/hello"), 200, false, "/hello 0");
        row("get that closes", get("/hello", "Connection: close\r\n"), 200, true, "/hello 0");
        row("post", post("/hook", "12345"), 200, false, "/hook 5");
        row("empty post", post("/hook", ""), 200, false, "/hook 0");
        row("chunked post", "POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n", 200, false, "/hook 11");
        row("empty chunked post", "POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, false, "/hook 0");
        row("stream", post("/stream", "12345"), 201, true, "5");
        row("chunked stream", "POST /stream HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 201, true, "5");
        row("unknown route", get("/nope"), 404, false);
        row("wrong method", "PUT /hook HTTP/1.1\r\n" + kHost + "Content-Length: 0\r\n\r\n", 405, false);
        row("unknown host", "GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, false);
        row("missing length", "POST /hook HTTP/1.1\r\n" + kHost + "\r\n", 411, true);
        row("negative length", "POST /hook HTTP/1.1\r\n" + kHost + "Content-Length: -1\r\n\r\n", 400, true);
        row("20 digits", "POST /hook HTTP/1.1\r\n" + kHost + "Content-Length: 99999999999999999999\r\n\r\n", 413, true);
        row("word as length", "POST /hook HTTP/1.1\r\n" + kHost + "Content-Length: abc\r\n\r\n", 400, true);
        row("two lengths", "POST /hook HTTP/1.1\r\n" + kHost + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, true);
        row("both length headers", "POST /hook HTTP/1.1\r\n" + kHost + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, true);
        row("folded line", "GET /hello HTTP/1.1\r\n" + kHost + "A: b\r\n c\r\n\r\n", 400, true);
        row("bare LF", "GET /hello HTTP/1.1\nHost: localhost\n\n", 400, true);
        row("NUL", "GET /hello HTTP/1.1\r\n" + kHost + QByteArray("A: \0\r\n\r\n", 8), 400, true);
        row("HTTP/0.9", "GET /hello\r\n", 400, true);
        row("HTTP/1.0", "GET /hello HTTP/1.0\r\n\r\n", 505, true);
        row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, true);
        row("TLS hello", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400, true);
        row("upgrade elsewhere", get("/hello", "Connection: Upgrade\r\nUpgrade: websocket\r\n"), 400, true);
        row("upgrade missing", get("/socket"), 426, false);
        row("negative chunk", "POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n-2\r\n", 400, true);
        row("bad chunk", "POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", 400, true);
        row("trailer", "POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n", 400, true);
        row("chunks over the limit", "POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n100001\r\n", 413, true);
        row("bad chunk in a stream", "POST /stream HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", 400, true);
        row("expectation", "POST /hook HTTP/1.1\r\n" + kHost + "Expect: 7\r\nContent-Length: 1\r\n\r\n", 417, true);
    }

    void answersTheSameHoweverTheBytesAreCut()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        QFETCH(bool, closes);
        QFETCH(QByteArray, body);
        GateFixture server;
        for (const QList<QByteArray> &pieces : splitsOf(bytes)) {
            server.seen.clear();
            server.streamed = 0;
            RawClient client(server.port);
            client.sayInPieces(pieces);
            const RawResponse response = client.answer();
            QCOMPARE(response.status, status);
            QCOMPARE(response.body, body);
            QCOMPARE(server.seen.size(), status == 200 ? 1 : 0);
            QCOMPARE(response.headers.value("connection") == "close", closes);
            if (closes)
                QTRY_VERIFY(client.closed);
            QCOMPARE(client.received, QByteArray());
        }
    }

    void aConnectionServesManyRequestsOfEveryKind()
    {
        GateFixture server;
        RawClient client(server.port);
        const auto ask = [&client](const QByteArray &bytes, bool isHead = false) {
            client.say(bytes);
            return client.answer(isHead);
        };
        QCOMPARE(ask(get("/nope")).status, 404);                    // before the library knows the socket
        for (int round = 0; round < 50; ++round) {
            const QByteArray body(1 + round * 600, 'a');
            QCOMPARE(ask(post("/hook?r=" + QByteArray::number(round), body)).body, "/hook " + QByteArray::number(body.size()));
            QCOMPARE(server.seen.last().body, body);
            QCOMPARE(ask(get("/nope")).status, 404);                // between the library's requests
            QCOMPARE(ask(get("/hello")).body, "/hello 0");
            QCOMPARE(ask("DELETE /hook HTTP/1.1\r\n" + kHost + "\r\n").headers.value("allow"), "POST");
            const RawResponse head = ask("HEAD /hello HTTP/1.1\r\n" + kHost + "\r\n", true);
            QCOMPARE(head.headers.value("content-length"), "8");
            QCOMPARE(client.received, QByteArray());
            QCOMPARE(ask("POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").body, "/hook 3");
        }
        QVERIFY(!client.closed);
        QCOMPARE(server.gate->stats().accepted, 1);
        QCOMPARE(server.gate->stats().bufferedBytes, 0);
        QCOMPARE(ask(post("/stream", "12345")).body, "5");          // a library connection that turns to a stream
        QTRY_VERIFY(client.closed);
    }

    void theLibraryTakesWhatTheGateJudged_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &body) { QTest::newRow(name) << bytes << body; };
        const QByteArray all = [] {
            QByteArray bytes;
            for (int i = 0; i < 256; ++i)
                bytes += char(i);
            return bytes;
        }();
        const auto chunked = [](const QByteArray &headers, const QByteArray &chunks) {
            return "POST /hook HTTP/1.1\r\n" + kHost + headers + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
        };
        row("every byte", post("/hook", all), all);
        row("body that looks like a request", post("/hook", get("/nope")), get("/nope"));
        row("length with zeros", "POST /hook HTTP/1.1\r\n" + kHost + "Content-Length: 0000000000000000000000003\r\n\r\nabc", "abc");
        row("length with blanks", "POST /hook HTTP/1.1\r\n" + kHost + "Content-Length: \t 3 \t\r\n\r\nabc", "abc");
        row("length without a blank", "POST /hook HTTP/1.1\r\n" + kHost + "CONTENT-LENGTH:3\r\n\r\nabc", "abc");
        row("similar headers", "POST /hook HTTP/1.1\r\n" + kHost + "X-Content-Length: 1\r\nContent-Length: 3\r\nContent-Length-X: 5\r\n\r\nabc", "abc");
        row("length in another header", "POST /hook HTTP/1.1\r\n" + kHost + "A: Content-Length: 9\r\nContent-Length: 3\r\n\r\nabc", "abc");
        row("connection upgrade alone", post("/hook", "abc", "Connection: Upgrade\r\n"), "abc");
        row("empty values", post("/hook", "abc", "A:\r\nB: \r\n"), "abc");
        row("high bytes", post("/hook", "abc", "A: \xff\xfe\r\n"), "abc");
        row("strange name", post("/hook", "abc", "!#$%&'*+-.^_`|~: x\r\n"), "abc");
        row("long target", post("/hook?" + QByteArray(8000, 'a'), "abc"), "abc");
        row("strange target", post("/hook?a=%zz&%00&\"<>\\^`{|}#x", "abc"), "abc");
        row("long head", post("/hook", "abc", "A: " + QByteArray(15'000, 'a') + "\r\n"), "abc");
        QByteArray lines;
        for (int i = 0; i < 98; ++i)
            lines += "A: b\r\n";
        row("many lines", post("/hook", "abc", lines), "abc");
        row("full body", post("/hook", QByteArray(1024 * 1024, 'b')), QByteArray(1024 * 1024, 'b'));
        row("chunk of every byte", chunked({}, "100\r\n" + all + "\r\n0\r\n\r\n"), all);
        row("chunked in capitals", "POST /hook HTTP/1.1\r\n" + kHost + "TRANSFER-ENCODING: CHUNKED\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "abc");
        row("chunk size in capitals with zeros", chunked({}, "0000000A\r\n0123456789\r\n0\r\n\r\n"), "0123456789");
        row("extensions", chunked({}, "3;a=b;c=\"d\"\r\nabc\r\n0;e\r\n\r\n"), "abc");
        row("extension of digits", chunked({}, "3;ff\r\nabc\r\n0;1\r\n\r\n"), "abc");
        row("data like the end", chunked({}, "5\r\n0\r\n\r\n\r\n0\r\n\r\n"), "0\r\n\r\n");
        row("full chunk", chunked({}, "100000\r\n" + QByteArray(1024 * 1024, 'b') + "\r\n0\r\n\r\n"), QByteArray(1024 * 1024, 'b'));
        QByteArray small;
        for (int i = 0; i < 5000; ++i)
            small += "1\r\nc\r\n";
        row("small chunks", chunked({}, small + "0\r\n\r\n"), QByteArray(5000, 'c'));
    }

    void theLibraryTakesWhatTheGateJudged()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, body);
        GateFixture server;
        auto client = std::make_unique<RawClient>(server.port);
        for (const QList<QByteArray> &pieces : splitsOf(bytes)) {
            if (bytes.size() > 100'000 && pieces.size() > 1000)
                continue;
            client->sayInPieces(pieces);
            const RawResponse response = client->answer();
            QCOMPARE(response.body, "/hook " + QByteArray::number(body.size()));
            QCOMPARE(server.seen.last().body, body);
            if (response.headers.value("connection") == "close")
                client = std::make_unique<RawClient>(server.port);
            client->say(get("/hello"));                     // still in step
            QCOMPARE(client->answer().body, "/hello 0");
        }
    }

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
        GateFixture server({.limits = quickLimits()});
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

    void aLaterHeadInPiecesIsJudgedAsStrictly()
    {
        GateFixture server;
        for (const char *bad : {"GET /hello HTTP/1.1\nHost: localhost\n\n", "POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                                "GET /nope HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n"}) {
            RawClient client(server.port);
            client.say(get("/hello"));
            QCOMPARE(client.answer().status, 200);
            const qsizetype before = server.seen.size();
            client.sayInPieces(splitsOf(bad).at(1));
            const RawResponse response = client.answer();
            QVERIFY(response.status == 400 || response.status == 404);
            QCOMPARE(server.seen.size(), before);
            QTRY_VERIFY(client.closed);
        }
    }

    void pipeliningIsRefused()
    {
        GateFixture server;
        RawClient together(server.port);
        together.say(get("/hello") + get("/hello"));
        QCOMPARE(together.answer().status, 400);
        QTRY_VERIFY(together.closed);
        RawClient behindBody(server.port);
        behindBody.say(post("/hook", "123") + "G");
        QCOMPARE(behindBody.answer().status, 400);
        RawClient behindChunks(server.port);
        behindChunks.say("POST /hook HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nG");
        QCOMPARE(behindChunks.answer().status, 400);
        QCOMPARE(server.seen.size(), 0);

        RawClient whileBusy(server.port);
        whileBusy.say(post("/later", "123"));
        QTRY_COMPARE(server.later.size(), 1);
        whileBusy.say("G");
        QCOMPARE(whileBusy.answer().status, 400);
        server.later.first().send({.body = "too late"});
        QTRY_VERIFY(whileBusy.closed);
        QCOMPARE(whileBusy.received, QByteArray());
    }

    void anAnswerComesOnceAndOnlyToALiveClient()
    {
        GateFixture server;
        RawClient client(server.port);
        client.say(post("/later", "123"));
        QTRY_COMPARE(server.later.size(), 1);
        server.later.first().send({.body = "first"});
        server.later.first().send({.body = "second"});
        QCOMPARE(client.answer().body, "first");
        client.say(post("/later", "123"));
        QTRY_COMPARE(server.later.size(), 2);
        server.later.first().send({.body = "of the request before"});
        server.later.last().send({.body = "right", .close = true});
        QCOMPARE(client.answer().body, "right");
        QTRY_VERIFY(client.closed);

        for (int i = 0; i < 200; ++i) {
            RawClient impatient(server.port);
            impatient.say(post("/later", "123"));
            QTRY_COMPARE(server.later.size(), 3 + i);
            impatient.socket.abort();
        }
        for (const Answer &answer : std::as_const(server.later))
            answer.send({.body = "nobody hears this"});
        QTRY_COMPARE(server.gate->stats().connections, 0);
        for (const Answer &answer : std::as_const(server.later))
            answer.send({.body = "nor this"});
    }

    void aContinueIsSentWhereItIsExpected()
    {
        GateFixture server;
        for (const QByteArray &target : {QByteArray("/hook"), QByteArray("/stream")}) {
            RawClient client(server.port);
            client.say("POST " + target + " HTTP/1.1\r\n" + kHost + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            QTRY_COMPARE(client.received, "HTTP/1.1 100 Continue\r\n\r\n");
            client.received.clear();
            client.say("abc");
            QVERIFY(client.answer().status != 0);
        }
        RawClient refused(server.port);
        refused.say("POST /hook HTTP/1.1\r\n" + kHost + "Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
        QCOMPARE(refused.answer().status, 413);
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
        QTRY_VERIFY_WITH_TIMEOUT(client.closed, 2000);
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
        QTRY_VERIFY_WITH_TIMEOUT(client.closed, 2000);
        QCOMPARE(client.take().status, 408);
        RawClient idle(server.port);
        idle.say(get("/hello"));
        QCOMPARE(idle.answer().status, 200);
        QTRY_VERIFY_WITH_TIMEOUT(idle.closed, 2000);
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
        QElapsedTimer time;
        time.start();
        head.say("GET /");
        QTRY_VERIFY_WITH_TIMEOUT(head.closed && body.closed, 3000);
        QVERIFY(time.elapsed() < 1500);
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
        options.limits.head = 1500ms;
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
        QVERIFY(times.at(98) <= 100);
        QVERIFY(residentBytes() - before < 32 * 1024 * 1024);      // both ends of the sockets live in this process
        QTRY_VERIFY_WITH_TIMEOUT(std::all_of(slow.begin(), slow.end(), [](const auto &client) { return client->closed; }), 6000);
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

    void aStreamLearnsThatItsClientIsGone()
    {
        GateFixture server;
        RawClient client(server.port);
        client.say("POST /stream HTTP/1.1\r\n" + kHost + "Content-Length: 8388608\r\n\r\nabc");
        QTRY_COMPARE(server.streamed, 3);
        client.socket.abort();
        QTRY_COMPARE(server.streamsGone, 1);
        QTRY_COMPARE(server.gate->stats().connections, 0);
    }

    void aReaderThatStandsStillIsCut()
    {
        GateFixture server({.limits = quickLimits()});
        RawClient client(server.port);
        client.socket.setReadBufferSize(1);
        client.socket.disconnect(&client);
        client.say(get("/flood"));
        QTRY_COMPARE_WITH_TIMEOUT(server.streamsGone, 1, 5000);
        QCOMPARE(server.gate->stats().refusalsByCause.value("stalled_reader"), 1);
        QTRY_COMPARE(server.gate->stats().connections, 0);
    }

    void aStreamedAnswerArrivesWhole()
    {
        GateFixture server;
        RawClient client(server.port);
        client.say(get("/flood"));
        QTRY_VERIFY(client.closed);
        QCOMPARE(client.take().body.size(), 8 * 1024 * 1024);
        QCOMPARE(server.streamsGone, 0);
    }

    void anUpgradeIsHandedOnWithItsWholeHead()
    {
        GateFixture server;
        const QByteArray head = get("/socket", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (const QList<QByteArray> &pieces : splitsOf(head)) {
            for (const bool isLater : {false, true}) {
                server.sockets.clear();
                RawClient client(server.port);
                if (isLater) {
                    client.say(get("/hello"));
                    QCOMPARE(client.answer().status, 200);
                }
                client.sayInPieces(pieces);
                QTRY_COMPARE(server.sockets.size(), 1);
                QCOMPARE(server.sockets.first()->readAll(), head);
                server.sockets.first()->deleteLater();
                QTRY_VERIFY(client.closed);
            }
        }
        QTRY_COMPARE(server.gate->stats().connections, 0);
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

    void onlyLoopbackIsPlain()
    {
        SystemClock clock;
        Gate gate(clock, {});
        const Result<void> opened = gate.open(QHostAddress(QHostAddress::AnyIPv4), 0);
        QVERIFY(!opened);
        QCOMPARE(opened.error().kind, Error::Kind::Invalid);
        QCOMPARE(opened.error().field, QStringLiteral("listen"));
    }

    void aTakenPortIsAnError()
    {
        GateFixture server;
        SystemClock clock;
        Gate gate(clock, {});
        const Result<void> opened = gate.open(QHostAddress(QHostAddress::LocalHost), server.port);
        QVERIFY(!opened);
        QCOMPARE(opened.error().kind, Error::Kind::Unavailable);
    }
};

ANTIPHON_TEST(GateTest)
#include "tst_gate.moc"
