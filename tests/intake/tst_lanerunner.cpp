#include "tests/intake/intakefixture.h"
#include "tests/support/testmain.h"

#include "core/intake/lanerunner.h"
#include "core/store/deliveryrepository.h"

#include <QSignalSpy>
#include <QTest>

#include <thread>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kT = 1'700'000'000'000;

/// Journals without the journal, as a process does that dies right behind the commit.
void journalOnly(IntakeFixture &f, const QByteArray &body)
{
    const auto stored = f.store().write<DeliveryId>([&](WriteTransaction &tx) {
        return deliveries::insert(tx, {.channel = u"tiktok"_s, .receivedAt = tx.now(), .body = body, .bodySha256 = "x"});
    });
    QVERIFY(stored);
}

/// Splits without applying.
void splitOnly(IntakeFixture &f)
{
    Splitter splitter(f.channels(), [&f](Channel channel) { return f.tokens().app(channel); });
    const auto done = f.store().write<int>([&](WriteTransaction &tx) -> Result<int> {
        const auto delivery = deliveries::nextUnsplit(tx);
        if (!delivery)
            return delivery.error();
        const auto lanes = splitter.split(tx, **delivery);
        return lanes ? Result<int>(int(lanes->size())) : Result<int>(lanes.error());
    });
    QVERIFY(done);
    QCOMPARE(*done, 1);
}

} // namespace

