#include "app/demo/simulatedpictures.h"
#include "app/demo/simulatedwhatsapp.h"
#include "core/net/formdata.h"
#include "tests/simulators/graphtest.h"
#include "tests/support/testmain.h"

using namespace antiphon;
using namespace antiphon::demo;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class SimulatedWhatsappTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        WhatsappOptions options{.numbers = {WhatsappNumber{}, WhatsappNumber{.id = u"200000000000002"_s, .digits = u"15550100009"_s, .accountId = u"100000000000002"_s, .isCoexistence = true}}};
        options.app.webhookPauseScale = 0.001;
        m_platform = std::make_unique<SimulatedWhatsapp>(options, *m_clock, m_random);
        QVERIFY(m_platform->listen());
        m_client = std::make_unique<GraphClient>(m_platform->apiUrl());
        m_receiver = std::make_unique<GraphReceiver>(*m_clock, m_platform->app().verifyToken, m_platform->app().appSecret.toUtf8());
        QVERIFY(m_receiver->listen());
        m_platform->webhooks().setCallback(m_receiver->url(u"/webhooks/whatsapp/+15550100001"_s));
        m_token = m_platform->issueToken();
        m_messages = u"/v23.0/%1/messages"_s.arg(m_platform->number().id);
    }
    void cleanup()
    {
        m_client.reset();
        m_platform.reset();
        m_receiver.reset();
    }

    void tellsOfItsNumberToWhoMayKnow()
    {
        const QString path = u"/v23.0/200000000000001?fields=display_phone_number,verified_name,is_on_biz_app"_s;
        const GraphAnswer known = m_client->get(path, m_token);
        QCOMPARE(known.code(), u"ok"_s);
        QCOMPARE(known.json[u"display_phone_number"_s].toString().remove(u' '), u"+15550100001"_s);
        QCOMPARE(known.json[u"is_on_biz_app"_s], QJsonValue(false));
        QCOMPARE(m_client->get(path).code(), u"104"_s);
        QCOMPARE(m_client->get(path, u"EAATwrong"_s).code(), u"190.460"_s);
        QCOMPARE(m_client->get(u"/v23.0/200000000000099?fields=id"_s, m_token).code(), u"100.33"_s);
        QCOMPARE(m_client->get(u"/v23.0/200000000000002?fields=id"_s, m_token).code(), u"100.33"_s);
        QCOMPARE(m_client->get(u"/v23.0/200000000000001?fields=shoe_size"_s, m_token).code(), u"100"_s);
        QCOMPARE(m_client->get(u"/v13.0/200000000000001"_s, m_token).code(), u"2500"_s);
        const QString messagesOnly = m_platform->issueToken({u"whatsapp_business_messaging"_s});
        QCOMPARE(m_client->get(u"/v23.0/100000000000001/message_templates?limit=1"_s, messagesOnly).code(), u"200"_s);
        m_platform->revokeTokens();
        QCOMPARE(m_client->get(path, m_token).code(), u"190.460"_s);
    }

    void pagesTemplates()
    {
        QString path = u"/v23.0/100000000000001/message_templates?limit=100"_s;
        QStringList names;
        for (int pages = 0; !path.isEmpty() && pages < 10; ++pages) {
            const GraphAnswer page = m_client->get(path, m_token);
            const QJsonArray data = page.json[u"data"_s].toArray();
            QVERIFY(data.size() <= 2);
            for (const QJsonValue &one : data)
                names.append(one[u"name"_s].toString());
            path = page.json[u"paging"_s][u"next"_s].toString();
        }
        QCOMPARE(names, QStringList({u"order_ready"_s, u"order_ready"_s, u"welcome_back"_s, u"spring_offer"_s, u"new_shelf"_s}));
    }

    void subscribesAndVerifiesAnAddressOfItsOwn()
    {
        const QString path = u"/v23.0/100000000000001/subscribed_apps"_s;
        QVERIFY(m_client->get(path, m_token).json[u"data"_s].toArray().isEmpty());
        QCOMPARE(m_client->post(path, {}, m_token).code(), u"ok"_s);
        QCOMPARE(m_client->get(path, m_token).json[u"data"_s][0][u"whatsapp_business_api_data"_s][u"id"_s].toString(), m_platform->app().appId);
        const auto configuration = [this](const QString &token) {
            return QJsonObject{{u"webhook_configuration"_s, QJsonObject{{u"override_callback_uri"_s, m_receiver->url(u"/own"_s).toString()}, {u"verify_token"_s, token}}}};
        };
        QCOMPARE(m_client->post(u"/v23.0/200000000000001"_s, configuration(u"wrong"_s), m_token).code(), u"2200"_s);
        QCOMPARE(m_client->post(u"/v23.0/200000000000001"_s, configuration(m_platform->app().verifyToken), m_token).code(), u"ok"_s);
        m_platform->customerWrites(kAda, u"ping"_s);
        QTRY_COMPARE(m_receiver->received.size(), 1);
        QCOMPARE(m_receiver->received[0].path, "/own");
        QCOMPARE(m_client->call("DELETE", path, {}, {}, m_token).code(), u"ok"_s);
    }

    void judgesSends_data()
    {
        QTest::addColumn<QJsonObject>("change");
        QTest::addColumn<QString>("code");
        const auto text = [](qsizetype size) { return QJsonObject{{u"text"_s, QJsonObject{{u"body"_s, QString(size, u'x')}}}}; };
        const auto form = [](const QString &name, const QStringList &values) {
            QJsonArray parameters;
            for (const QString &value : values)
                parameters.append(QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, value}});
            const QJsonObject body{{u"type"_s, u"body"_s}, {u"parameters"_s, parameters}};
            return QJsonObject{{u"type"_s, u"template"_s},
                               {u"template"_s, QJsonObject{{u"name"_s, name}, {u"language"_s, QJsonObject{{u"code"_s, u"de"_s}}}, {u"components"_s, QJsonArray{body}}}},
                               {u"text"_s, QJsonValue::Undefined}};
        };
        QTest::newRow("right") << QJsonObject() << u"ok"_s;
        QTest::newRow("longest") << text(4096) << u"ok"_s;
        QTest::newRow("too long") << text(4097) << u"100"_s;
        QTest::newRow("empty") << text(0) << u"100"_s;
        QTest::newRow("strange key") << QJsonObject{{u"colour"_s, u"red"_s}} << u"100"_s;
        QTest::newRow("no product") << QJsonObject{{u"messaging_product"_s, u"sms"_s}} << u"100"_s;
        QTest::newRow("user id in to") << QJsonObject{{u"to"_s, u"US.31415926535"_s}} << u"100"_s;
        QTest::newRow("to itself") << QJsonObject{{u"to"_s, u"15550100001"_s}} << u"131021"_s;
        QTest::newRow("nobody who wrote") << QJsonObject{{u"to"_s, u"15550100077"_s}} << u"131047"_s;
        QTest::newRow("long tag") << QJsonObject{{u"biz_opaque_callback_data"_s, QString(513, u'x')}} << u"100"_s;
        QTest::newRow("unknown file") << QJsonObject{{u"type"_s, u"image"_s}, {u"image"_s, QJsonObject{{u"id"_s, u"1"_s}}}, {u"text"_s, QJsonValue::Undefined}} << u"131053"_s;
        QTest::newRow("template") << form(u"order_ready"_s, {u"Ada"_s, u"Friday"_s}) << u"ok"_s;
        QTest::newRow("template with too few") << form(u"order_ready"_s, {u"Ada"_s}) << u"132000"_s;
        QTest::newRow("template with a line") << form(u"order_ready"_s, {u"Ada\nL"_s, u"Friday"_s}) << u"132012"_s;
        QTest::newRow("template unknown") << form(u"spring_offer"_s, {}) << u"132001"_s;
    }

    void judgesSends()
    {
        QFETCH(QJsonObject, change);
        QFETCH(QString, code);
        m_platform->setStatuses({});
        m_platform->customerWrites(kAda, u"ping"_s, {.withWebhook = false});
        QJsonObject body = textTo(u"15550100002"_s, u"hello"_s);
        for (auto it = change.begin(); it != change.end(); ++it)
            body.insert(it.key(), it.value());
        if (change.contains(u"type"_s))
            body.remove(u"text"_s);
        QCOMPARE(m_client->post(m_messages, body, m_token).code(), code);
        QCOMPARE(m_platform->sent().size(), code == "ok"_L1 ? 1 : 0);
    }

    void closesItsWindowAfterADay()
    {
        m_platform->setStatuses({});
        m_platform->customerWrites(kAda, u"ping"_s, {.withWebhook = false});
        m_clock->advance(24h - 1s);
        QCOMPARE(m_client->post(m_messages, textTo(u"15550100002"_s, u"in time"_s), m_token).code(), u"ok"_s);
        m_clock->advance(1s);
        QCOMPARE(m_client->post(m_messages, textTo(u"15550100002"_s, u"too late"_s), m_token).code(), u"131047"_s);
    }

    void followsASendWithItsStatuses()
    {
        m_platform->customerWrites(kAda, u"ping"_s, {.withWebhook = false});
        m_platform->setCanonical(u"15550100022"_s, u"15550100002"_s);
        QJsonObject body = textTo(u"15550100022"_s, u"hello"_s);
        body.insert(u"biz_opaque_callback_data"_s, u"tag-1"_s);
        const GraphAnswer sent = m_client->post(m_messages, body, m_token);
        QCOMPARE(sent.json[u"contacts"_s][0][u"wa_id"_s].toString(), u"15550100002"_s);
        QTRY_COMPARE(m_receiver->received.size(), 2);
        const QJsonObject status = m_receiver->value(0)[u"statuses"_s][0].toObject();
        QCOMPARE(status[u"id"_s], sent.json[u"messages"_s][0][u"id"_s]);
        QCOMPARE(status[u"biz_opaque_callback_data"_s].toString(), u"tag-1"_s);
        QCOMPARE(m_receiver->badSignatures, 0);
    }

    void handsOutFilesForFiveMinutes()
    {
        const QJsonObject file = m_platform->offerFile(pictures::shelfJpeg(1), "image/jpeg");
        const QString path = u"/v23.0/%1?phone_number_id=200000000000001"_s.arg(file[u"id"_s].toString());
        const GraphAnswer first = m_client->get(path, m_token);
        const QString url = first.json[u"url"_s].toString();
        QCOMPARE(m_client->get(url, m_token).bytes, pictures::shelfJpeg(1));
        QCOMPARE(m_client->get(url).status, 401);
        m_clock->advance(5min);
        QCOMPARE(m_client->get(url, m_token).status, 404);
        QCOMPARE(m_client->get(m_client->get(path, m_token).json[u"url"_s].toString(), m_token).status, 200);
        m_clock->advance(7 * 24h);
        QCOMPARE(m_client->get(path, m_token).code(), u"100.33"_s);
        QCOMPARE(QByteArray::fromHex(first.json[u"sha256"_s].toString().toLatin1()), QByteArray::fromBase64(file[u"sha256"_s].toString().toLatin1()));
    }

    void takesUploadsOfWhatItKnows()
    {
        m_platform->setStatuses({});
        m_platform->customerWrites(kAda, u"ping"_s, {.withWebhook = false});
        const auto upload = [this](const QByteArray &bytes, const QByteArray &mime, const QByteArray &product = "whatsapp") {
            FormData form("b0und4ry");
            form.addField("messaging_product", product);
            form.addField("type", mime);
            form.addFile("file", u"a.bin"_s, mime, bytes);
            return m_client->call("POST", u"/v23.0/200000000000001/media"_s, form.body(), form.contentType(), m_token);
        };
        const GraphAnswer taken = upload(pictures::shelfJpeg(1), "image/jpeg");
        QCOMPARE(taken.code(), u"ok"_s);
        QCOMPARE(upload("x", "image/gif").code(), u"100"_s);
        QCOMPARE(upload("x", "image/jpeg", "sms").code(), u"100"_s);
        QCOMPARE(upload(QByteArray(5 * 1024 * 1024 + 1, 'x'), "image/png").code(), u"131053"_s);
        QJsonObject body = textTo(u"15550100002"_s, {});
        body.remove(u"text"_s);
        body[u"type"_s] = u"image"_s;
        body[u"image"_s] = QJsonObject{{u"id"_s, taken.json[u"id"_s]}, {u"caption"_s, u"this one"_s}};
        QCOMPARE(m_client->post(m_messages, body, m_token).code(), u"ok"_s);
    }

    void scriptsItsAnswersButNotForSigns()
    {
        const QString id = m_platform->customerWrites(kAda, u"ping"_s, {.withWebhook = false});
        m_platform->next(u"POST messages"_s, {.code = 131056, .message = u"Pair rate limit hit"_s, .httpStatus = 400, .retryAfter = 4s});
        const QJsonObject sign{{u"messaging_product"_s, u"whatsapp"_s}, {u"status"_s, u"read"_s}, {u"message_id"_s, id}, {u"typing_indicator"_s, QJsonObject{{u"type"_s, u"text"_s}}}};
        QCOMPARE(m_client->post(m_messages, sign, m_token).code(), u"ok"_s);
        QCOMPARE(m_platform->read(), QStringList{id});
        const GraphAnswer refused = m_client->post(m_messages, textTo(u"15550100002"_s, u"one"_s), m_token);
        QCOMPARE(refused.code(), u"131056"_s);
        QCOMPARE(refused.retryAfter, "4");
        QVERIFY(m_platform->sent().isEmpty());
        m_platform->next(u"POST messages"_s, {.httpStatus = 502, .takesEffect = true});
        QCOMPARE(m_client->post(m_messages, textTo(u"15550100002"_s, u"two"_s), m_token).code(), u"502"_s);
        QCOMPARE(m_platform->sent().size(), 1);
        QCOMPARE(m_platform->count(u"POST messages"_s), 3);
    }

    void gathersABatchOfBothNumbers()
    {
        m_platform->beginBatch();
        m_platform->customerWrites(kAda, u"Grüße 👋"_s);
        m_platform->at(1);
        m_platform->phoneWrites({.waId = u"15550100003"_s}, u"On my way"_s);
        m_platform->endBatch();
        QTRY_COMPARE(m_receiver->received.size(), 1);
        QVERIFY(m_receiver->received[0].body.contains("Gr\\u00fc\\u00dfe \\ud83d\\udc4b"));
        QCOMPARE(m_receiver->value(0, 0)[u"metadata"_s][u"phone_number_id"_s].toString(), u"200000000000001"_s);
        QCOMPARE(m_receiver->value(0, 0)[u"messages"_s][0][u"text"_s][u"body"_s].toString(), u"Grüße 👋"_s);
        QCOMPARE(m_receiver->value(0, 1)[u"message_echoes"_s][0][u"to"_s].toString(), u"15550100003"_s);
        QCOMPARE(m_receiver->badSignatures, 0);
    }

    void synchronizesACoexistenceNumberOnce()
    {
        m_platform->at(1);
        const QString token = m_platform->issueToken();
        const QJsonObject history{{u"messaging_product"_s, u"whatsapp"_s}, {u"sync_type"_s, u"history"_s}};
        QCOMPARE(m_client->post(u"/v23.0/200000000000002/smb_app_data"_s, history, token).code(), u"ok"_s);
        QCOMPARE(m_client->post(u"/v23.0/200000000000002/smb_app_data"_s, history, token).code(), u"2593107"_s);
        QCOMPARE(m_client->post(u"/v23.0/200000000000001/smb_app_data"_s, history, m_token).code(), u"100"_s);
    }

private:
    static QJsonObject textTo(const QString &to, const QString &text)
    {
        return {{u"messaging_product"_s, u"whatsapp"_s}, {u"recipient_type"_s, u"individual"_s}, {u"to"_s, to}, {u"type"_s, u"text"_s}, {u"text"_s, QJsonObject{{u"body"_s, text}}}};
    }

    const WhatsappCustomer kAda{.waId = u"15550100002"_s, .name = u"Ada"_s};
    FakeRandom m_random;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<SimulatedWhatsapp> m_platform;
    std::unique_ptr<GraphClient> m_client;
    std::unique_ptr<GraphReceiver> m_receiver;
    QString m_token;
    QString m_messages;
};

ANTIPHON_TEST(SimulatedWhatsappTest)
#include "tst_simulatedwhatsapp.moc"
