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

namespace {

// The vectors of the official SDK's validateSignature.
const QByteArray kVerifyBody = R"({"destination":"U00000000000000000000000000000b07","events":[]})";
const QByteArray kVerifySignature = "apLBxQO9ZRIilE2VLDvZL6yP9VLFd1SH5xGjwRxvBaw=";
const QByteArray kTwoBody =
    R"({"destination":"U00000000000000000000000000000b07","events":[{"type":"message","mode":"active","timestamp":1760000000000,"source":{"type":"user","userId":"U000000000000000000000000000000a1"},"webhookEventId":"01K70000000000000000000001","deliveryContext":{"isRedelivery":false},"replyToken":"rt-1","message":{"type":"text","id":"500000000000000001","quoteToken":"qt-1","text":"こんにちは"}},{"type":"message","mode":"active","timestamp":1760000000050,"source":{"type":"user","userId":"U000000000000000000000000000000b2"},"webhookEventId":"01K70000000000000000000002","deliveryContext":{"isRedelivery":false},"replyToken":"rt-2","message":{"type":"text","id":"500000000000000002","quoteToken":"qt-2","text":"Hello"}}]})";
const QByteArray kTwoSignature = "9s4uLTYnOuLDfrSskK0yB0cKNCECBPCij2A87ke3sr8=";

} // namespace

