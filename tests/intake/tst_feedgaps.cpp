#include "tests/intake/feedworld.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <atomic>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What a feed gives back of a time in which nobody was there, or nothing was delivered.
class FeedGapsTest : public QObject, private FeedWorld {
    Q_OBJECT
private slots:
    void init() { begin(); }
    void cleanup() { end(); }

    void aGapOfAPolledBotIsFilledByItsReader_data()
    {
        QTest::addColumn<qint64>("hours");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("reason");
        QTest::newRow("a night") << qint64(10) << u"recovered"_s << QString();
        QTest::newRow("a weekend") << qint64(60) << u"unrecoverable"_s << u"retention"_s;
    }

    void aGapOfAPolledBotIsFilledByItsReader()
    {
        QFETCH(qint64, hours);
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        makeAway();
        const Timestamp to = m_f->store().clock().now();
        m_server->items = {{u"a1"_s, now() - 3'600'000}, {u"b1"_s, now() - 1'800'000}};
        m_away->gaps().noteAway(to - std::chrono::hours(hours), to, Gap::Cause::Stopped);
        m_f->store().settle();
        m_f->advance(1s);
        m_away->start();
        const Gap gap = settled(bot);
        QTEST(gapStateName(gap.state), "state");
        QTEST(gap.reasons.isEmpty() ? QString() : toJson(gap.reasons.constFirst()).value("code"_L1).toString(), "reason");
        QCOMPARE(gap.recovered, 2);
        QCOMPARE(m_f->count(u"message WHERE caught_up AND direction = 'incoming'"_s), 2);
        QTRY_COMPARE_WITH_TIMEOUT(m_f->count(u"message WHERE direction = 'activity' AND activity LIKE '%away%'"_s), 2, 20'000);
        QCOMPARE(m_f->stats().lostFoundByPoll, 0);
    }

    void whoAsksForACatchUpNeedNotWaitForThePlatform()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_server->held.size(), 1, 20'000);
        m_f->advance(60s);
        const Timestamp to = m_f->store().clock().now();
        m_away->gaps().noteAway(to - 1h, to, Gap::Cause::Manual);
        QCOMPARE(settled(bot).state, Gap::State::Recovered);
        QVERIFY(m_server->held.size() >= 1);          // nobody answered it
    }

