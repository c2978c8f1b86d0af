#include "tests/abuse/abuseworld.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <random>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// Platforms deliver at least once: the same event in a row, at once, and long after.
class Repeats : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<AbuseWorld>();
        QCOMPARE(m_world->startWithAccounts(), QString());
        m_account = m_world->tiktok().options().accounts.first().businessId;
    }

    void cleanupTestCase() { m_world.reset(); }

    void anEventIsOneMessageHoweverOftenItComes()
    {
        // Given events that come 2 to 100 times each, half of them in a row, half mixed over 32 connections
        const int wanted = figure(5'000, 100'000);
        std::mt19937 random(20261122);
        std::vector<QByteArray> inARow;
        std::vector<QByteArray> atOnce;
        int unique = 0;
        while (int(inARow.size() + atOnce.size()) < wanted) {
            const QByteArray body = text(u"rep-%1"_s.arg(unique % 50), u"rep-msg-%1"_s.arg(unique));
            const size_t copies = 2 + random() % 99;
            std::vector<QByteArray> &where = unique % 2 == 0 ? inARow : atOnce;
            where.insert(where.end(), copies, m_world->request(body));
            ++unique;
        }
        std::shuffle(atOnce.begin(), atOnce.end(), random);
        const qint64 total = qint64(inARow.size() + atOnce.size());

        const bench::LoadResult first = m_world->post(inARow);
        const bench::LoadResult second = m_world->post(atOnce, 32);

        QCOMPARE(first.acknowledged + second.acknowledged, total);
        QVERIFY(m_world->settle());
        QCOMPARE(m_world->number(u"SELECT count(*) FROM message WHERE source_id LIKE 'rep-msg-%'"_s), qint64(unique));
        QCOMPARE(m_world->number(u"SELECT count(DISTINCT source_id) FROM message WHERE source_id LIKE 'rep-msg-%'"_s), qint64(unique));
        QCOMPARE(m_world->stat(u"duplicates"_s), total - unique);
        QCOMPARE(m_world->number(u"SELECT count(*) FROM conversation"_s), qint64(std::min(unique, 50)));
        qInfo("%lld deliveries of %d events in %.1f s", total, unique, first.seconds + second.seconds);
    }

    void anOldStampIsTakenOnceAndFlagged()
    {
        // Given events that were seen, and as many that were not
        const int count = figure(100, 1'000);
        const qint64 staleBefore = m_world->stat(u"stale"_s);
        const qint64 duplicatesBefore = m_world->stat(u"duplicates"_s);
        std::vector<QByteArray> now;
        std::vector<QByteArray> later;
        int stale = 0;
        constexpr std::array<qint64, 4> kAgo{60, 86'400, 8 * 86'400, -86'400};
        for (int i = 0; i < count; ++i) {
            const QByteArray seen = text(u"old-1"_s, u"old-seen-%1"_s.arg(i));
            const qint64 ago = kAgo[size_t(i) % kAgo.size()];
            now.push_back(m_world->request(seen));
            later.push_back(m_world->request(seen, ago));
            later.push_back(m_world->request(text(u"old-2"_s, u"old-unseen-%1"_s.arg(i)), ago));
            stale += std::abs(ago) > 300;
        }
        QCOMPARE(m_world->post(now, 8).acknowledged, qint64(count));

        // When both come with the stamp of a minute, a day, eight days ago, or of tomorrow
        QCOMPARE(m_world->post(later, 8).acknowledged, qint64(2 * count));

        // Then the seen ones are duplicates, and the others are there, flagged where the stamp is beyond the tolerance
        QVERIFY(m_world->settle());
        QCOMPARE(m_world->number(u"SELECT count(*) FROM message WHERE source_id LIKE 'old-seen-%'"_s), qint64(count));
        QCOMPARE(m_world->number(u"SELECT count(*) FROM message WHERE source_id LIKE 'old-unseen-%'"_s), qint64(count));
        QCOMPARE(m_world->stat(u"duplicates"_s) - duplicatesBefore, qint64(count));
        QCOMPARE(m_world->stat(u"stale"_s) - staleBefore, qint64(stale));
    }

private:
    QByteArray text(const QString &thread, const QString &id) const
    {
        const qint64 at = 1'790'000'000'000 + qint64(qHash(id) % 1'000'000);
        return AbuseWorld::envelope(u"im_receive_msg"_s, m_account,
                                    AbuseWorld::textContent(m_account, thread, id, at, u"Again and again"_s));
    }

    std::unique_ptr<AbuseWorld> m_world;
    QString m_account;
};

ANTIPHON_TEST(Repeats)
#include "tst_repeats.moc"