/// LINE from its signed requests to the Desk API and back.
class LineFlow : public QObject {
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
        m_customer = customer(u"Sora"_s);
        platform().setQuota(std::nullopt);
    }

    void aWrongValueIsNamed_data()
    {
        QTest::addColumn<QString>("group");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("token") << u"secrets"_s << u"channel_token"_s << u"wrong"_s;
        QTest::newRow("no token") << u"secrets"_s << u"channel_token"_s << QString();
        QTest::newRow("no secret") << u"secrets"_s << u"channel_secret"_s << QString();
        QTest::newRow("no channel") << u"settings"_s << u"channel_id"_s << QString();
        QTest::newRow("letters") << u"settings"_s << u"channel_id"_s << u"my-channel"_s;
    }

    void aWrongValueIsNamed()
    {
        QFETCH(QString, group);
        QFETCH(QString, key);
        QFETCH(QString, value);
        QJsonObject account = m_world->lineAccount();
        QJsonObject part = account[group].toObject();
        part.remove(key);
        if (!value.isEmpty())
            part.insert(key, value);
        account.insert(group, part);
        QCOMPARE(m_world->desk().verdict(u"inboxes.create"_s, account), u"-32004/invalid/"_s + key);
        QVERIFY(m_world->inbox(u"line"_s).isEmpty());
    }

    void aChannelIsConnectedOnceAndItsEndpointIsSet()
    {
        QCOMPARE(m_world->connect(m_world->lineAccount()), QString());
        QVERIFY(m_world->connect(m_world->lineAccount()).contains("-32005"_L1));
        const QJsonObject inbox = m_world->inbox(u"line"_s);
        QCOMPARE(inbox[u"external_id"_s].toString(), u"1650000001"_s);
        QVERIFY(inbox[u"webhook_url"_s].toString().endsWith("/webhooks/line/1650000001"_L1));
        EVENTUALLY_COMPARE(platform().webhook().toString(), inbox[u"webhook_url"_s].toString());
    }

    void theVectorIsTakenOnceAndAForgedOneNever()
    {
        QCOMPARE(kVerifyBody.size(), 63);
        const test::HttpAnswer verified = deliver(kVerifyBody, kVerifySignature);
        QCOMPARE(verified.status, 200);
        QCOMPARE(verified.body, "{}");
        QCOMPARE(kTwoBody.size(), 722);
        QCOMPARE(deliver(kTwoBody + ' ', kTwoSignature).status, 401);
        QCOMPARE(deliver(QByteArray(kTwoBody).replace("Hello", "Hallo"), kTwoSignature).status, 401);
        QCOMPARE(deliver(kTwoBody, {}).status, 401);
        QVERIFY(m_world->conversations().isEmpty());
        for (int copies = 0; copies < 2; ++copies)
            QCOMPARE(deliver(kTwoBody, kTwoSignature).status, 200);
        EVENTUALLY_COMPARE(m_world->texts(u"U000000000000000000000000000000a1"_s), QStringList{u"こんにちは"_s});
        EVENTUALLY_COMPARE(m_world->texts(u"U000000000000000000000000000000b2"_s), QStringList{u"Hello"_s});
        QCOMPARE(m_world->conversations().size(), 2);
        // Nobody knows their profiles; they are there all the same.
        QVERIFY(!m_world->conversation(u"U000000000000000000000000000000a1"_s)[u"contact"_s][u"name"_s].toString().isEmpty());
        settle();
        QCOMPARE(m_world->texts(u"U000000000000000000000000000000a1"_s).size(), 1);
    }

    void severalCustomersInOneRequestStaySeveral()
    {
        const demo::LineCustomer mei = customer(u"Mei"_s);
        const demo::LineCustomer new_ = customer(u"Ren"_s);
        platform().beginBatch();
        platform().customerWrites(m_customer, u"one"_s);
        platform().tell(mei, u"hologram"_s, {{u"hologram"_s, QJsonObject{{u"depth"_s, 3}}}}, true);
        platform().customerSends(mei, {{u"type"_s, u"sticker"_s}, {u"packageId"_s, u"446"_s}, {u"stickerId"_s, u"1988"_s}, {u"stickerResourceType"_s, u"STATIC"_s}, {u"keywords"_s, QJsonArray{u"hello"_s}}});
        platform().customerFollows(new_);
        platform().customerWrites(m_customer, u"two"_s);
        platform().endBatch();
        EVENTUALLY_COMPARE(m_world->texts(m_customer.id).join(u"|"_s), u"one|two"_s);
        EVENTUALLY_COMPARE(m_world->messages(mei.id).size(), 1);
        QCOMPARE(m_world->messages(mei.id)[0][u"content_type"_s].toString(), u"sticker"_s);
        EVENTUALLY_COMPARE(m_world->messages(new_.id).size(), 1);
        QCOMPARE(m_world->messages(new_.id)[0][u"direction"_s].toString(), u"activity"_s);
        QCOMPARE(m_world->conversation(new_.id)[u"unread_count"_s].toInt(), 0);
        EVENTUALLY_COMPARE(m_world->conversation(mei.id)[u"contact"_s][u"name"_s].toString(), u"Mei"_s);
    }

    void threeAtOnceFromSomebodyNewAreOneConversation()
    {
        for (int i = 0; i < 3; ++i)
            platform().customerWrites(m_customer, QString::number(i), {.at = SystemClock().now() + Milliseconds(i)});
        EVENTUALLY_COMPARE(m_world->texts(m_customer.id), QStringList({u"0"_s, u"1"_s, u"2"_s}));
        const QJsonArray all = m_world->conversations();
        QCOMPARE(std::count_if(all.begin(), all.end(), [this](const QJsonValue &one) { return one[u"contact"_s][u"identifiers"_s][0][u"source_id"_s] == m_customer.id; }), 1);
    }

    void whatIsBroughtAgainIsKnownAndWhatComesLateStandsAtItsTime()
    {
        const QString id = write(u"now"_s);
        const QString missed = platform().customerWrites(m_customer, u"before it"_s, {.at = SystemClock().now() - 10min, .withWebhook = false});
        platform().redeliver(id);
        platform().redeliver(missed);
        EVENTUALLY_COMPARE(m_world->texts(m_customer.id), QStringList({u"before it"_s, u"now"_s}));
        settle();
        QCOMPARE(m_world->texts(m_customer.id).size(), 2);
    }

    void whatIsUnsentIsGoneEvenBeforeItComes()
    {
        const QString shown = write(u"a secret"_s);
        platform().customerUnsends(m_customer, shown);
        EVENTUALLY(at(shown)[u"deleted"_s].toBool());
        QCOMPARE(at(shown)[u"content"_s].toString(), QString());
        const QString later = platform().customerWrites(m_customer, u"another secret"_s, {.withWebhook = false});
        platform().customerUnsends(m_customer, later);
        settle();
        platform().redeliver(later);
        write(u"never mind"_s);
        QVERIFY(!m_world->texts(m_customer.id).contains(u"another secret"_s));
    }

    void filesAreFetchedWhenTheyAreReady()
    {
        const QByteArray picture = demo::pictures::shelfJpeg(1);
        const QString image = platform().customerSendsFile(m_customer, u"image"_s, picture, "image/jpeg");
        const QString video = platform().customerSendsFile(m_customer, u"video"_s, demo::pictures::tinyMp4(), "video/mp4", {{u"duration"_s, 60000}}, {.withWebhook = false});
        platform().setPreparing(video, 2);
        platform().redeliver(video);
        const QString document = platform().customerSendsFile(m_customer, u"file"_s, "%PDF-1.4 order", "application/pdf", {{u"fileName"_s, u"order 77.pdf"_s}});
        const QString place = platform().customerSends(m_customer, {{u"type"_s, u"location"_s}, {u"title"_s, u"Our shop"_s}, {u"address"_s, u"Kioicho"_s}, {u"latitude"_s, 35.67966}, {u"longitude"_s, 139.73669}});
        EVENTUALLY_COMPARE(file(image)[u"state"_s].toString(), u"ready"_s);
        QCOMPARE(m_world->download(file(image)), picture);
        EVENTUALLY_COMPARE(file(video)[u"state"_s].toString(), u"ready"_s);
        EVENTUALLY_COMPARE(file(document)[u"state"_s].toString(), u"ready"_s);
        QCOMPARE(file(document)[u"name"_s].toString(), u"order 77.pdf"_s);
        EVENTUALLY_COMPARE(at(place)[u"content_type"_s].toString(), u"location"_s);
        QString gone = platform().customerSendsFile(m_customer, u"audio"_s, "x", "audio/x-m4a", {{u"duration"_s, 4100}}, {.withWebhook = false});
        platform().forgetContent(gone);
        platform().redeliver(gone);
        EVENTUALLY_COMPARE(file(gone)[u"state"_s].toString(), u"failed"_s);
    }

    void placesOfMentionsAreCodePoints()
    {
        const QJsonObject mention{{u"mentionees"_s, QJsonArray{QJsonObject{{u"index"_s, 3}, {u"length"_s, 5}, {u"type"_s, u"user"_s}, {u"userId"_s, platform().options().botUserId}, {u"isSelf"_s, true}}}}};
        const QString id = platform().customerSends(m_customer, {{u"type"_s, u"text"_s}, {u"text"_s, u"👋 @Shop hello"_s}, {u"mention"_s, mention}});
        EVENTUALLY(!at(id).isEmpty());
        QCOMPARE(at(id)[u"content"_s].toString(), u"👋 @Shop hello"_s);
        QCOMPARE(at(id)[u"entities"_s][0][u"kind"_s].toString(), u"mention"_s);
        QCOMPARE(at(id)[u"entities"_s][0][u"offset"_s].toInt(), 2);
    }

    void groupsAndForeignDestinationsAreAnsweredAndForgotten()
    {
        const auto conversations = m_world->conversations().size();
        const QByteArray group = R"({"destination":"U00000000000000000000000000000b07","events":[{"type":"message","mode":"active","timestamp":1760000200020,"source":{"type":"group","groupId":"C00000000000000000000000000000001","userId":"U000000000000000000000000000000f1"},"webhookEventId":"01K70000000000000000000923","deliveryContext":{"isRedelivery":false},"replyToken":"rt-23","message":{"type":"text","id":"923","text":"x"}}]})";
        QCOMPARE(deliver(group, sign(group)).status, 200);
        const QByteArray foreign = QByteArray(kTwoBody).replace("U00000000000000000000000000000b07", "U00000000000000000000000000000b99").replace("0000a1", "00fea1").replace("0000b2", "00feb2");
        QCOMPARE(deliver(foreign, sign(foreign)).status, 200);
        QCOMPARE(test::http("POST", m_world->server().intake(u"/webhooks/line/1650000099"_s), kTwoBody, {{"X-Line-Signature", kTwoSignature}}).status, 200);
        settle();
        QCOMPARE(m_world->conversations().size(), conversations);
    }

    void theFirstAnswerIsFreeAndTheNextIsPushed()
    {
        const QString asked = write(u"Which size do you have?"_s);
        const QString first = answered(u"**M** and L: [shop](https://a.example/)"_s, {{u"in_reply_to"_s, at(asked)[u"id"_s]}});
        EVENTUALLY_COMPARE(status(first), u"sent"_s);
        QCOMPARE(platform().sent().last().how, u"reply"_s);
        QCOMPARE(platform().sent().last().to, m_customer.id);
        QVERIFY(!platform().sent().last().message[u"quoteToken"_s].toString().isEmpty());
        QVERIFY(platform().sent().last().message[u"text"_s].toString().endsWith("M and L: shop (https://a.example/)"_L1) || platform().sent().last().message[u"text"_s].toString().contains("https://a.example/"_L1));
        QCOMPARE(m_world->byId(m_customer.id, first)[u"source_id"_s].toString(), platform().sent().last().id);
        const QString second = answered(u"Shall I keep one?"_s);
        EVENTUALLY_COMPARE(status(second), u"sent"_s);
        QCOMPARE(platform().sent().last().how, u"push"_s);
        QVERIFY(!platform().sent().last().retryKey.isEmpty());
    }

    void aTokenThatIsRefusedMeansOnePush()
    {
        write(u"hello"_s);
        platform().next(u"POST message/reply"_s, {.message = u"Invalid reply token"_s, .httpStatus = 400});
        const auto before = platform().sent().size();
        const QString id = answered(u"Hi!"_s);
        EVENTUALLY_COMPARE(status(id), u"sent"_s);
        QCOMPARE(platform().sent().size(), before + 1);
        QCOMPARE(platform().sent().last().how, u"push"_s);
    }

    void aReplyWithoutAnAnswerIsNotPushedBlindly()
    {
        write(u"hello"_s);
        platform().next(u"POST message/reply"_s, {.httpStatus = 500, .takesEffect = true});
        const int pushes = platform().count(u"POST message/push"_s);
        const QString id = answered(u"Hi!"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->byId(m_customer.id, id)[u"external_error"_s][u"code"_s].toString(), u"outcome_unknown"_s, 100'000);
        QCOMPARE(platform().count(u"POST message/push"_s), pushes);
    }

    void aPushIsRepeatedWithItsKeyAndCountsOnce()
    {
        push();
        platform().next(u"POST message/push"_s, {.httpStatus = 503});
        const auto before = platform().sent().size();
        const QString lost = answered(u"One"_s);
        EVENTUALLY_COMPARE(status(lost), u"sent"_s);
        platform().next(u"POST message/push"_s, {.httpStatus = 500, .takesEffect = true});     // then 409
        const QString taken = answered(u"Two"_s);
        EVENTUALLY_COMPARE(status(taken), u"sent"_s);
        QCOMPARE(platform().sent().size(), before + 2);
        QCOMPARE(m_world->byId(m_customer.id, taken)[u"source_id"_s].toString(), platform().sent().last().id);
        const auto calls = platform().received(u"POST message/push"_s);
        QCOMPARE(calls[calls.size() - 1].header("X-Line-Retry-Key"), calls[calls.size() - 2].header("X-Line-Retry-Key"));
        QCOMPARE(calls[calls.size() - 1].body, calls[calls.size() - 2].body);
        QVERIFY(calls[calls.size() - 3].header("X-Line-Retry-Key") != calls[calls.size() - 1].header("X-Line-Retry-Key"));
    }

    void whatIsOverTheMonthsLimitFailsAtOnceAndRepliesGoOn()
    {
        push();
        platform().setQuota(10, 10);
        const int before = platform().count(u"POST message/push"_s);
        const QString id = answered(u"One more"_s);
        EVENTUALLY_COMPARE(status(id), u"failed"_s);
        QCOMPARE(m_world->byId(m_customer.id, id)[u"external_error"_s][u"code"_s].toString(), u"429"_s);
        QCOMPARE(platform().count(u"POST message/push"_s), before + 1);
        write(u"still there?"_s);
        const QString free = answered(u"Yes"_s);
        EVENTUALLY_COMPARE(status(free), u"sent"_s);
    }

    void picturesAreFetchedByTheirLinks()
    {
        write(u"Pictures?"_s);
        const QByteArray picture = demo::pictures::shelfJpeg(2);
        const QString id = answered(u"This one"_s, {{u"attachment_ids"_s, QJsonArray{m_world->upload(picture, "image/jpeg", "a.jpg")}}});
        EVENTUALLY_COMPARE(status(id), u"sent"_s);
        EVENTUALLY_COMPARE(platform().fetched().size(), 2);
        for (const auto &one : platform().fetched()) {
            QCOMPARE(one.answer.status, 200);
            QCOMPARE(one.answer.contentType, "image/jpeg");
            QVERIFY(one.answer.body == picture || one.answer.body.size() < 1'000'000);
        }
        QVERIFY(platform().fetched()[0].answer.body != platform().fetched()[1].answer.body);
        QCOMPARE(refusalOf({{u"attachment_ids"_s, QJsonArray{m_world->upload("%PDF-1.4", "application/pdf", "a.pdf")}}}).section(u'/', 0, 0), u"-32007"_s);
        QCOMPARE(refusalOf({{u"content"_s, QString(5001, u'x')}}), u"-32007/channel_limit/content"_s);
    }

    void sixObjectsAreTwoRequests()
    {
        push();
        QJsonArray files;
        for (int i = 0; i < 5; ++i)
            files.append(m_world->upload(demo::pictures::shelfJpeg(i), "image/jpeg", "a.jpg"));
        const int before = platform().count(u"POST message/push"_s);
        const auto sent = platform().sent().size();
        const QString id = answered(u"All five"_s, {{u"attachment_ids"_s, files}});
        EVENTUALLY_COMPARE(status(id), u"sent"_s);
        QCOMPARE(platform().sent().size(), sent + 6);
        QCOMPARE(platform().count(u"POST message/push"_s), before + 2);
    }

    void whoBlocksTheAccountCannotBeWrittenTo()
    {
        write(u"hello"_s);
        platform().customerUnfollows(m_customer);
        EVENTUALLY(!m_world->conversation(m_customer.id)[u"can_reply"_s].toBool());
        QCOMPARE(refusalOf({}).section(u'/', 0, 0), u"-32005"_s);
        platform().customerFollows(m_customer, true);
        EVENTUALLY(m_world->conversation(m_customer.id)[u"can_reply"_s].toBool());
    }

    void openingAConversationMarksItReadAndTypingIsShown()
    {
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, m_world->inbox(u"line"_s)[u"id"_s]}, {u"settings"_s, QJsonObject{{u"read_marks"_s, true}}}}), u"ok"_s);
        const QString asked = write(u"read me"_s);
        QCOMPARE(m_world->desk().verdict(u"conversations.mark_read"_s, {{u"id"_s, m_world->conversation(m_customer.id)[u"id"_s]}, {u"message_id"_s, at(asked)[u"id"_s]}}), u"ok"_s);
        EVENTUALLY(!platform().read().isEmpty());
        QCOMPARE(m_world->desk().verdict(u"typing.set"_s, {{u"conversation_id"_s, m_world->conversation(m_customer.id)[u"id"_s]}, {u"on"_s, true}, {u"private"_s, false}}), u"ok"_s);
        EVENTUALLY(platform().loading().contains(m_customer.id));
    }

    void aDeadTokenHoldsMessagesBackUntilThereIsANewOne()
    {
        write(u"still there?"_s);
        platform().revokeTokens();
        const QString id = answered(u"We are"_s);
        EVENTUALLY_COMPARE(m_world->inbox(u"line"_s)[u"state"_s].toString(), u"reauthorization_required"_s);
        EVENTUALLY_COMPARE(status(id), u"queued"_s);      // the inbox's state is stored before
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, m_world->inbox(u"line"_s)[u"id"_s]}, {u"secrets"_s, QJsonObject{{u"channel_token"_s, platform().issueToken()}}}}), u"ok"_s);
        EVENTUALLY_COMPARE(status(id), u"sent"_s);
    }

    void whatWasMissedComesByRedelivery()
    {
        platform().setRedelivers(true);
        m_world->server().kill();
        platform().customerWrites(m_customer, u"meanwhile"_s);
        QCOMPARE(m_world->restart(), QString());
        EVENTUALLY_COMPARE(m_world->texts(m_customer.id), QStringList{u"meanwhile"_s});
        platform().setRedelivers(false);
    }

