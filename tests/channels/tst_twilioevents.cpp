#include "core/base/json.h"
#include "core/channels/twilio/twilioadapter.h"
#include "core/channels/twilio/twilioform.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

const QString kAccount = u"AC00000000000000000000000000000001"_s;
constexpr qint64 kAt = 1760000000123;

using Form = QList<QPair<QString, QString>>;

Form with(Form form, const Form &more)
{
    for (const auto &[name, value] : more) {
        form.removeIf([&name = name](const auto &field) { return field.first == name; });
        form.append({name, value});
    }
    return form;
}

Form sms(const Form &more)
{
    return with({{u"AccountSid"_s, kAccount}, {u"MessageSid"_s, u"SM00000000000000000000000000000011"_s}, {u"From"_s, u"+15005550001"_s}, {u"To"_s, u"+15005550006"_s},
                 {u"Body"_s, {}}, {u"NumMedia"_s, u"0"_s}, {u"SmsStatus"_s, u"received"_s}},
                more);
}

Form whatsapp(const Form &more)
{
    return with(sms({{u"From"_s, u"whatsapp:+34600000001"_s}, {u"To"_s, u"whatsapp:+14155238886"_s}, {u"ProfileName"_s, u"Ana"_s}, {u"WaId"_s, u"34600000001"_s}}), more);
}

} // namespace

class TwilioEventsTest : public QObject {
    Q_OBJECT

    TwilioAdapter m_adapter;

    SplitEvent split(const Form &form, const QByteArray &query = "inbox=7", const QByteArray &path = "/twilio/callback") const
    {
        const auto events = m_adapter.split({.body = twilio::toForm(form), .path = path, .query = query, .receivedAt = fromUnixMs(kAt)}, {});
        return events && events->size() == 1 ? events->first() : SplitEvent{};
    }

    template <typename T>
    T read(const SplitEvent &event) const
    {
        const auto found = m_adapter.read(event);
        return found && std::holds_alternative<T>(*found) ? std::get<T>(*found) : T{};
    }
    InboundMessage message(const Form &form) const { return read<InboundMessage>(split(form)); }

private slots:
    void aTextMessage()
    {
        const SplitEvent event = split(sms({{u"Body"_s, u"Hello, is my order ready?"_s}, {u"FromCity"_s, u"SPRINGFIELD"_s}, {u"FromState"_s, u"IL"_s}, {u"FromZip"_s, u"62701"_s},
                                            {u"FromCountry"_s, u"US"_s}, {u"ToCity"_s, {}}}));
        QCOMPARE(event.inbox, InboxId(7));
        QCOMPARE(event.dedupeKey, u"m:SM00000000000000000000000000000011"_s);
        QCOMPARE(event.lane, m_adapter.lane(InboxId(7), u"+15005550006"_s, u"+15005550001"_s));
        QCOMPARE(event.ofSettings, (QJsonObject{{"account_sid"_L1, kAccount}, {"medium"_L1, u"sms"_s}}));
        const auto read_ = read<InboundMessage>(event);
        QCOMPARE(read_.content, u"Hello, is my order ready?"_s);
        QCOMPARE(read_.sourceId, u"SM00000000000000000000000000000011"_s);
        QCOMPARE(read_.customer.contactSourceId, u"+15005550001"_s);
        QCOMPARE(read_.customer.phoneNumber, u"+15005550001"_s);
        QCOMPARE(read_.customer.attributes,
                 (QJsonObject{{"city"_L1, u"SPRINGFIELD"_s}, {"state"_L1, u"IL"_s}, {"zip"_L1, u"62701"_s}, {"country"_L1, u"US"_s}}));
        QVERIFY(read_.customer.variants.isEmpty());
        QCOMPARE(read_.platformAt, fromUnixMs(kAt));
        QVERIFY(read_.attributes.isEmpty());
    }

