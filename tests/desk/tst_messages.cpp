#include "tests/desk/deskfixture.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

QStringList textsOf(const QJsonObject &page)
{
    QStringList texts;
    const QJsonArray items = page.value("items"_L1).toArray();
    for (const QJsonValue &item : items)
        texts.append(item.toObject().value("content"_L1).toString());
    return texts;
}

} // namespace

class MessagesTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_desk = std::make_unique<DeskFixture>();
        m_seat = std::make_unique<Seat>(*m_desk->desk);
        m_seat->open(DeskFixture::token(Agent::Role::Owner));
        m_conversation = m_desk->addConversation();
    }
    void cleanup()
    {
        m_seat.reset();
        m_desk.reset();
    }

    void pages_data()
    {
        QTest::addColumn<QString>("anchor");
        QTest::addColumn<int>("at");
        QTest::addColumn<int>("limit");
        QTest::addColumn<QStringList>("texts");
        QTest::addColumn<bool>("before");
        QTest::addColumn<bool>("after");
        QTest::newRow("newest") << QString() << 0 << 2 << QStringList{u"4"_s, u"5"_s} << true << false;
        QTest::newRow("all") << QString() << 0 << 200 << QStringList{u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s} << false << false;
        QTest::newRow("before") << u"before"_s << 4 << 2 << QStringList{u"2"_s, u"3"_s} << true << true;
        QTest::newRow("before, to the start") << u"before"_s << 3 << 2 << QStringList{u"1"_s, u"2"_s} << false << true;
        QTest::newRow("after") << u"after"_s << 2 << 2 << QStringList{u"3"_s, u"4"_s} << true << true;
        QTest::newRow("after, to the end") << u"after"_s << 3 << 2 << QStringList{u"4"_s, u"5"_s} << true << false;
        QTest::newRow("around") << u"around"_s << 3 << 3 << QStringList{u"2"_s, u"3"_s, u"4"_s} << true << true;
        QTest::newRow("around the last") << u"around"_s << 5 << 3 << QStringList{u"3"_s, u"4"_s, u"5"_s} << true << false;
        QTest::newRow("around, one") << u"around"_s << 3 << 1 << QStringList{u"3"_s} << true << true;
    }

    void pages()
    {
        QFETCH(QString, anchor);
        QFETCH(int, at);
        QFETCH(int, limit);
        QFETCH(QStringList, texts);
        QFETCH(bool, before);
        QFETCH(bool, after);
        // By the platform's time; the same time stands in the order of arrival.
        const Timestamp now = m_desk->store.clock().now();
        QMap<int, MessageId> ids;
        for (const int n : {2, 1, 5, 3, 4})
            ids[n] = m_desk->receive(m_conversation, QString::number(n), now + Milliseconds(n == 4 ? 3 : n));
        QJsonObject params{{u"conversation_id"_s, m_conversation.toString()}, {u"limit"_s, limit}};
        if (!anchor.isEmpty())
            params.insert(anchor, ids.value(at).toString());
        const QJsonObject page = m_seat->result(u"messages.list"_s, params);
        QCOMPARE(textsOf(page), texts);
        QCOMPARE(page.value("has_more_before"_L1), QJsonValue(before));
        QCOMPARE(page.value("has_more_after"_L1), QJsonValue(after));
        QCOMPARE(page.value("seq"_L1).toInteger(), m_desk->head());
    }

    void refusesWrongPages()
    {
        const MessageId here = m_desk->receive(m_conversation, u"x"_s);
        const MessageId elsewhere = m_desk->receive(m_desk->addConversation(), u"y"_s);
        const auto error = [&](QJsonObject params) {
            params.insert(u"conversation_id"_s, m_conversation.toString());
            return m_seat->error(u"messages.list"_s, params);
        };
        QCOMPARE(error({{u"before"_s, here.toString()}, {u"after"_s, here.toString()}}), u"-32004 invalid after"_s);
        QCOMPARE(error({{u"around"_s, elsewhere.toString()}}), u"-32004 invalid around"_s);
        QCOMPARE(error({{u"before"_s, u"999"_s}}), u"-32004 invalid before"_s);
        QCOMPARE(error({{u"limit"_s, 201}}), u"-32004 invalid limit"_s);
        QCOMPARE(m_seat->error(u"messages.list"_s, {{u"conversation_id"_s, u"99"_s}}), u"-32003 not_found"_s);
    }

    void queuesWhatAnAgentWrites()
    {
        m_desk->receive(m_conversation, u"a question"_s, m_desk->store.clock().now() + std::chrono::minutes(5));   // the platform's clock is ahead
        const QJsonObject sent = send({{u"content"_s, u"**an** answer"_s}, {u"client_id"_s, u"c-1"_s}});
        QCOMPARE(sent.value("status"_L1).toString(), u"queued"_s);
        QCOMPARE(sent.value("direction"_L1).toString(), u"outgoing"_s);
        QCOMPARE(sent.value("content_format"_L1).toString(), u"markdown"_s);
        QCOMPARE(sent.value("client_id"_L1).toString(), u"c-1"_s);
        QCOMPARE(sent.value("sender"_L1).toObject().value("name"_L1).toString(), u"The owner"_s);
        QCOMPARE(textsOf(m_seat->result(u"messages.list"_s, {{u"conversation_id"_s, m_conversation.toString()}})), (QStringList{u"a question"_s, u"**an** answer"_s}));
        QCOMPARE(m_desk->store.integer(u"SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND message_id = "_s + sent.value("id"_L1).toString()), 1);
        QVERIFY(TemporaryStore::waitFor([&] { return m_desk->outboxWakes == 1; }));
        const QJsonObject conversation = m_seat->result(u"conversations.get"_s, idOf(m_conversation.value()));
        QVERIFY(conversation.value("waiting_since"_L1).isNull());
        QCOMPARE(conversation.value("last_message"_L1).toObject().value("id"_L1), sent.value("id"_L1));
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"message.created"_s).value("data"_L1).toObject().value("id"_L1), sent.value("id"_L1));
        QCOMPARE(m_seat->lastEvent(u"conversation.updated"_s).value("data"_L1).toObject().value("id"_L1).toString(), m_conversation.toString());
    }

    void givesTheFirstMessageOfAClientId()
    {
        m_desk->receive(m_conversation, u"hi"_s);
        const QJsonObject first = send({{u"content"_s, u"once"_s}, {u"client_id"_s, u"c-1"_s}});
        const qint64 head = m_desk->head();
        QCOMPARE(send({{u"content"_s, u"something else"_s}, {u"client_id"_s, u"c-1"_s}}), first);
        QCOMPARE(send({{u"content"_s, u""_s}, {u"client_id"_s, u"c-1"_s}}), first);
        QCOMPARE(m_desk->head(), head);
        QCOMPARE(m_desk->store.integer(u"SELECT COUNT(*) FROM outbox"_s), 1);
    }

    void refusesToSend_data()
    {
        QTest::addColumn<QJsonObject>("params");
        QTest::addColumn<QString>("error");
        QTest::newRow("nothing") << QJsonObject{{u"content"_s, u"  "_s}} << u"-32004 invalid content"_s;
        QTest::newRow("content no text") << QJsonObject{{u"content"_s, 5}} << u"-32004 invalid content"_s;
        QTest::newRow("too long for anything") << QJsonObject{{u"content"_s, QString(150'001, u'x')}} << u"-32004 invalid content"_s;
        QTest::newRow("too long for TikTok") << QJsonObject{{u"content"_s, QString(6001, u'x')}} << u"-32007 channel_limit content"_s;
        QTest::newRow("text with a picture") << QJsonObject{{u"content"_s, u"x"_s}, {u"attachment_ids"_s, QJsonArray{u"1"_s}}} << u"-32007 channel_limit attachment_ids"_s;
        QTest::newRow("two pictures") << QJsonObject{{u"attachment_ids"_s, QJsonArray{u"1"_s, u"2"_s}}} << u"-32007 channel_limit attachment_ids"_s;
        QTest::newRow("no picture") << QJsonObject{{u"attachment_ids"_s, QJsonArray{u"3"_s}}} << u"-32007 channel_limit attachment_ids"_s;
        QTest::newRow("someone else's upload") << QJsonObject{{u"attachment_ids"_s, QJsonArray{u"4"_s}}} << u"-32004 invalid attachment_ids"_s;
        QTest::newRow("no such upload") << QJsonObject{{u"attachment_ids"_s, QJsonArray{u"99"_s}}} << u"-32004 invalid attachment_ids"_s;
        QTest::newRow("the same twice") << QJsonObject{{u"attachment_ids"_s, QJsonArray{u"1"_s, u"1"_s}}} << u"-32004 invalid attachment_ids"_s;
        QTest::newRow("quote from elsewhere") << QJsonObject{{u"content"_s, u"x"_s}, {u"in_reply_to"_s, u"99"_s}} << u"-32004 invalid in_reply_to"_s;
        QTest::newRow("no conversation") << QJsonObject{{u"content"_s, u"x"_s}, {u"conversation_id"_s, u"99"_s}} << u"-32003 not_found"_s;
        QTest::newRow("private no boolean") << QJsonObject{{u"content"_s, u"x"_s}, {u"private"_s, 1}} << u"-32004 invalid private"_s;
    }

    void refusesToSend()
    {
        QFETCH(QJsonObject, params);
        QFETCH(QString, error);
        m_desk->receive(m_conversation, u"hi"_s);
        m_desk->upload();
        m_desk->upload();
        m_desk->upload(u"application/pdf"_s);
        m_desk->upload(u"image/png"_s, 1000, 3);
        const qint64 head = m_desk->head();
        if (!params.contains("conversation_id"_L1))
            params.insert(u"conversation_id"_s, m_conversation.toString());
        QCOMPARE(m_seat->error(u"messages.send"_s, params), error);
        QCOMPARE(m_desk->head(), head);
        QCOMPARE(m_desk->store.integer(u"SELECT COUNT(*) FROM outbox"_s), 0);
    }

    void refusesOutsideTheReplyWindow()
    {
        const QJsonObject hello{{u"conversation_id"_s, m_conversation.toString()}, {u"content"_s, u"x"_s}};
        QCOMPARE(m_seat->error(u"messages.send"_s, hello), u"-32006 window_closed"_s);   // they never wrote
        m_desk->receive(m_conversation, u"hi"_s);
        m_desk->store.clock().advance(std::chrono::hours(48));
        QCOMPARE(m_seat->error(u"messages.send"_s, hello), u"-32006 window_closed"_s);
        const QJsonObject note = send({{u"content"_s, u"among us"_s}, {u"private"_s, true}});
        QVERIFY(note.value("status"_L1).isNull());
        QCOMPARE(m_desk->store.integer(u"SELECT COUNT(*) FROM outbox"_s), 0);
        QVERIFY(!m_seat->result(u"conversations.get"_s, idOf(m_conversation.value())).value("waiting_since"_L1).isNull());   // a note answers nobody
    }

    void refusesFromADisabledInboxButQueuesWhileItWaitsForItsOwner()
    {
        m_desk->receive(m_conversation, u"hi"_s);
        m_desk->store.run(u"UPDATE inbox SET state = 'reauthorization_required'"_s);
        QCOMPARE(send({{u"content"_s, u"later"_s}}).value("status"_L1).toString(), u"queued"_s);
        m_desk->store.run(u"UPDATE inbox SET state = 'disabled'"_s);
        QCOMPARE(m_seat->error(u"messages.send"_s, {{u"conversation_id"_s, m_conversation.toString()}, {u"content"_s, u"x"_s}}), u"-32005 conflict"_s);
    }

    void sendsAnUploadOnce()
    {
        m_desk->receive(m_conversation, u"hi"_s);
        const AttachmentId picture = m_desk->upload();
        const QJsonObject sent = send({{u"attachment_ids"_s, QJsonArray{picture.toString()}}});
        const QJsonObject attachment = sent.value("attachments"_L1).toArray().at(0).toObject();
        QCOMPARE(attachment.value("id"_L1).toString(), picture.toString());
        QCOMPARE(attachment.value("kind"_L1).toString(), u"image"_s);
        QCOMPARE(attachment.value("url"_L1).toString(), u"/api/v1/attachments/"_s + picture.toString());
        QCOMPARE(m_seat->error(u"messages.send"_s, {{u"conversation_id"_s, m_conversation.toString()}, {u"attachment_ids"_s, QJsonArray{picture.toString()}}}),
                 u"-32004 invalid attachment_ids"_s);
        m_desk->store.run(u"UPDATE conversation SET attributes = '{\"tiktok_capabilities\":{\"image_send\":false}}'"_s);
        QCOMPARE(m_seat->error(u"messages.send"_s,
                               {{u"conversation_id"_s, m_conversation.toString()}, {u"attachment_ids"_s, QJsonArray{m_desk->upload().toString()}}}),
                 u"-32007 channel_limit attachment_ids"_s);
    }

    void opensWhatABotHeldAndQuotes()
    {
        const MessageId question = m_desk->receive(m_conversation, u"hi"_s);
        m_desk->store.run(u"UPDATE conversation SET status = 'pending'"_s);
        const QJsonObject sent = send({{u"content"_s, u"here"_s}, {u"in_reply_to"_s, question.toString()}});
        QCOMPARE(sent.value("in_reply_to"_L1).toString(), question.toString());
        QCOMPARE(m_seat->result(u"conversations.get"_s, idOf(m_conversation.value())).value("status"_L1).toString(), u"open"_s);
    }

    void retriesOnlyWhatFailed()
    {
        const MessageId incoming = m_desk->receive(m_conversation, u"hi"_s);
        const MessageId sent = MessageId(send({{u"content"_s, u"x"_s}}).value("id"_L1).toString().toLongLong());
        QCOMPARE(m_seat->error(u"messages.retry"_s, idOf(sent.value())), u"-32005 conflict"_s);
        QCOMPARE(m_seat->error(u"messages.retry"_s, idOf(incoming.value())), u"-32005 conflict"_s);
        QCOMPARE(m_seat->error(u"messages.retry"_s, idOf(99)), u"-32003 not_found"_s);
        fail(sent, u"40064"_s);
        const QJsonObject again = m_seat->result(u"messages.retry"_s, idOf(sent.value()));
        QCOMPARE(again.value("status"_L1).toString(), u"queued"_s);
        QVERIFY(again.value("external_error"_L1).isNull());
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"message.updated"_s).value("data"_L1).toObject().value("status"_L1).toString(), u"queued"_s);
        fail(sent, u"40064"_s);
        m_desk->store.clock().advance(std::chrono::hours(48));
        QCOMPARE(m_seat->error(u"messages.retry"_s, idOf(sent.value())), u"-32006 window_closed"_s);
    }

    void retriesAnUnknownOutcomeOnlyWhenConfirmed()
    {
        m_desk->receive(m_conversation, u"hi"_s);
        const MessageId sent = MessageId(send({{u"content"_s, u"x"_s}}).value("id"_L1).toString().toLongLong());
        fail(sent, u"outcome_unknown"_s);
        m_desk->store.run(u"UPDATE outbox SET state = 'unknown'"_s);
        QCOMPARE(m_seat->error(u"messages.retry"_s, idOf(sent.value())), u"-32005 conflict confirm_unknown"_s);
        QCOMPARE(m_seat->result(u"messages.retry"_s, {{u"id"_s, sent.toString()}, {u"confirm_unknown"_s, true}}).value("status"_L1).toString(), u"queued"_s);
    }

    void takesAPersonsWordForWhatArrived()
    {
        m_desk->receive(m_conversation, u"hi"_s);
        const MessageId sent = MessageId(send({{u"content"_s, u"x"_s}}).value("id"_L1).toString().toLongLong());
        QCOMPARE(m_seat->error(u"messages.confirm"_s, idOf(sent.value())), u"-32005 conflict"_s);
        QCOMPARE(m_seat->error(u"messages.confirm"_s, idOf(99)), u"-32003 not_found"_s);
        fail(sent, u"40064"_s);
        QCOMPARE(m_seat->error(u"messages.confirm"_s, idOf(sent.value())), u"-32005 conflict"_s);
        fail(sent, u"outcome_unknown"_s);
        m_desk->store.run(u"UPDATE outbox SET state = 'unknown'"_s);
        const QJsonObject confirmed = m_seat->result(u"messages.confirm"_s, idOf(sent.value()));
        QCOMPARE(confirmed.value("status"_L1).toString(), u"sent"_s);
        QVERIFY(confirmed.value("external_error"_L1).isNull());
        QVERIFY(!confirmed.value("arrived_twice"_L1).toBool(true));
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"message.updated"_s).value("data"_L1).toObject().value("status"_L1).toString(), u"sent"_s);
        QCOMPARE(m_seat->error(u"messages.confirm"_s, idOf(sent.value())), u"-32005 conflict"_s);
        QCOMPARE(m_seat->error(u"messages.retry"_s, idOf(sent.value())), u"-32005 conflict"_s);
    }

    void deletesButKeepsTheRow()
    {
        const MessageId incoming = m_desk->receive(m_conversation, u"secret words"_s);
        const QJsonObject gone = m_seat->result(u"messages.delete"_s, idOf(incoming.value()));
        QCOMPARE(gone.value("deleted"_L1), QJsonValue(true));
        QVERIFY(gone.value("content"_L1).isNull());
        QCOMPARE(m_seat->result(u"conversations.get"_s, idOf(m_conversation.value())).value("unread_count"_L1).toInt(), 0);
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"message.updated"_s).value("data"_L1).toObject().value("deleted"_L1), QJsonValue(true));
        const qint64 head = m_desk->head();
        QCOMPARE(m_seat->result(u"messages.delete"_s, idOf(incoming.value())), gone);
        QCOMPARE(m_desk->head(), head);
        QCOMPARE(m_desk->store.integer(u"SELECT COUNT(*) FROM message WHERE content LIKE '%secret%'"_s), 0);
    }

    void deletesWhatHasNotLeftFromTheQueueAndNothingThatLeaves()
    {
        m_desk->receive(m_conversation, u"hi"_s);
        const AttachmentId picture = m_desk->upload();
        const QString queued = send({{u"attachment_ids"_s, QJsonArray{picture.toString()}}}).value("id"_L1).toString();
        const QJsonObject gone = m_seat->result(u"messages.delete"_s, {{u"id"_s, queued}});
        QVERIFY(gone.value("attachments"_L1).toArray().isEmpty());
        QCOMPARE(m_desk->store.integer(u"SELECT COUNT(*) FROM outbox WHERE state = 'queued'"_s), 0);
        const QString leaving = send({{u"content"_s, u"x"_s}}).value("id"_L1).toString();
        m_desk->store.run(u"UPDATE message SET status = 'sending' WHERE id = "_s + leaving);
        QCOMPARE(m_seat->error(u"messages.delete"_s, {{u"id"_s, leaving}}), u"-32005 conflict"_s);
        m_seat->result(u"conversations.update"_s, {{u"id"_s, m_conversation.toString()}, {u"priority"_s, u"low"_s}});
        const auto line = m_desk->store.integer(u"SELECT id FROM message WHERE direction = 'activity'"_s);
        QCOMPARE(m_seat->error(u"messages.delete"_s, idOf(line.value_or(0))), u"-32005 conflict"_s);
    }

    /// Its confirmed retry is taken back; that says nothing of the first one.
    void deletesWhatMayHaveArrivedAsUnknown()
    {
        m_desk->receive(m_conversation, u"hi"_s);
        const MessageId sent = MessageId(send({{u"content"_s, u"x"_s}}).value("id"_L1).toString().toLongLong());
        fail(sent, u"outcome_unknown"_s);
        m_desk->store.run(u"UPDATE outbox SET state = 'unknown'"_s);
        m_seat->result(u"messages.retry"_s, {{u"id"_s, sent.toString()}, {u"confirm_unknown"_s, true}});
        const QJsonObject gone = m_seat->result(u"messages.delete"_s, idOf(sent.value()));
        QCOMPARE(gone.value("deleted"_L1), QJsonValue(true));
        QCOMPARE(gone.value("status"_L1).toString(), u"failed"_s);
        QCOMPARE(gone.value("external_error"_L1).toObject().value("code"_L1).toString(), u"outcome_unknown"_s);
        QCOMPARE(m_desk->store.text(u"SELECT state FROM outbox"_s), u"unknown"_s);
        QCOMPARE(m_seat->error(u"messages.retry"_s, {{u"id"_s, sent.toString()}, {u"confirm_unknown"_s, true}}), u"-32005 conflict"_s);
    }

private:
    QJsonObject send(QJsonObject params)
    {
        params.insert(u"conversation_id"_s, m_conversation.toString());
        return m_seat->result(u"messages.send"_s, params);
    }

    void fail(MessageId id, const QString &code)
    {
        m_desk->setMessage(id, u"status = 'failed', error_code = '%1', error_text = 'no', error_retryable = TRUE"_s.arg(code));
        m_desk->store.run(u"UPDATE outbox SET state = 'failed' WHERE message_id = %1"_s.arg(id.value()));
    }

    std::unique_ptr<DeskFixture> m_desk;
    std::unique_ptr<Seat> m_seat;
    ConversationId m_conversation;
};

ANTIPHON_TEST(MessagesTest)
#include "tst_messages.moc"
