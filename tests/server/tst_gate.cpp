#include "tests/server/gatefixture.h"
#include "tests/server/requests.h"
#include "tests/server/splits.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;

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
