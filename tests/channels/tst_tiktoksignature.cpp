#include "core/channels/tiktok/tiktoksignature.h"
#include "core/net/hmac.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(antiphon::Verification)

class TiktokSignatureTest : public QObject {
    Q_OBJECT

    const QString m_secret = u"antiphon-test-app-secret"_s;
    const QByteArray m_right = "d95cd4aaa542e0e962d7a06343a117664002fa3479c3603e26f9d7b68dd2463f";   // of text_in.json at 1700000002

    static RawWebhook hook(const QByteArray &header, const QByteArray &body, qint64 receivedAt = 1700000002)
    {
        return {.headers = {{"TikTok-Signature", header}}, .body = body, .receivedAt = fromUnixMs(receivedAt * 1000)};
    }

private slots:
    void acceptsTheVectors_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("signature");
        QTest::newRow("minimal") << u"tiktok/vector_minimal.json"_s << QByteArray("6554c76e0a16856821bf03b96bae3226a059acbbe8e923dd84d8b41a676cd934");
        QTest::newRow("text") << u"tiktok/text_in.json"_s << m_right;
        QTest::newRow("utf-8") << u"tiktok/vector_utf8.json"_s << QByteArray("c7c07dca4100035ab0a53d17faef72c8ca1e17240f98bea2139eda7dd93451bc");
    }

    void acceptsTheVectors()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, signature);
        QCOMPARE(tiktok::verifySignature(hook("t=1700000002,s=" + signature, fixture(file)), m_secret, std::chrono::seconds(300)), Verification::Valid);
    }

    void judgesHeaders_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("upper case") << "t=1700000002,s=" + m_right.toUpper() << true;
        QTest::newRow("blanks") << "t=1700000002 , s= " + m_right + ' ' << true;
        QTest::newRow("other order") << "s=" + m_right + ",t=1700000002" << true;
        QTest::newRow("unknown part") << "v=1,t=1700000002,s=" + m_right << true;
        QTest::newRow("part without equals sign") << "hello,t=1700000002,s=" + m_right << true;
        QTest::newRow("63 digits") << "t=1700000002,s=" + m_right.chopped(1) << false;
        QTest::newRow("65 digits") << "t=1700000002,s=" + m_right + '0' << false;
        QTest::newRow("no hex") << "t=1700000002,s=" + m_right.chopped(1) + 'g' << false;
        QTest::newRow("s twice") << "t=1700000002,s=" + m_right + ",s=" + m_right << false;
        QTest::newRow("t twice") << "t=1700000002,t=1700000002,s=" + m_right << false;
        QTest::newRow("no s") << QByteArray("t=1700000002") << false;
        QTest::newRow("no t") << "s=" + m_right << false;
        QTest::newRow("t no number") << "t=17x0000002,s=" + m_right << false;
        QTest::newRow("t altered") << "t=1700000003,s=" + m_right << false;
        QTest::newRow("empty") << QByteArray() << false;
    }

    void judgesHeaders()
    {
        QFETCH(QByteArray, header);
        const auto verdict = tiktok::verifySignature(hook(header, fixture(u"tiktok/text_in.json"_s)), m_secret, std::chrono::seconds(300));
        QTEST(verdict == Verification::Valid, "accepted");
    }

    void refusesWhatWasAltered()
    {
        const QByteArray header = "t=1700000002,s=" + m_right;
        QByteArray body = fixture(u"tiktok/text_in.json"_s);
        const std::chrono::seconds tolerance(300);
        QCOMPARE(tiktok::verifySignature(hook(header, body), u"antiphon-test-app-secreT"_s, tolerance), Verification::Refused);
        QCOMPARE(tiktok::verifySignature(hook(header, body), QString(), tolerance), Verification::Refused);
        QCOMPARE(tiktok::verifySignature(hook("t=1700000002,s=" + hmacSha256("", "1700000002." + body).toHex(), body), QString(), tolerance), Verification::Refused);
        RawWebhook twice = hook(header, body);
        twice.headers.append({"tiktok-signature", header});
        QCOMPARE(tiktok::verifySignature(twice, m_secret, tolerance), Verification::Refused);
        RawWebhook absent = hook(header, body);
        absent.headers.clear();
        QCOMPARE(tiktok::verifySignature(absent, m_secret, tolerance), Verification::Refused);
        body[10] = char(body[10] ^ 1);
        QCOMPARE(tiktok::verifySignature(hook(header, body), m_secret, tolerance), Verification::Refused);
    }

    void flagsStaleStamps_data()
    {
        QTest::addColumn<int>("apart");
        QTest::addColumn<Verification>("verdict");
        QTest::newRow("now") << 0 << Verification::Valid;
        QTest::newRow("299 s ago") << 299 << Verification::Valid;
        QTest::newRow("301 s ago") << 301 << Verification::Stale;
        QTest::newRow("299 s ahead") << -299 << Verification::Valid;
        QTest::newRow("301 s ahead") << -301 << Verification::Stale;
        QTest::newRow("three days ago") << 259200 << Verification::Stale;
    }

    void flagsStaleStamps()
    {
        QFETCH(int, apart);
        const RawWebhook late = hook("t=1700000002,s=" + m_right, fixture(u"tiktok/text_in.json"_s), 1700000002 + apart);
        QTEST(tiktok::verifySignature(late, m_secret, std::chrono::seconds(300)), "verdict");
    }
};

ANTIPHON_TEST(TiktokSignatureTest)
#include "tst_tiktoksignature.moc"
