#include "tests/intake/spokenchannel.h"
#include "tests/support/testmain.h"

#include "core/store/messagerepository.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

InboundEdit edited(const QString &sourceId, const QString &content, int revision, qint64 at = kSpokenAt + 1000)
{
    return {.contactSourceId = u"15550100002"_s, .messageSourceId = sourceId, .content = content, .revision = revision, .platformAt = fromUnixMs(at)};
}

InboundEdit toldAnew(const InboundMessage &whole, qint64 at = kSpokenAt + 1000)
{
    return {.contactSourceId = whole.customer.contactSourceId,
            .messageSourceId = whole.sourceId,
            .content = whole.content,
            .entities = whole.entities,
            .whole = whole,
            .platformAt = fromUnixMs(at)};
}

InboundRevoke revoked(const QString &sourceId)
{
    return {.contactSourceId = u"15550100002"_s, .messageSourceId = sourceId, .platformAt = fromUnixMs(kSpokenAt + 2000)};
}

InboundReaction reacted(const QString &sourceId, const QString &emoji, qint64 at)
{
    return {.contactSourceId = u"15550100002"_s,
            .messageSourceId = sourceId,
            .senderPlatformId = u"15550100002"_s,
            .isRemoval = emoji.isEmpty(),
            .emoji = emoji,
            .platformAt = fromUnixMs(at)};
}

} // namespace

