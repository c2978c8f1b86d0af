#include "tests/outbox/outboxworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class OutboxSettlingTest : public QObject {
    Q_OBJECT

    /// The list's answer: one message of the business per id.
    static HttpReply listed(const QByteArray &id, qint64 at, const QByteArray &text, const QByteArray &source = "API")
    {
        return FakeHttpClient::reply(200, "{\"code\":0,\"data\":{\"messages\":[{\"message_id\":\"" + id + "\",\"timestamp\":" + QByteArray::number(at)
            + ",\"from_user\":{\"id\":\"biz-0001-openid\"},\"message_type\":\"TEXT\",\"text\":{\"body\":\"" + text + "\"},\"message_tag\":{\"source\":\"" + source + "\"}}]}}");
    }
    static HttpReply emptyList() { return FakeHttpClient::reply(200, "{\"code\":0,\"data\":{\"messages\":[]}}"); }

    static int sends(const OutboxWorld &world)
    {
        return int(std::count_if(world.http.requests.begin(), world.http.requests.end(), [](const HttpRequest &request) { return request.url.path().endsWith(u"/message/send/"_s); }));
    }

    static qint64 ms(const OutboxWorld &world) { return toUnixMs(const_cast<OutboxWorld &>(world).store.clock().now()); }

    /// Advances in steps so that each look at the list ends before the next.
    static void pass(OutboxWorld &world, std::chrono::seconds time)
    {
        for (auto gone = std::chrono::seconds(0); gone < time; gone += std::chrono::seconds(5)) {
            world.advance(std::chrono::seconds(5));
            world.store.settle();
            QTest::qWait(2);
        }
    }