class LaneRunnerTest : public QObject {
    Q_OBJECT
private slots:
    void keepsTheOrderOfEveryLane()
    {
        constexpr int kLanes = 50;
        constexpr int kEach = 200;
        constexpr int kProducers = 4;
        IntakeFixture f;
        std::atomic<int> stored{0};
        Mailbox mailbox;
        std::vector<std::thread> producers;
        for (int p = 0; p < kProducers; ++p) {
            producers.emplace_back([&, p] {
                // A lane has one producer, so its order is known.
                for (int i = 0; i < kEach; ++i) {
                    for (int lane = p; lane < kLanes; lane += kProducers) {
                        const QByteArray body = incoming({.id = u"l%1-%2"_s.arg(lane).arg(i), .text = QString::number(i), .at = kT,
                                                          .conversation = u"cnv-%1"_s.arg(lane), .customer = u"c%1"_s.arg(lane)});
                        f.intake().journal().store({.channel = u"tiktok"_s, .receivedAt = fromUnixMs(kT), .body = body, .bodySha256 = "x"}, mailbox,
                                                   [&stored](const Result<void> &done) { stored += done ? 1 : 0; });
                    }
                }
            });
        }
        for (std::thread &producer : producers)
            producer.join();
        QTRY_COMPARE_WITH_TIMEOUT(stored.load(), kLanes * kEach, 60'000);
        f.drain();
        QCOMPARE(f.count(u"message"_s), kLanes * kEach);
        QCOMPARE(f.count(u"conversation"_s), kLanes);
        QCOMPARE(f.count(u"contact"_s), kLanes);
        // Of two messages of a lane the later one has the higher number.
        QCOMPARE(f.count(u"message a JOIN message b ON b.conversation_id = a.conversation_id AND b.id > a.id"
                         " AND CAST(b.content AS INTEGER) <= CAST(a.content AS INTEGER)"_s),
                 0);
        QCOMPARE(f.stats().processed, kLanes * kEach);
    }

    void aFloodedInboxDoesNotHoldAnotherUp()
    {
        IntakeFixture f(false);
        const InboxId quiet = f.addInbox(u"biz-quiet"_s);
        constexpr int kFlood = 20'000;
        f.store().run(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1)"
                      " INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state)"
                      " SELECT 1, 1, 'tt:flood:' || i, 'k' || i, 'ignored', 0, '{\"reason\":\"flood\"}', 'pending' FROM n;"
                      "INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state)"
                      " VALUES (1, %2, 'tt:quiet', 'k', 'ignored', 0, '{\"reason\":\"quiet\"}', 'pending')"_s.arg(kFlood).arg(quiet.value()));
        f.stopCleanly();
        QTRY_VERIFY_WITH_TIMEOUT(f.count(u"event WHERE lane = 'tt:quiet' AND state = 'ignored'"_s) == 1, 30'000);
        QVERIFY2(f.count(u"event WHERE inbox_id = 1 AND state = 'pending'"_s) > kFlood / 2, "the flood was served first");
        // The order in which they were finished is the order of the ring.
        f.drain();
        QCOMPARE(f.count(u"event WHERE state = 'ignored'"_s), kFlood + 1);
    }

    void aCrashBetweenJournalAndSplitLosesAndDoublesNothing()
    {
        IntakeFixture f(false);
        const QByteArray body = incoming({.id = u"m1"_s});
        journalOnly(f, body);
        f.crash();
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'm1'"_s), 1);
        QCOMPARE(f.post(body).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message"_s), 1);
        QCOMPARE(f.count(u"cursor WHERE scope LIKE 'careful:%'"_s), 0);
    }

    void aCrashBetweenSplitAndApplyLosesAndDoublesNothing()
    {
        IntakeFixture f(false);
        journalOnly(f, incoming({.id = u"m1"_s}));
        splitOnly(f);
        QCOMPARE(f.count(u"event WHERE state = 'pending'"_s), 1);
        QCOMPARE(f.count(u"message"_s), 0);
        f.crash();
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'm1'"_s), 1);
    }

    void crashesAtAnyMomentLeaveEveryAnsweredMessageOnce()
    {
        IntakeFixture f;
        f.wasKilled = true;              // from outside, again and again: nothing in hand is to blame
        QStringList answered;
        QList<QByteArray> sent;
        for (int round = 0; round < 6; ++round) {
            int done = 0;
            constexpr int kEach = 60;
            for (int i = 0; i < kEach; ++i) {
                const QString id = u"r%1-%2"_s.arg(round).arg(i);
                const QByteArray body = incoming({.id = id, .at = kT + round * 1000 + i, .conversation = u"cnv-%1"_s.arg(i % 7), .customer = u"c%1"_s.arg(i % 7)});
                sent.append(body);
                f.intake().webhooks().receive(Channel::Tiktok, f.hook(body), [&, id](const IntakeReply &reply) {
                    ++done;
                    if (reply.status == 200)
                        answered.append(id);
                });
            }
            // Dies with some answered and some not, at another place each time.
            QTRY_VERIFY(done > round * 9);
            f.crash();
        }
        f.drain();
        QCOMPARE(f.stats().dead, 0);
        for (const QString &id : std::as_const(answered))
            QCOMPARE(f.count(u"message WHERE source_id = '%1'"_s.arg(id)), 1);
        QVERIFY(answered.size() > 100);
        // What wasn't answered is brought again.
        QCOMPARE(f.postAll(sent), QList<int>(sent.size(), 200));
        f.drain();
        QCOMPARE(f.count(u"message"_s), sent.size());
        QCOMPARE(f.count(u"conversation"_s), 7);
    }

    void whatTwoCrashesFoundInHandIsSetAsideAndTheRestApplied()
    {
        IntakeFixture f(false);
        journalOnly(f, incoming({.id = u"m1"_s, .conversation = u"cnv-1"_s}));
        splitOnly(f);
        journalOnly(f, incoming({.id = u"m2"_s, .conversation = u"cnv-2"_s}));
        splitOnly(f);
        // Named once: a crash that may have been somebody else's.
        f.store().run(u"INSERT INTO cursor (inbox_id, scope, value, at) VALUES (0, 'careful:e1', '1', 0)"_s);
        f.crash();
        f.drain();
        QTRY_COMPARE(f.count(u"message"_s), 2);

        journalOnly(f, incoming({.id = u"m3"_s, .conversation = u"cnv-3"_s}));
        f.intake().stop();
        f.store().run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state) VALUES"
                      " (9, 1, 'tt:x', 'poison', 'message', 0, '{}', 'pending');"
                      "INSERT INTO cursor (inbox_id, scope, value, at) SELECT 0, 'careful:e' || id, '2', 0 FROM event WHERE dedupe_key = 'poison'"_s);
        f.crash();
        f.drain();
        QCOMPARE(f.count(u"event WHERE dedupe_key = 'poison' AND state = 'dead' AND error_class = 'crash'"_s), 1);
        QTRY_COMPARE(f.count(u"message"_s), 3);
        QTRY_COMPARE(f.count(u"cursor WHERE scope LIKE 'careful:%'"_s), 0);
        QCOMPARE(f.stats().dead, 1);
    }

    void aCarefulStartNamesWhatItTouchesBeforeItDoes()
    {
        IntakeFixture f(false);
        journalOnly(f, incoming({.id = u"m1"_s}));
        f.crash(false);
        // A deletion of its name shows that it was there, committed, while the work was done.
        f.store().run(u"CREATE TABLE named (scope TEXT, messages INTEGER);"
                      "CREATE TRIGGER names AFTER INSERT ON cursor BEGIN"
                      " INSERT INTO named VALUES (NEW.scope, (SELECT COUNT(*) FROM message)); END"_s);
        f.start();
        f.drain();
        QTRY_COMPARE(f.count(u"message"_s), 1);
        QCOMPARE(f.store().text(u"SELECT group_concat(scope || '/' || messages, ' ') FROM named"_s), u"careful:d1/0 careful:e1/0"_s);
        f.stopCleanly();
        QCOMPARE(f.post(incoming({.id = u"m2"_s})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"named"_s), 2);
    }

