#include "app/demo/simulatedmessenger.h"
#include "app/demo/simulatedpictures.h"
#include "core/net/formdata.h"
#include "tests/simulators/graphtest.h"
#include "tests/support/testmain.h"

using namespace antiphon;
using namespace antiphon::demo;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class SimulatedMessengerTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        MessengerOptions options;
        options.app.webhookPauseScale = 0.001;
        m_platform = std::make_unique<SimulatedMessenger>(options, *m_clock, m_random);
        QVERIFY(m_platform->listen());
        m_client = std::make_unique<GraphClient>(m_platform->apiUrl());
        m_receiver = std::make_unique<GraphReceiver>(*m_clock, m_platform->app().verifyToken, m_platform->app().appSecret.toUtf8());
        QVERIFY(m_receiver->listen());
        m_platform->webhooks().setCallback(m_receiver->url(u"/webhooks/messenger"_s));
        m_token = m_platform->issueToken();
        m_proof = QString::fromLatin1(QMessageAuthenticationCode::hash(m_token.toLatin1(), m_platform->app().appSecret.toLatin1(), QCryptographicHash::Sha256).toHex());
        m_person = m_platform->meet({.name = u"Jonas Weber"_s});
        m_platform->customerWrites(m_person, u"Hello"_s, {.withWebhook = false});
    }
    void cleanup()
    {
        m_client.reset();
        m_platform.reset();
        m_receiver.reset();
    }

    void asksForAProofOfTheSecret()
    {
        const QString path = u"/v23.0/300000000000001?fields=id,name"_s;
        QCOMPARE(m_client->get(path, m_token).code(), u"100"_s);
        QCOMPARE(m_client->get(path + u"&appsecret_proof=00"_s, m_token).code(), u"100"_s);
        QCOMPARE(m_client->get(path + u"&appsecret_proof="_s + m_proof, m_token).json[u"name"_s].toString(), u"Lantern Books"_s);
        QCOMPARE(m_client->get(u"/v23.0/300000000000009?fields=id&appsecret_proof="_s + m_proof, m_token).code(), u"100.33"_s);
    }

    void echoesASendWithItsTagAndThenSaysItArrived()
    {
        const GraphAnswer sent = send({{u"text"_s, u"Yes"_s}, {u"metadata"_s, u"antiphon:9f0c"_s}});
        QCOMPARE(sent.code(), u"ok"_s);
        QTRY_COMPARE(m_receiver->received.size(), 2);
        const qsizetype echo = m_receiver->element(0).contains(u"delivery"_s) ? 1 : 0;
        const QJsonObject told = m_receiver->element(echo)[u"message"_s].toObject();
        QCOMPARE(told[u"mid"_s], sent.json[u"message_id"_s]);
        QCOMPARE(told[u"metadata"_s].toString(), u"antiphon:9f0c"_s);
        QCOMPARE(QString::number(told[u"app_id"_s].toInteger()), m_platform->app().appId);
        QCOMPARE(m_receiver->element(1 - echo)[u"delivery"_s][u"mids"_s][0], sent.json[u"message_id"_s]);
        QCOMPARE(m_receiver->badSignatures, 0);
    }

    void judgesSends()
    {
        QCOMPARE(send({{u"text"_s, QString(2000, u'x')}}).code(), u"ok"_s);
        QCOMPARE(send({{u"text"_s, QString(2001, u'x')}}).code(), u"100"_s);
        QCOMPARE(send({{u"text"_s, u"x"_s}}, {{u"messaging_type"_s, QJsonValue::Null}}).code(), u"100"_s);
        QCOMPARE(send({{u"colour"_s, u"x"_s}}).code(), u"100"_s);
        m_clock->advance(24h + 1s);
        QCOMPARE(send({{u"text"_s, u"x"_s}}).code(), u"10.2018278"_s);
        QCOMPARE(send({{u"text"_s, u"x"_s}}, {{u"messaging_type"_s, u"MESSAGE_TAG"_s}, {u"tag"_s, u"HUMAN_AGENT"_s}}).code(), u"ok"_s);
        QCOMPARE(m_platform->sent().size(), 2);
    }

    void takesFilesInTheSendItself()
    {
        FormData form("b0und4ry");
        form.addField("recipient", "{\"id\":\"" + m_person.toLatin1() + "\"}");
        form.addField("messaging_type", "RESPONSE");
        form.addField("message", R"({"attachment":{"type":"image","payload":{"is_reusable":true}}})");
        form.addFile("filedata", u"shelf.jpg"_s, "image/jpeg", pictures::shelfJpeg(1));
        const GraphAnswer sent = m_client->call("POST", path(), form.body(), form.contentType(), m_token);
        QCOMPARE(sent.code(), u"ok"_s);
        QCOMPARE(m_platform->sent().last().file, pictures::shelfJpeg(1));
    }

    void tellsOfReceiptsOtherAppsAndHandovers()
    {
        m_platform->customerReads(m_person, m_clock->now());
        QTRY_COMPARE(m_receiver->received.size(), 1);
        QCOMPARE(m_receiver->element(0)[u"read"_s][u"watermark"_s].toInteger(), toUnixMs(m_clock->now()));
        m_platform->otherAppWrites(m_person, u"Our bot says hello"_s, 1517776481860111);
        QTRY_COMPARE(m_receiver->received.size(), 2);
        QCOMPARE(m_receiver->element(1)[u"sender"_s][u"id"_s].toString(), u"300000000000001"_s);
        m_platform->customerWrites(m_person, u"bot?"_s, {.isStandby = true});
        QTRY_COMPARE(m_receiver->received.size(), 3);
        QVERIFY(m_receiver->entry(2).contains(u"standby"_s));
        m_platform->handOver(m_person, u"pass_thread_control"_s, {{u"new_owner_app_id"_s, u"1"_s}});
        QTRY_COMPARE(m_receiver->received.size(), 4);
        QVERIFY(m_receiver->element(3).contains(u"pass_thread_control"_s));
    }

private:
    QString path() const { return u"/v23.0/300000000000001/messages?appsecret_proof="_s + m_proof; }
    GraphAnswer send(const QJsonObject &message, const QJsonObject &more = {})
    {
        QJsonObject body{{u"recipient"_s, QJsonObject{{u"id"_s, m_person}}}, {u"messaging_type"_s, u"RESPONSE"_s}, {u"message"_s, message}};
        for (auto it = more.begin(); it != more.end(); ++it)
            body.insert(it.key(), it.value());
        return m_client->post(path(), body, m_token);
    }

    FakeRandom m_random;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<SimulatedMessenger> m_platform;
    std::unique_ptr<GraphClient> m_client;
    std::unique_ptr<GraphReceiver> m_receiver;
    QString m_token;
    QString m_proof;
    QString m_person;
};

ANTIPHON_TEST(SimulatedMessengerTest)
#include "tst_simulatedmessenger.moc"
