#include "tests/support/testmain.h"
#include "ui/notices/noticewishes.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class NoticeWishesTest : public QObject {
    Q_OBJECT
private slots:
    void knowsTheQuietHours_data()
    {
        QTest::addColumn<QTime>("from");
        QTest::addColumn<QTime>("to");
        QTest::addColumn<QTime>("at");
        QTest::addColumn<bool>("isQuiet");
        const QTime ten(22, 0);
        const QTime seven(7, 0);
        QTest::newRow("before the night") << ten << seven << QTime(21, 59) << false;
        QTest::newRow("as it begins") << ten << seven << QTime(22, 0) << true;
        QTest::newRow("at midnight") << ten << seven << QTime(0, 0) << true;
        QTest::newRow("before its end") << ten << seven << QTime(6, 59) << true;
        QTest::newRow("at its end") << ten << seven << QTime(7, 0) << false;
        QTest::newRow("at noon, within a lunch break") << QTime(12, 0) << QTime(13, 30) << QTime(12, 15) << true;
        QTest::newRow("in the evening after it") << QTime(12, 0) << QTime(13, 30) << QTime(19, 0) << false;
        QTest::newRow("no time at all") << seven << seven << seven << false;
    }

    void knowsTheQuietHours()
    {
        QFETCH(QTime, from);
        QFETCH(QTime, to);
        QFETCH(QTime, at);
        NoticeWishes wishes{.hasQuietHours = true, .quietFrom = from, .quietTo = to};
        QTEST(wishes.isQuietAt(at), "isQuiet");
        wishes.hasQuietHours = false;
        QVERIFY(!wishes.isQuietAt(at));
        wishes.isUndisturbed = true;
        QVERIFY(wishes.isQuietAt(at));
    }

    void namesComeBack()
    {
        for (const auto privacy : {NoticeWishes::Privacy::Full, NoticeWishes::Privacy::SenderOnly, NoticeWishes::Privacy::Hidden})
            QCOMPARE(privacyFromName(privacyName(privacy)), std::optional(privacy));
        QVERIFY(!privacyFromName(u"everything"_s));
    }
};

ANTIPHON_TEST(NoticeWishesTest)
#include "tst_noticewishes.moc"
