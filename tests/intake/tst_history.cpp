#include "tests/intake/spokenchannel.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

InboundMessage before(const QString &sourceId, const QString &content, qint64 daysAgo, bool byCustomer = true)
{
    const qint64 at = kSpokenAt - daysAgo * 86'400'000;
    InboundMessage message = byCustomer ? said(sourceId, content, at) : echoed(sourceId, content, at);
    message.isHistory = true;
    if (!byCustomer)
        message.status = MessageStatus::Read;
    return message;
}

InboundSyncProgress progress(int phase, int percent)
{
    return {.progress = {{u"phase"_s, phase}, {u"percent"_s, percent}}, .platformAt = fromUnixMs(kSpokenAt)};
}

} // namespace

class HistoryTest : public QObject {
    Q_OBJECT
private slots:
    void whatWasSaidBeforeComesInSilently()
    {
        SpokenInbox f;
        f.queue(before(u"h2"_s, u"Thanks"_s, 80, false));
        f.queue(before(u"h1"_s, u"Hello"_s, 90));
        f.queue(before(u"h3"_s, u"Bye"_s, 2));
        f.queue(before(u"h1"_s, u"Hello"_s, 90));                       // a chunk twice
        f.drain();
        QCOMPARE(f.text(u"SELECT group_concat(source_id, ' ') FROM (SELECT source_id FROM message ORDER BY created_at)"_s), u"h1 h2 h3"_s);
        QCOMPARE(f.text(u"SELECT status || '/' || external_echo FROM message WHERE source_id = 'h2'"_s), u"read/1"_s);
        QCOMPARE(f.count(u"message WHERE late OR caught_up"_s), 0);
        QCOMPARE(f.count(u"conversation"_s), 1);
        QCOMPARE(f.count(u"conversation WHERE status = 'resolved' AND waiting_since IS NULL AND window_closes_at IS NULL AND last_incoming_at IS NULL"_s), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count > 0"_s), 0);
        QCOMPARE(f.count(u"conversation WHERE attributes LIKE '%flooded%'"_s), 0);
    }

    void aMessageThatThePhoneBroughtFirstIsUnreadOnceItComesItself()
    {
        SpokenInbox f;
        InboundMessage copy = said(u"m1"_s, u"Now"_s);
        copy.isHistory = true;
        f.queue(before(u"h1"_s, u"Hello"_s, 3));
        f.queue(copy);
        f.drain();
        QCOMPARE(f.count(u"seen WHERE unread_count > 0"_s), 0);
        f.tell(said(u"m1"_s, u"Now"_s));
        QCOMPARE(f.count(u"message"_s), 2);
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
        const QString open = u"conversation WHERE status = 'open' AND waiting_since = %1 AND last_incoming_at = %1 AND window_closes_at = %2"_s.arg(kSpokenAt)
                                 .arg(kSpokenAt + 86'400'000);
        QCOMPARE(f.count(open), 1);
        f.tell(said(u"m1"_s, u"Now"_s));                                // a repeat is a repeat
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
        f.tell(copy);
        QCOMPARE(f.count(open), 1);
    }

    void itsCustomerWaitsInTheOpenConversation()
    {
        SpokenInbox f;
        InboundMessage copy = said(u"m1"_s, u"Now"_s);
        copy.isHistory = true;
        f.queue(copy);
        f.drain();
        f.tell(said(u"m2"_s, u"Hello?"_s, kSpokenAt + 5000));          // opens another one
        QCOMPARE(f.count(u"conversation"_s), 2);
        f.tell(said(u"m1"_s, u"Now"_s));
        QCOMPARE(f.count(u"conversation WHERE status = 'resolved' AND waiting_since IS NULL"_s), 1);
        QCOMPARE(f.count(u"conversation WHERE status = 'open' AND waiting_since = %1 AND last_incoming_at = %2"_s.arg(kSpokenAt).arg(kSpokenAt + 5000)), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count > 0 AND conversation_id IN (SELECT id FROM conversation WHERE status = 'resolved')"_s), 0);
        QCOMPARE(f.count(u"seen WHERE unread_count = 2"_s), 2);
    }

    void itsCustomerDoesNotWaitWhereTheOpenConversationWasAnsweredSince_data()
    {
        QTest::addColumn<QString>("answer");                             // what became of it
        QTest::addColumn<qint64>("since");                               // 0: nobody waits
        QTest::newRow("answered") << u"status = 'sent'"_s << qint64(0);
        QTest::newRow("failed") << u"status = 'failed'"_s << kSpokenAt;
        QTest::newRow("automatic") << u"automatic = TRUE"_s << kSpokenAt;
        QTest::newRow("a note") << u"private = TRUE"_s << kSpokenAt;
        QTest::newRow("before it") << u"created_at = %1"_s.arg(kSpokenAt - 1000) << kSpokenAt;
    }

    void itsCustomerDoesNotWaitWhereTheOpenConversationWasAnsweredSince()
    {
        QFETCH(QString, answer);
        QFETCH(qint64, since);
        SpokenInbox f;
        InboundMessage copy = said(u"m1"_s, u"Now"_s);
        copy.isHistory = true;
        f.queue(copy);
        f.drain();
        f.tell(said(u"m2"_s, u"Hello?"_s, kSpokenAt + 5000));
        f.tell(echoed(u"e1"_s, u"Here we are"_s, kSpokenAt + 10'000));
        f.fixture().store().run(u"UPDATE message SET %1 WHERE source_id = 'e1'"_s.arg(answer));
        QCOMPARE(f.count(u"conversation WHERE status = 'open' AND waiting_since IS NULL"_s), 1);
        f.tell(said(u"m1"_s, u"Now"_s));
        QCOMPARE(f.count(u"conversation WHERE status = 'open' AND coalesce(waiting_since, 0) = %1"_s.arg(since)), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count > 0"_s), 2);          // it is unread all the same
    }

    void aLiveMessageBehindItIsTheOnlyUnreadOne()
    {
        SpokenInbox f;
        f.fixture().store().run(u"UPDATE inbox SET settings = '{\"lock_to_single_conversation\":true}'"_s);
        for (int i = 0; i < 5; ++i)
            f.queue(before(u"h%1"_s.arg(i), u"Hello"_s, 10 + i));
        f.queue(said(u"m1"_s, u"Now"_s));
        f.drain();
        QCOMPARE(f.count(u"conversation WHERE status = 'open'"_s), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
        QCOMPARE(f.count(u"conversation WHERE last_incoming_at = %1"_s.arg(kSpokenAt)), 1);
    }

    void historyBehindLiveTrafficGoesIntoItsConversation()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Now"_s));
        f.queue(before(u"h1"_s, u"Hello"_s, 5));
        f.queue(before(u"m1"_s, u"Now"_s, 0));
        f.drain();
        QCOMPARE(f.count(u"message"_s), 2);
        QCOMPARE(f.count(u"conversation WHERE status = 'open' AND waiting_since = %1 AND last_activity_at = %1"_s.arg(kSpokenAt)), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
        QCOMPARE(f.text(u"SELECT m.source_id FROM conversation c JOIN message m ON m.id = c.last_message_id"_s), u"m1"_s);
    }

    void aPlaceholderGetsItsFileLater()
    {
        SpokenInbox f;
        InboundMessage placeholder = before(u"h1"_s, {}, 5);
        placeholder.contentType = Message::ContentType::Unsupported;
        placeholder.rawType = u"media_placeholder"_s;
        f.tell(placeholder);
        InboundMessage whole = before(u"h1"_s, u"this one"_s, 5);
        whole.attachments = {{.kind = Attachment::Kind::Image, .remote = {{u"id"_s, u"7"_s}}}};
        whole.completes = true;
        f.queue(whole);
        f.queue(whole);
        f.queue(placeholder);
        f.drain();
        QCOMPARE(f.count(u"attachment WHERE state = 'pending'"_s), 1);
        QCOMPARE(f.count(u"job WHERE kind = 'media'"_s), 1);
        QCOMPARE(f.text(u"SELECT content_type || '/' || content || '/' || COALESCE(raw_type, '-') FROM message"_s), u"text/this one/-"_s);
    }

    void progressIsTheFarthestThatWasTold()
    {
        SpokenInbox f;
        f.tell(progress(0, 100));
        f.tell(progress(1, 40));
        f.tell(progress(0, 50));
        QCOMPARE(f.text(u"SELECT json_extract(settings, '$.history_sync.phase') || '/' || json_extract(settings, '$.history_sync.percent') FROM inbox"
                        " WHERE external_id = 'spoken'"_s),
                 u"1/40"_s);
        QCOMPARE(f.count(u"change WHERE type = 'inbox.updated'"_s), 2);
        f.tell(InboundSyncProgress{.progress = {{u"declined"_s, true}, {u"code"_s, 2593109}}, .platformAt = fromUnixMs(kSpokenAt)});
        QCOMPARE(f.count(u"inbox WHERE json_extract(settings, '$.history_sync.declined')"_s), 1);
    }

    void thousandsOfItComeInAGoodTime()
    {
        SpokenInbox f;
        for (int i = 0; i < 600; ++i)
            f.queue(before(u"h%1"_s.arg(i), u"Line %1"_s.arg(i), 1 + i % 90), {.lane = u"c%1"_s.arg(i % 10)});
        f.drain();
        QCOMPARE(f.count(u"message"_s), 600);
        QCOMPARE(f.count(u"conversation"_s), 1);
        QCOMPARE(f.count(u"event WHERE state = 'done'"_s), 600);
    }
};

ANTIPHON_TEST(HistoryTest)
#include "tst_history.moc"
