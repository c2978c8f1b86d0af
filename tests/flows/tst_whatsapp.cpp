#include "app/demo/simulatedpictures.h"
#include "tests/flows/metavectors.h"
#include "tests/flows/metaworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

#define EVENTUALLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 30'000)
#define EVENTUALLY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 30'000)

/// WhatsApp from signed HTTP to the Desk API and back: the number, what customers and the phone do, sends and their statuses.
class WhatsappFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::MetaWorld>();
        QCOMPARE(m_world->start(), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void init()
    {
        platform().setStatuses({u"sent"_s, u"delivered"_s});
        m_customer = {.waId = QString::number(15550120000LL + ++m_people), .name = u"Ada Brandt"_s};
    }

    void aWrongValueIsNamed_data()
    {
        QTest::addColumn<QString>("group");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("number id") << u"settings"_s << u"phone_number_id"_s << u"200000000000077"_s;
        QTest::newRow("number") << u"settings"_s << u"phone_number"_s << u"+15550109999"_s;
        QTest::newRow("account") << u"settings"_s << u"business_account_id"_s << u"100000000000077"_s;
        QTest::newRow("token") << u"secrets"_s << u"access_token"_s << u"EAATwrong"_s;
        QTest::newRow("secret") << u"secrets"_s << u"app_secret"_s << u"another-app"_s;
        QTest::newRow("no secret") << u"secrets"_s << u"app_secret"_s << QString();
        QTest::newRow("letters") << u"settings"_s << u"phone_number_id"_s << u"my-number"_s;
    }

    void aWrongValueIsNamed()
    {
        QFETCH(QString, group);
        QFETCH(QString, key);
        QFETCH(QString, value);
        QJsonObject account = m_world->whatsappAccount();
        QJsonObject part = account[group].toObject();
        part.remove(key);
        if (!value.isEmpty())
            part.insert(key, value);
        account.insert(group, part);
        QCOMPARE(m_world->desk().verdict(u"inboxes.create"_s, account), u"-32004/invalid/"_s + key);
        QVERIFY(m_world->inbox(u"whatsapp"_s).isEmpty());
    }

    void aNumberIsConnectedOnceAndItsAddressAnswersTheHandshake()
    {
        QCOMPARE(m_world->connectWhatsapp(), QString());
        QVERIFY(m_world->connectWhatsapp().contains("-32005"_L1));
        const QJsonObject inbox = m_world->inbox(u"whatsapp"_s);
        QCOMPARE(inbox[u"external_id"_s].toString(), u"200000000000001"_s);
        QCOMPARE(inbox[u"reply_window_hours"_s].toInt(), 24);
        EVENTUALLY(platform().count(u"POST number"_s) + platform().count(u"POST subscribed_apps"_s) >= 1);
        const QByteArray query = "hub.mode=subscribe&hub.challenge=0012345&hub.verify_token=";
        const auto ask = [&](const QByteArray &number, const QByteArray &token) {
            return test::http("GET", QUrl::fromEncoded(m_world->server().intake(u"/webhooks/whatsapp/"_s).toEncoded() + number + '?' + query + token));
        };
        const QByteArray token = platform().app().verifyToken.toLatin1();
        QCOMPARE(ask("+15550100001", token).body, "0012345");
        QCOMPARE(ask("%2B15550100001", token).status, 200);
        QCOMPARE(ask("15550100001", token).status, 200);
        QCOMPARE(ask("+15550100001", "wrong").status, 403);
        QCOMPARE(ask("+15550100077", token).status, 404);
    }

    void theVectorIsTakenOnceAndAForgedOneNever()
    {
        const QByteArray body = test::vectors::kWhatsapp;
        QCOMPARE(body.size(), 421);
        const QString path = u"/webhooks/whatsapp/+15550100001"_s;
        QCOMPARE(m_world->deliver(path, body + ' ', test::vectors::kWhatsappSignature), 401);
        QCOMPARE(m_world->deliver(path, body, "sha1=735ccb1b524d87a645a5281e7789b31aeb26792d"), 401);
        QVERIFY(m_world->conversation(u"15550100002"_s).isEmpty());
        for (int copies = 0; copies < 3; ++copies)
            QCOMPARE(m_world->deliver(path, body, test::vectors::kWhatsappSignature), 200);
        EVENTUALLY_COMPARE(m_world->texts(u"15550100002"_s), QStringList{u"ping"_s});
        QCOMPARE(m_world->message(u"15550100002"_s, u"wamid.TESTVECTOR0001"_s)[u"created_at"_s].toString(), u"2025-10-09T08:53:20.000Z"_s);
        QCOMPARE(m_world->conversation(u"15550100002"_s)[u"contact"_s][u"name"_s].toString(), u"Ada"_s);
    }

    void oneBodyMayTellOfManyPeople()
    {
        QList<demo::WhatsappCustomer> people;
        platform().beginBatch();
        for (int i = 0; i < 3; ++i) {
            people.append({.waId = QString::number(15550260000LL + i), .name = u"Guest %1"_s.arg(i)});
            for (int n = 0; n < 3; ++n)
                platform().customerWrites(people.last(), u"%1-%2"_s.arg(i).arg(n));
        }
        platform().endBatch();
        for (int i = 0; i < 3; ++i)
            EVENTUALLY_COMPARE(m_world->texts(people[i].waId), QStringList({u"%1-0"_s.arg(i), u"%1-1"_s.arg(i), u"%1-2"_s.arg(i)}));
    }

    void everyKindIsShown()
    {
        const QByteArray picture = demo::pictures::shelfJpeg(1);
        const QString image = platform().customerSendsFile(m_customer, u"image"_s, picture, "image/jpeg", {{u"caption"_s, u"this one?"_s}});
        const QString document = platform().customerSendsFile(m_customer, u"document"_s, "%PDF-1.4 order", "application/pdf", {{u"filename"_s, u"order 7.pdf"_s}});
        const QString place = platform().customerSends(m_customer, u"location"_s, QJsonObject{{u"latitude"_s, 48.1}, {u"longitude"_s, 11.5}, {u"name"_s, u"Shop"_s}});
        const QJsonObject card{{u"name"_s, QJsonObject{{u"formatted_name"_s, u"Bo Lund"_s}}}, {u"phones"_s, QJsonArray{QJsonObject{{u"phone"_s, u"+1 555 010 1234"_s}, {u"type"_s, u"CELL"_s}}}}};
        const QString contacts = platform().customerSends(m_customer, u"contacts"_s, QJsonArray{card});
        const QString button = platform().customerSends(m_customer, u"button"_s, QJsonObject{{u"text"_s, u"Yes please"_s}, {u"payload"_s, u"YES"_s}});
        const QString list = platform().customerSends(m_customer, u"interactive"_s, QJsonObject{{u"type"_s, u"list_reply"_s}, {u"list_reply"_s, QJsonObject{{u"id"_s, u"1"_s}, {u"title"_s, u"Blue"_s}, {u"description"_s, u"the large one"_s}}}});
        const QString poll = platform().customerSends(m_customer, u"unsupported"_s, QJsonValue::Null, {.more = {{u"errors"_s, QJsonArray{QJsonObject{{u"code"_s, 131051}, {u"title"_s, u"Unsupported message type"_s}}}}}});
        const QString unheardOf = platform().customerSends(m_customer, u"hologram"_s, QJsonObject{{u"depth"_s, 3}});
        EVENTUALLY_COMPARE(m_world->messages(m_customer.waId).size(), 8);
        EVENTUALLY_COMPARE(m_world->message(m_customer.waId, image)[u"attachments"_s][0][u"state"_s].toString(), u"ready"_s);
        EVENTUALLY_COMPARE(m_world->message(m_customer.waId, document)[u"attachments"_s][0][u"state"_s].toString(), u"ready"_s);
        QCOMPARE(m_world->download(m_world->message(m_customer.waId, image)[u"attachments"_s][0].toObject()), picture);
        QCOMPARE(m_world->message(m_customer.waId, image)[u"content"_s].toString(), u"this one?"_s);
        QCOMPARE(m_world->message(m_customer.waId, document)[u"attachments"_s][0][u"name"_s].toString(), u"order 7.pdf"_s);
        QCOMPARE(m_world->message(m_customer.waId, place)[u"content_type"_s].toString(), u"location"_s);
        QCOMPARE(m_world->message(m_customer.waId, contacts)[u"content_type"_s].toString(), u"contacts"_s);
        QCOMPARE(m_world->message(m_customer.waId, button)[u"content"_s].toString(), u"Yes please"_s);
        QVERIFY(m_world->message(m_customer.waId, list)[u"content"_s].toString().startsWith("Blue"_L1));
        QCOMPARE(m_world->message(m_customer.waId, poll)[u"content_type"_s].toString(), u"unsupported"_s);
        QCOMPARE(m_world->message(m_customer.waId, unheardOf)[u"content_type"_s].toString(), u"unsupported"_s);
    }

    void anAlbumOfTenAtOnceIsOneConversationInOrder()
    {
        const Timestamp start = SystemClock().now();
        QStringList expected;
        for (int i = 0; i < 10; ++i) {
            expected.append(u"page %1"_s.arg(i));
            platform().customerSendsFile(m_customer, u"image"_s, demo::pictures::shelfJpeg(i), "image/jpeg", {{u"caption"_s, expected.last()}}, {.at = start - 10s + std::chrono::seconds(i)});
        }
        EVENTUALLY_COMPARE(m_world->texts(m_customer.waId), expected);
        const auto ready = [this] {
            const QJsonArray all = m_world->messages(m_customer.waId);
            return std::count_if(all.begin(), all.end(), [](const QJsonValue &one) { return one[u"attachments"_s][0][u"state"_s] == "ready"_L1; });
        };
        EVENTUALLY_COMPARE(ready(), 10);
        const QJsonArray all = m_world->conversations();
        QCOMPARE(std::count_if(all.begin(), all.end(), [this](const QJsonValue &one) { return one[u"contact"_s][u"identifiers"_s][0][u"source_id"_s] == m_customer.waId; }), 1);
    }

    void whatIsReactedToEditedAndTakenBackChangesItsMessage()
    {
        const QString id = ask(u"two bokses"_s);
        const QString echo = platform().phoneWrites(m_customer, u"On my way"_s);
        EVENTUALLY(!m_world->message(m_customer.waId, echo).isEmpty());
        platform().customerReacts(m_customer, echo, u"👍"_s);
        EVENTUALLY_COMPARE(m_world->message(m_customer.waId, echo)[u"reactions"_s][0][u"emoji"_s].toString(), u"👍"_s);
        platform().customerReacts(m_customer, echo, {});
        EVENTUALLY(m_world->message(m_customer.waId, echo)[u"reactions"_s].toArray().isEmpty());
        platform().customerEdits(m_customer, id, u"two boxes"_s);
        EVENTUALLY_COMPARE(m_world->message(m_customer.waId, id)[u"content"_s].toString(), u"two boxes"_s);
        platform().customerRevokes(m_customer, id);
        EVENTUALLY(m_world->message(m_customer.waId, id)[u"deleted"_s].toBool());
    }

    void whatThePhoneAnswersIsANativeAppMessage()
    {
        ask(u"Are you open?"_s);
        const QString closes = m_world->conversation(m_customer.waId)[u"reply_window"_s][u"closes_at"_s].toString();
        const QString id = platform().phoneWrites(m_customer, u"Until six"_s);
        EVENTUALLY(!m_world->message(m_customer.waId, id).isEmpty());
        const QJsonObject echo = m_world->message(m_customer.waId, id);
        QVERIFY(echo[u"external_echo"_s].toBool());
        QCOMPARE(echo[u"sender"_s][u"type"_s].toString(), u"native_app"_s);
        QCOMPARE(echo[u"status"_s].toString(), u"delivered"_s);
        QCOMPARE(m_world->conversation(m_customer.waId)[u"reply_window"_s][u"closes_at"_s].toString(), closes);
        QVERIFY(m_world->conversation(m_customer.waId)[u"waiting_since"_s].isNull());
        platform().phoneEdits(m_customer, id, u"Until seven"_s);
        EVENTUALLY_COMPARE(m_world->message(m_customer.waId, id)[u"content"_s].toString(), u"Until seven"_s);
        platform().phoneRevokes(m_customer, id);
        EVENTUALLY(m_world->message(m_customer.waId, id)[u"deleted"_s].toBool());
    }

    void whoIsWrittenToFirstHasNoWindowYet()
    {
        const demo::WhatsappCustomer other{.waId = u"15550177777"_s};
        platform().phoneWrites(m_customer, u"Your parcel is here"_s);
        platform().phoneWrites(other, u"Yours too"_s);
        EVENTUALLY_COMPARE(m_world->messages(m_customer.waId).size(), 1);
        EVENTUALLY_COMPARE(m_world->messages(other.waId).size(), 1);
        const QJsonObject conversation = m_world->conversation(m_customer.waId);
        QCOMPARE(conversation[u"reply_window"_s][u"open"_s], QJsonValue(false));
        QVERIFY(conversation[u"reply_window"_s][u"closes_at"_s].isNull());
        QCOMPARE(conversation[u"unread_count"_s].toInt(), 0);
    }

    void bothSpellingsOfANumberAreOnePerson()
    {
        const demo::WhatsappCustomer with{.waId = u"5511987654321"_s, .name = u"Bia"_s};
        const demo::WhatsappCustomer without{.waId = u"551187654321"_s, .name = u"Bia"_s};
        platform().customerWrites(with, u"Oi"_s);
        EVENTUALLY_COMPARE(m_world->messages(with.waId).size(), 1);
        platform().customerWrites(without, u"Tudo bem?"_s);
        EVENTUALLY_COMPARE(m_world->messages(with.waId).size(), 2);
    }

    void unknownNumbersAreAnsweredAndForgotten()
    {
        const auto conversations = m_world->conversations().size();
        const QByteArray foreign = QByteArray(test::vectors::kWhatsapp).replace("200000000000001", "200000000000099").replace("TESTVECTOR0001", "FOREIGN1");
        QCOMPARE(m_world->deliver(u"/webhooks/whatsapp/+15550100001"_s, foreign, demo::WebhookSender::metaSignature("antiphon-wa-secret", foreign)), 200);
        QCOMPARE(m_world->deliver(u"/webhooks/whatsapp/+15550100099"_s, foreign, demo::WebhookSender::metaSignature("whatever", foreign)), 200);
        EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        QCOMPARE(m_world->conversations().size(), conversations);
    }

    void statusesNeverGoBackwards_data()
    {
        QTest::addColumn<QStringList>("order");
        QTest::addColumn<QString>("end");
        QStringList order{u"delivered"_s, u"read"_s, u"sent"_s};
        do
            QTest::newRow(qPrintable(order.join(u'-'))) << order << u"read"_s;
        while (std::next_permutation(order.begin(), order.end()));
        QTest::newRow("failed-sent") << QStringList{u"failed"_s, u"sent"_s} << u"failed"_s;
        QTest::newRow("failed-delivered") << QStringList{u"failed"_s, u"delivered"_s} << u"delivered"_s;
        QTest::newRow("delivered-failed") << QStringList{u"delivered"_s, u"failed"_s} << u"delivered"_s;
    }

    void statusesNeverGoBackwards()
    {
        QFETCH(QStringList, order);
        QFETCH(QString, end);
        ask(u"Statuses?"_s);
        platform().setStatuses({});
        const QString id = answered(u"One"_s);
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"sent"_s);
        const QString wamid = platform().sent().last().id;
        for (const QString &status : order) {
            const QJsonArray errors = status == "failed"_L1 ? QJsonArray{QJsonObject{{u"code"_s, 131026}, {u"title"_s, u"Message undeliverable"_s}}} : QJsonArray();
            const qint64 received = m_world->stat(u"received"_s);
            platform().tellStatus(wamid, status, {}, errors);
            EVENTUALLY(m_world->stat(u"received"_s) > received);
            EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        }
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), end);
        if (end == "failed"_L1)
            QCOMPARE(m_world->byId(m_customer.waId, id)[u"external_error"_s][u"code"_s].toString(), u"131026"_s);
    }

    void statusesBeforeTheAnswerBelongToTheSend()
    {
        ask(u"Quick?"_s);
        platform().setEcho(demo::Echo::BeforeAnswer, 400ms);
        const QString id = answered(u"Very"_s);
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"delivered"_s);
        QCOMPARE(m_world->messages(m_customer.waId).size(), 2);
        platform().setEcho(demo::Echo::AfterAnswer);
    }

    void aSendThatIsEchoedBeforeItsAnswerIsOneBubble()
    {
        ask(u"Is it true?"_s);
        platform().setStatuses({});
        platform().setEcho(demo::Echo::BeforeAnswer, 1500ms);
        const auto before = platform().sent().size();
        const int natives = m_world->nativeAnnounced();
        const QString id = answered(u"It is"_s);
        EVENTUALLY_COMPARE(platform().sent().size(), before + 1);
        const QString wamid = platform().sent().last().id;
        platform().phoneWrites(m_customer, u"It is"_s, {.id = wamid});
        EVENTUALLY(m_world->stat(u"parked"_s) > 0 || m_world->messages(m_customer.waId).size() > 2);
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"sent"_s);
        EVENTUALLY_COMPARE(m_world->stat(u"parked"_s), 0);
        QCOMPARE(m_world->messages(m_customer.waId).size(), 2);
        QCOMPARE(m_world->nativeAnnounced(), natives);
        QCOMPARE(m_world->byId(m_customer.waId, id)[u"source_id"_s].toString(), wamid);
        platform().setEcho(demo::Echo::AfterAnswer);
    }

    void filesQuotesAndReactionsAreSent()
    {
        const QString question = ask(u"Which?"_s);
        const QString questionId = m_world->message(m_customer.waId, question)[u"id"_s].toString();
        const QByteArray picture = demo::pictures::shelfJpeg(2);
        const QString id = answered(u"**This** one"_s, {{u"attachment_ids"_s, QJsonArray{m_world->upload(picture, "image/jpeg", "shelf.jpg")}}, {u"in_reply_to"_s, questionId}});
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"delivered"_s);
        const QJsonObject body = platform().sent().last().body;
        QCOMPARE(body[u"type"_s].toString(), u"image"_s);
        QCOMPARE(body[u"image"_s][u"caption"_s].toString(), u"*This* one"_s);
        QCOMPARE(body[u"context"_s][u"message_id"_s].toString(), question);
        QCOMPARE(m_world->desk().verdict(u"messages.react"_s, {{u"id"_s, questionId}, {u"emoji"_s, u"👍"_s}}), u"ok"_s);
        EVENTUALLY_COMPARE(platform().sent().last().body[u"reaction"_s][u"emoji"_s].toString(), u"👍"_s);
    }

    void whatIsReadAndOfferedReachesTheCustomer()
    {
        const QString question = ask(u"Do you have it in blue?"_s);
        const QJsonObject asked = m_world->message(m_customer.waId, question);
        const QJsonObject upTo{{u"id"_s, asked[u"conversation_id"_s]}, {u"message_id"_s, asked[u"id"_s]}};
        QVERIFY(!platform().read().contains(question));
        for (int i = 0; i < 2; ++i)
            QCOMPARE(m_world->desk().verdict(u"conversations.mark_read"_s, upTo), u"ok"_s);
        EVENTUALLY_COMPARE(platform().read().count(question), 1);
        const QJsonArray items{QJsonObject{{u"id"_s, u"s"_s}, {u"title"_s, u"Small"_s}}, QJsonObject{{u"id"_s, u"l"_s}, {u"title"_s, u"Large"_s}}};
        const QString id = answered(u"Which size?"_s, {{u"choice"_s, QJsonObject{{u"items"_s, items}}}});
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"delivered"_s);
        const QJsonObject interactive = platform().sent().last().body[u"interactive"_s].toObject();
        QCOMPARE(interactive[u"type"_s].toString(), u"button"_s);
        QCOMPARE(interactive[u"action"_s][u"buttons"_s].toArray().size(), 2);
        QCOMPARE(platform().read().count(question), 1);
    }

    void aTemplateGoesThroughTheClosedWindow()
    {
        const QString old = platform().customerWrites(m_customer, u"Last week"_s, {.at = SystemClock().now() - 7 * 24h});
        EVENTUALLY(!m_world->message(m_customer.waId, old).isEmpty());
        QVERIFY(!m_world->conversation(m_customer.waId)[u"can_reply"_s].toBool());
        QCOMPARE(test::RawDesk::code(m_world->send(m_customer.waId, u"Hello again"_s)), -32006);
        const QString inbox = m_world->inbox(u"whatsapp"_s)[u"id"_s].toString();
        const auto templates = [&] { return m_world->desk().result(u"templates.list"_s, {{u"inbox_id"_s, inbox}})[u"items"_s].toArray(); };
        EVENTUALLY_COMPARE(templates().size(), 5);
        const QJsonObject wish{{u"name"_s, u"order_ready"_s}, {u"language"_s, u"de"_s}, {u"values"_s, QJsonObject{{u"body"_s, QJsonArray{u"Ada"_s, u"Freitag"_s}}}}};
        const QString id = answered({}, {{u"template"_s, wish}});
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"delivered"_s);
        QCOMPARE(m_world->byId(m_customer.waId, id)[u"content"_s].toString(), u"Hallo Ada, Ihre Bestellung liegt bis Freitag bereit."_s);
    }

    void refusalsAreSaidAndLimitsWaitedOut()
    {
        ask(u"Hello?"_s);
        platform().next(u"POST messages"_s, {.code = 131047, .message = u"Re-engagement message"_s});
        const QString closed = answered(u"Too late"_s);
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, closed), u"failed"_s);
        QCOMPARE(m_world->byId(m_customer.waId, closed)[u"external_error"_s][u"code"_s].toString(), u"131047"_s);
        platform().next(u"POST messages"_s, {.code = 131056, .message = u"Pair rate limit hit"_s});
        const QString paced = answered(u"Once more"_s);
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, paced), u"delivered"_s);
        QCOMPARE(test::RawDesk::code(m_world->send(m_customer.waId, QString(4097, u'x'))), -32007);
    }

    void anUnknownOutcomeIsSettledByTheStatusWithOurWord()
    {
        ask(u"Did it arrive?"_s);
        const auto before = platform().sent().size();
        platform().setStatuses({});
        platform().next(u"POST messages"_s, {.httpStatus = 502, .takesEffect = true});
        const QString id = answered(u"It left"_s);
        EVENTUALLY_COMPARE(platform().sent().size(), before + 1);
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"sending"_s);
        platform().tellStatus(platform().sent().last().id, u"delivered"_s);
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"delivered"_s);
        QCOMPARE(platform().sent().size(), before + 1);
        QCOMPARE(m_world->byId(m_customer.waId, id)[u"source_id"_s].toString(), platform().sent().last().id);
    }

    void historyComesInSilentlyAndOnce()
    {
        const Timestamp then = SystemClock().now() - 30 * 24h;
        const QString live = ask(u"I'm back"_s);
        const int unread = m_world->conversation(m_customer.waId)[u"unread_count"_s].toInt();
        const demo::WhatsappCustomer old{.waId = u"15550188888"_s};
        const auto thread = [&](const demo::WhatsappCustomer &with, const QString &word, const QString &id) {
            return QJsonObject{{u"id"_s, with.waId}, {u"messages"_s, QJsonArray{platform().historyMessage(with, false, word, then, u"READ"_s, id),
                                                                                platform().historyMessage(with, true, u"Answer to "_s + word, then + 1min, u"READ"_s, id + u".2"_s)}}};
        };
        const QJsonObject again = platform().historyMessage(m_customer, false, u"I'm back"_s, SystemClock().now(), u"READ"_s, live);
        for (int times = 0; times < 2; ++times) {
            platform().tellHistory(1, 2, 60, {thread(m_customer, u"Old one"_s, u"wamid.HIST1"_s), QJsonObject{{u"id"_s, m_customer.waId}, {u"messages"_s, QJsonArray{again}}}});
            platform().tellHistory(0, 1, 20, {thread(old, u"Only then"_s, u"wamid.HIST2"_s)});
        }
        EVENTUALLY_COMPARE(m_world->texts(m_customer.waId), QStringList({u"Old one"_s, u"Answer to Old one"_s, u"I'm back"_s}));
        EVENTUALLY_COMPARE(m_world->messages(old.waId).size(), 2);
        QCOMPARE(m_world->conversation(m_customer.waId)[u"unread_count"_s].toInt(), unread);
        const QJsonObject imported = m_world->conversation(old.waId);
        QCOMPARE(imported[u"status"_s].toString(), u"resolved"_s);
        QCOMPARE(imported[u"unread_count"_s].toInt(), 0);
        QCOMPARE(imported[u"reply_window"_s][u"open"_s], QJsonValue(false));
        platform().tellContact(old.waId, u"Olga Lind"_s);
        EVENTUALLY_COMPARE(m_world->conversation(old.waId)[u"contact"_s][u"name"_s].toString(), u"Olga Lind"_s);
    }

    void aDeadTokenHoldsMessagesBackUntilThereIsANewOne()
    {
        ask(u"Still there?"_s);
        platform().revokeTokens();
        const QString id = answered(u"We are"_s);
        EVENTUALLY_COMPARE(m_world->inbox(u"whatsapp"_s)[u"state"_s].toString(), u"reauthorization_required"_s);
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"queued"_s);      // the inbox's state is stored before
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, m_world->inbox(u"whatsapp"_s)[u"id"_s]},
                                                                {u"secrets"_s, QJsonObject{{u"access_token"_s, platform().issueToken()}}}}),
                 u"ok"_s);
        EVENTUALLY_COMPARE(m_world->status(m_customer.waId, id), u"delivered"_s);
    }

    void aRemovedPartnerIsToldToTheOwner()
    {
        platform().tellAccount(u"PARTNER_REMOVED"_s);
        EVENTUALLY_COMPARE(m_world->inbox(u"whatsapp"_s)[u"state"_s].toString(), u"reauthorization_required"_s);
    }

private:
    demo::SimulatedWhatsapp &platform() { return m_world->whatsapp(); }

    QString ask(const QString &text)
    {
        const QString id = platform().customerWrites(m_customer, text);
        [this, &id] { EVENTUALLY(!m_world->message(m_customer.waId, id).isEmpty()); }();
        return id;
    }

    /// The id of the queued answer.
    QString answered(const QString &text, const QJsonObject &more = {})
    {
        const QJsonObject queued = m_world->send(m_customer.waId, text, more);
        if (!queued.contains(u"id"_s))
            qWarning().noquote() << "not queued:" << test::MetaWorld::wordsOf(queued);
        return queued[u"id"_s].toString();
    }

    std::unique_ptr<test::MetaWorld> m_world;
    demo::WhatsappCustomer m_customer;
    int m_people = 0;
};

ANTIPHON_TEST(WhatsappFlow)
#include "tst_whatsapp.moc"
