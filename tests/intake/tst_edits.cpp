#include "tests/intake/spokenchannel.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

InboundEdit edited(const QString &sourceId, const QString &content, int revision, qint64 at = kSpokenAt + 1000)
{
    return {.contactSourceId = u"15550100002"_s, .messageSourceId = sourceId, .content = content, .revision = revision, .platformAt = fromUnixMs(at)};
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
