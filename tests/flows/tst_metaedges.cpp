#include "app/demo/simulatedpictures.h"
#include "tests/flows/metaworld.h"
#include "tests/support/testmain.h"

#include <QCryptographicHash>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

#define EVENTUALLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 30'000)
#define EVENTUALLY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 30'000)

/// What is rare on Meta's platforms and still must not be lost: people without a number, files that fail at first, other shapes of a body, absences.
class MetaEdgesFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::MetaWorld>();
        QCOMPARE(m_world->start(), QString());
        QCOMPARE(m_world->connectWhatsapp(), QString());
        QCOMPARE(m_world->connectInstagram(), QString());
        QCOMPARE(m_world->connectMessenger(), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void somebodyWithoutANumberIsAnsweredByTheirId()
    {
        const demo::WhatsappCustomer hidden{.name = u"Nour"_s, .username = u"nour.k"_s, .userId = u"US.31415926535"_s};
        const QString id = whatsapp().customerWrites(hidden, u"Hi"_s);
        EVENTUALLY(!m_world->message(hidden.userId, id).isEmpty());
        QCOMPARE(m_world->conversation(hidden.userId)[u"contact"_s][u"name"_s].toString(), u"Nour"_s);
        const QString echo = whatsapp().phoneWrites({.userId = hidden.userId}, u"Hello Nour"_s);
        EVENTUALLY(!m_world->message(hidden.userId, echo).isEmpty());
        const QString answer = m_world->send(hidden.userId, u"How can we help?"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->status(hidden.userId, answer), u"delivered"_s);
        QCOMPARE(whatsapp().sent().last().body[u"recipient"_s].toString(), hidden.userId);
        QVERIFY(!whatsapp().sent().last().body.contains(u"to"_s));
    }

    void aNumberAndAnIdAreOnePerson()
    {
        const demo::WhatsappCustomer known{.waId = u"15550130001"_s, .name = u"Ada"_s, .userId = u"US.2718281828"_s};
        whatsapp().customerWrites(known, u"With both"_s);
        EVENTUALLY_COMPARE(m_world->messages(known.waId).size(), 1);
        whatsapp().customerWrites({.name = u"Ada"_s, .userId = known.userId}, u"By the id alone"_s);
        EVENTUALLY_COMPARE(m_world->texts(known.waId), QStringList({u"With both"_s, u"By the id alone"_s}));
    }

    void aNewNumberIsTheSamePersonAndIsAnswered()
    {
        const demo::WhatsappCustomer known{.waId = u"15550130021"_s, .name = u"Ada"_s};
        const QString newNumber = u"15550130022"_s;
        whatsapp().customerWrites(known, u"From my old number"_s);
        EVENTUALLY_COMPARE(m_world->messages(known.waId).size(), 1);
        whatsapp().customerChangesNumber(known, newNumber);
        EVENTUALLY_COMPARE(m_world->messages(newNumber).size(), 2);
        QCOMPARE(m_world->messages(newNumber)[1][u"direction"_s].toString(), u"activity"_s);
        whatsapp().customerWrites({.waId = newNumber, .name = u"Ada"_s}, u"From my new number"_s);
        EVENTUALLY_COMPARE(m_world->messages(newNumber).size(), 3);
        const QString answer = m_world->send(newNumber, u"Noted"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->status(newNumber, answer), u"delivered"_s);
        QCOMPARE(whatsapp().sent().last().to, newNumber);
    }

    void aFileThatFailsAtFirstComesAfterAll()
    {
        const demo::WhatsappCustomer ada{.waId = u"15550130011"_s, .name = u"Ada"_s};
        whatsapp().next(u"GET download"_s, {.httpStatus = 404});
        const QString expired = whatsapp().customerSendsFile(ada, u"image"_s, demo::pictures::shelfJpeg(1), "image/jpeg");
        EVENTUALLY_COMPARE(m_world->message(ada.waId, expired)[u"attachments"_s][0][u"state"_s].toString(), u"ready"_s);
        whatsapp().next(u"GET media"_s, {.httpStatus = 503});
        const QString troubled = whatsapp().customerSendsFile(ada, u"image"_s, demo::pictures::shelfJpeg(2), "image/jpeg");
        EVENTUALLY_COMPARE(m_world->message(ada.waId, troubled)[u"attachments"_s][0][u"state"_s].toString(), u"ready"_s);
        const QJsonObject gone = whatsapp().offerFile("x", "image/jpeg");
        whatsapp().forgetFile(gone[u"id"_s].toString());
        const QString lost = whatsapp().customerSends(ada, u"image"_s, gone);
        EVENTUALLY_COMPARE(m_world->message(ada.waId, lost)[u"attachments"_s][0][u"state"_s].toString(), u"failed"_s);
    }

    void otherBytesThanAnnouncedAreAskedForAgainAndMarked()
    {
        const demo::WhatsappCustomer ada{.waId = u"15550130015"_s, .name = u"Ada"_s};
        const auto received = [&](const QByteArray &announced) {
            QJsonObject image = whatsapp().offerFile(demo::pictures::shelfJpeg(3), "image/jpeg");
            image.insert(u"sha256"_s, QString::fromLatin1(announced));
            return whatsapp().customerSends(ada, u"image"_s, image);
        };
        const auto attachment = [&](const QString &id) { return m_world->message(ada.waId, id)[u"attachments"_s][0].toObject(); };
        const int asked = whatsapp().count("GET download"_L1);
        const QString other = received(QByteArray(32, 'x').toBase64());
        EVENTUALLY_COMPARE(attachment(other)[u"state"_s].toString(), u"ready"_s);
        QCOMPARE(attachment(other)[u"error"_s].toString(), u"corrupt"_s);
        QCOMPARE(whatsapp().count("GET download"_L1), asked + 2);
        const QString hex = received(QCryptographicHash::hash(demo::pictures::shelfJpeg(3), QCryptographicHash::Sha256).toHex());
        EVENTUALLY_COMPARE(attachment(hex)[u"state"_s].toString(), u"ready"_s);
        QVERIFY(attachment(hex)[u"error"_s].isNull());
        const QString none = received("?");
        EVENTUALLY_COMPARE(attachment(none)[u"state"_s].toString(), u"ready"_s);
        QVERIFY(attachment(none)[u"error"_s].isNull());
        QCOMPARE(whatsapp().count("GET download"_L1), asked + 4);
    }

    void aQuoteOnThePhonePointsToItsMessage()
    {
        const demo::WhatsappCustomer ada{.waId = u"15550130012"_s, .name = u"Ada"_s};
        const QString question = whatsapp().customerWrites(ada, u"Blue or green?"_s);
        EVENTUALLY(!m_world->message(ada.waId, question).isEmpty());
        const QString echo = whatsapp().phoneWrites(ada, u"Blue"_s, {.quotedId = question});
        EVENTUALLY_COMPARE(m_world->message(ada.waId, echo)[u"in_reply_to"_s], m_world->message(ada.waId, question)[u"id"_s]);
    }

    void choicesAndReadMarksReachTheCustomer()
    {
        const demo::WhatsappCustomer ada{.waId = u"15550130013"_s, .name = u"Ada"_s};
        const QString question = whatsapp().customerWrites(ada, u"When?"_s);
        EVENTUALLY(!m_world->message(ada.waId, question).isEmpty());
        const QJsonArray items{QJsonObject{{u"id"_s, u"a"_s}, {u"title"_s, u"Today"_s}}, QJsonObject{{u"id"_s, u"b"_s}, {u"title"_s, u"Friday"_s}}};
        const QJsonObject sent = m_world->send(ada.waId, u"Which day?"_s, {{u"choice"_s, QJsonObject{{u"items"_s, items}}}});
        QVERIFY2(sent.contains(u"id"_s), qPrintable(test::MetaWorld::wordsOf(sent)));
        EVENTUALLY_COMPARE(m_world->status(ada.waId, sent[u"id"_s].toString()), u"delivered"_s);
        QCOMPARE(whatsapp().sent().last().body[u"interactive"_s][u"action"_s][u"buttons"_s].toArray().size(), 2);
        QCOMPARE(m_world->desk().verdict(u"conversations.mark_read"_s, {{u"id"_s, m_world->conversation(ada.waId)[u"id"_s]},
                                                                         {u"message_id"_s, m_world->message(ada.waId, question)[u"id"_s]}}),
                 u"ok"_s);
        EVENTUALLY(whatsapp().read().contains(question));
    }

    void aDeclinedHistoryHurtsNobody()
    {
        const qint64 received = m_world->stat(u"received"_s);
        const qint64 dead = m_world->stat(u"dead"_s);
        whatsapp().declineHistory();
        EVENTUALLY(m_world->stat(u"received"_s) > received);
        EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        QCOMPARE(m_world->stat(u"dead"_s), dead);
    }

    void thePhoneIsAskedOnceForWhatItBringsAlong()
    {
        const QString id = m_world->inbox(u"whatsapp"_s)[u"id"_s].toString();
        const auto states = [this] {
            QStringList all;
            const QJsonArray steps = m_world->inbox(u"whatsapp"_s)[u"settings"_s][u"phone_sync"_s][u"steps"_s].toArray();
            for (const QJsonValue &step : steps)
                all.append(step[u"sync"_s].toString() + u' ' + step[u"state"_s].toString());
            return all;
        };
        QCOMPARE(m_world->desk().verdict(u"inboxes.sync_phone"_s, {{u"id"_s, m_world->inbox(u"messenger"_s)[u"id"_s]}}), u"-32007/channel_limit/id"_s);
        QCOMPARE(m_world->desk().errorOf(u"inboxes.sync_phone"_s, {{u"id"_s, u"999"_s}}), -32003);
        // The answer to the first is lost: WhatsApp may have taken it, so nobody asks again.
        whatsapp().next(u"POST smb_app_data"_s, {.closeWithoutAnswer = true, .takesEffect = true});
        QCOMPARE(m_world->desk().verdict(u"inboxes.sync_phone"_s, {{u"id"_s, id}}), u"ok"_s);
        EVENTUALLY_COMPARE(states(), QStringList({u"smb_app_state_sync unknown"_s, u"history asked"_s}));
        const QList<demo::SimulatedHttp::Request> asked = whatsapp().received(u"POST smb_app_data"_s);
        QCOMPARE(asked.size(), 2);
        QVERIFY(asked.at(0).body.contains("\"smb_app_state_sync\"") && asked.at(1).body.contains("\"history\""));
        QVERIFY(!m_world->inbox(u"whatsapp"_s)[u"settings"_s][u"phone_sync"_s][u"steps"_s][1][u"request_id"_s].toString().isEmpty());
        QCOMPARE(m_world->desk().errorOf(u"inboxes.sync_phone"_s, {{u"id"_s, id}}), -32005);
        QCOMPARE(m_world->restart(), QString());
        QCOMPARE(m_world->desk().errorOf(u"inboxes.sync_phone"_s, {{u"id"_s, id}}), -32005);
        QCOMPARE(whatsapp().count(u"POST smb_app_data"_s), 2);
    }

    void aBodyInAnArrayATestAndAStrangersBodyAreTaken()
    {
        const QString ines = instagram().meet({.name = u"Ines"_s, .username = u"ines"_s});
        const QJsonObject message{{u"mid"_s, u"mid.WRAPPED"_s}, {u"text"_s, u"wrapped"_s}};
        const QJsonObject told{{u"sender"_s, QJsonObject{{u"id"_s, ines}}}, {u"recipient"_s, QJsonObject{{u"id"_s, u"17840000000000001"_s}}},
                               {u"timestamp"_s, qint64(1760000100000)}, {u"message"_s, message}};
        const QJsonObject entry{{u"id"_s, u"17840000000000001"_s}, {u"time"_s, qint64(1760000100001)}, {u"messaging"_s, QJsonArray{told}}};
        const QByteArray wrapped = '[' + demo::SimulatedGraph::metaBytes({{u"object"_s, u"instagram"_s}, {u"entry"_s, QJsonArray{entry}}}) + ']';
        const auto sign = [](const QByteArray &body) { return demo::WebhookSender::metaSignature("antiphon-ig-secret", body); };
        QCOMPARE(m_world->deliver(u"/webhooks/instagram"_s, wrapped, sign(wrapped)), 200);
        EVENTUALLY_COMPARE(m_world->texts(ines), QStringList{u"wrapped"_s});
        const auto conversations = m_world->conversations().size();
        instagram().sendTest();
        const QByteArray other = demo::SimulatedGraph::metaBytes({{u"object"_s, u"permissions"_s}, {u"entry"_s, QJsonArray()}});
        QCOMPARE(m_world->deliver(u"/webhooks/instagram"_s, other, sign(other)), 200);
        const qint64 dead = m_world->stat(u"dead"_s);
        QCOMPARE(m_world->deliver(u"/webhooks/instagram"_s, "{\"object\":", sign("{\"object\":")), 200);
        EVENTUALLY_COMPARE(m_world->stat(u"dead"_s), dead + 1);
        EVENTUALLY_COMPARE(instagram().webhooks().pending(), 0);
        QCOMPARE(m_world->conversations().size(), conversations);
    }

    void aSharedPostIsShownOnce()
    {
        const QString ines = instagram().meet({.name = u"Ines"_s, .username = u"ines.two"_s});
        const QJsonObject payload{{u"ig_post_media_id"_s, u"18100000000000001"_s}, {u"title"_s, u"Caption"_s}, {u"url"_s, instagram().offerFile(demo::pictures::shelfJpeg(1), "image/jpeg").toString()}};
        const QString id = instagram().customerSendsFiles(ines, {{.type = u"share"_s, .payload = payload}, {.type = u"ig_post"_s, .payload = payload}});
        EVENTUALLY(!m_world->message(ines, id).isEmpty());
        QCOMPARE(m_world->message(ines, id)[u"attachments"_s].toArray().size(), 1);
    }

    void anAbsenceIsCaughtUpFromTheLists_data()
    {
        QTest::addColumn<QString>("channel");
        QTest::newRow("instagram") << u"instagram"_s;
        QTest::newRow("messenger") << u"messenger"_s;
    }

    void anAbsenceIsCaughtUpFromTheLists()
    {
        QFETCH(QString, channel);
        demo::SimulatedThreads &platform = channel == "instagram"_L1 ? static_cast<demo::SimulatedThreads &>(instagram()) : messenger();
        const QString person = platform.meet({.name = u"Lea Brandt"_s, .username = u"lea.brandt"_s});
        const QString before = platform.customerWrites(person, u"Before"_s);
        EVENTUALLY(!m_world->message(person, before).isEmpty());
        const QString missed = platform.customerWrites(person, u"While you were away"_s, {.withWebhook = false});
        const QString answered = platform.appWrites(person, u"From the app"_s, {.withWebhook = false});
        const QString inbox = m_world->inbox(channel)[u"id"_s].toString();
        QCOMPARE(m_world->desk().verdict(u"inboxes.catch_up"_s, {{u"id"_s, inbox}, {u"since"_s, toRfc3339(SystemClock().now() - 1h)}}), u"ok"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!m_world->message(person, missed).isEmpty(), 60'000);
        EVENTUALLY(!m_world->message(person, answered).isEmpty());
        QCOMPARE(m_world->messages(person).size(), 3);
        QCOMPARE(m_world->message(person, missed)[u"caught_up"_s], QJsonValue(true));
        QCOMPARE(m_world->message(person, answered)[u"direction"_s].toString(), u"outgoing"_s);
    }

    void aDisabledInboxForgetsWhatComes()
    {
        const QString inbox = m_world->inbox(u"whatsapp"_s)[u"id"_s].toString();
        const demo::WhatsappCustomer late{.waId = u"15550130099"_s, .name = u"Late"_s};
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, inbox}, {u"state"_s, u"disabled"_s}}), u"ok"_s);
        const qint64 ignored = m_world->stat(u"ignored"_s);
        whatsapp().customerWrites(late, u"Anybody?"_s);
        EVENTUALLY(m_world->stat(u"ignored"_s) > ignored);
        QVERIFY(m_world->conversation(late.waId).isEmpty());
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, inbox}, {u"state"_s, u"active"_s}}), u"ok"_s);
        whatsapp().customerWrites(late, u"Now?"_s);
        EVENTUALLY_COMPARE(m_world->texts(late.waId), QStringList{u"Now?"_s});
    }

    void aCrashLosesNothingOfAnyPlatform()
    {
        const demo::WhatsappCustomer ada{.waId = u"15550130055"_s, .name = u"Ada"_s};
        const QString ines = instagram().meet({.name = u"Ines"_s, .username = u"ines.three"_s});
        const QString jonas = messenger().meet({.name = u"Jonas"_s});
        for (int i = 0; i < 5; ++i) {
            whatsapp().customerWrites(ada, u"wa %1"_s.arg(i));
            instagram().customerWrites(ines, u"ig %1"_s.arg(i));
            messenger().customerWrites(jonas, u"fb %1"_s.arg(i));
        }
        QCOMPARE(m_world->restart(), QString());
        QVERIFY2(!m_world->server().standardError().contains("no such call"_L1), "asked for what the platform doesn't have");
        EVENTUALLY_COMPARE(m_world->messages(ada.waId).size(), 5);
        EVENTUALLY_COMPARE(m_world->messages(ines).size(), 5);
        EVENTUALLY_COMPARE(m_world->messages(jonas).size(), 5);
    }

private:
    demo::SimulatedWhatsapp &whatsapp() { return m_world->whatsapp(); }
    demo::SimulatedInstagram &instagram() { return m_world->instagram(); }
    demo::SimulatedMessenger &messenger() { return m_world->messenger(); }

    std::unique_ptr<test::MetaWorld> m_world;
};

ANTIPHON_TEST(MetaEdgesFlow)
#include "tst_metaedges.moc"