    void aTunnelThatIsDownKeepsNothingFromWhatIsFetched()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_f->store().run(u"UPDATE inbox SET state = 'active'"_s);
        makeAway();
        m_away->gaps().open({}, m_f->store().clock().now(), Gap::Cause::Tunnel);
        m_f->store().settle();
        QCOMPARE(m_f->count(u"gap WHERE inbox_id = %1"_s.arg(bot.value())), 0);
        QCOMPARE(m_f->count(u"gap"_s), 1);
    }

    void aGapStaysOpenWhileSomebodyElseReads()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->status = 409;
        makeAway();
        const Timestamp to = m_f->store().clock().now();
        m_away->gaps().noteAway(to - 1h, to, Gap::Cause::Stopped);
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(notice(), u"other_reader"_s, 20'000);
        const bool isSaid = QTest::qWaitFor(
            [&] {
                m_f->advance(1s);
                return newest(bot) && !newest(bot)->reasons.isEmpty();
            },
            30'000);
        QVERIFY(isSaid);
        QCOMPARE(newest(bot)->state, Gap::State::Open);
        m_server->status = 200;
        m_away->feeds().wake();
        const bool isFilled = QTest::qWaitFor(
            [&] {
                m_f->advance(1s);          // the failed try ends in its own time, and so does the pause after it
                return newest(bot)->state == Gap::State::Recovered;
            },
            30'000);
        QVERIFY(isFilled);
    }

    void aGapOfANumberIsFilledFromItsBeginning_data()
    {
        QTest::addColumn<Inbox::Delivery>("delivery");
        QTest::newRow("webhook") << Inbox::Delivery::Webhook;
        QTest::newRow("both") << Inbox::Delivery::Both;
        QTest::newRow("poll") << Inbox::Delivery::Poll;
    }

    void aGapOfANumberIsFilledFromItsBeginning()
    {
        QFETCH(Inbox::Delivery, delivery);
        const InboxId number = addInbox(Channel::Twilio, delivery);
        m_server->pageSize = 2;
        for (int i = 0; i < 5; ++i)
            m_server->items.append({QString(QChar(u'a' + i)) + u"1"_s, now() - 3'600'000 * (i + 1)});
        makeAway();
        const Timestamp to = m_f->store().clock().now();
        m_away->gaps().noteAway(to - 60h, to, Gap::Cause::Stopped);
        m_f->store().settle();
        m_away->start();
        const Gap gap = settled(number);
        QCOMPARE(gap.state, Gap::State::Recovered);
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 5, 20'000);
        m_f->drain();
        QCOMPARE(newest(number)->recovered, 5);
        QCOMPARE(m_f->stats().lostFoundByPoll, 0);
        QVERIFY(m_f->count(u"message WHERE direction = 'activity' AND activity LIKE '%away%'"_s) >= 1);
    }

    void aWebhookThatHasNothingWaitingHasMissedNothing()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Webhook);
        m_platform->registration = {.callback = QUrl(u"https://desk.example/webhooks/telegram/2"_s), .isSubscribed = true, .waiting = 0};
        makeAway();
        const Timestamp to = m_f->store().clock().now();
        m_away->gaps().noteAway(to - 3h, to, Gap::Cause::Sleep);
        m_away->start();
        QCOMPARE(settled(bot).state, Gap::State::Recovered);
        QCOMPARE(m_server->reads(), 0);
        QVERIFY(m_webhooks->settled >= 1);
    }

    /// The platform brought by itself what waited: it is counted, marked and said in its conversation all the same.
    void whatTheWebhookBroughtOfAGapIsSaid()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Webhook);
        m_platform->registration = {.callback = QUrl(u"https://desk.example/webhooks/telegram/2"_s), .isSubscribed = true, .waiting = 0};
        makeAway();
        const Timestamp to = m_f->store().clock().now();
        deliver(bot, FedChannel::event(u"account"_s, u"c1"_s, toUnixMs(to) - 5 * 3'600'000), Channel::Telegram);         // before it, and here in time
        m_f->drain();
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 1, 20'000);
        m_f->store().run(u"UPDATE message SET received_at = created_at"_s);
        m_f->advance(1s);
        deliver(bot, FedChannel::event(u"account"_s, u"a1"_s, toUnixMs(to) - 7'200'000), Channel::Telegram);
        deliver(bot, FedChannel::event(u"account"_s, u"a2"_s, toUnixMs(to) - 3'600'000), Channel::Telegram);
        deliver(bot, FedChannel::event(u"account"_s, u"b1"_s, toUnixMs(to) - 1000), Channel::Telegram);
        deliver(bot, FedChannel::event(u"account"_s, u"d1"_s, toUnixMs(to) + 500), Channel::Telegram);                     // after it
        m_away->gaps().noteAway(to - 3h, to, Gap::Cause::Stopped);
        m_away->start();
        const Gap gap = settled(bot);
        QCOMPARE(gap.state, Gap::State::Recovered);
        QCOMPARE(messages(), 5);
        QCOMPARE(newest(bot)->recovered, 3);
        QCOMPARE(m_f->count(u"message WHERE caught_up AND direction = 'incoming'"_s), 3);
        QCOMPARE(m_f->count(u"message WHERE direction = 'activity' AND activity LIKE '%away%'"_s), 2);
        QCOMPARE(m_server->reads(), 0);
    }

    void aBusyBotsDayIsMarkedInSlicesAndOnce_data()
    {
        QTest::addColumn<int>("failsAt");                              // that slice is not stored, and the run is over; 0: none
        QTest::newRow("in one run") << 0;
        QTest::newRow("cut short at the first slice") << 1;
        QTest::newRow("cut short in the middle") << 5;
    }

    void aBusyBotsDayIsMarkedInSlicesAndOnce()
    {
        QFETCH(int, failsAt);
        constexpr int kMessages = 2000;
        end();
        const auto counted = std::make_shared<std::atomic<int>>(0);       // the Writer outlives this function
        const std::atomic<int> &slices = *counted;
        begin([counted, failsAt](const QString &sql) {
            const bool isSlice = sql.contains("UPDATE message SET caught_up = TRUE"_L1);
            return isSlice && ++*counted == failsAt ? StatementFault::FailAndRollBack : StatementFault::None;
        });
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Webhook);
        m_platform->registration = {.callback = QUrl(u"https://desk.example/webhooks/telegram/2"_s), .isSubscribed = true, .waiting = 0};
        makeAway();
        const Timestamp to = m_f->store().clock().now();
        m_f->advance(1s);
        for (const QString &id : {u"a1"_s, u"b1"_s, u"c1"_s})
            deliver(bot, FedChannel::event(u"account"_s, id, toUnixMs(to) - 7'200'000), Channel::Telegram);
        m_f->drain();
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 3, 20'000);
        m_f->store().run(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1)"
                         " INSERT INTO message (conversation_id, inbox_id, direction, content, sender_type, source_id, created_at, received_at, updated_at)"
                         " SELECT m.conversation_id, m.inbox_id, 'incoming', 'more', 'contact', 'more-' || n.i, m.created_at + n.i, m.received_at, m.updated_at"
                         " FROM n JOIN message m ON m.source_id = (CASE n.i % 3 WHEN 0 THEN 'a1' WHEN 1 THEN 'b1' ELSE 'c1' END)"_s.arg(kMessages - 3));
        QCOMPARE(messages(), kMessages);
        m_away->gaps().noteAway(to - 3h, to, Gap::Cause::Stopped);
        m_away->start();
        const bool isSettled = QTest::qWaitFor(
            [&] {
                if (failsAt > 0 && slices >= failsAt)
                    m_f->advance(1s);                                  // it tries again after a while
                return newest(bot) && newest(bot)->state != Gap::State::Open;
            },
            60'000);
        QVERIFY(isSettled);
        QCOMPARE(newest(bot)->state, Gap::State::Recovered);
        QCOMPARE(newest(bot)->recovered, kMessages);
        QCOMPARE(m_f->count(u"message WHERE caught_up AND direction = 'incoming'"_s), kMessages);
        QCOMPARE(m_f->count(u"message WHERE direction = 'activity' AND activity LIKE '%away%'"_s), 3);
        const int least = kMessages / 200;
        QVERIFY2(slices >= least && slices <= least + 1, qPrintable(QString::number(slices)));
    }

    void aWebhookThatBringsNothingIsTakenOffReadAndPutBack()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Both);
        m_platform->registration = {.isSubscribed = false, .waiting = 3};            // the platform had dropped it
        m_server->pageSize = 2;
        const qint64 longBefore = now() - 5 * 3'600'000;               // two hours before the gap: the platform forgets it with the others
        m_server->items = {{u"a0"_s, longBefore}, {u"a1"_s, now() - 3000}, {u"a2"_s, now() - 2000}, {u"b1"_s, now() - 1000}};
        m_webhooks->onSettle = [this] { m_server->calls.append(u"settle"_s); };
        makeAway();
        const Timestamp to = m_f->store().clock().now();
        m_away->gaps().noteAway(to - 3h, to, Gap::Cause::Stopped);
        m_away->start();
        const Gap gap = settled(bot);
        QCOMPARE(gap.state, Gap::State::Recovered);
        QCOMPARE(messages(), 4);
        QCOMPARE(m_server->calls, (QStringList{u"settle"_s, u"unsubscribe"_s, u"read"_s, u"read"_s, u"read"_s, u"settle"_s}));
        QCOMPARE(m_server->cursors, (QStringList{QString(), u"2"_s, u"4"_s}));       // the last one confirms
    }

    void whatWaitsIsGivenTimeBeforeTheWebhookIsTakenOff()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Webhook);
        m_platform->registration = {.callback = QUrl(u"https://desk.example/webhooks/telegram/2"_s), .isSubscribed = true, .waiting = 2};
        m_server->items = {{u"a1"_s, now() - 3000}};
        makeAway();
        const Timestamp to = m_f->store().clock().now();
        m_away->gaps().noteAway(to - 3h, to, Gap::Cause::Stopped);
        m_away->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_webhooks->settled >= 1, 20'000);
        QCOMPARE(m_server->calls.size(), 0);
        m_f->advance(3min);          // two minutes are over at the next look
        const Gap gap = settled(bot);
        QCOMPARE(gap.state, Gap::State::Recovered);
        QCOMPARE(gap.recovered, 1);
        QCOMPARE(m_server->calls.constFirst(), u"unsubscribe"_s);
    }
};

ANTIPHON_TEST(FeedGapsTest)
#include "tst_feedgaps.moc"
