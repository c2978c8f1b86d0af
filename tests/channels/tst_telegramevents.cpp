#include "core/base/json.h"
#include "core/channels/telegram/telegramadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QSet>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QString kBot = u"7000000001"_s;
const QString kAna = u"5500000001"_s;
const QString kWithOlga = u"b6600000001/5500000001"_s;

QJsonObject settings()
{
    return {{"business_connections"_L1,
             QJsonObject{{"6600000001"_L1, QJsonObject{{"id"_L1, u"bc_AQ1"_s}, {"enabled"_L1, true}, {"can_reply"_L1, true}, {"revision"_L1, 700000010}}}}}};
}

} // namespace

class TelegramEventsTest : public QObject {
    Q_OBJECT

    TelegramAdapter m_adapter;

    QList<SplitEvent> splitBody(const QByteArray &body) const
    {
        const auto events = m_adapter.split({.body = body, .path = "/webhooks/telegram/7", .receivedAt = fromUnixMs(1'760'000'999'000)}, {});
        return events ? *events : QList<SplitEvent>();
    }
    QList<SplitEvent> split(const QString &name) const { return splitBody(fixture(u"telegram/%1.json"_s.arg(name))); }

    Result<InboundEvent> read(SplitEvent event, const QJsonObject &inboxSettings = settings()) const
    {
        event.account = kBot;
        event.inboxSettings = inboxSettings;
        return m_adapter.read(event);
    }

    template <typename T>
    std::optional<T> readAs(const QString &name) const
    {
        const QList<SplitEvent> events = split(name);
        if (events.size() != 1)
            return std::nullopt;
        const auto event = read(events.first());
        return event && std::holds_alternative<T>(*event) ? std::optional(std::get<T>(*event)) : std::nullopt;
    }
    std::optional<InboundMessage> message(const QString &name) const { return readAs<InboundMessage>(name); }

