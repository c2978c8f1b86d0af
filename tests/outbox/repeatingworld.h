#pragma once

#include "core/store/messagerepository.h"
#include "core/store/replytokenrepository.h"
#include "tests/outbox/fakegraph.h"
#include "tests/outbox/outboxworld.h"

#include <QTest>

namespace antiphon::test {

using namespace Qt::StringLiterals;
using std::chrono::seconds;

inline HttpReply took(const QByteArray &id, const QByteArray &more = {})
{
    return FakeHttpClient::reply(200, "{\"id\":\"" + id + "\"" + more + "}");
}

/// A platform that takes a call with the same key once only, and gives tokens that are good for one answer.
class RepeatingWorld : public QObject {
protected:
    void setUp()
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

} // namespace antiphon::test
