#include "core/base/json.h"
#include "core/channels/platformwords.h"
#include "core/channels/whatsapp/whatsappadapter.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(antiphon::SendVerdict)

class WhatsappSendTest : public QObject {
    Q_OBJECT

    WhatsappAdapter m_adapter;
    const InboxCredentials m_inbox{.account = u"200000000000001"_s, .accessToken = u"EAAtoken"_s, .settings = {{"business_account_id"_L1, u"100000000000001"_s}}};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9/proxy"_s)};

    static OutboundMessage text(const QString &content) { return {.contactSourceId = u"15550100002"_s, .content = content}; }

    static OutboundAttachment file(Attachment::Kind kind, const QString &name, const QString &mime, const QByteArray &bytes)
    {
        return {.kind = kind, .name = name, .mime = mime, .size = bytes.size(), .bytes = bytes};
    }

    static OutboundMessage sending(const OutboundAttachment &attachment, const QString &caption = {})
    {
        OutboundMessage message = text(caption);
        message.attachments = {attachment};
        return message;
    }

    OperationPtr<SendReceipt> send(const OutboundMessage &message) const { return m_adapter.send({.message = message}, m_inbox, m_endpoints, u"key-1"_s); }
    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }
    static HttpReply taken() { return reply(200, R"({"messaging_product":"whatsapp","contacts":[{"input":"15550100002","wa_id":"15550100002"}],"messages":[{"id":"wamid.OUT1"}]})"); }

    /// The body of the message itself, behind an upload where there is one.
    QJsonObject sent(const OutboundMessage &message) const
    {
        const auto operation = send(message);
        auto step = operation->start();
        if (!message.attachments.isEmpty() && step.index() == 0)
            step = operation->next(reply(200, R"({"id":"media-1"})"));
        const auto *request = std::get_if<HttpRequest>(&step);
        const auto body = request ? json::parseObject(request->body) : Result<QJsonObject>(Error{});
        return body ? *body : QJsonObject();
    }

    static QJsonObject parsed(const QByteArray &text)
    {
        const auto object = json::parseObject(text);
        return object ? *object : QJsonObject{{"unreadable"_L1, true}};
    }

    /// `what` with what every message has.
    static QJsonObject whole(const QByteArray &what, const QByteArray &address = R"("to":"15550100002")")
    {
        QJsonObject body = parsed("{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\"," + address + ",\"biz_opaque_callback_data\":\"key-1\"}");
        const QJsonObject more = parsed(what);
        for (auto it = more.begin(); it != more.end(); ++it)
            body.insert(it.key(), it.value());
        return body;
    }

    static OutboundMessage choosing(int count, const QString &description = {}, const QString &button = {})
    {
        OutboundMessage message = text(u"When **exactly**?"_s);
        OutboundChoice choice{.button = button};
        for (int i = 1; i <= count; ++i)
            choice.items.append({.id = QString::number(i), .title = u"Day %1"_s.arg(i), .description = description});
        message.choice = choice;
        return message;
    }

    static OutboundMessage filling(const QByteArray &components, const QByteArray &values)
    {
        OutboundMessage message = text(u"what it reads like"_s);
        const QJsonObject parts = parsed("{\"c\":" + components + "}");
        message.fromTemplate = OutboundTemplate{.name = u"order_ready"_s, .language = u"en_US"_s, .components = parts.value("c"_L1).toArray(), .values = parsed(values)};
        return message;
    }