class EditsTest : public QObject {
    Q_OBJECT
private slots:
    void otherWordsReplaceTheFormerWhichAreKept()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"two boxes"_s));
        f.tell(edited(u"m1"_s, u"three boxes"_s, 2, kSpokenAt + 5000));
        f.tell(edited(u"m1"_s, u"one box"_s, 1));                            // overtaken
        QCOMPARE(f.text(u"SELECT content || '/' || revision || '/' || edited_at FROM message"_s), u"three boxes/2/%1"_s.arg(kSpokenAt + 5000));
        QCOMPARE(f.text(u"SELECT group_concat(content) FROM message_revision"_s), u"two boxes"_s);
        QCOMPARE(f.count(u"change WHERE type = 'message.updated'"_s), 1);
    }

    void whereNobodyCountsTheLaterStands()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"a"_s));
        f.tell(edited(u"m1"_s, u"c"_s, 0, kSpokenAt + 9000));
        f.tell(edited(u"m1"_s, u"b"_s, 0, kSpokenAt + 8000));
        QCOMPARE(f.text(u"SELECT content FROM message"_s), u"c"_s);
        f.tell(edited(u"m1"_s, u"d"_s, 0, kSpokenAt + 9000));            // of the same second, told later
        QCOMPARE(f.text(u"SELECT content FROM message"_s), u"d"_s);
    }

    void whatIsToldAnewAsAWholeIsStoredEvenWithoutItsOriginal()
    {
        SpokenInbox f;
        f.tell(toldAnew(said(u"m1"_s, u"three boxes"_s)));
        QCOMPARE(f.text(u"SELECT content || '/' || edited_at || '/' || created_at FROM message"_s), u"three boxes/%1/%2"_s.arg(kSpokenAt + 1000).arg(kSpokenAt));
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
        f.tell(said(u"m1"_s, u"two boxes"_s));                               // the original, overtaken
        QCOMPARE(f.text(u"SELECT content FROM message"_s), u"three boxes"_s);
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
        InboundMessage echo = echoed(u"e1"_s, u"Yes"_s, kSpokenAt + 10);
        f.tell(toldAnew(echo));
        QCOMPARE(f.count(u"message WHERE source_id = 'e1' AND external_echo AND edited_at IS NOT NULL"_s), 1);
    }

    void onlyWhatCanBeSeenIsAnEdit()
    {
        SpokenInbox f;
        InboundMessage picture = said(u"m1"_s, u"Broken lid"_s);
        picture.attachments = {{.kind = Attachment::Kind::Image, .name = u"a.jpg"_s, .remote = {{u"file_id"_s, u"A"_s}, {u"file_unique_id"_s, u"u1"_s}}}};
        f.tell(picture);
        picture.attachments[0].remote.insert(u"file_id"_s, u"B"_s);          // the same file by another name
        f.tell(toldAnew(picture));
        QCOMPARE(f.count(u"message WHERE edited_at IS NULL AND revision = 0"_s), 1);
        QCOMPARE(f.count(u"message_revision"_s), 0);
        QCOMPARE(f.count(u"change WHERE type = 'message.updated'"_s), 0);
        picture.content = u"Broken lid, second try"_s;
        f.tell(toldAnew(picture, kSpokenAt + 2000));
        QCOMPARE(f.text(u"SELECT content || '/' || edited_at FROM message"_s), u"Broken lid, second try/%1"_s.arg(kSpokenAt + 2000));
        QCOMPARE(f.text(u"SELECT group_concat(content) FROM message_revision"_s), u"Broken lid"_s);
        QCOMPARE(f.count(u"attachment WHERE message_id IS NOT NULL"_s), 1);
        QCOMPARE(f.count(u"job WHERE kind = 'media'"_s), 1);
    }

    void anotherPictureReplacesTheFormer()
    {
        SpokenInbox f;
        InboundMessage picture = said(u"m1"_s, {});
        picture.attachments = {{.kind = Attachment::Kind::Image, .remote = {{u"file_unique_id"_s, u"u1"_s}}}};
        f.tell(picture);
        f.fixture().store().run(u"UPDATE attachment SET state = 'ready', blob_sha256 = x'01'"_s);
        picture.attachments[0].remote = {{u"file_unique_id"_s, u"u2"_s}};
        f.tell(toldAnew(picture));
        QCOMPARE(f.text(u"SELECT json_extract(remote, '$.file_unique_id') || '/' || state FROM attachment WHERE message_id IS NOT NULL"_s), u"u2/pending"_s);
        QCOMPARE(f.count(u"attachment WHERE message_id IS NULL AND blob_sha256 = x'01' AND remote IS NULL"_s), 1);       // its file goes with the pruning
        QCOMPARE(f.count(u"message WHERE edited_at = %1"_s.arg(kSpokenAt + 1000)), 1);
        QCOMPARE(f.count(u"message_revision"_s), 0);
    }

    void aMovingPlaceMovesAndIsNotKept()
    {
        SpokenInbox f;
        InboundMessage place = said(u"m1"_s, {});
        place.contentType = Message::ContentType::Location;
        place.attachments = {{.kind = Attachment::Kind::Location, .latitude = 40.1, .longitude = -3.5}};
        f.tell(place);
        place.attachments[0].latitude = 40.2;
        f.tell(toldAnew(place));
        place.attachments[0].latitude = 40.15;
        f.tell(toldAnew(place, kSpokenAt + 500));                            // overtaken
        QCOMPARE(f.text(u"SELECT group_concat(latitude || '/' || state) FROM attachment"_s), u"40.2/ready"_s);
        QCOMPARE(f.count(u"message_revision"_s), 0);
    }

    void ourOwnWordsStayAsTheyWereWritten()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s));
        f.answer(u"**Parking** is free"_s, u"sent"_s, u"sent"_s, u"own1"_s, u"key"_s);
        InboundMessage echo = echoed(u"own1"_s, u"Parking is free"_s, kSpokenAt + 6000);
        f.tell(toldAnew(echo, kSpokenAt + 7000));
        QCOMPARE(f.text(u"SELECT content || '/' || COALESCE(edited_at, '-') FROM message WHERE source_id = 'own1'"_s), u"**Parking** is free/-"_s);
    }

    void ofSeveralMessagesThatAreOneTheLastTakesItBack()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s));
        const MessageId id = f.answer(u"Two pictures"_s, u"sent"_s, u"sent"_s, u"a1"_s, u"key"_s);
        QVERIFY(f.fixture().store().write<void>([&](WriteTransaction &tx) { return messages::addAlias(tx, f.inbox(), u"a2"_s, id); }));
        f.tell(reacted(u"a2"_s, u"👍"_s, kSpokenAt + 6000));                  // it is found by either
        QCOMPARE(f.count(u"reaction WHERE message_id = %1"_s.arg(id.value())), 1);
        f.tell(revoked(u"a2"_s));
        f.tell(revoked(u"a2"_s));
        QCOMPARE(f.text(u"SELECT content || '/' || deleted FROM message WHERE source_id = 'a1'"_s), u"Two pictures/0"_s);
        f.tell(revoked(u"a1"_s));
        QCOMPARE(f.count(u"message WHERE source_id = 'a1' AND deleted AND content IS NULL"_s), 1);
    }

    void anEditWaitsForItsMessage()
    {
        SpokenInbox f;
        f.tell(edited(u"m1"_s, u"after"_s, 1), {.target = u"m1"_s});
        QCOMPARE(f.count(u"event WHERE state = 'parked'"_s), 1);
        f.tell(said(u"m1"_s, u"before"_s));
        QCOMPARE(f.text(u"SELECT content FROM message"_s), u"after"_s);
    }

    void aRevokedMessageKeepsItsRowOnly()
    {
        SpokenInbox f;
        InboundMessage picture = said(u"m1"_s, u"secret"_s);
        picture.attachments = {{.kind = Attachment::Kind::Image, .remote = {{u"id"_s, u"7"_s}}}};
        picture.referral = {{u"source"_s, u"ad"_s}};
        f.tell(picture);
        f.tell(edited(u"m1"_s, u"still secret"_s, 1));
        f.tell(reacted(u"m1"_s, u"👍"_s, kSpokenAt + 1000));
        QCOMPARE(f.count(u"seen WHERE unread_count = 1"_s), 2);
        f.tell(revoked(u"m1"_s));
        QCOMPARE(f.count(u"message WHERE deleted AND content IS NULL AND referral IS NULL AND source_id = 'm1'"_s), 1);
        QCOMPARE(f.count(u"attachment WHERE message_id IS NOT NULL"_s), 0);
        QCOMPARE(f.count(u"attachment WHERE remote IS NOT NULL"_s), 0);
        QCOMPARE(f.count(u"reaction"_s), 0);
        QCOMPARE(f.count(u"message_revision"_s), 0);
        QCOMPARE(f.count(u"seen WHERE unread_count = 0"_s), 2);
        f.tell(edited(u"m1"_s, u"secret again"_s, 2));
        QCOMPARE(f.count(u"message WHERE content IS NOT NULL"_s), 0);
    }

    void theFileOfARevokedMessageIsNotAskedForAgain()
    {
        SpokenInbox f;
        std::atomic<int> asked = 0;
        f.channel().fetchesMedia = [&asked](const QJsonObject &, const InboxCredentials &) -> OperationPtr<HttpRequest> {
            ++asked;
            return std::make_unique<Settled<HttpRequest>>(Error{Error::Kind::Unavailable, u"not now"_s});
        };
        InboundMessage picture = said(u"m1"_s, u"secret"_s);
        picture.attachments = {{.kind = Attachment::Kind::Image, .remote = {{u"id"_s, u"7"_s}}}};
        f.tell(picture);
        QTRY_COMPARE(asked.load(), 1);
        QTRY_COMPARE(f.count(u"job WHERE kind = 'media' AND state = 'pending' AND attempts = 1"_s), 1);
        f.tell(revoked(u"m1"_s));
        f.fixture().advance(std::chrono::hours(1));
        f.drain();
        QTRY_COMPARE(f.count(u"job WHERE kind = 'media' AND state = 'done'"_s), 1);
        QCOMPARE(asked.load(), 1);
    }

    void whatWasTakenBackBeforeItCameIsStoredEmpty()
    {
        SpokenInbox f;
        f.tell(revoked(u"m1"_s), {.target = u"m1"_s});
        InboundMessage late = said(u"m1"_s, u"secret"_s);
        late.attachments = {{.kind = Attachment::Kind::Image, .remote = {{u"id"_s, u"7"_s}}}};
        f.tell(late);
        QCOMPARE(f.count(u"message WHERE deleted AND content IS NULL"_s), 1);
        QCOMPARE(f.count(u"attachment"_s), 0);
        QCOMPARE(f.count(u"seen WHERE unread_count > 0"_s), 0);
        QCOMPARE(f.count(u"conversation WHERE window_closes_at IS NOT NULL"_s), 1);       // the customer did write
    }

    void anEchoIsTakenBackTheSame()
    {
        SpokenInbox f;
        f.tell(echoed(u"e1"_s, u"On my way"_s));
        f.tell(revoked(u"e1"_s));
        QCOMPARE(f.count(u"message WHERE deleted AND content IS NULL AND external_echo"_s), 1);
    }

    void everybodyHasOneReactionAndTheLaterStands()
    {
        SpokenInbox f;
        f.tell(said(u"m1"_s, u"Hello"_s));
        f.tell(reacted(u"m1"_s, u"👍"_s, kSpokenAt + 1000));
        f.tell(reacted(u"m1"_s, u"🎉"_s, kSpokenAt + 3000));
        f.tell(reacted(u"m1"_s, u"😢"_s, kSpokenAt + 2000));
        QCOMPARE(f.text(u"SELECT group_concat(emoji) FROM reaction WHERE NOT removed"_s), u"🎉"_s);
        f.tell(reacted(u"m1"_s, {}, kSpokenAt + 4000));
        f.tell(reacted(u"m1"_s, u"👍"_s, kSpokenAt + 3500));
        QCOMPARE(f.count(u"reaction WHERE NOT removed"_s), 0);
    }

    void aReactionWaitsADayForItsMessage()
    {
        SpokenInbox f;
        f.tell(reacted(u"m1"_s, u"👍"_s, kSpokenAt + 1000), {.target = u"m1"_s});
        f.fixture().advance(std::chrono::hours(23));
        f.drain();
        QCOMPARE(f.count(u"event WHERE state = 'parked'"_s), 1);
        f.tell(said(u"m1"_s, u"Hello"_s));
        QCOMPARE(f.count(u"reaction WHERE emoji = '👍'"_s), 1);
        f.tell(reacted(u"m9"_s, u"👍"_s, kSpokenAt + 1000), {.target = u"m9"_s});
        f.fixture().advance(std::chrono::hours(25));
        f.drain();
        QCOMPARE(f.count(u"event WHERE state = 'ignored'"_s), 1);
    }
};

ANTIPHON_TEST(EditsTest)
#include "tst_edits.moc"
