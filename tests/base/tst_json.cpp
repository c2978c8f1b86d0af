#include "core/base/json.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class JsonTest : public QObject {
    Q_OBJECT
private slots:
    void refusesWhatIsNoObject()
    {
        QVERIFY(json::parseObject("{\"a\":1}"));
        for (const char *bad : {"", "[1]", "{", "null", "{\"a\":NaN}", "\"text\""}) {
            const auto parsed = json::parseObject(bad);
            QVERIFY2(!parsed, bad);
            QCOMPARE(parsed.error().kind, Error::Kind::BadPayload);
        }
    }

    void replacesWhatNothingCanStore()
    {
        const QString text = u"a"_s + QChar(0) + QChar(0xd800) + u"b"_s + QChar(0xdc00);
        QCOMPARE(json::cleanText(text), u"a\ufffd\ufffdb\ufffd"_s);
        QCOMPARE(json::cleanText(u"Grüße 👋"_s), u"Grüße 👋"_s);
    }

    void readsWholeNumbersOfBothForms()
    {
        QCOMPARE(json::integer(QJsonValue(1700000000123.0)), 1700000000123);
        QCOMPARE(json::integer(QJsonValue(u"1700000000123"_s)), 1700000000123);
        QVERIFY(!json::integer(QJsonValue(1.5)));
        QVERIFY(!json::integer(QJsonValue(u"1.5"_s)));
        QVERIFY(!json::integer(QJsonValue()));
    }

    void keepsMillisecondsOfTimes()
    {
        const Timestamp time = fromUnixMs(1700000000123);
        QCOMPARE(toRfc3339(time), u"2023-11-14T22:13:20.123Z"_s);
        QCOMPARE(fromRfc3339(u"2023-11-14T22:13:20.123Z"_s), time);
        QCOMPARE(fromRfc3339(u"2023-11-14T23:13:20.123+01:00"_s), time);
        QVERIFY(!fromRfc3339(u"2023-11-14T22:13:20"_s));
        QVERIFY(!fromRfc3339(u"yesterday"_s));
    }
};

ANTIPHON_TEST(JsonTest)
#include "tst_json.moc"
