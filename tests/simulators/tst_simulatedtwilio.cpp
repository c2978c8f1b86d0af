#include "app/demo/simulatedtwilio.h"
#include "tests/simulators/graphtest.h"
#include "tests/simulators/hookreceiver.h"
#include "tests/support/testmain.h"

using namespace antiphon;
using namespace antiphon::demo;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class SimulatedTwilioTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        TwilioOptions options{.pauseScale = 0.01};
        options.numbers.append({.sid = u"PN00000000000000000000000000000002"_s, .number = u"+15005550007"_s, .service = options.serviceSid});
        m_platform = std::make_unique<SimulatedTwilio>(options, *m_clock, m_random);
        QVERIFY(m_platform->listen());
        m_client = std::make_unique<GraphClient>(m_platform->apiUrl());
        m_receiver = std::make_unique<HookReceiver>(*m_clock);
        QVERIFY(m_receiver->listen());
        m_user = u"AC00000000000000000000000000000001:0123456789abcdef0123456789abcdef"_s;
    }
    void cleanup()
    {
        m_client.reset();
        m_platform.reset();
        m_receiver.reset();
    }

    void signsAsTheVectorsSay()
    {
        const QString token = u"0123456789abcdef0123456789abcdef"_s;
        const QUrl url(u"https://desk.example.test/webhooks/twilio/in7"_s);
        const SimulatedTwilio::Fields v1 = SimulatedTwilio::fieldsOf(
            "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&Body=Hello%2C+is+my+order+ready%3F&From=%2B15005550001&FromCity=SPRINGFIELD&FromCountry=US&FromState=IL&FromZip=62701"
            "&MessageSid=SM00000000000000000000000000000011&NumMedia=0&NumSegments=1&SmsMessageSid=SM00000000000000000000000000000011&SmsSid=SM00000000000000000000000000000011&SmsStatus=received"
            "&To=%2B15005550006&ToCity=&ToCountry=US&ToState=&ToZip=");
        QCOMPARE(SimulatedTwilio::signature(token, url, v1), "RaLnVGw6Z0zRilyJ8X3Drii56Uc=");
        QCOMPARE(SimulatedTwilio::signature(token, QUrl(u"https://desk.example.test/twilio/callback?inbox=7#rc=3&rp=all"_s), v1), "1o+BxXdZBn4TFj5+qvFeBWzIMQs=");
        QCOMPARE(SimulatedTwilio::signature(token, url, {}), "WO9/avibzwJiKw+Bewxn3luZ3oc=");
        QCOMPARE(SimulatedTwilio::signature(token, url, {{u"MediaUrl"_s, u"b"_s}, {u"AccountSid"_s, u"AC1"_s}, {u"MediaUrl"_s, u"a"_s}, {u"Body"_s, u"x"_s}, {u"MediaUrl"_s, u"a"_s}}),
                 "LrCyDdBpcAMao/rI5mTBJPwvIyc=");
        const SimulatedTwilio::Fields v2{{u"AccountSid"_s, u"AC00000000000000000000000000000001"_s}, {u"Body"_s, u"Grüße & 100% 👋 + ok"_s}, {u"From"_s, u"whatsapp:+4915112345678"_s},
                                         {u"MessageSid"_s, u"SM00000000000000000000000000000012"_s}, {u"NumMedia"_s, u"0"_s}, {u"ProfileName"_s, u"Jörg Müller"_s},
                                         {u"To"_s, u"whatsapp:+14155238886"_s}, {u"WaId"_s, u"4915112345678"_s}};
        QCOMPARE(SimulatedTwilio::signature(token, QUrl(u"https://desk.example.test/webhooks/twilio/in8?k=1"_s), v2), "N+jv+fAyI5adstB97W0pOiOwp5w=");
        QCOMPARE(SimulatedTwilio::fieldsOf(SimulatedTwilio::formOf(v2)), v2);
    }

    void letsInTheTokenAndTheKey()
    {
        QCOMPARE(get(u"/2010-04-01/Accounts/AC00000000000000000000000000000001.json"_s).json[u"status"_s].toString(), u"active"_s);
        QCOMPARE(get(u"/2010-04-01/Accounts/AC00000000000000000000000000000002.json"_s).status, 404);
        m_user = m_platform->options().apiKeySid + u':' + m_platform->options().apiKeySecret;
        QCOMPARE(get(u"/2010-04-01/Accounts/AC00000000000000000000000000000001.json"_s).status, 200);
        m_user = u"AC00000000000000000000000000000001:wrong"_s;
        QCOMPARE(get(u"/2010-04-01/Accounts/AC00000000000000000000000000000001.json"_s).json[u"code"_s].toInt(), 20003);
    }

    void registersAddressesWhereMessagesGo()
    {
        const QString numbers = u"/2010-04-01/Accounts/AC00000000000000000000000000000001/IncomingPhoneNumbers"_s;
        const GraphAnswer found = get(numbers + u".json?PhoneNumber=%2B15005550006"_s);
        const QString sid = found.json[u"incoming_phone_numbers"_s][0][u"sid"_s].toString();
        QCOMPARE(sid, u"PN00000000000000000000000000000001"_s);
        QVERIFY(get(numbers + u".json?PhoneNumber=%2B15005550099"_s).json[u"incoming_phone_numbers"_s].toArray().isEmpty());
        const QString url = m_receiver->url(u"/twilio/callback"_s).toString() + u"?inbox=7#rc=3&rp=all"_s;
        QCOMPARE(form(numbers + u'/' + sid + u".json"_s, {{u"SmsUrl"_s, url}, {u"SmsMethod"_s, u"POST"_s}}).status, 200);
        QCOMPARE(form(numbers + u'/' + sid + u".json"_s, {{u"SmsUrl"_s, u"https://a.example/#rc=9"_s}}).status, 400);
        QCOMPARE(form(numbers + u'/' + sid + u".json"_s, {{u"SmsColour"_s, u"red"_s}}).status, 400);
        m_receiver->replies = {{.status = 500}, {.contentType = "text/xml", .body = "<Response/>"}};
        m_platform->customerWrites(u"+15005550001"_s, u"Grüße & mehr"_s);
        QTRY_COMPARE(m_receiver->received.size(), 2);       // as the fragment says
        QCOMPARE(m_receiver->received[1].rawQuery, "inbox=7");
        const auto fields = SimulatedTwilio::fieldsOf(m_receiver->received[1].body);
        QVERIFY(fields.contains({u"Body"_s, u"Grüße & mehr"_s}));
        QCOMPARE(m_receiver->received[1].header("X-Twilio-Signature"), SimulatedTwilio::signature(m_platform->options().authToken, QUrl(url), fields));
        QVERIFY(m_platform->textedBack().isEmpty());
    }

    void postsOnceWhereNothingElseWasAskedForAndNoticesTextsToTheCustomer()
    {
        QCOMPARE(form(u"/v1/Services/MG00000000000000000000000000000001"_s,
                      {{u"InboundRequestUrl"_s, m_receiver->url(u"/in"_s).toString()}, {u"InboundMethod"_s, u"POST"_s}, {u"UseInboundWebhookOnNumber"_s, u"false"_s}})
                     .status,
                 200);
        m_receiver->replies = {{.status = 500}, {.contentType = "text/plain", .body = "OK"}};
        m_platform->customerWrites(u"+15005550001"_s, u"one"_s, {.to = u"+15005550007"_s});
        m_platform->customerWrites(u"+15005550001"_s, u"two"_s, {.to = u"+15005550007"_s});
        QTRY_COMPARE(m_platform->textedBack(), QStringList{u"OK"_s});
        QCOMPARE(m_receiver->received.size(), 2);
        QVERIFY(SimulatedTwilio::fieldsOf(m_receiver->received[0].body).contains({u"MessagingServiceSid"_s, u"MG00000000000000000000000000000001"_s}));
        const QByteArray webhook = QJsonDocument(QJsonObject{{u"webhook"_s, QJsonObject{{u"callback_url"_s, m_receiver->url(u"/wa"_s).toString()}, {u"callback_method"_s, u"POST"_s}}}}).toJson();
        QCOMPARE(get(u"/v2/Channels/Senders?Channel=whatsapp"_s).json[u"senders"_s][0][u"sender_id"_s].toString(), u"whatsapp:+14155550123"_s);
        QCOMPARE(call("POST", u"/v2/Channels/Senders/XE00000000000000000000000000000001"_s, webhook, "application/json").status, 200);
        m_platform->customerWrites(u"whatsapp:+34600000001"_s, u"hola"_s);
        QTRY_COMPARE(m_receiver->received.size(), 3);
        QCOMPARE(m_receiver->received[2].path, "/wa");
    }

    void judgesSends_data()
    {
        QTest::addColumn<QStringList>("change");
        QTest::addColumn<int>("code");
        QTest::newRow("right") << QStringList() << 0;
        QTest::newRow("to nobody") << QStringList{u"To=12"_s} << 21211;
        QTest::newRow("from another") << QStringList{u"From=+15005550099"_s} << 21606;
        QTest::newRow("from no one") << QStringList{u"From="_s} << 21603;
        QTest::newRow("from both") << QStringList{u"MessagingServiceSid=MG00000000000000000000000000000001"_s} << 21603;
        QTest::newRow("by the service") << QStringList{u"From="_s, u"MessagingServiceSid=MG00000000000000000000000000000001"_s} << 0;
        QTest::newRow("longest") << QStringList{u"Body="_s + QString(1600, u'x')} << 0;
        QTest::newRow("too long") << QStringList{u"Body="_s + QString(1601, u'x')} << 21617;
        QTest::newRow("nothing") << QStringList{u"Body="_s} << 21602;
        QTest::newRow("callback") << QStringList{u"StatusCallback=nowhere"_s} << 21609;
        QTest::newRow("template and text") << QStringList{u"ContentSid=HX00000000000000000000000000000001"_s} << 21656;
        QTest::newRow("template") << QStringList{u"Body="_s, u"ContentSid=HX00000000000000000000000000000001"_s, u"ContentVariables={\"1\":\"Ana\"}"_s} << 0;
        QTest::newRow("strange") << QStringList{u"Colour=red"_s} << 20001;
        QTest::newRow("whatsapp to a number") << QStringList{u"From=whatsapp:+14155550123"_s} << 21910;
        QTest::newRow("opted out") << QStringList{u"To=+15005550002"_s} << 21610;
    }

    void judgesSends()
    {
        QFETCH(QStringList, change);
        QFETCH(int, code);
        m_platform->customerWrites(u"+15005550002"_s, u"STOP"_s);
        QMap<QString, QString> values{{u"To"_s, u"+15005550001"_s}, {u"From"_s, u"+15005550006"_s}, {u"Body"_s, u"Hello"_s}};
        for (const QString &one : change)
            values[one.section(u'=', 0, 0)] = one.section(u'=', 1);
        SimulatedTwilio::Fields fields;
        for (auto it = values.begin(); it != values.end(); ++it) {
            if (!it.value().isEmpty())
                fields.append({it.key(), it.value()});
        }
        const GraphAnswer answer = form(kMessages, fields);
        QCOMPARE(answer.json[u"code"_s].toInt(), code);
        QCOMPARE(answer.status, code == 0 ? 201 : 400);
        QCOMPARE(m_platform->sent().size(), code == 0 ? 1 : 0);
        m_platform->customerWrites(u"+15005550002"_s, u"START"_s);
        QCOMPARE(form(kMessages, {{u"To"_s, u"+15005550002"_s}, {u"From"_s, u"+15005550006"_s}, {u"Body"_s, u"x"_s}}).status, 201);
    }

    void tellsStatusesInTheOrderItIsTold()
    {
        m_platform->setStatuses({u"delivered"_s, u"sent"_s});
        const GraphAnswer sent = form(kMessages, {{u"To"_s, u"+15005550001"_s}, {u"From"_s, u"+15005550006"_s}, {u"Body"_s, u"x"_s}, {u"StatusCallback"_s, m_receiver->url(u"/status"_s).toString()}});
        QCOMPARE(sent.json[u"status"_s].toString(), u"queued"_s);
        QTRY_COMPARE(m_receiver->received.size(), 2);
        const QString sid = sent.json[u"sid"_s].toString();
        QVERIFY(SimulatedTwilio::fieldsOf(m_receiver->received[0].body).contains({u"MessageStatus"_s, u"delivered"_s}));
        m_platform->tellStatus(sid, u"undelivered"_s, 30003);
        QTRY_COMPARE(m_receiver->received.size(), 3);
        QVERIFY(SimulatedTwilio::fieldsOf(m_receiver->received[2].body).contains({u"ErrorCode"_s, u"30003"_s}));
        QCOMPARE(get(kMessages.chopped(5) + u'/' + sid + u".json"_s).json[u"error_code"_s].toInt(), 30003);
    }

    void takesWhatsappOutOfItsWindowAndFailsItLater()
    {
        m_platform->setStatuses({u"delivered"_s});
        m_platform->customerWrites(u"whatsapp:+34600000001"_s, u"hola"_s);
        const auto send = [this] {
            const GraphAnswer sent = form(kMessages, {{u"To"_s, u"whatsapp:+34600000001"_s}, {u"From"_s, u"whatsapp:+14155550123"_s}, {u"Body"_s, u"x"_s}});
            return sent.json[u"sid"_s].toString();
        };
        const auto status = [this](const QString &sid) { return get(kMessages.chopped(5) + u'/' + sid + u".json"_s).json[u"status"_s].toString(); };
        const QString first = send();
        QTRY_COMPARE(status(first), u"delivered"_s);
        m_clock->advance(24h);
        const QString second = send();
        QTRY_COMPARE(status(second), u"failed"_s);
    }

    void fetchesMediaByHeadAndGet()
    {
        m_receiver->replies = {{.contentType = "image/png", .body = "png"}, {.contentType = "image/png", .body = "png"}, {.contentType = "image/png"}, {.contentType = "text/html"}};
        const auto send = [this] {
            return form(kMessages, {{u"To"_s, u"+15005550001"_s}, {u"From"_s, u"+15005550006"_s}, {u"MediaUrl"_s, m_receiver->url(u"/media/1"_s).toString()}}).json[u"sid"_s].toString();
        };
        const auto status = [this](const QString &sid) { return get(kMessages.chopped(5) + u'/' + sid + u".json"_s).json[u"status"_s].toString(); };
        const QString right = send();
        QTRY_COMPARE(status(right), u"delivered"_s);
        QCOMPARE(m_receiver->received[0].method, "HEAD");
        QCOMPARE(m_receiver->received[1].method, "GET");
        const QString wrong = send();
        QTRY_COMPARE(status(wrong), u"failed"_s);
    }

    void listsMessagesPageByPageNewestFirst()
    {
        for (int i = 0; i < 5; ++i) {
            m_platform->customerWrites(u"+15005550001"_s, QString::number(i));
            m_clock->advance(1h);
        }
        m_platform->customerWrites(u"+15005550001"_s, u"to another"_s, {.to = u"+15005550007"_s});
        m_platform->customerWrites(u"+15005550001"_s, u"long ago"_s, {.at = m_clock->now() - 72h});
        const QString day = toRfc3339(m_clock->now() - 24h).left(10);
        QString path = kMessages + u"?To=%2B15005550006&DateSent%3E="_s + day + u"&PageSize=100"_s;
        QStringList bodies;
        for (int pages = 0; !path.isEmpty() && pages < 5; ++pages) {
            const GraphAnswer page = get(path);
            const QJsonArray messages = page.json[u"messages"_s].toArray();
            QVERIFY(messages.size() <= 3);
            for (const QJsonValue &one : messages)
                bodies.append(one[u"body"_s].toString());
            path = page.json[u"next_page_uri"_s].toString();
        }
        QCOMPARE(bodies, QStringList({u"4"_s, u"3"_s, u"2"_s, u"1"_s, u"0"_s}));
        QCOMPARE(get(kMessages + u"?Since=yesterday"_s).status, 400);
    }

    void redirectsMediaToWhereCredentialsAreRefused()
    {
        const QString sid = m_platform->customerWrites(u"+15005550001"_s, {}, {.media = {{.bytes = "jpeg", .mime = "image/jpeg", .missing = 1}, {.bytes = "x", .mime = "image/png", .missing = -1}}});
        const QString base = kMessages.chopped(5) + u'/' + sid;
        const QJsonArray media = get(base + u"/Media.json"_s).json[u"media_list"_s].toArray();
        QCOMPARE(media.size(), 2);
        const QString path = media[0][u"uri"_s].toString().chopped(5);
        QCOMPARE(get(path).status, 404);
        const GraphAnswer redirect = get(path);
        QCOMPARE(redirect.status, 307);
        QCOMPARE(m_client->get(path).status, 401);
        QCOMPARE(get(QString::fromLatin1(redirect.location)).status, 400);
        QCOMPARE(m_client->get(QString::fromLatin1(redirect.location)).bytes, "jpeg");
        for (int i = 0; i < 3; ++i)
            QCOMPARE(get(media[1][u"uri"_s].toString().chopped(5)).status, 404);
    }

    void pagesTemplatesAndTakesTyping()
    {
        const GraphAnswer first = get(u"/v1/ContentAndApprovals?PageSize=100"_s);
        QCOMPARE(first.json[u"contents"_s].toArray().size(), 3);
        const QUrl next(first.json[u"meta"_s][u"next_page_url"_s].toString());
        QCOMPARE(next.host(), u"content.twilio.com"_s);
        QCOMPARE(get(next.path() + u'?' + next.query()).json[u"contents"_s].toArray().size(), 1);
        const QString sid = m_platform->customerWrites(u"whatsapp:+34600000001"_s, u"hola"_s);
        QCOMPARE(form(u"/v2/Indicators/Typing.json"_s, {{u"messageId"_s, sid}, {u"channel"_s, u"whatsapp"_s}}).status, 200);
        QCOMPARE(form(u"/v2/Indicators/Typing.json"_s, {{u"messageId"_s, u"SM1"_s}, {u"channel"_s, u"whatsapp"_s}}).status, 400);
        QCOMPARE(m_platform->typing(), QStringList{sid});
    }

private:
    GraphAnswer call(const QByteArray &method, const QString &path, const QByteArray &body = {}, const QByteArray &type = {})
    {
        return m_client->call(method, path, body, type, {}, {{"Authorization", "Basic " + m_user.toUtf8().toBase64()}});
    }
    GraphAnswer get(const QString &path) { return call("GET", path); }
    GraphAnswer form(const QString &path, const SimulatedTwilio::Fields &fields) { return call("POST", path, SimulatedTwilio::formOf(fields), "application/x-www-form-urlencoded"); }

    const QString kMessages = u"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json"_s;
    QString m_user;
    FakeRandom m_random;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<SimulatedTwilio> m_platform;
    std::unique_ptr<GraphClient> m_client;
    std::unique_ptr<HookReceiver> m_receiver;
};

ANTIPHON_TEST(SimulatedTwilioTest)
#include "tst_simulatedtwilio.moc"
