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

/// Messenger from signed HTTP to the Desk API and back: pages, receipts, echoes of ours and of others.
class MessengerFlow : public QObject {
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
        platform().setEcho(demo::Echo::AfterAnswer);
        m_person = platform().meet({.name = u"Jonas Weber"_s});
    }

    void wrongCredentialsNameTheirField_data()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("verdict");
        QTest::newRow("token") << u"300000000000001"_s << u"EAATwrong"_s << u"-32004/invalid/page_access_token"_s;
        QTest::newRow("page") << u"300000000000099"_s << QString() << u"-32004/invalid/page_id"_s;
        QTest::newRow("no digits") << u"my-page"_s << QString() << u"-32004/invalid/page_id"_s;
    }

    void wrongCredentialsNameTheirField()
    {
        QFETCH(QString, page);
        QFETCH(QString, token);
        QFETCH(QString, verdict);
        const QString given = token.isEmpty() ? platform().issueToken() : token;
        QCOMPARE(m_world->desk().verdict(u"inboxes.create"_s, {{u"channel"_s, u"messenger"_s},
                                                                {u"settings"_s, QJsonObject{{u"page_id"_s, page}}},
                                                                {u"secrets"_s, QJsonObject{{u"page_access_token"_s, given}}}}),
                 verdict);
        QVERIFY(m_world->inbox(u"messenger"_s).isEmpty());
    }

    void aPageIsConnectedOnceAndSubscribed()
    {
        QCOMPARE(m_world->connectMessenger(), QString());
        QVERIFY(m_world->connectMessenger().contains("-32005"_L1));
        EVENTUALLY(platform().count(u"POST subscribed_apps"_s) >= 1);
        const QJsonObject inbox = m_world->inbox(u"messenger"_s);
        QCOMPARE(inbox[u"external_id"_s].toString(), u"300000000000001"_s);
        QCOMPARE(inbox[u"reply_window_hours"_s].toInt(), 24);
    }

    void theVectorIsTakenAndTheSameWordsRespelledAreNot()
    {
        const QByteArray body = test::vectors::kMessenger;
        QCOMPARE(body.size(), 243);
        QCOMPARE(m_world->deliver(u"/webhooks/messenger"_s, QByteArray(body).replace("\\u00e9", "\u00e9"), test::vectors::kMessengerSignature), 401);
        QVERIFY(m_world->conversation(u"4000000000000001"_s).isEmpty());
        QCOMPARE(m_world->deliver(u"/webhooks/messenger"_s, body, test::vectors::kMessengerSignature), 200);
        EVENTUALLY_COMPARE(m_world->texts(u"4000000000000001"_s), QStringList{u"café"_s});
    }

    void aPersonHasANameOrADecentPlaceholder()
    {
        platform().customerWrites(m_person, u"Hello"_s);
        EVENTUALLY_COMPARE(m_world->conversation(m_person)[u"contact"_s][u"name"_s].toString(), u"Jonas Weber"_s);
        const QString nameless = platform().meet({.profileCode = 100, .profileSubcode = 2018218});
        const QString id = platform().customerWrites(nameless, u"No profile"_s);
        EVENTUALLY(!m_world->message(nameless, id).isEmpty());
        EVENTUALLY_COMPARE(m_world->conversation(nameless)[u"contact"_s][u"name"_s].toString(), u"Facebook user "_s + nameless.right(4));
    }

    void whatAPersonWritesAndOursOfThePhoneAreOneConversation()
    {
        for (int i = 0; i < 5; ++i) {
            platform().customerWrites(m_person, u"in %1"_s.arg(i));
            platform().appWrites(m_person, u"out %1"_s.arg(i));
        }
        EVENTUALLY_COMPARE(m_world->messages(m_person).size(), 10);
        const QJsonArray all = m_world->conversations();
        QCOMPARE(std::count_if(all.begin(), all.end(), [this](const QJsonValue &one) { return one[u"contact"_s][u"identifiers"_s][0][u"source_id"_s] == m_person; }), 1);
    }

    void everyKindIsShown()
    {
        const QString sticker = platform().customerSendsFiles(m_person, {{.bytes = demo::pictures::stickerPng(1), .mime = "image/png", .payload = {{u"sticker_id"_s, qint64(369239263222822)}}}});
        const QJsonObject place{{u"type"_s, u"location"_s}, {u"title"_s, u"Pinned"_s}, {u"url"_s, u"https://l.example"_s},
                                {u"payload"_s, QJsonObject{{u"coordinates"_s, QJsonObject{{u"lat"_s, 48.1}, {u"long"_s, 11.5}}}}}};
        const QString location = platform().customerSends(m_person, {{u"attachments"_s, QJsonArray{place}}});
        const QJsonObject card{{u"type"_s, u"fallback"_s}, {u"title"_s, u"Shop page"_s}, {u"url"_s, u"https://shop.example"_s}, {u"payload"_s, QJsonValue::Null}};
        const QString link = platform().customerSends(m_person, {{u"attachments"_s, QJsonArray{card}}});
        const QString tap = platform().customerTaps(m_person, u"Get started"_s, u"GET_STARTED"_s);
        EVENTUALLY_COMPARE(m_world->messages(m_person).size(), 4);
        EVENTUALLY_COMPARE(m_world->message(m_person, sticker)[u"attachments"_s][0][u"state"_s].toString(), u"ready"_s);
        QCOMPARE(m_world->message(m_person, sticker)[u"attachments"_s][0][u"kind"_s].toString(), u"sticker"_s);
        QCOMPARE(m_world->message(m_person, location)[u"content_type"_s].toString(), u"location"_s);
        QCOMPARE(m_world->message(m_person, location)[u"attachments"_s][0][u"latitude"_s].toDouble(), 48.1);
        QCOMPARE(m_world->message(m_person, link)[u"attachments"_s][0][u"title"_s].toString(), u"Shop page"_s);
        QCOMPARE(m_world->message(m_person, tap)[u"content"_s].toString(), u"Get started"_s);
    }

    void aSendIsOneBubbleWheneverItsEchoComesAndItsReceiptsCount_data()
    {
        QTest::addColumn<int>("echo");
        QTest::newRow("after") << int(demo::Echo::AfterAnswer);
        QTest::newRow("before") << int(demo::Echo::BeforeAnswer);
    }

    void aSendIsOneBubbleWheneverItsEchoComesAndItsReceiptsCount()
    {
        QFETCH(int, echo);
        ask();
        platform().setEcho(demo::Echo(echo), 400ms);
        const int natives = m_world->nativeAnnounced();
        const QString id = m_world->send(m_person, u"Yes"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"delivered"_s);
        QVERIFY(platform().sent().last().body[u"message"_s][u"metadata"_s].toString().startsWith("antiphon:"_L1));
        QCOMPARE(m_world->messages(m_person).size(), 2);
        QCOMPARE(m_world->nativeAnnounced(), natives);
        platform().customerReads(m_person, SystemClock().now() + 1s);
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"read"_s);
        const qint64 received = m_world->stat(u"received"_s);
        platform().tellDelivery(m_person, {}, SystemClock().now());
        EVENTUALLY(m_world->stat(u"received"_s) > received);
        EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        QCOMPARE(m_world->status(m_person, id), u"read"_s);
    }

    void anotherApplicationsEchoIsShownAsNotOurs()
    {
        ask();
        const QString id = platform().otherAppWrites(m_person, u"Our bot says hello"_s, 1517776481860111);
        EVENTUALLY(!m_world->message(m_person, id).isEmpty());
        const QJsonObject echo = m_world->message(m_person, id);
        QVERIFY(echo[u"external_echo"_s].toBool());
        QCOMPARE(echo[u"status"_s].toString(), u"delivered"_s);
    }

    void filesGoInTheCallBeforeTheText()
    {
        ask();
        const QByteArray picture = demo::pictures::shelfJpeg(3);
        const auto before = platform().sent().size();
        const QString id = m_world->send(m_person, u"This one"_s, {{u"attachment_ids"_s, QJsonArray{m_world->upload(picture, "image/jpeg", "shelf.jpg")}}})[u"id"_s].toString();
        EVENTUALLY_COMPARE(platform().sent().size(), before + 2);
        QCOMPARE(platform().sent()[before].file, picture);
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"delivered"_s);
        QCOMPARE(m_world->messages(m_person).size(), 2);
    }

    void aThreadInOtherHandsCannotBeAnswered()
    {
        ask();
        const QString id = platform().customerWrites(m_person, u"To the bot"_s, {.isStandby = true});
        EVENTUALLY(!m_world->message(m_person, id).isEmpty());
        EVENTUALLY(!m_world->conversation(m_person)[u"can_reply"_s].toBool());
        platform().customerWrites(m_person, u"To you again"_s);
        EVENTUALLY(m_world->conversation(m_person)[u"can_reply"_s].toBool());
    }

    void refusalsAreSaidInTheirWords()
    {
        ask();
        platform().next(u"POST messages"_s, {.code = 551, .message = u"This person isn't available right now."_s, .subcode = 1545041});
        const QString id = m_world->send(m_person, u"Hello?"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"failed"_s);
        QCOMPARE(m_world->byId(m_person, id)[u"external_error"_s][u"code"_s].toString(), u"551.1545041"_s);
        QCOMPARE(test::RawDesk::code(m_world->send(m_person, QString(2001, u'x'))), -32007);
    }

    void aLostAnswerIsSettledByItsEchoAndNeverRepeated()
    {
        ask();
        const auto before = platform().sent().size();
        platform().next(u"POST messages"_s, {.closeWithoutAnswer = true, .takesEffect = true});
        const QString id = m_world->send(m_person, u"It left"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"delivered"_s);
        QCOMPARE(platform().sent().size(), before + 1);
        QCOMPARE(m_world->messages(m_person).size(), 2);
    }

    void aDeadTokenHoldsMessagesBackUntilThereIsANewOne()
    {
        ask();
        platform().revokeTokens();
        const QString id = m_world->send(m_person, u"Held back"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->inbox(u"messenger"_s)[u"state"_s].toString(), u"reauthorization_required"_s);
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"queued"_s);      // the inbox's state is stored before
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, m_world->inbox(u"messenger"_s)[u"id"_s]},
                                                                {u"secrets"_s, QJsonObject{{u"page_access_token"_s, platform().issueToken()}}}}),
                 u"ok"_s);
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"delivered"_s);
        EVENTUALLY_COMPARE(m_world->inbox(u"messenger"_s)[u"state"_s].toString(), u"active"_s);
    }

private:
    demo::SimulatedMessenger &platform() { return m_world->messenger(); }

    void ask()
    {
        const QString id = platform().customerWrites(m_person, u"Is it there?"_s);
        EVENTUALLY(!m_world->message(m_person, id).isEmpty());
    }

    std::unique_ptr<test::MetaWorld> m_world;
    QString m_person;
};

ANTIPHON_TEST(MessengerFlow)
#include "tst_messenger.moc"
