#include "app/demo/simulatedpictures.h"
#include "tests/flows/botworld.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

#define EVENTUALLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 30'000)
#define EVENTUALLY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 30'000)

/// Telegram's bots and businesses from their updates to the Desk API and back.
class TelegramFlow : public QObject {
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
        m_customer = {.id = 5500000100 + ++m_people, .firstName = u"Ana"_s, .lastName = u"Ruiz"_s, .username = u"ana_%1"_s.arg(m_people), .languageCode = u"es"_s};
        m_thread = QString::number(m_customer.id);
    }

    void aWrongTokenIsNamed_data()
    {
        QTest::addColumn<QString>("token");
        QTest::newRow("none") << QString();
        QTest::newRow("no token") << u"hello"_s;
        QTest::newRow("of nobody") << u"7000000009:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw9"_s;
    }

    void aWrongTokenIsNamed()
    {
        QFETCH(QString, token);
        QCOMPARE(m_world->desk().verdict(u"inboxes.create"_s, {{u"channel"_s, u"telegram"_s}, {u"secrets"_s, QJsonObject{{u"bot_token"_s, token}}}}), u"-32004/invalid/bot_token"_s);
        QVERIFY(m_world->inbox(u"telegram"_s).isEmpty());
    }

    void aBotIsConnectedOnceAndItsWebhookIsSet()
    {
        QCOMPARE(m_world->connect(m_world->telegramAccount()), QString());
        QVERIFY(m_world->connect(m_world->telegramAccount()).contains("-32005"_L1));
        const QJsonObject inbox = m_world->inbox(u"telegram"_s);
        QCOMPARE(inbox[u"external_id"_s].toString(), u"7000000001"_s);
        QCOMPARE(inbox[u"delivery"_s].toString(), u"webhook"_s);
        EVENTUALLY_COMPARE(platform().webhook().toString(), inbox[u"webhook_url"_s].toString());
        QCOMPARE(platform().webhook().path(), u"/webhooks/telegram/"_s + inbox[u"id"_s].toString());
        QCOMPARE(platform().secret().size(), 43);
        const auto call = platform().received(u"setWebhook"_s).last();
        for (const QByteArray kind : {"business_connection", "business_message", "edited_business_message", "deleted_business_messages", "callback_query", "my_chat_member", "edited_message"})
            QVERIFY2(call.body.contains(kind) || call.rawQuery.contains(kind), kind.constData());
        QVERIFY(!QJsonDocument(inbox).toJson().contains(platform().token().toLatin1()));
    }

    void onlyWhoKnowsTheSecretIsBelieved()
    {
        const qint64 id = write(u"first"_s);
        const QByteArray update = platform().updateBytes(platform().lastUpdate());
        const QByteArray forged = QByteArray(update).replace("first", "forged").replace("\"message_id\":" + QByteArray::number(id), "\"message_id\":900");
        const qint64 before = m_world->stat(u"rejected_signature"_s);
        QCOMPARE(deliver(forged, "wrong").status, 401);
        QCOMPARE(deliver(forged, {}).status, 401);
        EVENTUALLY_COMPARE(m_world->stat(u"rejected_signature"_s), before + 2);
        const test::HttpAnswer again = deliver(update, platform().secret().toLatin1());
        QCOMPARE(again.status, 200);
        QCOMPARE(again.body, QByteArray());
        settle();
        QCOMPARE(m_world->texts(m_thread), QStringList{u"first"_s});
        QCOMPARE(platform().executedAnswers(), 0);
        QCOMPARE(test::http("POST", m_world->server().intake(u"/webhooks/telegram/999"_s), update, {{"X-Telegram-Bot-Api-Secret-Token", "x"}}).status, 200);
    }

    void textsKeepTheirWordsAndTheirPlaces()
    {
        const QJsonArray entities{QJsonObject{{u"type"_s, u"bold"_s}, {u"offset"_s, 3}, {u"length"_s, 5}}, QJsonObject{{u"type"_s, u"text_link"_s}, {u"offset"_s, 9}, {u"length"_s, 4}, {u"url"_s, u"https://a.example/"_s}}};
        const qint64 id = platform().customerWrites(m_customer, u"📦 order here *raw* <b>"_s, {.more = {{u"entities"_s, entities}}});
        EVENTUALLY(!at(id).isEmpty());
        QCOMPARE(at(id)[u"content"_s].toString(), u"📦 order here *raw* <b>"_s);
        QCOMPARE(at(id)[u"content_format"_s].toString(), u"plain"_s);
        QCOMPARE(at(id)[u"entities"_s][0][u"offset"_s].toInt(), 2);           // code points: the parcel is one
        QCOMPARE(at(id)[u"entities"_s][0][u"kind"_s].toString(), u"bold"_s);
        QCOMPARE(at(id)[u"entities"_s][1][u"url"_s].toString(), u"https://a.example/"_s);
        const QJsonObject contact = m_world->conversation(m_thread)[u"contact"_s].toObject();
        QCOMPARE(contact[u"name"_s].toString(), u"Ana Ruiz"_s);
        const qint64 reply = platform().customerWrites(m_customer, u"this one"_s, {.replyTo = id});
        EVENTUALLY(!at(reply).isEmpty());
        QCOMPARE(at(reply)[u"in_reply_to"_s], at(id)[u"id"_s]);
    }

    void equalNumbersInTwoChatsAreTwoMessages()
    {
        const demo::TelegramPerson other{.id = 5500090000 + m_people, .firstName = u"Bob"_s};
        QCOMPARE(platform().customerWrites(m_customer, u"mine"_s), platform().customerWrites(other, u"his"_s));
        EVENTUALLY_COMPARE(m_world->texts(m_thread), QStringList{u"mine"_s});
        EVENTUALLY_COMPARE(m_world->texts(QString::number(other.id)), QStringList{u"his"_s});
    }

    void everyKindIsShown()
    {
        const QByteArray picture = demo::pictures::shelfJpeg(1, {1280, 960});
        const qint64 photo = platform().customerSendsFile(m_customer, u"photo"_s, picture, {}, u"Broken lid"_s);
        const qint64 document = platform().customerSendsFile(m_customer, u"document"_s, "%PDF-1.4 order", {{u"file_name"_s, u"invoice 77.pdf"_s}, {u"mime_type"_s, u"application/pdf"_s}});
        const qint64 animation = platform().customerSendsFile(m_customer, u"animation"_s, demo::pictures::tinyMp4(), {{u"mime_type"_s, u"video/mp4"_s}, {u"duration"_s, 2}});
        const qint64 voice = platform().customerSendsFile(m_customer, u"voice"_s, "OggS\0\2 voice", {{u"duration"_s, 4}, {u"mime_type"_s, u"audio/ogg"_s}});
        const QJsonObject place{{u"latitude"_s, 40.4168}, {u"longitude"_s, -3.7038}};
        const qint64 venue = platform().customerSends(m_customer, {{u"venue"_s, QJsonObject{{u"location"_s, place}, {u"title"_s, u"Puerta del Sol"_s}, {u"address"_s, u"Madrid"_s}}}, {u"location"_s, place}});
        const qint64 card = platform().customerSends(m_customer, {{u"contact"_s, QJsonObject{{u"phone_number"_s, u"+34600000001"_s}, {u"first_name"_s, u"Luis"_s}}}});
        const qint64 poll = platform().customerSends(m_customer, {{u"poll"_s, QJsonObject{{u"id"_s, u"1"_s}, {u"question"_s, u"Blue or oat?"_s}}}});
        EVENTUALLY_COMPARE(m_world->messages(m_thread).size(), 7);
        EVENTUALLY_COMPARE(file(photo)[u"state"_s].toString(), u"ready"_s);
        QCOMPARE(m_world->download(file(photo)), picture);                  // the largest, wherever it stands
        QCOMPARE(at(photo)[u"content"_s].toString(), u"Broken lid"_s);
        EVENTUALLY_COMPARE(file(document)[u"state"_s].toString(), u"ready"_s);
        QCOMPARE(file(document)[u"name"_s].toString(), u"invoice 77.pdf"_s);
        QCOMPARE(m_world->download(file(document)), "%PDF-1.4 order");
        QCOMPARE(at(animation)[u"attachments"_s].toArray().size(), 1);
        QCOMPARE(file(animation)[u"kind"_s].toString(), u"video"_s);
        QCOMPARE(file(voice)[u"kind"_s].toString(), u"audio"_s);
        QCOMPARE(file(voice)[u"duration_ms"_s].toInt(), 4000);
        QCOMPARE(at(venue)[u"content_type"_s].toString(), u"location"_s);
        QCOMPARE(at(venue)[u"attachments"_s].toArray().size(), 1);
        QCOMPARE(at(card)[u"content_type"_s].toString(), u"contacts"_s);
        QVERIFY(at(poll)[u"content"_s].toString().contains(u"Blue or oat?"_s));
    }

    void whatIsTooBigForBotsIsNamedAndItsMessageKept()
    {
        QJsonObject huge = platform().offerFile({}, (20 << 20) + 1);
        huge.insert(u"file_name"_s, u"film.mov"_s);
        const int before = platform().count(u"getFile"_s);
        const qint64 id = platform().customerSends(m_customer, {{u"document"_s, huge}, {u"caption"_s, u"the film"_s}});
        EVENTUALLY_COMPARE(file(id)[u"state"_s].toString(), u"failed"_s);
        QCOMPARE(file(id)[u"error"_s].toString(), u"too_large"_s);
        QCOMPARE(file(id)[u"name"_s].toString(), u"film.mov"_s);
        QCOMPARE(at(id)[u"content"_s].toString(), u"the film"_s);
        QCOMPARE(platform().count(u"getFile"_s), before);
    }

    void anAlbumsItemsBelongTogether()
    {
        QList<qint64> ids;
        for (int i = 0; i < 3; ++i)
            ids.append(platform().customerSendsFile(m_customer, u"photo"_s, demo::pictures::shelfJpeg(i), {}, i == 0 ? u"three"_s : QString(), {.more = {{u"media_group_id"_s, u"1390001"_s}}}));
        EVENTUALLY_COMPARE(m_world->messages(m_thread).size(), 3);
        const QString group = at(ids[0])[u"group_id"_s].toString();
        QVERIFY(!group.isEmpty());
        QCOMPARE(at(ids[2])[u"group_id"_s].toString(), group);
        const qint64 single = write(u"and this"_s);
        QVERIFY(at(single)[u"group_id"_s].isNull());
    }

    void startingTheBotIsNoMessage()
    {
        platform().customerStarts(m_customer, u"spring"_s);
        EVENTUALLY(!m_world->conversation(m_thread).isEmpty());
        EVENTUALLY_COMPARE(m_world->messages(m_thread).size(), 1);
        QCOMPARE(m_world->messages(m_thread)[0][u"direction"_s].toString(), u"activity"_s);
        QCOMPARE(m_world->conversation(m_thread)[u"unread_count"_s].toInt(), 0);
        QVERIFY(m_world->conversation(m_thread)[u"can_reply"_s].toBool());
    }

    void editsChangeTheirMessageOrStandForIt()
    {
        const qint64 id = write(u"two bokses"_s);
        const QByteArray original = platform().updateBytes(platform().lastUpdate());
        platform().customerEdits(m_customer, id, u"two boxes"_s);
        EVENTUALLY_COMPARE(at(id)[u"content"_s].toString(), u"two boxes"_s);
        QVERIFY(!at(id)[u"edited_at"_s].isNull());
        QCOMPARE(deliver(original, platform().secret().toLatin1()).status, 200);
        platform().customerEdits(m_customer, 77, u"from before"_s);
        EVENTUALLY_COMPARE(at(77)[u"content"_s].toString(), u"from before"_s);
        QVERIFY(!at(77)[u"edited_at"_s].isNull());
        QCOMPARE(at(id)[u"content"_s].toString(), u"two boxes"_s);
    }

    void aPressedButtonIsAnsweredAtOnceAndShown()
    {
        write(u"hi"_s);
        const QJsonObject button{{u"text"_s, u"Yes please"_s}, {u"callback_data"_s, u"yes"_s}};
        const qint64 asked = platform().customerSends(m_customer, {{u"text"_s, u"Deliver today?"_s}, {u"reply_markup"_s, QJsonObject{{u"inline_keyboard"_s, QJsonArray{QJsonArray{button}}}}}}, {.withUpdate = false});
        const QString query = platform().customerPresses(m_customer, asked, u"yes"_s);
        EVENTUALLY_COMPARE(m_world->texts(m_thread), QStringList({u"hi"_s, u"Yes please"_s}));
        EVENTUALLY(platform().answeredQueries().contains(query));
        QCOMPARE(m_world->messages(m_thread).last()[u"direction"_s].toString(), u"incoming"_s);
    }

    void groupsChannelsAndUnheardOfKindsAreAnsweredAndForgotten()
    {
        const auto conversations = m_world->conversations().size();
        const qint64 dead = m_world->desk().result(u"intake.stats"_s)[u"dead"_s].toInteger();
        const QJsonObject from{{u"id"_s, m_customer.id}, {u"is_bot"_s, false}, {u"first_name"_s, u"Ana"_s}};
        const QJsonObject group{{u"id"_s, qint64(-1001200000002)}, {u"title"_s, u"Team"_s}, {u"type"_s, u"supergroup"_s}};
        platform().tell(u"message"_s, {{u"message_id"_s, 5}, {u"from"_s, from}, {u"chat"_s, group}, {u"date"_s, 1760000600}, {u"text"_s, u"x"_s}});
        for (const QByteArray body : {R"({"update_id":1,"channel_post":{"message_id":7,"chat":{"id":-1001200000001,"title":"News","type":"channel"},"date":1760000500,"text":"x"}})",
                                       R"({"update_id":2,"guest_message":{"whatever":true}})", R"({"update_id":3})"})
            QCOMPARE(deliver(body, platform().secret().toLatin1()).status, 200);
        QCOMPARE(deliver("no json", platform().secret().toLatin1()).status, 200);
        EVENTUALLY_COMPARE(m_world->stat(u"dead"_s), dead + 1);
        settle();
        QCOMPARE(m_world->conversations().size(), conversations);
    }

    void whatIsWrittenArrivesAsItWasMeant()
    {
        const qint64 asked = write(u"Which one?"_s);
        const QString id = answered(u"**bold** <script> & \\*x\\* `code`"_s, {{u"in_reply_to"_s, at(asked)[u"id"_s]}});
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"sent"_s);
        const auto sent = platform().sent().last();
        QCOMPARE(sent.message[u"text"_s].toString(), u"bold <script> & *x* code"_s);
        QCOMPARE(sent.message[u"entities"_s][0][u"type"_s].toString(), u"bold"_s);
        QCOMPARE(sent.message[u"reply_to_message"_s][u"message_id"_s].toInteger(), asked);
        QCOMPARE(m_world->byId(m_thread, id)[u"source_id"_s].toString(), u"%1/%2"_s.arg(m_customer.id).arg(sent.messageId));
        QCOMPARE(refusalOf(QString(4097, u'x')), u"-32007/channel_limit/content"_s);
        const QString longest = answered(u"**"_s + QString(4096, u'x') + u"**"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, longest), u"sent"_s);
        QCOMPARE(platform().sent().last().message[u"text"_s].toString().size(), 4096);
    }

    void filesGoAsTheirKindsAndSeveralAsAnAlbum()
    {
        write(u"Pictures?"_s);
        const QByteArray picture = demo::pictures::shelfJpeg(2);
        const QString one = answered(u"*This* one"_s, {{u"attachment_ids"_s, QJsonArray{m_world->upload(picture, "image/jpeg", "a.jpg")}}});
        EVENTUALLY_COMPARE(m_world->status(m_thread, one), u"sent"_s);
        QCOMPARE(platform().sent().last().method, u"sendPhoto"_s);
        QCOMPARE(platform().sent().last().message[u"caption"_s].toString(), u"This one"_s);
        QCOMPARE(platform().sent().last().files[0].bytes, picture);
        const QString document = answered({}, {{u"attachment_ids"_s, QJsonArray{m_world->upload("%PDF-1.4 list", "application/pdf", "price%20list.pdf")}}});
        EVENTUALLY_COMPARE(m_world->status(m_thread, document), u"sent"_s);
        QCOMPARE(platform().sent().last().method, u"sendDocument"_s);
        QCOMPARE(platform().sent().last().message[u"document"_s][u"file_name"_s].toString(), u"price list.pdf"_s);
        QJsonArray several;
        for (int i = 0; i < 3; ++i)
            several.append(m_world->upload(demo::pictures::shelfJpeg(i), "image/jpeg", "b.jpg"));
        const auto before = platform().sent().size();
        const QString album = answered(u"All of them"_s, {{u"attachment_ids"_s, several}});
        EVENTUALLY_COMPARE(m_world->status(m_thread, album), u"sent"_s);
        QCOMPARE(platform().sent().size(), before + 3);
        QCOMPARE(platform().sent().last().method, u"sendMediaGroup"_s);
        QCOMPARE(platform().sent()[before].message[u"caption"_s].toString(), u"All of them"_s);
    }

    void whoBlocksTheBotCannotBeWrittenTo()
    {
        write(u"hello"_s);
        platform().customerBlocks(m_customer);
        EVENTUALLY(!m_world->conversation(m_thread)[u"can_reply"_s].toBool());
        QCOMPARE(refusalOf(u"hello?"_s).section(u'/', 0, 0), u"-32005"_s);
        platform().customerUnblocks(m_customer);
        EVENTUALLY(m_world->conversation(m_thread)[u"can_reply"_s].toBool());
        platform().customerDeletesAccount(m_customer);
        const QString id = answered(u"hello?"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"failed"_s);
        QCOMPARE(m_world->byId(m_thread, id)[u"external_error"_s][u"code"_s].toString(), u"403"_s);
        EVENTUALLY(!m_world->conversation(m_thread)[u"can_reply"_s].toBool());
    }

    void tooManyWaitsAndKeepsTheOrder()
    {
        write(u"hello"_s);
        platform().next(u"sendMessage"_s, {.message = u"Too Many Requests: retry after 2"_s, .httpStatus = 429, .retryAfter = 2s});
        const auto before = platform().sent().size();
        const QString one = answered(u"one"_s);
        const QString two = answered(u"two"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, two), u"sent"_s);
        QCOMPARE(m_world->status(m_thread, one), u"sent"_s);
        QCOMPARE(platform().sent()[before].message[u"text"_s].toString(), u"one"_s);
        QCOMPARE(platform().sent().size(), before + 2);
        const auto calls = platform().received(u"sendMessage"_s);
        QVERIFY(calls[calls.size() - 2].at - calls[calls.size() - 3].at >= 1900ms);
    }

    void whatMayHaveArrivedIsNotSentAgain()
    {
        write(u"hello"_s);
        platform().next(u"sendMessage"_s, {.httpStatus = 500, .takesEffect = true});
        const int before = platform().count(u"sendMessage"_s);
        const QString id = answered(u"Once"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->byId(m_thread, id)[u"external_error"_s][u"code"_s].toString(), u"outcome_unknown"_s, 100'000);
        QCOMPARE(platform().count(u"sendMessage"_s), before + 1);
        QCOMPARE(m_world->desk().verdict(u"messages.retry"_s, {{u"id"_s, id}}).section(u'/', 0, 0), u"-32005"_s);
        QCOMPARE(m_world->desk().verdict(u"messages.retry"_s, {{u"id"_s, id}, {u"confirm_unknown"_s, true}}), u"ok"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"sent"_s);
    }

    void brokenMarkupGoesAsPlainText()
    {
        write(u"hello"_s);
        platform().next(u"sendMessage"_s, {.message = u"Bad Request: can't parse entities: nobody knows why"_s, .httpStatus = 400});
        const QString id = answered(u"**bold**"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"sent"_s);
        QVERIFY(!platform().sent().last().parameters.contains(u"parse_mode"_s));
    }

    void aDeadTokenHoldsMessagesBackUntilThereIsANewOne()
    {
        write(u"still there?"_s);
        platform().issueToken();
        const QString id = answered(u"We are"_s);
        EVENTUALLY_COMPARE(m_world->inbox(u"telegram"_s)[u"state"_s].toString(), u"reauthorization_required"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"queued"_s);      // the inbox's state is stored before
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, m_world->inbox(u"telegram"_s)[u"id"_s]}, {u"secrets"_s, QJsonObject{{u"bot_token"_s, platform().token()}}}}), u"ok"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"sent"_s);
    }

    void aRestartLosesNothingAndTheWebhookStays()
    {
        const QUrl webhook = platform().webhook();
        platform().customerWrites(m_customer, u"before"_s);
        EVENTUALLY_COMPARE(m_world->messages(m_thread).size(), 1);
        m_world->server().kill();
        platform().customerWrites(m_customer, u"meanwhile"_s);
        QCOMPARE(m_world->restart(), QString());
        EVENTUALLY_COMPARE(m_world->texts(m_thread), QStringList({u"before"_s, u"meanwhile"_s}));
        QCOMPARE(platform().webhook(), webhook);
        write(u"after"_s);
    }

    void aBotThatIsGivenUpLosesItsWebhook()
    {
        QCOMPARE(m_world->desk().verdict(u"inboxes.delete"_s, {{u"id"_s, m_world->inbox(u"telegram"_s)[u"id"_s]}}), u"ok"_s);
        EVENTUALLY(platform().webhook().isEmpty());
    }

