#include "core/net/httpexchange.h"
#include "tests/net/loopbackserver.h"
#include "tests/support/testmain.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTest>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

struct Identity {
    QSslCertificate certificate{};
    QSslKey key{};
};

/// A key and a certificate for "media.test" that vouches for itself, made anew each time.
Identity makeIdentity()
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>("media.test"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    for (const auto &[kind, value] : {std::pair(NID_subject_alt_name, "DNS:media.test"), std::pair(NID_basic_constraints, "critical,CA:TRUE")}) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_sign(certificate, key, EVP_sha256());

    unsigned char *bytes = nullptr;
    const int certificateSize = i2d_X509(certificate, &bytes);
    const QSslCertificate made(QByteArray(reinterpret_cast<const char *>(bytes), certificateSize), QSsl::Der);
    OPENSSL_free(bytes);
    bytes = nullptr;
    const int keySize = i2d_PrivateKey(key, &bytes);
    const QSslKey madeKey(QByteArray(reinterpret_cast<const char *>(bytes), keySize), QSsl::Ec, QSsl::Der);
    OPENSSL_free(bytes);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return {made, madeKey};
}

class TlsServer : public QSslServer {
public:
    explicit TlsServer(const Identity &identity)
    {
        QSslConfiguration configuration;
        configuration.setLocalCertificate(identity.certificate);
        configuration.setPrivateKey(identity.key);
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        setSslConfiguration(configuration);
        connect(this, &QTcpServer::pendingConnectionAvailable, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                heard += socket->readAll();
                if (!heard.endsWith("\r\n\r\n"))
                    return;
                socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            });
        });
        listen(QHostAddress::LocalHost);
    }
    QByteArray heard{};
};

} // namespace

class HttpExchangeTest : public QObject {
    Q_OBJECT

    Identity m_identity = makeIdentity();
    QSslConfiguration m_before = QSslConfiguration::defaultConfiguration();

    static HttpExchange::Outcome exchange(const QString &host, quint16 port)
    {
        std::optional<HttpExchange::Outcome> outcome;
        auto *run = new HttpExchange({.url = QUrl(u"https://%1:%2/x"_s.arg(host).arg(port)), .timeout = std::chrono::seconds(5)}, std::chrono::milliseconds(0),
                                     {.done = [&outcome](const HttpExchange::Outcome &ended) { outcome = ended; }}, nullptr);
        run->start(QHostAddress(QHostAddress::LocalHost));
        if (!QTest::qWaitFor([&outcome] { return outcome.has_value(); }, 10000))
            return {.requestWritten = true, .error = Error{Error::Kind::Timeout, u"the test waited in vain"_s}};
        return *outcome;
    }

    void trust() const
    {
        QSslConfiguration configuration = m_before;
        configuration.addCaCertificate(m_identity.certificate);
        QSslConfiguration::setDefaultConfiguration(configuration);
    }

private slots:
    void initTestCase()
    {
        if (!QSslSocket::supportsSsl())
            QSKIP("no TLS on this machine");
        QVERIFY(!m_identity.certificate.isNull());
        QVERIFY(!m_identity.key.isNull());
    }
    void cleanup() { QSslConfiguration::setDefaultConfiguration(m_before); }

    void connectsToTheAddressAndChecksTheName()
    {
        TlsServer server(m_identity);
        trust();
        const auto outcome = exchange(u"media.test"_s, server.serverPort());
        QVERIFY2(!outcome.error, outcome.error ? qPrintable(describe(*outcome.error)) : "");
        QCOMPARE(outcome.status, 200);
        QVERIFY(server.heard.contains("\r\nHost: media.test:"));
    }

    void aCertificateOfAnotherNameCarriesNothing()
    {
        TlsServer server(m_identity);
        trust();
        const auto outcome = exchange(u"other.test"_s, server.serverPort());
        QVERIFY(outcome.error);
        QVERIFY(!outcome.requestWritten);
        QVERIFY(server.heard.isEmpty());
    }

    void aCertificateThatNobodyVouchesForCarriesNothing()
    {
        TlsServer server(m_identity);
        const auto outcome = exchange(u"media.test"_s, server.serverPort());
        QVERIFY(outcome.error);
        QVERIFY(!outcome.requestWritten);
        QVERIFY(server.heard.isEmpty());
    }

    void anExchangeThatIsTakenDownTellsNobody()
    {
        test::LoopbackServer server;
        server.answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it";
        server.closes = false;
        int pieces = 0;
        int ends = 0;
        {
            QObject owner;
            auto *exchange = new HttpExchange({.url = server.url()}, std::chrono::seconds(10),
                                              {.piece = [&](const QByteArray &) { ++pieces; }, .done = [&](const HttpExchange::Outcome &) { ++ends; }}, &owner);
            exchange->start(QHostAddress(QHostAddress::LocalHost));
            QTRY_COMPARE(pieces, 1);
        }
        QCOMPARE(ends, 0);
        QTest::qWait(0);
        QCOMPARE(ends, 0);
    }
};

ANTIPHON_TEST(HttpExchangeTest)
#include "tst_httpexchange.moc"
