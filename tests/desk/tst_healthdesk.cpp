#include "core/desk/healthdesk.h"
#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include <QSignalSpy>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class HealthDeskTest : public QObject {
    Q_OBJECT
private slots:
    void saysHowMuchRoomTheDiskHas()
    {
        TemporaryStore store;
        NotStored known;
        int looks = 0;
        HealthDesk health(store.database(), store.clock(), [&known, &looks] {
            ++looks;
            return known;
        });
        QSignalSpy changed(&health, &HealthDesk::changed);
        QVERIFY(health.health().value("disk"_L1).isNull());
        health.start();
        QVERIFY(health.health().value("disk"_L1).isNull());                     // nobody has looked yet
        QVERIFY(health.health().value("disk_free"_L1).isNull());
        QVERIFY(health.isWell());

        known.freeBytes = 5'000'000'000;
        QTRY_COMPARE(health.health().value("disk"_L1).toString(), u"ok"_s);
        QVERIFY(health.isWell());
        known.filesPaused = true;                                               // too much waits: the disk has room
        QVERIFY(!QTest::qWaitFor([&health] { return health.health().value("disk"_L1).toString() != u"ok"_s; }, 600));
        known.freeBytes = 800'000'000;
        known.roomIsShort = true;
        QTRY_COMPARE(health.health().value("disk"_L1).toString(), u"low"_s);
        QCOMPARE(health.health().value("disk_free"_L1).toDouble(), 800'000'000.0);
        QVERIFY(!health.isWell());
        QCOMPARE(health.health().value("store"_L1).toString(), u"writable"_s);
        const qsizetype told = changed.size();
        known.freeBytes = 790'000'000;                                          // not worth telling by itself
        const int before = looks;
        QTRY_VERIFY(looks >= before + 2);
        QCOMPARE(changed.size(), told);
        QCOMPARE(health.health().value("disk_free"_L1).toDouble(), 800'000'000.0);
        known.textOnly = true;
        QTRY_COMPARE(health.health().value("disk"_L1).toString(), u"nearly_full"_s);
        QCOMPARE(health.health().value("disk_free"_L1).toDouble(), 790'000'000.0);
        QCOMPARE(changed.size(), told + 1);
        // Around the limit it says what is true of the files, and not another thing each time.
        known = {.roomIsShort = true, .freeBytes = 990'000'000};
        QTRY_COMPARE(health.health().value("disk"_L1).toString(), u"low"_s);
        QTRY_COMPARE(health.health().value("disk_free"_L1).toDouble(), 990'000'000.0);
        const qsizetype toldOfLow = changed.size();
        known.freeBytes = 1'010'000'000;
        QVERIFY(!QTest::qWaitFor([&] { return changed.size() != toldOfLow; }, 600));
        QCOMPARE(health.health().value("disk"_L1).toString(), u"low"_s);
        known = {.freeBytes = 3'000'000'000};
        QTRY_VERIFY(health.isWell());
    }

    void saysNothingOfADiskThatNobodyLooksAt()
    {
        TemporaryStore store;
        HealthDesk health(store.database(), store.clock());
        health.start();
        QVERIFY(health.health().value("disk"_L1).isNull());
        QVERIFY(health.isWell());
    }
};

ANTIPHON_TEST(HealthDeskTest)
#include "tst_healthdesk.moc"