private:
    demo::SimulatedTelegram &platform() { return m_world->telegram(); }

    QJsonObject at(qint64 id) { return m_world->message(m_thread, u"%1/%2"_s.arg(m_customer.id).arg(id)); }
    QJsonObject file(qint64 id) { return at(id)[u"attachments"_s][0].toObject(); }

    qint64 write(const QString &text)
    {
        const qint64 id = platform().customerWrites(m_customer, text);
        [this, &id] { EVENTUALLY(!at(id).isEmpty()); }();
        return id;
    }

    void settle() { EVENTUALLY(platform().pending() == 0 && m_world->stat(u"pending"_s) == 0); }

    test::HttpAnswer deliver(const QByteArray &body, const QByteArray &secret)
    {
        QList<QPair<QByteArray, QByteArray>> headers{{"Content-Type", "application/json"}};
        if (!secret.isNull())
            headers.append({"X-Telegram-Bot-Api-Secret-Token", secret});
        return test::http("POST", m_world->server().intake(u"/webhooks/telegram/"_s + m_world->inbox(u"telegram"_s)[u"id"_s].toString()), body, headers);
    }

    QString refusalOf(const QString &text)
    {
        return m_world->desk().verdict(u"messages.send"_s, {{u"conversation_id"_s, m_world->conversation(m_thread)[u"id"_s]}, {u"content"_s, text}, {u"client_id"_s, u"refused"_s}});
    }

    /// The id of the queued answer.
    QString answered(const QString &text, const QJsonObject &more = {})
    {
        const QJsonObject queued = m_world->send(m_thread, text, more);
        if (!queued.contains(u"id"_s))
            qWarning().noquote() << "not queued:" << test::DeskWorld::wordsOf(queued);
        return queued[u"id"_s].toString();
    }

    std::unique_ptr<test::BotWorld> m_world;
    demo::TelegramPerson m_customer;
    QString m_thread;
    int m_people = 0;
};

ANTIPHON_TEST(TelegramFlow)
#include "tst_telegram.moc"
