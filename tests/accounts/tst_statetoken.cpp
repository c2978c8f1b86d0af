#include "core/accounts/statetoken.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class StateTokenTest : public QObject {
    Q_OBJECT
private slots:
    void readsTheKnownVector()
    {
        const QString token = u"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ3cy0xIiwiaWF0IjoxNzAwMDAwMDAwLCJleHAiOjE3MDAwMDA2MDAsImp0aSI6IjZmMWQiLCJ"
                              "wdXJwb3NlIjoidGlrdG9rLWNvbm5lY3QifQ.8uOcfXE7_cIXB-Bpshucs-RK5WINvULH1XFa0MrCSsY"_s;
        const auto claims = verifyState(token, "antiphon-test-app-secret", u"ws-1"_s, u"tiktok-connect"_s, fromUnixMs(1700000100'000));
        QVERIFY2(claims, claims ? "" : qPrintable(claims.error().detail));
        QCOMPARE(claims->jti, u"6f1d"_s);
        QCOMPARE(claims->expiresAt, fromUnixMs(1700000600'000));
    }

    void readsWhatItSigned()
    {
        const StateClaims claims = sample();
        const auto token = signState(claims, m_key);
        QVERIFY(token);
        const auto read = verifyState(*token, m_key, u"1"_s, u"tiktok-connect"_s, m_now + 5min);
        QVERIFY(read);
        QCOMPARE(read->jti, claims.jti);
        QCOMPARE(read->inbox, claims.inbox);
    }

    void refusesEverythingElse_data()
    {
        QTest::addColumn<QString>("token");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QString>("workspace");
        QTest::addColumn<QString>("purpose");
        QTest::addColumn<qint64>("at");
        const QString right = *signState(sample(), m_key);
        const qint64 now = toUnixMs(m_now);
        const QStringList parts = right.split(u'.');
        QTest::newRow("another key") << right << QByteArray("other key of thirty-two bytes ..") << u"1"_s << u"tiktok-connect"_s << now;
        QTest::newRow("another workspace") << right << m_key << u"2"_s << u"tiktok-connect"_s << now;
        QTest::newRow("another purpose") << right << m_key << u"1"_s << u"instagram-connect"_s << now;
        QTest::newRow("expired by more than the skew") << right << m_key << u"1"_s << u"tiktok-connect"_s << now + 661'000;
        QTest::newRow("from the future") << right << m_key << u"1"_s << u"tiktok-connect"_s << now - 61'000;
        QTest::newRow("tampered payload") << parts.at(0) + u'.' + parts.at(1).chopped(1) + u"A."_s + parts.at(2) << m_key << u"1"_s << u"tiktok-connect"_s << now;
        QTest::newRow("no signature") << parts.at(0) + u'.' + parts.at(1) + u'.' << m_key << u"1"_s << u"tiktok-connect"_s << now;
        QTest::newRow("alg none") << QString::fromLatin1(QByteArray(R"({"alg":"none","typ":"JWT"})").toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals))
                + u'.' + parts.at(1) + u'.' << m_key << u"1"_s << u"tiktok-connect"_s << now;
        QTest::newRow("empty") << QString() << m_key << u"1"_s << u"tiktok-connect"_s << now;
        QTest::newRow("no token at all") << u"state"_s << m_key << u"1"_s << u"tiktok-connect"_s << now;
        QTest::newRow("very long") << QString(100'000, u'a') << m_key << u"1"_s << u"tiktok-connect"_s << now;
    }

    void refusesEverythingElse()
    {
        QFETCH(QString, token);
        QFETCH(QByteArray, key);
        QFETCH(QString, workspace);
        QFETCH(QString, purpose);
        QFETCH(qint64, at);
        const auto claims = verifyState(token, key, workspace, purpose, fromUnixMs(at));
        QVERIFY(!claims);
        QCOMPARE(claims.error().kind, Error::Kind::Unauthorized);
    }

private:
    StateClaims sample() const
    {
        return {.workspace = u"1"_s, .purpose = u"tiktok-connect"_s, .jti = u"abc"_s, .inbox = u"7"_s, .issuedAt = m_now, .expiresAt = m_now + 10min};
    }

    QByteArray m_key = "key of exactly thirty-two bytes.";
    Timestamp m_now = fromUnixMs(1'700'000'000'000);
};

ANTIPHON_TEST(StateTokenTest)
#include "tst_statetoken.moc"
