#include "tests/outbox/repeatingworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using std::chrono::milliseconds;

/// A call whose answer was lost is made again by itself, the same with the same key.
class OutboxRepeatsTest : public RepeatingWorld {
    Q_OBJECT
private slots:
    void init() { setUp(); }
    void cleanup() { m_world.reset(); }

    void repeatsAsItWasAndThenSaysSo()
    {
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        const MessageId next = m_world->queue(m_conversation, u"next"_s);
        m_world->http.script(FakeHttpClient::reply(500));
        m_world->start();
        QTRY_VERIFY(haveEnded(message, 1));
        const seconds pauses[] = {seconds(1), seconds(5), seconds(30)};
        for (int i = 0; i < 3; ++i) {
            m_world->advance(pauses[i] - milliseconds(100));
            m_world->store.settle();
            QCOMPARE(requests(), i + 1);
            QCOMPARE(m_world->status(message), u"sending"_s);
            QCOMPARE(m_world->status(next), u"queued"_s);
            m_world->http.script(i == 0 ? FakeHttpClient::cutOff() : FakeHttpClient::reply(500));
            if (i == 2)
                m_world->http.script(took("m-next"));
            m_world->advance(milliseconds(101));
            QTRY_VERIFY(haveEnded(message, i + 2));
        }
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QTRY_COMPARE(m_world->status(next), u"sent"_s);
        QCOMPARE(requests(), 5);
        for (size_t i = 1; i < 4; ++i)
            QCOMPARE(body(i), body(0));
        QVERIFY(!key(0).isEmpty());
        QVERIFY(key(4) != key(0));
    }

    void whatTheRepeatSaysCounts_data()
    {
        QTest::addColumn<int>("http");
        QTest::addColumn<QString>("status");
        QTest::newRow("taken") << 200 << u"sent"_s;
        QTest::newRow("refused") << 400 << u"failed:100"_s;
    }

    void whatTheRepeatSaysCounts()
    {
        QFETCH(int, http);
        QFETCH(QString, status);
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(FakeHttpClient::cutOff());
        m_world->http.script(http == 200 ? took("m-1") : FakeHttpClient::reply(http));
        m_world->start();
        QTRY_VERIFY(haveEnded(message, 1));
        m_world->advance(milliseconds(1001));
        QTRY_COMPARE(m_world->status(message), status);
        QCOMPARE(requests(), 2);
        QTRY_VERIFY(m_world->dispatcher->isIdle());
    }

    void aRepeatThatSurelyDidNotArriveSettlesNothing()
    {
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(FakeHttpClient::reply(500));
        m_world->http.script(FakeHttpClient::reply(429));
        m_world->http.script(took("m-1"));
        m_world->start();
        QTRY_VERIFY(haveEnded(message, 1));
        m_world->advance(milliseconds(1001));
        QTRY_VERIFY(haveEnded(message, 2));
        QCOMPARE(m_world->status(message), u"sending"_s);       // never back to queued: it can't be taken back any more
        for (int i = 0; i < 10 && requests() < 3; ++i) {
            m_world->advance(seconds(5));
            m_world->store.settle();
        }
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(key(2), key(0));
    }

    void aRepeatThatNeedsTheOwnerIsSaidToBeUnknown_data()
    {
        QTest::addColumn<bool>("isRefused");
        QTest::newRow("the platform refuses the token") << true;
        QTest::newRow("there is no token any more") << false;
    }

