#include "tests/server/deskfixture.h"
#include "tests/support/testmain.h"

#include <QSignalSpy>
#include <QTest>
#include <QWebSocket>

using namespace antiphon;
using namespace antiphon::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kUpgrade = "GET /api/v1/desk HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// One masked frame as a client sends it, with a mask of zeros.
QByteArray frame(uchar opcode, const QByteArray &payload)
{
    QByteArray bytes(1, char(0x80 | opcode));
    if (payload.size() < 126) {
        bytes += char(0x80 | payload.size());
    } else {
        bytes += char(0x80 | 126);
        bytes += char(payload.size() >> 8);
        bytes += char(payload.size() & 0xff);
    }
    return bytes + QByteArray(4, '\0') + payload;
}

struct Seat {
    explicit Seat(const DeskFixture &desk, const QString &origin = {}) : socket(origin)
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket, [this](const QString &text) { received.append(text); });
        socket.open(QUrl(u"ws://127.0.0.1:%1/api/v1/desk"_s.arg(desk.server.port())));
    }
    bool isConnected() const { return socket.state() == QAbstractSocket::ConnectedState; }

    QWebSocket socket;
    QStringList received;
};

} // namespace

class DeskServerTest : public QObject {
    Q_OBJECT
private slots:
    void aSessionSpeaksBothWays()
    {
        DeskFixture desk;
        Seat seat(desk);
        QTRY_COMPARE(desk.sessions.size(), 1u);
        QTRY_VERIFY(seat.isConnected());
        seat.socket.sendTextMessage(u"häßlich €"_s);
        QTRY_COMPARE(desk.sessions[0]->received.size(), 1);
        QCOMPARE(desk.sessions[0]->received.first(), u"häßlich €"_s.toUtf8());
        desk.sessions[0]->transport->send("one");
        desk.sessions[0]->transport->send("two");
        QTRY_COMPARE(seat.received, QStringList({u"one"_s, u"two"_s}));
        desk.sessions[0]->transport->send("last");
        desk.sessions[0]->transport->close(4001, u"over"_s);
        QTRY_COMPARE(int(seat.socket.closeCode()), 4001);
        QCOMPARE(seat.socket.closeReason(), u"over"_s);
        QCOMPARE(seat.received.last(), u"last"_s);
        QTRY_COMPARE(desk.sessions[0]->closed, 1);
        QTRY_VERIFY(desk.sessions[0]->transport.isNull());
        QTRY_COMPARE(desk.server.stats().connections, 0);
    }

    void aSeatThatLeavesIsNoticed()
    {
        DeskFixture desk;
        for (const bool politely : {true, false}) {
            Seat seat(desk);
            QTRY_VERIFY(seat.isConnected() && desk.server.stats().connections == 1);
            QTRY_VERIFY(!desk.sessions.empty() && desk.sessions.back()->transport);
            if (politely)
                seat.socket.close();
            else
                seat.socket.abort();
            QTRY_COMPARE(desk.sessions.back()->closed, 1);
            QTRY_COMPARE(desk.server.stats().connections, 0);
        }
    }

    void messagesHaveLimits_data()
    {
        QTest::addColumn<bool>("isOpen");
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("closeCode");    // 0: arrives
        QTest::newRow("small before open") << false << 4096 << 0;
        QTest::newRow("large before open") << false << 4097 << 1009;
        QTest::newRow("huge before open") << false << 3 * 1024 * 1024 << 1009;
        QTest::newRow("large after open") << true << 1024 * 1024 << 0;
        QTest::newRow("too large after open") << true << 1024 * 1024 + 1 << 1009;
        QTest::newRow("huge after open") << true << 8 * 1024 * 1024 << 1009;
    }

