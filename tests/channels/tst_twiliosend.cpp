#include "core/base/json.h"
#include "core/channels/platformwords.h"
#include "core/channels/twilio/twilioadapter.h"
#include "core/channels/twilio/twilioform.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

const QString kAccount = u"AC00000000000000000000000000000001"_s;

HttpReply reply(int status, const QByteArray &body, const HttpHeaders &headers = {})
{
    return {.status = status, .headers = headers, .body = body, .requestWritten = true};
}

HttpReply taken(const QByteArray &status = "queued")
{
    return reply(201, R"({"sid":"SM00000000000000000000000000000041","status":")" + status
                     + R"(","error_code":null,"date_created":"Fri, 24 May 2019 17:44:46 +0000","num_segments":"1"})");
}

HttpReply refused(int status, int code, const QByteArray &words = "m")
{
    return reply(status, "{\"code\":" + QByteArray::number(code) + ",\"message\":\"" + words + "\",\"status\":" + QByteArray::number(status) + "}");
}

QList<QPair<QString, QString>> fieldsOf(const HttpRequest &request)
{
    QList<QPair<QString, QString>> fields;
    for (const auto &[name, value] : twilio::parseForm(request.body))
        fields.append({QString::fromUtf8(name), QString::fromUtf8(value)});
    return fields;
}

QByteArray headerOf(const HttpRequest &request, const QByteArray &name)
{
    for (const auto &[key, value] : request.headers) {
        if (key == name)
            return value;
    }
    return {};
}

} // namespace

class TwilioSendTest : public QObject {
    Q_OBJECT

    TwilioAdapter m_adapter;
    const QJsonObject m_sms{{"account_sid"_L1, kAccount}, {"medium"_L1, u"sms"_s}, {"phone_number"_L1, u"+15005550006"_s}};
    const QJsonObject m_whatsapp{{"account_sid"_L1, kAccount}, {"medium"_L1, u"whatsapp"_s}, {"phone_number"_L1, u"+14155238886"_s}};
    const QJsonObject m_service{{"account_sid"_L1, kAccount}, {"medium"_L1, u"sms"_s}, {"messaging_service_sid"_L1, u"MG00000000000000000000000000000009"_s}};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9/tw"_s)};
    const ChannelEndpoints m_official{.api = QUrl(u"https://api.twilio.com"_s)};

    static InboxCredentials inbox(const QJsonObject &settings)
    {
        return {.account = u"x"_s, .accessToken = u"token"_s, .appSecret = u"token"_s, .settings = settings, .inbox = InboxId(7)};
    }
    static OutboundMessage text(const QJsonObject &settings, const QString &words)
    {
        const bool isWhatsapp = settings.value("medium"_L1).toString() == "whatsapp"_L1;
        return {.contactSourceId = isWhatsapp ? u"whatsapp:+34600000001"_s : u"+15005550001"_s, .content = words, .inbox = InboxId(7), .inboxSettings = settings};
    }
    static OutboundAttachment file(const QString &mime, int number)
    {
        return {.kind = Attachment::Kind::File, .mime = mime, .size = 100, .link = QUrl(u"https://desk.example/media/t%1"_s.arg(number))};
    }

    OperationPtr<SendReceipt> send(const OutboundMessage &message, int part = 0) const
    {
        return m_adapter.send(m_adapter.parts(message).at(part), inbox(message.inboxSettings), m_endpoints, u"key"_s);
    }
    HttpRequest request(const OutboundMessage &message, int part = 0) const
    {
        const auto step = send(message, part)->start();
        return step.index() == 0 ? std::get<0>(step) : HttpRequest{};
    }
    Error failure(const HttpReply &answer) const
    {
        const auto operation = send(text(m_sms, u"hello"_s));
        (void)operation->start();
        const auto step = operation->next(answer);
        return step.index() == 2 ? std::get<2>(step) : Error{Error::Kind::Cancelled, u"it went well"_s};
    }

private slots:
    void sendsText()
    {
        const HttpRequest post = request(text(m_sms, u"**Yes** & 1+1, [here](https://x.example)"_s));
        QCOMPARE(post.method, QByteArray("POST"));
        QCOMPARE(post.url.toString(), u"http://127.0.0.1:9/tw/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json"_s);
        QCOMPARE(headerOf(post, "Authorization"), "Basic " + (kAccount + u":token"_s).toUtf8().toBase64());
        QCOMPARE(headerOf(post, "Content-Type"), QByteArray("application/x-www-form-urlencoded"));
        QCOMPARE(fieldsOf(post), (QList<QPair<QString, QString>>{{u"To"_s, u"+15005550001"_s}, {u"From"_s, u"+15005550006"_s}, {u"Body"_s, u"Yes & 1+1, here (https://x.example)"_s}}));
        QVERIFY(!post.body.contains("+1500"));          // a bare "+" would be a blank
    }

