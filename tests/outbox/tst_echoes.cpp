#include "app/demo/simulatedtiktok.h"
#include "core/intake/intake.h"
#include "core/net/networkhttpclient.h"
#include "core/net/socketsafefetch.h"
#include "core/store/outboxrepository.h"
#include "tests/net/loopbackserver.h"
#include "tests/outbox/outboxworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kSend = "business/message/send"_L1;

/// The way out and the way in on one store, with TikTok's simulator on both ends: its API, and its webhooks by a bare listener.
class Stage {
public:
    Stage() : platform({}, m_platformClock, m_platformRandom)
    {
        if (!platform.listen())
            qFatal("the simulator can't listen");
        world = std::make_unique<OutboxWorld>(&m_network, platform.apiUrl());
        // The simulator's messages carry the real time: so does this store.
        world->store.clock().advance(std::chrono::duration_cast<Milliseconds>(SystemClock().now() - world->store.clock().now()));
        world->tokens.token = platform.issueTokens(u"biz-0001-openid"_s).accessToken;
        conversationId = platform.startConversation({.username = u"mira.shops"_s});
        platform.customerWrites(conversationId, u"Is it in stock?"_s, {.withWebhook = false});
        const InboxId inbox = world->inbox();
        conversation = world->conversation(inbox, conversationId);

        m_intake = std::make_unique<Intake>(Intake::Environment{.database = world->store.database(),
                                                                .channels = world->channels,
                                                                .tokens = world->tokens,
                                                                .http = m_network,
                                                                .fetch = m_fetch,
                                                                .files = world->files(),
                                                                .clock = world->store.clock(),
                                                                .random = world->random});
        m_intake->start();
        world->laneFreed = [this] { m_intake->wakeLanes(); };
        m_hooks.answerTo = [this](const QByteArray &request) {
            receive(request);
            return QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };
        platform.webhooks().setCallback(m_hooks.url(u"/webhooks/tiktok"_s));
        world->start();
    }
    ~Stage()
    {
        world->dispatcher.reset();
        m_intake->stop();
    }

    /// Lets time pass until the message is `status`: what is parked is looked at again every second.
    bool becomes(MessageId message, const QString &status)
    {
        for (int i = 0; i < 400 && world->status(message) != status; ++i) {
            QTest::qWait(10);
            world->advance(std::chrono::milliseconds(100));
        }
        return world->status(message) == status;
    }

    /// The platform tells of a message that the business's API key sent, now by the real clock.
    void echoes(const QString &text)
    {
        platform.businessSends(conversationId, {.content = {{"text"_L1, QJsonObject{{"body"_L1, text}}}}, .source = u"API"_s});
    }

    int sends() const { return platform.count(kSend); }
    int nativeRows() { return int(world->store.integer(u"SELECT count(*) FROM message WHERE external_echo"_s).value_or(-1)); }
    int ownRows() { return int(world->store.integer(u"SELECT count(*) FROM message WHERE direction = 'outgoing' AND NOT external_echo"_s).value_or(-1)); }
    /// Whether a seat was ever told of a message that is an echo.
    bool toldOfNativeRow() { return world->store.integer(u"SELECT count(*) FROM change c WHERE c.type = 'message.created'"_s).value_or(-1) > 0; }
    qint64 events(const QString &state) { return world->store.integer(u"SELECT count(*) FROM event WHERE kind = 'echo' AND state = '%1'"_s.arg(state)).value_or(-1); }

private:
    void receive(const QByteArray &request)
    {
        const qsizetype end = request.indexOf("\r\n\r\n");
        RawWebhook hook{.body = request.sliced(end + 4), .path = "/webhooks/tiktok", .receivedAt = world->store.clock().now()};
        const QList<QByteArray> lines = request.first(end).split('\n');
        for (const QByteArray &line : lines.mid(1)) {
            const qsizetype colon = line.indexOf(':');
            hook.headers.append({line.first(colon).trimmed(), line.sliced(colon + 1).trimmed()});
        }
        m_intake->webhooks().receive(Channel::Tiktok, hook, [](const IntakeReply &reply) { QCOMPARE(reply.status, 200); });
    }

