#include "app/demo/simulatedpictures.h"
#include "tests/flows/botworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using demo::SimulatedTwilio;

#define EVENTUALLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 30'000)
#define EVENTUALLY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 30'000)

/// Twilio's texts, pictures and WhatsApp from signed forms to the Desk API and back.
class TwilioFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::BotWorld>();
        QCOMPARE(m_world->start(), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void init()
    {
        m_customer = u"+1500555%1"_s.arg(1000 + ++m_people);
        platform().setStatuses({u"sent"_s, u"delivered"_s});
    }

    void aWrongValueIsNamed_data()
    {
        QTest::addColumn<QString>("group");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("account") << u"settings"_s << u"account_sid"_s << u"AC00000000000000000000000000000099"_s;
        QTest::newRow("no account") << u"settings"_s << u"account_sid"_s << QString();
        QTest::newRow("letters") << u"settings"_s << u"account_sid"_s << u"my-account"_s;
        QTest::newRow("token") << u"secrets"_s << u"auth_token"_s << u"ffffffffffffffffffffffffffffffff"_s;
        QTest::newRow("no token") << u"secrets"_s << u"auth_token"_s << QString();
        QTest::newRow("number") << u"settings"_s << u"phone_number"_s << u"hello? anybody!"_s;
        QTest::newRow("no number") << u"settings"_s << u"phone_number"_s << QString();
        QTest::newRow("medium") << u"settings"_s << u"medium"_s << u"pigeon"_s;
    }

    void aWrongValueIsNamed()
    {
        QFETCH(QString, group);
        QFETCH(QString, key);
        QFETCH(QString, value);
        QJsonObject account = m_world->twilioAccount();
        QJsonObject part = account[group].toObject();
        part.remove(key);
        if (!value.isEmpty())
            part.insert(key, value);
        account.insert(group, part);
        const QString verdict = m_world->desk().verdict(u"inboxes.create"_s, account);
        if (value.startsWith("AC"_L1))
            QVERIFY2(verdict.startsWith("-32004/invalid/"_L1), qPrintable(verdict));       // Twilio doesn't say which of the two is wrong
        else
            QCOMPARE(verdict, u"-32004/invalid/"_s + key);
        QVERIFY(m_world->inbox(u"twilio"_s).isEmpty());
    }

    void numbersAreConnectedOnceAndTheirAddressesAreSet()
    {
        QCOMPARE(m_world->connect(m_world->twilioAccount()), QString());
        QVERIFY(m_world->connect(m_world->twilioAccount()).contains("-32005"_L1));
        QJsonObject whatsapp = m_world->twilioAccount(u"whatsapp"_s);
        QJsonObject secrets = whatsapp[u"secrets"_s].toObject();
        secrets.insert(u"api_key_sid"_s, platform().options().apiKeySid);
        secrets.insert(u"api_key_secret"_s, platform().options().apiKeySecret);
        whatsapp.insert(u"secrets"_s, secrets);
        QCOMPARE(m_world->connect(whatsapp), QString());
        const QJsonObject sms = m_world->inboxOf(u"+15005550006"_s);
        QVERIFY(!sms.isEmpty());
        EVENTUALLY(!platform().smsUrl().isEmpty() && !platform().senderUrl().isEmpty());
        QVERIFY2(platform().smsUrl().endsWith("/twilio/callback?inbox=%1#rc=3&rp=all"_L1.arg(sms[u"id"_s].toString())), qPrintable(platform().smsUrl()));
        const QJsonObject sender = m_world->inboxOf(platform().options().whatsappNumber);
        QVERIFY2(platform().senderUrl().contains("/twilio/callback?inbox=%1"_L1.arg(sender[u"id"_s].toString())), qPrintable(platform().senderUrl()));
        QCOMPARE(sender[u"reply_window_hours"_s].toInt(), 24);
    }

    void onlyWhatIsSignedOverItsAddressIsBelieved()
    {
        const QUrl url = platform().callbackOf(u"+15005550006"_s);
        const auto fields = incoming(u"hello"_s, u"SM00000000000000000000000000000a01"_s);
        const QByteArray right = SimulatedTwilio::signature(platform().options().authToken, url, fields);
        QCOMPARE(deliver(url, fields, {}).status, 401);
        QCOMPARE(deliver(url, fields, SimulatedTwilio::signature(u"ffffffffffffffffffffffffffffffff"_s, url, fields)).status, 401);
        auto changed = fields;
        changed[2].second = u"forged"_s;
        QCOMPARE(deliver(url, changed, right).status, 401);
        QCOMPARE(deliver(url, fields, SimulatedTwilio::signature(platform().options().authToken, QUrl(u"https://elsewhere.example/twilio/callback"_s), fields)).status, 401);
        QVERIFY(m_world->conversations().isEmpty());
        for (int copies = 0; copies < 2; ++copies) {
            const test::HttpAnswer answer = deliver(url, fields, right);
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.body, "<Response/>");
            QVERIFY(answer.headers.value("content-type").startsWith("text/xml"));
        }
        EVENTUALLY_COMPARE(texts(), QStringList{u"hello"_s});
        // The fields of tomorrow are signed like those of today.
        auto more = incoming(u"again"_s, u"SM00000000000000000000000000000a02"_s);
        more.append({u"BrandNew"_s, u"Grüße & 100% 👋 + ok"_s});
        QCOMPARE(deliver(url, more, SimulatedTwilio::signature(platform().options().authToken, url, more)).status, 200);
        EVENTUALLY_COMPARE(texts(), QStringList({u"hello"_s, u"again"_s}));
        settle();
        QCOMPARE(texts().size(), 2);
    }

    void anInboxWithAnApiKeyIsNoLessStrict()
    {
        const QUrl url = platform().callbackOf(platform().options().whatsappNumber);
        m_customer = u"whatsapp:+34600000%1"_s.arg(100 + m_people);
        auto fields = incoming(u"forged"_s, u"SM00000000000000000000000000000b01"_s);
        fields[4].second = platform().options().whatsappNumber;
        QCOMPARE(deliver(url, fields, SimulatedTwilio::signature(platform().options().apiKeySecret, url, fields)).status, 401);
        QCOMPARE(deliver(url, fields, {}).status, 401);
        QCOMPARE(deliver(url, fields, SimulatedTwilio::signature(platform().options().authToken, url, fields)).status, 200);
        EVENTUALLY_COMPARE(texts(), QStringList{u"forged"_s});
    }

    void aPoolsNumbersMayComeBothWays()
    {
        const QString sid = platform().customerWrites(m_customer, u"by the pool"_s, {.more = {{u"MessagingServiceSid"_s, u"MG00000000000000000000000000000077"_s}}});
        EVENTUALLY(!at(sid).isEmpty());
        // Without ?inbox= by what the fields say.
        const QUrl bare(m_world->server().intake(u"/twilio/callback"_s));
        const auto fields = incoming(u"bare"_s, u"SM00000000000000000000000000000c01"_s);
        QCOMPARE(deliver(bare, fields, SimulatedTwilio::signature(platform().options().authToken, bare, fields)).status, 200);
        EVENTUALLY_COMPARE(texts(), QStringList({u"by the pool"_s, u"bare"_s}));
        auto foreign = incoming(u"not ours"_s, u"SM00000000000000000000000000000c02"_s);
        foreign[0].second = u"AC00000000000000000000000000000099"_s;
        const QUrl own = platform().callbackOf(u"+15005550006"_s);
        deliver(own, foreign, SimulatedTwilio::signature(platform().options().authToken, own, foreign));
        settle();
        QCOMPARE(texts().size(), 2);
    }

    void shortCodesAndNamesAreHeardToo()
    {
        const QString code = QString::number(72000 + m_people);
        platform().customerWrites(code, u"Your parcel is on its way"_s);
        platform().customerWrites(u"ACME"_s, u"News"_s);
        EVENTUALLY_COMPARE(m_world->texts(code), QStringList{u"Your parcel is on its way"_s});
        EVENTUALLY_COMPARE(m_world->texts(u"ACME"_s), QStringList{u"News"_s});
        QVERIFY(m_world->conversation(code)[u"contact"_s][u"phone_number"_s].isNull());
        platform().customerWrites(m_customer, u"hello"_s);
        EVENTUALLY_COMPARE(m_world->conversation(m_customer)[u"contact"_s][u"phone_number"_s].toString(), m_customer);
    }

    void bothSpellingsOfABrazilianMobileAreOnePerson()
    {
        platform().customerWrites(u"whatsapp:+5541988887777"_s, u"Oi"_s, {.more = {{u"ProfileName"_s, u"Bia"_s}}});
        EVENTUALLY_COMPARE(m_world->messages(u"whatsapp:+5541988887777"_s).size(), 1);
        platform().customerWrites(u"whatsapp:+554188887777"_s, u"Tudo bem?"_s);
        EVENTUALLY_COMPARE(m_world->messages(u"whatsapp:+5541988887777"_s).size(), 2);
        QCOMPARE(m_world->conversation(u"whatsapp:+5541988887777"_s)[u"contact"_s][u"name"_s].toString(), u"Bia"_s);
        platform().customerWrites(u"whatsapp:+554532782153"_s, u"da loja"_s);
        EVENTUALLY_COMPARE(m_world->messages(u"whatsapp:+554532782153"_s).size(), 1);
    }

    void filesAreFetchedWithoutCarryingSecretsAlong()
    {
        QList<demo::TwilioMedia> media;
        for (int i = 0; i < 10; ++i)
            media.append({.bytes = demo::pictures::shelfJpeg(i), .mime = "image/jpeg"});
        media[3].missing = 2;           // not ready yet
        media[9].missing = -1;
        const QString sid = platform().customerWrites(m_customer, {}, {.media = media});
        EVENTUALLY(!at(sid).isEmpty());
        QCOMPARE(at(sid)[u"attachments"_s].toArray().size(), 10);
        const auto states = [&] {
            QStringList found;
            const QJsonArray all = at(sid)[u"attachments"_s].toArray();
            for (const QJsonValue &one : all)
                found.append(one[u"state"_s].toString());
            return found;
        };
        QTRY_COMPARE_WITH_TIMEOUT(states().count(u"ready"_s), 9, 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(states().last(), u"failed"_s, 100'000);
        QCOMPARE(m_world->download(at(sid)[u"attachments"_s][3].toObject()), media[3].bytes);
        const auto fetched = platform().received(u"GET content"_s);
        QCOMPARE(fetched.size(), 9);
        for (const auto &request : fetched)
            QVERIFY(request.header("Authorization").isNull());
    }

    void theAnswerDoesNotWaitForAnything()
    {
        platform().always(u"GET Media"_s, {.delay = 20s});
        QElapsedTimer timer;
        timer.start();
        platform().customerWrites(m_customer, u"slow picture"_s, {.media = {{.bytes = "jpeg", .mime = "image/jpeg"}}});
        EVENTUALLY_COMPARE(platform().posts().pending(), 0);
        QVERIFY(timer.elapsed() < 15'000);
        EVENTUALLY_COMPARE(texts(), QStringList{u"slow picture"_s});
        platform().normal(u"GET Media"_s);
    }

    void placesButtonsAndQuotesKeepTheirMeaning()
    {
        m_customer = u"whatsapp:+34600000%1"_s.arg(200 + m_people);
        const QString place = platform().customerWrites(m_customer, {}, {.more = {{u"ProfileName"_s, u"Ana"_s}, {u"MessageType"_s, u"location"_s}, {u"Latitude"_s, u"40.416800"_s}, {u"Longitude"_s, u"-3.703800"_s}, {u"Label"_s, u"Puerta del Sol"_s}}});
        EVENTUALLY_COMPARE(at(place)[u"content_type"_s].toString(), u"location"_s);
        const QString button = platform().customerWrites(m_customer, u"Yes"_s, {.more = {{u"MessageType"_s, u"button"_s}, {u"ButtonText"_s, u"Yes"_s}, {u"ButtonPayload"_s, u"confirm_77"_s}, {u"OriginalRepliedMessageSid"_s, place}}});
        EVENTUALLY_COMPARE(at(button)[u"content"_s].toString(), u"Yes"_s);
        QCOMPARE(at(button)[u"in_reply_to"_s], at(place)[u"id"_s]);
        QCOMPARE(m_world->conversation(m_customer)[u"contact"_s][u"name"_s].toString(), u"Ana"_s);
        QCOMPARE(m_world->conversation(m_customer)[u"reply_window"_s][u"open"_s], QJsonValue(true));
    }

    void sendsCarryTheirStatuses()
    {
        write(u"Are you open?"_s);
        const QString id = answered(u"Until **six**"_s);
        EVENTUALLY_COMPARE(status(id), u"delivered"_s);
        const auto sent = platform().sent().last();
        QCOMPARE(sent.to, m_customer);
        QCOMPARE(sent.from, u"+15005550006"_s);
        QVERIFY(sent.value(u"Body"_s).contains("six"_L1));
        QVERIFY2(sent.value(u"StatusCallback"_s).contains("/twilio/delivery_status?inbox="_L1), qPrintable(sent.value(u"StatusCallback"_s)));
        QCOMPARE(m_world->byId(m_customer, id)[u"source_id"_s].toString(), sent.sid);
        QCOMPARE(refusalOf(QString(1601, u'x')), u"-32007/channel_limit/content"_s);
    }

    void statusesNeverGoBackwards_data()
    {
        QTest::addColumn<QStringList>("order");
        QTest::addColumn<QString>("end");
        QTest::newRow("out of order") << QStringList{u"delivered"_s, u"sent"_s, u"queued"_s} << u"delivered"_s;
        QTest::newRow("twice") << QStringList{u"sent"_s, u"sent"_s} << u"sent"_s;
        QTest::newRow("undelivered") << QStringList{u"sent"_s, u"undelivered"_s} << u"failed"_s;
        QTest::newRow("undelivered first") << QStringList{u"undelivered"_s, u"sent"_s} << u"failed"_s;
        QTest::newRow("delivered after all") << QStringList{u"failed"_s, u"delivered"_s} << u"delivered"_s;
        QTest::newRow("unheard of") << QStringList{u"sent"_s, u"teleported"_s} << u"sent"_s;
    }

    void statusesNeverGoBackwards()
    {
        QFETCH(QStringList, order);
        QFETCH(QString, end);
        platform().setStatuses({});
        write(u"hello"_s);
        const QString id = answered(u"One"_s);
        EVENTUALLY(!m_world->byId(m_customer, id)[u"source_id"_s].toString().isEmpty());
        EVENTUALLY_COMPARE(status(id), u"sending"_s);
        for (const QString &one : order) {
            platform().tellStatus(platform().sent().last().sid, one, one == "undelivered"_L1 || one == "failed"_L1 ? 30003 : 0);
            settle();
        }
        EVENTUALLY_COMPARE(status(id), end);
        if (end == "failed"_L1)
            QCOMPARE(m_world->byId(m_customer, id)[u"external_error"_s][u"code"_s].toString(), u"30003"_s);
    }

    void statusesBeforeTheAnswerBelongToTheSend()
    {
        write(u"Quick?"_s);
        platform().setEcho(demo::Echo::BeforeAnswer, 400ms);
        const QString id = answered(u"Very"_s);
        EVENTUALLY_COMPARE(status(id), u"delivered"_s);
        platform().setEcho(demo::Echo::AfterAnswer);
    }

    void whoOptedOutCannotBeWrittenToUntilTheyAreBack()
    {
        write(u"STOP"_s);
        EVENTUALLY(!m_world->conversation(m_customer)[u"can_reply"_s].toBool());
        QCOMPARE(refusalOf(u"hello?"_s).section(u'/', 0, 0), u"-32005"_s);
        write(u"START"_s);
        EVENTUALLY(m_world->conversation(m_customer)[u"can_reply"_s].toBool());
        platform().next(u"POST Messages"_s, {.code = 21610, .message = u"Attempt to send to unsubscribed recipient"_s});
        const QString id = answered(u"hello?"_s);
        EVENTUALLY_COMPARE(status(id), u"failed"_s);
        QCOMPARE(m_world->byId(m_customer, id)[u"external_error"_s][u"code"_s].toString(), u"21610"_s);
        EVENTUALLY(!m_world->conversation(m_customer)[u"can_reply"_s].toBool());
        write(u"START"_s);
        EVENTUALLY(m_world->conversation(m_customer)[u"can_reply"_s].toBool());
    }

    void aCallbackThatIsRefusedIsLeftOut()
    {
        write(u"hello"_s);
        platform().next(u"POST Messages"_s, {.code = 21609, .message = u"The StatusCallback URL is not a valid URL"_s});
        const QString id = answered(u"Hi"_s);
        EVENTUALLY(!m_world->byId(m_customer, id)[u"source_id"_s].toString().isEmpty());
        QCOMPARE(platform().sent().last().value(u"StatusCallback"_s), QString());
    }

    void whatMayHaveArrivedIsLookedForAndNotSentAgain()
    {
        write(u"hello"_s);
        platform().setStatuses({});
        const int before = platform().count(u"POST Messages"_s);
        platform().next(u"POST Messages"_s, {.httpStatus = 500, .takesEffect = true});
        const QString arrived = answered(u"It left"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->byId(m_customer, arrived)[u"source_id"_s].toString(), platform().sent().last().sid, 60'000);
        platform().next(u"POST Messages"_s, {.httpStatus = 500});
        const QString lost = answered(u"It did not"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->byId(m_customer, lost)[u"external_error"_s][u"code"_s].toString(), u"outcome_unknown"_s, 120'000);
        QCOMPARE(platform().count(u"POST Messages"_s), before + 2);
    }

    void picturesAreFetchedByHeadAndGet()
    {
        write(u"Pictures?"_s);
        const QByteArray picture = demo::pictures::shelfJpeg(2);
        const auto before = platform().fetched().size();
        const QString id = answered(u"This one"_s, {{u"attachment_ids"_s, QJsonArray{m_world->upload(picture, "image/jpeg", "a%20b.jpg")}}});
        EVENTUALLY_COMPARE(status(id), u"delivered"_s);
        QCOMPARE(platform().fetched().size(), before + 2);
        QCOMPARE(platform().fetched()[before].method, "HEAD");
        QCOMPARE(platform().fetched()[before + 1].answer.body, picture);
        QCOMPARE(platform().fetched()[before + 1].answer.contentType, "image/jpeg");
    }

    void severalFilesOnWhatsappAreSeveralMessages()
    {
        m_customer = u"whatsapp:+34600000%1"_s.arg(300 + m_people);
        write(u"hola"_s);
        const auto before = platform().sent().size();
        const QJsonArray files{m_world->upload(demo::pictures::shelfJpeg(1), "image/jpeg", "a.jpg"), m_world->upload(demo::pictures::shelfJpeg(2), "image/jpeg", "b.jpg")};
        const QString id = answered(u"*Dos*"_s, {{u"attachment_ids"_s, files}});
        EVENTUALLY_COMPARE(status(id), u"delivered"_s);
        QCOMPARE(platform().sent().size(), before + 2);
        QCOMPARE(platform().sent()[before].value(u"Body"_s), u"_Dos_"_s);
        platform().tellStatus(platform().sent()[before].sid, u"read"_s);
        platform().tellStatus(platform().sent()[before + 1].sid, u"read"_s);
        EVENTUALLY_COMPARE(status(id), u"read"_s);
    }

    void whatComesTooLateFailsLater()
    {
        m_customer = u"whatsapp:+34600000%1"_s.arg(400 + m_people);
        write(u"today"_s);
        QCOMPARE(m_world->conversation(m_customer)[u"reply_window"_s][u"rule"_s].toString(), u"whatsapp_24h"_s);
        platform().setStatuses({});
        const QString id = answered(u"Hola"_s);
        EVENTUALLY_COMPARE(status(id), u"sending"_s);
        platform().tellStatus(platform().sent().last().sid, u"failed"_s, 63016);
        EVENTUALLY_COMPARE(status(id), u"failed"_s);
        QCOMPARE(m_world->byId(m_customer, id)[u"external_error"_s][u"code"_s].toString(), u"63016"_s);
    }

    void aDeadTokenHoldsMessagesBackUntilThereIsANewOne()
    {
        write(u"still there?"_s);
        platform().changeAuthToken(u"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"_s);
        const QString id = answered(u"We are"_s);
        const auto inbox = [this] { return m_world->inboxOf(u"+15005550006"_s); };
        EVENTUALLY_COMPARE(inbox()[u"state"_s].toString(), u"reauthorization_required"_s);
        EVENTUALLY_COMPARE(status(id), u"queued"_s);      // the inbox's state is stored before
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, inbox()[u"id"_s]}, {u"secrets"_s, QJsonObject{{u"auth_token"_s, u"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"_s}}}}), u"ok"_s);
        EVENTUALLY_COMPARE(status(id), u"delivered"_s);
        write(u"signed with the new one"_s);
    }

    void whatWasMissedIsFoundInTheList()
    {
        write(u"before"_s);
        m_world->server().kill();
        QStringList expected{u"before"_s};
        for (int i = 0; i < 5; ++i) {       // more than a page
            expected.append(u"meanwhile %1"_s.arg(i));
            platform().customerWrites(m_customer, expected.last(), {.at = SystemClock().now() + Milliseconds(i), .withWebhook = false});
        }
        QCOMPARE(m_world->restart(), QString());
        // So short a time is no gap of its own: the owner asks.
        const QJsonObject since{{u"id"_s, m_world->inboxOf(u"+15005550006"_s)[u"id"_s]}, {u"since"_s, toRfc3339(SystemClock().now() - 10min)}};
        QCOMPARE(m_world->desk().verdict(u"inboxes.catch_up"_s, since), u"ok"_s);
        // The list's times are whole seconds, so they may stand before what came by webhook in the same one.
        const auto sorted = [](QStringList all) {
            all.sort();
            return all.join(u'|');
        };
        QTRY_COMPARE_WITH_TIMEOUT(sorted(texts()), sorted(expected), 60'000);
        const QJsonArray all = m_world->messages(m_customer);
        QCOMPARE(std::count_if(all.begin(), all.end(), [](const QJsonValue &one) { return one[u"caught_up"_s].toBool(); }), 5);
    }

private:
    SimulatedTwilio &platform() { return m_world->twilio(); }

    QJsonObject at(const QString &sid) { return m_world->message(m_customer, sid); }
    QStringList texts() { return m_world->texts(m_customer); }
    QString status(const QString &id) { return m_world->status(m_customer, id); }

    SimulatedTwilio::Fields incoming(const QString &body, const QString &sid) const
    {
        return {{u"AccountSid"_s, u"AC00000000000000000000000000000001"_s}, {u"ApiVersion"_s, u"2010-04-01"_s}, {u"Body"_s, body}, {u"From"_s, m_customer}, {u"To"_s, u"+15005550006"_s},
                {u"MessageSid"_s, sid}, {u"SmsSid"_s, sid}, {u"NumMedia"_s, u"0"_s}, {u"NumSegments"_s, u"1"_s}, {u"SmsStatus"_s, u"received"_s}, {u"ToCity"_s, QString()}};
    }

    test::HttpAnswer deliver(const QUrl &url, const SimulatedTwilio::Fields &fields, const QByteArray &signature)
    {
        QList<QPair<QByteArray, QByteArray>> headers{{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"}};
        if (!signature.isNull())
            headers.append({"X-Twilio-Signature", signature});
        return test::http("POST", url.adjusted(QUrl::RemoveFragment), SimulatedTwilio::formOf(fields), headers);
    }

    void settle() { EVENTUALLY(platform().posts().pending() == 0 && m_world->stat(u"pending"_s) == 0); }

    QString write(const QString &text)
    {
        const QString sid = platform().customerWrites(m_customer, text);
        [this, &sid] { EVENTUALLY(!at(sid).isEmpty()); }();
        return sid;
    }

    QString refusalOf(const QString &text)
    {
        return m_world->desk().verdict(u"messages.send"_s, {{u"conversation_id"_s, m_world->conversation(m_customer)[u"id"_s]}, {u"content"_s, text}, {u"client_id"_s, u"refused"_s}});
    }

    QString answered(const QString &text, const QJsonObject &more = {})
    {
        const QJsonObject queued = m_world->send(m_customer, text, more);
        if (!queued.contains(u"id"_s))
            qWarning().noquote() << "not queued:" << test::DeskWorld::wordsOf(queued);
        return queued[u"id"_s].toString();
    }

    std::unique_ptr<test::BotWorld> m_world;
    QString m_customer;
    int m_people = 0;
};

ANTIPHON_TEST(TwilioFlow)
#include "tst_twilio.moc"
