#include "core/base/id.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;

class IdTest : public QObject {
    Q_OBJECT
private slots:
    void readsDecimalDigitsOnly_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("value");   // 0: refused
        QTest::newRow("one") << QStringLiteral("1") << qint64(1);
        QTest::newRow("largest") << QStringLiteral("9223372036854775807") << qint64(9223372036854775807);
        QTest::newRow("too large") << QStringLiteral("9223372036854775808") << qint64(0);
        QTest::newRow("zero") << QStringLiteral("0") << qint64(0);
        QTest::newRow("sign") << QStringLiteral("-1") << qint64(0);
        QTest::newRow("plus") << QStringLiteral("+1") << qint64(0);
        QTest::newRow("blank") << QStringLiteral(" 1") << qint64(0);
        QTest::newRow("empty") << QString() << qint64(0);
        QTest::newRow("hex") << QStringLiteral("0x1") << qint64(0);
        QTest::newRow("other digits") << QStringLiteral("١") << qint64(0);
    }

    void readsDecimalDigitsOnly()
    {
        QFETCH(QString, text);
        QFETCH(qint64, value);
        const auto id = MessageId::fromString(text);
        QCOMPARE(id.has_value(), value != 0);
        if (id)
            QCOMPARE(id->value(), value);
    }
};

ANTIPHON_TEST(IdTest)
#include "tst_id.moc"