    void messagesHaveLimits()
    {
        QFETCH(bool, isOpen);
        QFETCH(int, size);
        QFETCH(int, closeCode);
        DeskFixture desk;
        Seat seat(desk);
        QTRY_VERIFY(seat.isConnected() && desk.sessions.size() == 1);
        if (isOpen)
            desk.sessions[0]->transport->raiseLimits();
        seat.socket.setOutgoingFrameSize(64 * 1024 * 1024);
        seat.socket.sendTextMessage(QString(size, u'a'));
        if (closeCode == 0) {
            QTRY_COMPARE(desk.sessions[0]->received.size(), 1);
            QCOMPARE(desk.sessions[0]->received.first().size(), size);
        } else {
            QTRY_COMPARE(desk.sessions[0]->closed, 1);
            QCOMPARE(desk.sessions[0]->received.size(), 0);
            QTRY_COMPARE(seat.socket.state(), QAbstractSocket::UnconnectedState);
            QCOMPARE(int(seat.socket.closeCode()), closeCode);
        }
    }

    void aMessageInFramesHasTheSameLimit()
    {
        DeskFixture desk;
        Seat seat(desk);
        QTRY_VERIFY(seat.isConnected() && desk.sessions.size() == 1);
        seat.socket.setOutgoingFrameSize(1000);
        seat.socket.sendTextMessage(QString(6000, u'a'));
        QTRY_COMPARE(int(seat.socket.closeCode()), 1009);
        QTRY_COMPARE(desk.sessions[0]->closed, 1);
    }

    void onlyTextIsTaken()
    {
        DeskFixture desk;
        Seat seat(desk);
        QTRY_VERIFY(seat.isConnected() && desk.sessions.size() == 1);
        seat.socket.sendBinaryMessage("abc");
        QTRY_COMPARE(int(seat.socket.closeCode()), 1003);
    }

    void whoDoesNotOpenIsSentAway()
    {
        SessionLimits limits;
        limits.openWithin = 3s;
        DeskFixture desk(DeskServer::defaultOptions(), limits);
        Seat silent(desk);
        Seat opened(desk);
        QTRY_COMPARE(desk.sessions.size(), 2u);
        QTRY_VERIFY(silent.isConnected() && opened.isConnected());
        QTRY_VERIFY(desk.sessions[0]->transport && desk.sessions[1]->transport);
        desk.sessions[1]->transport->raiseLimits();
        QTRY_COMPARE(desk.sessions[0]->closed, 1);
        QTest::qWait(500);
        QCOMPARE(desk.sessions[1]->closed, 0);
    }

    void aSeatThatFellSilentIsCut()
    {
        SessionLimits limits;
        limits.ping = 200ms;
        limits.silence = 3s;
        DeskFixture desk(DeskServer::defaultOptions(), limits);
        Seat alive(desk);                        // QWebSocket answers pings
        QTRY_COMPARE(desk.sessions.size(), 1u);
        desk.sessions[0]->transport->raiseLimits();
        RawClient asleep(desk.server.port());
        asleep.say(kUpgrade + "\r\n");
        QTRY_COMPARE(desk.sessions.size(), 2u);
        desk.sessions[1]->transport->raiseLimits();
        QTRY_COMPARE(desk.sessions[1]->closed, 1);
        QTest::qWait(300);
        QCOMPARE(desk.sessions[0]->closed, 0);
        QVERIFY(alive.isConnected());
    }

    void aSessionMayOutliveTheServer()
    {
        auto desk = std::make_unique<DeskFixture>();
        Seat seat(*desk);
        QTRY_VERIFY(seat.isConnected() && desk->sessions.size() == 1);
        const QPointer<SessionTransport> transport = desk->sessions[0]->transport;
        transport->disconnect();
        desk->sessions.clear();
        desk.reset();
        transport->send("still here");
        QTRY_COMPARE(seat.received, QStringList({u"still here"_s}));
        delete transport;
        QTRY_VERIFY(!seat.isConnected());
    }

