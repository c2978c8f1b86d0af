#include "tests/intake/feedworld.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Reading the feeds of accounts.
class FeedsTest : public QObject, private FeedWorld {
    Q_OBJECT
private slots:
    void init() { begin(); }
    void cleanup() { end(); }

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
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
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
};

ANTIPHON_TEST(FeedsTest)
#include "tst_feeds.moc"
