#include "tests/intake/intakefixture.h"
#include "tests/support/queryplan.h"
#include "tests/support/testmain.h"

#include "core/intake/deadlettersweep.h"
#include "core/intake/intakehealth.h"
#include "core/intake/rhythm.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class IntakeHealthTest : public QObject {
    Q_OBJECT
private slots:
    void countsByInbox()
    {
        IntakeFixture f;
        const InboxId other = f.addInbox(u"biz-0002-openid"_s);
        const QByteArray first = incoming({.id = u"m1"_s});
        for (const QByteArray &body : {first, first, incoming({.id = u"m2"_s}), envelope(u"im_receive_msg"_s, u"biz-0001-openid"_s, {{u"n"_s, 1}})})
            QCOMPARE(f.post(body).status, 200);
        f.drain();
        const Timestamp now = f.store().clock().now();
        const auto read = f.store().read<QList<intakehealth::InboxHealth>>([now](ReadTransaction &tx) { return intakehealth::inboxes(tx, now); });
        QVERIFY(read);
        QCOMPARE(read->size(), 2);
        const auto &own = read->at(0);
        QCOMPARE(own.id, f.inbox());
        QCOMPARE(own.received, 3);
        QCOMPARE(own.duplicates, 1);
        QCOMPARE(own.dead, 1);
        QCOMPARE(own.pending, 0);
        QVERIFY(own.lastEventAt);
        QCOMPARE(read->at(1).id, other);
        QCOMPARE(read->at(1).received, 0);
        QVERIFY(!read->at(1).lastEventAt);
    }

    void aDiscardedOneStaysReceived()
    {
        IntakeFixture f;
        QCOMPARE(f.post(envelope(u"im_receive_msg"_s, u"biz-0001-openid"_s, {{u"n"_s, 1}})).status, 200);
        f.drain();
        const auto page = f.store().read<deadletters::Page>([](ReadTransaction &tx) { return deadletters::list(tx, {}, 5); });
        QCOMPARE(page->items.size(), 1);
        const qint64 id = page->items.constFirst().id;
        QVERIFY(f.store().write<void>([id](WriteTransaction &tx) { return deadletters::discard(tx, id); }));
        const Timestamp now = f.store().clock().now();
        const auto read = f.store().read<QList<intakehealth::InboxHealth>>([now](ReadTransaction &tx) { return intakehealth::inboxes(tx, now); });
        QCOMPARE(read->at(0).received, 1);
        QCOMPARE(read->at(0).dead, 0);
    }

    void namesHeldLanesByTheirHashOldestFirst()
    {
        IntakeFixture f(false);
        for (int i = 1; i <= 3; ++i) {
            f.store().run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state, attempts, error_text) VALUES "
                          "(1, 1, 'tiktok:biz:+4915112345%1', 'k%1', 'message', %1, '{}', 'pending', 2, 'waits')"_s.arg(i));
        }
        const auto lanes = f.store().read<QList<intakehealth::HeldLane>>([](ReadTransaction &tx) { return intakehealth::heldLanes(tx, 2); });
        QVERIFY(lanes);
        QCOMPARE(lanes->size(), 2);
        QCOMPARE(lanes->at(0).since, fromUnixMs(1));
        QCOMPARE(lanes->at(0).hash.size(), 16);
        QVERIFY(!lanes->at(0).hash.contains("4915112345"_L1));
        QCOMPARE(lanes->at(0).reason, u"waits"_s);
    }

    void walksOnlyWhatWaits()
    {
        IntakeFixture f(false);
        for (const QString &state : {u"pending"_s, u"parked"_s, u"dead"_s}) {
            const QString bound = state == "dead"_L1 ? u"id > 0"_s : u"lane > ''"_s;
            const QStringList plan = queryPlan(f.store(), u"SELECT inbox_id, COUNT(*), MIN(received_at) FROM event WHERE state = '%1' AND %2 GROUP BY inbox_id + 0"_s.arg(state, bound));
            QVERIFY2(plan.join(u'\n').contains("USING INDEX event_"_L1), qPrintable(plan.join(u'\n')));
        }
    }

    void knowsTheUsualRhythm()
    {
        QList<Timestamp> times;
        for (int i = 0; i < 7; ++i)
            times.append(fromUnixMs(0) + 10min * i);
        QVERIFY(!rhythmOf(times));                       // too few to say
        times.prepend(fromUnixMs(0) + 10min * 6 + 90min);   // one long pause
        const auto rhythm = rhythmOf(times);
        QVERIFY(rhythm);
        QCOMPARE(rhythm->usual, Milliseconds(10min));
        QVERIFY(!isUnusual(*rhythm, 50min));
        QVERIFY(!isUnusual(*rhythm, 80min));             // such a pause was there before
        QVERIFY(isUnusual(*rhythm, 100min));
    }

    void summarisesWaitsOfThePlatforms()
    {
        AckLatency latency;
        for (int i = 1; i <= 100; ++i)
            latency.add(Channel::Tiktok, std::chrono::milliseconds(i));
        latency.add(Channel::Line, 5ms);
        const auto found = latency.summaries();
        QCOMPARE(found.size(), 2);
        QCOMPARE(found.at(0).p50, std::chrono::microseconds(50ms));
        QCOMPARE(found.at(0).p99, std::chrono::microseconds(99ms));
        QCOMPARE(found.at(0).count, 100);
        QCOMPARE(found.at(1).p99, std::chrono::microseconds(5ms));
    }

    void measuresEachAnswer()
    {
        IntakeFixture f;
        QCOMPARE(f.post(incoming({.id = u"m1"_s})).status, 200);
        QCOMPARE(f.intake().webhooks().latency().summaries().value(0).count, 1);
    }

    void triesAgainAllThatFailedAlikeOnce()
    {
        IntakeFixture f;
        for (int i = 1; i <= 130; ++i)
            f.store().run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state, error_class, error_text) VALUES "
                          "(1, 1, 'l', 'k%1', 'message', %1, '{}', 'dead', 'shape', '%2')"_s.arg(i)
                              .arg(i <= 120 ? u"no id"_s : u"other"_s));
        deadletters::Sweep sweep{.reason = u"no id"_s};
        const auto count = f.store().write<qint64>([&sweep](WriteTransaction &tx) { return deadletters::begin(tx, &sweep); });
        QCOMPARE(*count, 120);
        std::atomic<int> wakes = 0;
        std::atomic<bool> isDone = false;
        deadletters::runSlices(f.store().writer(), sweep, [&] { ++wakes; }, [&] { isDone = true; });
        QTRY_VERIFY_WITH_TIMEOUT(isDone, 30000);
        QCOMPARE(wakes, 3);
        QCOMPARE(f.count(u"event WHERE error_text = 'no id' AND state = 'dead'"_s), 0);
        QCOMPARE(f.count(u"event WHERE error_text = 'other' AND state = 'dead'"_s), 10);
    }

    void triesDeadOnesOnceAVersion()
    {
        IntakeFixture f(false);
        const auto kill = [&](const QString &key, const QString &errorClass) {
            f.store().run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state, error_class, error_text) VALUES "
                          "(1, 1, 'l', '%1', 'message', 1, '{}', 'dead', '%2', 'x')"_s.arg(key, errorClass));
        };
        kill(u"a"_s, u"shape"_s);
        kill(u"b"_s, u"deterministic"_s);
        kill(u"c"_s, u"crash"_s);
        const auto dead = [&] { return f.count(u"event WHERE state = 'dead'"_s); };
        const auto isRemembered = [&](const QString &version) {
            return f.count(u"setting WHERE key = 'intake.dead_letters_tried_with' AND value LIKE '%%1%'"_s.arg(version)) == 1;
        };
        deadletters::retryAfterUpdate(f.store().writer(), u"1.0"_s, {});
        QTRY_VERIFY_WITH_TIMEOUT(isRemembered(u"1.0"_s), 30000);
        QCOMPARE(dead(), 1);                             // what a crash named is not tried without a person
        kill(u"d"_s, u"shape"_s);
        deadletters::retryAfterUpdate(f.store().writer(), u"1.0"_s, {});
        QVERIFY(f.store().write<void>([](WriteTransaction &) { return Result<void>(); }));
        QCOMPARE(dead(), 2);                             // the same version knows no more than before
        deadletters::retryAfterUpdate(f.store().writer(), u"1.1"_s, {});
        QTRY_VERIFY_WITH_TIMEOUT(isRemembered(u"1.1"_s), 30000);
        QCOMPARE(dead(), 1);
    }
};

ANTIPHON_TEST(IntakeHealthTest)
#include "tst_intakehealth.moc"
