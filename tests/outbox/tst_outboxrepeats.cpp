#include "core/store/messagerepository.h"
#include "core/store/replytokenrepository.h"
#include "tests/outbox/fakegraph.h"
#include "tests/outbox/outboxworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

HttpReply took(const QByteArray &id, const QByteArray &more = {})
{
    return FakeHttpClient::reply(200, "{\"id\":\"" + id + "\"" + more + "}");
}

} // namespace

/// A platform that takes a call with the same key once only, and gives tokens that are good for one answer.
class OutboxRepeatsTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_world = std::make_unique<OutboxWorld>();
        auto graph = std::make_unique<FakeGraph>();
        m_graph = graph.get();
        m_graph->shown.sameKeyFor = std::chrono::hours(24);
        m_world->channels.add(std::move(graph), nullptr);
        m_world->makeLink = [](const LinkedFile &file) { return Result<QUrl>(QUrl(u"https://desk.example/media/"_s + file.name)); };
        m_inbox = m_world->inbox(u"ig-1"_s, Channel::Instagram);
        m_conversation = m_world->conversation(m_inbox, u"igsid-1"_s);
    }
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

    void anAnswerTokenGoesWithTheFirstCallAndOnce()
    {
        giveToken(u"rt-1"_s);
        const MessageId first = m_world->queueAlbum(m_conversation, u"hi"_s, 1);
        const MessageId second = m_world->queue(m_conversation, u"and"_s);
        m_world->start();
        QTRY_COMPARE(m_world->http.waiting(), 1);
        QVERIFY(m_world->store.integer(u"SELECT used_at IS NOT NULL FROM reply_token"_s) == 1);      // before the request left
        m_world->http.script(took("m-1"));
        m_world->http.script(took("m-2"));
        m_world->http.answer(took("m-0"));
        QTRY_COMPARE(m_world->status(second), u"sent"_s);
        QCOMPARE(m_world->status(first), u"sent"_s);
        QCOMPARE(tokens(), QStringList({u"rt-1"_s, QString(), QString()}));
        QVERIFY(key(0).isEmpty() && !key(1).isEmpty());
    }

    void anOldTokenIsNotUsed()
    {
        giveToken(u"rt-1"_s);
        m_world->store.clock().advance(seconds(50));
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(took("m-0"));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(tokens(), QStringList({QString()}));
    }

    void aLostAnswerToATokenIsSaidAtOnce()
    {
        giveToken(u"rt-1"_s);
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(FakeHttpClient::cutOff());
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), 1);
    }

    void aTokenCallThatWasKilledIsNeverRepeated()
    {
        giveToken(u"rt-1"_s);
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->start();
        QTRY_COMPARE(m_world->http.waiting(), 1);
        m_world->http.forgetWaiting();
        m_world->start();
        QTRY_VERIFY(m_world->dispatcher->isRunning());
        m_world->advance(seconds(91));
        QTRY_COMPARE(m_world->status(message), u"failed:outcome_unknown"_s);
        QCOMPARE(requests(), 1);
    }

    void whatWentOutWithItsKeyTakesNoToken()
    {
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(FakeHttpClient::notSent());
        m_world->start();
        QTRY_VERIFY(haveEnded(message, 1));
        giveToken(u"rt-1"_s);
        m_world->http.script(took("m-0"));
        for (int i = 0; i < 20 && requests() < 2; ++i) {
            m_world->advance(seconds(2));
            m_world->store.settle();
        }
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        QCOMPARE(tokens().at(1), QString());
    }

    void knowsEveryIdThatACallMadeAndHowItIsQuoted()
    {
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(took("m-0", R"(,"further":["m-0b","m-0c"],"tokens":{"quote":"q-0"})"));
        m_world->start();
        QTRY_COMPARE(m_world->status(message), u"sent"_s);
        for (const char *source : {"m-0", "m-0b", "m-0c"}) {
            const auto found = m_world->store.read<std::optional<messages::MessageRef>>(
                [this, source](ReadTransaction &tx) { return messages::findBySource(tx, m_inbox, QString::fromLatin1(source)); });
            QVERIFY(found && *found && (*found)->id == message);
        }
        const MessageId quoting = m_world->queue(m_conversation, u"as I said"_s);
        m_world->store.run(u"UPDATE message SET in_reply_to = %1 WHERE id = %2"_s.arg(message.value()).arg(quoting.value()));
        m_world->http.script(took("m-1"));
        m_world->wake();
        QTRY_COMPARE(m_world->status(quoting), u"sent"_s);
        QCOMPARE(body(1).value("quotes"_L1).toObject().value("quote"_L1), u"q-0"_s);
        QCOMPARE(body(1).value("statuses"_L1), u"https://desk.example/statuses?inbox="_s + m_inbox.toString());
    }

