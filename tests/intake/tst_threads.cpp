#include "tests/intake/spokenchannel.h"
#include "tests/support/testmain.h"

#include "core/store/inboxrepository.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QString kBot = u"5500000001"_s;
const QString kOwned = u"b6600000001/5500000001"_s;

/// Of somebody with several threads.
InboundMessage ofPerson(const QString &sourceId, const QString &address, qint64 at = kSpokenAt)
{
    InboundMessage message = said(sourceId, u"Hello"_s, at, address);
    message.customer.person = u"5500000001"_s;
    message.customer.displayName = u"Ana Ruiz"_s;
    return message;
}

InboundConnection connection(qint64 revision, const QString &cannotReply = {})
{
    return {.ownerId = u"6600000001"_s,
            .threadPrefix = u"b6600000001/"_s,
            .connection = {{u"id"_s, u"bc_1"_s}, {u"enabled"_s, cannotReply.isEmpty()}},
            .cannotReply = cannotReply,
            .revision = revision};
}

InboundActivity line(const QString &kind, const QJsonObject &attributes = {}, qint64 at = kSpokenAt)
{
    return {.customer = {.contactSourceId = kBot}, .activity = {{u"kind"_s, kind}}, .opensConversation = true, .attributes = attributes, .platformAt = fromUnixMs(at)};
}

QString words(SpokenInbox &f)
{
    return f.text(u"SELECT group_concat(COALESCE(json_extract(attributes, '$.cannot_reply'), '-'), ' ') FROM (SELECT * FROM conversation ORDER BY id)"_s);
}

} // namespace

class ThreadsTest : public QObject {
    Q_OBJECT
private slots:
    void oneOfTwoThreadsIsTheSamePerson()
    {
        SpokenInbox f;
        f.tell(ofPerson(u"m1"_s, kBot));
        f.tell(ofPerson(u"m2"_s, kOwned));
        f.tell(ofPerson(u"m3"_s, u"b6600000002/5500000001"_s));
        f.tell(said(u"m4"_s, u"Hello"_s, kSpokenAt, u"5500000009"_s));
        QCOMPARE(f.count(u"contact"_s), 2);
        QCOMPARE(f.count(u"contact_inbox"_s), 4);
        QCOMPARE(f.count(u"conversation"_s), 4);
        QCOMPARE(f.count(u"conversation WHERE contact_id = (SELECT id FROM contact WHERE name = 'Ana Ruiz')"_s), 3);
        QCOMPARE(f.count(u"change WHERE type = 'contact.created'"_s), 2);
        QVERIFY(f.count(u"change WHERE type = 'contact.updated'"_s) >= 2);
    }

    void ofABlockedCustomerNobodyIsTold()
    {
        SpokenInbox f;
        f.tell(ofPerson(u"m1"_s, kBot));
        f.fixture().store().run(u"UPDATE conversation SET status = 'resolved', waiting_since = NULL"_s);
        f.fixture().store().run(u"UPDATE seen SET unread_count = 0"_s);
        f.fixture().store().run(u"UPDATE contact SET blocked_at = 1"_s);
        f.tell(ofPerson(u"m2"_s, kBot, kSpokenAt + 1000));                  // reopens nothing
        f.tell(ofPerson(u"m3"_s, kOwned, kSpokenAt + 2000));                // a new thread of the same person: born resolved
        QCOMPARE(f.count(u"message WHERE direction = 'incoming'"_s), 3);
        QCOMPARE(f.count(u"message WHERE direction = 'activity'"_s), 0);
        QCOMPARE(f.count(u"contact"_s), 1);
        QCOMPARE(f.count(u"conversation"_s), 2);
        QCOMPARE(f.count(u"conversation WHERE status = 'resolved' AND waiting_since IS NULL AND last_message_id IS NOT NULL"_s), 2);
        QCOMPARE(f.count(u"seen WHERE unread_count > 0"_s), 0);
        f.fixture().store().run(u"UPDATE contact SET blocked_at = NULL"_s);
        f.tell(ofPerson(u"m4"_s, kBot, kSpokenAt + 3000));
        QCOMPARE(f.count(u"conversation WHERE status = 'open'"_s), 1);
        QVERIFY(f.count(u"seen WHERE unread_count = 1"_s) > 0);
    }

