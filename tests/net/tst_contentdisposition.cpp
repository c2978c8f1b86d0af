#include "core/net/contentdisposition.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class ContentDispositionTest : public QObject {
    Q_OBJECT
private slots:
    void givesTheName_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("name");
        QTest::newRow("none") << QByteArray() << QString();
        QTest::newRow("no name") << QByteArray("attachment") << QString();
        QTest::newRow("bare") << QByteArray("attachment; filename=order77.pdf") << u"order77.pdf"_s;
        QTest::newRow("quoted") << QByteArray("inline; filename=\"order; 77.pdf\"; size=3") << u"order; 77.pdf"_s;
        QTest::newRow("escaped") << QByteArray("attachment; filename=\"the \\\"lid\\\".png\"") << u"the \"lid\".png"_s;
        QTest::newRow("extended first") << QByteArray("attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf; filename=\"resume.pdf\"") << u"résumé.pdf"_s;
        QTest::newRow("extended last") << QByteArray("attachment; filename=\"resume.pdf\"; filename*=utf-8'fr'r%C3%A9sum%C3%A9.pdf") << u"résumé.pdf"_s;
        QTest::newRow("another character set") << QByteArray("attachment; filename*=ISO-8859-1''r%E9.pdf; filename=r.pdf") << u"r.pdf"_s;
        QTest::newRow("a path") << QByteArray("attachment; filename=\"../../etc/passwd\"") << u".._.._etc_passwd"_s;
        QTest::newRow("a path in the extended one") << QByteArray("attachment; filename*=UTF-8''..%2Fx%0A") << u".._x_"_s;
        QTest::newRow("only dots") << QByteArray("attachment; filename=..") << QString();
        QTest::newRow("turned around") << QByteArray("attachment; filename=\"gpj.\xe2\x80\xae" "exe\"") << u"gpj._exe"_s;
        QTest::newRow("cut off") << QByteArray("attachment; filename=\"half") << u"half"_s;
        QTest::newRow("nothing behind") << QByteArray("attachment; filename=") << QString();
        QTest::newRow("no end") << QByteArray("attachment;;;=;filename") << QString();
    }

    void givesTheName()
    {
        QFETCH(QByteArray, header);
        QTEST(dispositionFileName(header), "name");
    }

    void isNeverLong() { QCOMPARE(dispositionFileName("attachment; filename=" + QByteArray(5000, 'x') + ".pdf").size(), 120); }
};

ANTIPHON_TEST(ContentDispositionTest)
#include "tst_contentdisposition.moc"
