#include "core/base/json.h"
#include "core/channels/platformwords.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(antiphon::SendVerdict)

class TiktokSendTest : public QObject {
    Q_OBJECT

    TiktokAdapter m_adapter;
    const InboxCredentials m_inbox{.account = u"biz-0001-openid"_s, .accessToken = u"act.1"_s};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9/proxy"_s)};

    static OutboundMessage text(const QString &content) { return {.contactSourceId = u"cnv+Zm9vYmFy0=="_s, .content = content}; }
    static OutboundMessage picture()
    {
        return {.contactSourceId = u"cnv+Zm9vYmFy0=="_s,
                .attachments = {{.kind = Attachment::Kind::Image, .name = u"a.png"_s, .mime = u"image/png"_s, .size = 4, .bytes = "\x89PNG"}}};
    }
    OperationPtr<SendReceipt> send(const OutboundMessage &message) const { return m_adapter.send(m_adapter.parts(message).first(), m_inbox, m_endpoints, u"key"_s); }
    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }

private slots:
    void sendsTextUntouched()
    {
        const auto operation = send(text(u"**Yes**, two left. 👋"_s));
        const auto first = operation->start();
        const HttpRequest request = std::get<0>(first);
        QCOMPARE(request.method, QByteArray("POST"));
        QCOMPARE(request.url.toString(), u"http://127.0.0.1:9/proxy/open_api/v1.3/business/message/send/"_s);
        QVERIFY(request.headers.contains({"Access-Token", "act.1"}));
        QVERIFY(request.headers.contains({"Content-Type", "application/json"}));
        QCOMPARE(request.body, QByteArray("{\"business_id\":\"biz-0001-openid\",\"message_type\":\"TEXT\",\"recipient\":\"cnv+Zm9vYmFy0==\",\"recipient_type\":\"CONVERSATION\",\"text\":{\"body\":\"**Yes**, two left. 👋\"}}"));
        const auto last = operation->next(reply(200, "{\"code\":0,\"message\":\"OK\",\"request_id\":\"r5\",\"data\":{\"message\":{\"message_id\":\"msgTEXTout0001==\"}}}"));
        QCOMPARE(std::get<1>(last).sourceId, u"msgTEXTout0001=="_s);
        QCOMPARE(std::get<1>(last).requestId, u"r5"_s);
    }

    void quotesOnlyWithText()
    {
        OutboundMessage quoting = text(u"this"_s);
        quoting.quotedSourceId = u"msgTEXTin0001=="_s;
        const auto quoted = [&] {
            const auto step = send(quoting)->start();
            return std::get<0>(step).body.contains("\"referenced_message_info\":{\"referenced_message_id\":\"msgTEXTin0001==\"}");
        };
        QVERIFY(quoted());
        quoting.quotedType = Message::ContentType::Embed;
        QVERIFY(quoted());
        quoting.quotedType = Message::ContentType::Sticker;
        QVERIFY(!quoted());

        OutboundMessage image = picture();
        image.quotedSourceId = u"msgTEXTin0001=="_s;
        const auto operation = send(image);
        (void)operation->start();
        const auto second = operation->next(reply(200, "{\"code\":0,\"data\":{\"media_id\":\"media-out-5\"}}"));
        QVERIFY(!std::get<0>(second).body.contains("referenced"));
    }

    void uploadsAPictureFirst()
    {
        const auto operation = send(picture());
        const auto first = operation->start();
        const HttpRequest upload = std::get<0>(first);
        QCOMPARE(upload.url.path(), u"/proxy/open_api/v1.3/business/message/media/upload/"_s);
        QVERIFY(upload.headers.last().second.startsWith("multipart/form-data; boundary=antiphon"));
        QVERIFY(upload.body.contains("name=\"business_id\"\r\n\r\nbiz-0001-openid\r\n"));
        QVERIFY(upload.body.contains("name=\"media_type\"\r\n\r\nIMAGE\r\n"));
        QVERIFY(upload.body.contains("name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n"));
        const auto second = operation->next(reply(200, "{\"code\":0,\"data\":{\"media_id\":\"media-out-5\"}}"));
        QCOMPARE(std::get<0>(second).body,
                 QByteArray("{\"business_id\":\"biz-0001-openid\",\"image\":{\"media_id\":\"media-out-5\"},\"message_type\":\"IMAGE\",\"recipient\":\"cnv+Zm9vYmFy0==\",\"recipient_type\":\"CONVERSATION\"}"));
        QCOMPARE(operation->next(reply(200, "{\"code\":0,\"data\":{\"message\":{\"message_id\":\"m\"}}}")).index(), size_t(1));
    }

    void refusesBeforeTheCall_data()
    {
        QTest::addColumn<int>("change");
        QTest::addColumn<QString>("field");   // empty: accepted
        const char *names[] = {"6,000 characters", "6,001 characters", "nothing", "text with picture", "two pictures", "gif", "video", "3 MB", "over 3 MB", "no pictures here", "jpeg in upper case"};
        const QString fields[] = {{}, u"content"_s, u"content"_s, u"attachment_ids"_s, u"attachment_ids"_s, u"attachment_ids"_s, u"attachment_ids"_s, {}, u"attachment_ids"_s, u"attachment_ids"_s, {}};
        for (int i = 0; i < 11; ++i)
            QTest::newRow(names[i]) << i << fields[i];
    }

    void refusesBeforeTheCall()
    {
        QFETCH(int, change);
        QFETCH(QString, field);
        OutboundMessage message = change < 3 ? text(QString(change == 0 ? 6000 : change == 1 ? 6001 : 0, u'x')) : picture();
        if (change == 3)
            message.content = u"hello"_s;
        else if (change == 4)
            message.attachments.append(message.attachments.first());
        else if (change == 5)
            message.attachments.first().mime = u"image/gif"_s;
        else if (change == 6)
            message.attachments.first().kind = Attachment::Kind::Video;
        else if (change == 7)
            message.attachments.first().size = 3 * 1024 * 1024;
        else if (change == 8)
            message.attachments.first().size = 3 * 1024 * 1024 + 1;
        else if (change == 9)
            message.conversationTakesImages = false;
        else if (change == 10)
            message.attachments.first().mime = u"Image/JPEG; q=1"_s;
        const auto checked = m_adapter.check(message);
        QCOMPARE(bool(checked), field.isEmpty());
        if (!checked) {
            QCOMPARE(checked.error().kind, Error::Kind::ChannelLimit);
            QCOMPARE(checked.error().field, field);
            QCOMPARE(send(message)->start().index(), size_t(2));
        }
    }

    void judgesFailures_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<SendVerdict>("verdict");
        const auto code = [](int number) { return QByteArray("{\"code\":%1,\"message\":\"Words.\",\"request_id\":\"r9\",\"data\":{}}").replace("%1", QByteArray::number(number)); };
        QTest::newRow("40001") << 200 << code(40001) << SendVerdict::Unauthorized;
        QTest::newRow("40002") << 200 << code(40002) << SendVerdict::Refused;
        QTest::newRow("40007") << 200 << code(40007) << SendVerdict::Refused;
        QTest::newRow("40064") << 200 << code(40064) << SendVerdict::Refused;
        QTest::newRow("40100") << 200 << code(40100) << SendVerdict::RateLimited;
        QTest::newRow("40105") << 200 << code(40105) << SendVerdict::TokenRejected;
        QTest::newRow("40105 with 401") << 401 << code(40105) << SendVerdict::TokenRejected;
        QTest::newRow("40908") << 200 << code(40908) << SendVerdict::Refused;
        QTest::newRow("51065") << 200 << code(51065) << SendVerdict::NotTaken;
        QTest::newRow("51065 with 500") << 500 << code(51065) << SendVerdict::NotTaken;
        QTest::newRow("other 5xxxx") << 200 << code(50002) << SendVerdict::OutcomeUnknown;
        QTest::newRow("HTTP 500") << 500 << QByteArray("oh no") << SendVerdict::OutcomeUnknown;
        QTest::newRow("HTTP 500 saying ok") << 500 << code(0) << SendVerdict::OutcomeUnknown;
        QTest::newRow("garbage") << 200 << QByteArray("<html>") << SendVerdict::OutcomeUnknown;
        QTest::newRow("no code") << 200 << QByteArray("{}") << SendVerdict::OutcomeUnknown;
        QTest::newRow("no id") << 200 << QByteArray("{\"code\":0,\"data\":{\"message\":{}}}") << SendVerdict::OutcomeUnknown;
        QTest::newRow("HTTP 429") << 429 << QByteArray() << SendVerdict::RateLimited;
        QTest::newRow("HTTP 400") << 400 << QByteArray("bad") << SendVerdict::Refused;
    }

    void judgesFailures()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const auto operation = send(text(u"hi"_s));
        (void)operation->start();
        const auto last = operation->next(reply(status, body));
        QCOMPARE(last.index(), size_t(2));
        QTEST(m_adapter.verdict(std::get<2>(last)), "verdict");
    }

    void keepsCodeWordsAndRequest()
    {
        const auto operation = send(text(u"hi"_s));
        (void)operation->start();
        const auto last = operation->next(reply(200, "{\"code\":40002,\"message\":\"Param wrong.\",\"request_id\":\"2026A\",\"data\":{}}"));
        const Error error = std::get<2>(last);
        QCOMPARE(error.code, u"40002"_s);
        QCOMPARE(fromDetail(error.detail).text, u"Param wrong."_s);
        QCOMPARE(fromDetail(error.detail).requestId, u"2026A"_s);
    }

    void obeysRetryAfter()
    {
        const auto operation = send(text(u"hi"_s));
        (void)operation->start();
        HttpReply limited = reply(429, "{\"code\":40100,\"message\":\"slow\"}");
        limited.headers = {{"Retry-After", "7"}};
        const auto last = operation->next(limited);
        QCOMPARE(std::get<2>(last).retryAfter, std::optional(std::chrono::seconds(7)));
    }

    void noAnswerIsUnknownOnlyWhereItLeft()
    {
        const Error timeout{Error::Kind::Timeout, u"no answer"_s};
        for (const bool written : {true, false}) {
            const auto operation = send(text(u"hi"_s));
            (void)operation->start();
            const auto last = operation->next({.requestWritten = written, .transport = timeout});
            QCOMPARE(m_adapter.verdict(std::get<2>(last)), written ? SendVerdict::OutcomeUnknown : SendVerdict::NotTaken);
        }
        const auto upload = send(picture());          // an upload may be repeated
        (void)upload->start();
        const auto last = upload->next({.requestWritten = true, .transport = timeout});
        QCOMPARE(m_adapter.verdict(std::get<2>(last)), SendVerdict::NotTaken);
    }

    void typesWithASenderAction()
    {
        const auto request = m_adapter.typing(u"c"_s, {}, m_inbox, m_endpoints);
        QVERIFY(request);
        QVERIFY(request->body.contains("\"message_type\":\"SENDER_ACTION\""));
        QVERIFY(request->body.contains("\"sender_action\":\"TYPING\""));
    }
};

ANTIPHON_TEST(TiktokSendTest)
#include "tst_tiktoksend.moc"