    void whatTwilioOnlyHasIsUnderWay()
    {
        const auto operation = send(text(m_sms, u"hello"_s));
        (void)operation->start();
        const SendReceipt receipt = std::get<1>(operation->next(taken()));
        QCOMPARE(receipt.sourceId, u"SM00000000000000000000000000000041"_s);
        QCOMPARE(receipt.platformAt, std::optional(fromUnixMs(1558719886000)));
        QVERIFY(receipt.isUnderWay);
        const auto sent = send(text(m_sms, u"hello"_s));
        (void)sent->start();
        QVERIFY(!std::get<1>(sent->next(taken("sent"))).isUnderWay);
    }

    void anAnswerMayAlreadyBeARefusal()
    {
        const Error error = failure(reply(201, R"({"sid":"SM1","status":"failed","error_code":63016,"error_message":"outside"})"));
        QCOMPARE(error.code, u"63016"_s);
        QCOMPARE(m_adapter.verdict(error), SendVerdict::Refused);
        QCOMPARE(m_adapter.verdict(failure(reply(201, "{}"))), SendVerdict::OutcomeUnknown);
    }

    void aServiceSendsByItself()
    {
        const auto fields = fieldsOf(request(text(m_service, u"hello"_s)));
        QVERIFY(fields.contains({u"MessagingServiceSid"_s, u"MG00000000000000000000000000000009"_s}));
        for (const auto &[name, value] : fields)
            QVERIFY(name != "From"_L1);
    }

    void whatsappHasItsScheme()
    {
        OutboundMessage message = text(m_whatsapp, u"**Yes**, *no*, ~~maybe~~"_s);
        const auto fields = fieldsOf(request(message));
        QCOMPARE(fields, (QList<QPair<QString, QString>>{{u"To"_s, u"whatsapp:+34600000001"_s}, {u"From"_s, u"whatsapp:+14155238886"_s}, {u"Body"_s, u"*Yes*, _no_, ~maybe~"_s}}));
        QJsonObject typed = m_whatsapp;
        typed.insert("phone_number"_L1, u"whatsapp:+14155238886"_s);
        QVERIFY(fieldsOf(request(text(typed, u"x"_s))).contains({u"From"_s, u"whatsapp:+14155238886"_s}));
    }

    void anApiKeyGoesBeforeTheToken()
    {
        InboxCredentials keyed = inbox(m_sms);
        keyed.further = {{u"api_key_sid"_s, u"SK1"_s}, {u"api_key_secret"_s, u"secret"_s}};
        const auto step = m_adapter.send(m_adapter.parts(text(m_sms, u"x"_s)).first(), keyed, m_endpoints, {})->start();
        QCOMPARE(headerOf(std::get<0>(step), "Authorization"), QByteArray("Basic ") + QByteArray("SK1:secret").toBase64());
    }

    void statusesComeToAPublicAddressOnly()
    {
        OutboundMessage message = text(m_sms, u"hello"_s);
        message.publicUrl = u"https://desk.example"_s;
        const auto operation = send(message);
        const auto first = operation->start();
        QVERIFY(fieldsOf(std::get<0>(first)).contains({u"StatusCallback"_s, u"https://desk.example/twilio/delivery_status?inbox=7"_s}));
        const auto second = operation->next(refused(400, 21609));
        QCOMPARE(second.index(), size_t(0));
        QCOMPARE(fieldsOf(std::get<0>(second)), fieldsOf(request(text(m_sms, u"hello"_s))));          // once more without it
        QCOMPARE(operation->next(refused(400, 21609)).index(), size_t(2));
    }

