#include "core/net/networkhttpclient.h"
#include "tests/net/loopbackserver.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class NetworkHttpClientTest : public QObject {
    Q_OBJECT

    NetworkHttpClient m_client;

    HttpReply exchange(const HttpRequest &request)
    {
        std::optional<HttpReply> reply;
        int answers = 0;
        m_client.send(request, [&](const HttpReply &answer) {
            reply = answer;
            ++answers;
        });
        if (!QTest::qWaitFor([&] { return reply.has_value(); }, 10000))
            qFatal("no answer at all");
        QTest::qWait(0);
        if (answers != 1)
            qFatal("answered twice");
        return *reply;
    }

private slots:
    void sendsWhatItIsGivenAndNothingElse()
    {
        LoopbackServer server;
        HttpRequest request{.method = "POST", .url = server.url(u"/a%20b/?c=x%2By"_s), .headers = {{"Access-Token", "t"}}, .body = "{}"};
        const HttpReply reply = exchange(request);
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body, QByteArray("ok"));
        QVERIFY(reply.requestWritten);
        QCOMPARE(server.requests.size(), 1);
        const QByteArray sent = server.requests.first();
        QVERIFY2(sent.startsWith("POST /a%20b/?c=x%2By HTTP/1.1\r\nHost: 127.0.0.1:"), sent);
        QVERIFY(sent.contains("\r\nAccess-Token: t\r\n"));
        QVERIFY(sent.contains("\r\nContent-Length: 2\r\n"));
        QVERIFY(sent.endsWith("\r\n\r\n{}"));
        QVERIFY(!sent.contains("Cookie"));
    }

    void noTokenInAPathIsLogged()
    {
        LoopbackServer server;
        server.answer = {};
        QTest::failOnWarning(QRegularExpression(u"."_s));
        QTest::ignoreMessage(QtInfoMsg, QRegularExpression(u"^POST 127\\.0\\.0\\.1/proxy/…/getMe "_s));
        (void)exchange({.method = "POST", .url = server.url(u"/proxy/bot7000000001:AAE-secret/getMe?x=1"_s)});
    }

    void aRequestLeavesOnceEvenWhereTheConnectionDies()
    {
        LoopbackServer server;
        server.answer = {};
        const HttpReply reply = exchange({.method = "POST", .url = server.url(), .body = "send"});
        QCOMPARE(reply.status, 0);
        QVERIFY(reply.requestWritten);
        QCOMPARE(reply.transport->kind, Error::Kind::Network);
        QTest::qWait(50);
        QCOMPARE(server.requests.size(), 1);
        QCOMPARE(server.connections, 1);
    }

    void aRefusedConnectionCarriedNothing()
    {
        QUrl url;
        {
            LoopbackServer gone;
            url = gone.url();
        }
        const HttpReply reply = exchange({.method = "POST", .url = url, .body = "send"});
        QCOMPARE(reply.status, 0);
        QVERIFY(!reply.requestWritten);
        QCOMPARE(reply.transport->kind, Error::Kind::Network);
    }

    void anUnknownNameCarriedNothing()
    {
        const HttpReply reply = exchange({.url = QUrl(u"http://no-such-name.invalid/"_s)});
        QVERIFY(!reply.requestWritten);
        QVERIFY(reply.transport);
    }

    void aServerWithoutTlsCarriedNothing()
    {
        LoopbackServer server;
        QUrl url = server.url();
        url.setScheme(u"https"_s);
        const HttpReply reply = exchange({.url = url, .timeout = std::chrono::milliseconds(500)});
        QVERIFY(!reply.requestWritten);
        QVERIFY(reply.transport);
        QVERIFY(server.requests.isEmpty());
    }

    void silenceEndsInTime()
    {
        LoopbackServer server;
        server.answer = {};
        server.closes = false;
        const HttpReply reply = exchange({.url = server.url(), .timeout = std::chrono::milliseconds(100)});
        QCOMPARE(reply.transport->kind, Error::Kind::Timeout);
        QVERIFY(reply.requestWritten);
    }

    void aReplyHasALargestSize_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("isEndless");
        QTest::newRow("announced") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n") << false;
        QTest::newRow("endless") << QByteArray("HTTP/1.1 200 OK\r\n\r\n") << true;
    }

    void aReplyHasALargestSize()
    {
        LoopbackServer server;
        QFETCH(QByteArray, answer);
        QFETCH(bool, isEndless);
        server.answer = answer;
        server.isEndless = isEndless;
        server.closes = false;
        const HttpReply reply = exchange({.url = server.url(), .maxReplyBytes = 1000});
        QCOMPARE(reply.status, 0);
        QCOMPARE(reply.transport->kind, Error::Kind::BadPayload);
        QVERIFY(reply.body.isEmpty());
    }

    void doesNotFollowRedirects()
    {
        LoopbackServer target;
        LoopbackServer server;
        server.answer = "HTTP/1.1 302 Found\r\nLocation: " + target.url().toEncoded() + "\r\nContent-Length: 0\r\n\r\n";
        QCOMPARE(exchange({.url = server.url()}).status, 302);
        QCOMPARE(target.connections, 0);
    }

    void refusesWhatWouldBreakALine()
    {
        LoopbackServer server;
        const HttpReply reply = exchange({.url = server.url(), .headers = {{"Access-Token", "a\r\nX: y"}}});
        QCOMPARE(reply.transport->kind, Error::Kind::Invalid);
        QVERIFY(!reply.requestWritten);
        QCOMPARE(server.connections, 0);
    }
};

ANTIPHON_TEST(NetworkHttpClientTest)
#include "tst_networkhttpclient.moc"
