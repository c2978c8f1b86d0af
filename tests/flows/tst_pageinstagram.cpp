#include "app/demo/simulatedpictures.h"
#include "tests/flows/metaworld.h"
#include "tests/support/testmain.h"

#include <QMessageAuthenticationCode>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

#define EVENTUALLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 30'000)
#define EVENTUALLY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 30'000)

/// Instagram by way of a Facebook Page, from signed HTTP to the Desk API and back. The simulated Facebook takes no call without the Page's token and its proof.
class PageInstagramFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::MetaWorld>();
        QCOMPARE(m_world->start(), QString());
        QCOMPARE(m_world->connectPageInstagram(), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void init()
    {
        platform().setEcho(demo::Echo::AfterAnswer);
        m_person = platform().meet({.name = u"Ines Duarte"_s, .username = u"ines."_s + QString::number(++m_people)});
    }

    void thePageTellsTheAccountAndIsSubscribed()
    {
        const QJsonObject inbox = m_world->inbox(u"instagram"_s);
        QCOMPARE(inbox[u"external_id"_s].toString(), u"17840000000000009"_s);
        QCOMPARE(inbox[u"name"_s].toString(), u"lantern.studio"_s);
        QCOMPARE(inbox[u"settings"_s][u"page_id"_s].toString(), u"300000000000001"_s);
        QCOMPARE(inbox[u"settings"_s][u"instagram_id"_s].toString(), u"17840000000000009"_s);
        QCOMPARE(inbox[u"settings"_s][u"username"_s].toString(), u"lantern.studio"_s);
        QVERIFY(inbox[u"webhook_url"_s].toString().endsWith("/webhooks/instagram"_L1));
        QVERIFY(!inbox.contains(u"secrets"_s));
        EVENTUALLY_COMPARE(checkLine(u"subscription"_s), QJsonValue(true));
        QVERIFY(facebook().subscribed().contains(u"messages"_s));
        QCOMPARE(checkLine(u"credentials"_s), QJsonValue(true));
        QCOMPARE(m_world->instagram().received().size(), 0);                  // Instagram's own host is never asked
        QVERIFY(m_world->desk().verdict(u"inboxes.authorize"_s, {{u"channel"_s, u"instagram"_s}, {u"id"_s, inbox[u"id"_s]}}).startsWith("-32004"_L1));
    }

    void theHandshakeKnowsBothWords()
    {
        const auto answerTo = [this](const QString &word) {
            std::optional<int> status;
            platform().verifyCallback(m_world->server().intake(u"/webhooks/instagram"_s), word, [&](int code, const QByteArray &, bool) { status = code; });
            QDeadlineTimer patience(30'000);
            while (!status && !patience.hasExpired())
                QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
            return status.value_or(0);
        };
        QCOMPARE(answerTo(facebook().app().verifyToken), 200);
        QCOMPARE(answerTo(m_world->instagram().app().verifyToken), 200);
        QCOMPARE(answerTo(u"wrong"_s), 403);
    }

    void whatFacebooksAppSignedIsStoredAndNothingElse()
    {
        const QByteArray body = "{\"object\":\"instagram\",\"entry\":[{\"time\":" + QByteArray::number(toUnixMs(SystemClock().now())) + ",\"id\":\"17840000000000009\",\"messaging\":[{\"sender\":{\"id\":\""
            + m_person.toLatin1() + "\"},\"recipient\":{\"id\":\"17840000000000009\"},\"timestamp\":" + QByteArray::number(toUnixMs(SystemClock().now()))
            + ",\"message\":{\"mid\":\"mid.PAGE" + m_person.toLatin1() + "\",\"text\":\"by hand\"}}]}]}";
        const auto signedBy = [&body](const QString &secret) {
            return "sha256=" + QMessageAuthenticationCode::hash(body, secret.toUtf8(), QCryptographicHash::Sha256).toHex();
        };
        QCOMPARE(m_world->deliver(u"/webhooks/instagram"_s, body, signedBy(u"antiphon-wa-secret"_s)), 401);
        QVERIFY(m_world->conversation(m_person).isEmpty());
        QCOMPARE(m_world->deliver(u"/webhooks/instagram"_s, body, signedBy(facebook().app().appSecret)), 200);
        EVENTUALLY_COMPARE(m_world->texts(m_person), QStringList{u"by hand"_s});
        QCOMPARE(m_world->deliver(u"/webhooks/instagram"_s, body, signedBy(facebook().app().appSecret)), 200);
        EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        QCOMPARE(m_world->messages(m_person).size(), 1);
    }

    void aCustomerGetsTheirNameAndTheirPictures()
    {
        const QByteArray picture = demo::pictures::shelfJpeg(1);
        const QString id = platform().customerSendsFiles(m_person, {{.bytes = picture, .mime = "image/jpeg"}}, u"Like this?"_s);
        EVENTUALLY_COMPARE(m_world->message(m_person, id)[u"attachments"_s][0][u"state"_s].toString(), u"ready"_s);
        QCOMPARE(m_world->download(m_world->message(m_person, id)[u"attachments"_s][0].toObject()), picture);
        EVENTUALLY_COMPARE(m_world->conversation(m_person)[u"contact"_s][u"name"_s].toString(), u"Ines Duarte"_s);
        QCOMPARE(m_world->conversation(m_person)[u"reply_window"_s][u"rule"_s].toString(), u"instagram_24h"_s);
    }

    void whatTheOwnerWritesInTheAppIsNative()
    {
        const QString id = platform().appWrites(m_person, u"From the phone"_s);
        EVENTUALLY(!m_world->message(m_person, id).isEmpty());
        QCOMPARE(m_world->message(m_person, id)[u"sender"_s][u"type"_s].toString(), u"native_app"_s);
        QCOMPARE(m_world->message(m_person, id)[u"status"_s].toString(), u"delivered"_s);
    }

    void aSendIsOneBubbleWheneverItsEchoComes_data()
    {
        QTest::addColumn<int>("echo");
        QTest::newRow("after") << int(demo::Echo::AfterAnswer);
        QTest::newRow("before") << int(demo::Echo::BeforeAnswer);
    }

    void aSendIsOneBubbleWheneverItsEchoComes()
    {
        QFETCH(int, echo);
        const QString question = platform().customerWrites(m_person, u"Is it there?"_s);
        EVENTUALLY(!m_world->message(m_person, question).isEmpty());
        platform().setEcho(demo::Echo(echo), 400ms);
        const int natives = m_world->nativeAnnounced();
        const qint64 received = m_world->stat(u"received"_s);
        const QString id = m_world->send(m_person, u"Yes, two left."_s)[u"id"_s].toString();
        EVENTUALLY(isSent(id));
        const SimulatedRequest call = platform().received(u"POST messages"_s).last();
        QCOMPARE(call.path, QByteArray("/v23.0/300000000000001/messages"));
        QVERIFY(call.query("appsecret_proof"));
        QCOMPARE(platform().sent().last().to, m_person);
        QVERIFY(!platform().sent().last().body.contains(u"messaging_type"_s));
        EVENTUALLY(m_world->stat(u"received"_s) > received);
        EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        QCOMPARE(m_world->messages(m_person).size(), 2);
        QCOMPARE(m_world->nativeAnnounced(), natives);
        platform().customerReads(m_person, platform().sent().last().id);
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"read"_s);
    }

    void filesAndReactionsGoInThePagesName()
    {
        const QString question = platform().customerWrites(m_person, u"A picture?"_s);
        EVENTUALLY(!m_world->message(m_person, question).isEmpty());
        const QByteArray picture = demo::pictures::shelfJpeg(2);
        const auto before = platform().sent().size();
        const QString id = m_world->send(m_person, u"Here"_s, {{u"attachment_ids"_s, QJsonArray{m_world->upload(picture, "image/jpeg", "a.jpg")}}})[u"id"_s].toString();
        EVENTUALLY_COMPARE(platform().sent().size(), before + 2);
        QCOMPARE(platform().sent()[before].file, picture);
        EVENTUALLY(isSent(id));
        QCOMPARE(m_world->desk().verdict(u"messages.react"_s, {{u"id"_s, m_world->message(m_person, question)[u"id"_s]}, {u"emoji"_s, u"❤️"_s}}), u"ok"_s);
        EVENTUALLY(platform().signs().contains(u"react %1 love"_s.arg(question)));
        QCOMPARE(m_world->desk().verdict(u"typing.set"_s, {{u"conversation_id"_s, m_world->conversation(m_person)[u"id"_s]}, {u"on"_s, true}, {u"private"_s, false}}), u"ok"_s);
        EVENTUALLY(platform().signs().contains(u"typing_on"_s));
    }

    void aLostAnswerIsSettledByItsEcho()
    {
        const QString question = platform().customerWrites(m_person, u"Did it arrive?"_s);
        EVENTUALLY(!m_world->message(m_person, question).isEmpty());
        platform().next(u"POST messages"_s, {.closeWithoutAnswer = true, .takesEffect = true});
        const auto before = platform().sent().size();
        const QString id = m_world->send(m_person, u"It left"_s)[u"id"_s].toString();
        EVENTUALLY(isSent(id));
        QCOMPARE(platform().sent().size(), before + 1);
        QCOMPARE(m_world->messages(m_person).size(), 2);
    }

    void whatWasMissedIsFetchedFromThePagesList()
    {
        const QString seen = platform().customerWrites(m_person, u"seen"_s);
        EVENTUALLY(!m_world->message(m_person, seen).isEmpty());
        const QString missed = platform().customerWrites(m_person, u"missed"_s, {.withWebhook = false});
        const QJsonValue inbox = m_world->inbox(u"instagram"_s)[u"id"_s];
        QCOMPARE(m_world->desk().verdict(u"inboxes.catch_up"_s, {{u"id"_s, inbox}, {u"since"_s, toRfc3339(SystemClock().now() - 1h)}}), u"ok"_s);
        EVENTUALLY(!m_world->message(m_person, missed).isEmpty());
        QVERIFY(m_world->message(m_person, missed)[u"caught_up"_s].toBool());
        QCOMPARE(platform().received(u"GET conversations"_s).last().path, QByteArray("/v23.0/300000000000001/conversations"));
        QCOMPARE(m_world->messages(m_person).size(), 2);
    }

    void aDeadTokenHoldsMessagesBackUntilThereIsANewOne()
    {
        const QString question = platform().customerWrites(m_person, u"Still there?"_s);
        EVENTUALLY(!m_world->message(m_person, question).isEmpty());
        facebook().revokeTokens();
        const QString id = m_world->send(m_person, u"We are"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->inbox(u"instagram"_s)[u"state"_s].toString(), u"reauthorization_required"_s);
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"queued"_s);      // the inbox's state is stored before
        const QString meanwhile = platform().customerWrites(m_person, u"Hello?"_s);
        EVENTUALLY(!m_world->message(m_person, meanwhile).isEmpty());
        const QJsonObject fresh{{u"id"_s, m_world->inbox(u"instagram"_s)[u"id"_s]}, {u"secrets"_s, QJsonObject{{u"page_access_token"_s, facebook().issueToken()}}}};
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, fresh), u"ok"_s);
        EVENTUALLY_COMPARE(m_world->inbox(u"instagram"_s)[u"state"_s].toString(), u"active"_s);
        EVENTUALLY(isSent(id));
    }

    void theSubscriptionIsRepairedAtTheStart()
    {
        facebook().forgetSubscriptions();
        QCOMPARE(m_world->restart(), QString());
        EVENTUALLY(facebook().subscribed().contains(u"messages"_s));
        const QString after = platform().customerWrites(m_person, u"After the start"_s);
        EVENTUALLY(!m_world->message(m_person, after).isEmpty());
    }

    void messengerOfTheSamePageKeepsTheSubscription()
    {
        QCOMPARE(m_world->connectMessenger(), QString());
        EVENTUALLY(facebook().subscribed().contains(u"message_echoes"_s));
        QVERIFY(facebook().subscribed().contains(u"messages"_s));
        // Both answer at one host and stay apart.
        const QString friendOfThePage = facebook().meet({.name = u"Jonas Weber"_s});
        const QString byMessenger = facebook().customerWrites(friendOfThePage, u"By Messenger"_s);
        const QString byInstagram = platform().customerWrites(m_person, u"By Instagram"_s);
        EVENTUALLY(!m_world->message(friendOfThePage, byMessenger).isEmpty());
        EVENTUALLY(!m_world->message(m_person, byInstagram).isEmpty());
        const QString answer = m_world->send(friendOfThePage, u"Hello Jonas"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->status(friendOfThePage, answer), u"delivered"_s);
        QCOMPARE(facebook().sent().last().to, friendOfThePage);

        const QJsonValue instagram = m_world->inbox(u"instagram"_s)[u"id"_s];
        const QJsonValue messenger = m_world->inbox(u"messenger"_s)[u"id"_s];
        QCOMPARE(m_world->desk().verdict(u"inboxes.delete"_s, {{u"id"_s, instagram}}), u"ok"_s);
        const QJsonObject checked = m_world->desk().result(u"inboxes.check"_s, {{u"id"_s, messenger}});       // behind whatever the deletion would have told
        QVERIFY(!checked.isEmpty());
        QCOMPARE(facebook().count(u"DELETE subscribed_apps"_s), 0);
        QVERIFY(facebook().subscribed().contains(u"message_echoes"_s));
        // What still comes in is dropped without a dead letter.
        platform().customerWrites(m_person, u"Anybody there?"_s);
        EVENTUALLY_COMPARE(platform().webhooks().pending(), 0);
        EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        QCOMPARE(m_world->stat(u"dead"_s), 0);

        QCOMPARE(m_world->desk().verdict(u"inboxes.delete"_s, {{u"id"_s, messenger}}), u"ok"_s);
        EVENTUALLY_COMPARE(facebook().count(u"DELETE subscribed_apps"_s), 1);
        QVERIFY(facebook().subscribed().isEmpty());
    }

private:
    using SimulatedRequest = demo::SimulatedHttp::Request;

    demo::SimulatedPageInstagram &platform() { return m_world->pageInstagram(); }
    demo::SimulatedMessenger &facebook() { return m_world->messenger(); }

    bool isSent(const QString &id)
    {
        const QString status = m_world->status(m_person, id);
        return status == "sent"_L1 || status == "delivered"_L1;
    }

    QJsonValue checkLine(const QString &name)
    {
        const QJsonObject checked = m_world->desk().result(u"inboxes.check"_s, {{u"id"_s, m_world->inbox(u"instagram"_s)[u"id"_s]}});
        const QJsonArray lines = checked[u"checks"_s].toArray();
        for (const QJsonValue &line : lines) {
            if (line[u"name"_s] == name)
                return line[u"ok"_s];
        }
        return {};
    }

    std::unique_ptr<test::MetaWorld> m_world;
    QString m_person;
    int m_people = 0;
};

ANTIPHON_TEST(PageInstagramFlow)
#include "tst_pageinstagram.moc"