    /// An example with other members in its message.
    std::optional<InboundMessage> changed(const QString &name, const QJsonObject &members, const QStringList &without = {}) const
    {
        auto root = json::parseObject(fixture(u"telegram/%1.json"_s.arg(name)));
        QJsonObject update = *root;
        QJsonObject inner = update.value("message"_L1).toObject();
        for (const QString &member : without)
            inner.remove(member);
        for (auto it = members.begin(); it != members.end(); ++it)
            inner.insert(it.key(), it.value());
        update.insert("message"_L1, inner);
        const auto events = splitBody(json::toBytes(update));
        const auto event = events.size() == 1 ? read(events.first()) : Result<InboundEvent>(Error{});
        return event && std::holds_alternative<InboundMessage>(*event) ? std::optional(std::get<InboundMessage>(*event)) : std::nullopt;
    }

private slots:
    void everyExampleHasItsKeyAndLane_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("lane");
        const QString lane = u"tg:7:5500000001"_s;
        const auto row = [](const char *name, const char *kind, const char *key, const QString &of) {
            QTest::newRow(name) << QString::fromLatin1(kind) << QString::fromLatin1(key) << of;
        };
        row("text_reply", "message", "u:700000001", lane);
        row("album_photo", "message", "u:700000002", lane);
        row("connection", "connection", "u:700000010", u"tg:7:b6600000001"_s);
        row("business_in", "message", "u:700000011", lane);
        row("business_echo_phone", "echo", "u:700000012", lane);
        row("business_echo_own", "echo", "u:700000013", lane);
        row("business_edit", "edit", "u:700000014", lane);
        row("edited", "edit", "u:700000133", lane);
        row("button", "button", "u:700000020", lane);
        row("blocked", "membership", "u:700000021", lane);
        row("channel_post", "ignored", "u:700000022", QString());
        row("supergroup", "ignored", "u:700000023", QString());
        row("reaction_count", "unknown", "u:700000140", QString());
    }

    void everyExampleHasItsKeyAndLane()
    {
        const QList<SplitEvent> events = split(QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(events.size(), 1);
        const SplitEvent event = events.first();
        QTEST(event.kind, "kind");
        QTEST(event.dedupeKey, "key");
        QTEST(event.lane, "lane");
        QCOMPARE(event.inbox, InboxId(7));
        QVERIFY(event.broken.isEmpty());
        QVERIFY(event.platformAt.has_value());
    }

    void whatIsSentGoesTheSameWay()
    {
        QCOMPARE(m_adapter.lane(InboxId(7), kBot, kAna), u"tg:7:5500000001"_s);
        QCOMPARE(m_adapter.lane(InboxId(7), kBot, kWithOlga), u"tg:7:5500000001"_s);
        QVERIFY(m_adapter.lane(InboxId(8), kBot, kAna) != m_adapter.lane(InboxId(7), kBot, kAna));
    }

    void aTextIsKeptAsItWasWritten()
    {
        const auto read = message(u"text_reply"_s);
        QVERIFY(read);
        QCOMPARE(read->content, u"Where is order 77? 📦 thanks"_s);
        QCOMPARE(read->sourceId, u"5500000001/41"_s);
        QCOMPARE(read->customer.contactSourceId, kAna);
        QCOMPARE(read->customer.person, kAna);
        QCOMPARE(read->customer.platformUserId, kAna);
        QCOMPARE(read->customer.displayName, u"Ana Ruiz"_s);
        QCOMPARE(read->customer.username, u"ana_r"_s);
        QCOMPARE(read->customer.attributes.value("language_code"_L1).toString(), u"es"_s);
        QCOMPARE(read->origin, InboundMessage::Origin::Customer);
        QCOMPARE(read->inReplyToSourceId, u"5500000001/39"_s);
        QCOMPARE(read->detail.value("reply_preview"_L1).toString(), u"How can we help?"_s);
        QCOMPARE(read->platformAt, fromUnixMs(1'760'000'000'000));
        QCOMPARE(read->entities.size(), 1);
        QCOMPARE(read->entities.first().kind, u"bold"_s);
        QCOMPARE(read->entities.first().offset, 9);
        QCOMPARE(read->entities.first().length, 8);
        QCOMPARE(read->attributes, (QJsonObject{{"cannot_reply"_L1, QJsonValue::Null}}));
    }

    void entitiesCountCodePoints()
    {
        const auto entity = [](const QString &type, int offset, int length, const QJsonObject &more = {}) {
            QJsonObject one{{"type"_L1, type}, {"offset"_L1, offset}, {"length"_L1, length}};
            for (auto it = more.begin(); it != more.end(); ++it)
                one.insert(it.key(), it.value());
            return one;
        };
        const auto read = changed(u"text_reply"_s,
                                  {{"text"_L1, u"📦👍🏽 x bold link end"_s},
                                   {"entities"_L1, QJsonArray{entity(u"bold"_s, 9, 4), entity(u"text_link"_s, 14, 4, {{"url"_L1, u"https://e.org/"_s}}),
                                                              entity(u"underline"_s, 9, 4), entity(u"url"_s, 9, 4), entity(u"spoiler"_s, 0, 2),
                                                              entity(u"expandable_blockquote"_s, 7, 1), entity(u"pre"_s, 19, 99), entity(u"code"_s, -1, 2)}}});
        QVERIFY(read);
        QCOMPARE(read->entities.size(), 4);
        QCOMPARE(read->entities.at(0).offset, 6);            // 9 units are 6 code points: three of those before it have two
        QCOMPARE(read->entities.at(0).length, 4);
        QCOMPARE(read->entities.at(1).kind, u"link"_s);
        QCOMPARE(read->entities.at(1).offset, 11);
        QCOMPARE(read->entities.at(1).url, u"https://e.org/"_s);
        QCOMPARE(read->entities.at(2).kind, u"spoiler"_s);
        QCOMPARE(read->entities.at(2).length, 1);
        QCOMPARE(read->entities.at(3).kind, u"quote"_s);
    }

    void aPictureIsTheLargestOfItsSizes()
    {
        const auto read = message(u"album_photo"_s);
        QVERIFY(read);
        QCOMPARE(read->content, u"Broken lid"_s);
        QCOMPARE(read->groupId, u"13900000000000001"_s);
        QCOMPARE(read->attachments.size(), 1);
        const InboundAttachment &file = read->attachments.first();
        QCOMPARE(file.kind, Attachment::Kind::Image);
        QCOMPARE(file.name, u"photo_AQADx.jpg"_s);
        QCOMPARE(file.mime, u"image/jpeg"_s);
        QCOMPARE(file.size, 93822);
        QCOMPARE(file.remote.value("file_id"_L1).toString(), u"AgACx"_s);
    }

    void everyKindOfFileHasItsPlace_data()
    {
        QTest::addColumn<Attachment::Kind>("kind");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("mime");
        QTest::addColumn<QString>("fileId");
        using Kind = Attachment::Kind;
        QTest::newRow("voice") << Kind::Audio << u"voice_AgAD1.ogg"_s << u"audio/ogg"_s << u"AwAC1"_s;
        QTest::newRow("audio") << Kind::Audio << u"evening.mp3"_s << u"audio/mpeg"_s << u"A1"_s;
        QTest::newRow("video") << Kind::Video << u"lid.mp4"_s << u"video/mp4"_s << u"V1"_s;
        QTest::newRow("video_note") << Kind::Video << u"video_note_AgAD3.mp4"_s << u"video/mp4"_s << u"DQAC1"_s;
        QTest::newRow("animation") << Kind::Video << u"hi.mp4"_s << u"video/mp4"_s << u"CgAC1"_s;
        QTest::newRow("live_photo") << Kind::Image << u"photo_UP1x.jpg"_s << u"image/jpeg"_s << u"P1x"_s;
        QTest::newRow("document") << Kind::File << u"invoice 77.pdf"_s << u"application/pdf"_s << u"BQAC1"_s;
        QTest::newRow("sticker") << Kind::Sticker << u"sticker_AgAD6.webp"_s << u"image/webp"_s << u"CAAC1"_s;
        QTest::newRow("sticker_video") << Kind::Sticker << u"sticker_AgADv.webm"_s << u"video/webm"_s << u"CAACv"_s;
        QTest::newRow("sticker_animated") << Kind::Sticker << u"sticker_AQADt.webp"_s << u"image/webp"_s << u"AAMCt"_s;
    }

    void everyKindOfFileHasItsPlace()
    {
        const auto read = message(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(read);
        QCOMPARE(read->attachments.size(), 1);
        const InboundAttachment &file = read->attachments.first();
        QTEST(file.kind, "kind");
        QTEST(file.name, "name");
        QTEST(file.mime, "mime");
        QTEST(file.remote.value("file_id"_L1).toString(), "fileId");
        QVERIFY(file.failure.isEmpty());
    }

    void whatIsKnownOfAFileStaysWithIt()
    {
        QCOMPARE(message(u"voice"_s)->attachments.first().durationMs, 4000);
        QVERIFY(message(u"voice"_s)->attachments.first().isVoice);
        QVERIFY(!message(u"audio"_s)->attachments.first().isVoice);
        QCOMPARE(message(u"audio"_s)->attachments.first().title, u"The Lanterns – Evening"_s);
        QCOMPARE(message(u"video"_s)->content, u"see the lid"_s);
        QCOMPARE(message(u"document"_s)->content, u"the invoice"_s);
        QCOMPARE(message(u"sticker"_s)->contentType, Message::ContentType::Sticker);
        QCOMPARE(message(u"sticker"_s)->attachments.first().title, u"👍"_s);
        QCOMPARE(message(u"sticker"_s)->content, QString());
        QCOMPARE(message(u"sticker_animated"_s)->content, u"👋"_s);
        QCOMPARE(message(u"video_note"_s)->detail.value("shown_as"_L1).toString(), u"round"_s);
    }

    void whatAFileMeasuresIsKnownBeforeItIsHere_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("video") << 640 << 360;
        QTest::newRow("animation") << 320 << 240;
        QTest::newRow("video_note") << 240 << 240;
        QTest::newRow("album_photo") << 1280 << 960;
        QTest::newRow("sticker") << 512 << 512;
        QTest::newRow("voice") << 0 << 0;
        QTest::newRow("document") << 0 << 0;
    }

    void whatAFileMeasuresIsKnownBeforeItIsHere()
    {
        const auto read = message(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(read);
        QTEST(read->attachments.first().width.value_or(0), "width");
        QTEST(read->attachments.first().height.value_or(0), "height");
    }

    void aFileThatNoBotCanFetchKeepsItsMessage()
    {
        const auto read = message(u"too_large"_s);
        QVERIFY(read);
        QCOMPARE(read->content, u"the plan"_s);
        QCOMPARE(read->attachments.first().failure, u"too_large"_s);
        QCOMPARE(read->attachments.first().name, u"plan.zip"_s);
        QCOMPARE(read->attachments.first().size, 20 * 1024 * 1024 + 1);
        QVERIFY(read->attachments.first().remote.isEmpty());
    }

    void namesOfFilesAreClean()
    {
        const auto nameOf = [this](const QString &given) {
            const auto read = changed(u"document"_s, {{"document"_L1, QJsonObject{{"file_id"_L1, u"F"_s}, {"file_unique_id"_L1, u"U"_s}, {"file_name"_L1, given},
                                                                                  {"mime_type"_L1, u"application/pdf"_s}}}});
            return read ? read->attachments.first().name : u"unread"_s;
        };
        QCOMPARE(nameOf(u"../../etc/pass\nwd"_s), u".._.._etc_pass_wd"_s);
        QCOMPARE(nameOf(QString()), u"document_U.pdf"_s);
        const QString longName = nameOf(QString(200, u'ä') + u".pdf"_s);
        QVERIFY(longName.toUtf8().size() <= 120);
        QVERIFY(longName.endsWith(".pdf"_L1));
    }

    void aVenueIsOnePlace()
    {
        const auto read = message(u"venue"_s);
        QVERIFY(read);
        QCOMPARE(read->contentType, Message::ContentType::Location);
        QCOMPARE(read->attachments.size(), 1);
        QCOMPARE(read->attachments.first().title, u"Puerta del Sol, Madrid"_s);
        QCOMPARE(read->attachments.first().latitude, 40.4168);
        QCOMPARE(message(u"location"_s)->attachments.first().longitude, -3.7038);
    }

    void aCardHasNameAndNumber()
    {
        const auto read = message(u"contact"_s);
        QVERIFY(read);
        QCOMPARE(read->contentType, Message::ContentType::Contacts);
        QCOMPARE(read->attachments.first().name, u"+34600000001"_s);
        QCOMPARE(read->attachments.first().title, u"Luis Gil"_s);
    }

    void whatOnlyTelegramShowsIsALine()
    {
        QCOMPARE(message(u"poll"_s)->content, u"[poll: Which colour?]"_s);
        QCOMPARE(message(u"dice"_s)->content, u"[dice: 🎲 4]"_s);
        QCOMPARE(changed(u"dice"_s, {{"story"_L1, QJsonObject{{"id"_L1, 3}}}}, {u"dice"_s})->content, u"[story]"_s);
        QCOMPARE(message(u"poll"_s)->contentType, Message::ContentType::Text);
        const auto unknown = message(u"hologram"_s);
        QVERIFY(unknown);
        QCOMPARE(unknown->contentType, Message::ContentType::Unsupported);
        QCOMPARE(unknown->rawType, u"hologram"_s);
    }

    void serviceMessagesAreNobodys()
    {
        QVERIFY(readAs<InboundIgnored>(u"pinned"_s));
    }

    void groupsAndChannelsAreLeftAlone()
    {
        for (const QString &name : {u"channel_post"_s, u"supergroup"_s, u"reaction_count"_s}) {
            const QList<SplitEvent> events = split(name);
            QVERIFY(!json::toText(events.first().payload).contains(u"\"x\""_s));       // what they wrote is not kept
            const auto ignored = readAs<InboundIgnored>(name);
            QVERIFY(ignored);
            QVERIFY(!ignored->reason.isEmpty());
        }
    }

    void aForwardSaysWhereItIsFrom()
    {
        const auto hidden = message(u"forward"_s);
        QVERIFY(hidden);
        QVERIFY(hidden->isForwarded);
        QCOMPARE(hidden->detail.value("forwarded_from"_L1).toString(), u"Somebody"_s);
        const auto channel = changed(u"forward"_s, {{"forward_origin"_L1, QJsonObject{{"type"_L1, u"channel"_s}, {"chat"_L1, QJsonObject{{"title"_L1, u"News"_s}}}, {"date"_L1, 1}}}});
        QCOMPARE(channel->detail.value("forwarded_from"_L1).toString(), u"News"_s);
        QVERIFY(!message(u"text_reply"_s)->isForwarded);
    }

    void aQuoteIsKeptWithItsReply()
    {
        const auto read = message(u"quote"_s);
        QCOMPARE(read->inReplyToSourceId, u"5500000001/39"_s);
        QCOMPARE(read->detail.value("quote"_L1).toString(), u"help"_s);
    }

    void startIsNoMessage()
    {
        const auto start = readAs<InboundActivity>(u"start"_s);
        QVERIFY(start);
        QVERIFY(start->opensConversation);
        QCOMPARE(start->activity.value("kind"_L1).toString(), u"chat_started"_s);
        QCOMPARE(start->customer.displayName, u"Ana Ruiz"_s);
        QVERIFY(!start->attributes.contains("start_payload"_L1));
        const auto linked = readAs<InboundActivity>(u"start_payload"_s);
        QCOMPARE(linked->attributes.value("start_payload"_L1).toString(), u"order-77"_s);
        const auto written = changed(u"start"_s, {{"text"_L1, u"/start please, where is my order?"_s}});
        QVERIFY2(written, "words of the customer's are a message");
        QVERIFY(changed(u"start"_s, {{"text"_L1, u"/started"_s}}));
    }

    void otherWordsComeWhole()
    {
        const auto edit = readAs<InboundEdit>(u"edited"_s);
        QVERIFY(edit);
        QCOMPARE(edit->messageSourceId, u"5500000001/41"_s);
        QCOMPARE(edit->content, u"Where is order 78?"_s);
        QCOMPARE(edit->platformAt, fromUnixMs(1'760'000'090'000));
        QVERIFY(edit->whole.has_value());
        QCOMPARE(edit->whole->platformAt, fromUnixMs(1'760'000'050'000));
        QCOMPARE(edit->whole->editedAt, std::optional(fromUnixMs(1'760'000'090'000)));
        const auto business = readAs<InboundEdit>(u"business_edit"_s);
        QCOMPARE(business->messageSourceId, u"b6600000001/5500000001/9001"_s);
        QCOMPARE(business->contactSourceId, kWithOlga);
    }

    void aPressedButtonSaysWhatStandsOnIt()
    {
        const auto bare = message(u"button"_s);
        QVERIFY(bare);
        QCOMPARE(bare->sourceId, u"cb/4382bfdwdsb323b2d9"_s);
        QCOMPARE(bare->content, u"yes"_s);
        QCOMPARE(bare->contentType, Message::ContentType::Interactive);
        QCOMPARE(bare->inReplyToSourceId, u"5500000001/44"_s);
        QCOMPARE(bare->platformAt, fromUnixMs(1'760'000'999'000));      // it has no time of its own
        const auto titled = message(u"button_titled"_s);
        QCOMPARE(titled->content, u"Yes, today"_s);
        QCOMPARE(titled->detail.value("button"_L1).toObject().value("data"_L1).toString(), u"yes"_s);
    }

    void blockingIsSaidInTheConversation()
    {
        const auto blocked = readAs<InboundActivity>(u"blocked"_s);
        QVERIFY(blocked);
        QVERIFY(!blocked->opensConversation);
        QCOMPARE(blocked->attributes, (QJsonObject{{"cannot_reply"_L1, u"blocked"_s}}));
        const auto unblocked = readAs<InboundActivity>(u"unblocked"_s);
        QCOMPARE(unblocked->attributes, (QJsonObject{{"cannot_reply"_L1, QJsonValue::Null}}));
    }

    void aConnectionIsKeptByItsOwner()
    {
        const auto connection = readAs<InboundConnection>(u"connection"_s);
        QVERIFY(connection);
        QCOMPARE(connection->ownerId, u"6600000001"_s);
        QCOMPARE(connection->threadPrefix, u"b6600000001/"_s);
        QCOMPARE(connection->cannotReply, QString());
        QCOMPARE(connection->revision, 700000010);
        QCOMPARE(connection->connection.value("id"_L1).toString(), u"bc_AQ1"_s);
        QCOMPARE(connection->connection.value("name"_L1).toString(), u"Olga"_s);
        QVERIFY(connection->connection.value("can_read"_L1).toBool());
        QCOMPARE(readAs<InboundConnection>(u"connection_off"_s)->cannotReply, u"connection_off"_s);
        QByteArray body = fixture(u"telegram/connection.json"_s);
        body.replace("\"rights\":{\"can_reply\":true,", "\"rights\":{");
        const auto noRight = read(splitBody(body).first());
        QCOMPARE(std::get<InboundConnection>(*noRight).cannotReply, u"no_right"_s);
    }

    /// After a week without updates they are numbered anew.
    void aConnectionFarBehindIsNoOlderOne()
    {
        QByteArray body = fixture(u"telegram/connection.json"_s);
        body.replace("700000010", "1234");
        const auto event = read(splitBody(body).first());
        QCOMPARE(std::get<InboundConnection>(*event).revision, 700000011);
    }

    void ownersChatsAreThreadsOfTheirOwn()
    {
        const auto in = message(u"business_in"_s);
        QVERIFY(in);
        QCOMPARE(in->customer.contactSourceId, kWithOlga);
        QCOMPARE(in->customer.person, message(u"text_reply"_s)->customer.person);
        QCOMPARE(in->sourceId, u"b6600000001/5500000001/9001"_s);
        QCOMPARE(in->origin, InboundMessage::Origin::Customer);
        QCOMPARE(in->attributes, (QJsonObject{{"business_owner"_L1, u"6600000001"_s}}));
    }

    void anEchoIsNeverTheOwnersContact()
    {
        const auto phone = message(u"business_echo_phone"_s);
        QVERIFY(phone);
        QCOMPARE(phone->origin, InboundMessage::Origin::NativeApp);
        QCOMPARE(phone->customer.displayName, u"Ana"_s);
        QCOMPARE(phone->customer.contactSourceId, kWithOlga);
        QVERIFY(!phone->customer.attributes.contains("language_code"_L1));
        const auto own = message(u"business_echo_own"_s);
        QCOMPARE(own->origin, InboundMessage::Origin::OwnApi);
        QCOMPARE(own->senderName, QString());
        QVERIFY(own->isSurelyOurs && !own->maybeNativeApp);
        const auto other = message(u"business_echo_other"_s);
        QCOMPARE(other->origin, InboundMessage::Origin::OwnApi);
        QCOMPARE(other->senderName, u"@other_bot"_s);
        QVERIFY(!other->isSurelyOurs);
        QCOMPARE(message(u"business_echo_offline"_s)->origin, InboundMessage::Origin::Automatic);
    }

    void whoseChatItIsMayBeUnknown()
    {
        const auto unknown = read(split(u"business_in"_s).first(), {});
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().kind, Error::Kind::Unavailable);
        QCOMPARE(unknown.error().field, u"business_connection"_s);
        QCOMPARE(unknown.error().code, u"bc_AQ1"_s);
        const auto echo = read(split(u"business_echo_phone"_s).first(), {});        // says itself who the owner is
        QVERIFY(echo);
        QCOMPARE(std::get<InboundMessage>(*echo).customer.contactSourceId, kWithOlga);
    }

    void everyDeletedMessageIsAnEvent()
    {
        const QList<SplitEvent> events = split(u"business_deleted"_s);
        QCOMPARE(events.size(), 2);
        QCOMPARE(events.at(0).dedupeKey, u"u:700000015:9001"_s);
        QCOMPARE(events.at(1).dedupeKey, u"u:700000015:9002"_s);
        QCOMPARE(events.at(0).lane, events.at(1).lane);
        const auto revoke = read(events.at(1));
        QVERIFY(revoke);
        QCOMPARE(std::get<InboundRevoke>(*revoke).messageSourceId, u"b6600000001/5500000001/9002"_s);
    }

    void equalNumbersInTwoChatsAreTwoMessages()
    {
        const auto one = changed(u"text_reply"_s, {});
        const auto other = changed(u"text_reply"_s, {{"chat"_L1, QJsonObject{{"id"_L1, qint64(5500000002)}, {"type"_L1, u"private"_s}}},
                                                     {"from"_L1, QJsonObject{{"id"_L1, qint64(5500000002)}}}});
        QVERIFY(one && other);
        QVERIFY(one->sourceId != other->sourceId);
    }

    void idsBeyond32BitsStayWhole()
    {
        const auto read = changed(u"text_reply"_s, {{"chat"_L1, QJsonObject{{"id"_L1, qint64(4503599627370495)}, {"type"_L1, u"private"_s}}}});
        QVERIFY(read);
        QCOMPARE(read->customer.contactSourceId, u"4503599627370495"_s);
    }
};

ANTIPHON_TEST(TelegramEventsTest)
#include "tst_telegramevents.moc"