private slots:
    void sendsText()
    {
        const auto operation = send(text(u"**Yes**, two *left*."_s));
        const auto first = operation->start();
        const HttpRequest request = std::get<0>(first);
        QCOMPARE(request.method, QByteArray("POST"));
        QCOMPARE(request.url.toString(), u"http://127.0.0.1:9/proxy/v23.0/200000000000001/messages"_s);
        QVERIFY(request.headers.contains({"Authorization", "Bearer EAAtoken"}));
        QCOMPARE(parsed(request.body), whole(R"({"type":"text","text":{"body":"*Yes*, two _left_."}})"));
        const auto last = operation->next(taken());
        QCOMPARE(std::get<1>(last).sourceId, u"wamid.OUT1"_s);
        QCOMPARE(std::get<1>(last).customerAddress, u"15550100002"_s);
    }

    void previewsLinksAndQuotes()
    {
        OutboundMessage message = text(u"see https://x.example"_s);
        message.quotedSourceId = u"wamid.IN7"_s;
        QCOMPARE(sent(message), whole("{\"type\":\"text\",\"text\":{\"body\":\"see https://x.example\",\"preview_url\":true},\"context\":{\"message_id\":\"wamid.IN7\"}}"));
    }

    void aUserIdIsARecipient()
    {
        OutboundMessage message = text(u"hello"_s);
        message.contactSourceId = u"US.31415926535"_s;
        QCOMPARE(sent(message), whole(R"({"type":"text","text":{"body":"hello"}})", R"("recipient":"US.31415926535")"));
        const HttpRequest reaction = *m_adapter.react({.contactSourceId = u"US.ENT.27182818284"_s, .messageSourceId = u"wamid.IN7"_s, .emoji = u"👍"_s}, m_inbox, m_endpoints);
        QCOMPARE(parsed(reaction.body).value("recipient"_L1).toString(), u"US.ENT.27182818284"_s);
    }

    void uploadsAFileFirst()
    {
        const auto operation = send(sending(file(Attachment::Kind::Image, u"a"_s, u"image/png"_s, "\x89PNG"), u"this *one*"_s));
        const auto first = operation->start();
        const HttpRequest upload = std::get<0>(first);
        QCOMPARE(upload.url.path(), u"/proxy/v23.0/200000000000001/media"_s);
        QVERIFY(upload.headers.last().second.startsWith("multipart/form-data; boundary=antiphon"));
        QVERIFY(upload.body.contains("name=\"messaging_product\"\r\n\r\nwhatsapp\r\n"));
        QVERIFY(upload.body.contains("name=\"type\"\r\n\r\nimage/png\r\n"));
        QVERIFY(upload.body.contains("name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n"));
        const auto second = operation->next(reply(200, R"({"id":"media-1"})"));
        QCOMPARE(parsed(std::get<0>(second).body), whole(R"({"type":"image","image":{"id":"media-1","caption":"this _one_"}})"));
        QCOMPARE(operation->next(taken()).index(), size_t(1));
    }

    void everyKindOfFileGoesAsItsType_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("mime");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("isVoice");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, Attachment::Kind kind, const char *file, const char *mime, const QByteArray &bytes, const QByteArray &expected, bool isVoice = false) {
            QTest::newRow(name) << int(kind) << QString::fromLatin1(file) << QString::fromLatin1(mime) << bytes << isVoice << expected;
        };
        row("video", Attachment::Kind::Video, "v.mp4", "video/mp4", "x", R"({"type":"video","video":{"id":"media-1","caption":"c"}})");
        row("sound", Attachment::Kind::Audio, "s.mp3", "audio/mpeg", "x", R"({"type":"audio","audio":{"id":"media-1"}})");
        row("voice note", Attachment::Kind::Audio, "v.ogg", "audio/ogg", "OggS..OpusHead", R"({"type":"audio","audio":{"id":"media-1","voice":true}})", true);
        row("document", Attachment::Kind::File, "offer.pdf", "application/pdf", "%PDF", R"({"type":"document","document":{"id":"media-1","caption":"c","filename":"offer.pdf"}})");
        row("document of another name", Attachment::Kind::File, "offer", "application/pdf; charset=binary", "%PDF",
            R"({"type":"document","document":{"id":"media-1","caption":"c","filename":"offer.pdf"}})");
        row("sticker", Attachment::Kind::Sticker, "s.webp", "image/webp", "RIFF", R"({"type":"sticker","sticker":{"id":"media-1"}})");
    }

    void everyKindOfFileGoesAsItsType()
    {
        QFETCH(int, kind);
        QFETCH(QString, name);
        QFETCH(QString, mime);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, expected);
        OutboundAttachment attachment = file(Attachment::Kind(kind), name, mime, bytes);
        QFETCH(bool, isVoice);
        attachment.isVoice = isVoice;
        QCOMPARE(sent(sending(attachment, u"c"_s)), whole(expected));
    }

    void oggIsDeclaredAsOpus()
    {
        OutboundAttachment voice = file(Attachment::Kind::Audio, u"v"_s, u"audio/ogg"_s, "OggS..OpusHead");
        const auto step = send(sending(voice))->start();
        QVERIFY(std::get<0>(step).body.contains("name=\"type\"\r\n\r\naudio/ogg; codecs=opus\r\n"));
        QVERIFY(std::get<0>(step).body.contains("filename=\"v.ogg\"\r\nContent-Type: audio/ogg; codecs=opus\r\n"));
    }

    void refusesFilesBeforeTheCall_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("mime");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<bool>("isTaken");
        const auto row = [](const char *name, Attachment::Kind kind, const char *mime, qint64 size, bool isTaken) {
            QTest::newRow(name) << int(kind) << QString::fromLatin1(mime) << size << isTaken;
        };
        constexpr qint64 kMib = 1024 * 1024;
        row("5 MB of JPEG", Attachment::Kind::Image, "image/jpeg", 5 * kMib, true);
        row("more", Attachment::Kind::Image, "image/jpeg", 5 * kMib + 1, false);
        row("16 MB of video", Attachment::Kind::Video, "video/mp4", 16 * kMib, true);
        row("more", Attachment::Kind::Video, "video/3gpp", 16 * kMib + 1, false);
        row("16 MB of sound", Attachment::Kind::Audio, "audio/ogg", 16 * kMib, true);
        row("more", Attachment::Kind::Audio, "audio/aac", 16 * kMib + 1, false);
        row("100 MB of PDF", Attachment::Kind::File, "application/pdf", 100 * kMib, true);
        row("more", Attachment::Kind::File, "application/pdf", 100 * kMib + 1, false);
        row("500 KB of sticker", Attachment::Kind::Sticker, "image/webp", 500 * 1024, true);
        row("more", Attachment::Kind::Sticker, "image/webp", 500 * 1024 + 1, false);
        row("WebP as a picture", Attachment::Kind::Image, "image/webp", 1000, false);
        row("GIF", Attachment::Kind::Image, "image/gif", 1000, false);
        row("a program", Attachment::Kind::File, "application/x-msdownload", 1000, false);
        row("WebM", Attachment::Kind::Audio, "audio/webm", 1000, false);
    }

    void refusesFilesBeforeTheCall()
    {
        QFETCH(int, kind);
        QFETCH(QString, mime);
        QFETCH(qint64, size);
        QFETCH(bool, isTaken);
        const auto checked = m_adapter.check(sending({.kind = Attachment::Kind(kind), .mime = mime, .size = size}));
        QCOMPARE(bool(checked), isTaken);
        if (!isTaken) {
            QCOMPARE(checked.error().kind, Error::Kind::ChannelLimit);
            QCOMPARE(checked.error().field, u"attachment_ids"_s);
        }
    }

    void looksIntoTheBytesWhereTheyAreThere()
    {
        const auto vorbis = send(sending(file(Attachment::Kind::Audio, u"v.ogg"_s, u"audio/ogg"_s, "OggS..vorbis")))->start();
        QCOMPARE(std::get<2>(vorbis).kind, Error::Kind::ChannelLimit);
        QByteArray still = "RIFF....WEBPVP8 " + QByteArray(101 * 1024, 'x');
        QVERIFY(!m_adapter.check(sending(file(Attachment::Kind::Sticker, {}, u"image/webp"_s, still))));
        QByteArray moving = QByteArray("RIFF....WEBPVP8X....\x02", 21) + QByteArray(101 * 1024, 'x');
        QVERIFY(m_adapter.check(sending(file(Attachment::Kind::Sticker, {}, u"image/webp"_s, moving))));
    }

    void countsCodePointsOfWhatIsSent()
    {
        QVERIFY(m_adapter.check(text(u"💡"_s.repeated(4096))));
        const auto refused = m_adapter.check(text(u"💡"_s.repeated(4097)));
        QCOMPARE(refused.error().kind, Error::Kind::ChannelLimit);
        QCOMPARE(refused.error().field, u"content"_s);
        QVERIFY(refused.error().detail.contains("4096"_L1));
        QVERIFY(m_adapter.check(text(u"**"_s + u"a"_s.repeated(4094) + u"**"_s)));      // of "**" one "*" is left
        QVERIFY(!m_adapter.check(text(QString())));
        QVERIFY(m_adapter.check(sending({.kind = Attachment::Kind::Image, .mime = u"image/png"_s, .size = 1}, u"a"_s.repeated(1024))));
        QCOMPARE(m_adapter.check(sending({.kind = Attachment::Kind::Image, .mime = u"image/png"_s, .size = 1}, u"a"_s.repeated(1025))).error().field, u"content"_s);
        QVERIFY(m_adapter.check(sending({.kind = Attachment::Kind::Audio, .mime = u"audio/mpeg"_s, .size = 1}, u"a"_s.repeated(1025))));
    }

    void aFileIsAPart()
    {
        OutboundMessage album = text(u"all of them"_s);
        album.quotedSourceId = u"wamid.IN7"_s;
        album.attachments = {file(Attachment::Kind::Image, u"1.png"_s, u"image/png"_s, "1"), file(Attachment::Kind::Image, u"2.png"_s, u"image/png"_s, "2")};
        const QList<OutboundPart> two = m_adapter.parts(album);
        QCOMPARE(two.size(), 2);
        QCOMPARE(two[0].message.content, u"all of them"_s);
        QCOMPARE(two[0].message.quotedSourceId, u"wamid.IN7"_s);
        QCOMPARE(two[1].message.content, QString());
        QCOMPARE(two[1].message.quotedSourceId, QString());
        QCOMPARE(two[1].message.attachments.first().name, u"2.png"_s);
        QCOMPARE(two[1].index, 1);
        album.attachments = {file(Attachment::Kind::Audio, u"1.mp3"_s, u"audio/mpeg"_s, "1")};
        const QList<OutboundPart> behind = m_adapter.parts(album);
        QCOMPARE(behind.size(), 2);
        QVERIFY(behind[0].message.attachments.isEmpty());
        QCOMPARE(behind[1].message.content, QString());
        QCOMPARE(m_adapter.parts(text(u"one"_s)).size(), 1);
        album.attachments = QList<OutboundAttachment>(11, file(Attachment::Kind::Image, u"1.png"_s, u"image/png"_s, "1"));
        QCOMPARE(m_adapter.check(album).error().field, u"attachment_ids"_s);
    }

    void choosesButtonsOrAList()
    {
        QCOMPARE(sent(choosing(2)), whole(R"({"type":"interactive","interactive":{"type":"button","body":{"text":"When *exactly*?"},"action":{"buttons":[
            {"type":"reply","reply":{"id":"1","title":"Day 1"}},{"type":"reply","reply":{"id":"2","title":"Day 2"}}]}}})"));
        QCOMPARE(sent(choosing(1, u"9 to 12"_s, u"Days"_s)), whole(R"({"type":"interactive","interactive":{"type":"list","body":{"text":"When *exactly*?"},"action":{
            "button":"Days","sections":[{"rows":[{"id":"1","title":"Day 1","description":"9 to 12"}]}]}}})"));
        const QJsonObject four = sent(choosing(4)).value("interactive"_L1).toObject();
        QCOMPARE(four.value("type"_L1).toString(), u"list"_s);
        QCOMPARE(four.value("action"_L1).toObject().value("button"_L1).toString(), u"Choose"_s);
    }

    void refusesChoicesThatDoNotFit()
    {
        const auto fieldOf = [this](const OutboundMessage &message) {
            const auto checked = m_adapter.check(message);
            return checked ? QString() : checked.error().field;
        };
        QCOMPARE(fieldOf(choosing(3)), QString());
        QCOMPARE(fieldOf(choosing(10)), QString());
        QCOMPARE(fieldOf(choosing(11)), u"choice"_s);
        QCOMPARE(fieldOf(choosing(0)), u"choice"_s);
        OutboundMessage message = choosing(2);
        message.choice->items[1].title = message.choice->items[0].title;
        QCOMPARE(fieldOf(message), u"choice"_s);
        message = choosing(2);
        message.choice->items[0].title = u"a"_s.repeated(21);
        QCOMPARE(fieldOf(message), u"choice"_s);
        message.choice->button = u"Days"_s;                 // a row's title may be longer
        QCOMPARE(fieldOf(message), QString());
        message.choice->items[0].description = u"a"_s.repeated(73);
        QCOMPARE(fieldOf(message), u"choice"_s);
        message = choosing(2);
        message.content = u"a"_s.repeated(1025);
        QCOMPARE(fieldOf(message), u"content"_s);
        message = choosing(2);
        message.attachments = {file(Attachment::Kind::Image, {}, u"image/png"_s, "x")};
        QCOMPARE(fieldOf(message), u"attachment_ids"_s);
    }

    void fillsTemplates_data()
    {
        QTest::addColumn<QByteArray>("components");
        QTest::addColumn<QByteArray>("values");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("nothing to fill") << QByteArray(R"([{"type":"BODY","text":"Hello"}])") << QByteArray("{}") << QByteArray("null");
        QTest::newRow("numbered") << QByteArray(R"([{"type":"HEADER","format":"TEXT","text":"For {{1}}"},{"type":"BODY","text":"{{1}} and {{2}}, {{1}}"}])")
                                  << QByteArray(R"({"header":["Ada"],"body":["a","b"]})")
                                  << QByteArray(R"([{"type":"header","parameters":[{"type":"text","text":"Ada"}]},
                                      {"type":"body","parameters":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}])");
        QTest::newRow("named, header too") << QByteArray(R"([{"type":"HEADER","format":"TEXT","text":"For {{name}}"},{"type":"BODY","text":"{{day}} {{hour}}"}])")
                                           << QByteArray(R"({"header":{"name":"Ada"},"body":{"hour":"9","day":"Monday"}})")
                                           << QByteArray(R"([{"type":"header","parameters":[{"type":"text","text":"Ada","parameter_name":"name"}]},
                                      {"type":"body","parameters":[{"type":"text","text":"Monday","parameter_name":"day"},{"type":"text","text":"9","parameter_name":"hour"}]}])");
        QTest::newRow("buttons") << QByteArray(R"([{"type":"BODY","text":"x"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"No"},
                                      {"type":"URL","text":"Track","url":"https:\/\/x.example/{{1}}"},{"type":"COPY_CODE","text":"Copy"}]}])")
                                 << QByteArray(R"({"buttons":["42","SPRING"]})")
                                 << QByteArray(R"([{"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"42"}]},
                                      {"type":"button","sub_type":"copy_code","index":"2","parameters":[{"type":"coupon_code","coupon_code":"SPRING"}]}])");
    }

    void fillsTemplates()
    {
        QFETCH(QByteArray, components);
        QFETCH(QByteArray, values);
        QFETCH(QByteArray, expected);
        QJsonObject body = parsed(R"({"name":"order_ready","language":{"code":"en_US","policy":"deterministic"}})");
        const QJsonValue parts = parsed("{\"c\":" + expected + "}").value("c"_L1);
        if (!parts.isNull())
            body.insert("components"_L1, parts);
        QJsonObject all = whole("{\"type\":\"template\"}");
        all.insert("template"_L1, body);
        QCOMPARE(sent(filling(components, values)), all);
    }

    void aTemplatesHeaderIsUploaded()
    {
        OutboundMessage message = filling(R"([{"type":"HEADER","format":"DOCUMENT"},{"type":"BODY","text":"{{1}}"}])", R"({"body":["a"]})");
        QCOMPARE(m_adapter.check(message).error().field, u"attachment_ids"_s);
        message.attachments = {file(Attachment::Kind::Image, u"a.png"_s, u"image/png"_s, "x")};
        QCOMPARE(m_adapter.check(message).error().field, u"attachment_ids"_s);
        message.attachments = {file(Attachment::Kind::File, u"bill.pdf"_s, u"application/pdf"_s, "%PDF")};
        QCOMPARE(m_adapter.parts(message).size(), 1);
        const QJsonArray parts = sent(message).value("template"_L1).toObject().value("components"_L1).toArray();
        QCOMPARE(parts.first().toObject(), parsed(R"({"type":"header","parameters":[{"type":"document","document":{"id":"media-1","filename":"bill.pdf"}}]})"));
    }

    void refusesTemplatesThatAreNotFilled()
    {
        QVERIFY(m_adapter.check(filling(R"([{"type":"BODY","text":"{{1}} {{2}}"}])", R"({"body":["a","b"]})")));
        QCOMPARE(m_adapter.check(filling(R"([{"type":"BODY","text":"{{1}} {{2}}"}])", R"({"body":["a"]})")).error().field, u"template.values.body"_s);
        QCOMPARE(m_adapter.check(filling(R"([{"type":"BODY","text":"{{1}}"}])", R"({"body":["a\nb"]})")).error().field, u"template.values.body"_s);
        QCOMPARE(m_adapter.check(filling(R"([{"type":"HEADER","format":"LOCATION"},{"type":"BODY","text":"x"}])", "{}")).error().field, u"template"_s);
    }

    void signsAreSingleCalls()
    {
        const HttpRequest reaction = *m_adapter.react({.contactSourceId = u"15550100002"_s, .messageSourceId = u"wamid.IN7"_s, .emoji = u"👍"_s}, m_inbox, m_endpoints);
        QCOMPARE(reaction.url.path(), u"/proxy/v23.0/200000000000001/messages"_s);
        QCOMPARE(parsed(reaction.body), parsed(R"({"messaging_product":"whatsapp","recipient_type":"individual","to":"15550100002","type":"reaction","reaction":{"message_id":"wamid.IN7","emoji":"👍"}})"));
        const HttpRequest removal = *m_adapter.react({.contactSourceId = u"15550100002"_s, .messageSourceId = u"wamid.IN7"_s}, m_inbox, m_endpoints);
        QCOMPARE(parsed(removal.body).value("reaction"_L1).toObject().value("emoji"_L1), QJsonValue(QString()));
        const HttpRequest read = *m_adapter.markRead(u"15550100002"_s, u"wamid.IN7"_s, {}, m_inbox, m_endpoints);
        QCOMPARE(parsed(read.body), parsed(R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN7"})"));
        const HttpRequest typing = *m_adapter.typing(u"15550100002"_s, u"wamid.IN7"_s, m_inbox, m_endpoints);
        QCOMPARE(parsed(typing.body), parsed(R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN7","typing_indicator":{"type":"text"}})"));
        QVERIFY(!m_adapter.typing(u"15550100002"_s, {}, m_inbox, m_endpoints));
        QVERIFY(!m_adapter.markRead(u"15550100002"_s, {}, {}, m_inbox, m_endpoints));
    }

    void everyErrorHasItsVerdict_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<SendVerdict>("verdict");
        const auto row = [](int code, int status, SendVerdict verdict) {
            QTest::newRow(qPrintable(QString::number(code))) << status << "{\"error\":{\"message\":\"m\",\"code\":" + QByteArray::number(code) + "}}" << verdict;
        };
        for (const int code : {190, 0})
            row(code, 401, SendVerdict::TokenRejected);
        for (const int code : {3, 10, 200, 299, 131005})
            row(code, 403, SendVerdict::Unauthorized);
        for (const int code : {4, 80007, 130429, 133016})
            row(code, 429, SendVerdict::RateLimited);
        row(131056, 400, SendVerdict::PartyLimited);
        row(131016, 500, SendVerdict::NotTaken);
        row(131057, 500, SendVerdict::NotTaken);
        for (const int code : {131000, 2, 135000})
            row(code, 500, SendVerdict::OutcomeUnknown);
        for (const int code : {131048, 131064, 368, 131031, 130497, 131047, 131026, 131049, 130472, 131050, 131051, 131052, 131053, 131008, 131009, 100, 131021,
                               131030, 131037, 131042, 131045, 133010, 131060, 131062, 131063, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016,
                               132068, 132069, 137000})
            row(code, 400, SendVerdict::Refused);
        QTest::newRow("another 5xx") << 502 << QByteArray("<html>") << SendVerdict::OutcomeUnknown;
        QTest::newRow("no answer") << 0 << QByteArray() << SendVerdict::OutcomeUnknown;
        QTest::newRow("no id") << 200 << QByteArray(R"({"messages":[]})") << SendVerdict::OutcomeUnknown;
        QTest::newRow("cut") << 200 << QByteArray(R"({"messages":[)") << SendVerdict::OutcomeUnknown;
    }

    void everyErrorHasItsVerdict()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const auto operation = send(text(u"x"_s));
        (void)operation->start();
        const auto last = operation->next(reply(status, body));
        QCOMPARE(last.index(), size_t(2));
        QTEST(m_adapter.verdict(std::get<2>(last)), "verdict");
    }

    void saysWhatToDo()
    {
        const auto operation = send(text(u"x"_s));
        (void)operation->start();
        const auto last = operation->next(reply(400, R"({"error":{"message":"Re-engagement message","code":131047,"error_subcode":2494055,
            "error_data":{"details":"More than 24 hours."},"fbtrace_id":"Az8or2yhqkZfEZ-_4Qn_Bam"}})"));
        const Error error = std::get<2>(last);
        QCOMPARE(error.kind, Error::Kind::WindowClosed);
        QCOMPARE(error.code, u"131047.2494055"_s);
        QVERIFY(fromDetail(error.detail).text.startsWith("More than 24 hours. "_L1));
        QVERIFY(fromDetail(error.detail).text.endsWith("send a template."_L1));
        QCOMPARE(fromDetail(error.detail).requestId, u"Az8or2yhqkZfEZ-_4Qn_Bam"_s);
    }

    void onePersonsLimitGrowsByFour()
    {
        using std::chrono::seconds;
        const RetrySchedule pair = m_adapter.retrySchedule({.kind = Error::Kind::RateLimited, .code = u"131056"_s});
        QCOMPARE(pair.pauses.mid(0, 4), (QList<seconds>{seconds(1), seconds(4), seconds(16), seconds(64)}));
        QCOMPARE(m_adapter.retrySchedule({.kind = Error::Kind::Unavailable, .code = u"131057"_s}).pauses.first(), seconds(60));
        QCOMPARE(m_adapter.retrySchedule({.kind = Error::Kind::Unavailable, .code = u"131016"_s}).pauses.first(), seconds(5));
    }

    void anUploadMayBeRepeated()
    {
        const auto operation = send(sending(file(Attachment::Kind::Image, u"a.png"_s, u"image/png"_s, "x")));
        (void)operation->start();
        const auto last = operation->next(reply(500, R"({"error":{"message":"m","code":131000}})"));
        QCOMPARE(m_adapter.verdict(std::get<2>(last)), SendVerdict::NotTaken);
    }
};

ANTIPHON_TEST(WhatsappSendTest)
#include "tst_whatsappsend.moc"
