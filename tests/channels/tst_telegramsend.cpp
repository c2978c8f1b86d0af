#include "core/base/json.h"
#include "core/channels/telegram/telegramadapter.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(antiphon::OutboundAttachment)
Q_DECLARE_METATYPE(antiphon::SendVerdict)

namespace {

const QString kToken = u"7000000001:AAE-abcdefghijklmnopqrstuvwxyz0123_"_s;
const QString kAna = u"5500000001"_s;
const QString kWithOlga = u"b6600000001/5500000001"_s;

} // namespace

class TelegramSendTest : public QObject {
    Q_OBJECT

    TelegramAdapter m_adapter;
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9/proxy"_s)};

    static QJsonObject settings(bool isEnabled = true, bool canReply = true, bool canRead = true)
    {
        const QJsonObject connection{{"id"_L1, u"bc_AQ1"_s}, {"enabled"_L1, isEnabled}, {"can_reply"_L1, canReply}, {"can_read"_L1, canRead}};
        return {{"business_connections"_L1, QJsonObject{{"6600000001"_L1, connection}}}};
    }
    InboxCredentials inbox() const { return {.account = u"7000000001"_s, .accessToken = kToken, .settings = settings()}; }

    static OutboundMessage text(const QString &content, const QString &to = kAna) { return {.contactSourceId = to, .content = content, .inboxSettings = settings()}; }
    static OutboundAttachment file(const QString &name, const QString &mime, const QByteArray &bytes = "bytes")
    {
        return {.kind = Attachment::Kind::File, .name = name, .mime = mime, .size = bytes.size(), .bytes = bytes};
    }
    static OutboundMessage sending(const QList<OutboundAttachment> &files, const QString &caption = {})
    {
        OutboundMessage message = text(caption);
        message.attachments = files;
        return message;
    }
    static QList<OutboundAttachment> pictures(int count)
    {
        QList<OutboundAttachment> files;
        for (int i = 0; i < count; ++i)
            files.append(file(u"%1.jpg"_s.arg(i), u"image/jpeg"_s));
        return files;
    }

    OperationPtr<SendReceipt> send(const OutboundMessage &message) const { return m_adapter.send({.message = message}, inbox(), m_endpoints, u"key-1"_s); }
    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }
    static HttpReply taken(const QByteArray &id = "45")
    {
        return reply(200, "{\"ok\":true,\"result\":{\"message_id\":" + id + ",\"date\":1760000260,\"chat\":{\"id\":5500000001}}}");
    }
    static HttpReply refused(int code, const QByteArray &words, const QByteArray &more = {})
    {
        return reply(code, "{\"ok\":false,\"error_code\":" + QByteArray::number(code) + ",\"description\":\"" + words + "\"" + more + "}");
    }

    HttpRequest requestOf(const OutboundMessage &message) const
    {
        const auto step = send(message)->start();
        const auto *request = std::get_if<HttpRequest>(&step);
        return request ? *request : HttpRequest{};
    }
    QJsonObject sent(const OutboundMessage &message) const
    {
        const auto body = json::parseObject(requestOf(message).body);
        return body ? *body : QJsonObject{{"unreadable"_L1, true}};
    }
    Error errorAfter(const HttpReply &answer) const
    {
        const auto operation = send(text(u"hello"_s));
        (void)operation->start();
        const auto step = operation->next(answer);
        return step.index() == 2 ? std::get<2>(step) : Error{.detail = u"no error"_s};
    }

    /// The methods of a message's calls.
    QStringList calls(const OutboundMessage &message) const
    {
        QStringList methods;
        const QList<OutboundPart> parts = m_adapter.parts(message);
        for (const OutboundPart &part : parts)
            methods.append(requestOf(part.message).url.path().section(u'/', -1));
        return methods;
    }