    void whoseItIsWithoutTheAddress()
    {
        const SplitEvent event = split(whatsapp({{u"Body"_s, u"hi"_s}, {u"MessagingServiceSid"_s, u"MG00000000000000000000000000000009"_s}}), {});
        QVERIFY(event.inbox.isNull());
        QCOMPARE(event.account, u"MG00000000000000000000000000000009"_s);
        QCOMPARE(event.otherAccounts, (QStringList{u"whatsapp:+14155238886"_s, u"+14155238886"_s}));
        QCOMPARE(event.ofSettings.value("medium"_L1).toString(), u"whatsapp"_s);
        const SplitEvent status = split(sms({{u"From"_s, u"+15005550006"_s}, {u"To"_s, u"+15005550001"_s}, {u"MessageStatus"_s, u"delivered"_s}}), {}, "/twilio/delivery_status");
        QCOMPARE(status.account, u"+15005550006"_s);
    }

    void everyPictureOfAnMms()
    {
        const auto mms = message(sms({{u"MessageSid"_s, u"MM00000000000000000000000000000021"_s}, {u"NumMedia"_s, u"3"_s}, {u"MediaContentType0"_s, u"image/jpeg"_s},
                                      {u"MediaUrl0"_s, u"https://api.twilio.com/2010-04-01/Accounts/AC01/Messages/MM21/Media/ME01"_s}, {u"MediaContentType1"_s, u"text/vcard"_s},
                                      {u"MediaUrl1"_s, u"https://api.twilio.com/2010-04-01/Accounts/AC01/Messages/MM21/Media/ME02"_s}, {u"MediaContentType2"_s, u"application/smil"_s},
                                      {u"MediaUrl2"_s, u"https://api.twilio.com/2010-04-01/Accounts/AC01/Messages/MM21/Media/ME03"_s}}));
        QCOMPARE(mms.attachments.size(), 2);
        QCOMPARE(mms.attachments[0].kind, Attachment::Kind::Image);
        QCOMPARE(mms.attachments[0].name, u"media-ME01.jpg"_s);
        QCOMPARE(mms.attachments[0].remote.value("url"_L1).toString(), u"https://api.twilio.com/2010-04-01/Accounts/AC01/Messages/MM21/Media/ME01"_s);
        QCOMPARE(mms.attachments[1].kind, Attachment::Kind::Contact);
        QCOMPARE(mms.contentType, Message::ContentType::Text);
    }

    void tenFilesAreTen()
    {
        Form form = sms({{u"NumMedia"_s, u"10"_s}});
        for (int i = 0; i < 10; ++i)
            form = with(form, {{u"MediaUrl%1"_s.arg(i), u"https://api.twilio.com/m/%1"_s.arg(i)}, {u"MediaContentType%1"_s.arg(i), u"video/mp4"_s}});
        QCOMPARE(message(form).attachments.size(), 10);
    }

    void soundOnWhatsappIsAVoice()
    {
        const auto voice = message(whatsapp({{u"MessageType"_s, u"audio"_s}, {u"NumMedia"_s, u"1"_s}, {u"MediaContentType0"_s, u"audio/ogg"_s}, {u"MediaUrl0"_s, u"https://api.twilio.com/m/1"_s}}));
        QVERIFY(voice.attachments.first().isVoice);
        const auto sticker = message(whatsapp({{u"MessageType"_s, u"sticker"_s}, {u"NumMedia"_s, u"1"_s}, {u"MediaContentType0"_s, u"image/webp"_s}, {u"MediaUrl0"_s, u"https://api.twilio.com/m/1"_s}}));
        QCOMPARE(sticker.contentType, Message::ContentType::Sticker);
        QCOMPARE(sticker.attachments.first().kind, Attachment::Kind::Sticker);
    }

    void aPlace()
    {
        const auto place = message(whatsapp({{u"MessageType"_s, u"location"_s}, {u"Latitude"_s, u"40.416800"_s}, {u"Longitude"_s, u"-3.703800"_s}, {u"Address"_s, u"Madrid"_s}, {u"Label"_s, u"Puerta del Sol"_s}}));
        QCOMPARE(place.contentType, Message::ContentType::Location);
        QCOMPARE(place.attachments.first().title, u"Puerta del Sol, Madrid"_s);
        QCOMPARE(place.attachments.first().longitude, std::optional(-3.7038));
        QCOMPARE(place.customer.displayName, u"Ana"_s);
        QCOMPARE(place.customer.phoneNumber, u"+34600000001"_s);
        QCOMPARE(place.customer.contactSourceId, u"whatsapp:+34600000001"_s);
    }