    void aRepeatThatNeedsTheOwnerIsSaidToBeUnknown()
    {
        QFETCH(bool, isRefused);
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(FakeHttpClient::cutOff());
        m_world->start();
        QTRY_VERIFY(haveEnded(message, 1));
        if (isRefused) {
            m_world->http.script(FakeHttpClient::reply(401));
            m_world->http.script(FakeHttpClient::reply(401));      // with the renewed token, too
        } else {
            m_world->tokens.credentialsError = Error{Error::Kind::Unauthorized, u"gone"_s};
        }
        m_world->advance(milliseconds(1001));
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), isRefused ? 3 : 1);
        askedBeforeARetry(message);
    }

    void aKilledRepeatWaitsForAnAddressAsSending()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, QString(), 1);
        killWhileOut();
        const auto links = std::exchange(m_world->makeLink, {});
        m_world->start();
        QTRY_VERIFY(haveEnded(message, 1));
        QCOMPARE(m_world->status(message), u"sending"_s);
        const auto cancelled = m_world->store.write<bool>([message](WriteTransaction &tx) { return outbox::cancel(tx, message); });
        QVERIFY(cancelled && !*cancelled);
        m_world->makeLink = links;
        m_world->http.script(took("m-0"));
        m_world->advance(seconds(15));
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(requests(), 2);
        QCOMPARE(key(1), key(0));
    }

    void aKilledRepeatWithoutAnAddressIsSaidToBeUnknownInTime()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, QString(), 2);
        m_world->http.script(took("m-0"));
        m_world->start();
        QTRY_COMPARE(m_world->http.waiting(), 1);               // the second one is out
        m_world->http.forgetWaiting();
        m_world->makeLink = {};
        const Timestamp began = m_world->store.clock().now();
        m_world->start();
        for (int tries = 2; tries <= 6; ++tries) {
            QTRY_VERIFY(haveEnded(message, tries));
            if (tries < 6) {
                QCOMPARE(m_world->status(message), u"sending"_s);
                m_world->advance(seconds(15));
            }
        }
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QVERIFY(m_world->store.clock().now() - began < seconds(90));
        QCOMPARE(requests(), 2);
        askedBeforeARetry(message);
    }

    void aKilledRepeatWithoutItsFileIsSaidToBeUnknown()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, QString(), 1);
        killWhileOut();
        m_world->makeLink = [](const LinkedFile &) { return Result<QUrl>(Error{Error::Kind::NotFound, u"gone"_s}); };
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), 1);
        askedBeforeARetry(message);
    }

    void aRepeatThatAStopCutsShortIsTheNextStarts()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, QString(), 1);
        killWhileOut();
        const auto links = m_world->makeLink;
        bool isStopped = false;
        m_world->makeLink = [this, links, &isStopped](const LinkedFile &file) {
            m_world->dispatcher->stop([&isStopped] { isStopped = true; });
            return links(file);
        };
        m_world->start();
        QTRY_VERIFY(isStopped);
        QVERIFY(m_world->dispatcher->isIdle());
        QCOMPARE(m_world->status(message), u"sending"_s);
        QCOMPARE(requests(), 1);
        m_world->makeLink = links;
        m_world->http.script(took("m-0"));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(requests(), 2);
        QCOMPARE(key(1), key(0));
    }

    void neverBeginsWhatCouldNotEndInTime()
    {
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->start();
        for (int i = 0; i < 3; ++i) {
            QTRY_COMPARE(m_world->http.waiting(), 1);
            m_world->store.clock().advance(seconds(20));
            m_world->http.answer(FakeHttpClient::cutOff());
            QTRY_VERIFY(haveEnded(message, i + 1));
            if (i < 2)
                m_world->advance(i == 0 ? seconds(1) : seconds(5));
        }
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);      // after 66 s: the next would begin after 96
        QCOMPARE(requests(), 3);
    }

    void afterAKillItIsRepeatedAtTheNextStart_data()
    {
        QTest::addColumn<bool>("isPausing");
        QTest::newRow("while the request is out") << false;
        QTest::newRow("between two of them") << true;
    }

    void afterAKillItIsRepeatedAtTheNextStart()
    {
        QFETCH(bool, isPausing);
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->start();
        QTRY_COMPARE(m_world->http.waiting(), 1);
        if (isPausing) {
            m_world->http.answer(FakeHttpClient::reply(500));
            QTRY_VERIFY(haveEnded(message, 1));
        }
        m_world->http.forgetWaiting();
        m_world->store.clock().advance(std::chrono::hours(2));
        m_world->http.script(took("m-1"));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(requests(), 2);
        QCOMPARE(key(1), key(0));
        QCOMPARE(m_world->sourceId(message), u"m-1"_s);
    }

    void eachPartHasAKeyOfItsOwn()
    {
        const MessageId message = m_world->queueAlbum(m_conversation, u"hi"_s, 2);
        m_world->http.script(took("m-0"));
        m_world->http.script(FakeHttpClient::reply(500));
        m_world->http.script(took("m-1"));
        m_world->http.script(took("m-2"));
        m_world->start();
        QTRY_COMPARE(requests(), 2);
        m_world->store.settle();
        QTRY_VERIFY(m_world->dispatcher->isIdle());
        m_world->advance(milliseconds(1001));
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(requests(), 4);
        QCOMPARE(key(2), key(1));
        QVERIFY(key(0) != key(1) && key(1) != key(3) && key(0) != key(3));
        for (const QString &one : {key(0), key(1), key(3)})
            QVERIFY(!QUuid::fromString(one).isNull());
        QCOMPARE(m_world->store.text(u"SELECT group_concat(idem_key, ' ') FROM (SELECT idem_key FROM send_attempt ORDER BY n)"_s),
                 QStringList({key(0), key(1), key(2), key(3)}).join(u' '));
    }

    void withoutKeysNothingIsRepeated()
    {
        m_graph->shown.sameKeyFor = seconds(0);
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(FakeHttpClient::reply(500));
        m_world->start();
        QTRY_VERIFY(haveEnded(message, 1));
        for (int i = 0; i < 10; ++i) {
            m_world->advance(seconds(9));
            m_world->store.settle();
        }
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), 1);
    }
};

ANTIPHON_TEST(OutboxRepeatsTest)
#include "tst_outboxrepeats.moc"
