#include "core/channels/whatsapp/whatsappadapter.h"
#include "core/net/hmac.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kSignature = "sha256=478f227c04483b15ab3675975aff6be69046cb6c8ae24036c6896e91a474a4a2";

} // namespace

class WhatsappWebhookTest : public QObject {
    Q_OBJECT

    WhatsappAdapter m_adapter;
    const AppCredentials m_app{.appSecret = u"antiphon-wa-secret"_s, .verifyToken = u"5f4dcc3b5aa765d61d8327deb882cf99"_s};

    Verification verify(const HttpHeaders &headers, const QByteArray &body, const AppCredentials &app) const
    {
        return m_adapter.verify({.headers = headers, .body = body}, app, std::chrono::seconds(5));
    }

private slots:
    void believesWhatIsSigned_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("isValid");
        QTest::newRow("right") << QByteArray("X-Hub-Signature-256") << kSignature << true;
        QTest::newRow("another case of the name") << QByteArray("x-hub-signature-256") << kSignature << true;
        QTest::newRow("hex in capitals") << QByteArray("X-Hub-Signature-256") << "sha256=" + kSignature.mid(7).toUpper() << true;
        QTest::newRow("SHA-1 alone") << QByteArray("X-Hub-Signature") << QByteArray("sha1=735ccb1b524d87a645a5281e7789b31aeb26792d") << false;
        QTest::newRow("SHA-1 in its place") << QByteArray("X-Hub-Signature-256") << QByteArray("sha1=735ccb1b524d87a645a5281e7789b31aeb26792d") << false;
        QTest::newRow("cut short") << QByteArray("X-Hub-Signature-256") << kSignature.chopped(1) << false;
        QTest::newRow("one digit off") << QByteArray("X-Hub-Signature-256") << kSignature.chopped(1) + '3' << false;
        QTest::newRow("without its scheme") << QByteArray("X-Hub-Signature-256") << kSignature.mid(7) << false;
        QTest::newRow("empty") << QByteArray("X-Hub-Signature-256") << QByteArray() << false;
        QTest::newRow("absent") << QByteArray("X-Other") << kSignature << false;
    }

    void believesWhatIsSigned()
    {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, value);
        QTEST(verify({{header, value}}, fixture(u"whatsapp/vector_wa1.json"_s), m_app) == Verification::Valid, "isValid");
    }

    void oneByteMoreIsNotSigned()
    {
        const QByteArray body = fixture(u"whatsapp/vector_wa1.json"_s);
        QCOMPARE(body.size(), 421);
        QCOMPARE(verify({{"X-Hub-Signature-256", kSignature}}, body + '\n', m_app), Verification::Refused);
        QCOMPARE(verify({{"X-Hub-Signature-256", kSignature}}, body, {.appSecret = u"another"_s}), Verification::Refused);
        QCOMPARE(verify({{"X-Hub-Signature-256", kSignature}, {"X-Hub-Signature-256", kSignature}}, body, m_app), Verification::Refused);
    }

    void anEmptySecretRefusesEverything()
    {
        const QByteArray body = fixture(u"whatsapp/vector_wa1.json"_s);
        const QByteArray signature = "sha256=" + hmacSha256({}, body).toHex();
        QCOMPARE(verify({{"X-Hub-Signature-256", signature}}, body, {}), Verification::Refused);
    }

    void thePathNamesTheInbox_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("value");
        QTest::newRow("plus") << QByteArray("/webhooks/whatsapp/+15550100001") << u"+15550100001"_s;
        QTest::newRow("percent-encoded") << QByteArray("/webhooks/whatsapp/%2B15550100001") << u"+15550100001"_s;
        QTest::newRow("lower case") << QByteArray("/webhooks/whatsapp/%2b15550100001") << u"+15550100001"_s;
        QTest::newRow("bare digits") << QByteArray("/webhooks/whatsapp/15550100001") << u"+15550100001"_s;
        QTest::newRow("no number") << QByteArray("/webhooks/whatsapp/abc123") << u"abc123"_s;
        QTest::newRow("nothing") << QByteArray("/webhooks/whatsapp/") << QString();
    }

    void thePathNamesTheInbox()
    {
        QFETCH(QByteArray, path);
        const WebhookKeys keys = m_adapter.webhookKeys({.path = path});
        QCOMPARE(keys.apps, QList<Channel>{Channel::Whatsapp});
        QCOMPARE(keys.inboxSetting, u"phone_number"_s);
        QTEST(keys.inboxValue, "value");
    }

    void answersTheHandshake()
    {
        const QByteArray right = "hub.mode=subscribe&hub.challenge=0001158201444&hub.verify_token=5f4dcc3b5aa765d61d8327deb882cf99";
        const HandshakeReply reply = m_adapter.handshake({.method = "GET", .query = right}, {{.verifyToken = u"other"_s}, m_app});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body, QByteArray("0001158201444"));
        QCOMPARE(m_adapter.handshake({.method = "GET", .query = right}, {{}}).status, 403);
        QCOMPARE(m_adapter.handshake({.method = "GET", .query = right.chopped(1)}, {m_app}).status, 403);
        QByteArray mode = right;
        QCOMPARE(m_adapter.handshake({.method = "GET", .query = mode.replace("subscribe", "unsubscribe")}, {m_app}).status, 403);
    }

    void saysHonestlyThatNothingCanBeListed()
    {
        QVERIFY(!m_adapter.listThread(u"15550100002"_s, {}, {}));
        QVERIFY(!m_adapter.listThreads({}, {}, {}));
        QVERIFY(!m_adapter.listOlder(u"15550100002"_s, {}, {}, {}));
        QVERIFY(!m_adapter.customerProfile(u"15550100002"_s, {}, {}));
        QVERIFY(!m_adapter.imageCapability(u"15550100002"_s, true, {}, {}));
        QVERIFY(!m_adapter.catchUpDepth().isListed());
        QVERIFY(m_adapter.catchUpDepth().needsPublicAddress);
        QCOMPARE(m_adapter.replyRule({}, {})->name, u"whatsapp_24h"_s);
        QCOMPARE(m_adapter.replyRule({}, {})->length, std::chrono::hours(24));
    }
};

ANTIPHON_TEST(WhatsappWebhookTest)
#include "tst_whatsappwebhook.moc"
