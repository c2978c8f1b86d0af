#include "core/server/gate/headparser.h"
#include "core/server/gate/routepolicy.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;

class RoutePolicyTest : public QObject {
    Q_OBJECT
private slots:
    void judgesACompleteHead_data()
    {
        QTest::addColumn<QByteArray>("lines");
        QTest::addColumn<int>("status");       // 0: goes on
        const QByteArray host = "Host: localhost\r\n";
        const auto row = [&host](const char *name, const QByteArray &requestLine, const QByteArray &headers, int status) {
            QTest::newRow(name) << requestLine + " HTTP/1.1\r\n" + host + headers + "\r\n" << status;
        };
        const auto bare = [](const char *name, const QByteArray &headers, int status) {
            QTest::newRow(name) << "GET /plain HTTP/1.1\r\n" + headers + "\r\n" << status;
        };
        row("known route", "GET /plain", "", 0);
        row("query doesn't count", "GET /plain?a=/b", "", 0);
        row("unknown route", "GET /other", "", 404);
        row("trailing slash", "GET /plain/", "", 404);
        row("double slash", "GET //plain", "", 404);
        row("escaped letter", "GET /%70lain", "", 404);
        row("segment", "POST /hooks/abc", "Content-Length: 1\r\n", 0);
        row("empty segment", "POST /hooks/", "Content-Length: 1\r\n", 404);
        row("two segments", "POST /hooks/a/b", "Content-Length: 1\r\n", 404);
        row("escaped slash in a segment", "POST /hooks/a%2Fb", "Content-Length: 1\r\n", 404);
        row("NUL in a segment", "POST /hooks/a%00", "Content-Length: 1\r\n", 404);
        row("broken escape", "POST /hooks/a%2", "Content-Length: 1\r\n", 404);
        row("wrong method", "DELETE /plain", "", 405);
        row("unknown method", "BREW /plain", "", 501);
        row("lower case method", "get /plain", "", 501);
        row("absolute target", "GET http://localhost/plain", "", 400);
        row("asterisk", "OPTIONS *", "", 400);
        row("no length", "POST /hook", "", 411);
        row("length", "POST /hook", "Content-Length: 10\r\n", 0);
        row("length 0", "POST /hook", "Content-Length: 0\r\n", 0);
        row("leading zeros", "POST /hook", "Content-Length: 0000000000000000000000010\r\n", 0);
        row("at the limit", "POST /hook", "Content-Length: 1000\r\n", 0);
        row("over the limit", "POST /hook", "Content-Length: 1001\r\n", 413);
        row("20 digits", "POST /hook", "Content-Length: 18446744073709551615\r\n", 413);
        row("100 digits", "POST /hook", "Content-Length: " + QByteArray(100, '9') + "\r\n", 413);
        row("4 GB to an unknown route", "POST /nowhere", "Content-Length: 4294967296\r\n", 404);
        row("negative", "POST /hook", "Content-Length: -1\r\n", 400);
        row("plus", "POST /hook", "Content-Length: +1\r\n", 400);
        row("word", "POST /hook", "Content-Length: abc\r\n", 400);
        row("hex", "POST /hook", "Content-Length: 0x10\r\n", 400);
        row("list", "POST /hook", "Content-Length: 5, 5\r\n", 400);
        row("empty length", "POST /hook", "Content-Length:\r\n", 400);
        row("two equal lengths", "POST /hook", "Content-Length: 5\r\nContent-Length: 5\r\n", 400);
        row("two lengths", "POST /hook", "Content-Length: 5\r\ncontent-length: 6\r\n", 400);
        row("both length headers", "POST /hook", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400);
        row("bad length to an unknown route", "POST /nowhere", "Content-Length: -1\r\n", 400);
        row("chunked", "POST /hook", "Transfer-Encoding: Chunked\r\n", 0);
        row("gzip, chunked", "POST /hook", "Transfer-Encoding: gzip, chunked\r\n", 501);
        row("chunked twice", "POST /hook", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 501);
        row("xchunked", "POST /hook", "Transfer-Encoding: xchunked\r\n", 501);
        row("body on GET", "GET /plain", "Content-Length: 5\r\n", 413);
        row("chunks on GET", "GET /plain", "Transfer-Encoding: chunked\r\n", 413);
        row("empty body on GET", "GET /plain", "Content-Length: 0\r\n", 0);
        row("unknown expectation", "POST /hook", "Content-Length: 5\r\nExpect: 200-ok\r\n", 417);
        row("upgrade elsewhere", "GET /plain", "Connection: Upgrade\r\nUpgrade: websocket\r\n", 400);
        row("h2c elsewhere", "GET /plain", "Connection: Upgrade\r\nUpgrade: h2c\r\n", 400);
        const QByteArray socket = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        row("upgrade", "GET /socket", socket, 0);
        row("upgrade from an allowed page", "GET /socket", socket + "Origin: https://desk.example\r\n", 0);
        row("upgrade from a foreign page", "GET /socket", socket + "Origin: https://evil.example\r\n", 403);
        row("upgrade from no page", "GET /socket", socket + "Origin: null\r\n", 403);
        row("upgrade from two pages", "GET /socket", socket + "Origin: https://desk.example\r\nOrigin: https://desk.example\r\n", 403);
        row("no upgrade", "GET /socket", "", 426);
        row("old websocket", "GET /socket", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 426);
        row("short key", "GET /socket", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhl\r\n", 400);
        row("upgrade not named in Connection", "GET /socket", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 426);
        bare("no host", "", 400);
        bare("two hosts", "Host: localhost\r\nHost: localhost\r\n", 400);
        bare("host with port", "Host: LocalHost:4280\r\n", 0);
        bare("loopback address", "Host: 127.0.0.1:1\r\n", 0);
        bare("IPv6 loopback", "Host: [::1]:4280\r\n", 0);
        bare("public host", "Host: Shop.example\r\n", 0);
        bare("foreign host", "Host: evil.example\r\n", 421);
        bare("known name as a label", "Host: localhost.evil.example\r\n", 421);
        bare("known name as an ending", "Host: evil-shop.example\r\n", 421);
        bare("host with a word as port", "Host: localhost:x\r\n", 421);
        bare("host with a path", "Host: localhost:1/../@x\r\n", 421);
        bare("empty host", "Host:\r\n", 421);
        bare("forwarded host is no host", "Host: evil.example\r\nX-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\n", 421);
    }

    void judgesACompleteHead()
    {
        QFETCH(QByteArray, lines);
        QFETCH(int, status);
        const Judgement verdict = judge(lines);
        QCOMPARE(verdict.refusal ? verdict.refusal->status : 0, status);
        QCOMPARE(verdict.route != nullptr, status == 0);
    }

    void namesTheMethodsItAllows()
    {
        const Judgement verdict = judge("PUT /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        QCOMPARE(verdict.refusal->extraHeaders, "Allow: GET, HEAD\r\n");
    }

    void decodesTheSegment()
    {
        const Judgement verdict = judge("POST /hooks/%2B49%20a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        QCOMPARE(verdict.segment, "+49 a");
        QCOMPARE(verdict.route->tag, 3);
    }

    void aRefusalKeepsTheConnectionOnlyWithoutABody()
    {
        QVERIFY(!judge("GET /nope HTTP/1.1\r\nHost: localhost\r\n\r\n").refusal->close);
        QVERIFY(judge("GET /nope HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").refusal->close);
        QVERIFY(judge("POST /nope HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n").refusal->close);
        QVERIFY(judge("POST /nope HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n").refusal->close);
    }

private:
    static Judgement judge(const QByteArray &bytes)
    {
        static const RoutePolicy policy = [] {
            RoutePolicy made;
            made.addRoute({.pattern = "/plain", .methods = {"GET", "HEAD"}, .tag = 1});
            made.addRoute({.pattern = "/hook", .methods = {"POST"}, .bodyLimit = 1000, .tag = 2});
            made.addRoute({.pattern = "/hooks/{id}", .methods = {"POST"}, .bodyLimit = 1000, .tag = 3});
            made.addRoute({.pattern = "/socket", .methods = {"GET"}, .kind = Route::Kind::WebSocket, .tag = 4});
            made.setKnownHosts({"shop.example"});
            made.setAllowedOrigins({"https://desk.example"});
            return made;
        }();
        HeadParser parser;
        parser.feed(bytes);
        if (parser.state() != HeadParser::State::Complete)
            qFatal("the row is no well-formed head");
        return policy.judge(parser.head());
    }
};

ANTIPHON_TEST(RoutePolicyTest)
#include "tst_routepolicy.moc"
