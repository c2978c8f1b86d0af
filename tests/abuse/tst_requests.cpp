#include "app/demo/webhooksender.h"
#include "tests/abuse/abuseworld.h"
#include "tests/support/testmain.h"

#include <QTcpSocket>
#include <QTest>
#include <QUuid>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// Requests that no honest client makes: refused as the contract says, memory bounded, an honest client served all the while.
class Requests : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::TiktokWorld>();
        QCOMPARE(m_world->startConnected(), QString());
        QCOMPARE(honest(), 200);
        m_memory = m_world->server().memory("VmRSS");
    }

    void cleanupTestCase() { m_world.reset(); }

    void isRefused_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QByteArray &request, int status) { QTest::newRow(name) << request << status; };
        const auto post = [](const QByteArray &headers, const QByteArray &body = {}) {
            return "POST /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n" + body;
        };
        row("length below zero", post("Content-Length: -1\r\n"), 400);
        row("length with a sign", post("Content-Length: +5\r\n", "hello"), 400);
        row("length a word", post("Content-Length: many\r\n"), 400);
        row("length in hexadecimal", post("Content-Length: 0x5\r\n", "hello"), 400);
        row("length empty", post("Content-Length:\r\n"), 400);
        row("two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400);
        row("the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400);
        row("a list of lengths", post("Content-Length: 5, 5\r\n", "hello"), 400);
        row("both length headers", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400);
        row("twenty digits", post("Content-Length: 99999999999999999999\r\n"), 413);
        row("a thousand digits", post("Content-Length: " + QByteArray(1000, '9') + "\r\n"), 413);
        row("4 GiB", post("Content-Length: 4294967296\r\n"), 413);
        row("one byte too many", post("Content-Length: 1048577\r\n"), 413);
        row("no length", post({}), 411);
        row("gzip as transfer", post("Transfer-Encoding: gzip\r\n"), 501);
        row("chunk size below zero", post("Transfer-Encoding: chunked\r\n", "-2\r\nab\r\n0\r\n\r\n"), 400);
        row("chunk size a word", post("Transfer-Encoding: chunked\r\n", "zz\r\nab\r\n0\r\n\r\n"), 400);
        row("chunk size overflows", post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nab"), 400);
        row("chunk too large", post("Transfer-Encoding: chunked\r\n", "7fffffff\r\nab"), 413);
        row("chunk without its end", post("Transfer-Encoding: chunked\r\n", "2\r\nabXX0\r\n\r\n"), 400);
        row("chunk trailers", post("Transfer-Encoding: chunked\r\n", "2\r\nab\r\n0\r\nX-Evil: 1\r\n\r\n"), 400);
        row("bare LF", "POST /webhooks/tiktok HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 0\n\n", 400);
        row("bare CR", "POST /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\rX: 1\r\n\r\n", 400);
        row("NUL", QByteArray("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\0b\r\n\r\n", 53), 400);
        row("folded line", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\r\n b\r\n\r\n", 400);
        row("blank before the colon", "GET /healthz HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n", 400);
        row("line without a colon", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nnonsense\r\n\r\n", 400);
        row("no host", "GET /healthz HTTP/1.1\r\n\r\n", 400);
        row("two hosts", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n\r\n", 400);
        row("foreign host", "GET /healthz HTTP/1.1\r\nHost: evil:99/../@x\r\n\r\n", 421);
        row("a forwarded identity", "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n", 404);
        row("long target", "GET /" + QByteArray(9000, 'a') + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414);
        row("large head", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + QByteArray(17'000, 'a') + "\r\n\r\n", 431);
        row("many lines", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + QByteArray("X: 1\r\n").repeated(101) + "\r\n", 431);
        row("wrong method", "GET /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 405);
        row("unknown method", "BREW /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 501);
        row("unknown route", "POST /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 104857600\r\n\r\n", 404);
        row("encoded route", "GET /%68ealthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 404);
        row("HTTP/1.0", "GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", 505);
        row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
        row("a made-up version", "GET /healthz HTTPX9.9\r\nHost: 127.0.0.1\r\n\r\n", 505);
        row("HTTP/0.9", "GET /healthz\r\n", 400);
        row("TLS hello", QByteArray::fromHex("16030100c5010000c10303") + QByteArray(100, '\x07') + "\r\n", 400);
        row("pipelining", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400);
        row("upgrade", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", 400);
        row("wrong signature", post("TikTok-Signature: t=1,s=00\r\nContent-Length: 2\r\n", "{}"), 401);
        row("two signatures", post("TikTok-Signature: t=1,s=00\r\nTikTok-Signature: t=1,s=00\r\nContent-Length: 2\r\n", "{}"), 401);
    }

    void isRefused()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        for (int i = 0; i < test::figure(5, 100); ++i) {
            QTcpSocket socket;
            socket.connectToHost(QHostAddress::LocalHost, m_world->server().intakePort());
            QVERIFY(socket.waitForConnected(2000));
            socket.write(request);
            QByteArray answer;
            while (!answer.contains("\r\n\r\n") && socket.waitForReadyRead(1000))
                answer += socket.readAll();
            QCOMPARE(answer.mid(9, 3).toInt(), status);
            if (status == 405)
                QVERIFY2(answer.toLower().contains("\r\nallow: post"), answer.constData());
            if (status != 401 && status != 404 && status != 405 && status != 421)
                QVERIFY2(socket.state() != QAbstractSocket::ConnectedState || socket.waitForDisconnected(1000), "it stays open");
        }
        QCOMPARE(honest(), 200);
        QVERIFY2(m_world->server().memory("VmRSS") - m_memory < 16 * 1024, "more than 16 MiB");
    }

    void wellFormedChunksAreTaken()
    {
        const QByteArray body = "{\"event\":\"unknown\"}";
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_world->server().intakePort());
        QVERIFY(socket.waitForConnected(2000));
        const QByteArray chunks = "5;name=value\r\n" + body.left(5) + "\r\n" + QByteArray::number(body.size() - 5, 16) + "\r\n"
            + body.mid(5) + "\r\n0\r\n\r\n";
        socket.write("POST /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nTikTok-Signature: "
                     + signatureOf(body) + "\r\n\r\n" + chunks);
        QVERIFY(socket.waitForReadyRead(3000));
        QVERIFY(socket.readAll().startsWith("HTTP/1.1 200"));
    }

    void endlessHeadsCostNoMemory()
    {
        for (int i = 0; i < test::figure(10, 50); ++i) {
            QTcpSocket socket;
            socket.connectToHost(QHostAddress::LocalHost, m_world->server().intakePort());
            QVERIFY(socket.waitForConnected(2000));
            socket.write("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ");
            const QByteArray piece(64 * 1024, 'a');
            for (int n = 0; n < 100 && socket.state() == QAbstractSocket::ConnectedState; ++n) {
                socket.write(piece);
                socket.waitForBytesWritten(200);
            }
            QVERIFY(socket.state() != QAbstractSocket::ConnectedState || socket.waitForDisconnected(2000));
        }
        QCOMPARE(honest(), 200);
        QVERIFY2(m_world->server().memory("VmRSS") - m_memory < 16 * 1024, "more than 16 MiB");
    }

    void slowClientsAreEndedAndTheHonestOneIsServed()
    {
        const int count = test::figure(100, 1000);
        std::vector<std::unique_ptr<QTcpSocket>> heads;
        std::vector<std::unique_ptr<QTcpSocket>> bodies;
        for (int i = 0; i < count; ++i) {
            auto socket = std::make_unique<QTcpSocket>();
            socket->connectToHost(QHostAddress::LocalHost, m_world->server().intakePort());
            QVERIFY(socket->waitForConnected(3000));
            const QByteArray head = "POST /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\r\n";
            socket->write(i % 2 == 0 ? head : head + "Content-Length: 1000\r\n\r\n");
            socket->flush();
            (i % 2 == 0 ? heads : bodies).push_back(std::move(socket));
        }
        const auto living = [](const auto &sockets) {
            return std::count_if(sockets.begin(), sockets.end(),
                                 [](const auto &socket) { return socket->state() == QAbstractSocket::ConnectedState; });
        };
        QElapsedTimer timer;
        timer.start();
        qint64 slowest = 0;
        qint64 headsEnded = 0;
        while ((living(heads) > 0 || living(bodies) > 0) && timer.elapsed() < 60'000) {
            for (auto *sockets : {&heads, &bodies}) {
                for (const auto &socket : *sockets) {
                    if (socket->state() == QAbstractSocket::ConnectedState)
                        socket->write("a");
                }
            }
            QElapsedTimer one;
            one.start();
            QCOMPARE(honest(), 200);
            slowest = std::max(slowest, one.elapsed());
            QTest::qWait(500);
            if (living(heads) == 0 && headsEnded == 0)
                headsEnded = timer.elapsed();
        }
        qInfo("%d slow connections: heads ended after %lld ms, bodies after %lld ms, the honest client waited %lld ms at most", count,
              headsEnded, timer.elapsed(), slowest);
        QVERIFY(headsEnded > 0 && headsEnded < test::figure(25'000, 13'000));
        QVERIFY(timer.elapsed() < test::figure(55'000, 34'000));
        QVERIFY(slowest < test::figure(20'000, 1000));
        QVERIFY2(m_world->server().memory("VmRSS") - m_memory < 16 * 1024, "more than 16 MiB");
    }

private:
    static QByteArray signatureOf(const QByteArray &body)
    {
        return demo::WebhookSender::signature("antiphon-test-app-secret", QDateTime::currentSecsSinceEpoch(), body);
    }

    /// A webhook as it should be; its answer.
    int honest() const
    {
        const QByteArray body =
            "{\"client_key\":\"7000000000000000001\",\"event\":\"unknown\",\"user_openid\":\"biz-0001-openid\",\"create_time\":1,\"content\":\"{\\\"n\\\":\\\""
            + QUuid::createUuid().toByteArray(QUuid::Id128) + "\\\"}\"}";
        return test::http("POST", m_world->server().intake(u"/webhooks/tiktok"_s), body, {{"TikTok-Signature", signatureOf(body)}}).status;
    }

    std::unique_ptr<test::TiktokWorld> m_world;
    qint64 m_memory = 0;
};

ANTIPHON_TEST(Requests)
#include "tst_requests.moc"
