#include "tests/server/deskfixture.h"
#include "tests/server/selfsigned.h"
#include "tests/support/testmain.h"

#include <QSslSocket>
#include <QTest>
#include <QWebSocket>

using namespace antiphon;
using namespace antiphon::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

Gate::Options withTls(GateLimits limits = DeskServer::defaultOptions().limits)
{
    Gate::Options options = DeskServer::defaultOptions();
    options.limits = limits;
    options.tls = selfSigned();
    return options;
}

struct TlsClient {
    explicit TlsClient(quint16 port)
    {
        socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        QObject::connect(&socket, &QSslSocket::readyRead, &socket, [this] { received += socket.readAll(); });
        socket.connectToHostEncrypted(u"127.0.0.1"_s, port);
    }
    QSslSocket socket;
    QByteArray received;
};

} // namespace

class GateTlsTest : public QObject {
    Q_OBJECT
private slots:
    void servesTheLibrarysRoutes()
    {
        DeskFixture desk(withTls());
        TlsClient client(desk.server.port());
        for (int i = 0; i < 3; ++i) {
            client.received.clear();
            client.socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
            QTRY_VERIFY(client.received.endsWith("{\"status\":\"ok\"}"));
        }
        client.received.clear();
        client.socket.write("GET /healthz HTTP/1.1\nHost: localhost\n\n");
        QTRY_VERIFY(client.received.startsWith("HTTP/1.1 400 "));
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(desk.server.stats().connections, 0);
    }

    void carriesFiles()
    {
        DeskFixture desk(withTls());
        const QByteArray body = pattern(0, 3'000'000);
        TlsClient up(desk.server.port());
        up.socket.write("POST /api/v1/attachments HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer right\r\nContent-Length: 3000000\r\n\r\n" + body);
        QTRY_VERIFY(up.received.endsWith("{\"id\":\"7\"}"));
        QCOMPARE(desk.store.added.first().file.size, body.size());
        desk.store.files.insert("12", {.size = 3'000'000, .mimeType = {}, .name = {}});
        TlsClient down(desk.server.port());
        down.socket.write("GET /api/v1/attachments/12 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer right\r\n\r\n");
        QTRY_COMPARE(down.socket.state(), QAbstractSocket::UnconnectedState);
        QVERIFY(down.received.endsWith(body));
    }

    void carriesSessions()
    {
        DeskFixture desk(withTls());
        QWebSocket seat;
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        seat.setSslConfiguration(configuration);
        QStringList received;
        connect(&seat, &QWebSocket::textMessageReceived, &seat, [&received](const QString &text) { received.append(text); });
        seat.open(QUrl(u"wss://localhost:%1/api/v1/desk"_s.arg(desk.server.port())));
        QTRY_COMPARE(desk.sessions.size(), 1u);
        desk.sessions[0]->transport->send("hello");
        QTRY_COMPARE(received, QStringList({u"hello"_s}));
        seat.sendTextMessage(QString(4000, u'a'));
        QTRY_COMPARE(desk.sessions[0]->received.size(), 1);
        seat.close();
        QTRY_COMPARE(desk.sessions[0]->closed, 1);
        QTRY_COMPARE(desk.server.stats().connections, 0);
    }

    void whoSpeaksPlainlyOrNotAtAllIsCut()
    {
        GateLimits limits;
        limits.tlsHandshake = 200ms;
        DeskFixture desk(withTls(limits));
        RawClient plain(desk.server.port());
        plain.say("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_VERIFY(plain.closed);
        QVERIFY(!plain.received.contains("HTTP/1.1"));
        RawClient silent(desk.server.port());
        QTRY_VERIFY(silent.closed);
        QTRY_COMPARE(desk.server.stats().connections, 0);
    }

    void aFullPortCutsTheNewest()
    {
        GateLimits limits;
        limits.maxConnections = 1;
        DeskFixture desk(withTls(limits));
        TlsClient first(desk.server.port());
        QTRY_VERIFY(first.socket.isEncrypted());
        TlsClient newest(desk.server.port());
        QTRY_COMPARE(newest.socket.state(), QAbstractSocket::UnconnectedState);
        first.socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_VERIFY(first.received.endsWith("{\"status\":\"ok\"}"));
    }
};

ANTIPHON_TEST(GateTlsTest)
#include "tst_gatetls.moc"
