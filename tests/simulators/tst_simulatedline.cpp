#include "app/demo/simulatedline.h"
#include "tests/simulators/graphtest.h"
#include "tests/simulators/hookreceiver.h"
#include "tests/support/testmain.h"

#include <QUuid>

using namespace antiphon;
using namespace antiphon::demo;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class SimulatedLineTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_platform = std::make_unique<SimulatedLine>(LineOptions{.pauseScale = 0.0001, .fetchesAtOnce = false}, *m_clock, m_random);
        QVERIFY(m_platform->listen());
        m_api = std::make_unique<GraphClient>(m_platform->apiUrl());
        m_data = std::make_unique<GraphClient>(m_platform->dataUrl());
        m_token = m_platform->issueToken();
        m_receiver = std::make_unique<HookReceiver>(*m_clock);
        QVERIFY(m_receiver->listen());
        m_platform->setWebhook(m_receiver->url(u"/webhooks/line/1650000001"_s));
    }
    void cleanup()
    {
        m_api.reset();
        m_data.reset();
        m_platform.reset();
        m_receiver.reset();
    }

    void signsAsTheVectorsSay()
    {
        const QByteArray body = R"({"destination":"U00000000000000000000000000000b07","events":[]})";
        QCOMPARE(body.size(), 63);
        QCOMPARE(SimulatedLine::signature("8c570fa6dd201bb328f1c1eac23a96d8", body), "apLBxQO9ZRIilE2VLDvZL6yP9VLFd1SH5xGjwRxvBaw=");
        const GraphAnswer tested = m_api->post(u"/v2/bot/channel/webhook/test"_s, {}, m_token);
        QVERIFY(tested.json[u"success"_s].toBool());
        QCOMPARE(m_receiver->received[0].body, body);
        QCOMPARE(m_receiver->received[0].header("X-Line-Signature"), "apLBxQO9ZRIilE2VLDvZL6yP9VLFd1SH5xGjwRxvBaw=");
        m_receiver->replies = {{.status = 500}};
        const GraphAnswer failed = m_api->post(u"/v2/bot/channel/webhook/test"_s, {}, m_token);
        QVERIFY(!failed.json[u"success"_s].toBool());
        QCOMPARE(failed.json[u"statusCode"_s].toInt(), 500);
    }

    void tellsWhoItIsToWhoMayKnow()
    {
        QCOMPARE(m_api->get(u"/v2/bot/info"_s, m_token).json[u"userId"_s].toString(), u"U00000000000000000000000000000b07"_s);
        QCOMPARE(m_api->get(u"/v2/bot/info"_s, u"wrong"_s).status, 401);
        QCOMPARE(m_api->get(u"/v2/bot/info"_s).status, 401);
        QCOMPARE(m_api->get(u"/v2/bot/profile/"_s + kSora.id, m_token).status, 404);
        m_platform->customerWrites(kSora, u"hello"_s);
        QCOMPARE(m_api->get(u"/v2/bot/profile/"_s + kSora.id, m_token).json[u"displayName"_s].toString(), u"Sora"_s);
        m_platform->customerUnfollows(kSora);
        QCOMPARE(m_api->get(u"/v2/bot/profile/"_s + kSora.id, m_token).status, 404);
        const auto endpoint = [this](const QString &url) {
            return m_api->call("PUT", u"/v2/bot/channel/webhook/endpoint"_s, QJsonDocument(QJsonObject{{u"endpoint"_s, url}}).toJson(), "application/json", m_token).status;
        };
        QCOMPARE(endpoint(u"http://shop.example/x"_s), 400);
        QCOMPARE(endpoint(u"https://shop.example/x"_s), 200);
        QCOMPARE(m_api->get(u"/v2/bot/channel/webhook/endpoint"_s, m_token).json[u"endpoint"_s].toString(), u"https://shop.example/x"_s);
        m_platform->revokeTokens();
        QCOMPARE(m_api->get(u"/v2/bot/info"_s, m_token).status, 401);
    }

    void gathersSeveralCustomersInOneRequestAndRedeliversIt()
    {
        m_platform->setRedelivers(true);
        m_receiver->replies = {{.status = 503}};
        m_platform->beginBatch();
        m_platform->customerWrites(kSora, u"こんにちは"_s);
        m_platform->customerFollows(kMei);
        m_platform->customerSends(kMei, {{u"type"_s, u"sticker"_s}, {u"packageId"_s, u"446"_s}, {u"stickerId"_s, u"1988"_s}});
        m_platform->endBatch();
        QTRY_COMPARE(m_receiver->received.size(), 2);
        const QJsonArray first = m_receiver->body(0)[u"events"_s].toArray();
        const QJsonArray again = m_receiver->body(1)[u"events"_s].toArray();
        QCOMPARE(first.size(), 3);
        QCOMPARE(first[1][u"source"_s][u"userId"_s].toString(), kMei.id);
        for (qsizetype i = 0; i < 3; ++i) {
            QCOMPARE(again[i][u"webhookEventId"_s], first[i][u"webhookEventId"_s]);
            QVERIFY(again[i][u"deliveryContext"_s][u"isRedelivery"_s].toBool());
            QVERIFY(!first[i][u"deliveryContext"_s][u"isRedelivery"_s].toBool());
        }
        QCOMPARE(m_receiver->received[1].header("x-line-signature"), SimulatedLine::signature("8c570fa6dd201bb328f1c1eac23a96d8", m_receiver->received[1].body));
    }

    void answersWithATokenOnceAndWithinAMinute()
    {
        const auto newToken = [this] {
            const auto before = m_receiver->received.size();
            m_platform->customerWrites(kSora, u"hello"_s);
            [&] { QTRY_COMPARE(m_receiver->received.size(), before + 1); }();
            return m_receiver->body(before)[u"events"_s][0][u"replyToken"_s].toString();
        };
        const auto reply = [this](const QString &token) {
            return m_api->post(u"/v2/bot/message/reply"_s, {{u"replyToken"_s, token}, {u"messages"_s, QJsonArray{text(u"Hi"_s)}}}, m_token);
        };
        const QString token = newToken();
        QCOMPARE(reply(token).json[u"sentMessages"_s].toArray().size(), 1);
        QCOMPARE(reply(token).json[u"message"_s].toString(), u"Invalid reply token"_s);
        const QString late = newToken();
        m_clock->advance(61s);
        QCOMPARE(reply(late).status, 400);
        QCOMPARE(m_platform->sent().size(), 1);
        QCOMPARE(m_platform->sent()[0].to, kSora.id);
    }

    void takesAPushWithItsKeyOnce()
    {
        m_platform->customerWrites(kSora, u"hello"_s, {.withWebhook = false});
        const QByteArray key = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
        const auto push = [this](const QByteArray &retryKey, const QString &words) {
            const QByteArray body = QJsonDocument(QJsonObject{{u"to"_s, kSora.id}, {u"messages"_s, QJsonArray{text(words)}}}).toJson();
            QList<SimulatedHttp::Header> further;
            if (!retryKey.isEmpty())
                further.append({"X-Line-Retry-Key", retryKey});
            return m_api->call("POST", u"/v2/bot/message/push"_s, body, "application/json", m_token, further);
        };
        m_platform->next(u"POST message/push"_s, {.httpStatus = 500, .takesEffect = true});
        QCOMPARE(push(key, u"Which size?"_s).status, 500);
        const GraphAnswer again = push(key, u"Which size?"_s);
        QCOMPARE(again.status, 409);
        QCOMPARE(again.json[u"sentMessages"_s][0][u"id"_s].toString(), m_platform->sent()[0].id);
        QCOMPARE(push(key, u"Another"_s).status, 400);
        QCOMPARE(push("no-uuid", u"x"_s).status, 400);
        QCOMPARE(m_platform->sent().size(), 1);
        m_platform->setQuota(1, 1);
        QCOMPARE(push({}, u"x"_s).json[u"message"_s].toString(), u"You have reached your monthly limit."_s);
        QCOMPARE(m_api->get(u"/v2/bot/message/quota"_s, m_token).json[u"value"_s].toInt(), 1);
        QCOMPARE(m_api->get(u"/v2/bot/message/quota/consumption"_s, m_token).json[u"totalUsage"_s].toInt(), 1);
    }

    void judgesMessages_data()
    {
        QTest::addColumn<QJsonArray>("messages");
        QTest::addColumn<QString>("property");
        const QString link = u"https://shop.example/media/1"_s;
        QTest::newRow("text") << QJsonArray{text(QString(5000, u'x'))} << QString();
        QTest::newRow("too long") << QJsonArray{text(QString(5001, u'x'))} << u"messages[0].text"_s;
        QTest::newRow("empty") << QJsonArray{text({})} << u"messages[0].text"_s;
        QTest::newRow("six") << QJsonArray{text(u"1"_s), text(u"2"_s), text(u"3"_s), text(u"4"_s), text(u"5"_s), text(u"6"_s)} << u"messages"_s;
        QTest::newRow("none") << QJsonArray() << u"messages"_s;
        QTest::newRow("a file") << QJsonArray{QJsonObject{{u"type"_s, u"file"_s}, {u"originalContentUrl"_s, link}}} << u"messages[0].type"_s;
        QTest::newRow("image") << QJsonArray{QJsonObject{{u"type"_s, u"image"_s}, {u"originalContentUrl"_s, link}, {u"previewImageUrl"_s, link}}} << QString();
        QTest::newRow("image without preview") << QJsonArray{QJsonObject{{u"type"_s, u"image"_s}, {u"originalContentUrl"_s, link}}} << u"messages[0].previewImageUrl"_s;
        QTest::newRow("plain http") << QJsonArray{QJsonObject{{u"type"_s, u"image"_s}, {u"originalContentUrl"_s, u"http://shop.example/1"_s}, {u"previewImageUrl"_s, link}}} << u"messages[0].originalContentUrl"_s;
        QTest::newRow("audio without length") << QJsonArray{QJsonObject{{u"type"_s, u"audio"_s}, {u"originalContentUrl"_s, link}}} << u"messages[0].duration"_s;
        QTest::newRow("foreign quote") << QJsonArray{QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, u"x"_s}, {u"quoteToken"_s, u"q-1"_s}}} << u"messages[0].quoteToken"_s;
        QTest::newRow("strange") << QJsonArray{QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, u"x"_s}, {u"colour"_s, u"red"_s}}} << u"messages[0].colour"_s;
    }

    void judgesMessages()
    {
        QFETCH(QJsonArray, messages);
        QFETCH(QString, property);
        m_platform->customerWrites(kSora, u"hello"_s, {.withWebhook = false});
        const GraphAnswer answer = m_api->post(u"/v2/bot/message/validate/push"_s, {{u"messages"_s, messages}}, m_token);
        QCOMPARE(answer.json[u"details"_s][0][u"property"_s].toString(), property);
        QCOMPARE(m_api->post(u"/v2/bot/message/push"_s, {{u"to"_s, kSora.id}, {u"messages"_s, messages}}, m_token).status, property.isEmpty() ? 200 : 400);
    }

    void handsOutContentFromItsOtherAddressWhenItIsReady()
    {
        const QString id = m_platform->customerSendsFile(kSora, u"image"_s, "bytes", "image/jpeg");
        const QString path = u"/v2/bot/message/%1/content"_s.arg(id);
        m_platform->setPreparing(id, 2);
        QCOMPARE(m_data->get(path, m_token).status, 202);
        QCOMPARE(m_data->get(path + u"/transcoding"_s, m_token).json[u"status"_s].toString(), u"processing"_s);
        QCOMPARE(m_data->get(path, m_token).bytes, "bytes");
        QCOMPARE(m_data->get(path).status, 401);
        QCOMPARE(m_api->get(path, m_token).status, 404);
        m_platform->customerUnsends(kSora, id);
        QCOMPARE(m_data->get(path, m_token).status, 404);
    }

    void knowsItsReadTokensAndItsSigns()
    {
        m_platform->customerWrites(kSora, u"hello"_s);
        QTRY_COMPARE(m_receiver->received.size(), 1);
        const QString token = m_receiver->body(0)[u"events"_s][0][u"message"_s][u"markAsReadToken"_s].toString();
        QCOMPARE(m_api->post(u"/v2/bot/chat/markAsRead"_s, {{u"markAsReadToken"_s, token}}, m_token).status, 200);
        QCOMPARE(m_api->post(u"/v2/bot/chat/markAsRead"_s, {{u"markAsReadToken"_s, u"x"_s}}, m_token).status, 400);
        QCOMPARE(m_platform->read(), QStringList{token});
        QCOMPARE(m_api->post(u"/v2/bot/chat/loading/start"_s, {{u"chatId"_s, kSora.id}, {u"loadingSeconds"_s, 20}}, m_token).status, 202);
        QCOMPARE(m_api->post(u"/v2/bot/chat/loading/start"_s, {{u"chatId"_s, kSora.id}, {u"loadingSeconds"_s, 7}}, m_token).status, 400);
    }

private:
    static QJsonObject text(const QString &words) { return {{u"type"_s, u"text"_s}, {u"text"_s, words}}; }

    const LineCustomer kSora{.id = u"U000000000000000000000000000000a1"_s, .name = u"Sora"_s, .language = u"ja"_s};
    const LineCustomer kMei{.id = u"U000000000000000000000000000000b2"_s, .name = u"Mei"_s};
    FakeRandom m_random;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<SimulatedLine> m_platform;
    std::unique_ptr<GraphClient> m_api;
    std::unique_ptr<GraphClient> m_data;
    std::unique_ptr<HookReceiver> m_receiver;
    QString m_token;
};

ANTIPHON_TEST(SimulatedLineTest)
#include "tst_simulatedline.moc"
