#include "core/intake/lanes.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class LanesTest : public QObject {
    Q_OBJECT
private slots:
    void aLaneStandsInItOnce()
    {
        Lanes lanes;
        QVERIFY(lanes.add({InboxId(1), u"a"_s}));
        QVERIFY(!lanes.add({InboxId(1), u"a"_s}));
        QCOMPARE(lanes.take()->key, u"a"_s);
        QVERIFY(!lanes.take());
        QVERIFY(lanes.add({InboxId(1), u"a"_s}));
    }

    void servesInboxesInTurnAndTheLanesOfOneInTheirOrder()
    {
        Lanes lanes;
        for (int i = 0; i < 20'000; ++i)
            lanes.add({InboxId(1), u"flood-%1"_s.arg(i)});
        lanes.add({InboxId(2), u"one"_s});
        QStringList served;
        for (int i = 0; i < 4; ++i)
            served.append(lanes.take()->key);
        QCOMPARE(served, QStringList({u"flood-0"_s, u"one"_s, u"flood-1"_s, u"flood-2"_s}));
    }

    void whatWaitsIsReadyAtItsTime()
    {
        Lanes lanes;
        const SteadyTime start{};
        lanes.addLater({InboxId(1), u"late"_s}, start + std::chrono::seconds(5));
        lanes.addLater({InboxId(1), u"soon"_s}, start + std::chrono::seconds(1));
        QVERIFY(!lanes.add({InboxId(1), u"late"_s}));
        lanes.promote(start + std::chrono::milliseconds(999));
        QVERIFY(!lanes.take());
        lanes.promote(start + std::chrono::seconds(1));
        QCOMPARE(lanes.take()->key, u"soon"_s);
        QVERIFY(!lanes.take());
        QCOMPARE(lanes.waitingCount(), 1);
    }

    void whatIsGivenBackComesFirst()
    {
        Lanes lanes;
        lanes.add({InboxId(1), u"a"_s});
        lanes.add({InboxId(1), u"b"_s});
        const auto taken = lanes.take();
        lanes.giveBack(*taken);
        QCOMPARE(lanes.take()->key, u"a"_s);
        QCOMPARE(lanes.take()->key, u"b"_s);
        QCOMPARE(lanes.readyCount(), 0);
    }
};

ANTIPHON_TEST(LanesTest)
#include "tst_lanes.moc"
