#include "tests/outbox/repeatingworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using std::chrono::milliseconds;

/// What may have arrived and is sent again, or taken back, by a person.
class OutboxRetriesTest : public RepeatingWorld {
    Q_OBJECT
private slots:
    void init() { setUp(); }
    void cleanup() { m_world.reset(); }

    void aKeyThatIsTooOldIsNotTried()
    {
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->start();
        QTRY_COMPARE(m_world->http.waiting(), 1);
        m_world->http.forgetWaiting();
        m_world->store.clock().advance(std::chrono::hours(25));
        m_world->start();
        QTRY_VERIFY(m_world->dispatcher->isRunning());
        m_world->advance(seconds(91));
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), 1);
    }

    void aConfirmedRetryUsesTheSameKeyForADay_data()
    {
        QTest::addColumn<int>("hours");
        QTest::addColumn<bool>("isSame");
        QTest::newRow("soon") << 1 << true;
        QTest::newRow("after a day") << 25 << false;
    }

    void aConfirmedRetryUsesTheSameKeyForADay()
    {
        QFETCH(int, hours);
        QFETCH(bool, isSame);
        const MessageId message = m_world->queueAlbum(m_conversation, u"hi"_s, 1);
        m_world->http.script(took("m-0"));
        m_world->http.script(FakeHttpClient::reply(500));
        m_world->start();
        const seconds pauses[] = {seconds(1), seconds(5), seconds(30)};
        for (int i = 0; i < 3; ++i) {
            QTRY_VERIFY(haveEnded(message, i + 2));
            m_world->http.script(FakeHttpClient::reply(500));
            m_world->advance(pauses[i]);
        }
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), 5);
        const int before = requests();
        m_world->store.clock().advance(std::chrono::hours(hours));
        m_world->http.script(took("m-1"));
        const auto retried = m_world->store.write<void>(
            [message](WriteTransaction &tx) { return outbox::retry(tx, message, true, {}, std::chrono::hours(24)); });
        QVERIFY(retried);
        m_world->wake();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(requests(), before + 1);
        QCOMPARE(key(size_t(before)) == key(1), isSame);
    }

    /// The first call may have arrived. Its confirmed retry with the same key is a repeat like any other: queued, it would leave when the platform knows the key no more.
    void aConfirmedRetryThatNeedsTheOwnerIsAskedAgain()
    {
        const MessageId message = loseAnswers();
        const int before = requests();
        m_world->store.clock().advance(std::chrono::hours(1));
        m_world->http.script(FakeHttpClient::reply(401));
        m_world->http.script(FakeHttpClient::reply(401));
        retryConfirmed(message);
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), before + 2);
        QCOMPARE(key(size_t(before)), key(0));
        QCOMPARE(m_world->tokens.ownerReasons.size(), 1);
        m_world->tokens.reconnect(m_inbox);
        comesBackAfterADay();
        QCOMPARE(requests(), before + 2);
        askedBeforeARetry(message);
    }

    void aConfirmedRetryThatWaitedTooLongIsAskedAgain()
    {
        const MessageId message = loseAnswers();
        const int before = requests();
        m_world->tokens.requireOwner(m_inbox, u"token_rejected"_s);
        retryConfirmed(message);
        m_world->store.settle();
        QCOMPARE(m_world->status(message), u"queued"_s);
        m_world->store.clock().advance(std::chrono::hours(25));
        m_world->store.run(u"UPDATE outbox SET created_at = created_at + 90000000"_s);      // what waits for its owner grows no older
        m_world->tokens.reconnect(m_inbox);
        m_world->wake();
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), before);
        askedBeforeARetry(message);
        // Confirmed once more it goes with a key of its own.
        m_world->http.script(took("m-1"));
        retryConfirmed(message);
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(requests(), before + 1);
        QVERIFY(key(size_t(before)) != key(0));
    }

    void whatMayHaveArrivedAndMayNotLeaveAgainStaysUnknown_data()
    {
        QTest::addColumn<QString>("how");
        QTest::addColumn<QString>("meanwhile");
        const QString blocked = u"UPDATE conversation SET attributes = '{\"cannot_reply\":\"blocked\"}'"_s;
        QTest::newRow("too old") << u"key"_s << QString();
        QTest::newRow("blocked") << u"key"_s << blocked;
        QTest::newRow("the window closed") << u"key"_s << u"UPDATE conversation SET window_closes_at = 1"_s;
        QTest::newRow("it can't be loaded") << u"key"_s << u"UPDATE message SET deleted = TRUE"_s;
        QTest::newRow("it went with an answer token, too old") << u"token"_s << QString();
        QTest::newRow("it went with an answer token, blocked") << u"token"_s << blocked;
        QTest::newRow("without keys, too old") << u"no key"_s << QString();
        QTest::newRow("without keys, blocked") << u"no key"_s << blocked;
    }

    /// Its confirmed retry waits for the owner, and in the end may not leave: the first request may have arrived all the same.
    void whatMayHaveArrivedAndMayNotLeaveAgainStaysUnknown()
    {
        QFETCH(QString, how);
        QFETCH(QString, meanwhile);
        const MessageId message = loseAnswers(how);
        QCOMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        const int before = requests();
        m_world->tokens.requireOwner(m_inbox, u"token_rejected"_s);
        retryConfirmed(message);
        m_world->store.settle();
        QCOMPARE(m_world->status(message), u"queued"_s);
        const QString was = meanwhile.isEmpty() ? QString() : m_world->store.text(u"SELECT attributes FROM conversation"_s).value_or(QString());
        if (meanwhile.isEmpty())
            m_world->store.clock().advance(std::chrono::hours(25));
        else
            m_world->store.run(meanwhile);
        m_world->tokens.reconnect(m_inbox);
        m_world->wake();
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), before);
        askedBeforeARetry(message);
        // Confirmed once more it goes, once.
        m_world->store.run(u"UPDATE conversation SET attributes = '%1', window_closes_at = NULL"_s.arg(was.isEmpty() ? u"{}"_s : was));
        m_world->store.run(u"UPDATE message SET deleted = FALSE"_s);
        m_world->http.script(took("m-1"));
        retryConfirmed(message);
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(requests(), before + 1);
    }

    void whatSurelyDidNotArriveExpiresAsSuch()
    {
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(FakeHttpClient::cutOff());
        m_world->http.script(FakeHttpClient::reply(400));
        m_world->start();
        QTRY_VERIFY(haveEnded(message, 1));
        m_world->advance(milliseconds(1001));
        QTRY_COMPARE(m_world->status(message), u"failed:100"_s);       // the repeat tells of the first one, too
        m_world->tokens.requireOwner(m_inbox, u"token_rejected"_s);
        retryConfirmed(message);
        m_world->store.clock().advance(std::chrono::hours(25));
        m_world->tokens.reconnect(m_inbox);
        m_world->wake();
        QTRY_COMPARE(m_world->status(message), u"failed:expired"_s);
        QCOMPARE(requests(), 2);
    }

    void whatMayHaveArrivedIsTakenOutOfTheQueueAsUnknown_data()
    {
        QTest::addColumn<QString>("how");
        for (const char *how : {"key", "token", "no key"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }

    void whatMayHaveArrivedIsTakenOutOfTheQueueAsUnknown()
    {
        QFETCH(QString, how);
        const MessageId message = loseAnswers(how);
        const int before = requests();
        m_world->tokens.requireOwner(m_inbox, u"token_rejected"_s);
        retryConfirmed(message);
        m_world->store.settle();
        const auto cancelled = m_world->store.write<bool>([message](WriteTransaction &tx) { return outbox::cancel(tx, message); });
        QVERIFY(cancelled && *cancelled);
        QCOMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        m_world->tokens.reconnect(m_inbox);
        m_world->advance(seconds(5));
        m_world->store.settle();
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        QCOMPARE(requests(), before);
        askedBeforeARetry(message);
    }
};

ANTIPHON_TEST(OutboxRetriesTest)
#include "tst_outboxretries.moc"