private slots:
    void aTextGoesAsHtml()
    {
        OutboundMessage message = text(u"Parking is **free** & <near>"_s);
        message.quotedSourceId = u"5500000001/41"_s;
        const HttpRequest request = requestOf(message);
        QCOMPARE(request.method, QByteArray("POST"));
        QCOMPARE(request.url.path(), u"/proxy/bot%1/sendMessage"_s.arg(kToken));
        QCOMPARE(sent(message), (QJsonObject{{"chat_id"_L1, qint64(5500000001)},
                                             {"text"_L1, u"Parking is <strong>free</strong> &amp; &lt;near&gt;"_s},
                                             {"parse_mode"_L1, u"HTML"_s},
                                             {"reply_parameters"_L1, QJsonObject{{"message_id"_L1, 41}, {"allow_sending_without_reply"_L1, true}}}}));
    }

    void anOwnersThreadNamesItsConnection()
    {
        OutboundMessage message = text(u"Parking is free"_s, kWithOlga);
        message.quotedSourceId = u"b6600000001/5500000001/9001"_s;
        QCOMPARE(sent(message).value("business_connection_id"_L1).toString(), u"bc_AQ1"_s);
        QCOMPARE(sent(message).value("chat_id"_L1).toInteger(), qint64(5500000001));
        QCOMPARE(sent(message).value("reply_parameters"_L1).toObject().value("message_id"_L1).toInteger(), qint64(9001));
        message.quotedSourceId = u"5500000001/41"_s;             // of the bot's own chat: another message altogether
        QVERIFY(!sent(message).contains("reply_parameters"_L1));
        QVERIFY(!sent(text(u"x"_s)).contains("business_connection_id"_L1));
    }

    void theAnswersIdIsTheProof()
    {
        const auto operation = send(text(u"x"_s, kWithOlga));
        (void)operation->start();
        const auto step = operation->next(taken("9003"));
        QCOMPARE(std::get<1>(step).sourceId, u"b6600000001/5500000001/9003"_s);
        QCOMPARE(std::get<1>(step).platformAt, std::optional(fromUnixMs(1'760'000'260'000)));
        QCOMPARE(errorAfter(reply(200, "{\"ok\":true,\"result\":{}}")).kind, Error::Kind::OutcomeUnknown);
        QCOMPARE(errorAfter(reply(200, "{\"ok\":true")).kind, Error::Kind::OutcomeUnknown);
    }

    void ownersThreadsAreCheckedFirst()
    {
        OutboundMessage message = text(u"x"_s, kWithOlga);
        QVERIFY(m_adapter.check(message));
        message.inboxSettings = settings(false);
        QCOMPARE(m_adapter.check(message).error().kind, Error::Kind::Conflict);
        QVERIFY(m_adapter.check(message).error().detail.contains("connection is off"_L1));
        message.inboxSettings = settings(true, false);
        QVERIFY(m_adapter.check(message).error().detail.contains("right to reply"_L1));
        message.inboxSettings = {};
        QVERIFY(!m_adapter.check(message));
        QVERIFY(!m_adapter.check(text(u"x"_s, u"@ana"_s)));
    }

    void theLimitCountsWhatIsSeen()
    {
        const auto checked = [this](const QString &content) { return m_adapter.check(text(content)); };
        QVERIFY(checked(u"**"_s + QString(4096, u'a') + u"**"_s));
        const auto tooLong = checked(u"**"_s + QString(4097, u'a') + u"**"_s);
        QCOMPARE(tooLong.error().kind, Error::Kind::ChannelLimit);
        QCOMPARE(tooLong.error().field, u"content"_s);
        QVERIFY(tooLong.error().detail.contains("4096"_L1));
        QVERIFY(checked(u"😀"_s.repeated(2048)));
        QVERIFY(!checked(u"😀"_s.repeated(2049)));                // UTF-16 units
        QVERIFY(checked(u"[a](https://e.org/%1)"_s.arg(QString(9000, u'x'))));
        QVERIFY(!checked(QString(1'000'000, u'[')));
        QVERIFY(!checked(u" \n "_s));
        QCOMPARE(m_adapter.limits({}).textLimit, 4096);
        QVERIFY(!m_adapter.limits({}).hasDelivered);
    }

    void everyFileHasItsCall_data()
    {
        QTest::addColumn<OutboundAttachment>("given");
        QTest::addColumn<QString>("method");
        const auto with = [](OutboundAttachment attachment, qint64 size, int width, int height) {
            attachment.size = size;
            attachment.width = width;
            attachment.height = height;
            return attachment;
        };
        const OutboundAttachment jpeg = file(u"a.jpg"_s, u"image/jpeg"_s);
        OutboundAttachment voice = file(u"v.m4a"_s, u"audio/mp4"_s);
        voice.isVoice = true;
        QTest::newRow("picture") << jpeg << u"sendPhoto"_s;
        QTest::newRow("10 MiB picture") << with(jpeg, 10 * 1024 * 1024, 100, 100) << u"sendPhoto"_s;
        QTest::newRow("over 10 MiB") << with(jpeg, 10 * 1024 * 1024 + 1, 100, 100) << u"sendDocument"_s;
        QTest::newRow("sides of 10000 together") << with(jpeg, 9, 5000, 5000) << u"sendPhoto"_s;
        QTest::newRow("sides over 10000") << with(jpeg, 9, 5001, 5000) << u"sendDocument"_s;
        QTest::newRow("twenty times as wide") << with(jpeg, 9, 2000, 100) << u"sendPhoto"_s;
        QTest::newRow("wider") << with(jpeg, 9, 2001, 100) << u"sendDocument"_s;
        QTest::newRow("gif") << file(u"a.gif"_s, u"image/gif"_s) << u"sendAnimation"_s;
        QTest::newRow("tiff") << file(u"a.tiff"_s, u"image/tiff"_s) << u"sendDocument"_s;
        QTest::newRow("mp4") << file(u"a.mp4"_s, u"video/mp4"_s) << u"sendVideo"_s;
        QTest::newRow("other video") << file(u"a.avi"_s, u"video/x-msvideo"_s) << u"sendDocument"_s;
        QTest::newRow("mp3") << file(u"a.mp3"_s, u"audio/mpeg"_s) << u"sendAudio"_s;
        QTest::newRow("ogg") << file(u"a.ogg"_s, u"audio/ogg; codecs=opus"_s) << u"sendVoice"_s;
        QTest::newRow("recorded") << voice << u"sendVoice"_s;
        QTest::newRow("wav") << file(u"a.wav"_s, u"audio/wav"_s) << u"sendDocument"_s;
        QTest::newRow("pdf") << file(u"a.pdf"_s, u"application/pdf"_s) << u"sendDocument"_s;
    }

    void everyFileHasItsCall()
    {
        QFETCH(OutboundAttachment, given);
        QTEST(calls(sending({given})).join(u' '), "method");
    }

    void aFileGoesWithItsWordsAndType()
    {
        OutboundAttachment pdf = file(u"invoice \"77\".pdf"_s, u"application/pdf"_s, "%PDF-1.7");
        OutboundMessage message = sending({pdf}, u"the **invoice**"_s);
        message.quotedSourceId = u"5500000001/41"_s;
        const HttpRequest request = requestOf(message);
        QVERIFY(request.headers.first().second.startsWith("multipart/form-data; boundary="));
        QVERIFY(request.body.contains("name=\"chat_id\"\r\n\r\n5500000001\r\n"));
        QVERIFY(request.body.contains("name=\"caption\"\r\n\r\nthe <strong>invoice</strong>\r\n"));
        QVERIFY(request.body.contains("name=\"parse_mode\"\r\n\r\nHTML\r\n"));
        QVERIFY(request.body.contains("name=\"reply_parameters\"\r\n\r\n{\"allow_sending_without_reply\":true,\"message_id\":41}\r\n"));
        QVERIFY(request.body.contains("name=\"document\"; filename=\"invoice %2277%22.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n"));
    }

    void albumsAreGroupsOfTenOfAKind()
    {
        QCOMPARE(calls(sending(pictures(2))).join(u' '), u"sendMediaGroup"_s);
        QCOMPARE(calls(sending(pictures(11))).join(u' '), u"sendMediaGroup sendPhoto"_s);
        QCOMPARE(calls(sending(pictures(20))).join(u' '), u"sendMediaGroup sendMediaGroup"_s);
        const OutboundAttachment pdf = file(u"a.pdf"_s, u"application/pdf"_s);
        const OutboundAttachment mp3 = file(u"a.mp3"_s, u"audio/mpeg"_s);
        const OutboundAttachment mp4 = file(u"a.mp4"_s, u"video/mp4"_s);
        QCOMPARE(calls(sending(pictures(1) + QList{mp4})).join(u' '), u"sendMediaGroup"_s);
        QCOMPARE(calls(sending(pictures(2) + QList{pdf, pdf})).join(u' '), u"sendMediaGroup sendMediaGroup"_s);
        QCOMPARE(calls(sending({pdf, mp3})).join(u' '), u"sendDocument sendAudio"_s);
        OutboundAttachment half = pdf;
        half.size = 25 * 1024 * 1024;
        QCOMPARE(calls(sending({half, half, pdf})).join(u' '), u"sendMediaGroup sendDocument"_s);       // one upload has 50 MB at most
        const OutboundAttachment gif = file(u"a.gif"_s, u"image/gif"_s);
        QCOMPARE(calls(sending({gif, gif})).join(u' '), u"sendAnimation sendAnimation"_s);
    }

    void wordsStandAtTheOnlyCall()
    {
        QCOMPARE(calls(sending(pictures(3), u"look"_s)).join(u' '), u"sendMediaGroup"_s);
        QCOMPARE(calls(sending(pictures(11), u"look"_s)).join(u' '), u"sendMessage sendMediaGroup sendPhoto"_s);
        QCOMPARE(calls(sending(pictures(1), QString(1024, u'a'))).join(u' '), u"sendPhoto"_s);
        QCOMPARE(calls(sending(pictures(1), QString(1025, u'a'))).join(u' '), u"sendMessage sendPhoto"_s);
        const QList<OutboundPart> parts = m_adapter.parts(sending(pictures(1), QString(1025, u'a')));
        QCOMPARE(parts.at(1).message.content, QString());
        QCOMPARE(parts.at(1).index, 1);
        OutboundMessage quoting = sending(pictures(11), u"look"_s);
        quoting.quotedSourceId = u"5500000001/41"_s;
        QCOMPARE(m_adapter.parts(quoting).at(0).message.quotedSourceId, u"5500000001/41"_s);
        QCOMPARE(m_adapter.parts(quoting).at(1).message.quotedSourceId, QString());
    }

    void anAlbumNamesItsPartsAndGetsAllIds()
    {
        QList<OutboundAttachment> files = pictures(2);
        files[1] = file(u"b.mp4"_s, u"video/mp4"_s, "mp4!");
        files[1].durationMs = 1600;
        const OutboundMessage message = sending(files, u"two"_s);
        const auto operation = send(message);
        const auto step = operation->start();
        const QByteArray body = std::get<HttpRequest>(step).body;
        QVERIFY(body.contains("[{\"caption\":\"two\",\"media\":\"attach://f0\",\"parse_mode\":\"HTML\",\"type\":\"photo\"},"));
        QVERIFY(body.contains("\"duration\":2,\"media\":\"attach://f1\",\"supports_streaming\":true,\"type\":\"video\""));
        QVERIFY(body.contains("name=\"f1\"; filename=\"b.mp4\"\r\nContent-Type: video/mp4\r\n\r\nmp4!"));
        const auto end = operation->next(reply(200, R"({"ok":true,"result":[{"message_id":50,"date":1},{"message_id":51,"date":1}]})"));
        QCOMPARE(std::get<1>(end).sourceId, u"5500000001/50"_s);
        QCOMPARE(std::get<1>(end).furtherSourceIds, QStringList{u"5500000001/51"_s});
    }

    void tooLargeFilesAreRefusedFirst()
    {
        OutboundAttachment large = file(u"a.zip"_s, u"application/zip"_s);
        large.size = 50 * 1024 * 1024;
        QVERIFY(m_adapter.check(sending({large})));
        large.size += 1;
        const auto refusal = m_adapter.check(sending({large}));
        QCOMPARE(refusal.error().kind, Error::Kind::ChannelLimit);
        QCOMPARE(refusal.error().field, u"attachment_ids"_s);
        QVERIFY(!m_adapter.check(sending(pictures(31))));
    }

    void choicesAreButtons()
    {
        OutboundMessage message = text(u"Deliver today?"_s);
        message.choice = OutboundChoice{.items = {{.id = u"yes"_s, .title = u"Yes, today"_s}, {.id = u"no"_s, .title = u"No"_s}}};
        QVERIFY(m_adapter.check(message));
        const QJsonArray rows = sent(message).value("reply_markup"_L1).toObject().value("inline_keyboard"_L1).toArray();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows.first().toArray().first().toObject(), (QJsonObject{{"text"_L1, u"Yes, today"_s}, {"callback_data"_L1, u"yes"_s}}));
        message.choice->items[0].id = QString(32, u'ä');
        QVERIFY(m_adapter.check(message));
        message.choice->items[0].id = QString(33, u'ä');           // bytes, not letters
        QCOMPARE(m_adapter.check(message).error().field, u"choice"_s);
        message.choice->items[0].id = u"no"_s;
        QVERIFY(!m_adapter.check(message));
    }

    void unreadableMarksGoOnceMoreWithout()
    {
        const auto operation = send(text(u"a **b** [c](https://e.org)"_s));
        (void)operation->start();
        const auto again = operation->next(refused(400, "Bad Request: can't parse entities: Unsupported start tag"));
        const auto body = json::parseObject(std::get<HttpRequest>(again).body);
        QCOMPARE(body->value("text"_L1).toString(), u"a b c (https://e.org)"_s);
        QVERIFY(!body->contains("parse_mode"_L1));
        const auto end = operation->next(refused(400, "Bad Request: can't parse entities"));
        QCOMPARE(std::get<2>(end).kind, Error::Kind::Invalid);
    }

    void aPictureThatIsNoPhotoGoesAsDocument()
    {
        const auto operation = send(sending(pictures(1), u"x"_s));
        (void)operation->start();
        const auto again = operation->next(refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"));
        QVERIFY(std::get<HttpRequest>(again).url.path().endsWith("/sendDocument"_L1));
        QCOMPARE(operation->next(taken()).index(), size_t(1));
    }

    void everyRefusalHasItsVerdict_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<SendVerdict>("verdict");
        QTest::addColumn<QString>("cannotReply");
        const auto row = [](int code, const char *words, SendVerdict verdict, const char *cannotReply = "") {
            QTest::newRow(words) << code << QByteArray(words) << verdict << QString::fromLatin1(cannotReply);
        };
        row(401, "Unauthorized", SendVerdict::TokenRejected);
        row(404, "Not Found", SendVerdict::TokenRejected);
        row(403, "Forbidden: bot was blocked by the user", SendVerdict::Refused, "blocked");
        row(403, "Forbidden: user is deactivated", SendVerdict::Refused, "deactivated");
        row(403, "Forbidden: bot can't initiate conversation with a user", SendVerdict::Refused);
        row(400, "Bad Request: chat not found", SendVerdict::Refused);
        row(400, "Bad Request: BUSINESS_PEER_INVALID", SendVerdict::Refused);
        row(400, "Bad Request: BUSINESS_CONNECTION_INVALID", SendVerdict::Refused, "connection_off");
        row(400, "Bad Request: business connection not found", SendVerdict::Refused, "connection_off");
        row(400, "Bad Request: not enough rights to send messages", SendVerdict::Refused, "no_right");
        row(400, "Bad Request: message is too long", SendVerdict::Refused);
        row(413, "Request Entity Too Large", SendVerdict::Refused);
        row(429, "Too Many Requests: retry after 7", SendVerdict::RateLimited);
        row(500, "Internal Server Error", SendVerdict::OutcomeUnknown);
        row(502, "Bad Gateway", SendVerdict::OutcomeUnknown);
    }

    void everyRefusalHasItsVerdict()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, words);
        const Error error = errorAfter(refused(code, words));
        QCOMPARE(error.code, QString::number(code));
        QVERIFY(error.detail.startsWith(QString::fromLatin1(words)));
        QTEST(m_adapter.verdict(error), "verdict");
        QTEST(m_adapter.attributesAfter(error).value("cannot_reply"_L1).toString(), "cannotReply");
    }

    void theAskedForPauseIsTaken()
    {
        const Error error = errorAfter(refused(429, "Too Many Requests: retry after 7", ",\"parameters\":{\"retry_after\":7}"));
        QCOMPARE(error.retryAfter, std::optional(std::chrono::seconds(7)));
        HttpReply bare = reply(429, "slow down");
        bare.headers = {{"Retry-After", "9"}};
        QCOMPARE(errorAfter(bare).retryAfter, std::optional(std::chrono::seconds(9)));
        QCOMPARE(errorAfter(bare).kind, Error::Kind::RateLimited);
    }

    void whatMayHaveArrivedIsUnknown()
    {
        QCOMPARE(errorAfter(reply(502, "<html>")).kind, Error::Kind::OutcomeUnknown);
        QCOMPARE(errorAfter({.requestWritten = true, .transport = Error{Error::Kind::Timeout}}).kind, Error::Kind::OutcomeUnknown);
        QCOMPARE(m_adapter.verdict(errorAfter({.requestWritten = false, .transport = Error{Error::Kind::Network}})), SendVerdict::NotTaken);
    }

    void theTokenStandsInNoError()
    {
        const QByteArray token = kToken.toLatin1();
        for (const HttpReply &answer : {refused(400, "Bad Request: no method /bot" + token + "/x"), reply(502, token), HttpReply{.transport = Error{Error::Kind::Network, u"no way to "_s + kToken}}})
            QVERIFY(!describe(errorAfter(answer)).contains(kToken));
    }

    void readMarksNeedTheOwnersLeave()
    {
        InboxCredentials with = inbox();
        const QString message = u"b6600000001/5500000001/9001"_s;
        const auto mark = m_adapter.markRead(kWithOlga, message, {}, with, m_endpoints);
        QVERIFY(mark);
        QVERIFY(mark->url.path().endsWith("/readBusinessMessage"_L1));
        QCOMPARE(*json::parseObject(mark->body), (QJsonObject{{"business_connection_id"_L1, u"bc_AQ1"_s}, {"chat_id"_L1, qint64(5500000001)}, {"message_id"_L1, 9001}}));
        QVERIFY(!m_adapter.markRead(kAna, u"5500000001/41"_s, {}, with, m_endpoints));
        with.settings = settings(true, true, false);
        QVERIFY(!m_adapter.markRead(kWithOlga, message, {}, with, m_endpoints));
    }

    void typingIsShownWhereItCanBe()
    {
        InboxCredentials with = inbox();
        const auto own = m_adapter.typing(kAna, {}, with, m_endpoints);
        QCOMPARE(*json::parseObject(own->body), (QJsonObject{{"chat_id"_L1, qint64(5500000001)}, {"action"_L1, u"typing"_s}}));
        QVERIFY(json::parseObject(m_adapter.typing(kWithOlga, {}, with, m_endpoints)->body)->contains("business_connection_id"_L1));
        with.settings = settings(true, false);
        QVERIFY(!m_adapter.typing(kWithOlga, {}, with, m_endpoints));
    }
};

ANTIPHON_TEST(TelegramSendTest)
#include "tst_telegramsend.moc"