    SystemClock m_platformClock{};
    FakeRandom m_platformRandom{};
    NetworkHttpClient m_network{};
    SystemResolver m_resolver{};
    SocketSafeFetch m_fetch{m_resolver};
    LoopbackServer m_hooks{};

public:
    demo::SimulatedTikTok platform;
    std::unique_ptr<OutboxWorld> world{};
    QString conversationId{};
    ConversationId conversation{};

private:
    std::unique_ptr<Intake> m_intake{};
};

} // namespace

namespace {

/// A message whose answer was lost, and nobody told of it until it was given up.
MessageId lostAndGivenUp(Stage &stage)
{
    stage.platform.setEcho(demo::Echo::Never);
    stage.platform.next(kSend, {.closeWithoutAnswer = true});
    const MessageId message = stage.world->queue(stage.conversation, u"Lost?"_s);
    stage.world->wake();
    if (!QTest::qWaitFor([&] { return stage.sends() == 1 && stage.world->dispatcher->isIdle(); }, 10'000))
        qWarning("the first attempt didn't end");
    stage.world->advance(std::chrono::seconds(95));
    if (!stage.becomes(message, u"failed:outcome_unknown"_s))
        qWarning("the first attempt wasn't given up");
    return message;
}

} // namespace

class EchoesTest : public QObject {
    Q_OBJECT
private slots:
    void theEchoOfAnAnsweredSendIsItsDelivery()
    {
        Stage stage;
        const MessageId message = stage.world->queue(stage.conversation, u"Yes."_s);
        stage.world->wake();
        QTRY_COMPARE(stage.world->status(message), u"delivered"_s);
        QCOMPARE(stage.nativeRows(), 0);
        QCOMPARE(stage.sends(), 1);
        QVERIFY(stage.world->store.integer(u"SELECT platform_at FROM message WHERE id = %1"_s.arg(message.value())).value_or(0) > 0);
    }

    void anEchoBeforeTheAnswerWaitsForIt()
    {
        Stage stage;
        stage.platform.setEcho(demo::Echo::BeforeAnswer);
        stage.platform.next(kSend, {.delay = Milliseconds(300)});
        const MessageId message = stage.world->queue(stage.conversation, u"Yes."_s);
        stage.world->wake();
        QTRY_COMPARE(stage.events(u"parked"_s), 1);
        QCOMPARE(stage.world->status(message), u"sending"_s);
        QVERIFY(!stage.toldOfNativeRow());
        QVERIFY(stage.becomes(message, u"delivered"_s));
        QTRY_COMPARE(stage.events(u"done"_s), 1);
        QCOMPARE(stage.nativeRows(), 0);
        QVERIFY(!stage.toldOfNativeRow());
    }

    void anEchoTellsWhatALostAnswerDidNot_data()
    {
        QTest::addColumn<bool>("isEarly");
        QTest::newRow("echo after the cut") << false;
        QTest::newRow("echo before the cut") << true;
    }

    void anEchoTellsWhatALostAnswerDidNot()
    {
        QFETCH(bool, isEarly);
        Stage stage;
        stage.platform.setEcho(isEarly ? demo::Echo::BeforeAnswer : demo::Echo::AfterAnswer, Milliseconds(100));
        stage.platform.next(kSend, {.delay = Milliseconds(100), .closeWithoutAnswer = true, .takesEffect = true});
        const MessageId message = stage.world->queue(stage.conversation, u"Lost?"_s);
        stage.world->wake();
        QVERIFY(stage.becomes(message, u"delivered"_s));
        QCOMPARE(stage.world->state(message), u"sent"_s);
        QCOMPARE(stage.nativeRows(), 0);
        QCOMPARE(stage.ownRows(), 1);
        QCOMPARE(stage.sends(), 1);
        const MessageId next = stage.world->queue(stage.conversation, u"And this."_s);      // the lane is free
        stage.world->wake();
        QVERIFY(stage.becomes(next, u"delivered"_s));
    }

    void theEchoOfAnAttemptThatWasSentAgainSaysItArrivedTwice()
    {
        Stage stage;
        const MessageId message = lostAndGivenUp(stage);
        QVERIFY(stage.world->store.write<void>([message](WriteTransaction &tx) { return outbox::retry(tx, message, true, {}); }));
        stage.world->wake();
        QVERIFY(stage.becomes(message, u"sent"_s));
        QCOMPARE(stage.sends(), 2);
        const QString second = stage.world->sourceId(message);
        stage.echoes(u"Lost?"_s);
        QTRY_COMPARE(stage.world->store.integer(u"SELECT arrived_twice FROM message WHERE id = %1"_s.arg(message.value())), 1);
        QCOMPARE(stage.nativeRows(), 0);
        QCOMPARE(stage.ownRows(), 1);
        QCOMPARE(stage.world->sourceId(message), second);
        // A third one with these words is nobody's here: each attempt is spoken for.
        stage.echoes(u"Lost?"_s);
        QTRY_COMPARE(stage.nativeRows(), 1);
    }

    void whatIsProvedToHaveArrivedDoesNotLeaveAgain()
    {
        Stage stage;
        const MessageId message = lostAndGivenUp(stage);
        QVERIFY(stage.world->store.write<void>([message](WriteTransaction &tx) -> Result<void> {
            if (const auto done = outbox::retry(tx, message, true, {}); !done)
                return done;
            return tx.query(u"UPDATE outbox SET next_at = :later"_s).bind(":later"_L1, tx.now() + std::chrono::minutes(5)).exec();
        }));
        stage.echoes(u"Lost?"_s);
        QVERIFY(stage.becomes(message, u"delivered"_s));
        QCOMPARE(stage.world->state(message), u"sent"_s);
        stage.world->advance(std::chrono::minutes(10));
        QTRY_VERIFY(stage.world->dispatcher->isIdle());
        QCOMPARE(stage.sends(), 1);
        QCOMPARE(stage.nativeRows(), 0);
        QCOMPARE(stage.world->store.integer(u"SELECT arrived_twice FROM message WHERE id = %1"_s.arg(message.value())), 0);
    }

    void whatAPersonSawArriveStillTakesItsEcho()
    {
        Stage stage;
        const MessageId message = lostAndGivenUp(stage);
        QVERIFY(stage.world->store.write<void>([message](WriteTransaction &tx) { return outbox::confirmArrived(tx, message); }));
        QCOMPARE(stage.world->status(message), u"sent"_s);
        const auto again = stage.world->store.write<void>([message](WriteTransaction &tx) { return outbox::confirmArrived(tx, message); });
        QCOMPARE(again.error().kind, Error::Kind::Conflict);
        stage.echoes(u"Lost?"_s);
        QVERIFY(stage.becomes(message, u"delivered"_s));
        QCOMPARE(stage.nativeRows(), 0);
        QCOMPARE(stage.sends(), 1);
    }

    void whatThePhoneSentIsItsOwnBubbleEvenMeanwhile()
    {
        Stage stage;
        stage.platform.setEcho(demo::Echo::Never);
        stage.platform.next(kSend, {.delay = Milliseconds(300)});
        const MessageId message = stage.world->queue(stage.conversation, u"Yes."_s);
        stage.world->wake();
        QTRY_COMPARE(stage.sends(), 1);
        stage.platform.ownerAnswersFromApp(stage.conversationId, u"Yes."_s);
        QTRY_COMPARE(stage.nativeRows(), 1);
        QCOMPARE(stage.world->status(message), u"sending"_s);
        QTRY_COMPARE(stage.world->status(message), u"sent"_s);
        QCOMPARE(stage.nativeRows(), 1);
    }

    void anotherToolsMessageIsNobodysHere()
    {
        Stage stage;
        stage.platform.businessSends(stage.conversationId, {.content = {{"text"_L1, QJsonObject{{"body"_L1, u"From elsewhere."_s}}}}, .source = u"API"_s});
        QTRY_COMPARE(stage.nativeRows(), 1);
        QVERIFY(!stage.world->store.text(u"SELECT sender_name FROM message WHERE external_echo"_s)->isEmpty());
        stage.platform.automaticWelcome(stage.conversationId, u"Welcome!"_s);
        QTRY_COMPARE(stage.nativeRows(), 2);
        QCOMPARE(stage.world->store.integer(u"SELECT count(*) FROM message WHERE automatic"_s), 1);
    }
};

ANTIPHON_TEST(EchoesTest)
#include "tst_echoes.moc"
