#include "core/base/json.h"
#include "core/channels/whatsapp/whatsappadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QSet>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QString kAccount = u"200000000000001"_s;
const QString kCustomer = u"15550100002"_s;
const QString kLane = u"wa:200000000000001:15550100002"_s;

} // namespace

class WhatsappEventsTest : public QObject {
    Q_OBJECT

    WhatsappAdapter m_adapter;
    const AppCredentials m_app{.appId = u"7000000000000001"_s, .appSecret = u"s"_s};

    QList<SplitEvent> split(const QString &name) const
    {
        const auto events = m_adapter.split({.body = fixture(u"whatsapp/%1.json"_s.arg(name))}, m_app);
        return events ? *events : QList<SplitEvent>();
    }

    template <typename T>
    std::optional<T> readAs(const SplitEvent &event) const
    {
        const auto read = m_adapter.read(event);
        return read && std::holds_alternative<T>(*read) ? std::optional(std::get<T>(*read)) : std::nullopt;
    }

    template <typename T>
    std::optional<T> read(const QString &name) const
    {
        const QList<SplitEvent> events = split(name);
        return events.size() == 1 ? readAs<T>(events.first()) : std::nullopt;
    }

private slots:
    void everyExampleHasItsKeyAndLane_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("lane");
        QTest::addColumn<QString>("target");
        const auto row = [](const char *name, const char *kind, const char *key, const QString &lane = kLane, const char *target = "") {
            QTest::newRow(name) << QString::fromLatin1(kind) << QString::fromLatin1(key) << lane << QString::fromLatin1(target);
        };
        row("text_in", "message", "m:wamid.TEXTIN");
        row("image_referral", "message", "m:wamid.IMAGEREFERRAL");
        row("unsupported_in", "message", "m:wamid.UNSUPPORTEDIN");
        row("reaction_in", "reaction", "r:wamid.REACTIONIN", kLane, "wamid.OUT0009");
        row("edit_in", "edit", "e:wamid.EDITIN", kLane, "wamid.IN7");
        row("revoke_in", "revoke", "d:wamid.REVOKEIN", kLane, "wamid.IN7");
        row("number_changed", "system", "y:wamid.NUMBERCHANGED", u"wa:200000000000001:15550100099"_s);
        row("user_id_changed", "system", "y:wamid.USERIDCHANGED", u"wa:200000000000001:MX.2"_s);
        row("user_id_only", "message", "m:wamid.USERIDONLY", u"wa:200000000000001:US.31415926535"_s);
        row("brazil_short", "message", "m:wamid.BRAZILSHORT", u"wa:200000000000001:5511987654321"_s);
        row("history_media", "history", "h:wamid.H3");
        row("history_declined", "history_progress", "hp:declined", u"wa:200000000000001:*"_s);
        row("vector_wa1", "message", "m:wamid.TESTVECTOR0001");
    }

    void everyExampleHasItsKeyAndLane()
    {
        const QList<SplitEvent> events = split(QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(events.size(), 1);
        const SplitEvent event = events.first();
        QVERIFY2(event.broken.isEmpty(), qPrintable(event.broken));
        QCOMPARE(event.account, kAccount);
        QCOMPARE(event.accountGroup, QString());
        QTEST(event.kind, "kind");
        QTEST(event.dedupeKey, "key");
        QTEST(event.lane, "lane");
        QTEST(event.target, "target");
        QVERIFY(m_adapter.read(event));
    }

    void laneIsTheSameBothWays()
    {
        QCOMPARE(m_adapter.lane(InboxId(1), kAccount, kCustomer), kLane);
        QCOMPARE(m_adapter.lane(InboxId(1), kAccount, u"551187654321"_s), m_adapter.lane(InboxId(1), kAccount, u"5511987654321"_s));
        QCOMPARE(m_adapter.lane(InboxId(1), kAccount, u"5491123456789"_s), u"wa:200000000000001:541123456789"_s);
        QCOMPARE(m_adapter.lane(InboxId(1), kAccount, u"5215512345678"_s), u"wa:200000000000001:525512345678"_s);
        QCOMPARE(split(u"echoes"_s).first().lane, kLane);
        QCOMPARE(split(u"history"_s).first().lane, kLane);
    }

    void everyPartOfABatchIsAnEvent()
    {
        const QList<SplitEvent> events = split(u"batch"_s);
        QStringList found;
        for (const SplitEvent &event : events)
            found.append(event.account + u' ' + (event.broken.isEmpty() ? event.dedupeKey : u"broken"_s));
        QCOMPARE(found, (QStringList{u"200000000000001 m:wamid.B1"_s, u"200000000000001 m:wamid.B2"_s, u"200000000000001 m:wamid.B3"_s,
                                     u"200000000000001 s:wamid.OUT1:read"_s, u"200000000000009 m:wamid.B4"_s, u"200000000000002 broken"_s,
                                     u"200000000000002 m:wamid.B6"_s, u" broken"_s}));
        QCOMPARE(events.last().accountGroup, u"100000000000002"_s);
        QCOMPARE(readAs<InboundMessage>(events[0])->customer.displayName, u"Ada"_s);       // by number, not by place
        QCOMPARE(readAs<InboundMessage>(events[1])->customer.displayName, u"Bob"_s);
        QCOMPARE(readAs<InboundMessage>(events[1])->content, u"two"_s);
        QCOMPARE(events[3].target, u"wamid.OUT1"_s);
        QCOMPARE(events[3].lane, QString());
    }

    void theSameBytesHaveTheSameKeys()
    {
        for (const QString &name : {u"batch"_s, u"statuses"_s, u"history"_s, u"state_sync"_s, u"account_disabled"_s, u"call_in"_s}) {
            const QList<SplitEvent> first = split(name);
            const QList<SplitEvent> again = split(name);
            QSet<QString> keys;
            QCOMPARE(first.size(), again.size());
            for (qsizetype i = 0; i < first.size(); ++i) {
                QCOMPARE(first[i].dedupeKey, again[i].dedupeKey);
                QVERIFY2(!keys.contains(first[i].dedupeKey), qPrintable(first[i].dedupeKey));
                keys.insert(first[i].dedupeKey);
            }
        }
    }

    void readsText()
    {
        const auto message = read<InboundMessage>(u"text_in"_s);
        QVERIFY(message);
        QCOMPARE(message->content, u"Is the lamp back? 💡"_s);
        QCOMPARE(message->sourceId, u"wamid.TEXTIN"_s);
        QCOMPARE(message->platformAt, fromUnixMs(1760000010000));
        QCOMPARE(message->origin, InboundMessage::Origin::Customer);
        QVERIFY(message->opensWindow && !message->isHistory && !message->completes && !message->isForwarded);
        QCOMPARE(message->customer.contactSourceId, kCustomer);
        QCOMPARE(message->customer.phoneNumber, u"+15550100002"_s);
        QCOMPARE(message->customer.displayName, u"Ada"_s);
        QCOMPARE(message->customer.aliases, QStringList());
        QCOMPARE(message->customer.variants, QStringList());
    }

    void readsContext()
    {
        QCOMPARE(read<InboundMessage>(u"text_reply"_s)->inReplyToSourceId, u"wamid.OUT0009"_s);
        QVERIFY(read<InboundMessage>(u"text_forwarded"_s)->isForwarded);
        const auto product = read<InboundMessage>(u"text_product"_s)->detail.value("referred_product"_L1).toObject();
        QCOMPARE(product.value("product_retailer_id"_L1).toString(), u"LAMP"_s);
    }

    void knowsAPersonUnderAllNames()
    {
        const auto both = read<InboundMessage>(u"image_referral"_s)->customer;
        QCOMPARE(both.contactSourceId, kCustomer);
        QCOMPARE(both.aliases, (QStringList{u"US.ENT.27182818284"_s, u"US.31415926535"_s}));
        QCOMPARE(both.username, u"ada.l"_s);
        QCOMPARE(both.platformUserId, u"US.31415926535"_s);
        const auto hidden = read<InboundMessage>(u"user_id_only"_s)->customer;
        QCOMPARE(hidden.contactSourceId, u"US.31415926535"_s);
        QCOMPARE(hidden.aliases, QStringList{u"US.ENT.27182818284"_s});
        QCOMPARE(hidden.phoneNumber, QString());
        const auto shortened = read<InboundMessage>(u"brazil_short"_s)->customer;
        QCOMPARE(shortened.contactSourceId, u"551187654321"_s);         // as WhatsApp calls it
        QCOMPARE(shortened.variants, QStringList{u"5511987654321"_s});
        const auto spelled = read<InboundMessage>(u"mexico_both"_s)->customer;           // `from` in one spelling, wa_id in the other
        QCOMPARE(spelled.displayName, u"Eva"_s);
        QCOMPARE(spelled.contactSourceId, u"525512345678"_s);
        QCOMPARE(spelled.aliases, QStringList{u"5215512345678"_s});
    }

    void readsReferral()
    {
        const QJsonObject expected{{"source"_L1, u"ad"_s},           {"headline"_L1, u"Chat with us"_s},
                                   {"body"_L1, u"Spring sale"_s},    {"url"_L1, u"https://fb.example/ad"_s},
                                   {"ad_id"_L1, u"120000000000001"_s}, {"ref"_L1, u"ARtest"_s},
                                   {"media_type"_L1, u"image"_s},    {"media_url"_L1, u"https://img.example/1.jpg"_s},
                                   {"welcome_message"_L1, u"Hello!"_s}};
        QCOMPARE(read<InboundMessage>(u"image_referral"_s)->referral, expected);
    }

    void readsFiles_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("mime");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("id");
        const auto row = [](const char *name, Attachment::Kind kind, const char *mime, const char *file, const char *content, const char *id) {
            QTest::newRow(name) << int(kind) << QString::fromLatin1(mime) << QString::fromLatin1(file) << QString::fromLatin1(content) << QString::fromLatin1(id);
        };
        row("image_referral", Attachment::Kind::Image, "image/jpeg", "image-REFERRAL.jpg", "this one?", "700000000000001");
        row("video_in", Attachment::Kind::Video, "video/mp4", "video-dVIDEOIN.mp4", "see", "700000000000002");
        row("audio_in", Attachment::Kind::Audio, "audio/mpeg", "audio-dAUDIOIN.mp3", "", "700000000000003");
        row("voice_in", Attachment::Kind::Audio, "audio/ogg; codecs=opus", "audio-dVOICEIN.ogg", "", "700000000000004");
        row("document_in", Attachment::Kind::File, "application/pdf", ".._.._in_voice.pdf", "the invoice", "700000000000005");
        row("sticker_in", Attachment::Kind::Sticker, "image/webp", "sticker-TICKERIN.webp", "", "700000000000006");
    }

    void readsFiles()
    {
        const auto message = read<InboundMessage>(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(message);
        QCOMPARE(message->attachments.size(), 1);
        const InboundAttachment file = message->attachments.first();
        QTEST(int(file.kind), "kind");
        QTEST(file.mime, "mime");
        QTEST(file.name, "name");
        QTEST(message->content, "content");
        QTEST(file.remote.value("id"_L1).toString(), "id");
        QCOMPARE(file.failure, QString());
        QCOMPARE(file.isVoice, QByteArrayView(QTest::currentDataTag()) == "voice_in");
        const bool isSticker = file.kind == Attachment::Kind::Sticker;
        QCOMPARE(message->contentType, isSticker ? Message::ContentType::Sticker : Message::ContentType::Text);
    }

    void aFileThatCannotBeHadSaysWhy()
    {
        const auto message = read<InboundMessage>(u"image_too_large"_s);
        QCOMPARE(message->attachments.size(), 1);
        QCOMPARE(message->attachments.first().failure, u"too_large"_s);
        QVERIFY(message->attachments.first().remote.isEmpty());
    }

    void readsPlacesAndCards()
    {
        const auto place = read<InboundMessage>(u"location_in"_s);
        QCOMPARE(place->contentType, Message::ContentType::Location);
        QCOMPARE(place->attachments.first().latitude, std::optional(37.4611978));
        QCOMPARE(place->attachments.first().longitude, std::optional(-122.2164385));
        QCOMPARE(place->attachments.first().title, u"Harbour 5, 1 Quay Road"_s);
        const auto live = read<InboundMessage>(u"location_live"_s);             // one of its figures is a text
        QCOMPARE(live->attachments.first().title, QString());
        QCOMPARE(live->attachments.first().latitude, std::optional(12.25089));
        const auto cards = read<InboundMessage>(u"contacts_in"_s);
        QCOMPARE(cards->contentType, Message::ContentType::Contacts);
        QCOMPARE(cards->attachments.size(), 3);
        QCOMPARE(cards->attachments[0].kind, Attachment::Kind::Contact);
        QCOMPARE(cards->attachments[0].title, u"Bob Lee"_s);
        QCOMPARE(cards->attachments[0].name, u"+1 555-010-0003"_s);
        QCOMPARE(cards->attachments[1].name, u"+1 555-010-0004"_s);
        QCOMPARE(cards->attachments[2].name, u"Cy"_s);
    }

    void readsWhatWasChosen_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("detail");
        QTest::newRow("button_in") << u"Yes, please"_s << u"button"_s;
        QTest::newRow("button_reply") << u"Pick-up"_s << u"interactive"_s;
        QTest::newRow("list_reply") << u"Tuesday\n9 to 12"_s << u"interactive"_s;
        QTest::newRow("form_reply") << u"days: [\"mo\",\"tu\"]\nguests: 3\nname: Ada"_s << u"interactive"_s;
        QTest::newRow("order_in") << u"By Friday?\n3 × LAMP, 30 EUR\n2 × BULB, 2.50 EUR"_s << u"order"_s;
    }

    void readsWhatWasChosen()
    {
        QFETCH(QString, detail);
        const auto message = read<InboundMessage>(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(message);
        QTEST(message->content, "content");
        QCOMPARE(message->contentType, Message::ContentType::Interactive);
        QVERIFY(!message->detail.value(detail).toObject().isEmpty());
    }

    void whatNoRuleKnowsStaysVisible_data()
    {
        QTest::addColumn<QString>("rawType");
        QTest::newRow("unsupported_in") << u"poll"_s;
        QTest::newRow("unavailable_in") << u"unsupported"_s;
        QTest::newRow("future_type_in") << u"hologram"_s;
        QTest::newRow("interactive_unknown") << u"interactive"_s;
    }

    void whatNoRuleKnowsStaysVisible()
    {
        const auto message = read<InboundMessage>(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(message);
        QCOMPARE(message->contentType, Message::ContentType::Unsupported);
        QTEST(message->rawType, "rawType");
    }

    void whatIsNobodysMessageIsIgnored_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("interactive_without_body") << u"message"_s;
        QTest::newRow("request_welcome") << u"message"_s;
        QTest::newRow("group_message") << u"ignored"_s;
        QTest::newRow("call_in") << u"ignored"_s;
        QTest::newRow("errors_only") << u"ignored"_s;
        QTest::newRow("account_partner_added") << u"account"_s;
    }

    void whatIsNobodysMessageIsIgnored()
    {
        QTEST(split(QString::fromLatin1(QTest::currentDataTag())).first().kind, "kind");
        const auto ignored = read<InboundIgnored>(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(ignored);
        QVERIFY(!ignored->reason.isEmpty());
    }

    void readsReactions()
    {
        const auto added = read<InboundReaction>(u"reaction_in"_s);
        QCOMPARE(added->emoji, u"👍"_s);
        QCOMPARE(added->messageSourceId, u"wamid.OUT0009"_s);
        QCOMPARE(added->senderPlatformId, kCustomer);
        QVERIFY(added->fromCustomer && !added->isRemoval);
        QVERIFY(read<InboundReaction>(u"reaction_removed"_s)->isRemoval);
        QVERIFY(read<InboundReaction>(u"reaction_without_emoji"_s)->isRemoval);
    }

    void readsEditsAndRevocations()
    {
        const auto edit = read<InboundEdit>(u"edit_in"_s);
        QCOMPARE(edit->messageSourceId, u"wamid.IN7"_s);
        QCOMPARE(edit->content, u"two boxes, please"_s);
        QCOMPARE(edit->contactSourceId, kCustomer);
        QCOMPARE(read<InboundEdit>(u"edit_caption"_s)->content, u"the other one"_s);
        QCOMPARE(read<InboundRevoke>(u"revoke_in"_s)->messageSourceId, u"wamid.IN7"_s);
    }

    void aChangedNumberIsAnAliasOfOnePerson()
    {
        const auto changed = read<InboundActivity>(u"number_changed"_s);
        QCOMPARE(changed->customer.contactSourceId, u"15550100099"_s);
        QCOMPARE(changed->customer.aliases, (QStringList{u"US.999"_s, u"15550100002"_s, u"US.31415926535"_s}));
        QCOMPARE(changed->activity.value("kind"_L1).toString(), u"number_changed"_s);
        QCOMPARE(changed->activity.value("from"_L1).toString(), u"+15550100002"_s);
        QCOMPARE(changed->activity.value("to"_L1).toString(), u"+15550100099"_s);
        QVERIFY(!changed->opensConversation);
        const auto id = read<InboundActivity>(u"user_id_changed"_s);
        QCOMPARE(id->customer.contactSourceId, u"MX.2"_s);
        QCOMPARE(id->customer.aliases, (QStringList{u"MX.ENT.2"_s, u"CO.ENT.1"_s, u"CO.1"_s}));
        QVERIFY(id->activity.isEmpty());
        const auto security = read<InboundActivity>(u"identity_changed"_s);
        QCOMPARE(security->customer.contactSourceId, kCustomer);
        QCOMPARE(security->activity.value("kind"_L1).toString(), u"identity_changed"_s);
    }

    void readsStatuses()
    {
        const QList<SplitEvent> events = split(u"statuses"_s);
        QCOMPARE(events.size(), 6);
        QList<StatusEvent> found;
        for (const SplitEvent &event : events) {
            QCOMPARE(event.target, u"wamid.OUT0010"_s);
            QCOMPARE(event.lane, QString());
            if (const auto status = readAs<InboundStatus>(event))
                found.append(status->status);
        }
        QCOMPARE(found, (QList<StatusEvent>{StatusEvent::Accepted, StatusEvent::Delivered, StatusEvent::Read, StatusEvent::Read, StatusEvent::Refused}));
        QCOMPARE(readAs<InboundStatus>(events[0])->sendKey, u"9f0c-key"_s);
        QVERIFY(!readAs<InboundStatus>(events[0])->error);
        QVERIFY(readAs<InboundIgnored>(events[4]));
        const auto failed = readAs<InboundStatus>(events[5]);
        QCOMPARE(failed->error->code, u"131047"_s);
        QVERIFY(failed->error->text.startsWith("Message failed to send because more than 24 hours"_L1));
        QVERIFY(failed->error->text.endsWith("send a template."_L1));
        QVERIFY(!failed->error->retryable);
        QCOMPARE(failed->platformAt, fromUnixMs(1760000405000));
    }

    void readsWhatThePhoneWrote()
    {
        const QList<SplitEvent> events = split(u"echoes"_s);
        QCOMPARE(events.size(), 5);
        QCOMPARE(events[0].kind, u"echo"_s);
        QCOMPARE(events[0].dedupeKey, u"m:wamid.ECHO1"_s);
        const auto text = readAs<InboundMessage>(events[0]);
        QCOMPARE(text->origin, InboundMessage::Origin::OwnApi);           // a send of ours may be under way, whose id nobody knows yet
        QVERIFY(text->maybeNativeApp);
        QCOMPARE(text->customer.contactSourceId, kCustomer);
        QCOMPARE(text->customer.aliases, QStringList{u"US.31415926535"_s});
        QCOMPARE(text->inReplyToSourceId, u"wamid.IN7"_s);
        QVERIFY(!text->opensWindow && !text->isHistory && !text->status);
        const auto edit = readAs<InboundEdit>(events[1]);
        QCOMPARE(edit->content, u"On my way, 5 min"_s);
        QCOMPARE(edit->contactSourceId, kCustomer);
        QCOMPARE(readAs<InboundRevoke>(events[2])->messageSourceId, u"wamid.ECHO1"_s);
        QCOMPARE(readAs<InboundMessage>(events[3])->customer.contactSourceId, u"US.271828"_s);
        QCOMPARE(events[3].lane, u"wa:200000000000001:US.271828"_s);
        const auto reaction = readAs<InboundReaction>(events[4]);
        QVERIFY(!reaction->fromCustomer);
        QCOMPARE(reaction->senderPlatformId, kAccount);
    }

    void readsHistory()
    {
        const QList<SplitEvent> events = split(u"history"_s);
        QCOMPARE(events.size(), 5);
        QCOMPARE(events[0].dedupeKey, u"m:wamid.H1"_s);             // the live webhook's key
        const auto asked = readAs<InboundMessage>(events[0]);
        QVERIFY(asked->isHistory && !asked->opensWindow && !asked->status);
        QCOMPARE(asked->origin, InboundMessage::Origin::Customer);
        const auto answered = readAs<InboundMessage>(events[1]);
        QCOMPARE(answered->origin, InboundMessage::Origin::NativeApp);
        QCOMPARE(answered->status, std::optional(MessageStatus::Delivered));
        QCOMPARE(answered->customer.contactSourceId, kCustomer);
        QCOMPARE(readAs<InboundMessage>(events[2])->rawType, u"media_placeholder"_s);
        QCOMPARE(readAs<InboundMessage>(events[3])->status, std::optional(MessageStatus::Failed));
        QCOMPARE(events[3].lane, u"wa:200000000000001:5511987654321"_s);
        const auto progress = readAs<InboundSyncProgress>(events[4]);
        QCOMPARE(progress->progress, (QJsonObject{{"phase"_L1, 1}, {"chunk"_L1, 2}, {"percent"_L1, 55}}));
        const auto file = read<InboundMessage>(u"history_media"_s);
        QVERIFY(file->completes && file->isHistory);
        QCOMPARE(file->sourceId, u"wamid.H3"_s);
        QCOMPARE(file->attachments.first().remote.value("id"_L1).toString(), u"700000000000008"_s);
        QCOMPARE(read<InboundSyncProgress>(u"history_declined"_s)->progress, (QJsonObject{{"declined"_L1, true}, {"code"_L1, u"2593109"_s}}));
    }

    void readsTheAddressBook()
    {
        const QList<SplitEvent> events = split(u"state_sync"_s);
        QCOMPARE(events.size(), 3);
        const auto added = readAs<InboundContactCard>(events[0]);
        QCOMPARE(added->customer.contactSourceId, kCustomer);
        QCOMPARE(added->customer.displayName, u"Ada Lovelace"_s);
        QVERIFY(!added->isRemoved);
        QCOMPARE(events[0].lane, kLane);
        const auto removed = readAs<InboundContactCard>(events[1]);
        QVERIFY(removed->isRemoved);
        QCOMPARE(removed->platformAt, fromUnixMs(1760000610123));
        QCOMPARE(removed->customer.variants, QStringList{u"5511987654321"_s});
        QVERIFY(!events[2].broken.isEmpty());
    }

    void accountEventsAreForTheWholeAccount_data()
    {
        QTest::addColumn<QString>("notice");
        QTest::addColumn<bool>("needsOwner");
        QTest::newRow("account_partner_removed") << u"partner_removed"_s << true;
        QTest::newRow("account_app_uninstalled") << u"partner_app_uninstalled"_s << true;
        QTest::newRow("account_disabled") << u"disabled_update"_s << true;
        QTest::newRow("account_reinstated") << QString() << false;
        QTest::newRow("account_violation") << u"account_violation"_s << false;
        QTest::newRow("account_reconnected") << QString() << false;
        QTest::newRow("quality_flagged") << u"flagged"_s << false;
    }

    void accountEventsAreForTheWholeAccount()
    {
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        const QList<SplitEvent> events = split(name);
        QCOMPARE(events.size(), 1);
        QCOMPARE(events.first().account, QString());
        QCOMPARE(events.first().accountGroup, u"100000000000001"_s);
        QCOMPARE(m_adapter.groupSetting(), u"business_account_id"_s);
        QCOMPARE(events.first().kind, u"account"_s);
        const auto notice = readAs<InboundNotice>(events.first());
        QVERIFY(notice);
        QTEST(notice->kind, "notice");
        QTEST(notice->needsOwner, "needsOwner");
    }

    void anotherApplicationsEndIsNotOurs()
    {
        const auto events = m_adapter.split({.body = fixture(u"whatsapp/account_app_uninstalled.json"_s)}, {.appId = u"1"_s});
        QCOMPARE(events->first().kind, u"ignored"_s);
    }

    void readsTemplateChanges()
    {
        QCOMPARE(split(u"template_rejected"_s).first().accountGroup, u"100000000000001"_s);
        const auto rejected = read<InboundTemplateChange>(u"template_rejected"_s);
        QCOMPARE(rejected->name, u"spring_sale"_s);
        QCOMPARE(rejected->language, u"pt-BR"_s);
        QCOMPARE(rejected->event, u"REJECTED"_s);
        QCOMPARE(rejected->reason, u"INVALID_FORMAT"_s);
        QCOMPARE(read<InboundTemplateChange>(u"template_approved"_s)->reason, QString());
    }
};

ANTIPHON_TEST(WhatsappEventsTest)
#include "tst_whatsappevents.moc"