    void aBadEventIsSetAsideAndItsLaneGoesOn()
    {
        IntakeFixture f(false);
        f.store().run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state) VALUES"
                      " (1, 1, 'tt:biz-0001-openid:cnv+1==', 'bad', 'message', 0, '{}', 'pending')"_s);
        f.start();
        QCOMPARE(f.post(incoming({.id = u"m1"_s})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"event WHERE dedupe_key = 'bad' AND state = 'dead' AND error_class = 'shape'"_s), 1);
        QCOMPARE(f.count(u"message WHERE direction = 'incoming'"_s), 1);
    }

    void aDefectIsTriedOnceMoreThenSetAsideAndToldInTheConversation()
    {
        IntakeFixture f;
        QCOMPARE(f.post(incoming({.id = u"m1"_s})).status, 200);
        f.drain();
        f.store().run(u"CREATE TRIGGER defect BEFORE INSERT ON message WHEN NEW.source_id = 'm2' BEGIN SELECT RAISE(ABORT, 'defect'); END"_s);
        QCOMPARE(f.post(incoming({.id = u"m2"_s, .at = kT + 10})).status, 200);
        QCOMPARE(f.post(incoming({.id = u"m3"_s, .at = kT + 20})).status, 200);
        QCOMPARE(f.post(incoming({.id = u"o1"_s, .at = kT + 20, .conversation = u"other"_s})).status, 200);
        // It holds its own lane only.
        QTRY_COMPARE(f.count(u"message WHERE source_id = 'o1'"_s), 1);
        QTRY_COMPARE(f.count(u"event WHERE dedupe_key = 'm:m2' AND state = 'pending' AND attempts = 1"_s), 1);
        QCOMPARE(f.count(u"message WHERE source_id = 'm3'"_s), 0);
        f.advance(std::chrono::seconds(2));
        f.drain();
        QCOMPARE(f.count(u"event WHERE dedupe_key = 'm:m2' AND state = 'dead' AND error_class = 'deterministic'"_s), 1);
        QCOMPARE(f.count(u"message WHERE source_id = 'm3'"_s), 1);
        QCOMPARE(f.count(u"message WHERE direction = 'activity' AND activity LIKE '%event_failed%'"_s), 1);
        QCOMPARE(f.count(u"change WHERE type = 'intake.dead_letter'"_s), 1);
        // Nothing half done is left, and the platform's repeat finds it mended.
        f.store().run(u"DROP TRIGGER defect"_s);
        QCOMPARE(f.post(incoming({.id = u"m2"_s, .at = kT + 10})).status, 200);
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'm2'"_s), 1);
        QCOMPARE(f.stats().dead, 0);
    }

    void aClockThatWasWrongHoldsNothingBackForLong()
    {
        IntakeFixture f(false);
        const qint64 now = toUnixMs(f.store().clock().now());
        f.store().run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state, next_at) VALUES"
                      " (1, 1, 'tt:a', 'held', 'ignored', 0, '{}', 'pending', %1), (1, 1, 'tt:b', 'parked', 'ignored', 0, '{}', 'parked', %1)"_s
                          .arg(now + 1'000'000'000));
        f.start();
        QTRY_COMPARE(f.count(u"event WHERE next_at > %1"_s.arg(now + 12 * 3'600'000)), 0);
        f.advance(std::chrono::seconds(21));
        QTRY_COMPARE(f.count(u"event WHERE dedupe_key = 'held' AND state = 'ignored'"_s), 1);
    }

    void aDeliveryThatARescanSplitFirstIsNotSetAside()
    {
        IntakeFixture f(false);
        journalOnly(f, incoming({.id = u"m1"_s}));
        const auto copy = f.store().read<std::optional<deliveries::Delivery>>([](ReadTransaction &tx) { return deliveries::nextUnsplit(tx); });
        QVERIFY(copy && *copy);
        splitOnly(f);
        Splitter splitter(f.channels(), [&f](Channel channel) { return f.tokens().app(channel); });
        const auto runner = std::make_shared<LaneRunner>(f.store().writer(), f.store().clock(), splitter, InboundFlow(f.channels(), {}));
        const qint64 before = f.count(u"change"_s);
        QVERIFY(f.store().write<void>([&](WriteTransaction &tx) { return runner->split(tx, **copy); }));
        QCOMPARE(f.count(u"change"_s), before);
        QCOMPARE(f.count(u"delivery WHERE split_state = 'done' AND split_error IS NULL"_s), 1);
        QCOMPARE(f.count(u"event"_s), 1);
        f.start();
        f.drain();
        QCOMPARE(f.count(u"message WHERE source_id = 'm1'"_s), 1);
        QCOMPARE(f.count(u"change WHERE type = 'intake.dead_letter'"_s), 0);
    }

    void aScanFindsWhatNobodyWasToldOf()
    {
        IntakeFixture f;
        f.drain();
        journalOnly(f, incoming({.id = u"m1"_s}));
        f.intake().rescan();
        f.drain();
        QCOMPARE(f.count(u"message"_s), 1);
    }
};

ANTIPHON_TEST(LaneRunnerTest)
#include "tst_lanerunner.moc"
