#include "tests/intake/spokenchannel.h"
#include "tests/support/testmain.h"

#include "core/store/inboxrepository.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

InboundMessage ownEcho(const QString &sourceId, const QString &content, const QString &key)
{
    InboundMessage echo = echoed(sourceId, content, kSpokenAt + 6000);
    echo.origin = InboundMessage::Origin::OwnApi;
    echo.sendKey = key;
    return echo;
}

} // namespace

class SpokenTest : public QObject {
    Q_OBJECT
private slots:
    void anAlbumOfTenIsOneConversationInItsOrder()
    {
        SpokenInbox f;
        for (int i = 0; i < 10; ++i) {
            InboundMessage picture = said(u"p%1"_s.arg(i), {}, kSpokenAt + i / 4 * 1000);       // several in one second
            picture.attachments = {{.kind = Attachment::Kind::Image, .remote = {{u"id"_s, i}}}};
            f.queue(picture);
        }
        f.drain();
        QCOMPARE(f.count(u"conversation"_s), 1);
        QCOMPARE(f.text(u"SELECT group_concat(source_id, ' ') FROM (SELECT source_id FROM message ORDER BY created_at, id)"_s),
                 u"p0 p1 p2 p3 p4 p5 p6 p7 p8 p9"_s);
        QCOMPARE(f.count(u"seen WHERE unread_count = 10"_s), 2);
    }

    void whatComesWithAMessageIsKept()
    {
        SpokenInbox f;
        InboundMessage message = said(u"m1"_s, u"From an ad"_s);
        message.referral = {{u"source"_s, u"ADS"_s}, {u"headline"_s, u"Chat with us"_s}};
        message.detail = {{u"payload"_s, u"YES"_s}};
        message.isForwarded = true;
        message.opensWindow = false;
        message.attachments = {{.kind = Attachment::Kind::Audio, .remote = {{u"id"_s, u"7"_s}}, .isVoice = true, .durationMs = 2000},
                               {.kind = Attachment::Kind::Location, .title = u"Pinned"_s, .latitude = 48.1, .longitude = 11.5},
                               {.kind = Attachment::Kind::Contact, .name = u"Bo"_s, .title = u"+15550100003"_s},
                               {.kind = Attachment::Kind::File, .remote = {{u"id"_s, u"8"_s}}, .failure = u"too_large"_s}};
        f.tell(message);
        QCOMPARE(f.text(u"SELECT json_extract(referral, '$.headline') || '/' || json_extract(detail, '$.payload') || '/' || forwarded FROM message"
                        " WHERE source_id = 'm1'"_s),
                 u"Chat with us/YES/1"_s);
        QCOMPARE(f.text(u"SELECT group_concat(kind || ':' || state || ':' || voice || ':' || COALESCE(error, '-'), ' ')"
                        " FROM (SELECT * FROM attachment ORDER BY position)"_s),
                 u"audio:pending:1:- location:ready:0:- contact:ready:0:- file:failed:0:too_large"_s);
        QCOMPARE(f.text(u"SELECT latitude || '/' || longitude FROM attachment WHERE kind = 'location'"_s), u"48.1/11.5"_s);
        QCOMPARE(f.count(u"job WHERE kind = 'media'"_s), 1);
        QCOMPARE(f.count(u"conversation WHERE window_closes_at IS NULL AND waiting_since IS NOT NULL"_s), 1);
        // The conversation it opened says so, and a line above it; a later one opens none.
        QCOMPARE(f.count(u"conversation WHERE json_extract(attributes, '$.referral.source') = 'ADS'"_s), 1);
        QCOMPARE(f.count(u"message WHERE direction = 'activity' AND json_extract(activity, '$.kind') = 'referral'"_s), 1);
        message.sourceId = u"m2"_s;
        f.tell(message);
        QCOMPARE(f.count(u"message WHERE direction = 'activity'"_s), 1);
    }

