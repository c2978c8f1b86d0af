#include "core/net/hmac.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;

class HmacTest : public QObject {
    Q_OBJECT
private slots:
    /// RFC 4231, cases 1 and 2.
    void agreesWithTheStandard()
    {
        QCOMPARE(hmacSha256(QByteArray(20, '\x0b'), "Hi There").toHex(), QByteArray("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
        QCOMPARE(hmacSha256("Jefe", "what do ya want for nothing?").toHex(), QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    }

    void comparesWholeValues()
    {
        QVERIFY(equalConstantTime("abc", "abc"));
        QVERIFY(!equalConstantTime("abc", "abd"));
        QVERIFY(!equalConstantTime("abc", "ab"));
        QVERIFY(!equalConstantTime("", "a"));
        QVERIFY(equalConstantTime("", ""));
    }
};

ANTIPHON_TEST(HmacTest)
#include "tst_hmac.moc"
