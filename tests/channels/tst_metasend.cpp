#include "core/base/json.h"
#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/messenger/messengeradapter.h"
#include "core/channels/platformwords.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace Qt::StringLiterals;
using std::chrono::hours;

Q_DECLARE_METATYPE(antiphon::SendVerdict)
Q_DECLARE_METATYPE(antiphon::Attachment::Kind)

/// What Instagram and Messenger send, and what they make of the answers.
class MetaSendTest : public QObject {
    Q_OBJECT

    InstagramAdapter m_instagram;
    MessengerAdapter m_messenger;
    const InboxCredentials m_account{.account = u"17840000000000001"_s, .accessToken = u"IGAA+1"_s, .appSecret = u"antiphon-ig-secret"_s};
    const InboxCredentials m_page{.account = u"300000000000001"_s, .accessToken = u"EAATESTPAGETOKEN"_s, .appSecret = u"antiphon-fb-secret"_s};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9/proxy"_s)};

    static OutboundMessage text(const QString &content) { return {.contactSourceId = u"9000000000000001"_s, .content = content}; }

    static OutboundAttachment picture()
    {
        return {.kind = Attachment::Kind::Image, .name = u"a.png"_s, .mime = u"image/png"_s, .size = 4, .bytes = "\x89PNG", .link = QUrl(u"https://in.example/media/t0ken"_s)};
    }

    OperationPtr<SendReceipt> send(const ChannelAdapter &adapter, const OutboundMessage &message, const QJsonObject &settings = {}, int part = 0) const
    {
        InboxCredentials inbox = adapter.channel() == Channel::Instagram ? m_account : m_page;
        inbox.settings = settings;
        return adapter.send(adapter.parts(message).at(part), inbox, m_endpoints, u"9f0c"_s);
    }

    HttpRequest requestOf(const ChannelAdapter &adapter, const OutboundMessage &message, const QJsonObject &settings = {}, int part = 0) const
    {
        const auto step = send(adapter, message, settings, part)->start();
        return step.index() == 0 ? std::get<0>(step) : HttpRequest();
    }

    static QJsonObject bodyOf(const HttpRequest &request) { return json::parseObject(request.body) ? *json::parseObject(request.body) : QJsonObject(); }
    static QJsonObject json_(const char *text) { return *json::parseObject(text); }
    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }

    static QByteArray errorBody(int code, int subcode, const QByteArray &words = "Words.")
    {
        QByteArray body = "{\"error\":{\"message\":\"" + words + "\",\"type\":\"OAuthException\",\"code\":" + QByteArray::number(code);
        if (subcode)
            body += ",\"error_subcode\":" + QByteArray::number(subcode);
        return body + ",\"fbtrace_id\":\"AbC9\"}}";
    }