private slots:
    void aLostAnswerIsNeverRepeated_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("cut off") << 0;
        QTest::newRow("HTTP 500") << 1;
        QTest::newRow("garbage") << 2;
        QTest::newRow("no id") << 3;
    }

    void aLostAnswerIsNeverRepeated()
    {
        QFETCH(int, kind);
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const MessageId message = world.queue(conversation, u"hi"_s);
        const MessageId next = world.queue(conversation, u"next"_s);
        const HttpReply answers[] = {FakeHttpClient::cutOff(), FakeHttpClient::reply(500, "oh"), FakeHttpClient::reply(200, "<html>"),
                                     FakeHttpClient::reply(200, "{\"code\":0,\"data\":{\"message\":{}}}")};
        world.http.script(answers[kind]);
        for (int i = 0; i < 4; ++i)
            world.http.script(emptyList());
        world.start();
        QTRY_VERIFY(world.dispatcher->isIdle() && sends(world) == 1);
        QTRY_VERIFY(world.store.integer(u"SELECT settle_until IS NOT NULL FROM outbox WHERE id = 1"_s) == 1);
        pass(world, std::chrono::seconds(85));
        QCOMPARE(world.status(message), u"sending"_s);
        QCOMPARE(world.status(next), u"queued"_s);
        world.http.script(taken("m-next"));
        pass(world, std::chrono::seconds(10));
        QTRY_COMPARE(world.status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(world.state(message), u"unknown"_s);
        QTRY_COMPARE(world.status(next), u"sent"_s);
        QCOMPARE(sends(world), 2);
    }

    void theListSettlesALostAnswer()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"hi"_s);
        world.http.script(FakeHttpClient::cutOff());
        world.start();
        QTRY_VERIFY(world.dispatcher->isIdle() && sends(world) == 1);
        QTRY_VERIFY(world.store.integer(u"SELECT settle_until IS NOT NULL FROM outbox"_s) == 1);
        world.http.script(listed("msg9", ms(world) + 100, "hi"));
        world.advance(std::chrono::seconds(3));
        QTRY_COMPARE(world.status(message), u"delivered"_s);
        QCOMPARE(world.sourceId(message), u"msg9"_s);
        QCOMPARE(world.state(message), u"sent"_s);
        QCOMPARE(sends(world), 1);
    }

    void theListShowsTheWordsWithoutTheirMarks()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"**See** [us](https://lantern.example)"_s);
        world.http.script(FakeHttpClient::cutOff());
        world.start();
        QTRY_VERIFY(world.dispatcher->isIdle() && sends(world) == 1);
        QTRY_VERIFY(world.store.integer(u"SELECT settle_until IS NOT NULL FROM outbox"_s) == 1);
        world.http.script(listed("msg9", ms(world) + 100, "See us (https://lantern.example)"));
        world.advance(std::chrono::seconds(3));
        QTRY_COMPARE(world.status(message), u"delivered"_s);
        QCOMPARE(sends(world), 1);
    }

    void othersInTheListAreNotIt_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<int>("secondsApart");
        QTest::newRow("from the phone") << QByteArray("hi") << QByteArray("APP") << 1;
        QTest::newRow("another text") << QByteArray("hello") << QByteArray("API") << 1;
        QTest::newRow("older") << QByteArray("hi") << QByteArray("API") << -60;
    }

    void othersInTheListAreNotIt()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, source);
        QFETCH(int, secondsApart);
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"hi"_s);
        world.http.script(FakeHttpClient::cutOff());
        world.start();
        QTRY_VERIFY(world.dispatcher->isIdle() && sends(world) == 1);
        const HttpReply list = listed("msg9", ms(world) + secondsApart * 1000, text, source);
        for (int i = 0; i < 4; ++i)
            world.http.script(list);
        pass(world, std::chrono::seconds(95));
        QTRY_COMPARE(world.status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(int(world.http.requests.size()), 5);
    }

    void whatIsKnownAlreadyIsNotIt()
    {
        OutboxWorld world;
        const ConversationId conversation = world.conversation(world.inbox(), u"a"_s);
        const MessageId first = world.queue(conversation, u"hi"_s);
        world.http.script(taken("msg9"));
        world.start();
        QTRY_COMPARE(world.status(first), u"sent"_s);
        const MessageId second = world.queue(conversation, u"hi"_s);
        world.http.script(FakeHttpClient::cutOff());
        world.wake();
        QTRY_VERIFY(world.dispatcher->isIdle() && sends(world) == 2);
        for (int i = 0; i < 4; ++i)
            world.http.script(listed("msg9", ms(world), "hi"));
        pass(world, std::chrono::seconds(95));
        QTRY_COMPARE(world.status(second), u"failed:outcome_unknown"_s);
        QCOMPARE(world.sourceId(first), u"msg9"_s);
    }

    void aSendOfADeadProcessIsSettledAndNeverSentAgain()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"hi"_s);
        world.start();
        QTRY_COMPARE(world.http.waiting(), 1);
        QCOMPARE(world.status(message), u"sending"_s);
        world.http.forgetWaiting();
        world.start();                                  // the first one is gone between its claim and its result
        QTRY_VERIFY(world.store.integer(u"SELECT settle_until IS NOT NULL FROM outbox"_s) == 1);
        for (int i = 0; i < 4; ++i)
            world.http.script(emptyList());
        pass(world, std::chrono::seconds(95));
        QTRY_COMPARE(world.status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(sends(world), 1);
    }

    void aSendOfADeadProcessMayBeInTheList()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"hi"_s);
        world.start();
        QTRY_COMPARE(world.http.waiting(), 1);
        world.http.forgetWaiting();
        world.start();
        QTRY_VERIFY(world.store.integer(u"SELECT settle_until IS NOT NULL FROM outbox"_s) == 1);
        QTRY_VERIFY(world.dispatcher->isRunning());   // the row is stored before the new dispatcher hears of it
        world.http.script(listed("msg9", ms(world), "hi"));
        pass(world, std::chrono::seconds(5));
        QTRY_COMPARE(world.status(message), u"delivered"_s);
        QCOMPARE(sends(world), 1);
    }

    void anAnswerThatComesAfterSomebodyElsesWordChangesNothing()
    {
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"hi"_s);
        world.start();
        QTRY_COMPARE(world.http.waiting(), 1);
        world.store.run(u"UPDATE outbox SET owner = 'another'"_s);
        world.http.answer(taken("m"));
        QTRY_VERIFY(world.dispatcher->isIdle());
        QCOMPARE(world.status(message), u"sending"_s);
        QCOMPARE(world.sourceId(message), QString());
    }

    void aFreedLaneMakesItsEchoesDue_data()
    {
        QTest::addColumn<bool>("isAnswered");
        QTest::newRow("answered") << true;
        QTest::newRow("answer lost") << false;
    }

    void aFreedLaneMakesItsEchoesDue()
    {
        QFETCH(bool, isAnswered);
        OutboxWorld world;
        const MessageId message = world.queue(world.conversation(world.inbox(), u"a"_s), u"hi"_s);
        world.store.run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, state, next_at, error_class)"
                        " VALUES (1, 1, 'tt:biz-0001-openid:a', 'm:x', 'echo', 1, 'parked', 99999999999999, 'waits_for_send'),"
                        " (1, 1, 'tt:biz-0001-openid:b', 'm:y', 'echo', 1, 'parked', 99999999999999, 'waits_for_send')"_s);
        world.start();
        QTRY_COMPARE(world.http.waiting(), 1);
        QCOMPARE(world.store.integer(u"SELECT count(*) FROM event WHERE next_at = 0"_s), 0);
        world.http.answer(isAnswered ? taken("m") : FakeHttpClient::cutOff());
        QTRY_VERIFY(world.dispatcher->isIdle());
        QCOMPARE(world.store.text(u"SELECT group_concat(dedupe_key) FROM event WHERE next_at = 0"_s), u"m:x"_s);
        QCOMPARE(world.status(message), isAnswered ? u"sent"_s : u"sending"_s);
    }
};

ANTIPHON_TEST(OutboxSettlingTest)
#include "tst_outboxsettling.moc"
