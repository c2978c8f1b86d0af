#include "core/server/filestreams.h"
#include "core/server/intakeserver.h"
#include "tests/server/patternstore.h"
#include "tests/server/rawclient.h"
#include "tests/support/testmain.h"
#include "tests/support/wordsof.h"

#include <QSignalSpy>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace std::chrono_literals;

namespace {

struct Intake {
    Intake() { opened = bool(server.open(0)); }

    RawResponse ask(const QByteArray &requestLine, const QByteArray &headers = {}, const QByteArray &body = {})
    {
        RawClient client(server.port());
        client.say(requestLine + " HTTP/1.1\r\nHost: localhost\r\n" + headers);
        if (requestLine.startsWith("POST"))
            client.say("Content-Length: " + QByteArray::number(body.size()) + "\r\n");
        client.say("\r\n" + body);
        return client.answer(requestLine.startsWith("HEAD"));
    }

    SystemClock clock;
    PatternStore store;
    FileStreams files{store, {}};
    QList<WebhookRequest> hooks;
    QList<WebhookRequest> returns;
    QList<std::function<void(const WebhookReply &)>> waiting;
    bool answersAtOnce = true;
    bool isHealthy = true;
    bool opened = false;
    IntakeServer server{clock,
                        builtInChannels(),
                        {.webhook =
                             [this](const WebhookRequest &request, std::function<void(const WebhookReply &)> done) {
                                 hooks.append(request);
                                 if (answersAtOnce)
                                     done({.body = "{}", .contentType = "application/json"});
                                 else
                                     waiting.append(std::move(done));
                             },
                         .oauthReturn =
                             [this](const WebhookRequest &request, std::function<void(const WebhookReply &)> done) {
                                 returns.append(request);
                                 done({.body = "<p>done</p>", .contentType = "text/html; charset=utf-8"});
                             },
                         .isHealthy = [this] { return isHealthy; },
                         .files = &files}};
};

} // namespace

