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

/// Instagram from signed HTTP to the Desk API and back: consent, what customers do, echoes, sends.
class InstagramFlow : public QObject {
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
        m_person = platform().meet({.name = u"Ines Duarte"_s, .username = u"ines."_s + QString::number(++m_people)});
    }

    void whatIsNotAgreedMakesNoInbox()
    {
        platform().consentNext({.isDenied = true});
        QVERIFY(consent().status >= 200);
        platform().consentNext({.isUnfit = true});
        QVERIFY(consent().body.contains("ermission"));
        platform().consentNext({.withheld = {u"instagram_business_manage_messages"_s}});
        QVERIFY(consent().body.contains("ermission"));
        QCOMPARE(test::http("GET", m_world->server().intake(u"/instagram/callback?code=x&state=made-up"_s)).status, 400);
        QVERIFY(m_world->inbox(u"instagram"_s).isEmpty());
    }

    void consentMakesOneInboxHoweverOften()
    {
        QCOMPARE(consent().status, 200);
        EVENTUALLY(!m_world->inbox(u"instagram"_s).isEmpty());
        const QJsonObject inbox = m_world->inbox(u"instagram"_s);
        QCOMPARE(inbox[u"external_id"_s].toString(), u"17840000000000001"_s);
        QCOMPARE(inbox[u"settings"_s][u"username"_s].toString(), u"lantern.books"_s);
        QCOMPARE(inbox[u"state"_s].toString(), u"active"_s);
        EVENTUALLY(platform().count(u"POST subscribed_apps"_s) >= 1);
        platform().setFlatTokens(true);
        QCOMPARE(consent().status, 200);
        QCOMPARE(m_world->desk().result(u"inboxes.list"_s)[u"items"_s].toArray().size(), 1);
        const QString code = m_lastCode;
        QVERIFY(!code.isEmpty());
        QCOMPARE(m_world->desk().verdict(u"inboxes.create"_s, {{u"channel"_s, u"instagram"_s},
                                                                {u"settings"_s, QJsonObject{{u"instagram_id"_s, u"17840000000000001"_s}}},
                                                                {u"secrets"_s, QJsonObject{{u"access_token"_s, platform().issueToken()}}}}).section(u'/', 0, 0),
                 u"-32005"_s);
    }

    void theHandshakeKnowsItsToken()
    {
        const auto answerTo = [this](const QString &token) {
            std::optional<int> status;
            bool fits = false;
            platform().verifyCallback(m_world->server().intake(u"/webhooks/instagram"_s), token, [&](int code, const QByteArray &, bool matches) {
                status = code;
                fits = matches;
            });
            QDeadlineTimer patience(10'000);
            while (!status && !patience.hasExpired())
                QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
            return std::pair(status.value_or(0), fits);
        };
        QCOMPARE(answerTo(platform().app().verifyToken), std::pair(200, true));
        QCOMPARE(answerTo(u"wrong"_s), std::pair(403, false));
    }

    void theDocumentedVectorIsAnEchoAndAForgedOneIsNothing()
    {
        const QByteArray body = test::vectors::kInstagram;
        const QByteArray signature = test::vectors::kInstagramSignature;
        QCOMPARE(body.size(), 274);
        const qint64 refused = m_world->stat(u"rejected_signature"_s);
        QCOMPARE(m_world->deliver(u"/webhooks/instagram"_s, body + ' ', signature), 401);
        QCOMPARE(m_world->deliver(u"/webhooks/instagram"_s, body, "sha1=00"), 401);
        QCOMPARE(m_world->stat(u"rejected_signature"_s), refused + 2);
        QVERIFY(m_world->conversation(u"9000000000000001"_s).isEmpty());
        for (int copies = 0; copies < 2; ++copies)
            QCOMPARE(m_world->deliver(u"/webhooks/instagram"_s, body, signature), 200);
        EVENTUALLY_COMPARE(m_world->messages(u"9000000000000001"_s).size(), 1);
        const QJsonObject echo = m_world->message(u"9000000000000001"_s, u"mid.TESTVECTOR0001"_s);
        QCOMPARE(echo[u"direction"_s].toString(), u"outgoing"_s);
        QVERIFY(echo[u"external_echo"_s].toBool());
        QCOMPARE(echo[u"sender"_s][u"type"_s].toString(), u"native_app"_s);
        QCOMPARE(echo[u"status"_s].toString(), u"delivered"_s);
        const QJsonObject window = m_world->conversation(u"9000000000000001"_s)[u"reply_window"_s].toObject();
        QCOMPARE(window[u"open"_s], QJsonValue(false));
        QVERIFY(window[u"closes_at"_s].isNull());
    }

    void aCustomerGetsTheirNameAndAWindow()
    {
        const QString id = platform().customerWrites(m_person, u"Is this still available?"_s);
        EVENTUALLY(!m_world->message(m_person, id).isEmpty());
        EVENTUALLY_COMPARE(m_world->conversation(m_person)[u"contact"_s][u"name"_s].toString(), u"Ines Duarte"_s);
        const QJsonObject conversation = m_world->conversation(m_person);
        QCOMPARE(conversation[u"reply_window"_s][u"rule"_s].toString(), u"instagram_24h"_s);
        QVERIFY(conversation[u"can_reply"_s].toBool());
        QCOMPARE(conversation[u"unread_count"_s].toInt(), 1);
    }

    void whoCannotBeLookedUpIsStillHeard_data()
    {
        QTest::addColumn<int>("code");
        for (const int code : {230, 9010, 100})
            QTest::addRow("%d", code) << code;
    }

    void whoCannotBeLookedUpIsStillHeard()
    {
        QFETCH(int, code);
        platform().person(m_person)->profileCode = code;
        const QString id = platform().customerWrites(m_person, u"Hello"_s);
        EVENTUALLY(!m_world->message(m_person, id).isEmpty());
        EVENTUALLY(platform().count(u"GET profile"_s) > 0);
        QCOMPARE(m_world->conversation(m_person)[u"contact"_s][u"name"_s].toString(), u"Unknown (IG: %1)"_s.arg(m_person));
    }

    void filesStoriesAndTapsAreShown()
    {
        const QByteArray picture = demo::pictures::shelfJpeg(1);
        const QString files = platform().customerSendsFiles(m_person, {{.bytes = picture, .mime = "image/jpeg"}, {.bytes = demo::pictures::shelfPng(2), .mime = "image/png"}});
        EVENTUALLY_COMPARE(readyFiles(files), 2);
        const QJsonArray shown = m_world->message(m_person, files)[u"attachments"_s].toArray();
        QCOMPARE(m_world->download(shown[0].toObject()), picture);

        const QString answer = platform().customerAnswersStory(m_person, u"Love this!"_s, picture);
        EVENTUALLY_COMPARE(m_world->message(m_person, answer)[u"content"_s].toString(), u"Love this!"_s);
        const QString mention = platform().customerMentions(m_person, picture);
        EVENTUALLY(!m_world->message(m_person, mention).isEmpty());
        const QString tap = platform().customerTaps(m_person, u"Opening hours?"_s, u"HOURS"_s);
        EVENTUALLY_COMPARE(m_world->message(m_person, tap)[u"content"_s].toString(), u"Opening hours?"_s);
        const QString unsupported = platform().customerSends(m_person, {{u"is_unsupported"_s, true}});
        EVENTUALLY_COMPARE(m_world->message(m_person, unsupported)[u"content_type"_s].toString(), u"unsupported"_s);
    }

    void whatIsEditedReactedToAndTakenBackChangesItsMessage()
    {
        const QString id = platform().customerWrites(m_person, u"Is this one avialable?"_s);
        EVENTUALLY(!m_world->message(m_person, id).isEmpty());
        platform().customerEdits(m_person, id, u"Is this one available?"_s);
        EVENTUALLY_COMPARE(m_world->message(m_person, id)[u"content"_s].toString(), u"Is this one available?"_s);
        QVERIFY(!m_world->message(m_person, id)[u"edited_at"_s].isNull());
        const QString answered = platform().appWrites(m_person, u"It is"_s);
        EVENTUALLY(!m_world->message(m_person, answered).isEmpty());
        platform().customerReacts(m_person, answered, u"love"_s, u"❤️"_s);
        EVENTUALLY_COMPARE(m_world->message(m_person, answered)[u"reactions"_s][0][u"emoji"_s].toString(), u"❤️"_s);
        platform().customerReacts(m_person, answered, u"love"_s, u"❤️"_s, false);
        EVENTUALLY(m_world->message(m_person, answered)[u"reactions"_s].toArray().isEmpty());
        platform().customerDeletes(m_person, id);
        EVENTUALLY(m_world->message(m_person, id)[u"deleted"_s].toBool());
        QVERIFY(m_world->message(m_person, id)[u"content"_s].toString().isEmpty());
    }

    void whatIsTakenBackBeforeItArrivesIsNeverSeen()
    {
        const QString early = u"aWdfZAG1fearly"_s + m_person;
        platform().customerWrites(m_person, u"first"_s);
        EVENTUALLY_COMPARE(m_world->messages(m_person).size(), 1);
        const qint64 processed = m_world->stat(u"received"_s);
        platform().customerDeletes(m_person, early);
        EVENTUALLY(m_world->stat(u"received"_s) > processed);
        EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        platform().customerWrites(m_person, u"never mind"_s, {.id = early});
        EVENTUALLY(m_world->message(m_person, early)[u"deleted"_s].toBool());
        QVERIFY(m_world->message(m_person, early)[u"content"_s].toString().isEmpty());
    }

    void tenFirstMessagesAtOnceAreOneConversation()
    {
        const Timestamp start = SystemClock().now();
        QStringList expected;
        for (int i = 0; i < 10; ++i) {
            expected.append(u"part %1"_s.arg(i));
            platform().customerWrites(m_person, expected.last(), {.at = start + Milliseconds(i * 5)});
        }
        EVENTUALLY_COMPARE(m_world->messages(m_person).size(), 10);
        QCOMPARE(m_world->texts(m_person), expected);
    }

    void echoesToManyAndTheirAnswersKeepToTheirPeople()
    {
        QStringList people;
        for (int i = 0; i < 8; ++i)
            people.append(platform().meet({.name = u"Guest %1"_s.arg(i), .username = u"guest.%1"_s.arg(i)}));
        for (int round = 0; round < 3; ++round) {
            for (const QString &person : people) {
                platform().appWrites(person, u"Offer %1"_s.arg(round));
                platform().customerWrites(person, u"Thanks %1"_s.arg(round));
            }
        }
        for (const QString &person : people) {
            EVENTUALLY_COMPARE(m_world->messages(person).size(), 6);
            const QStringList texts = m_world->texts(person);
            for (int round = 0; round < 3; ++round)
                QVERIFY(texts.contains(u"Offer %1"_s.arg(round)) && texts.contains(u"Thanks %1"_s.arg(round)));
        }
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
        QVERIFY(!id.isEmpty());
        EVENTUALLY(m_world->status(m_person, id) == "sent"_L1 || m_world->status(m_person, id) == "delivered"_L1);
        EVENTUALLY(m_world->stat(u"received"_s) > received);
        EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        QCOMPARE(m_world->messages(m_person).size(), 2);
        QCOMPARE(m_world->nativeAnnounced(), natives);
        platform().customerReads(m_person, platform().sent().last().id);
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"read"_s);
    }

    void filesGoByLinkAndBeforeTheText()
    {
        const QString question = platform().customerWrites(m_person, u"Pictures?"_s);
        EVENTUALLY(!m_world->message(m_person, question).isEmpty());
        const QByteArray first = demo::pictures::shelfJpeg(1);
        const QByteArray second = demo::pictures::shelfJpeg(2);
        const QJsonArray ids{m_world->upload(first, "image/jpeg", "a.jpg"), m_world->upload(second, "image/jpeg", "b.jpg")};
        const auto before = platform().sent().size();
        const QJsonObject queued = m_world->send(m_person, u"Both of them"_s, {{u"attachment_ids"_s, ids}});
        EVENTUALLY_COMPARE(platform().sent().size(), before + 3);
        QCOMPARE(platform().sent()[before].file, first);
        QCOMPARE(platform().sent()[before + 1].file, second);
        QCOMPARE(platform().sent()[before + 2].body[u"message"_s][u"text"_s].toString(), u"Both of them"_s);
        const QString id = queued[u"id"_s].toString();
        EVENTUALLY(m_world->status(m_person, id) == "sent"_L1 || m_world->status(m_person, id) == "delivered"_L1);
        QCOMPARE(m_world->byId(m_person, id)[u"source_id"_s].toString(), platform().sent()[before].id);
        EVENTUALLY_COMPARE(platform().webhooks().pending(), 0);
        EVENTUALLY_COMPARE(m_world->stat(u"pending"_s), 0);
        QCOMPARE(m_world->messages(m_person).size(), 2);
    }

    void bytesAreCountedBeforeTheCall()
    {
        const QString question = platform().customerWrites(m_person, u"Tell me all"_s);
        EVENTUALLY(!m_world->message(m_person, question).isEmpty());
        const auto calls = platform().count(u"POST messages"_s);
        const QJsonObject refused = m_world->send(m_person, QString(999, u'x') + u"é"_s);
        QCOMPARE(test::RawDesk::code(refused), -32007);
        QCOMPARE(refused[u"error"_s][u"data"_s][u"field"_s].toString(), u"content"_s);
        QCOMPARE(platform().count(u"POST messages"_s), calls);
        QVERIFY(!m_world->send(m_person, QString(998, u'x') + u"é"_s)[u"id"_s].toString().isEmpty());
    }

    void aPersonMayAnswerForAWeekWhereTheInboxHasIt()
    {
        const Timestamp yesterday = SystemClock().now() - 25h;
        const QString question = platform().customerWrites(m_person, u"Yesterday"_s, {.at = yesterday});
        EVENTUALLY(!m_world->message(m_person, question).isEmpty());
        QVERIFY(!m_world->conversation(m_person)[u"can_reply"_s].toBool());
        QCOMPARE(test::RawDesk::code(m_world->send(m_person, u"Too late"_s)), -32006);
        const QString inbox = m_world->inbox(u"instagram"_s)[u"id"_s].toString();
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, inbox}, {u"settings"_s, QJsonObject{{u"human_agent"_s, true}}}}), u"ok"_s);
        EVENTUALLY(m_world->conversation(m_person)[u"can_reply"_s].toBool());
        QCOMPARE(m_world->conversation(m_person)[u"reply_window"_s][u"rule"_s].toString(), u"instagram_7d"_s);
        QCOMPARE(m_world->inbox(u"instagram"_s)[u"reply_window_hours"_s].toInt(), 168);
        const QString id = m_world->send(m_person, u"Sorry for the wait"_s)[u"id"_s].toString();
        EVENTUALLY(m_world->status(m_person, id) == "sent"_L1 || m_world->status(m_person, id) == "delivered"_L1);
        QCOMPARE(platform().sent().last().body[u"tag"_s].toString(), u"HUMAN_AGENT"_s);
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, inbox}, {u"settings"_s, QJsonObject{{u"human_agent"_s, false}}}}), u"ok"_s);
    }

    void anAccountOfSomebodyElseIsDropped()
    {
        const qint64 ignored = m_world->stat(u"ignored"_s);
        const auto conversations = m_world->conversations().size();
        platform().at(1);
        const QString stranger = platform().meet({.name = u"Stranger"_s, .username = u"stranger"_s});
        platform().customerWrites(stranger, u"Wrong door"_s);
        platform().at(0);
        EVENTUALLY(m_world->stat(u"ignored"_s) > ignored);
        QCOMPARE(m_world->conversations().size(), conversations);
    }

    void aLostAnswerIsSettledByItsEchoAndNeverRepeated()
    {
        const QString question = platform().customerWrites(m_person, u"Did it arrive?"_s);
        EVENTUALLY(!m_world->message(m_person, question).isEmpty());
        platform().next(u"POST messages"_s, {.closeWithoutAnswer = true, .takesEffect = true});
        const auto before = platform().sent().size();
        const QString id = m_world->send(m_person, u"It left"_s)[u"id"_s].toString();
        EVENTUALLY(m_world->status(m_person, id) == "sent"_L1 || m_world->status(m_person, id) == "delivered"_L1);
        QCOMPARE(platform().sent().size(), before + 1);
        QCOMPARE(m_world->messages(m_person).size(), 2);
    }

    void aDeadTokenHoldsMessagesBackUntilThereIsANewOne()
    {
        const QString question = platform().customerWrites(m_person, u"Still there?"_s);
        EVENTUALLY(!m_world->message(m_person, question).isEmpty());
        platform().revokeTokens();
        const QString id = m_world->send(m_person, u"We are"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->inbox(u"instagram"_s)[u"state"_s].toString(), u"reauthorization_required"_s);
        EVENTUALLY_COMPARE(m_world->status(m_person, id), u"queued"_s);      // the inbox's state is stored before
        const QString meanwhile = platform().customerWrites(m_person, u"Hello?"_s);
        EVENTUALLY(!m_world->message(m_person, meanwhile).isEmpty());
        QCOMPARE(consent().status, 200);
        EVENTUALLY_COMPARE(m_world->inbox(u"instagram"_s)[u"state"_s].toString(), u"active"_s);
        EVENTUALLY(m_world->status(m_person, id) == "sent"_L1 || m_world->status(m_person, id) == "delivered"_L1);
    }

private:
    demo::SimulatedInstagram &platform() { return m_world->instagram(); }

    /// Opens the consent page as a browser would, and follows it back.
    test::HttpAnswer consent()
    {
        const QString url = m_world->desk().result(u"inboxes.authorize"_s, {{u"channel"_s, u"instagram"_s}})[u"url"_s].toString();
        const test::HttpAnswer page = test::http("GET", QUrl(url));
        const QByteArray back = page.headers.value("location").split('#').first();
        m_lastCode = QString::fromLatin1(back);
        return back.isEmpty() ? page : test::http("GET", QUrl::fromEncoded(back));
    }

    int readyFiles(const QString &messageId)
    {
        const QJsonArray files = m_world->message(m_person, messageId)[u"attachments"_s].toArray();
        return int(std::count_if(files.begin(), files.end(), [](const QJsonValue &file) { return file[u"state"_s] == "ready"_L1; }));
    }

    std::unique_ptr<test::MetaWorld> m_world;
    QString m_person;
    QString m_lastCode;
    int m_people = 0;
};

ANTIPHON_TEST(InstagramFlow)
#include "tst_instagram.moc"