    void anMmsTakesAllFiles()
    {
        OutboundMessage message = text(m_sms, u"see"_s);
        message.attachments = {file(u"image/jpeg"_s, 1), file(u"application/pdf"_s, 2)};
        QCOMPARE(m_adapter.parts(message).size(), 1);
        const auto fields = fieldsOf(request(message));
        QVERIFY(fields.contains({u"MediaUrl"_s, u"https://desk.example/media/t1"_s}) && fields.contains({u"MediaUrl"_s, u"https://desk.example/media/t2"_s}));
    }

    void whatsappTakesOneFileACall()
    {
        OutboundMessage message = text(m_whatsapp, u"see"_s);
        message.attachments = {file(u"image/jpeg"_s, 1), file(u"application/pdf"_s, 2)};
        QCOMPARE(m_adapter.parts(message).size(), 2);
        QVERIFY(fieldsOf(request(message)).contains({u"Body"_s, u"see"_s}));
        QVERIFY(fieldsOf(request(message)).contains({u"MediaUrl"_s, u"https://desk.example/media/t1"_s}));
        QCOMPARE(fieldsOf(request(message, 1)).last(), qMakePair(u"MediaUrl"_s, u"https://desk.example/media/t2"_s));
        message.attachments = {file(u"application/pdf"_s, 2)};          // no words under a document
        QCOMPARE(m_adapter.parts(message).size(), 2);
        QCOMPARE(fieldsOf(request(message)).last(), qMakePair(u"Body"_s, u"see"_s));
    }

    void templatesGoBySid()
    {
        OutboundMessage message = text(m_whatsapp, u"what it reads like"_s);
        const QJsonArray components = json::parseObject(R"({"c":[{"type":"BODY","text":"Order {{1}} is ready, {{2}}"},{"type":"BUTTONS","buttons":[{"type":"URL","text":"See","url":"https:\/\/x.example/{{3}}"}]}]})")
                                          ->value("c"_L1)
                                          .toArray();
        message.fromTemplate = OutboundTemplate{.id = u"HX00000000000000000000000000000005"_s,
                                                .name = u"order_ready"_s,
                                                .language = u"en"_s,
                                                .components = components,
                                                .values = {{"body"_L1, QJsonArray{u"77"_s, u"Ana"_s}}, {"buttons"_L1, QJsonArray{u"abc"_s}}}};
        const auto fields = fieldsOf(request(message));
        QVERIFY(fields.contains({u"ContentSid"_s, u"HX00000000000000000000000000000005"_s}));
        QCOMPARE(fields.last(), qMakePair(u"ContentVariables"_s, u"{\"1\":\"77\",\"2\":\"Ana\",\"3\":\"abc\"}"_s));
        for (const auto &[name, value] : fields)
            QVERIFY(name != "Body"_L1);
        message.fromTemplate->values = {{"body"_L1, QJsonArray{u"77"_s}}};
        QVERIFY(!m_adapter.check(message));
    }

    void refusesBeforeTheCall_data()
    {
        QTest::addColumn<OutboundMessage>("message");
        QTest::addColumn<QString>("field");
        const auto files = [](const QJsonObject &settings, const QString &mime, qint64 size, int count) {
            OutboundMessage message = text(settings, u"see"_s);
            for (int i = 0; i < count; ++i) {
                message.attachments.append(file(mime, i));
                message.attachments.last().size = size;
            }
            return message;
        };
        QTest::newRow("nothing") << text(m_sms, {}) << u"content"_s;
        QTest::newRow("1601 characters") << text(m_sms, QString(1601, u'a')) << u"content"_s;
        QTest::newRow("five megabytes in all") << files(m_sms, u"image/jpeg"_s, 3 * 1024 * 1024, 2) << u"attachment_ids"_s;
        QTest::newRow("eleven files") << files(m_sms, u"image/jpeg"_s, 10, 11) << u"attachment_ids"_s;
        QTest::newRow("a large picture on WhatsApp") << files(m_whatsapp, u"image/png"_s, 6 * 1024 * 1024, 1) << u"attachment_ids"_s;
        QTest::newRow("a GIF on WhatsApp") << files(m_whatsapp, u"image/gif"_s, 10, 1) << u"attachment_ids"_s;
        QTest::newRow("a program") << files(m_sms, u"application/x-msdownload"_s, 10, 1) << u"attachment_ids"_s;
    }