    void aBlockedCustomerWaitsForNobodyBehindALateEcho()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s, kSpokenAt, kBot));
        f.tell(said(u"m2"_s, u"Hello?"_s, kSpokenAt + 10'000, kBot));
        f.fixture().store().run(u"UPDATE conversation SET waiting_since = NULL"_s);
        f.fixture().store().run(u"UPDATE contact SET blocked_at = 1"_s);
        f.tell(echoed(u"e1"_s, u"Yes?"_s, kSpokenAt + 5000, kBot));         // m2 is behind it
        QCOMPARE(f.count(u"message WHERE external_echo"_s), 1);
        QCOMPARE(f.count(u"conversation WHERE waiting_since IS NULL"_s), 1);
        f.fixture().store().run(u"UPDATE contact SET blocked_at = NULL"_s);
        f.tell(echoed(u"e2"_s, u"Yes?"_s, kSpokenAt + 6000, kBot));
        QCOMPARE(f.count(u"conversation WHERE waiting_since = %1"_s.arg(kSpokenAt + 10'000)), 1);
    }

    void whatIsOverWaitsForNobodyBehindALateEcho()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s, kSpokenAt, kBot));
        f.tell(said(u"m2"_s, u"Hello?"_s, kSpokenAt + 10'000, kBot));
        f.fixture().store().run(u"UPDATE conversation SET waiting_since = NULL, status = 'resolved'"_s);
        f.tell(echoed(u"e1"_s, u"Yes?"_s, kSpokenAt + 5000, kBot));
        QCOMPARE(f.count(u"message WHERE external_echo"_s), 1);
        QCOMPARE(f.count(u"conversation WHERE waiting_since IS NULL"_s), 1);
    }

    void whatABlockedCustomerDoesOpensNoConversation_data()
    {
        QTest::addColumn<bool>("isBlocked");
        QTest::newRow("blocked") << true;
        QTest::newRow("not blocked") << false;
    }

    void whatABlockedCustomerDoesOpensNoConversation()
    {
        QFETCH(bool, isBlocked);
        SpokenInbox f;
        f.tell(InboundReferral{.customer = {.contactSourceId = kBot}, .referral = {{u"source"_s, u"link"_s}}});
        QCOMPARE(f.count(u"contact"_s), 1);
        QCOMPARE(f.count(u"conversation"_s), 0);
        if (isBlocked)
            f.fixture().store().run(u"UPDATE contact SET blocked_at = 1"_s);
        f.tell(line(u"started"_s, {}));
        QCOMPARE(f.count(u"message WHERE direction = 'activity' AND activity LIKE '%started%'"_s), 1);
        QCOMPARE(f.count(u"conversation WHERE status = '%1' AND waiting_since IS NULL"_s.arg(isBlocked ? u"resolved"_s : u"open"_s)), 1);
        f.tell(echoed(u"e1"_s, u"Hello?"_s, kSpokenAt + 1000, kBot));
        QCOMPARE(f.count(u"conversation WHERE status = '%1'"_s.arg(isBlocked ? u"resolved"_s : u"open"_s)), 1);
        QCOMPARE(f.count(u"conversation"_s), 1);
    }

    void whoIsKnownBeforeTheirPersonIsToldIsFoundByItLater()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s, kSpokenAt, kBot));
        f.tell(ofPerson(u"m2"_s, kBot));
        f.tell(ofPerson(u"m3"_s, kOwned));
        QCOMPARE(f.count(u"contact"_s), 1);
    }

    void whatThePlatformSaysOfACustomerIsTheirsUntilAnAgentSaysOtherwise()
    {
        SpokenInbox f;
        InboundMessage message = said(u"m1"_s, u"Hello"_s);
        message.customer.attributes = {{u"language"_s, u"es"_s}, {u"city"_s, u"Madrid"_s}, {u"none"_s, QJsonValue::Null}};
        f.tell(message);
        const QString attributes = u"SELECT json_extract(custom_attributes, '$.language') || '/' || COALESCE(json_extract(custom_attributes, '$.city'), '-')"
                                   " || '/' || (custom_attributes LIKE '%none%') FROM contact"_s;
        QCOMPARE(f.text(attributes), u"es/Madrid/0"_s);
        f.fixture().store().run(u"UPDATE contact SET custom_attributes = json_set(custom_attributes, '$.language', 'ca')"_s);
        message.sourceId = u"m2"_s;
        f.tell(message);
        QCOMPARE(f.text(attributes), u"ca/Madrid/0"_s);
        message.sourceId = u"m3"_s;
        message.customer.attributes = {{u"language"_s, u"en"_s}, {u"city"_s, QJsonValue::Null}};
        f.tell(message);
        QCOMPARE(f.text(attributes), u"en/-/0"_s);
    }

    void anAlbumsMessagesKnowTheirGroupAndTokensStayInside()
    {
        SpokenInbox f;
        InboundMessage picture = said(u"p1"_s, u"Broken lid"_s);
        picture.groupId = u"1390"_s;
        picture.tokens = {{u"quote"_s, u"qt-1"_s}};
        picture.attachments = {{.kind = Attachment::Kind::Image, .remote = {{u"id"_s, 1}}, .size = 93'822}};
        f.tell(picture);
        QCOMPARE(f.text(u"SELECT group_id || '/' || json_extract(tokens, '$.quote') FROM message"_s), u"1390/qt-1"_s);
        QCOMPARE(f.text(u"SELECT size FROM attachment"_s), u"93822"_s);
        f.tell(InboundRevoke{.contactSourceId = picture.customer.contactSourceId, .messageSourceId = u"p1"_s, .platformAt = fromUnixMs(kSpokenAt + 1)});
        QCOMPARE(f.count(u"message WHERE tokens IS NULL AND deleted"_s), 1);
    }

    void theNewestReplyTokenOfAThreadIsKept()
    {
        SpokenInbox f;
        InboundMessage message = said(u"m1"_s, u"Hello"_s, kSpokenAt, kBot);
        message.replyToken = u"rt-1"_s;
        f.tell(message);
        const QString kept = u"SELECT token || '/' || at || '/' || COALESCE(used_at, '-') FROM reply_token"_s;
        const QString at = QString::number(toUnixMs(f.fixture().store().clock().now()));
        QCOMPARE(f.text(kept), u"rt-1/%1/-"_s.arg(at));         // when it came, whatever the platform's clock says
        f.fixture().store().run(u"UPDATE reply_token SET used_at = 1"_s);
        f.tell(message);                                       // once more
        QCOMPARE(f.text(kept), u"rt-1/%1/1"_s.arg(at));
        InboundActivity follow = line(u"followed"_s);
        follow.replyToken = u"rt-2"_s;
        f.tell(follow);
        QCOMPARE(f.text(kept), u"rt-2/%1/-"_s.arg(at));
        InboundMessage echo = echoed(u"m2"_s, u"Answer"_s, kSpokenAt + 1, kBot);
        f.tell(echo);
        QCOMPARE(f.text(kept), u"rt-2/%1/-"_s.arg(at));
    }

    void aPressedButtonSaysItsTitle_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("quoted");
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("content");
        QTest::newRow("of the message it hangs on") << u"button"_s << u"own1"_s << u"yes"_s << u"Yes, please"_s;
        QTest::newRow("of the last that offered it") << u"postback"_s << QString() << u"yes"_s << u"Yes, please"_s;
        QTest::newRow("nobody offered it") << u"button"_s << u"own1"_s << u"maybe"_s << u"maybe"_s;
        QTest::newRow("of a message from before") << u"button"_s << u"own0"_s << u"no"_s << u"no"_s;
    }

    void aPressedButtonSaysItsTitle()
    {
        QFETCH(QString, key);
        QFETCH(QString, quoted);
        QFETCH(QString, data);
        QFETCH(QString, content);
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s));
        f.answer(u"Deliver today?"_s, u"sent"_s, u"sent"_s, u"own1"_s, u"key"_s);
        f.fixture().store().run(u"UPDATE message SET detail = '{\"choice\":{\"items\":[{\"id\":\"yes\",\"title\":\"Yes, please\"}]}}' WHERE source_id = 'own1'"_s);
        InboundMessage press = said(u"cb/1"_s, data, kSpokenAt + 9000);
        press.contentType = Message::ContentType::Interactive;
        press.detail = {{key, QJsonObject{{u"data"_s, data}}}};
        press.inReplyToSourceId = quoted;
        f.tell(press);
        QCOMPARE(f.text(u"SELECT content FROM message WHERE source_id = 'cb/1'"_s), content);
        QCOMPARE(f.count(u"message WHERE source_id = 'cb/1' AND direction = 'incoming' AND json_extract(detail, '$.%1.data') = '%2'"_s.arg(key, data)), 1);
    }

    void whoBlockedIsReachableAgainOnceTheyWrite()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s, kSpokenAt, kBot));
        f.tell(line(u"blocked"_s, {{u"cannot_reply"_s, u"blocked"_s}}, kSpokenAt + 5000));
        QCOMPARE(words(f), u"blocked"_s);
        f.tell(said(u"m2"_s, u"Sent before"_s, kSpokenAt + 4000, kBot));       // and came late
        QCOMPARE(words(f), u"blocked"_s);
        f.tell(echoed(u"m3"_s, u"Answer"_s, kSpokenAt + 5500, kBot));
        QCOMPARE(words(f), u"blocked"_s);
        f.tell(said(u"m4"_s, u"Back again"_s, kSpokenAt + 6000, kBot));
        QCOMPARE(words(f), u"-"_s);
        QCOMPARE(f.count(u"contact_inbox WHERE attributes LIKE '%cannot_reply%'"_s), 0);
    }

    void whatAnAgentDidSinceKeepsNobodyBlocked()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s, kSpokenAt, kBot));
        f.tell(line(u"blocked"_s, {{u"cannot_reply"_s, u"blocked"_s}}, kSpokenAt + 5000));
        f.tell(line(u"assigned"_s, {}, kSpokenAt + 9000));
        QCOMPARE(words(f), u"blocked"_s);
        f.tell(said(u"m2"_s, u"Back again"_s, kSpokenAt + 6000, kBot));          // younger than the one line, older than the other
        QCOMPARE(words(f), u"-"_s);
    }

    void whoBlocksWithoutAConversationIsBlockedInTheFirst()
    {
        SpokenInbox f;
        f.tell(InboundReferral{.customer = {.contactSourceId = kBot}, .referral = {{u"source"_s, u"link"_s}}});
        InboundActivity blocked = line(u"blocked"_s, {{u"cannot_reply"_s, u"blocked"_s}});
        blocked.opensConversation = false;
        f.tell(blocked);
        QCOMPARE(f.count(u"conversation"_s), 0);
        f.tell(echoed(u"e1"_s, u"Hello?"_s, kSpokenAt, kBot));
        QCOMPARE(words(f), u"blocked"_s);
    }

    void whoOptedOutStaysSoInLaterConversationsUntilTheySayOtherwise()
    {
        SpokenInbox f;
        InboundMessage stop = said(u"m1"_s, u"STOP"_s, kSpokenAt, kBot);
        stop.attributes = {{u"cannot_reply"_s, u"opted_out"_s}};
        f.tell(stop);
        f.fixture().store().run(u"UPDATE conversation SET status = 'resolved'"_s);
        f.tell(said(u"m2"_s, u"Hello?"_s, kSpokenAt + 1000, kBot));
        QCOMPARE(words(f), u"opted_out opted_out"_s);
        InboundMessage start = said(u"m3"_s, u"START"_s, kSpokenAt + 2000, kBot);
        start.attributes = {{u"cannot_reply"_s, QJsonValue::Null}, {u"opted_in_at"_s, 7}};
        f.tell(start);
        QCOMPARE(words(f), u"- -"_s);
        QCOMPARE(f.count(u"conversation WHERE json_extract(attributes, '$.opted_in_at') = 7"_s), 1);
    }

    void anOwnersConnectionIsKeptAndAnOlderStateChangesNothing()
    {
        SpokenInbox f;
        f.tell(connection(7));
        const QString stored = u"SELECT json_extract(settings, '$.business_connections.6600000001.revision') || '/' ||"
                               " COALESCE(json_extract(settings, '$.business_connections.6600000001.cannot_reply'), '-') FROM inbox WHERE external_id = 'spoken'"_s;
        QCOMPARE(f.text(stored), u"7/-"_s);
        f.tell(connection(6, u"connection_off"_s));
        QCOMPARE(f.text(stored), u"7/-"_s);
        f.tell(connection(8, u"no_right"_s));
        QCOMPARE(f.text(stored), u"8/no_right"_s);
        QCOMPARE(f.fixture().tokens().settings.size(), 2);
        QCOMPARE(f.fixture().tokens().settings.constLast().second.value("business_connections"_L1).toObject().size(), 1);
    }

    void whatAConnectionMeansForItsThreadsIsSaidInThemAll()
    {
        SpokenInbox f;
        f.tell(connection(1));
        f.tell(ofPerson(u"m1"_s, kBot));
        for (int i = 0; i < 120; ++i)
            f.queue(said(u"t%1"_s.arg(i), u"Hello"_s, kSpokenAt + i, u"b6600000001/%1"_s.arg(7'000'000 + i)));
        f.drain();
        f.tell(said(u"other"_s, u"Hello"_s, kSpokenAt, u"b66000000012/1"_s));
        const QString marked = u"conversation WHERE json_extract(attributes, '$.cannot_reply') = '%1'"_s;
        f.tell(connection(2, u"connection_off"_s));
        QTRY_COMPARE(f.count(marked.arg("connection_off"_L1)), 120);
        // Somebody's first message after it; it doesn't lift it either.
        f.tell(ofPerson(u"m2"_s, kOwned));
        f.tell(ofPerson(u"m3"_s, kOwned, kSpokenAt + 1));
        QCOMPARE(f.count(marked.arg("connection_off"_L1)), 121);
        QCOMPARE(f.count(u"conversation WHERE attributes NOT LIKE '%cannot_reply%'"_s), 2);
        f.tell(connection(3, u"no_right"_s));
        QTRY_COMPARE(f.count(marked.arg("no_right"_L1)), 121);
        f.tell(connection(4));
        QTRY_COMPARE(f.count(u"conversation WHERE attributes LIKE '%cannot_reply%'"_s), 0);
        QVERIFY(f.count(u"change WHERE type = 'conversation.updated'"_s) >= 121);
    }

    void aLineInAThreadOpensAConversationThatAsksForNobody()
    {
        SpokenInbox f;
        f.tell(line(u"chat_started"_s, {{u"start_payload"_s, u"spring"_s}}));
        QCOMPARE(f.count(u"contact"_s), 1);
        QCOMPARE(f.count(u"conversation WHERE waiting_since IS NULL AND last_incoming_at IS NULL AND status = 'open'"_s), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count > 0"_s), 0);
        QCOMPARE(f.count(u"message WHERE direction = 'activity'"_s), 1);
        QCOMPARE(f.count(u"message"_s), 1);
        QCOMPARE(f.text(u"SELECT json_extract(attributes, '$.start_payload') FROM conversation"_s), u"spring"_s);
        QCOMPARE(f.count(u"job WHERE kind = 'profile'"_s), 1);
        f.tell(said(u"m1"_s, u"Hello"_s, kSpokenAt + 1000, kBot));            // the first words go there, and are unread
        QCOMPARE(f.count(u"conversation"_s), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
    }

    void anAutomaticAnswerIsNoReply()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s));
        InboundMessage away = echoed(u"a1"_s, u"We are away"_s, kSpokenAt + 1000);
        away.origin = InboundMessage::Origin::Automatic;
        f.tell(away);
        QCOMPARE(f.count(u"conversation WHERE waiting_since = %1 AND first_reply_created_at IS NULL"_s.arg(kSpokenAt)), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
        f.tell(echoed(u"a2"_s, u"Here I am"_s, kSpokenAt + 2000));
        QCOMPARE(f.count(u"conversation WHERE waiting_since IS NULL AND first_reply_created_at = %1"_s.arg(kSpokenAt + 2000)), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
    }

    void aLateRedeliveryStandsAtItsPlaceInTime()
    {
        SpokenInbox f;
        f.tell(said(u"m2"_s, u"second"_s, kSpokenAt + 2000));
        f.tell(said(u"m1"_s, u"first"_s, kSpokenAt + 1000));
        QCOMPARE(f.text(u"SELECT group_concat(source_id || ':' || late, ' ') FROM (SELECT * FROM message ORDER BY created_at, id)"_s), u"m1:1 m2:0"_s);
        QCOMPARE(f.text(u"SELECT source_id FROM message WHERE id = (SELECT last_message_id FROM conversation)"_s), u"m2"_s);
        // The same message under another event's key.
        f.tell(said(u"m1"_s, u"first"_s, kSpokenAt + 1000));
        QCOMPARE(f.count(u"message"_s), 2);
        QCOMPARE(f.count(u"seen WHERE unread_count = 2"_s), 2);
        QCOMPARE(f.text(u"SELECT value FROM intake_counter WHERE name = 'duplicates' AND inbox_id = %1"_s.arg(f.inbox().value())), u"1"_s);
    }

    void threeFirstWordsAtOnceAreOneConversation()
    {
        SpokenInbox f;
        for (int i = 0; i < 3; ++i)
            f.queue(said(u"m%1"_s.arg(i), u"Hello"_s, kSpokenAt + i, kBot), {.lane = kBot});
        f.queue(said(u"n0"_s, u"Hello"_s, kSpokenAt, u"5500000009"_s), {.lane = u"5500000009"_s});
        f.drain();
        QCOMPARE(f.count(u"contact"_s), 2);
        QCOMPARE(f.count(u"conversation"_s), 2);
        QCOMPARE(f.text(u"SELECT group_concat(n, ' ') FROM (SELECT COUNT(*) AS n FROM message GROUP BY conversation_id ORDER BY n)"_s), u"1 3"_s);
    }
};

