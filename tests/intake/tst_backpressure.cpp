#include "tests/intake/intakefixture.h"
#include "tests/store/writerfixture.h"
#include "tests/support/testmain.h"

#include "core/intake/floodwatch.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kT = 1'700'000'000'000;
constexpr qint64 kGigabyte = 1'000'000'000;

deliveries::Delivery small(int i)
{
    return {.channel = u"tiktok"_s, .receivedAt = fromUnixMs(kT), .body = incoming({.id = u"s%1"_s.arg(i), .at = kT + i}), .bodySha256 = "x"};
}

void addJob(IntakeFixture &f, const QString &kind, int entity)
{
    f.store().run(u"INSERT INTO job (kind, inbox_id, entity, entity_id, state) VALUES ('%1', 1, 'nothing', %2, 'pending')"_s.arg(kind).arg(entity));
}

} // namespace

class BackPressureTest : public QObject {
    Q_OBJECT
private slots:
    void aStalledStoreBoundsWhatWaitsAndAllIsWellAfterwards()
    {
        constexpr int kSent = 3000;
        IntakeFixture f;
        f.drain();
        int accepted = 0;
        int deferred = 0;
        int most = 0;
        {
            const HeldWriter held(f.store().writer());
            for (int i = 0; i < kSent; ++i) {
                f.intake().webhooks().receive(Channel::Tiktok, f.hook(incoming({.id = u"m%1"_s.arg(i), .at = kT + i, .conversation = u"cnv-%1"_s.arg(i % 50)})),
                                              [&](const IntakeReply &reply) {
                                                  accepted += reply.status == 200 ? 1 : 0;
                                                  if (reply.status == 503 && reply.retryAfter == std::chrono::seconds(10))
                                                      ++deferred;
                                              });
                most = std::max(most, f.store().writer().pressure().urgentQueued);
            }
            QCOMPARE(accepted, 0);                      // nothing is said before it is on the disk
            QVERIFY2(deferred >= kSent - 2002, qPrintable(QString::number(deferred)));
            QVERIFY2(most <= 2002, qPrintable(QString::number(most)));
        }
        QTRY_COMPARE_WITH_TIMEOUT(accepted + deferred, kSent, 60'000);
        f.drain();
        QCOMPARE(f.count(u"message"_s), accepted);
        QCOMPARE(f.store().writer().pressure().urgentQueued, 0);
        QCOMPARE(f.post(incoming({.id = u"after"_s, .at = kT + kSent})).status, 200);
        const IntakeStats stats = f.stats();
        QCOMPARE(stats.deferred, deferred);
        QVERIFY2(stats.pressed > 0, "what was taken beyond 500 is counted");
        QVERIFY(stats.pressed <= accepted);
    }

    void platformsThatMayNotRepeatAreTakenUpToTheHardBound()
    {
        IntakeFixture f;
        f.drain();
        Journal journal(f.store().writer(), std::make_shared<LaneRunner>(f.store().writer(), f.store().clock(),
                                                                        Splitter(f.channels(), [&f](Channel channel) { return f.tokens().app(channel); }),
                                                                        InboundFlow(f.channels(), {})),
                        {.queued = 20, .oldest = std::chrono::hours(1), .hardQueued = 40, .hardBytes = 1'000'000});
        Mailbox mailbox;
        int stored = 0;
        const auto done = [&stored](const Result<void> &result) { stored += result ? 1 : 0; };
        {
            const HeldWriter held(f.store().writer());
            int taken = 0;
            while (!journal.pressure(true))
                journal.store(small(taken++), mailbox, done);
            QCOMPARE(taken, 20);                         // and the one that holds
            QVERIFY(!journal.pressure(false));
            while (!journal.pressure(false))
                journal.store(small(taken++), mailbox, done);
            QCOMPARE(taken, 39);
            QCOMPARE(journal.pressure(false)->retryAfter, std::chrono::seconds(10));
        }
        QTRY_COMPARE(stored, 39);
        {
            const HeldWriter held(f.store().writer());
            deliveries::Delivery large = small(100);
            large.body = QByteArray(1'000'001, ' ');
            journal.store(large, mailbox, done);
            QVERIFY(journal.pressure(false));
        }
        QTRY_COMPARE(stored, 40);
        QVERIFY(!journal.pressure(false));
    }

    void whatWaitsForItsSplitStaysOnTheDisk()
    {
        constexpr int kSent = 2000;
        IntakeFixture f(false);
        const auto runner = std::make_shared<LaneRunner>(f.store().writer(), f.store().clock(), Splitter(f.channels(), [&f](Channel channel) { return f.tokens().app(channel); }),
                                                         InboundFlow(f.channels(), {}));
        runner->start(LaneRunner::LastStop::Clean);
        f.store().settle();
        Journal journal(f.store().writer(), runner, {.queued = kSent, .hardQueued = kSent});
        Mailbox mailbox;
        int stored = 0;
        {
            const HeldWriter held(f.store().writer());
            for (int i = 0; i < kSent; ++i)
                journal.store(small(i), mailbox, [&stored](const Result<void> &result) { stored += result ? 1 : 0; });
        }
        long most = 0;
        QTRY_VERIFY_WITH_TIMEOUT((most = std::max(most, runner->splitsHeld()), stored == kSent), 60'000);
        QVERIFY2(most <= LaneRunner::kMostSplitsHeld, qPrintable(QString::number(most)));
        QTRY_COMPARE_WITH_TIMEOUT(f.count(u"event WHERE state = 'pending'"_s) + f.count(u"delivery WHERE split_state = 'pending' AND id > 0"_s), 0, 60'000);
        QCOMPARE(f.count(u"message"_s), kSent);
        // In the order in which they came.
        QCOMPARE(f.count(u"message AS a JOIN message AS b ON b.id = a.id + 1 WHERE b.created_at < a.created_at"_s), 0);
        runner->stop();
    }

    void aFloodIsAppliedWhileItComesAndHidesNobody()
    {
        constexpr int kFlood = 3000;
        IntakeFixture f;
        f.addInbox(u"biz-0002-openid"_s);
        f.drain();
        // The flood never leaves the urgent queue empty: each answer is followed by the next, sixty of them under way.
        int answered = 0;
        int posted = 0;
        qint64 appliedMeanwhile = -1;
        qint64 answeredBeforeTheOther = -1;
        const std::function<void()> post = [&] {
            const int i = posted++;
            f.intake().webhooks().receive(Channel::Tiktok, f.hook(incoming({.id = u"m%1"_s.arg(i), .at = kT + i, .conversation = u"cnv-%1"_s.arg(i % 20)})),
                                          [&](const IntakeReply &) {
                                              ++answered;
                                              if (posted < kFlood)
                                                  post();
                                          });
        };
        for (int i = 0; i < 60; ++i)
            post();
        QTRY_VERIFY_WITH_TIMEOUT(answered >= 500, 30'000);
        f.intake().webhooks().receive(Channel::Tiktok, f.hook(incoming({.id = u"other"_s, .conversation = u"quiet"_s, .account = u"biz-0002-openid"_s})), [](const IntakeReply &) {});
        while (answeredBeforeTheOther < 0 && answered < kFlood) {
            QTest::qWait(5);
            if (f.count(u"message WHERE source_id = 'other'"_s) == 1)
                answeredBeforeTheOther = answered;
        }
        QTRY_COMPARE_WITH_TIMEOUT(answered, kFlood, 60'000);
        appliedMeanwhile = f.count(u"message"_s);
        QVERIFY2(appliedMeanwhile > 10, qPrintable(QString::number(appliedMeanwhile)));
        QVERIFY2(answeredBeforeTheOther >= 0, "the other inbox's message came only after the flood");
        f.drain();
        QCOMPARE(f.count(u"message"_s), kFlood + 1);
    }

    void whatIsFetchedWaitsWhileTooMuchWaits()
    {
        IntakeFixture f;
        f.drain();
        BackPressure &pressure = f.intake().pressure();
        pressure.setLimits({.waiting = 10});
        const qint64 later = toUnixMs(f.store().clock().now()) + 15'000;
        f.store().run(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)"
                      " INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state, next_at)"
                      " SELECT 1, 1, 'tt:' || i, 'k' || i, 'ignored', 0, '{}', 'pending', %1 FROM n"_s.arg(later));
        QTRY_VERIFY((pressure.look(), !pressure.mayPoll()));
        QVERIFY(!pressure.mayFetchFiles());
        QVERIFY(!pressure.isShortOfRoom() && !f.intake().notStored().roomIsShort);       // that is not the disk's
        QCOMPARE(pressure.waiting(), 12);
        QVERIFY(pressure.mayTake());
        QVERIFY(f.stats().pollingPaused);
        addJob(f, u"unheard_of"_s, 1);
        f.intake().wakeJobs();
        f.store().settle();
        f.store().settle();
        QCOMPARE(f.count(u"job WHERE state = 'pending'"_s), 1);
        // A little less is not yet room.
        f.store().run(u"DELETE FROM event WHERE dedupe_key IN ('k1', 'k2')"_s);
        pressure.look();
        QTRY_COMPARE(pressure.waiting(), 10);
        QVERIFY(!pressure.mayPoll());
        f.store().run(u"DELETE FROM event"_s);
        pressure.look();
        QTRY_VERIFY(pressure.mayPoll());
        QTRY_COMPARE(f.count(u"job WHERE state = 'dead'"_s), 1);       // it ran, and nobody knows its kind
    }

    void aBacklogAsksPlatformsToComeAgainUntilItIsApplied()
    {
        IntakeFixture f;
        f.drain();
        BackPressure &pressure = f.intake().pressure();
        pressure.setLimits({.waiting = 5, .refused = 10});
        f.store().run(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)"
                      " INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state, next_at)"
                      " SELECT 1, 1, 'tt:' || i, 'k' || i, 'ignored', 0, '{}', 'pending', %1 FROM n"_s.arg(toUnixMs(f.store().clock().now()) + 15'000));
        QTRY_VERIFY((pressure.look(), !pressure.mayTake()));      // one look may have begun before the limits
        const IntakeReply refused = f.post(incoming({.id = u"m1"_s}));
        QCOMPARE(refused.status, 503);
        QCOMPARE(refused.retryAfter, std::chrono::seconds(10));
        QCOMPARE(f.stats().deferred, 1);
        f.store().run(u"DELETE FROM event"_s);
        QTRY_VERIFY((pressure.look(), pressure.mayTake()));
        QCOMPARE(f.post(incoming({.id = u"m1"_s})).status, 200);
    }

    void littleRoomOnTheDiskStopsFilesAndThenWarns()
    {
        IntakeFixture f;
        f.drain();
        BackPressure &pressure = f.intake().pressure();
        f.freeBytes = kGigabyte / 2;
        QTRY_VERIFY((pressure.look(), !pressure.mayFetchFiles()));
        QVERIFY(pressure.mayPoll());
        QVERIFY(!pressure.isTextOnly());
        addJob(f, u"media"_s, 1);
        addJob(f, u"unheard_of"_s, 2);
        f.intake().wakeJobs();
        QTRY_COMPARE(f.count(u"job WHERE kind = 'unheard_of' AND state = 'dead'"_s), 1);
        QCOMPARE(f.count(u"job WHERE kind = 'media' AND state = 'pending' AND attempts = 0"_s), 1);
        f.freeBytes = kGigabyte / 10;
        pressure.look();
        QTRY_VERIFY(pressure.isTextOnly());
        const IntakeStats stats = f.stats();
        QVERIFY(stats.textOnly && stats.filesPaused && !stats.pollingPaused);
        QCOMPARE(stats.diskFree, kGigabyte / 10);
        QCOMPARE(f.post(incoming({.id = u"m1"_s})).status, 200);       // texts are taken all the same
        f.freeBytes = kGigabyte + kGigabyte / 20;                       // not yet clearly room
        QTRY_VERIFY((pressure.look(), !pressure.isTextOnly()));
        QVERIFY(!pressure.mayFetchFiles() && pressure.isShortOfRoom());
        QVERIFY(f.intake().notStored().roomIsShort);
        f.freeBytes = 5 * kGigabyte;
        pressure.look();
        QTRY_VERIFY(pressure.mayFetchFiles());
        QVERIFY(!pressure.isTextOnly());
        QTRY_COMPARE(f.count(u"job WHERE kind = 'media' AND state = 'pending' AND attempts = 0"_s), 0);
    }

    void aFloodIsStoredAndMarked()
    {
        constexpr int kWritten = 75;
        IntakeFixture f;
        for (int i = 0; i < kWritten; ++i) {
            QCOMPARE(f.post(incoming({.id = u"m%1"_s.arg(i), .at = kT + i})).status, 200);
            f.store().settle();
        }
        QCOMPARE(f.post(incoming({.id = u"other"_s, .conversation = u"cnv-2"_s, .customer = u"sam"_s})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE direction = 'incoming'"_s), kWritten + 1);
        QCOMPARE(f.stats().flooded, kWritten - FloodWatch::kMessages);
        const auto until = f.store().text(u"SELECT json_extract(attributes, '$.flooded_until') FROM conversation WHERE id = 1"_s);
        QCOMPARE(fromRfc3339(until.value_or(QString())), f.store().clock().now() + FloodWatch::kWithin);
        QCOMPARE(f.count(u"conversation WHERE json_extract(attributes, '$.flooded_until') IS NULL"_s), 1);
    }

    void sixtyAMinuteAreNoFloodAndTheSixtyFirstIs()
    {
        FloodWatch watch;
        const ConversationId one(1);
        const Timestamp start = fromUnixMs(kT);
        for (int i = 0; i < FloodWatch::kMessages; ++i) {
            QVERIFY(!watch.isFlood(one, start + Milliseconds(i * 900)));
            watch.note(one, start + Milliseconds(i * 900));
        }
        QVERIFY(watch.isFlood(one, start + Milliseconds(59'999)));
        QVERIFY(!watch.isFlood(one, start + Milliseconds(60'000)));     // the first of them is a minute old
        QVERIFY(!watch.isFlood(ConversationId(2), start));
        watch.note(ConversationId(2), start + std::chrono::minutes(5));
        QCOMPARE(watch.size(), 1);                                      // who is quiet is forgotten
    }
};

ANTIPHON_TEST(BackPressureTest)
#include "tst_backpressure.moc"
