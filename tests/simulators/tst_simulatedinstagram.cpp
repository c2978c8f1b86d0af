#include "app/demo/simulatedinstagram.h"
#include "app/demo/simulatedpictures.h"
#include "tests/simulators/graphtest.h"
#include "tests/support/testmain.h"

#include <QUrlQuery>

using namespace antiphon;
using namespace antiphon::demo;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class SimulatedInstagramTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        InstagramOptions options;
        options.app.webhookPauseScale = 0.001;
        m_platform = std::make_unique<SimulatedInstagram>(options, *m_clock, m_random);
        QVERIFY(m_platform->listen());
        m_client = std::make_unique<GraphClient>(m_platform->apiUrl());
        m_receiver = std::make_unique<GraphReceiver>(*m_clock, m_platform->app().verifyToken, m_platform->app().appSecret.toUtf8());
        QVERIFY(m_receiver->listen());
        m_platform->webhooks().setCallback(m_receiver->url(u"/webhooks/instagram"_s));
        m_token = m_platform->issueToken();
        m_person = m_platform->meet({.name = u"Ines Duarte"_s, .username = u"ines.duarte"_s});
    }
    void cleanup()
    {
        m_client.reset();
        m_platform.reset();
        m_receiver.reset();
    }

    void consentsAndTradesCodesForTokens_data()
    {
        QTest::addColumn<bool>("flat");
        QTest::newRow("as documented") << false;
        QTest::newRow("as seen live") << true;
    }

    void consentsAndTradesCodesForTokens()
    {
        QFETCH(bool, flat);
        m_platform->setFlatTokens(flat);
        const GraphAnswer page = authorize();
        QCOMPARE(page.status, 302);
        QVERIFY(page.location.endsWith("#_"));
        const QString code = QUrlQuery(QUrl::fromEncoded(page.location)).queryItemValue(u"code"_s);
        QCOMPARE(exchange(code, u"https://shop.example/other"_s).status, 400);
        const GraphAnswer traded = exchange(code);
        QCOMPARE(traded.status, 200);
        QCOMPARE(exchange(code).json[u"error_message"_s].toString(), u"Matching code was not found or was already used"_s);
        const QJsonObject grant = flat ? traded.json : traded.json[u"data"_s][0].toObject();
        const QString shortToken = grant[u"access_token"_s].toString();
        const GraphAnswer lasting = m_client->get(u"/access_token?grant_type=ig_exchange_token&client_secret=%1&access_token=%2"_s.arg(m_platform->app().appSecret, shortToken));
        QCOMPARE(lasting.json[u"expires_in"_s].toInt(), 5'184'000);
        const QString token = lasting.json[u"access_token"_s].toString();
        const QJsonObject me = m_client->get(u"/v23.0/me?fields=id,user_id,username"_s, token).json;
        QCOMPARE((flat ? me : me[u"data"_s][0].toObject())[u"user_id"_s].toString(), u"17840000000000001"_s);

        const QString refresh = u"/refresh_access_token?grant_type=ig_refresh_token&access_token=%1"_s.arg(token);
        QCOMPARE(m_client->get(refresh).code(), u"100"_s);
        m_clock->advance(24h);
        QCOMPARE(m_client->get(refresh).code(), u"ok"_s);
        QCOMPARE(m_client->get(u"/v23.0/me?fields=id"_s, token).code(), u"190.460"_s);
    }

    void deniesAndWithholdsOnRequest()
    {
        m_platform->consentNext({.isDenied = true});
        QVERIFY(authorize().location.contains("error=access_denied&error_reason=user_denied"));
        m_platform->consentNext({.isUnfit = true});
        QVERIFY(authorize().location.contains("Permissions+error"));
        m_platform->consentNext({.withheld = {u"instagram_business_manage_messages"_s}});
        const QString code = QUrlQuery(QUrl::fromEncoded(authorize().location)).queryItemValue(u"code"_s);
        QCOMPARE(exchange(code).json[u"data"_s][0][u"permissions"_s].toString(), u"instagram_business_basic"_s);
        QCOMPARE(authorize("instagram_business_everything").status, 400);
    }

    void tellsAProfileOnceThePersonWrote()
    {
        const QString path = u"/v23.0/%1?fields=name,username,profile_pic"_s.arg(m_person);
        QCOMPARE(m_client->get(path, m_token).code(), u"230"_s);
        m_platform->customerWrites(m_person, u"Hi"_s);
        const GraphAnswer told = m_client->get(path, m_token);
        QCOMPARE(told.json[u"username"_s].toString(), u"ines.duarte"_s);
        QCOMPARE(m_client->get(told.json[u"profile_pic"_s].toString()).status, 200);
        m_platform->person(m_person)->profileCode = 9010;
        QCOMPARE(m_client->get(path, m_token).code(), u"9010"_s);
    }

    void judgesSends_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QJsonObject>("more");
        QTest::addColumn<int>("hours");
        QTest::addColumn<QString>("code");
        const QJsonObject tagged{{u"messaging_type"_s, u"MESSAGE_TAG"_s}, {u"tag"_s, u"HUMAN_AGENT"_s}};
        QTest::newRow("longest") << QString(1000, u'x') << QJsonObject() << 0 << u"ok"_s;
        QTest::newRow("a byte too many") << QString(999, u'x') + u"é"_s << QJsonObject() << 0 << u"100"_s;
        QTest::newRow("within a day") << u"x"_s << QJsonObject() << 24 << u"ok"_s;
        QTest::newRow("after a day") << u"x"_s << QJsonObject() << 25 << u"10.2534022"_s;
        QTest::newRow("by a person") << u"x"_s << tagged << 25 << u"ok"_s;
        QTest::newRow("by a person too early") << u"x"_s << tagged << 1 << u"613.2018338"_s;
        QTest::newRow("by a person too late") << u"x"_s << tagged << 169 << u"10.2534022"_s;
        QTest::newRow("retired tag") << u"x"_s << QJsonObject{{u"messaging_type"_s, u"MESSAGE_TAG"_s}, {u"tag"_s, u"ACCOUNT_UPDATE"_s}} << 25 << u"100"_s;
        QTest::newRow("strange key") << u"x"_s << QJsonObject{{u"colour"_s, 1}} << 0 << u"100"_s;
        QTest::newRow("nobody") << u"x"_s << QJsonObject{{u"recipient"_s, QJsonObject{{u"id"_s, u"1"_s}}}} << 0 << u"100.2018001"_s;
    }

    void judgesSends()
    {
        QFETCH(QString, text);
        QFETCH(QJsonObject, more);
        QFETCH(int, hours);
        QFETCH(QString, code);
        m_platform->setEcho(Echo::Never);
        m_platform->customerWrites(m_person, u"Hi"_s, {.withWebhook = false});
        m_clock->advance(std::chrono::hours(hours));
        QJsonObject body{{u"recipient"_s, QJsonObject{{u"id"_s, m_person}}}, {u"message"_s, QJsonObject{{u"text"_s, text}}}};
        for (auto it = more.begin(); it != more.end(); ++it)
            body.insert(it.key(), it.value());
        QCOMPARE(m_client->post(u"/v23.0/me/messages"_s, body, m_token).code(), code);
        QCOMPARE(m_platform->sent().size(), code == "ok"_L1 ? 1 : 0);
    }

    void fetchesAttachmentsByTheirLinks()
    {
        m_platform->customerWrites(m_person, u"Hi"_s, {.withWebhook = false});
        const auto send = [this](const QString &type, const QString &url) {
            const QJsonObject attachment{{u"type"_s, type}, {u"payload"_s, QJsonObject{{u"url"_s, url}}}};
            return m_client->post(u"/v23.0/17840000000000001/messages"_s,
                                  {{u"recipient"_s, QJsonObject{{u"id"_s, m_person}}}, {u"message"_s, QJsonObject{{u"attachment"_s, attachment}}}}, m_token);
        };
        const QString link = m_platform->offerFile(pictures::shelfJpeg(2), "image/jpeg").toString();
        QCOMPARE(send(u"image"_s, link).code(), u"ok"_s);
        QCOMPARE(m_platform->sent().last().file, pictures::shelfJpeg(2));
        QCOMPARE(send(u"video"_s, link).code(), u"100.2018047"_s);
        QCOMPARE(send(u"image"_s, m_platform->apiUrl().toString() + u"/files/gone"_s).code(), u"100.2018008"_s);
        QTRY_COMPARE(m_receiver->received.size(), 1);
        QVERIFY(m_receiver->element(0)[u"message"_s][u"is_echo"_s].toBool());
        QCOMPARE(m_receiver->element(0)[u"recipient"_s][u"id"_s].toString(), m_person);
    }

    void tellsAnEchoBeforeTheAnswerOnRequest()
    {
        m_platform->setEcho(Echo::BeforeAnswer, 200ms);
        m_platform->customerWrites(m_person, u"Hi"_s, {.withWebhook = false});
        const GraphAnswer sent = m_client->post(u"/v23.0/me/messages"_s, {{u"recipient"_s, QJsonObject{{u"id"_s, m_person}}}, {u"message"_s, QJsonObject{{u"text"_s, u"yes"_s}}}}, m_token);
        QCOMPARE(m_receiver->received.size(), 1);
        QCOMPARE(m_receiver->element(0)[u"message"_s][u"mid"_s], sent.json[u"message_id"_s]);
    }

    void listsThreadsWithTheirMessages()
    {
        m_platform->customerWrites(m_person, u"one"_s, {.withWebhook = false});
        m_clock->advance(1s);
        m_platform->appWrites(m_person, u"two"_s, {.withWebhook = false});
        const QJsonObject list = m_client->get(u"/v23.0/me/conversations?platform=instagram&user_id=%1&fields=id,updated_time,messages.limit(20)%7Bid,created_time,from,to,message%7D"_s.arg(m_person), m_token).json;
        const QJsonObject thread = list[u"data"_s][0].toObject();
        QCOMPARE(thread[u"messages"_s][u"data"_s][0][u"message"_s].toString(), u"two"_s);
        QCOMPARE(thread[u"messages"_s][u"data"_s][1][u"from"_s][u"id"_s].toString(), m_person);
        QCOMPARE(m_client->get(u"/v23.0/%1?fields=messages"_s.arg(thread[u"id"_s].toString()), m_token).json[u"messages"_s][u"data"_s].toArray().size(), 2);
    }

    void subscribesToWhatThereIs()
    {
        const QString path = u"/v23.0/17840000000000001/subscribed_apps"_s;
        QCOMPARE(m_client->call("POST", path + u"?subscribed_fields=messages,message_edits"_s, {}, {}, m_token).code(), u"100"_s);
        QCOMPARE(m_client->call("POST", path + u"?subscribed_fields=messages,message_edit"_s, {}, {}, m_token).code(), u"ok"_s);
        QCOMPARE(m_client->get(path, m_token).json[u"data"_s][0][u"subscribed_fields"_s].toArray().size(), 2);
    }