private:
    demo::SimulatedLine &platform() { return m_world->line(); }

    demo::LineCustomer customer(const QString &name) { return {.id = u"U"_s + QString::number(++m_people, 16).rightJustified(32, u'0'), .name = name}; }
    QJsonObject at(const QString &id) { return m_world->message(m_customer.id, id); }
    QJsonObject file(const QString &id) { return at(id)[u"attachments"_s][0].toObject(); }
    QString status(const QString &id) { return m_world->status(m_customer.id, id); }
    QByteArray sign(const QByteArray &body) const { return demo::SimulatedLine::signature("8c570fa6dd201bb328f1c1eac23a96d8", body); }

    test::HttpAnswer deliver(const QByteArray &body, const QByteArray &signature)
    {
        QList<QPair<QByteArray, QByteArray>> headers{{"Content-Type", "application/json"}};
        if (!signature.isNull())
            headers.append({"x-line-signature", signature});
        return test::http("POST", m_world->server().intake(u"/webhooks/line/1650000001"_s), body, headers);
    }

    void settle() { EVENTUALLY(platform().posts().pending() == 0 && m_world->stat(u"pending"_s) == 0); }

    QString write(const QString &text)
    {
        const QString id = platform().customerWrites(m_customer, text);
        [this, &id] { EVENTUALLY(!at(id).isEmpty()); }();
        return id;
    }

    /// A conversation whose free answer is used up.
    void push()
    {
        write(u"hello"_s);
        const QString id = answered(u"Hi!"_s);
        EVENTUALLY_COMPARE(status(id), u"sent"_s);
    }

    QString refusalOf(const QJsonObject &more)
    {
        QJsonObject params{{u"conversation_id"_s, m_world->conversation(m_customer.id)[u"id"_s]}, {u"content"_s, u"x"_s}, {u"client_id"_s, u"refused"_s}};
        for (auto it = more.begin(); it != more.end(); ++it)
            params.insert(it.key(), it.value());
        return m_world->desk().verdict(u"messages.send"_s, params);
    }

    QString answered(const QString &text, const QJsonObject &more = {})
    {
        const QJsonObject queued = m_world->send(m_customer.id, text, more);
        if (!queued.contains(u"id"_s))
            qWarning().noquote() << "not queued:" << test::DeskWorld::wordsOf(queued);
        return queued[u"id"_s].toString();
    }

    std::unique_ptr<test::BotWorld> m_world;
    demo::LineCustomer m_customer;
    int m_people = 0x1000;
};

ANTIPHON_TEST(LineFlow)
#include "tst_line.moc"