    void refusesBeforeTheCall()
    {
        QFETCH(OutboundMessage, message);
        const auto checked = m_adapter.check(message);
        QVERIFY(!checked);
        QCOMPARE(checked.error().kind, Error::Kind::ChannelLimit);
        QTEST(checked.error().field, "field");
    }

    void takesItsLimits()
    {
        QVERIFY(m_adapter.check(text(m_sms, QString(1600, u'a'))));
        OutboundMessage pdf = text(m_whatsapp, {});
        pdf.attachments = {file(u"application/pdf"_s, 1)};
        pdf.attachments.first().size = 15 * 1024 * 1024;
        QVERIFY(m_adapter.check(pdf));
        QCOMPARE(m_adapter.limits(m_sms).attachmentBytes, 5 * 1024 * 1024);
        QVERIFY(m_adapter.limits(m_whatsapp).reportsRead && m_adapter.limits(m_whatsapp).hasTemplates);
        QVERIFY(!m_adapter.limits(m_sms).reportsRead && !m_adapter.limits(m_sms).hasTemplates);
        QVERIFY(!m_adapter.replyRule(m_sms, {}));
        QCOMPARE(m_adapter.replyRule(m_whatsapp, {})->name, u"whatsapp_24h"_s);
    }

    void everyErrorHasItsVerdict_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("code");
        QTest::addColumn<SendVerdict>("verdict");
        QTest::newRow("wrong credentials") << 401 << 20003 << SendVerdict::TokenRejected;
        QTest::newRow("too many") << 429 << 20429 << SendVerdict::RateLimited;
        QTest::newRow("no number") << 400 << 21211 << SendVerdict::Refused;
        QTest::newRow("not ours") << 400 << 21606 << SendVerdict::Refused;
        QTest::newRow("opted out") << 400 << 21610 << SendVerdict::Refused;
        QTest::newRow("a queue is full") << 400 << 30001 << SendVerdict::NotTaken;
        QTest::newRow("suspended") << 400 << 30002 << SendVerdict::Unauthorized;
        QTest::newRow("the window") << 400 << 63016 << SendVerdict::Refused;
        QTest::newRow("a rate of WhatsApp") << 400 << 63018 << SendVerdict::RateLimited;
        QTest::newRow("unheard of") << 400 << 99999 << SendVerdict::Refused;
        QTest::newRow("server") << 500 << 20500 << SendVerdict::OutcomeUnknown;
    }

    void everyErrorHasItsVerdict()
    {
        QFETCH(int, status);
        QFETCH(int, code);
        const Error error = failure(refused(status, code));
        QTEST(m_adapter.verdict(error), "verdict");
        QCOMPARE(error.code, QString::number(code));
    }

    void aLostAnswerIsNotRepeated()
    {
        QCOMPARE(m_adapter.verdict(failure({.requestWritten = true, .transport = Error{Error::Kind::Timeout, u"no answer"_s}})), SendVerdict::OutcomeUnknown);
        QCOMPARE(m_adapter.verdict(failure({.requestWritten = false, .transport = Error{Error::Kind::Timeout, u"no connection"_s}})), SendVerdict::NotTaken);
        QCOMPARE(m_adapter.verdict(failure(reply(502, "<html>"))), SendVerdict::OutcomeUnknown);
        QCOMPARE(failure(reply(429, R"({"code":20429,"message":"slow"})", {{"Retry-After", "7"}})).retryAfter, std::optional(std::chrono::seconds(7)));
    }

    void whatARefusalTeaches()
    {
        const Error error = failure(refused(400, 21610, "Attempt to send to unsubscribed recipient"));
        QCOMPARE(m_adapter.attributesAfter(error), (QJsonObject{{"cannot_reply"_L1, u"opted_out"_s}}));
        QVERIFY(fromDetail(error.detail).text.startsWith("Attempt to send to unsubscribed recipient. The customer has answered STOP"_L1));
        QVERIFY(m_adapter.attributesAfter(failure(refused(400, 21211))).isEmpty());
    }

    void mediaOfTwilioWithCredentials_data()
    {
        QTest::addColumn<bool>("isOverridden");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("fetched");          // empty: refused
        QTest::addColumn<bool>("hasCredentials");
        const QString path = u"/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"_s;
        QTest::newRow("official") << false << u"https://api.twilio.com"_s + path << u"https://api.twilio.com"_s + path << true;
        QTest::newRow("official, behind the override") << true << u"https://api.twilio.com"_s + path << u"http://127.0.0.1:9/tw"_s + path << true;
        QTest::newRow("of the override itself") << true << u"http://127.0.0.1:9/tw"_s + path << u"http://127.0.0.1:9/tw"_s + path << true;
        QTest::newRow("another of Twilio's") << false << u"https://mcs.us1.twilio.com/v1/x"_s << u"https://mcs.us1.twilio.com/v1/x"_s << true;
        QTest::newRow("looks like Twilio") << false << u"https://twilio.com.evil.example/x"_s << u"https://twilio.com.evil.example/x"_s << false;
        QTest::newRow("foreign") << false << u"https://files.example/x"_s << u"https://files.example/x"_s << false;
        QTest::newRow("without TLS") << false << u"http://api.twilio.com/x"_s << QString() << false;
        QTest::newRow("a file") << false << u"file:///etc/passwd"_s << QString() << false;
    }

    void mediaOfTwilioWithCredentials()
    {
        QFETCH(bool, isOverridden);
        QFETCH(QString, address);
        QFETCH(QString, fetched);
        QFETCH(bool, hasCredentials);
        const auto step = m_adapter.fetchMedia({{"url"_L1, address}}, inbox(m_sms), isOverridden ? m_endpoints : m_official)->start();
        QCOMPARE(step.index(), size_t(fetched.isEmpty() ? 2 : 1));
        if (fetched.isEmpty())
            return;
        QCOMPARE(std::get<1>(step).url.toString(), fetched);
        QCOMPARE(!std::get<1>(step).headers.isEmpty(), hasCredentials);
    }

    void mediaOfAListIsLookedUp()
    {
        const auto operation = m_adapter.fetchMedia({{"message"_L1, u"MM1"_s}, {"index"_L1, 1}}, inbox(m_sms), m_endpoints);
        QVERIFY(std::get<0>(operation->start()).url.path().endsWith("/Messages/MM1/Media.json"_L1));
        const QByteArray list = R"({"media_list":[{"uri":"/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1.json","content_type":"image/png"},{"uri":"/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME2.json"}]})";
        const auto step = operation->next(reply(200, list));
        QCOMPARE(std::get<1>(step).url.toString(), u"http://127.0.0.1:9/tw/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME2"_s);
        const auto gone = m_adapter.fetchMedia({{"message"_L1, u"MM1"_s}, {"index"_L1, 2}}, inbox(m_sms), m_endpoints);
        QCOMPARE(std::get<2>(gone->next(reply(200, list))).kind, Error::Kind::NotFound);
    }

    void typingIsWhatsapps()
    {
        const auto typing = m_adapter.typing(u"whatsapp:+34600000001"_s, u"SM22"_s, inbox(m_whatsapp), m_official);
        QCOMPARE(typing->url.toString(), u"https://messaging.twilio.com/v2/Indicators/Typing.json"_s);
        QCOMPARE(typing->body, QByteArray("messageId=SM22&channel=whatsapp"));
        QVERIFY(!m_adapter.typing(u"+15005550001"_s, u"SM22"_s, inbox(m_sms), m_endpoints));
        QVERIFY(!m_adapter.typing(u"whatsapp:+34600000001"_s, {}, inbox(m_whatsapp), m_endpoints));
        QVERIFY(!m_adapter.markRead(u"whatsapp:+34600000001"_s, u"SM22"_s, {}, inbox(m_whatsapp), m_endpoints));
    }
};

ANTIPHON_TEST(TwilioSendTest)
#include "tst_twiliosend.moc"