class IntakeServerTest : public QObject {
    Q_OBJECT
private slots:
    void everyWebhookReachesTheHandler_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("segment");
        QTest::addColumn<Channel>("channel");
        const auto row = [](Channel channel, const char *path, const char *segment = "", bool verifies = false) {
            QTest::newRow(path) << QByteArray("POST") << QByteArray(path) << QByteArray(segment) << channel;
            if (verifies)
                QTest::addRow("GET %s", path) << QByteArray("GET") << QByteArray(path) << QByteArray(segment) << channel;
        };
        row(Channel::Tiktok, "/webhooks/tiktok");
        row(Channel::Whatsapp, "/webhooks/whatsapp/+4915112345678", "+4915112345678", true);
        row(Channel::Whatsapp, "/webhooks/whatsapp/%2B4915112345678", "+4915112345678", true);
        row(Channel::Instagram, "/webhooks/instagram", "", true);
        row(Channel::Messenger, "/webhooks/messenger", "", true);
        row(Channel::Telegram, "/webhooks/telegram/12", "12");
        row(Channel::Line, "/webhooks/line/1234567890", "1234567890");
        row(Channel::Twilio, "/twilio/callback");
        row(Channel::Twilio, "/twilio/delivery_status");
    }

    void everyWebhookReachesTheHandler()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, segment);
        Intake intake;
        QVERIFY(intake.opened);
        const QByteArray body = method == "POST" ? QByteArray("{\"a\":\"\xc3\xa4\"}") : QByteArray();
        const RawResponse response = intake.ask(method + ' ' + path + "?inbox=7&x=%20", "X-Sig: one\r\nx-sig: two\r\nX-Forwarded-For: 10.0.0.1\r\n", body);
        QCOMPARE(response.status, 200);
        QCOMPARE(response.body, "{}");
        QCOMPARE(response.headers.value("content-type"), "application/json");
        QCOMPARE(intake.hooks.size(), 1);
        const WebhookRequest &seen = intake.hooks.first();
        QTEST(seen.channel, "channel");
        QCOMPARE(seen.method, method);
        QCOMPARE(seen.path, path);
        QCOMPARE(seen.segment, segment);
        QCOMPARE(seen.query, "inbox=7&x=%20");
        QCOMPARE(seen.body, body);
        QVERIFY(seen.headers.contains({"X-Sig", "one"}));
        QVERIFY(seen.headers.contains({"x-sig", "two"}));
        QVERIFY(seen.receivedAt > fromUnixMs(1'600'000'000'000));
    }

    void answersOtherRoutesAsTheContractSays_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        const auto row = [](const char *request, int status) { QTest::newRow(request) << QByteArray(request) << status; };
        row("GET /webhooks/tiktok", 405);
        row("GET /webhooks/telegram/1", 405);
        row("GET /twilio/callback", 405);
        row("POST /webhooks/whatsapp", 404);
        row("POST /webhooks/unknown", 404);
        row("GET /api/v1/desk", 404);
        row("POST /api/v1/attachments", 404);
        row("GET /metrics", 404);
        row("GET /", 404);
        row("GET /healthz", 200);
        row("HEAD /healthz", 200);
        row("POST /healthz", 405);
        row("GET /tiktok/callback?code=1&state=2", 200);
        row("GET /instagram/callback", 200);
        row("HEAD /tiktok/callback", 405);
        row("GET /media/unknown", 404);
        row("POST /media/unknown", 405);
    }

    void answersOtherRoutesAsTheContractSays()
    {
        QFETCH(QByteArray, request);
        Intake intake;
        QTEST(intake.ask(request).status, "status");
        QCOMPARE(intake.hooks.size(), 0);
    }

    void bodiesHaveTheLimitOfTheirRoute_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<qint64>("limit");
        QTest::newRow("tiktok") << QByteArray("/webhooks/tiktok") << qint64(1024 * 1024);
        QTest::newRow("whatsapp") << QByteArray("/webhooks/whatsapp/1") << qint64(4 * 1024 * 1024);
        QTest::newRow("twilio") << QByteArray("/twilio/callback") << qint64(1024 * 1024);
    }

    void bodiesHaveTheLimitOfTheirRoute()
    {
        QFETCH(QByteArray, path);
        QFETCH(qint64, limit);
        Intake intake;
        QCOMPARE(intake.ask("POST " + path, {}, QByteArray(limit, 'a')).status, 200);
        QCOMPARE(intake.hooks.last().body.size(), limit);
        QCOMPARE(intake.ask("POST " + path, {}, QByteArray(limit + 1, 'a')).status, 413);
        QCOMPARE(intake.hooks.size(), 1);
    }

    void aReplyMayComeLater()
    {
        Intake intake;
        intake.answersAtOnce = false;
        RawClient client(intake.server.port());
        client.say("POST /webhooks/tiktok HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
        QTRY_COMPARE(intake.waiting.size(), 1);
        QVERIFY(client.received.isEmpty());
        intake.waiting.first()({.status = 503, .retryAfter = 30s});
        const RawResponse response = client.answer();
        QCOMPARE(response.status, 503);
        QCOMPARE(response.headers.value("retry-after"), "30");
    }

    void aReplyAfterTheServerIsDropped()
    {
        std::function<void(const WebhookReply &)> done;
        {
            Intake intake;
            intake.answersAtOnce = false;
            RawClient client(intake.server.port());
            client.say("POST /webhooks/tiktok HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
            QTRY_COMPARE(intake.waiting.size(), 1);
            done = intake.waiting.first();
        }
        done({.status = 200});
    }

    void healthFollowsTheProgram()
    {
        Intake intake;
        QSignalSpy probed(&intake.server, &IntakeServer::probed);
        const RawResponse well = intake.ask("GET /healthz");
        QCOMPARE(well.body, "{\"status\":\"ok\"}");
        QCOMPARE(probed.size(), 0);
        intake.isHealthy = false;
        QCOMPARE(intake.ask("GET /healthz?probe=Ab-_9").status, 503);
        QCOMPARE(probed.size(), 1);
        QCOMPARE(probed.first().first().toByteArray(), "Ab-_9");
        intake.ask("GET /healthz?probe=%3Cscript%3E");
        QCOMPARE(probed.size(), 1);
    }

    void onlyTheTunnelsNameIsKnown()
    {
        Intake intake;
        const auto status = [&intake](const QByteArray &host) {
            RawClient client(intake.server.port());
            client.say("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            return client.answer().status;
        };
        QCOMPARE(status("shop.example"), 421);
        intake.server.setPublicHost("Shop.example");
        QCOMPARE(status("shop.example"), 200);
        QCOMPARE(status("other.example"), 421);
        intake.server.setPublicHost({});
        QCOMPARE(status("shop.example"), 421);
    }

    void mediaNeedsNothingButItsToken()
    {
        Intake intake;
        intake.store.files.insert("tok-1", {.size = 1000, .mimeType = "image/png", .name = {}});
        const RawResponse whole = intake.ask("GET /media/tok-1");
        QCOMPARE(whole.status, 200);
        QCOMPARE(whole.body, pattern(0, 1000));
        QCOMPARE(whole.headers.value("content-type"), "image/png");
        const RawResponse part = intake.ask("GET /media/tok-1", "Range: bytes=10-19\r\n");
        QCOMPARE(part.status, 206);
        QCOMPARE(part.body, pattern(10, 10));
        QCOMPARE(part.headers.value("content-range"), "bytes 10-19/1000");
        const RawResponse head = intake.ask("HEAD /media/tok-1");
        QCOMPARE(head.status, 200);
        QCOMPARE(head.headers.value("content-length"), "1000");
    }
};

ANTIPHON_TEST(IntakeServerTest)
#include "tst_intakeserver.moc"
