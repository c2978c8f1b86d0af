#include "core/channels/line/lineadapter.h"
#include "core/net/hmac.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kSignatureA = "apLBxQO9ZRIilE2VLDvZL6yP9VLFd1SH5xGjwRxvBaw=";
const QByteArray kSignatureB = "9s4uLTYnOuLDfrSskK0yB0cKNCECBPCij2A87ke3sr8=";

} // namespace

class LineWebhookTest : public QObject {
    Q_OBJECT

    LineAdapter m_adapter;
    const AppCredentials m_app{.appSecret = u"8c570fa6dd201bb328f1c1eac23a96d8"_s};

    Verification verify(const HttpHeaders &headers, const QByteArray &body, const AppCredentials &app) const
    {
        return m_adapter.verify({.headers = headers, .body = body}, app, std::chrono::seconds(5));
    }

private slots:
    void believesWhatIsSigned_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("isValid");
        QTest::newRow("A") << u"vector_a"_s << QByteArray("x-line-signature") << kSignatureA << true;
        QTest::newRow("B") << u"vector_b"_s << QByteArray("x-line-signature") << kSignatureB << true;
        QTest::newRow("another case of the name") << u"vector_b"_s << QByteArray("X-Line-Signature") << kSignatureB << true;
        QTest::newRow("of another body") << u"vector_b"_s << QByteArray("x-line-signature") << kSignatureA << false;
        QTest::newRow("cut short") << u"vector_b"_s << QByteArray("x-line-signature") << kSignatureB.first(20) << false;
        QTest::newRow("no Base64") << u"vector_b"_s << QByteArray("x-line-signature") << kSignatureB + "\x01" << false;
        QTest::newRow("empty") << u"vector_b"_s << QByteArray("x-line-signature") << QByteArray() << false;
        QTest::newRow("absent") << u"vector_b"_s << QByteArray("x-other") << kSignatureB << false;
    }

    void believesWhatIsSigned()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, value);
        QTEST(verify({{header, value}}, fixture(u"line/%1.json"_s.arg(file)), m_app) == Verification::Valid, "isValid");
    }

    void oneByteMoreIsNotSigned()
    {
        const QByteArray body = fixture(u"line/vector_b.json"_s);
        QCOMPARE(body.size(), 722);
        QCOMPARE(verify({{"x-line-signature", kSignatureB}}, body + ' ', m_app), Verification::Refused);
        QCOMPARE(verify({{"x-line-signature", kSignatureB}}, body, {.appSecret = u"another"_s}), Verification::Refused);
        QCOMPARE(verify({{"x-line-signature", kSignatureB}, {"x-line-signature", kSignatureB}}, body, m_app), Verification::Refused);
    }

    void anEmptySecretRefusesEverything()
    {
        const QByteArray body = fixture(u"line/vector_a.json"_s);
        QCOMPARE(verify({{"x-line-signature", hmacSha256({}, body).toBase64()}}, body, {}), Verification::Refused);
    }

    void thePathNamesTheInbox()
    {
        const WebhookKeys keys = m_adapter.webhookKeys({.path = "/webhooks/line/1234567890"});
        QVERIFY(keys.apps.isEmpty());
        QCOMPARE(keys.inboxSetting, u"external_id"_s);
        QCOMPARE(keys.inboxValue, u"1234567890"_s);
    }

    void saysHonestlyWhatLineTells()
    {
        QVERIFY(!m_adapter.listThread(u"U1"_s, {}, {}));
        QVERIFY(!m_adapter.listThreads({}, {}, {}));
        QVERIFY(!m_adapter.readFeed({}, {}, {}));
        QVERIFY(!m_adapter.replyRule({}, u"U1"_s));
        QCOMPARE(m_adapter.catchUpDepth().kind, CatchUpDepth::Kind::RedeliveryOnly);
        QVERIFY(m_adapter.catchUpDepth().needsPublicAddress);
        const ChannelLimits limits = m_adapter.limits({});
        QVERIFY(!limits.reportsDelivered && !limits.hasDelivered && !limits.reportsRead);
        QVERIFY(limits.fetchesByLink && limits.needsPreviews && limits.canQuote);
        QCOMPARE(limits.textLimit, 5000);
        QCOMPARE(limits.textUnit, ChannelLimits::TextUnit::Utf16);
    }
};

ANTIPHON_TEST(LineWebhookTest)
#include "tst_linewebhook.moc"
