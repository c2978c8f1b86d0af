#include "core/server/byterange.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;

class ByteRangeTest : public QObject {
    Q_OBJECT
private slots:
    void readsOneRange_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("kind");
        QTest::addColumn<qint64>("first");
        QTest::addColumn<qint64>("length");
        const int whole = int(ByteRange::Kind::Whole);
        const int part = int(ByteRange::Kind::Part);
        const int none = int(ByteRange::Kind::Unsatisfiable);
        const auto row = [](const char *value, int kind, qint64 first, qint64 length) { QTest::newRow(value) << QByteArray(value) << kind << first << length; };
        row("", whole, 0, 1000);
        row("bytes=0-0", part, 0, 1);
        row("bytes=0-", part, 0, 1000);
        row("BYTES=5-9", part, 5, 5);
        row("bytes=999-", part, 999, 1);
        row("bytes=990-2000", part, 990, 10);
        row("bytes=0-99999999999999999999999", part, 0, 1000);
        row("bytes=-10", part, 990, 10);
        row("bytes=-5000", part, 0, 1000);
        row("bytes=1000-", none, 0, 0);
        row("bytes=99999999999999999999-", none, 0, 0);
        row("bytes=-0", none, 0, 0);
        row("bytes=9-5", whole, 0, 1000);
        row("bytes=0-1,5-6", whole, 0, 1000);
        row("bytes=a-b", whole, 0, 1000);
        row("bytes=1-b", whole, 0, 1000);
        row("bytes=-", whole, 0, 1000);
        row("bytes=5", whole, 0, 1000);
        row("bytes=+1-2", whole, 0, 1000);
        row("lines=0-1", whole, 0, 1000);
    }

    void readsOneRange()
    {
        QFETCH(QByteArray, value);
        const ByteRange range = byteRange(value, 1000);
        QTEST(int(range.kind), "kind");
        QTEST(range.first, "first");
        QTEST(range.length, "length");
    }

    void anEmptyFileHasNoRange()
    {
        QCOMPARE(byteRange("bytes=0-", 0).kind, ByteRange::Kind::Unsatisfiable);
        QCOMPARE(byteRange("bytes=-5", 0).kind, ByteRange::Kind::Unsatisfiable);
        QCOMPARE(byteRange("", 0).kind, ByteRange::Kind::Whole);
    }
};

ANTIPHON_TEST(ByteRangeTest)
#include "tst_byterange.moc"
