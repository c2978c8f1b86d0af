#include "core/base/json.h"
#include "core/channels/line/lineadapter.h"
#include "core/channels/platformwords.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>
#include <QUuid>

using namespace antiphon;
using namespace Qt::StringLiterals;
using std::chrono::seconds;

namespace {

const QString kCustomer = u"U000000000000000000000000000000a1"_s;

HttpReply reply(int status, const QByteArray &body, const HttpHeaders &headers = {})
{
    return {.status = status, .headers = headers, .body = body, .requestWritten = true};
}

HttpReply taken()
{
    return reply(200, R"({"sentMessages":[{"id":"500000000000000090","quoteToken":"qt-90"},{"id":"500000000000000091"}]})", {{"x-line-request-id", "req-1"}});
}

QJsonObject parsed(const QByteArray &text)
{
    const auto object = json::parseObject(text);
    return object ? *object : QJsonObject{{"unreadable"_L1, QString::fromUtf8(text)}};
}

QByteArray headerOf(const HttpRequest &request, const QByteArray &name)
{
    for (const auto &[key, value] : request.headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

} // namespace

class LineSendTest : public QObject {
    Q_OBJECT

    LineAdapter m_adapter;
    const InboxCredentials m_inbox{.account = u"1600000001"_s, .accessToken = u"long-lived"_s, .appSecret = u"s"_s};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9/line"_s), .data = QUrl(u"http://127.0.0.1:8/data"_s)};

    static OutboundMessage text(const QString &words) { return {.contactSourceId = kCustomer, .content = words}; }
    static OutboundAttachment picture(int number)
    {
        return {.kind = Attachment::Kind::Image,
                .mime = u"image/jpeg"_s,
                .size = 1000,
                .link = QUrl(u"https://desk.example/media/p%1"_s.arg(number)),
                .previewLink = QUrl(u"https://desk.example/media/s%1"_s.arg(number))};
    }

    OperationPtr<SendReceipt> send(const OutboundMessage &message, int part = 0, const QString &key = u"row-1"_s) const
    {
        return m_adapter.send(m_adapter.parts(message).at(part), m_inbox, m_endpoints, key);
    }

    HttpRequest request(const OutboundMessage &message, int part = 0, const QString &key = u"row-1"_s) const
    {
        const auto step = send(message, part, key)->start();
        return step.index() == 0 ? std::get<0>(step) : HttpRequest{};
    }

    Error failure(const OutboundMessage &message, const HttpReply &answer) const
    {
        const auto operation = send(message);
        (void)operation->start();
        const auto step = operation->next(answer);
        return step.index() == 2 ? std::get<2>(step) : Error{Error::Kind::Cancelled, u"it went well"_s};
    }

private slots:
    void pushesWithAKey()
    {
        const HttpRequest push = request(text(u"**Which** _size_? [Table](https://x.example/t)\n> quoted\n- one"_s));
        QCOMPARE(push.method, QByteArray("POST"));
        QCOMPARE(push.url.toString(), u"http://127.0.0.1:9/line/v2/bot/message/push"_s);
        QCOMPARE(headerOf(push, "Authorization"), QByteArray("Bearer long-lived"));
        QVERIFY(!QUuid::fromString(QString::fromLatin1(headerOf(push, "X-Line-Retry-Key"))).isNull());
        QCOMPARE(parsed(push.body), parsed("{\"to\":\"U000000000000000000000000000000a1\",\"messages\":[{\"type\":\"text\",\"text\":"
                                           "\"Which size? Table (https://x.example/t)\\nquoted\\n- one\"}]}"));
    }

    void theKeyIsTheSameForEveryTryAndOfOnePart()
    {
        OutboundMessage many = text(u"see"_s);
        for (int i = 0; i < 6; ++i)
            many.attachments.append(picture(i));
        const QByteArray key = headerOf(request(many), "X-Line-Retry-Key");
        QCOMPARE(headerOf(request(many), "X-Line-Retry-Key"), key);
        QVERIFY(headerOf(request(many, 1), "X-Line-Retry-Key") != key);
        QVERIFY(headerOf(request(many, 0, u"row-2"_s), "X-Line-Retry-Key") != key);
        QCOMPARE(request(many).body, request(many).body);
    }

    void receiptsHaveEveryId()
    {
        const auto operation = send(text(u"hello"_s));
        (void)operation->start();
        const SendReceipt receipt = std::get<1>(operation->next(taken()));
        QCOMPARE(receipt.sourceId, u"500000000000000090"_s);
        QCOMPARE(receipt.furtherSourceIds, QStringList{u"500000000000000091"_s});
        QCOMPARE(receipt.tokens, (QJsonObject{{"quote"_L1, u"qt-90"_s}}));
        QCOMPARE(receipt.requestId, u"req-1"_s);
    }

    void answersFreeOfChargeWhereItCan()
    {
        OutboundMessage message = text(u"hello"_s);
        message.replyToken = u"rt-1"_s;
        const HttpRequest answer = request(message);
        QCOMPARE(answer.url.path(), u"/line/v2/bot/message/reply"_s);
        QVERIFY(headerOf(answer, "X-Line-Retry-Key").isEmpty());          // there it would be refused
        QCOMPARE(parsed(answer.body), parsed(R"({"replyToken":"rt-1","messages":[{"type":"text","text":"hello"}]})"));
    }

    void aDeadReplyTokenIsPushedOnce()
    {
        OutboundMessage message = text(u"hello"_s);
        message.replyToken = u"rt-1"_s;
        const auto operation = send(message);
        (void)operation->start();
        const auto second = operation->next(reply(400, R"({"message":"Invalid reply token"})"));
        QCOMPARE(second.index(), size_t(0));
        const HttpRequest push = std::get<0>(second);
        QCOMPARE(push.url.path(), u"/line/v2/bot/message/push"_s);
        QCOMPARE(headerOf(push, "X-Line-Retry-Key"), headerOf(request(text(u"hello"_s)), "X-Line-Retry-Key"));
        const auto third = operation->next(reply(400, R"({"message":"Invalid reply token"})"));
        QCOMPARE(third.index(), size_t(2));
    }

    void nothingSettlesALostAnswerToAReply()
    {
        OutboundMessage message = text(u"hello"_s);
        message.replyToken = u"rt-1"_s;
        const HttpReply lost{.requestWritten = true, .transport = Error{Error::Kind::Timeout, u"no answer"_s}};
        QCOMPARE(m_adapter.verdict(failure(message, lost)), SendVerdict::OutcomeUnknown);
        QCOMPARE(m_adapter.verdict(failure(message, reply(500, "{}"))), SendVerdict::OutcomeUnknown);
        const HttpReply unsent{.requestWritten = false, .transport = Error{Error::Kind::Timeout, u"no connection"_s}};
        QCOMPARE(m_adapter.verdict(failure(message, unsent)), SendVerdict::NotTaken);
    }

    void aKeyTakenBeforeIsASuccess()
    {
        const auto operation = send(text(u"hello"_s));
        (void)operation->start();
        const auto step = operation->next(reply(409, R"({"message":"The retry key is already accepted","sentMessages":[{"id":"500000000000000090"}]})",
                                                {{"x-line-accepted-request-id", "req-0"}}));
        QCOMPARE(step.index(), size_t(1));
        QCOMPARE(std::get<1>(step).sourceId, u"500000000000000090"_s);
        const auto bare = send(text(u"hello"_s));
        (void)bare->start();
        const auto without = bare->next(reply(409, R"({"message":"The retry key is already accepted"})", {{"x-line-accepted-request-id", "req-0"}}));
        QCOMPARE(std::get<1>(without).sourceId, u"request:req-0"_s);
    }

    void fiveObjectsACall()
    {
        OutboundMessage message = text(u"all of them"_s);
        message.replyToken = u"rt-1"_s;
        message.quotedSourceId = u"500000000000000011"_s;
        message.quotedTokens = {{"quote"_L1, u"qt-11"_s}};
        for (int i = 0; i < 10; ++i)
            message.attachments.append(picture(i));
        const QList<OutboundPart> parts = m_adapter.parts(message);
        QCOMPARE(parts.size(), 3);
        const QJsonArray first = parsed(request(message).body).value("messages"_L1).toArray();
        QCOMPARE(first.size(), 5);
        QCOMPARE(first.at(0).toObject().value("quoteToken"_L1).toString(), u"qt-11"_s);
        const QJsonObject fourth = parsed(R"({"type":"image","originalContentUrl":"https:\/\/desk.example/media/p3","previewImageUrl":"https:\/\/desk.example/media/s3"})");
        QCOMPARE(first.at(4).toObject(), fourth);
        QCOMPARE(request(message).url.path(), u"/line/v2/bot/message/reply"_s);
        QCOMPARE(request(message, 1).url.path(), u"/line/v2/bot/message/push"_s);
        QCOMPARE(parsed(request(message, 1).body).value("messages"_L1).toArray().size(), 5);
        QCOMPARE(parsed(request(message, 2).body).value("messages"_L1).toArray().size(), 1);
    }

    void soundAndFilm()
    {
        OutboundMessage message = text({});
        message.attachments = {{.kind = Attachment::Kind::Audio, .mime = u"audio/mpeg"_s, .size = 9, .link = QUrl(u"https://d.example/media/a"_s), .durationMs = 4100},
                               {.kind = Attachment::Kind::Video, .mime = u"video/mp4"_s, .size = 9, .link = QUrl(u"https://d.example/media/v"_s),
                                .previewLink = QUrl(u"https://d.example/media/f"_s)}};
        const QJsonObject expected = parsed(R"({"m":[{"type":"audio","originalContentUrl":"https:\/\/d.example/media/a","duration":4100},)"
                                            R"({"type":"video","originalContentUrl":"https:\/\/d.example/media/v","previewImageUrl":"https:\/\/d.example/media/f"}]})");
        QCOMPARE(parsed(request(message).body).value("messages"_L1).toArray(), expected.value("m"_L1).toArray());
    }

    void choicesAreQuickRepliesOrNumbers()
    {
        OutboundMessage message = text(u"Which **size**?"_s);
        message.choice = OutboundChoice{.items = {{.id = u"1"_s, .title = u"M"_s}, {.id = u"2"_s, .title = u"A title that is longer than a label"_s}}};
        QVERIFY(m_adapter.check(message));
        QCOMPARE(parsed(request(message).body).value("messages"_L1).toArray().first().toObject(),
                 parsed(R"({"type":"text","text":"Which size?","quickReply":{"items":[{"type":"action","action":{"type":"message","label":"M","text":"M"}},)"
                        R"({"type":"action","action":{"type":"message","label":"A title that is long","text":"A title that is longer than a label"}}]}})"));
        message.choice->items.clear();
        for (int i = 1; i <= 14; ++i)
            message.choice->items.append({.id = QString::number(i), .title = u"Day %1"_s.arg(i)});
        const QJsonObject numbered = parsed(request(message).body).value("messages"_L1).toArray().first().toObject();
        QVERIFY(!numbered.contains("quickReply"_L1));
        QVERIFY(numbered.value("text"_L1).toString().startsWith("Which size?\n1. Day 1\n2. Day 2\n"_L1));
        QVERIFY(numbered.value("text"_L1).toString().endsWith("\n14. Day 14"_L1));
    }

    void refusesWhatLineWouldNotTake_data()
    {
        QTest::addColumn<OutboundMessage>("message");
        QTest::addColumn<QString>("field");
        const auto with = [](const QString &words, const QString &mime, qint64 size) {
            OutboundMessage message = text(words);
            message.attachments = {{.kind = Attachment::Kind::File, .mime = mime, .size = size}};
            return message;
        };
        QTest::newRow("nothing") << text({}) << u"content"_s;
        QTest::newRow("5001 units") << text(QString(5001, u'a')) << u"content"_s;
        QTest::newRow("2501 astral characters") << text(QString(u"😀"_s).repeated(2501)) << u"content"_s;
        QTest::newRow("a document") << with(u"see"_s, u"application/pdf"_s, 9) << u"attachment_ids"_s;
        QTest::newRow("WebP") << with(u"see"_s, u"image/webp"_s, 9) << u"attachment_ids"_s;
        QTest::newRow("a large picture") << with(u"see"_s, u"image/png"_s, 10 * 1024 * 1024 + 1) << u"attachment_ids"_s;
        OutboundMessage from = text(u"x"_s);
        from.fromTemplate = OutboundTemplate{.name = u"t"_s};
        QTest::newRow("a template") << from << u"template"_s;
    }

    void refusesWhatLineWouldNotTake()
    {
        QFETCH(OutboundMessage, message);
        const auto checked = m_adapter.check(message);
        QVERIFY(!checked);
        QCOMPARE(checked.error().kind, Error::Kind::ChannelLimit);
        QTEST(checked.error().field, "field");
        QVERIFY(!checked.error().detail.isEmpty());
        QCOMPARE(send(message)->start().index(), size_t(2));
    }

    void takesItsLimits()
    {
        QVERIFY(m_adapter.check(text(QString(5000, u'a'))));
        OutboundMessage message = text({});
        message.attachments = {picture(1)};
        QVERIFY(m_adapter.check(message));
    }

    void everyErrorHasItsVerdict_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<SendVerdict>("verdict");
        QTest::newRow("our fault") << 400 << QByteArray(R"x({"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"}]})x") << SendVerdict::Refused;
        QTest::newRow("unreachable") << 400 << QByteArray(R"({"message":"Failed to send messages"})") << SendVerdict::Refused;
        QTest::newRow("token") << 401 << QByteArray(R"({"message":"Authentication failed due to the expired access token"})") << SendVerdict::TokenRejected;
        QTest::newRow("plan") << 403 << QByteArray(R"({"message":"Access to this API is not available for your account"})") << SendVerdict::Refused;
        QTest::newRow("month") << 429 << QByteArray(R"({"message":"You have reached your monthly limit."})") << SendVerdict::Refused;
        QTest::newRow("rate") << 429 << QByteArray(R"({"message":"The API rate limit has been exceeded. Try again later."})") << SendVerdict::RateLimited;
        QTest::newRow("server") << 500 << QByteArray("{}") << SendVerdict::SameAgain;
        QTest::newRow("gateway") << 503 << QByteArray("<html>") << SendVerdict::SameAgain;
        QTest::newRow("an answer that can't be read") << 200 << QByteArray("<html>") << SendVerdict::SameAgain;
    }

    void everyErrorHasItsVerdict()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const Error error = failure(text(u"hello"_s), reply(status, body));
        QTEST(m_adapter.verdict(error), "verdict");
        QCOMPARE(error.code, QString::number(status));
    }