class AcknowledgementsTest : public QObject {
    Q_OBJECT
private slots:
    void aPressedButtonIsAnsweredOnce_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("taken") << 200;
        QTest::newRow("too old") << 400;
        QTest::newRow("busy") << 503;
    }

    void aPressedButtonIsAnsweredOnce()
    {
        QFETCH(int, status);
        SpokenInbox f;
        f.fixture().http().route(u"/answer"_s, [status](const HttpRequest &) { return HttpReply{.status = status, .body = "{}", .requestWritten = true}; });
        f.tell(said(u"cb/1"_s, u"Yes"_s), {.kind = u"button"_s});
        QTRY_COMPARE(f.count(u"job WHERE kind = 'acknowledge' AND state IN ('done', 'dead')"_s), 1);
        f.fixture().advance(std::chrono::hours(2));
        f.fixture().store().settle();
        QCOMPARE(f.fixture().http().count(u"/answer"_s), 1);
        QCOMPARE(f.count(u"message"_s), 1);
        QCOMPARE(f.count(u"inbox WHERE state <> 'active'"_s), 0);
        f.tell(said(u"m1"_s, u"Hello"_s));
        QCOMPARE(f.count(u"job WHERE kind = 'acknowledge'"_s), 1);
    }

    void whatHasWaitedIsNotAnsweredAnyMore()
    {
        SpokenInbox f;
        f.fixture().http().route(u"/answer"_s, QJsonObject());
        f.queue(said(u"cb/1"_s, u"Yes"_s), {.kind = u"button"_s});
        f.fixture().store().run(u"UPDATE event SET received_at = received_at - 61000"_s);
        f.drain();
        QCOMPARE(f.count(u"message"_s), 1);
        QCOMPARE(f.count(u"job WHERE kind = 'acknowledge'"_s), 0);
    }

    void whatWasFetchedAfterwardsIsNotAnswered()
    {
        SpokenInbox f;
        f.queue(said(u"cb/1"_s, u"Yes"_s), {.kind = u"button"_s});
        f.fixture().store().run(u"UPDATE event SET payload = json_set(payload, '$.antiphon_caught_up', 'gap')"_s);
        f.drain();
        QCOMPARE(f.count(u"message"_s), 1);
        QCOMPARE(f.count(u"job WHERE kind = 'acknowledge'"_s), 0);
    }

    void itIsAnsweredEvenIfNothingComesOfIt()
    {
        SpokenInbox f;
        f.fixture().http().route(u"/answer"_s, QJsonObject());
        f.tell(InboundMessage{.customer = {.contactSourceId = kBot}}, {.kind = u"button"_s});       // no id: a dead letter
        QCOMPARE(f.count(u"event WHERE state = 'dead'"_s), 1);
        QTRY_COMPARE(f.fixture().http().count(u"/answer"_s), 1);
    }
};