private:
    QJsonObject body(size_t request) const { return QJsonDocument::fromJson(m_world->http.requests.at(request).body).object(); }
    QString key(size_t request) const { return body(request).value("key"_L1).toString(); }
    QStringList tokens() const
    {
        QStringList all;
        for (size_t i = 0; i < m_world->http.requests.size(); ++i)
            all.append(body(i).value("token"_L1).toString());
        return all;
    }
    int requests() const { return int(m_world->http.requests.size()); }
    /// So many requests have ended, and the dispatcher knows that their end is stored: only then its pause begins, and the clock may be moved.
    bool haveEnded(MessageId message, int count)
    {
        const auto ended = m_world->store.integer(u"SELECT count(*) FROM send_attempt WHERE finished_at IS NOT NULL AND message_id = %1"_s.arg(message.value()));
        return ended == count && m_world->dispatcher->isIdle();
    }
    /// The process dies while the first request is out.
    void killWhileOut()
    {
        m_world->start();
        QTRY_COMPARE(m_world->http.waiting(), 1);
        m_world->http.forgetWaiting();
    }
    /// Nobody answers the call and its repeats.
    MessageId loseAnswers()
    {
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(FakeHttpClient::cutOff());
        m_world->start();
        int ended = 1;
        for (const seconds pause : {seconds(1), seconds(5), seconds(30)}) {
            if (!QTest::qWaitFor([&] { return haveEnded(message, ended); }, 30'000))
                return message;
            m_world->http.script(FakeHttpClient::cutOff());
            m_world->advance(pause);
            ++ended;
        }
        if (!QTest::qWaitFor([&] { return m_world->status(message) == u"failed:outcome_unknown"_s; }, 30'000))
            qWarning("its outcome is not said to be unknown");
        return message;
    }
    /// The same of a call with a "key", with an answer "token", or on a platform that has "no key".
    MessageId loseAnswers(const QString &how)
    {
        if (how == u"key")
            return loseAnswers();
        if (how == u"token")
            giveToken(u"rt-1"_s);
        else
            m_graph->shown.sameKeyFor = seconds(0);
        const MessageId message = m_world->queue(m_conversation, u"hi"_s);
        m_world->http.script(FakeHttpClient::cutOff());
        m_world->start();
        const bool isSaid = QTest::qWaitFor([&] {
            if (haveEnded(message, 1))
                m_world->advance(seconds(9));
            return m_world->status(message) == u"failed:outcome_unknown"_s;
        }, 20'000);
        if (!isSaid)
            qWarning("its outcome is not said to be unknown");
        return message;
    }
    void retryConfirmed(MessageId message)
    {
        const auto retried = m_world->store.write<void>(
            [this, message](WriteTransaction &tx) { return outbox::retry(tx, message, true, {}, m_graph->shown.sameKeyFor); });
        QVERIFY(retried);
        m_world->wake();
    }
    void comesBackAfterADay()
    {
        m_world->advance(std::chrono::hours(25));
        m_world->store.settle();
        QTRY_VERIFY(m_world->dispatcher->isIdle());
    }
    /// The agent must confirm that it may go out twice.
    void askedBeforeARetry(MessageId message)
    {
        QCOMPARE(m_world->state(message), u"unknown"_s);
        const auto retried = m_world->store.write<void>(
            [message](WriteTransaction &tx) { return outbox::retry(tx, message, false, {}, std::chrono::hours(24)); });
        QVERIFY(!retried);
        QCOMPARE(retried.error().field, u"outcome_unknown"_s);
    }
    void giveToken(const QString &token)
    {
        const auto thread = ContactInboxId(m_world->store.integer(u"SELECT contact_inbox_id FROM conversation WHERE id = %1"_s.arg(m_conversation.value())).value_or(0));
        const auto done = m_world->store.write<void>([thread, token](WriteTransaction &tx) { return replytokens::store(tx, thread, token, tx.now()); });
        QVERIFY(done);
    }

    std::unique_ptr<OutboxWorld> m_world;
    FakeGraph *m_graph = nullptr;
    InboxId m_inbox;
    ConversationId m_conversation;
};

ANTIPHON_TEST(OutboxRepeatsTest)
#include "tst_outboxrepeats.moc"