    void buttonsAndLists()
    {
        const auto button = message(whatsapp({{u"MessageType"_s, u"button"_s}, {u"ButtonText"_s, u"Yes"_s}, {u"ButtonPayload"_s, u"confirm_77"_s}, {u"Body"_s, u"Yes"_s},
                                              {u"OriginalRepliedMessageSid"_s, u"SM00000000000000000000000000000023"_s}}));
        QCOMPARE(button.content, u"Yes"_s);
        QCOMPARE(button.contentType, Message::ContentType::Interactive);
        QCOMPARE(button.inReplyToSourceId, u"SM00000000000000000000000000000023"_s);
        QCOMPARE(button.detail.value("choice"_L1).toObject().value("ButtonPayload"_L1).toString(), u"confirm_77"_s);
        const auto list = message(whatsapp({{u"MessageType"_s, u"interactive"_s}, {u"ListId"_s, u"d1"_s}, {u"ListTitle"_s, u"Monday"_s}, {u"ListDescription"_s, u"from 9"_s}}));
        QCOMPARE(list.content, u"Monday\nfrom 9"_s);
    }

    void reactions()
    {
        const auto reaction = read<InboundReaction>(split(whatsapp({{u"MessageType"_s, u"reaction"_s}, {u"Body"_s, u"👍"_s}, {u"OriginalRepliedMessageSid"_s, u"SM23"_s}})));
        QCOMPARE(reaction.emoji, u"👍"_s);
        QCOMPARE(reaction.messageSourceId, u"SM23"_s);
        QVERIFY(reaction.fromCustomer && !reaction.isRemoval);
    }

    void whereTheyCameFrom()
    {
        const auto ad = message(whatsapp({{u"Body"_s, u"hi"_s}, {u"ReferralHeadline"_s, u"Lamps"_s}, {u"ReferralSourceId"_s, u"120"_s}, {u"ReferralSourceType"_s, u"ad"_s},
                                          {u"ReferralSourceUrl"_s, u"https://fb.me/x"_s}, {u"ReferralCtwaClid"_s, u"clid"_s}, {u"Forwarded"_s, u"true"_s}}));
        QCOMPARE(ad.referral, (QJsonObject{{"headline"_L1, u"Lamps"_s}, {"ad_id"_L1, u"120"_s}, {"source"_L1, u"ad"_s}, {"url"_L1, u"https://fb.me/x"_s}, {"ref"_L1, u"clid"_s}}));
        QVERIFY(ad.isForwarded);
    }

    void whoHidesTheirNumber()
    {
        const auto hidden = message(whatsapp({{u"From"_s, u"whatsapp:ES.3141592"_s}, {u"ExternalUserId"_s, u"ES.3141592"_s}, {u"ProfileUsername"_s, u"ana"_s}, {u"Body"_s, u"hi"_s}}));
        QCOMPARE(hidden.customer.contactSourceId, u"whatsapp:ES.3141592"_s);
        QCOMPARE(hidden.customer.platformUserId, u"ES.3141592"_s);
        QCOMPARE(hidden.customer.username, u"ana"_s);
        QCOMPARE(hidden.customer.aliases, QStringList{u"whatsapp:+34600000001"_s});
    }

