#include "core/channels/tiktok/tiktokadapter.h"
#include "core/outbox/backoff.h"
#include "core/outbox/ratebucket.h"
#include "tests/support/fakerandom.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class BackoffTest : public QObject {
    Q_OBJECT

    TiktokAdapter m_adapter;
    FakeRandom m_random;

    /// Seconds before each of the first tries; -1: no further one.
    QList<int> pauses(Error::Kind kind, int count)
    {
        QList<int> seconds;
        for (int tries = 0; tries < count; ++tries) {
            RetrySchedule schedule = m_adapter.retrySchedule({kind, u"x"_s});
            schedule.jitters = false;
            const auto pause = pauseBefore(schedule, tries, m_random);
            seconds.append(pause ? int(pause->count() / 1000) : -1);
        }
        return seconds;
    }

private slots:
    void eachKindHasItsOwnPatience()
    {
        QCOMPARE(pauses(Error::Kind::Network, 9), (QList<int>{2, 5, 15, 60, 300, 900, 1800, 1800, 1800}));
        QCOMPARE(pauses(Error::Kind::RateLimited, 6), (QList<int>{1, 2, 4, 300, 300, 300}));
        QCOMPARE(pauses(Error::Kind::Unavailable, 4), (QList<int>{2, 5, 15, -1}));
    }

    void jitterStaysWithinThePause()
    {
        const RetrySchedule schedule{.pauses = {std::chrono::seconds(60)}};
        QSet<qint64> seen;
        for (int i = 0; i < 200; ++i) {
            const auto pause = pauseBefore(schedule, i, m_random);
            QVERIFY(pause && pause->count() >= 0 && pause->count() <= 60'000);
            seen.insert(pause->count());
        }
        QVERIFY(seen.size() > 100);
    }

    void aBucketSavesForOneSecond()
    {
        SteadyTime now{};
        RateBucket bucket(10, now);
        QCOMPARE(bucket.available(now), 10);
        bucket.take(12);
        QCOMPARE(bucket.available(now), 0);
        now += std::chrono::milliseconds(500);
        QCOMPARE(bucket.available(now), 3);
        now += std::chrono::hours(1);
        QCOMPARE(bucket.available(now), 10);
    }
};

ANTIPHON_TEST(BackoffTest)
#include "tst_backoff.moc"
