#include "core/domain/phonenumber.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class PhoneNumberTest : public QObject {
    Q_OBJECT

private slots:
    void writesWhatWasTypedAsE164_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("region");
        QTest::addColumn<QString>("e164");
        QTest::newRow("as printed") << u"+1 (555) 010-0001"_s << QString() << u"+15550100001"_s;
        QTest::newRow("no-break spaces") << u"+44\u00a020 7946\u202f0018"_s << QString() << u"+442079460018"_s;
        QTest::newRow("with a zero that is not dialled") << u"+44 (0)20 7946 0018"_s << QString() << u"+442079460018"_s;
        QTest::newRow("bare digits") << u"15550100001"_s << QString() << u"+15550100001"_s;
        QTest::newRow("two zeros") << u"0015550100001"_s << QString() << u"+15550100001"_s;
        QTest::newRow("in its country") << u"(11) 98765-4321"_s << u"br"_s << u"+5511987654321"_s;
        QTest::newRow("of no plan, but a number") << u"+999123456789"_s << QString() << u"+999123456789"_s;
        QTest::newRow("its country is missing") << u"(11) 98765-4321"_s << u"ZZ"_s << QString();
        QTest::newRow("too short") << u"+12345"_s << QString() << QString();
        QTest::newRow("too long") << u"+1234567890123456"_s << QString() << QString();
        QTest::newRow("letters") << u"+1 555 CALL NOW"_s << QString() << QString();
        QTest::newRow("nothing") << QString() << QString() << QString();
    }

    void writesWhatWasTypedAsE164()
    {
        QFETCH(QString, typed);
        QFETCH(QString, region);
        QTEST(phoneToE164(typed, region), "e164");
    }

    void isReadable()
    {
        QCOMPARE(phoneForPeople(u"+5511987654321"_s), u"+55 11 98765-4321"_s);
        QCOMPARE(phoneForPeople(u"15550100001"_s), u"+1 555-010-0001"_s);
        QCOMPARE(phoneForPeople(u"+999123456789"_s), u"+999123456789"_s);
        QCOMPARE(phoneForPeople(u"US.31415926535"_s), u"US.31415926535"_s);
        QCOMPARE(phoneDigits(u"+1 (555) 010-0001"_s), u"15550100001"_s);
        QCOMPARE(phoneDigits(u"nobody"_s), QString());
    }

    void bothSpellingsOfANumberMeet_data()
    {
        QTest::addColumn<QString>("canonical");
        QTest::addColumn<QString>("other");
        QTest::newRow("Brazil") << u"5511987654321"_s << u"551187654321"_s;
        QTest::newRow("Argentina") << u"541123456789"_s << u"5491123456789"_s;
        QTest::newRow("Mexico") << u"525512345678"_s << u"5215512345678"_s;
    }

    void bothSpellingsOfANumberMeet()
    {
        QFETCH(QString, canonical);
        QFETCH(QString, other);
        QCOMPARE(phoneCanonical(canonical), canonical);
        QCOMPARE(phoneCanonical(other), canonical);
        QCOMPARE(phoneVariants(canonical), QStringList{other});
        QCOMPARE(phoneVariants(other), QStringList{canonical});
    }

    void otherNumbersHaveOneSpelling()
    {
        for (const QString &digits : {u"15550100001"_s, u"4915112345678"_s, u"55"_s, u"551198765432155"_s, u"521"_s, u"5511887654321"_s, u"554532782153"_s, u"5545932782153"_s, QString()}) {
            QCOMPARE(phoneVariants(digits), QStringList());
            QCOMPARE(phoneCanonical(digits), digits);
        }
    }
};

ANTIPHON_TEST(PhoneNumberTest)
#include "tst_phonenumber.moc"