class LookupsTest : public QObject {
    Q_OBJECT
private slots:
    void whatNobodyToldOfIsAskedForAndTheEventGoesOn()
    {
        SpokenInbox f;
        QStringList asked;
        f.channel().isMissing = true;
        f.channel().looksUp = [&](const QString &field, const QString &what) -> OperationPtr<QList<SplitEvent>> {
            asked.append(field + u'/' + what);
            const SplitEvent told{.account = u"spoken"_s, .lane = u"owner"_s, .dedupeKey = u"bc:t9"_s, .kind = u"spoken"_s, .payload = f.channel().keep(connection(0))};
            return std::make_unique<Settled<QList<SplitEvent>>>(QList<SplitEvent>{told});
        };
        f.queue(ofPerson(u"m1"_s, kOwned), {.kind = u"needy"_s});
        f.queue(ofPerson(u"m2"_s, kOwned, kSpokenAt + 1), {.kind = u"needy"_s});
        f.fixture().intake().rescan();
        QTRY_COMPARE(f.count(u"event WHERE dedupe_key = 'bc:t9' AND state = 'done'"_s), 1);
        QCOMPARE(f.count(u"inbox WHERE settings LIKE '%business_connections%'"_s), 1);
        QCOMPARE(asked, QStringList{u"thing/t9"_s});          // the second waits behind the first
        QCOMPARE(f.count(u"message"_s), 0);
        f.channel().isMissing = false;
        f.fixture().advance(std::chrono::seconds(1));
        QTRY_COMPARE(f.count(u"message WHERE direction = 'incoming'"_s), 2);
        QCOMPARE(asked.size(), 1);
    }

