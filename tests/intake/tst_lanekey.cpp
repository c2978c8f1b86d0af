#include "core/intake/lanekey.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class LaneKeyTest : public QObject {
    Q_OBJECT
private slots:
    void hashIsTheSameEverywhere_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<quint64>("hash");
        QTest::addColumn<qint64>("number");
        QTest::newRow("whatsapp") << u"wa:7:15550100002"_s << quint64(0x24b2c683e36c01ff) << qint64(2644394200978424319);
        QTest::newRow("instagram") << u"ig:17840000000000001:9000000000000001"_s << quint64(0xacd72aca0d26706c) << qint64(-5992273731900772244);
        QTest::newRow("messenger") << u"fb:300000000000001:4000000000000001"_s << quint64(0xb7f6f53f953b085d) << qint64(-5190691867062499235);
    }

    void hashIsTheSameEverywhere()
    {
        QFETCH(QString, key);
        QTEST(laneHash(key), "hash");
        QTEST(qint64(laneHash(key)), "number");
    }

    void whatNeedsNoOrderSpreadsOverEightLanes()
    {
        QSet<QString> lanes;
        for (int i = 0; i < 200; ++i)
            lanes.insert(unorderedLane(InboxId(7), u"message-%1"_s.arg(i)));
        QCOMPARE(lanes.size(), 8);
        QVERIFY(lanes.contains(u"~7:0"_s));
        QVERIFY(lanes.contains(u"~7:7"_s));
        // 0x24b2c683e36c01ff mod 8
        QCOMPARE(unorderedLane(InboxId(7), u"wa:7:15550100002"_s), u"~7:7"_s);
    }
};

ANTIPHON_TEST(LaneKeyTest)
#include "tst_lanekey.moc"