    void aSeatThatDoesNotReadIsClosed()
    {
        SessionLimits limits;
        limits.closing = 200ms;
        DeskFixture desk(DeskServer::defaultOptions(), limits);
        RawClient client(desk.server.port());
        client.socket.setReadBufferSize(1024);
        client.socket.disconnect(&client);
        client.say(kUpgrade + "\r\n");
        QTRY_COMPARE(desk.sessions.size(), 1u);
        SessionTransport *transport = desk.sessions[0]->transport;
        transport->raiseLimits();
        const QByteArray text(256 * 1024, 'a');
        qint64 most = 0;
        for (int i = 0; i < 200 && desk.sessions[0]->closed == 0; ++i) {
            transport->send(text);
            most = std::max(most, transport->bytesWaiting());
            QCoreApplication::processEvents();
        }
        QTRY_COMPARE(desk.sessions[0]->closed, 1);
        QVERIFY(most > SessionTransport::kCloseAbove - 512 * 1024);
        QVERIFY(most <= SessionTransport::kCloseAbove);
        QTRY_COMPARE(desk.server.stats().connections, 0);
    }

    void aSeatThatReadsAgainLearnsWhy()
    {
        DeskFixture desk;
        RawClient client(desk.server.port());
        client.socket.setReadBufferSize(1024);
        client.say(kUpgrade + "\r\n");
        QTRY_COMPARE(desk.sessions.size(), 1u);
        client.socket.disconnect(&client);
        desk.sessions[0]->transport->raiseLimits();
        for (int i = 0; i < 40; ++i)
            desk.sessions[0]->transport->send(QByteArray(256 * 1024, 'a'));
        connect(&client.socket, &QTcpSocket::readyRead, &client, [&client] { client.received = client.received.last(std::min<qsizetype>(client.received.size(), 200)) + client.socket.readAll(); });
        client.socket.setReadBufferSize(0);
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::UnconnectedState);
        QVERIFY(client.received.contains(QByteArray("\x03\xf5", 2) + "the client doesn't read"));
        QCOMPARE(desk.sessions[0]->closed, 1);
    }

    void aSlowReaderIsToldAboutRoom()
    {
        DeskFixture desk;
        Seat seat(desk);
        QTRY_VERIFY(seat.isConnected() && desk.sessions.size() == 1);
        SessionTransport *transport = desk.sessions[0]->transport;
        transport->raiseLimits();
        for (int i = 0; i < 16; ++i)
            transport->send(QByteArray(256 * 1024, 'a'));
        QVERIFY(transport->bytesWaiting() > SessionTransport::kPauseAbove);
        QCOMPARE(desk.sessions[0]->drained, 0);
        QTRY_COMPARE(desk.sessions[0]->drained, 1);
        QTRY_COMPARE(seat.received.size(), 16);
        QCOMPARE(desk.sessions[0]->closed, 0);
    }

    void aPingFloodIsSurvived()
    {
        DeskFixture desk;
        RawClient client(desk.server.port());
        client.socket.setReadBufferSize(1024);
        client.socket.disconnect(&client);
        client.say(kUpgrade + "\r\n");
        QTRY_COMPARE(desk.sessions.size(), 1u);
        QByteArray pings;
        for (int i = 0; i < 500; ++i)
            pings += frame(0x9, QByteArray(125, 'p'));
        const qint64 before = residentBytes();
        qint64 peak = before;
        for (int i = 0; i < 2000 && desk.sessions[0]->closed == 0; ++i) {
            if (client.socket.bytesToWrite() < 1024 * 1024)
                client.say(pings);
            QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
            peak = std::max(peak, residentBytes());
        }
        QCOMPARE(desk.sessions[0]->closed, 1);
        QVERIFY2(peak - before < 24 * 1024 * 1024, qPrintable(QString::number(peak - before)));
        QTRY_COMPARE(desk.server.stats().connections, 0);
    }

    void brokenFramesEndOnlyTheirConnection()
    {
        DeskFixture desk;
        Seat seat(desk);
        QTRY_VERIFY(seat.isConnected());
        for (const QByteArray &bad : {QByteArray("\xff\xff\xff\xff\xff\xff\xff\xff"), frame(0x1, "\xff\xfe"), frame(0x3, "a"),
                                      QByteArray("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10)}) {
            const size_t before = desk.sessions.size();
            RawClient client(desk.server.port());
            client.say(kUpgrade + "\r\n");
            QTRY_COMPARE(desk.sessions.size(), before + 1);
            client.say(bad);
            QTRY_COMPARE(desk.sessions.back()->closed, 1);
            QCOMPARE(desk.sessions.back()->received.size(), 0);
        }
        seat.socket.sendTextMessage(u"still here"_s);
        QTRY_COMPARE(desk.sessions[0]->received.size(), 1);
    }

    void anUpgradeIsForKnownPagesOnly()
    {
        DeskFixture desk;
        const auto status = [&desk](const QByteArray &headers) {
            RawClient client(desk.server.port());
            client.say(kUpgrade + headers + "\r\n");
            return client.answer().status;
        };
        QCOMPARE(status({}), 101);
        QCOMPARE(status("Origin: http://localhost:4281\r\n"), 403);
        QCOMPARE(status("Origin: https://evil.example\r\n"), 403);
        desk.server.setAllowedOrigins({"https://desk.example"});
        QCOMPARE(status("Origin: https://desk.example\r\n"), 101);
    }

    void onePortHasRoomForSoMany()
    {
        Gate::Options options = DeskServer::defaultOptions();
        QCOMPARE(options.limits.maxConnections, 256);
        options.limits.maxConnections = 3;
        DeskFixture desk(options);
        std::vector<std::unique_ptr<Seat>> seats;
        for (int i = 0; i < 3; ++i)
            seats.push_back(std::make_unique<Seat>(desk));
        QTRY_COMPARE(desk.sessions.size(), 3u);
        RawClient newest(desk.server.port());
        QCOMPARE(newest.answer().status, 503);
        seats.pop_back();
        QTRY_COMPARE(desk.server.stats().connections, 2);
        Seat next(desk);
        QTRY_VERIFY(next.isConnected());
    }

    void otherRoutesAnswerAsTheContractSays_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        const auto row = [](const char *request, int status) { QTest::newRow(request) << QByteArray(request) << status; };
        row("GET /healthz", 200);
        row("GET /api/v1/desk", 426);
        row("POST /api/v1/desk", 405);
        row("GET /api/v1/attachments", 405);
        row("GET /api/v1/attachments/1", 401);
        row("DELETE /api/v1/attachments/1", 405);
        row("GET /metrics", 401);
        row("POST /webhooks/tiktok", 404);
        row("GET /media/abc", 404);
        row("GET /tiktok/callback", 404);
    }

    void otherRoutesAnswerAsTheContractSays()
    {
        QFETCH(QByteArray, request);
        DeskFixture desk;
        RawClient client(desk.server.port());
        client.say(request + " HTTP/1.1\r\nHost: localhost\r\n" + (request.startsWith("POST") ? "Content-Length: 0\r\n" : "") + "\r\n");
        QTEST(client.answer().status, "status");
    }

    void metricsNeedAToken()
    {
        DeskFixture desk;
        const auto ask = [&desk](const QByteArray &headers) {
            RawClient client(desk.server.port());
            client.say("GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
            return client.answer();
        };
        QCOMPARE(ask("Authorization: Bearer wrong\r\n").status, 401);
        QCOMPARE(ask("Authorization: Basic right\r\n").status, 401);
        QCOMPARE(ask("Authorization: Bearer right\r\nAuthorization: Bearer right\r\n").status, 401);
        const RawResponse response = ask("Authorization: bearer right\r\n");
        QCOMPARE(response.status, 200);
        QCOMPARE(response.headers.value("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        QVERIFY(response.body.startsWith("antiphon_up 1\n"));
        QVERIFY(response.body.contains("antiphon_http_answers_total{listener=\"desk\",status=\"401\"} 3\n"));
    }
};

ANTIPHON_TEST(DeskServerTest)
#include "tst_deskserver.moc"