    void whatThePlatformDoesNotKnowEitherHoldsNobodyUpForGood()
    {
        SpokenInbox f;
        f.channel().isMissing = true;
        f.channel().looksUp = [](const QString &, const QString &) -> OperationPtr<QList<SplitEvent>> {
            return std::make_unique<Settled<QList<SplitEvent>>>(Error{Error::Kind::Invalid, u"no such connection"_s});
        };
        f.queue(ofPerson(u"m1"_s, kOwned), {.kind = u"needy"_s});
        f.queue(said(u"m2"_s, u"Hello"_s, kSpokenAt, kBot));
        f.fixture().intake().rescan();
        QTRY_COMPARE(f.count(u"job WHERE kind = 'look_up' AND state = 'dead'"_s), 1);
        for (int i = 0; i < 4; ++i) {
            QTRY_VERIFY(f.count(u"event WHERE state = 'pending' AND attempts = %1"_s.arg(i + 1)) == 1 || f.count(u"event WHERE state = 'parked'"_s) == 1);
            f.fixture().advance(std::chrono::seconds(21));
        }
        QTRY_COMPARE(f.count(u"message WHERE source_id = 'm2'"_s), 1);
    }
};

ANTIPHON_TEST(ThreadsTest)
ANTIPHON_TEST(LookupsTest)
ANTIPHON_TEST(AcknowledgementsTest)
#include "tst_threads.moc"