    void sendersOfAllKinds_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("phone");
        QTest::addColumn<QString>("name");
        QTest::newRow("number") << u"+15005550001"_s << u"+15005550001"_s << u"+1 500-555-0001"_s;
        QTest::newRow("short code") << u"72975"_s << QString() << u"72975"_s;
        QTest::newRow("name") << u"ACME"_s << QString() << u"ACME"_s;
        QTest::newRow("another network") << u"rcs:shop_agent"_s << QString() << u"rcs:shop_agent"_s;
    }

    void sendersOfAllKinds()
    {
        QFETCH(QString, from);
        const auto one = message(sms({{u"From"_s, from}, {u"Body"_s, u"x"_s}}));
        QCOMPARE(one.customer.contactSourceId, from);
        QTEST(one.customer.phoneNumber, "phone");
        QTEST(m_adapter.placeholderName(from), "name");
    }

    void spellingsOfANumber_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QStringList>("variants");
        QTest::newRow("Brazil, nine digits") << u"whatsapp:+5541988887777"_s << QStringList{u"whatsapp:+554188887777"_s};
        QTest::newRow("Brazil, eight digits") << u"whatsapp:+554188887777"_s << QStringList{u"whatsapp:+5541988887777"_s};
        QTest::newRow("a Brazilian landline") << u"whatsapp:+554532782153"_s << QStringList();
        QTest::newRow("Argentina") << u"whatsapp:+5491123456789"_s << QStringList{u"whatsapp:+541123456789"_s};
        QTest::newRow("Mexico") << u"whatsapp:+525512345678"_s << QStringList{u"whatsapp:+5215512345678"_s};
        QTest::newRow("Spain") << u"whatsapp:+34600000001"_s << QStringList();
        QTest::newRow("no WhatsApp") << u"+5541988887777"_s << QStringList();
    }

    void spellingsOfANumber()
    {
        QFETCH(QString, from);
        QFETCH(QStringList, variants);
        const Form form = from.startsWith("whatsapp"_L1) ? whatsapp({{u"From"_s, from}, {u"WaId"_s, {}}, {u"Body"_s, u"x"_s}}) : sms({{u"From"_s, from}, {u"Body"_s, u"x"_s}});
        QCOMPARE(message(form).customer.variants, variants);
        for (const QString &variant : variants)
            QCOMPARE(m_adapter.lane(InboxId(1), {}, variant), m_adapter.lane(InboxId(1), {}, from));
    }

    void whoWantsNoMore_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QJsonObject>("attributes");
        const QJsonObject out{{"cannot_reply"_L1, u"opted_out"_s}};
        const QJsonObject in{{"cannot_reply"_L1, QJsonValue::Null}};
        QTest::newRow("told") << u"Arrêt"_s << u"STOP"_s << out;
        QTest::newRow("the word") << u" Stop "_s << QString() << out;
        QTest::newRow("UNSUBSCRIBE") << u"UNSUBSCRIBE"_s << QString() << out;
        QTest::newRow("in a sentence") << u"please stop by"_s << QString() << QJsonObject();
        QTest::newRow("start") << u"START"_s << u"START"_s << in;
        QTest::newRow("unstop") << u"unstop"_s << QString() << in;
        QTest::newRow("help") << u"HELP"_s << u"HELP"_s << QJsonObject();
    }

    void whoWantsNoMore()
    {
        QFETCH(QString, body);
        QFETCH(QString, type);
        Form form = sms({{u"Body"_s, body}});
        if (!type.isEmpty())
            form = with(form, {{u"OptOutType"_s, type}});
        QTEST(message(form).attributes, "attributes");
        QVERIFY(!message(form).content.isEmpty());
        QVERIFY(message(whatsapp({{u"Body"_s, u"END"_s}})).attributes.isEmpty());          // there it is a word like any other
    }

    void statuses_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("status");
        QTest::newRow("sent") << u"sent"_s << int(StatusEvent::Accepted);
        QTest::newRow("partially") << u"partially_delivered"_s << int(StatusEvent::Accepted);
        QTest::newRow("delivered") << u"delivered"_s << int(StatusEvent::Delivered);
        QTest::newRow("read") << u"read"_s << int(StatusEvent::Read);
        QTest::newRow("undelivered") << u"undelivered"_s << int(StatusEvent::Refused);
        QTest::newRow("failed") << u"failed"_s << int(StatusEvent::Refused);
        QTest::newRow("canceled") << u"canceled"_s << int(StatusEvent::Refused);
    }

    void statuses()
    {
        QFETCH(QString, word);
        const SplitEvent event = split(sms({{u"From"_s, u"+15005550006"_s}, {u"To"_s, u"+15005550001"_s}, {u"MessageStatus"_s, word}, {u"SmsStatus"_s, word}, {u"ErrorCode"_s, u"30003"_s}}), "inbox=7",
                                       "/twilio/delivery_status");
        QCOMPARE(event.dedupeKey, u"s:SM00000000000000000000000000000011:"_s + word);
        QCOMPARE(event.target, u"SM00000000000000000000000000000011"_s);
        QVERIFY(event.lane.isEmpty());
        const auto status = read<InboundStatus>(event);
        QCOMPARE(status.messageSourceId, u"SM00000000000000000000000000000011"_s);
        QTEST(int(status.status), "status");
        QCOMPARE(status.error.has_value(), status.status == StatusEvent::Refused);
        if (status.error) {
            QCOMPARE(status.error->code, u"30003"_s);
            QVERIFY(status.error->retryable);
            QVERIFY(!status.error->text.isEmpty());
        }
    }

    void waitingIsNoNews_data()
    {
        QTest::addColumn<QString>("word");
        for (const char *word : {"accepted", "scheduled", "queued", "sending", "teleported"})
            QTest::newRow(word) << QString::fromLatin1(word);
    }

    void waitingIsNoNews()
    {
        QFETCH(QString, word);
        QVERIFY(!read<InboundIgnored>(split(sms({{u"MessageStatus"_s, word}, {u"SmsStatus"_s, word}}))).reason.isEmpty());
    }

    void aStatusOnTheOtherRouteIsAStatus()
    {
        const SplitEvent event = split(sms({{u"MessageStatus"_s, u"delivered"_s}, {u"SmsStatus"_s, u"delivered"_s}, {u"Body"_s, u"hello"_s}}));
        QCOMPARE(read<InboundStatus>(event).status, StatusEvent::Delivered);
        const auto read_ = read<InboundStatus>(split({{u"MessageSid"_s, u"SM00000000000000000000000000000032"_s}, {u"MessageStatus"_s, u"read"_s}, {u"EventType"_s, u"READ"_s},
                                                      {u"From"_s, u"whatsapp:+14155238886"_s}, {u"To"_s, u"whatsapp:+34600000001"_s}, {u"AccountSid"_s, kAccount}}, "inbox=7", "/twilio/delivery_status"));
        QCOMPARE(read_.status, StatusEvent::Read);
        QCOMPARE(read<InboundMessage>(split(sms({{u"Body"_s, u"on the wrong route"_s}}), "inbox=7", "/twilio/delivery_status")).content, u"on the wrong route"_s);
    }

    void withoutACodeTheWordIsTheReason()
    {
        const auto status = read<InboundStatus>(split(sms({{u"MessageStatus"_s, u"failed"_s}, {u"ErrorMessage"_s, u"Queue was full"_s}})));
        QCOMPARE(status.error->code, u"failed"_s);
        QCOMPARE(status.error->text, u"Queue was full"_s);
        QVERIFY(!status.error->retryable);
    }

    void nothingToShowIsIgnored()
    {
        QVERIFY(!read<InboundIgnored>(split(sms({}))).reason.isEmpty());
        const auto unknown = message(whatsapp({{u"MessageType"_s, u"contacts"_s}}));
        QCOMPARE(unknown.contentType, Message::ContentType::Unsupported);
        QCOMPARE(unknown.rawType, u"contacts"_s);
    }

    void theOldNameOfTheSidWillDo()
    {
        Form form = sms({{u"Body"_s, u"x"_s}, {u"SmsSid"_s, u"SM77"_s}});
        form.removeIf([](const auto &field) { return field.first == "MessageSid"_L1; });
        QCOMPARE(message(form).sourceId, u"SM77"_s);
    }

    void anInboxThatIsNoNumberIsNone()
    {
        QVERIFY(split(sms({{u"Body"_s, u"x"_s}}), "inbox=seven").inbox.isNull());
    }
};

ANTIPHON_TEST(TwilioEventsTest)
#include "tst_twilioevents.moc"