private slots:
    void instagramSendsText()
    {
        const auto operation = send(m_instagram, text(u"Yes, two left. 👋"_s));
        const auto first = operation->start();
        const HttpRequest request = std::get<0>(first);
        QCOMPARE(request.method, QByteArray("POST"));
        QCOMPARE(request.url.toString(), u"http://127.0.0.1:9/proxy/v23.0/17840000000000001/messages"_s);
        QVERIFY(request.headers.contains({"Authorization", "Bearer IGAA+1"}));
        QVERIFY(request.headers.contains({"Content-Type", "application/json"}));
        QCOMPARE(bodyOf(request), json_("{\"recipient\":{\"id\":\"9000000000000001\"},\"message\":{\"text\":\"Yes, two left. 👋\"}}"));
        const auto last = operation->next(reply(200, "{\"recipient_id\":\"9000000000000001\",\"message_id\":\"mid.OUT1\"}"));
        QCOMPARE(std::get<1>(last).sourceId, u"mid.OUT1"_s);
        QCOMPARE(std::get<1>(last).customerAddress, u"9000000000000001"_s);
    }

    void messengerSendsTextWithItsTag()
    {
        const HttpRequest request = requestOf(m_messenger, text(u"answer"_s));
        QCOMPARE(request.url.path(), u"/proxy/v23.0/300000000000001/messages"_s);
        const QUrlQuery query(request.url);
        QCOMPARE(query.queryItemValue(u"access_token"_s), u"EAATESTPAGETOKEN"_s);
        QCOMPARE(query.queryItemValue(u"appsecret_proof"_s), u"9c938d8b6fd3f215dcf10be561eb07e67012b71a2c5e4690c8f3e022652ec0d4"_s);
        QCOMPARE(bodyOf(request), json_("{\"recipient\":{\"id\":\"9000000000000001\"},\"messaging_type\":\"RESPONSE\",\"message\":{\"text\":\"answer\",\"metadata\":\"antiphon:9f0c\"}}"));
    }

    void withoutASecretThereIsNoProof()
    {
        InboxCredentials page = m_page;
        page.appSecret.clear();
        const auto step = m_messenger.send(m_messenger.parts(text(u"a"_s)).first(), page, m_endpoints, u"k"_s)->start();
        QVERIFY(!std::get<0>(step).url.query().contains("appsecret_proof"_L1));
    }

    void instagramFetchesFilesByLink()
    {
        OutboundMessage message = text(u"see"_s);
        message.attachments = {picture(),
                               {.kind = Attachment::Kind::Audio, .mime = u"audio/mp4"_s, .size = 9, .link = QUrl(u"https://in.example/media/a"_s)},
                               {.kind = Attachment::Kind::Video, .mime = u"video/mp4"_s, .size = 9, .link = QUrl(u"https://in.example/media/v"_s)},
                               {.kind = Attachment::Kind::File, .mime = u"application/pdf"_s, .size = 9, .link = QUrl(u"https://in.example/media/f"_s)}};
        QVERIFY(m_instagram.limits({}).fetchesByLink);
        const QList<OutboundPart> parts = m_instagram.parts(message);
        QCOMPARE(parts.size(), 5);
        const char *bodies[] = {"{\"attachment\":{\"type\":\"image\",\"payload\":{\"url\":\"https://in.example/media/t0ken\"}}}",
                                "{\"attachment\":{\"type\":\"audio\",\"payload\":{\"url\":\"https://in.example/media/a\"}}}",
                                "{\"attachment\":{\"type\":\"video\",\"payload\":{\"url\":\"https://in.example/media/v\"}}}",
                                "{\"attachment\":{\"type\":\"file\",\"payload\":{\"url\":\"https://in.example/media/f\"}}}",
                                "{\"text\":\"see\"}"};
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(parts.at(i).index, i);
            QCOMPARE(bodyOf(requestOf(m_instagram, message, {}, i)).value("message"_L1).toObject(), json_(bodies[i]));
        }
        message.attachments.first().link.clear();
        QCOMPARE(send(m_instagram, message)->start().index(), size_t(2));
    }

    void messengerUploadsFilesInTheSameCall()
    {
        OutboundMessage message = text(u"see"_s);
        message.attachments = {picture()};
        QCOMPARE(m_messenger.parts(message).size(), 2);
        QVERIFY(!m_messenger.limits({}).fetchesByLink);
        const HttpRequest request = requestOf(m_messenger, message);
        QCOMPARE(request.url.path(), u"/proxy/v23.0/300000000000001/messages"_s);
        QVERIFY(request.headers.first().second.startsWith("multipart/form-data; boundary=antiphon"));
        QVERIFY(request.body.contains("name=\"recipient\"\r\n\r\n{\"id\":\"9000000000000001\"}\r\n"));
        QVERIFY(request.body.contains("name=\"messaging_type\"\r\n\r\nRESPONSE\r\n"));
        QVERIFY(request.body.contains("name=\"message\"\r\n\r\n{\"attachment\":{\"payload\":{\"is_reusable\":true},\"type\":\"image\"},\"metadata\":\"antiphon:9f0c\"}\r\n"));
        QVERIFY(request.body.contains("name=\"filedata\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n"));
        QCOMPARE(bodyOf(requestOf(m_messenger, message, {}, 1)).value("message"_L1).toObject(), json_("{\"text\":\"see\",\"metadata\":\"antiphon:9f0c\"}"));
    }

    void marksAreThePlatforms()
    {
        const OutboundMessage message = text(u"**Yes** and *maybe*, see [the shop](https://shop.example/a_b_c)\n~~no~~ 2 * 3 * 4, file_name_x"_s);
        const QString rendered = u"*Yes* and _maybe_, see https://shop.example/a_b_c\nno 2 * 3 * 4, file_name_x"_s;
        QCOMPARE(bodyOf(requestOf(m_messenger, message)).value("message"_L1).toObject().value("text"_L1).toString(), rendered);
        QCOMPARE(bodyOf(requestOf(m_instagram, message)).value("message"_L1).toObject().value("text"_L1).toString(), rendered);
    }

    void theTagIsForPersonsAfterADay_data()
    {
        QTest::addColumn<qint64>("minutes");
        QTest::addColumn<bool>("byPerson");
        QTest::addColumn<bool>("isAllowed");
        QTest::addColumn<bool>("isTagged");
        QTest::newRow("at once") << qint64(0) << true << true << false;
        QTest::newRow("23:59") << qint64(24 * 60 - 1) << true << true << false;
        QTest::newRow("24:00") << qint64(24 * 60) << true << true << true;
        QTest::newRow("24:01") << qint64(24 * 60 + 1) << true << true << true;
        QTest::newRow("a minute before 7 days") << qint64(7 * 24 * 60 - 1) << true << true << true;
        QTest::newRow("7 days") << qint64(7 * 24 * 60) << true << true << false;
        QTest::newRow("23:59 by a rule") << qint64(24 * 60 - 1) << false << true << false;
        QTest::newRow("24:01 by a rule") << qint64(24 * 60 + 1) << false << false << false;
        QTest::newRow("nothing known") << qint64(-1) << true << true << false;
    }

    void theTagIsForPersonsAfterADay()
    {
        QFETCH(qint64, minutes);
        QFETCH(bool, isAllowed);
        QFETCH(bool, isTagged);
        OutboundMessage message = text(u"hi"_s);
        message.sinceCustomer = minutes < 0 ? std::nullopt : std::optional<Milliseconds>(std::chrono::minutes(minutes));
        QFETCH(bool, byPerson);
        message.isByPerson = byPerson;
        for (const ChannelAdapter *adapter : std::initializer_list<const ChannelAdapter *>{&m_instagram, &m_messenger}) {
            const auto checked = adapter->check(message);
            QCOMPARE(bool(checked), isAllowed);
            if (!checked) {
                QCOMPARE(checked.error().kind, Error::Kind::WindowClosed);
                QCOMPARE(send(*adapter, message, {{u"human_agent"_s, true}})->start().index(), size_t(2));
                continue;
            }
            const QJsonObject with = bodyOf(requestOf(*adapter, message, {{u"human_agent"_s, true}}));
            QCOMPARE(with.value("tag"_L1).toString(), isTagged ? u"HUMAN_AGENT"_s : QString());
            const QString plain = adapter->channel() == Channel::Messenger ? u"RESPONSE"_s : QString();
            QCOMPARE(with.value("messaging_type"_L1).toString(), isTagged ? u"MESSAGE_TAG"_s : plain);
            const QJsonObject without = bodyOf(requestOf(*adapter, message));
            QVERIFY(!without.contains("tag"_L1));
            QCOMPARE(without.value("messaging_type"_L1).toString(), plain);
        }
    }

    void theRuleIsTheInboxs()
    {
        const QJsonObject longer{{u"human_agent"_s, true}};
        QCOMPARE(m_instagram.replyRule({}, {})->name, u"instagram_24h"_s);
        QCOMPARE(m_instagram.replyRule({}, {})->length, hours(24));
        QCOMPARE(m_instagram.replyRule(longer, {})->name, u"instagram_7d"_s);
        QCOMPARE(m_instagram.replyRule(longer, {})->length, hours(168));
        QCOMPARE(m_messenger.replyRule({}, {})->name, u"messenger_24h"_s);
        QCOMPARE(m_messenger.replyRule(longer, {})->name, u"messenger_7d"_s);
    }

    void instagramCountsBytes_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<bool>("fits");
        QTest::newRow("1,000 letters") << QString(1000, u'x') << true;
        QTest::newRow("1,001 letters") << QString(1001, u'x') << false;
        QTest::newRow("250 emoji") << u"👋"_s.repeated(250) << true;
        QTest::newRow("250 emoji and a letter") << u"👋"_s.repeated(250) + u'x' << false;
        QTest::newRow("500 umlauts") << QString(500, u'ä') << true;
        QTest::newRow("501 umlauts") << QString(501, u'ä') << false;
        QTest::newRow("nothing") << QString() << false;
    }

    void instagramCountsBytes()
    {
        QFETCH(QString, content);
        QFETCH(bool, fits);
        const auto checked = m_instagram.check(text(content));
        QCOMPARE(bool(checked), fits);
        if (!checked) {
            QCOMPARE(checked.error().kind, Error::Kind::ChannelLimit);
            QCOMPARE(checked.error().field, u"content"_s);
        }
        QCOMPARE(m_instagram.limits({}).textUnit, ChannelLimits::TextUnit::Bytes);
    }

    void messengerCountsCharacters()
    {
        QVERIFY(m_messenger.check(text(QString(2000, u'x'))));
        QVERIFY(!m_messenger.check(text(QString(2001, u'x'))));
        QVERIFY(m_messenger.check(text(u"👋"_s.repeated(2000))));
        QVERIFY(!m_messenger.check(text(u"👋"_s.repeated(2001))));
        QVERIFY(!m_messenger.check(text({})));
    }

    void refusesFilesBeforeTheCall_data()
    {
        QTest::addColumn<Attachment::Kind>("kind");
        QTest::addColumn<QString>("mime");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<bool>("instagram");
        QTest::addColumn<bool>("messenger");
        const qint64 mb = 1024 * 1024;
        QTest::newRow("a picture of 8 MB") << Attachment::Kind::Image << u"image/jpeg"_s << 8 * mb << true << true;
        QTest::newRow("a picture over 8 MB") << Attachment::Kind::Image << u"image/jpeg"_s << 8 * mb + 1 << false << false;
        QTest::newRow("webp") << Attachment::Kind::Image << u"image/webp"_s << mb << false << true;
        QTest::newRow("Opus") << Attachment::Kind::Audio << u"audio/ogg; codecs=opus"_s << mb << false << true;
        QTest::newRow("M4A") << Attachment::Kind::Audio << u"audio/x-m4a"_s << 25 * mb << true << true;
        QTest::newRow("a video over 25 MB") << Attachment::Kind::Video << u"video/mp4"_s << 25 * mb + 1 << false << false;
        QTest::newRow("PDF") << Attachment::Kind::File << u"Application/PDF"_s << 25 * mb << true << true;
        QTest::newRow("zip") << Attachment::Kind::File << u"application/zip"_s << mb << false << true;
    }

    void refusesFilesBeforeTheCall()
    {
        QFETCH(Attachment::Kind, kind);
        QFETCH(QString, mime);
        QFETCH(qint64, size);
        OutboundMessage message = text({});
        message.attachments = {{.kind = kind, .mime = mime, .size = size, .link = QUrl(u"https://in.example/media/t"_s)}};
        QTEST(bool(m_instagram.check(message)), "instagram");
        QTEST(bool(m_messenger.check(message)), "messenger");
        const auto checked = m_instagram.check(message);
        if (!checked)
            QCOMPARE(checked.error().field, u"attachment_ids"_s);
    }

    void judgesFailures_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<SendVerdict>("verdict");
        QTest::addColumn<QString>("code");
        const auto row = [](int code, int subcode, SendVerdict verdict, int status = 400) {
            const QByteArray name = QByteArray::number(code) + '.' + QByteArray::number(subcode);
            QTest::newRow(name.constData()) << status << errorBody(code, subcode) << verdict
                                            << (subcode ? u"%1.%2"_s.arg(code).arg(subcode) : QString::number(code));
        };
        row(190, 0, SendVerdict::TokenRejected);
        row(190, 460, SendVerdict::TokenRejected);
        row(10, 2534022, SendVerdict::Refused);
        row(10, 2018278, SendVerdict::Refused);
        row(10, 2018108, SendVerdict::Refused);
        row(551, 0, SendVerdict::Refused);
        row(551, 1545041, SendVerdict::Refused);
        row(200, 1545041, SendVerdict::Refused);
        row(10, 1893063, SendVerdict::Refused);
        row(10, 2534077, SendVerdict::Unauthorized);
        row(10, 0, SendVerdict::Unauthorized);
        row(100, 2534014, SendVerdict::Refused);
        row(100, 0, SendVerdict::Refused);
        row(100, 2018001, SendVerdict::Refused);
        row(100, 2534015, SendVerdict::Refused);
        row(100, 2018047, SendVerdict::Refused);
        row(100, 2018008, SendVerdict::Refused);
        row(100, 2534029, SendVerdict::Refused);
        row(100, 2534037, SendVerdict::Refused);
        row(2018300, 0, SendVerdict::Refused);
        row(200, 2534041, SendVerdict::Refused);
        row(200, 2018028, SendVerdict::Refused);
        row(200, 0, SendVerdict::Refused, 403);
        row(4, 0, SendVerdict::RateLimited);
        row(613, 2534040, SendVerdict::RateLimited);
        row(613, 2018338, SendVerdict::Refused);
        row(1, 0, SendVerdict::OutcomeUnknown, 500);
        row(2, 0, SendVerdict::OutcomeUnknown, 500);
        row(1, 1357046, SendVerdict::OutcomeUnknown);
        row(100, 2534068, SendVerdict::Refused);
        row(100, 1, SendVerdict::OutcomeUnknown, 503);
        row(36103, 0, SendVerdict::Refused);
        row(9000001, 0, SendVerdict::Refused);
        row(2018321, 0, SendVerdict::Refused);
        QTest::newRow("a dead session") << 400 << errorBody(1, 0, "The session has been invalidated because the user changed the password.") << SendVerdict::TokenRejected << u"1"_s;
        QTest::newRow("HTTP 500") << 500 << QByteArray("oh no") << SendVerdict::OutcomeUnknown << u"500"_s;
        QTest::newRow("HTTP 429") << 429 << QByteArray("") << SendVerdict::RateLimited << u"429"_s;
        QTest::newRow("garbage") << 200 << QByteArray("<html>") << SendVerdict::OutcomeUnknown << u"200"_s;
        QTest::newRow("no id") << 200 << QByteArray("{\"recipient_id\":\"1\"}") << SendVerdict::OutcomeUnknown << QString();
    }

    void judgesFailures()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        for (const ChannelAdapter *adapter : std::initializer_list<const ChannelAdapter *>{&m_instagram, &m_messenger}) {
            const auto operation = send(*adapter, text(u"hi"_s));
            (void)operation->start();
            const auto last = operation->next(reply(status, body));
            QCOMPARE(last.index(), size_t(2));
            const Error error = std::get<2>(last);
            QTEST(adapter->verdict(error), "verdict");
            QTEST(error.code, "code");
            if (body.contains("fbtrace_id")) {
                QCOMPARE(fromDetail(error.detail).requestId, u"AbC9"_s);
                QVERIFY(fromDetail(error.detail).text.size() > 3);
            }
        }
    }

    void outsideTheWindowIsSaidSo()
    {
        const auto operation = send(m_instagram, text(u"hi"_s));
        (void)operation->start();
        const auto last = operation->next(reply(400, errorBody(10, 2534022)));
        QCOMPARE(std::get<2>(last).kind, Error::Kind::WindowClosed);
    }

    void noAnswerIsUnknownOnlyWhereItLeft()
    {
        const Error timeout{Error::Kind::Timeout, u"no answer"_s};
        for (const bool written : {true, false}) {
            const auto operation = send(m_messenger, text(u"hi"_s));
            (void)operation->start();
            const auto last = operation->next({.requestWritten = written, .transport = timeout});
            QCOMPARE(m_messenger.verdict(std::get<2>(last)), written ? SendVerdict::OutcomeUnknown : SendVerdict::NotTaken);
        }
    }

    void quotesOnlyWhereTheInboxHasIt()
    {
        OutboundMessage message = text(u"this one"_s);
        message.quotedSourceId = u"m_IN1"_s;
        QVERIFY(!m_messenger.limits({}).canQuote);
        QVERIFY(!bodyOf(requestOf(m_messenger, message)).contains("reply_to"_L1));
        QCOMPARE(bodyOf(requestOf(m_messenger, message, {{u"reply_to"_s, true}})).value("reply_to"_L1).toObject(), json_("{\"mid\":\"m_IN1\"}"));
        QVERIFY(!bodyOf(requestOf(m_instagram, message, {{u"reply_to"_s, true}})).contains("reply_to"_L1));
    }

    void reactsAndTypes()
    {
        const OutboundReaction love{.contactSourceId = u"9"_s, .messageSourceId = u"mid.IN1"_s, .emoji = u"❤️"_s};
        const auto react = m_instagram.react(love, m_account, m_endpoints);
        QCOMPARE(react->url.path(), u"/proxy/v23.0/17840000000000001/messages"_s);
        QCOMPARE(bodyOf(*react), json_("{\"recipient\":{\"id\":\"9\"},\"sender_action\":\"react\",\"payload\":{\"message_id\":\"mid.IN1\",\"reaction\":\"love\"}}"));
        const auto unreact = m_messenger.react({.contactSourceId = u"9"_s, .messageSourceId = u"mid.IN1"_s}, m_page, m_endpoints);
        QCOMPARE(bodyOf(*unreact), json_("{\"recipient\":{\"id\":\"9\"},\"sender_action\":\"unreact\",\"payload\":{\"message_id\":\"mid.IN1\"}}"));
        QVERIFY(unreact->url.query().contains("appsecret_proof=9c938d8b"_L1));
        const auto other = m_messenger.react({.contactSourceId = u"9"_s, .messageSourceId = u"m"_s, .emoji = u"🎉"_s}, m_page, m_endpoints);
        QCOMPARE(bodyOf(*other).value("payload"_L1).toObject().value("reaction"_L1).toString(), u"🎉"_s);
        QCOMPARE(bodyOf(*m_instagram.markRead(u"9"_s, u"mid.IN1"_s, {}, m_account, m_endpoints)), json_("{\"recipient\":{\"id\":\"9\"},\"sender_action\":\"mark_seen\"}"));
        QCOMPARE(bodyOf(*m_messenger.markRead(u"9"_s, u"m"_s, {}, m_page, m_endpoints)), json_("{\"recipient\":{\"id\":\"9\"},\"sender_action\":\"mark_seen\"}"));
        QCOMPARE(bodyOf(*m_instagram.typing(u"9"_s, {}, m_account, m_endpoints)), json_("{\"recipient\":{\"id\":\"9\"},\"sender_action\":\"typing_on\"}"));
        QCOMPARE(bodyOf(*m_messenger.typing(u"9"_s, {}, m_page, m_endpoints)), json_("{\"recipient\":{\"id\":\"9\"},\"sender_action\":\"typing_on\"}"));
    }

    void saysHowFarMessagesAreFollowed()
    {
        QVERIFY(!m_instagram.limits({}).reportsDelivered);
        QVERIFY(!m_instagram.limits({}).hasDelivered);
        QVERIFY(m_instagram.limits({}).reportsRead);
        QVERIFY(m_messenger.limits({}).reportsDelivered);
        QVERIFY(m_messenger.limits({}).hasDelivered);
    }
};

ANTIPHON_TEST(MetaSendTest)
#include "tst_metasend.moc"
