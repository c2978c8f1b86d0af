#include "tests/abuse/abuseworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// More than the machine can do. The sustained storm with its figures belongs to the bench; this one is about what is kept.
class Storm : public QObject {
    Q_OBJECT
private slots:
    void isTakenOrPutOffAndNothingAcknowledgedIsLost()
    {
        AbuseWorld world;
        QCOMPARE(world.startWithAccounts(), QString());
        const QString account = world.tiktok().options().accounts.first().businessId;
        const qint64 before = world.memory();
        const int count = figure(10'000, 120'000);
        std::vector<QByteArray> requests;
        for (int i = 0; i < count; ++i) {
            const QJsonObject content = AbuseWorld::textContent(account, u"storm-%1"_s.arg(i % 200), u"storm-msg-%1"_s.arg(i),
                                                                1'790'000'000'000 + i, u"All at once"_s);
            requests.push_back(world.request(AbuseWorld::envelope(u"im_receive_msg"_s, account, content)));
        }
        const bench::LoadResult result = world.post(requests, 128);
        QCOMPARE(result.broken, 0);
        QVERIFY(result.acknowledged > count / 10);
        const qint64 during = world.memory();
        QVERIFY(world.settle(300'000));
        QCOMPARE(world.number(u"SELECT count(*) FROM message WHERE source_id LIKE 'storm-msg-%'"_s), result.acknowledged);
        // What was put off comes again, and then everything is there once.
        if (result.refused > 0) {
            const bench::LoadResult again = world.post(requests, 8);
            QCOMPARE(again.acknowledged + again.refused, qint64(count));
        }
        QVERIFY(world.settle(300'000));
        qInfo("%lld of %d taken at once at %.0f/s, %lld put off; memory +%lld KiB", result.acknowledged, count, result.perSecond(),
              result.refused, during - before);
        QVERIFY2(during - before < 96 * 1024, qPrintable(u"%1 KiB more"_s.arg(during - before)));
        QCOMPARE(world.number(u"SELECT count(*) - count(DISTINCT source_id) FROM message WHERE source_id LIKE 'storm-msg-%'"_s), 0);
    }
};

ANTIPHON_TEST(Storm)
#include "tst_storm.moc"