    void wordsOfAnErrorAreComplete()
    {
        const Error error = failure(text(u"hello"_s), reply(400, R"x({"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"}]})x",
                                                            {{"X-Line-Request-Id", "req-9"}}));
        const PlatformWords words = fromDetail(error.detail);
        QCOMPARE(words.text, u"The request body has 1 error(s), messages[0].text: May not be empty"_s);
        QCOMPARE(words.requestId, u"req-9"_s);
    }

    void repeatsInLinesRhythm()
    {
        const RetrySchedule same = m_adapter.retrySchedule({Error::Kind::Unavailable});
        QCOMPARE(same.pauses, (QList<seconds>{seconds(1), seconds(5), seconds(30)}));
        QVERIFY(!same.goesOn && !same.jitters);
        QCOMPARE(m_adapter.retrySchedule({Error::Kind::RateLimited}).pauses.last(), seconds(60));
        const HttpReply lost{.requestWritten = true, .transport = Error{Error::Kind::Timeout, u"no answer"_s}};
        QCOMPARE(m_adapter.verdict(failure(text(u"hello"_s), lost)), SendVerdict::SameAgain);
    }

    void marksAsReadByToken()
    {
        const auto mark = m_adapter.markRead(kCustomer, u"5"_s, {{"read"_L1, u"mr-11"_s}}, m_inbox, m_endpoints);
        QCOMPARE(mark->url.path(), u"/line/v2/bot/chat/markAsRead"_s);
        QCOMPARE(mark->body, QByteArray(R"({"markAsReadToken":"mr-11"})"));
        QVERIFY(!m_adapter.markRead(kCustomer, u"5"_s, {}, m_inbox, m_endpoints));
        InboxCredentials bot = m_inbox;
        bot.settings = {{"chat_mode"_L1, u"bot"_s}};
        QVERIFY(!m_adapter.markRead(kCustomer, u"5"_s, {{"read"_L1, u"mr-11"_s}}, bot, m_endpoints));
    }