    void anEchoWithOurKeyIsOurMessage_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("status");
        QTest::newRow("the answer is out") << u"sending"_s << u"sending"_s;
        QTest::newRow("the answer was lost") << u"unknown"_s << u"failed"_s;
    }

    void anEchoWithOurKeyIsOurMessage()
    {
        QFETCH(QString, state);
        QFETCH(QString, status);
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        f.answer(u"**Answer**"_s, state, status, {}, u"key-1"_s);
        f.tell(ownEcho(u"mid.1"_s, u"Answer, as it went out"_s, u"key-1"_s));
        QCOMPARE(f.count(u"message WHERE direction = 'outgoing'"_s), 1);
        QCOMPARE(f.messageStatus(u"mid.1"_s), u"sent"_s);         // the platform will say itself what has reached the customer
        QCOMPARE(f.text(u"SELECT state FROM outbox"_s), u"sent"_s);
    }

    void echoesOfPartsAreTakenForThemInTheirOrder()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        f.answer(u"Text"_s, u"sending"_s, u"sending"_s, {}, u"key-1"_s, 3);
        f.tell(ownEcho(u"mid.0"_s, {}, u"key-1"_s));
        QCOMPARE(f.text(u"SELECT state FROM outbox"_s), u"sending"_s);           // its request's answer is still out
        f.tell(ownEcho(u"mid.1"_s, {}, u"key-1"_s));
        f.tell(ownEcho(u"mid.2"_s, u"Text"_s, u"key-1"_s));
        QCOMPARE(f.text(u"SELECT group_concat(part || ':' || platform_id, ' ') FROM (SELECT * FROM send_part ORDER BY part)"_s), u"0:mid.0 1:mid.1 2:mid.2"_s);
        QCOMPARE(f.messageStatus(u"mid.0"_s), u"sent"_s);
        QCOMPARE(f.text(u"SELECT state FROM outbox"_s), u"sent"_s);
        QCOMPARE(f.count(u"message WHERE external_echo"_s), 0);
    }

    void theRestOfALostSendGoesOnAfterTheEchoOfItsFirstPart()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        f.answer(u"Text"_s, u"sending"_s, u"sending"_s, {}, u"key-1"_s, 2);
        f.fixture().store().run(u"UPDATE outbox SET settle_until = %1, owner = 'gone'"_s.arg(kSpokenAt + 90'000));
        f.tell(ownEcho(u"mid.0"_s, {}, u"key-1"_s));
        QCOMPARE(f.text(u"SELECT state || '/' || COALESCE(owner, '-') FROM outbox"_s), u"queued/-"_s);
        QCOMPARE(f.messageStatus(u"mid.0"_s), u"queued"_s);
    }

    void anEchoNobodyHereSentNamesItsWriterWhereThatIsKnown_data()
    {
        QTest::addColumn<bool>("isUnsure");
        QTest::addColumn<QString>("told");
        QTest::addColumn<QString>("name");
        QTest::newRow("another tool") << false << QString() << u"Another connected tool"_s;
        QTest::newRow("by its name") << false << u"Other app"_s << u"Other app"_s;
        QTest::newRow("the platform doesn't tell") << true << QString() << u"-"_s;
    }

    void anEchoNobodyHereSentNamesItsWriterWhereThatIsKnown()
    {
        QFETCH(bool, isUnsure);
        QFETCH(QString, told);
        SpokenInbox f;
        InboundMessage echo = ownEcho(u"mid.1"_s, u"Hi"_s, u"somebody's"_s);
        echo.maybeNativeApp = isUnsure;
        echo.senderName = told;
        f.tell(echo);
        QTEST(f.text(u"SELECT COALESCE(sender_name, '-') FROM message"_s), "name");
        QCOMPARE(f.text(u"SELECT status || '/' || external_echo || '/' || sender_type FROM message"_s), u"delivered/1/native_app"_s);
    }

    void anEchoThatIsSurelyOursIsNobodysMessage()
    {
        SpokenInbox f;
        f.tell(said(u"in1"_s, u"Hello"_s));
        InboundMessage echo = ownEcho(u"mid.1"_s, u"Hi"_s, {});
        echo.isSurelyOurs = true;
        f.tell(echo);
        QCOMPARE(f.count(u"message WHERE direction = 'outgoing'"_s), 0);
        f.answer(u"Text"_s, u"sending"_s, u"sending"_s, {}, u"key-1"_s);
        echo.sourceId = u"mid.2"_s;
        echo.sendKey = u"key-1"_s;
        f.tell(echo);
        QCOMPARE(f.count(u"message WHERE direction = 'outgoing'"_s), 1);
        QCOMPARE(f.messageStatus(u"mid.2"_s), u"sent"_s);
    }

    void aThreadThatAnotherApplicationHasIsMarkedUntilItIsBack()
    {
        SpokenInbox f;
        InboundMessage message = said(u"m1"_s, u"Hello"_s);
        message.isElsewhere = true;
        f.tell(message);
        QCOMPARE(f.count(u"conversation WHERE json_extract(attributes, '$.handled_elsewhere')"_s), 1);
        f.tell(said(u"m2"_s, u"Again"_s, kSpokenAt + 1));
        QCOMPARE(f.count(u"conversation WHERE json_extract(attributes, '$.handled_elsewhere')"_s), 0);
        const auto handover = [](bool isAway) {
            return InboundActivity{.customer = {.contactSourceId = u"15550100002"_s},
                                   .activity = {{u"kind"_s, u"handover"_s}},
                                   .attributes = {{u"handled_elsewhere"_s, isAway ? QJsonValue(true) : QJsonValue(QJsonValue::Null)}},
                                   .platformAt = fromUnixMs(kSpokenAt + 2)};
        };
        f.tell(handover(true));
        QCOMPARE(f.count(u"conversation WHERE json_extract(attributes, '$.handled_elsewhere')"_s), 1);
        f.tell(handover(false));
        QCOMPARE(f.count(u"conversation WHERE json_extract(attributes, '$.handled_elsewhere')"_s), 0);
        QCOMPARE(f.count(u"message WHERE direction = 'activity'"_s), 2);
    }

    void aLineOfAnUnknownCustomerIsDroppedOrOpensSilently()
    {
        SpokenInbox f;
        InboundActivity line{.customer = {.contactSourceId = u"new"_s}, .activity = {{u"kind"_s, u"follow"_s}}, .platformAt = fromUnixMs(kSpokenAt)};
        f.tell(line);
        QCOMPARE(f.count(u"contact"_s), 0);
        line.opensConversation = true;
        f.tell(line);
        QCOMPARE(f.count(u"conversation WHERE status = 'open' AND waiting_since IS NULL AND window_closes_at IS NULL"_s), 1);
        QCOMPARE(f.count(u"seen WHERE unread_count > 0"_s), 0);
    }

    void aNoticeStandsUntilItIsOver()
    {
        SpokenInbox f;
        f.tell(InboundNotice{.kind = u"account_violation"_s, .detail = u"SPAM"_s});
        QCOMPARE(f.count(u"inbox WHERE json_extract(settings, '$.notice.kind') = 'account_violation' AND state = 'active'"_s), 1);
        f.tell(InboundNotice{});
        QCOMPARE(f.count(u"inbox WHERE json_extract(settings, '$.notice.kind') IS NOT NULL"_s), 0);
        f.tell(InboundNotice{.kind = u"partner_removed"_s, .needsOwner = true});
        QCOMPARE(f.text(u"SELECT state || '/' || state_reason FROM inbox WHERE external_id = 'spoken'"_s), u"reauthorization_required/partner_removed"_s);
        f.tell(said(u"m1"_s, u"Hello"_s));                       // it goes on receiving
        QCOMPARE(f.count(u"message"_s), 1);
        f.tell(InboundNotice{});
        QCOMPARE(f.text(u"SELECT state FROM inbox WHERE external_id = 'spoken'"_s), u"active"_s);
        QTRY_COMPARE(f.fixture().tokens().states,   // so that nothing is sent meanwhile, and what waited goes on
                     (QList<std::pair<InboxId, Inbox::State>>{{f.inbox(), Inbox::State::ReauthorizationRequired}, {f.inbox(), Inbox::State::Active}}));
    }

    void newCredentialsEndWhatTheOwnerWasNeededFor()
    {
        SpokenInbox f;
        f.tell(InboundNotice{.kind = u"partner_removed"_s, .needsOwner = true});
        const auto done = f.fixture().store().write<void>(
            [id = f.inbox()](WriteTransaction &tx) { return inboxes::setState(tx, id, Inbox::State::Active, {}); });
        QVERIFY(done);
        QCOMPARE(f.count(u"inbox WHERE external_id = 'spoken' AND state = 'active' AND json_extract(settings, '$.notice') IS NULL"_s), 1);
    }

    void aNoticeOfOursIsNotThePlatformsToTakeAway()
    {
        SpokenInbox f;
        f.fixture().store().run(u"UPDATE inbox SET settings = '{\"notice\":{\"kind\":\"webhooks_lost\"}}'"_s);
        f.tell(InboundNotice{});
        QCOMPARE(f.count(u"inbox WHERE external_id = 'spoken' AND json_extract(settings, '$.notice.kind') = 'webhooks_lost'"_s), 1);
    }

    void aChangedTemplateSaysSoAndIsFetched()
    {
        SpokenInbox f;
        f.fixture().store().run(u"INSERT INTO message_template (inbox_id, name, language, status, synced_at) VALUES (%1, 'hello', 'en', 'APPROVED', 0)"_s
                                    .arg(f.inbox().value()));
        f.tell(InboundTemplateChange{.name = u"hello"_s, .language = u"en"_s, .event = u"PAUSED"_s});
        QCOMPARE(f.text(u"SELECT status FROM message_template"_s), u"PAUSED"_s);
        QCOMPARE(f.count(u"job WHERE kind = 'templates' AND entity = 'inbox' AND entity_id = %1"_s.arg(f.inbox().value())), 1);
    }

    void aCustomersProfileIsAskedForByItsOwnCall()
    {
        SpokenInbox f{Channel::Instagram};
        f.channel().tellsProfile = [](const QString &) {
            return std::make_unique<Settled<AccountProfile>>(AccountProfile{.username = u"ada.l"_s, .displayName = u"Ada"_s});
        };
        f.tell(said(u"m1"_s, u"Hello"_s));
        QTRY_COMPARE(f.text(u"SELECT name || '/' || json_extract(custom_attributes, '$.username') FROM contact"_s), u"Ada/ada.l"_s);
        QTRY_COMPARE(f.count(u"contact_inbox WHERE profile_at IS NOT NULL"_s), 1);
    }

    void whoHasNotAgreedIsAskedAboutWhenTheyWrite()
    {
        SpokenInbox f{Channel::Instagram};
        bool mayTell = false;
        f.channel().tellsProfile = [&mayTell](const QString &) -> OperationPtr<AccountProfile> {
            if (!mayTell)
                return std::make_unique<Settled<AccountProfile>>(Error{Error::Kind::Forbidden, u"230"_s});
            return std::make_unique<Settled<AccountProfile>>(AccountProfile{.displayName = u"Ada"_s});
        };
        f.tell(echoed(u"e1"_s, u"Hello?"_s));
        QTRY_COMPARE(f.count(u"contact_inbox WHERE json_extract(attributes, '$.profile_refused')"_s), 1);
        QTRY_COMPARE(f.count(u"job WHERE kind = 'profile' AND state IN ('pending', 'running')"_s), 0);
        QCOMPARE(f.text(u"SELECT name FROM contact"_s), u"Unknown (IG: 15550100002)"_s);
        mayTell = true;
        f.tell(echoed(u"e2"_s, u"Hello again"_s, kSpokenAt + 1));
        QCOMPARE(f.count(u"job WHERE kind = 'profile' AND state IN ('pending', 'running')"_s), 0);
        f.tell(said(u"m1"_s, u"Hi"_s, kSpokenAt + 2));
        QTRY_COMPARE(f.text(u"SELECT name FROM contact"_s), u"Ada"_s);
    }
};

ANTIPHON_TEST(SpokenTest)
#include "tst_spoken.moc"
