#include "tests/outbox/outboxworld.h"
#include "tests/support/testmain.h"

#include <QSemaphore>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class OutboxDispatcherTest : public QObject {
    Q_OBJECT
private slots:
    void commitsSendingBeforeTheRequestLeaves()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"cnv+1=="_s);
        const MessageId message = world.queue(conversation, u"Yes, **two** left."_s);
        QCOMPARE(world.status(message), u"queued"_s);
        world.start();
        QTRY_COMPARE(world.http.waiting(), 1);
        QCOMPARE(world.status(message), u"sending"_s);
        QCOMPARE(world.store.integer(u"SELECT count(*) FROM send_attempt WHERE finished_at IS NULL"_s), 1);
        QVERIFY(world.http.requests.front().body.contains("\"body\":\"Yes, **two** left.\""));
        QVERIFY(world.http.requests.front().headers.contains({"Access-Token", "act.1"}));
        world.http.answer(taken("msg1"));
        QTRY_COMPARE(world.status(message), u"sent"_s);
        QCOMPARE(world.sourceId(message), u"msg1"_s);
        QCOMPARE(world.store.text(u"SELECT request_id || ' ' || platform_id || ' ' || http_status || ' ' || bytes_sent FROM send_attempt"_s), u"r1 msg1 200 1"_s);
        QTRY_VERIFY(world.dispatcher->isIdle());
        QVERIFY(world.freed > 0);
    }

    void countsAsDeliveredAfterAMinuteEvenAcrossARestart()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"c"_s), u"hi"_s);
        world.http.script(taken("msg1"));
        world.start();
        QTRY_COMPARE(world.status(message), u"sent"_s);
        world.start();
        world.advance(std::chrono::seconds(59));
        world.store.settle();
        QCOMPARE(world.status(message), u"sent"_s);
        world.advance(std::chrono::seconds(2));
        QTRY_COMPARE(world.status(message), u"delivered"_s);
        QCOMPARE(int(world.http.requests.size()), 1);
    }

    void keepsTheOrderOfALaneAndRunsLanesBesideEachOther()
    {
        OutboxWorld world;
        const InboxId inbox = world.inbox();
        const ConversationId one = world.conversation(inbox, u"a"_s);
        const ConversationId two = world.conversation(inbox, u"b"_s);
        const MessageId first = world.queue(one, u"first"_s);
        const MessageId second = world.queue(one, u"second"_s);
        const MessageId other = world.queue(two, u"other"_s);
        world.start();
        QTRY_COMPARE(world.http.waiting(), 2);
        world.wake();
        world.store.settle();
        QTest::qWait(20);
        QCOMPARE(world.http.waiting(), 2);
        QCOMPARE(world.status(second), u"queued"_s);
        world.http.answer(taken("m-first"));
        QTRY_COMPARE(world.http.waiting(), 2);
        QCOMPARE(world.status(first), u"sent"_s);
        QCOMPARE(world.status(second), u"sending"_s);
        world.http.answer(taken("m-other"));
        world.http.answer(taken("m-second"));
        QTRY_COMPARE(world.status(second), u"sent"_s);
        QTRY_COMPARE(world.status(other), u"sent"_s);
    }

    void aFailedSendLetsTheNextOneGo()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const MessageId first = world.queue(conversation, u"first"_s);
        const MessageId second = world.queue(conversation, u"second"_s);
        world.http.script(code(40064));
        world.http.script(taken("m2"));
        world.start();
        QTRY_COMPARE(world.status(first), u"failed:40064"_s);
        QTRY_COMPARE(world.status(second), u"sent"_s);
        QVERIFY(world.store.text(u"SELECT error_text FROM message WHERE id = %1"_s.arg(first.value()))->startsWith(u"Words of the platform."_s));
        QCOMPARE(world.store.text(u"SELECT code || ' ' || request_id FROM send_attempt WHERE message_id = %1"_s.arg(first.value())), u"40064 2026R"_s);
    }

    void aRateLimitStopsTheInboxAndOnlyIt()
    {
        OutboxWorld world;
        const InboxId limited = world.inbox();
        const InboxId free = world.inbox(u"biz-2"_s);
        const MessageId first = world.queue(world.conversation(limited, u"a"_s), u"first"_s);
        world.http.script(code(40100));
        world.start();
        QTRY_VERIFY(world.dispatcher->isIdle() && world.http.requests.size() == 1);
        QCOMPARE(world.status(first), u"queued"_s);
        const MessageId second = world.queue(world.conversation(limited, u"b"_s), u"second"_s);
        const MessageId other = world.queue(world.conversation(free, u"c"_s), u"other"_s);
        world.http.script(taken("m-other"));
        world.wake();
        QTRY_COMPARE(world.status(other), u"sent"_s);
        QCOMPARE(world.status(second), u"queued"_s);
        world.http.script(taken("m1"));
        world.http.script(taken("m2"));
        world.advance(std::chrono::milliseconds(1001));
        QTRY_COMPARE(world.status(first), u"sent"_s);
        QTRY_COMPARE(world.status(second), u"sent"_s);
    }

    void obeysRetryAfter()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"x"_s);
        world.http.script(FakeHttpClient::reply(429, "{\"code\":40100,\"message\":\"slow\"}", {{"Retry-After", "30"}}));
        world.start();
        QTRY_VERIFY(world.dispatcher->isIdle() && world.http.requests.size() == 1);
        world.advance(std::chrono::seconds(29));
        world.store.settle();
        QTest::qWait(20);
        QCOMPARE(int(world.http.requests.size()), 1);
        world.http.script(taken("m"));
        world.advance(std::chrono::seconds(2));
        QTRY_COMPARE(world.status(message), u"sent"_s);
    }

    void renewsARejectedTokenOnce()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"x"_s);
        world.http.script(code(40105));
        world.http.script(taken("m"));
        world.start();
        QTRY_COMPARE(world.status(message), u"sent"_s);
        QCOMPARE(world.tokens.renewals, 1);
        QVERIFY(world.http.requests.back().headers.contains({"Access-Token", "act.2"}));
        QVERIFY(world.tokens.ownerReasons.isEmpty());
    }

    void waitsForItsOwnerAndLeavesAfterTheReconnect()
    {
        OutboxWorld world;
        const InboxId inbox = world.inbox();
        const MessageId message = world.queue(world.conversation(inbox, u"a"_s), u"x"_s);
        world.http.script(code(40105));
        world.http.script(code(40105));
        world.start();
        QTRY_COMPARE(world.tokens.ownerReasons, QStringList{u"token_rejected"_s});
        QTRY_COMPARE(world.status(message), u"queued"_s);
        world.advance(std::chrono::seconds(10));
        world.store.settle();
        QTest::qWait(20);
        QCOMPARE(int(world.http.requests.size()), 2);
        QCOMPARE(world.store.text(u"SELECT state FROM inbox"_s), u"reauthorization_required"_s);
        world.http.script(taken("m"));
        world.tokens.reconnect(inbox);
        world.dispatcher->wakeInbox(inbox);
        QTRY_COMPARE(world.status(message), u"sent"_s);
        QVERIFY(world.http.requests.back().headers.contains({"Access-Token", "act.new"}));
    }

    void aMissingPermissionNeedsItsOwnerAtOnce()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"x"_s);
        world.http.script(code(40001));
        world.start();
        QTRY_COMPARE(world.tokens.ownerReasons, QStringList{u"permission_missing"_s});
        QTRY_COMPARE(world.status(message), u"queued"_s);
        QCOMPARE(world.tokens.renewals, 0);
    }

    void aLockedKeychainDelaysOnly()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"x"_s);
        world.tokens.credentialsError = Error{Error::Kind::Unavailable, u"locked"_s};
        world.start();
        for (int i = 0; i < 6; ++i) {
            QTRY_VERIFY(world.dispatcher->isIdle());
            world.advance(std::chrono::seconds(20));
            world.store.settle();
        }
        QVERIFY(!world.status(message).startsWith(u"failed"_s));
        world.tokens.credentialsError.reset();
        world.http.script(taken("m"));
        world.advance(std::chrono::seconds(20));
        QTRY_COMPARE(world.status(message), u"sent"_s);
    }

    void triesWhatWasNotTakenThreeTimesMore()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const MessageId message = world.queue(conversation, u"x"_s);
        for (int i = 0; i < 4; ++i)
            world.http.script(code(51065));
        world.start();
        for (int i = 1; i < 4; ++i) {
            QTRY_VERIFY(world.dispatcher->isIdle() && int(world.http.requests.size()) == i);
            QTRY_COMPARE(world.status(message), u"queued"_s);
            world.advance(std::chrono::seconds(16));
        }
        QTRY_COMPARE(world.status(message), u"failed:51065"_s);
        QCOMPARE(world.store.integer(u"SELECT error_retryable FROM message"_s), 1);
        QCOMPARE(int(world.http.requests.size()), 4);
    }

    void whatDidNotLeaveIsTriedAgain()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"x"_s);
        world.http.script(FakeHttpClient::notSent());
        world.start();
        QTRY_VERIFY(world.dispatcher->isIdle() && world.http.requests.size() == 1);
        QTRY_COMPARE(world.status(message), u"queued"_s);
        world.http.script(taken("m"));
        world.store.run(u"UPDATE outbox SET next_at = next_at + 1000000"_s);
        world.dispatcher->networkUp();
        QTRY_COMPARE(world.status(message), u"sent"_s);
        QCOMPARE(world.store.integer(u"SELECT count(*) FROM send_attempt"_s), 2);
    }

    void looksAtTheWindowAgainAtTheMomentOfSending_data()
    {
        QTest::addColumn<int>("secondsLeft");
        QTest::addColumn<QString>("status");
        QTest::newRow("closed now") << 0 << u"failed:window_closed"_s;
        QTest::newRow("closed by one second") << -1 << u"failed:window_closed"_s;
        QTest::newRow("open by one second") << 1 << u"sent"_s;
    }

    void looksAtTheWindowAgainAtTheMomentOfSending()
    {
        QFETCH(int, secondsLeft);
        QFETCH(QString, status);
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"x"_s);
        world.store.run(u"UPDATE conversation SET window_closes_at = %1"_s.arg(toUnixMs(world.store.clock().now()) + secondsLeft * 1000));
        world.http.script(taken("m"));
        world.start();
        QTRY_COMPARE(world.status(message), status);
        QCOMPARE(int(world.http.requests.size()), secondsLeft > 0 ? 1 : 0);
    }

    void failsAfterADay()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"x"_s);
        world.store.clock().advance(std::chrono::hours(24));
        world.start();
        QTRY_COMPARE(world.status(message), u"failed:expired"_s);
        QVERIFY(world.http.requests.empty());
    }

    void uploadsThenSendsAPicture()
    {
        OutboxWorld world;
        const MessageId message = world.queuePicture(world.conversation(world.inbox(), u"a"_s), "\x89PNG bytes");
        world.http.script(FakeHttpClient::reply(200, "{\"code\":0,\"data\":{\"media_id\":\"media-5\"}}"));
        world.http.script(taken("m"));
        world.start();
        QTRY_COMPARE(world.status(message), u"sent"_s);
        QVERIFY(world.http.requests.front().body.contains("\x89PNG bytes"));
        QVERIFY(world.http.requests.back().body.contains("\"media_id\":\"media-5\""));
    }

    void staysWithinTheRate()
    {
        OutboxWorld world;
        const InboxId inbox = world.inbox();
        for (int i = 0; i < 14; ++i) {
            world.queue(world.conversation(inbox, u"c%1"_s.arg(i)), u"x"_s);
            world.http.script(taken("m" + QByteArray::number(i)));
        }
        world.start();
        QTRY_COMPARE(int(world.http.requests.size()), 10);
        QTRY_VERIFY(world.dispatcher->isIdle());
        world.wake();
        world.store.settle();
        QTest::qWait(20);
        QCOMPARE(int(world.http.requests.size()), 10);
        world.advance(std::chrono::milliseconds(1001));
        QTRY_COMPARE(world.store.integer(u"SELECT count(*) FROM message WHERE status = 'sent'"_s), 14);
    }

    void keepsAResultUntilTheStoreTakesIt()
    {
        std::atomic<bool> refuses{false};
        OutboxWorld world(nullptr, {}, [&refuses](const QString &sql) {
            return refuses && sql.contains(u"state = 'sent', next_at = :deliver"_s) ? StatementFault::Fail : StatementFault::None;
        });
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"x"_s);
        world.start();
        QTRY_COMPARE(world.http.waiting(), 1);
        refuses = true;
        world.http.answer(taken("m"));
        QTest::qWait(300);
        QVERIFY(!world.dispatcher->isIdle());
        refuses = false;
        QTRY_COMPARE_WITH_TIMEOUT(world.status(message), u"sent"_s, 20000);
        QCOMPARE(int(world.http.requests.size()), 1);
    }

    void stopsOnceWhatIsUnderWayHasEnded()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const MessageId first = world.queue(conversation, u"x"_s);
        const MessageId second = world.queue(conversation, u"y"_s);
        world.start();
        QTRY_COMPARE(world.http.waiting(), 1);
        bool isStopped = false;
        world.dispatcher->stop([&isStopped] { isStopped = true; });
        QVERIFY(!isStopped);
        world.http.answer(taken("m"));
        QTRY_VERIFY(isStopped);
        QCOMPARE(world.status(first), u"sent"_s);
        QCOMPARE(world.status(second), u"queued"_s);
    }

    void aStopPutsBackWhatWasClaimedAndHasNotLeft()
    {
        std::atomic<bool> isClaiming{false};
        QSemaphore gate;
        OutboxWorld world(nullptr, {}, [&](const QString &sql) {
            if (sql.startsWith(u"UPDATE outbox SET state = 'sending'"_s) && !isClaiming.exchange(true))
                gate.acquire();
            return StatementFault::None;
        });
        const InboxId inbox = world.inbox();
        QList<MessageId> sends;
        for (int i = 0; i < 3; ++i)
            sends.append(world.queue(world.conversation(inbox, u"c%1"_s.arg(i)), u"x"_s));
        world.start();
        QTRY_VERIFY(isClaiming);
        bool isStopped = false;
        world.dispatcher->stop([&isStopped] { isStopped = true; });
        const bool wasStoppedAtOnce = isStopped;
        gate.release();
        QVERIFY(!wasStoppedAtOnce);
        QTRY_VERIFY(isStopped);
        for (const MessageId send : std::as_const(sends)) {
            QCOMPARE(world.status(send), u"queued"_s);
            QCOMPARE(world.state(send), u"queued"_s);
        }
        QCOMPARE(int(world.http.requests.size()), 0);
        QCOMPARE(world.store.integer(u"SELECT sum(attempts) FROM outbox"_s), 0);
        QCOMPARE(world.store.integer(u"SELECT count(*) FROM send_attempt WHERE finished_at IS NOT NULL AND code = 'stopping' AND NOT bytes_sent"_s), 3);

        // The next run sends each once.
        for (const char *id : {"m0", "m1", "m2"})
            world.http.script(taken(id));
        world.start();
        for (const MessageId send : std::as_const(sends))
            QTRY_COMPARE(world.status(send), u"sent"_s);
        QCOMPARE(int(world.http.requests.size()), 3);
    }

    void aStopBeforeTheFirstClaimIsFinal()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"x"_s);
        world.start();
        bool isStopped = false;
        world.dispatcher->stop([&isStopped] { isStopped = true; });
        QVERIFY(isStopped);
        world.store.settle();                        // its start is committed, and answered next
        QTest::qWait(20);
        QVERIFY(world.dispatcher->isIdle());
        world.store.settle();
        QCOMPARE(world.status(message), u"queued"_s);
        QCOMPARE(int(world.http.requests.size()), 0);
    }

    void anAnswerThatFailsLetsTheCustomerWaitAgain()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const qint64 now = toUnixMs(world.store.clock().now());
        world.store.run(u"INSERT INTO message (conversation_id, inbox_id, direction, content, sender_type, created_at, received_at, updated_at)"
                        " SELECT id, inbox_id, 'incoming', 'Is it there?', 'contact', %1, %1, %1 FROM conversation"_s.arg(now - 60'000));
        const MessageId answer = world.queue(conversation, u"Yes."_s);
        world.store.run(u"UPDATE conversation SET waiting_since = NULL, first_reply_created_at = %1"_s.arg(now));   // as the desk does when it queues
        const auto waiting = [&world] {
            return world.store.text(u"SELECT coalesce(waiting_since, '-') || ' ' || coalesce(first_reply_created_at, '-') FROM conversation"_s).value_or(u"?"_s);
        };
        const auto told = [&world] { return world.store.integer(u"SELECT count(*) FROM change WHERE type = 'conversation.updated'"_s).value_or(0); };
        world.start();
        QTRY_COMPARE(world.http.waiting(), 1);
        const qint64 toldBefore = told();
        world.http.answer(code(40064));
        QTRY_COMPARE(world.status(answer), u"failed:40064"_s);
        QCOMPARE(waiting(), u"%1 -"_s.arg(now - 60'000));
        QCOMPARE(told(), toldBefore + 1);

        const auto retried = world.store.write<void>([answer](WriteTransaction &tx) { return outbox::retry(tx, answer, false, {}); });
        QVERIFY(retried);
        QCOMPARE(waiting(), u"- %1"_s.arg(now));
        world.http.script(taken("m1"));
        world.wake();
        QTRY_COMPARE(world.status(answer), u"sent"_s);
        QCOMPARE(waiting(), u"- %1"_s.arg(now));
    }

    void aFailureBesideAnotherAnswerChangesNobodysWaiting()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const MessageId first = world.queue(conversation, u"Yes."_s);
        const qint64 answeredAt = toUnixMs(world.store.clock().now());
        world.store.run(u"UPDATE conversation SET first_reply_created_at = %1"_s.arg(answeredAt));
        world.http.script(taken("m1"));
        world.start();
        QTRY_COMPARE(world.status(first), u"sent"_s);
        const MessageId second = world.queue(conversation, u"Two left."_s);
        world.http.script(code(40064));
        world.wake();
        QTRY_COMPARE(world.status(second), u"failed:40064"_s);
        QCOMPARE(world.store.integer(u"SELECT first_reply_created_at FROM conversation WHERE waiting_since IS NULL"_s), answeredAt);
    }
};

ANTIPHON_TEST(OutboxDispatcherTest)
#include "tst_outboxdispatcher.moc"