private:
    GraphAnswer authorize(const QByteArray &scope = "instagram_business_basic,instagram_business_manage_messages")
    {
        QUrl url(m_platform->oauthUrl().toString() + u"/oauth/authorize"_s);
        url.setQuery(u"client_id=%1&redirect_uri=%2&response_type=code&scope=%3&state=st.1"_s.arg(m_platform->app().appId, QString::fromLatin1(QUrl::toPercentEncoding(kRedirect)), QString::fromLatin1(scope)));
        return m_client->get(QString::fromLatin1(url.toEncoded()));
    }
    GraphAnswer exchange(const QString &code, const QString &redirect = kRedirect)
    {
        const QByteArray form = "client_id=" + m_platform->app().appId.toLatin1() + "&client_secret=" + m_platform->app().appSecret.toLatin1()
            + "&grant_type=authorization_code&redirect_uri=" + QUrl::toPercentEncoding(redirect) + "&code=" + QUrl::toPercentEncoding(code);
        return m_client->call("POST", m_platform->oauthUrl().toString() + u"/oauth/access_token"_s, form, "application/x-www-form-urlencoded", {});
    }

    static inline const QString kRedirect = u"https://shop.example/instagram/callback"_s;
    FakeRandom m_random;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<SimulatedInstagram> m_platform;
    std::unique_ptr<GraphClient> m_client;
    std::unique_ptr<GraphReceiver> m_receiver;
    QString m_token;
    QString m_person;
};

ANTIPHON_TEST(SimulatedInstagramTest)
#include "tst_simulatedinstagram.moc"