    void showsThatSomebodyTypes()
    {
        const auto typing = m_adapter.typing(kCustomer, {}, m_inbox, m_endpoints);
        QCOMPARE(typing->url.path(), u"/line/v2/bot/chat/loading/start"_s);
        QCOMPARE(parsed(typing->body), parsed("{\"chatId\":\"U000000000000000000000000000000a1\",\"loadingSeconds\":20}"));
    }

    void fetchesFilesFromTheirHost()
    {
        const auto own = m_adapter.fetchMedia({{"id"_L1, u"500000000000000021"_s}}, m_inbox, m_endpoints)->start();
        QCOMPARE(std::get<1>(own).url.toString(), u"http://127.0.0.1:8/data/v2/bot/message/500000000000000021/content"_s);
        QCOMPARE(headerOf(std::get<1>(own), "Authorization"), QByteArray("Bearer long-lived"));
        const auto external = m_adapter.fetchMedia({{"external"_L1, u"https://img.example.test/o.jpg"_s}}, m_inbox, m_endpoints)->start();
        QCOMPARE(std::get<1>(external).url.host(), u"img.example.test"_s);
        QVERIFY(std::get<1>(external).headers.isEmpty());          // our token is nobody else's
        const auto sticker = m_adapter.fetchMedia({{"sticker"_L1, u"https://stickershop.line-scdn.net/stickershop/v1/sticker/1988/android/sticker.png"_s}}, m_inbox, m_endpoints)->start();
        QVERIFY(std::get<1>(sticker).headers.isEmpty());
        QCOMPARE(m_adapter.fetchMedia({{"external"_L1, u"file:///etc/passwd"_s}}, m_inbox, m_endpoints)->start().index(), size_t(2));
        QCOMPARE(m_adapter.fetchMedia({}, m_inbox, m_endpoints)->start().index(), size_t(2));
    }

