#include "core/intake/away.h"
#include "core/intake/spliteventjson.h"
#include "core/store/cursorrepository.h"
#include "core/store/gaprepository.h"
#include "core/store/leaserepository.h"
#include "tests/accounts/fakeaccounts.h"
#include "tests/intake/fedchannel.h"
#include "tests/intake/intakefixture.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr CatchUpDepth kBots{.kind = CatchUpDepth::Kind::RedeliveryOnly, .retention = 24h, .needsPublicAddress = false};
constexpr CatchUpDepth kNumbers{.kind = CatchUpDepth::Kind::Complete, .needsPublicAddress = false};

/// Whose webhooks lead where a test says.
class FakeWebhooks final : public AccountWebhooks {
public:
    void settle(InboxId, std::function<void()> done) override
    {
        ++settled;
        if (onSettle)
            onSettle();
        QTimer::singleShot(0, std::move(done));
    }
    bool isOurs(InboxId, const QUrl &callback) const override { return callback.host() == "desk.example"_L1; }

    int settled = 0;
    std::function<void()> onSettle{};
};

} // namespace

class FeedsTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_f = std::make_unique<IntakeFixture>();
        m_f->store().run(u"UPDATE inbox SET state = 'disabled'"_s);
        m_files = std::make_unique<FilesThread>(BlobStore::inFolder(m_f->store().folder() + u"/away"_s));
        m_server = std::make_unique<FeedServer>();
        m_webhooks = std::make_unique<FakeWebhooks>();
        m_platform = std::make_shared<FakePlatform>();
        m_mayAsk = true;
        m_pauses = {.first = 10ms, .longest = 80ms, .conflict = 150ms, .pressure = 10ms, .empty = 5ms, .underWay = 0ms};
    }

    void cleanup()
    {
        m_away.reset();
        m_files.reset();
        m_f.reset();
        m_server.reset();
    }

    void everyMessageComesOnceAndThePlatformHearsOfItAfterwards()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->pageSize = 2;
        for (int i = 0; i < 5; ++i)
            m_server->items.append({u"m%1"_s.arg(i), now() - 1000 + i});
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 5, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->held.size(), 1, 20'000);       // the platform holds its answer back
        QCOMPARE(m_server->cursors.mid(0, 4), (QStringList{QString(), u"2"_s, u"4"_s, u"5"_s}));
        QCOMPARE(storedCursor(bot), u"5"_s);
        QCOMPARE(m_webhooks->settled, 1);        // before the first read
        m_server->add(u"m5"_s, now());
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 6, 20'000);
        QCOMPARE(m_f->stats().duplicates, 0);
        QCOMPARE(m_f->stats().lostFoundByPoll, 0);
    }

    void whatWasNotStoredIsNotConfirmed()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->items = {{u"a1"_s, now()}, {u"b1"_s, now()}};
        makeAway();
        // The page's transaction fails as a whole: its cursor is taken back with it.
        m_f->store().run(u"CREATE TRIGGER refuse BEFORE INSERT ON delivery BEGIN SELECT RAISE(ABORT, 'no'); END"_s);
        m_away->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_server->reads() >= 1, 20'000);
        m_f->store().settle();
        QCOMPARE(storedCursor(bot), QString());
        QCOMPARE(messages(), 0);
        m_f->store().run(u"DROP TRIGGER refuse"_s);
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 2, 90'000);          // a store that failed is left alone for a while
        QTRY_COMPARE_WITH_TIMEOUT(storedCursor(bot), u"2"_s, 20'000);
        QCOMPARE(m_server->cursors.at(1), QString());
    }

    void aProcessThatDiesBetweenPageAndConfirmationGetsItAgainAndStoresItOnce()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->items = {{u"a1"_s, now()}, {u"b1"_s, now()}};
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 2, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->held.size(), 1, 20'000);
        m_away.reset();
        m_server->held.clear();
        m_f->store().settle();
        m_f->store().run(u"DELETE FROM cursor WHERE scope = 'feed'"_s);          // as if it had not been stored
        m_f->crash();
        m_server->cursors.clear();
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(storedCursor(bot), u"2"_s, 20'000);
        m_f->drain();
        QCOMPARE(messages(), 2);
        QCOMPARE(m_f->stats().duplicates, 2);
    }

    void goesOnWhereItStoppedAfterAStart()
    {
        addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->items = {{u"a1"_s, now()}};
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_server->held.size(), 1, 20'000);
        m_away.reset();
        m_server->held.clear();
        m_f->stopCleanly();
        m_server->cursors.clear();
        makeAway();
        m_away->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_server->reads() >= 1, 20'000);
        QCOMPARE(m_server->cursors.constFirst(), u"1"_s);
    }

    void stopsAtOnceWhileThePlatformHoldsItsAnswer()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_server->held.size(), 1, 20'000);
        QElapsedTimer timer;
        timer.start();
        m_away->stop();
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        m_server->add(u"a1"_s, now());          // answers what was held: nobody takes it, so it comes again
        m_f->drain();
        QCOMPARE(messages(), 0);
        QCOMPARE(storedCursor(bot), QString());
        QCOMPARE(m_f->count(u"lease WHERE key LIKE 'feed:%'"_s), 0);
    }

    void ofTwoReadersOneReads()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_server->held.size(), 1, 20'000);
        // Another process takes the lease over while ours hangs: what ours still gets is not stored.
        m_f->store().run(u"UPDATE lease SET owner = 'another', lease_until = %1"_s.arg(now() + 600'000));
        m_server->add(u"a1"_s, now());
        QTRY_COMPARE_WITH_TIMEOUT(m_away->feeds().reading(), 0, 20'000);
        m_f->drain();
        QCOMPARE(messages(), 0);
        QCOMPARE(storedCursor(bot), QString());
        m_away->feeds().look();
        m_f->store().settle();
        QCoreApplication::processEvents();
        QCOMPARE(m_away->feeds().reading(), 0);
        m_f->store().run(u"DELETE FROM lease"_s);         // it has ended
        m_away->feeds().look();
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 1, 20'000);
    }

    void aForeignReaderIsToldToTheOwnerUntilItStops()
    {
        addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->status = 409;
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(notice(), u"other_reader"_s, 20'000);
        const int before = m_server->reads();
        QTRY_VERIFY_WITH_TIMEOUT(m_server->reads() >= before + 2, 20'000);
        m_server->status = 200;
        QTRY_COMPARE_WITH_TIMEOUT(notice(), QString(), 20'000);
    }

    void aForeignReaderIsAskedAboutOnceAMinute()
    {
        addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->status = 409;
        m_pauses.conflict = FeedReader::Pauses().conflict;
        QCOMPARE(m_pauses.conflict, 60'000ms);
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(notice(), u"other_reader"_s, 20'000);
        QTest::qWait(300);         // longer than any other pause here
        QCOMPARE(m_server->reads(), 1);
        m_server->status = 200;
        m_away->feeds().wake();      // a webhook that stood in the way is off
        QTRY_COMPARE_WITH_TIMEOUT(notice(), QString(), 20'000);
    }

    void nobodyIsInTheWayOfWhatIsNotRead()
    {
        addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->status = 409;
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(notice(), u"other_reader"_s, 20'000);
        m_f->store().run(u"UPDATE inbox SET delivery = 'webhook' WHERE channel = 'telegram'"_s);
        m_away->feeds().look();
        QTRY_COMPARE_WITH_TIMEOUT(notice(), QString(), 20'000);
    }

    void triesAgainWithGrowingPauses()
    {
        addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->status = 502;
        m_pauses.first = 40ms;
        m_pauses.longest = 100'000ms;
        makeAway();
        QElapsedTimer timer;
        m_away->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_server->reads() >= 1, 20'000);
        timer.start();
        QTRY_VERIFY_WITH_TIMEOUT(m_server->reads() >= 5, 20'000);
        QVERIFY2(timer.elapsed() >= 500, qPrintable(QString::number(timer.elapsed())));          // 40 + 80 + 160 + 320
        QCOMPARE(notice(), QString());
    }

    void asksNothingWhileTooMuchWaits()
    {
        addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_mayAsk = false;
        m_server->items = {{u"a1"_s, now()}};
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_away->feeds().reading(), 1, 20'000);
        QTest::qWait(200);
        QCOMPARE(m_server->reads(), 0);
        m_mayAsk = true;
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 1, 20'000);
    }

    void whatBecameOfASendIsReadSoon()
    {
        const InboxId number = addInbox(Channel::Twilio, Inbox::Delivery::Poll);
        m_server->items = {{u"a1"_s, now()}};
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(storedCursor(number), u"1"_s, 20'000);
        QTest::qWait(300);
        const int before = m_server->reads();                    // from here on it would be a minute
        m_away->feeds().expectStatus(number);
        m_away->feeds().expectStatus(number);
        QTRY_VERIFY_WITH_TIMEOUT(m_server->reads() > before, 15'000);
    }

    void aRefusedTokenAsksTheOwner()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->status = 401;
        makeAway();
        m_away->start();
        QTRY_VERIFY_WITH_TIMEOUT(!m_f->tokens().ownersRequired.isEmpty(), 20'000);
        QCOMPARE(m_f->tokens().ownersRequired.constFirst(), (std::pair<InboxId, QString>{bot, u"token_rejected"_s}));
        m_f->store().run(u"UPDATE inbox SET state = 'reauthorization_required' WHERE id = %1"_s.arg(bot.value()));
        m_away->feeds().look();
        QTRY_COMPARE_WITH_TIMEOUT(m_away->feeds().reading(), 0, 20'000);
    }

    void aSwitchedOffInboxIsNotRead()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(m_server->held.size(), 1, 20'000);
        m_f->store().run(u"UPDATE inbox SET state = 'disabled' WHERE id = %1"_s.arg(bot.value()));
        m_away->feeds().look();
        QTRY_COMPARE_WITH_TIMEOUT(m_away->feeds().reading(), 0, 20'000);
        m_server->add(u"a1"_s, now());
        m_f->drain();
        QCOMPARE(messages(), 0);
        m_f->store().run(u"UPDATE inbox SET state = 'active' WHERE id = %1"_s.arg(bot.value()));
        m_away->feeds().look();
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 1, 20'000);
    }

    void messagesThatComeAnotherWayNowLeaveNoPosition()
    {
        const InboxId bot = addInbox(Channel::Telegram, Inbox::Delivery::Poll);
        m_server->items = {{u"a1"_s, now()}};
        makeAway();
        m_away->start();
        QTRY_COMPARE_WITH_TIMEOUT(storedCursor(bot), u"1"_s, 20'000);
        m_f->store().run(u"UPDATE inbox SET delivery = 'both' WHERE id = %1"_s.arg(bot.value()));      // of a bot that means webhooks
        m_away->feeds().look();
        QTRY_COMPARE_WITH_TIMEOUT(storedCursor(bot), QString(), 20'000);
        QCOMPARE(m_away->feeds().reading(), 0);
    }

    void besideWebhooksWhatOnlyTheFeedKnewWasLost()
    {
        const InboxId number = addInbox(Channel::Twilio, Inbox::Delivery::Both);
        m_pauses.underWay = 400ms;
        m_server->items = {{u"a1"_s, now()}, {u"b1"_s, now() - 3000}};
        makeAway();
        m_away->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_server->reads() >= 1, 20'000);
        deliver(number, FedChannel::event(u"account"_s, u"a1"_s, now()));            // its webhook was under way
        QTRY_COMPARE_WITH_TIMEOUT(messages(), 2, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(storedCursor(number), u"2"_s, 20'000);
        m_f->drain();
        QCOMPARE(m_f->stats().lostFoundByPoll, 1);
        QCOMPARE(messages(), 2);
        QCOMPARE(m_f->stats().duplicates, 1);
        QCOMPARE(m_webhooks->settled, 0);
    }

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

private:
    InboxId addInbox(Channel channel, Inbox::Delivery delivery)
    {
        auto adapter = std::make_unique<FedChannel>(channel, channel == Channel::Telegram ? kBots : kNumbers);
        m_f->registry().add(std::move(adapter), std::make_unique<FakeAccounts>(channel, m_platform));
        const InboxId inbox = m_f->addInbox(Inbox{.channel = channel, .name = u"Fed"_s, .externalId = u"biz-0001-openid"_s, .delivery = delivery});
        m_f->store().run(u"UPDATE inbox SET created_at = 1 WHERE id = %1"_s.arg(inbox.value()));
        return inbox;
    }

    Feeds::Options feedOptions() const { return {.pauses = m_pauses}; }

    void makeAway()
    {
        m_away = std::make_unique<Away>(Away::Environment{m_f->store().database(), m_f->channels(), m_f->tokens(), *m_server, m_f->fetch(), *m_files,
                                                          m_f->intake().journal(), m_f->store().clock(), m_random, m_webhooks.get()},
                                        CatchUp::Options{.startDelay = 0ms, .networkDelay = 0ms, .betweenRequests = 0ms, .mayAsk = [this] { return m_mayAsk; }},
                                        feedOptions());
    }

    /// As a webhook brings it.
    void deliver(InboxId inbox, const SplitEvent &event, Channel channel = Channel::Twilio)
    {
        SplitEvent own = event;
        own.inbox = inbox;
        std::optional<Result<void>> done;
        m_f->intake().journal().store({.inboxId = inbox,
                                       .channel = channelName(channel),
                                       .receivedAt = m_f->store().clock().now(),
                                       .source = u"poll"_s,
                                       .body = fetchedBody({own}),
                                       .bodySha256 = QByteArray("x")},
                                      m_mailbox, [&done](const Result<void> &stored) { done = stored; });
        QVERIFY(QTest::qWaitFor([&done] { return done.has_value(); }, 20'000));
        QVERIFY(*done);
    }

    qint64 now() { return toUnixMs(m_f->store().clock().now()); }
    qint64 messages() { return m_f->count(u"message WHERE direction = 'incoming'"_s); }
    QString storedCursor(InboxId inbox)
    {
        return m_f->store().text(u"SELECT value FROM cursor WHERE scope = 'feed' AND inbox_id = %1"_s.arg(inbox.value())).value_or(QString());
    }
    QString notice()
    {
        return m_f->store().text(u"SELECT json_extract(settings, '$.notice.kind') FROM inbox WHERE channel != 'tiktok'"_s).value_or(QString());
    }
    std::optional<Gap> newest(InboxId inbox)
    {
        const auto all = m_f->store().read<QList<Gap>>([](ReadTransaction &tx) { return gaps::list(tx, {}, 10); });
        for (const Gap &gap : *all) {
            if (gap.inboxId == inbox)
                return gap;
        }
        return std::nullopt;
    }
    Gap settled(InboxId inbox)
    {
        std::optional<Gap> gap;
        if (!QTest::qWaitFor([&] { gap = newest(inbox); return gap && gap->state != Gap::State::Open; }, 30'000))
            qWarning("the gap is still open");
        return gap.value_or(Gap());
    }

    std::unique_ptr<IntakeFixture> m_f;
    std::unique_ptr<FilesThread> m_files;
    std::unique_ptr<FeedServer> m_server;
    std::unique_ptr<FakeWebhooks> m_webhooks;
    std::shared_ptr<FakePlatform> m_platform;
    std::unique_ptr<Away> m_away;
    FakeRandom m_random;
    Mailbox m_mailbox;
    FeedReader::Pauses m_pauses;
    bool m_mayAsk = true;
};

ANTIPHON_TEST(FeedsTest)
#include "tst_feeds.moc"
