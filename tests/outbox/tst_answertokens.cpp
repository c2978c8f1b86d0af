#include "tests/outbox/repeatingworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;

/// Answers with a token that the customer's message brought.
class AnswerTokensTest : public RepeatingWorld {
    Q_OBJECT
private slots:
    void init() { setUp(); }
    void cleanup() { m_world.reset(); }

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
};

ANTIPHON_TEST(AnswerTokensTest)
#include "tst_answertokens.moc"