    void waitsForSoundAndVideoToBePrepared()
    {
        const auto step = [this](const QByteArray &answer, int status = 200) {
            const auto operation = m_adapter.fetchMedia({{"id"_L1, u"500000000000000023"_s}, {"prepared"_L1, true}}, m_inbox, m_endpoints);
            const auto first = operation->start();
            if (std::get<0>(first).url.path() != "/data/v2/bot/message/500000000000000023/content/transcoding"_L1)
                QTest::qFail("another address", __FILE__, __LINE__);
            return operation->next(reply(status, answer));
        };
        QCOMPARE(std::get<Error>(step("{\"status\":\"processing\"}")).code, u"202"_s);
        QCOMPARE(std::get<Error>(step("{\"status\":\"failed\"}")).kind, Error::Kind::BadPayload);
        QCOMPARE(std::get<1>(step("{\"status\":\"succeeded\"}")).url.path(), u"/data/v2/bot/message/500000000000000023/content"_s);
        QCOMPARE(std::get<1>(step("{\"message\":\"Not found\"}", 404)).url.path(), u"/data/v2/bot/message/500000000000000023/content"_s);
        QCOMPARE(std::get<Error>(step("{\"message\":\"Authentication failed\"}", 401)).kind, Error::Kind::Unauthorized);
    }

    void asksWhoACustomerIs()
    {
        const auto operation = m_adapter.customerProfile(kCustomer, m_inbox, m_endpoints);
        const auto first = operation->start();
        QCOMPARE(std::get<0>(first).url.path(), u"/line/v2/bot/profile/U000000000000000000000000000000a1"_s);
        const auto last = operation->next(reply(200, R"({"userId":"U000000000000000000000000000000a1","displayName":"Sora","pictureUrl":"https:\/\/profile.line-scdn.net/x","language":"ja"})"));
        QCOMPARE(std::get<1>(last).displayName, u"Sora"_s);
        QCOMPARE(std::get<1>(last).picture, QUrl(u"https://profile.line-scdn.net/x"_s));
        const auto gone = m_adapter.customerProfile(kCustomer, m_inbox, m_endpoints)->next(reply(404, R"({"message":"Not found"})"));
        QCOMPARE(std::get<2>(gone).kind, Error::Kind::NotFound);
    }
};

ANTIPHON_TEST(LineSendTest)
#include "tst_linesend.moc"
