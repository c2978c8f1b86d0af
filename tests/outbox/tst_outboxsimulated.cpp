#include "app/demo/simulatedtiktok.h"
#include "core/net/networkhttpclient.h"
#include "tests/outbox/outboxworld.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kSend = "business/message/send"_L1;

/// The dispatcher against TikTok's simulator over real sockets.
struct Stage {
    Stage() : platform({}, platformClock, platformRandom)
    {
        if (!platform.listen())
            qFatal("the simulator can't listen");
        const auto pair = platform.issueTokens(u"biz-0001-openid"_s);
        world = std::make_unique<OutboxWorld>(&network, platform.apiUrl());
        world->tokens.token = pair.accessToken;
        conversationId = platform.startConversation({.username = u"mira.shops"_s});
        platform.customerWrites(conversationId, u"Is it in stock?"_s, {.withWebhook = false});
        inbox = world->inbox();
        conversation = world->conversation(inbox, conversationId);
    }

    int sends() const { return platform.count(kSend); }

    SystemClock platformClock{};
    FakeRandom platformRandom{};
    demo::SimulatedTikTok platform;
    NetworkHttpClient network{};
    std::unique_ptr<OutboxWorld> world{};
    QString conversationId{};
    InboxId inbox{};
    ConversationId conversation{};
};

} // namespace

class OutboxSimulatedTest : public QObject {
    Q_OBJECT
private slots:
    void sendsTextToTheConversation()
    {
        Stage stage;
        const MessageId message = stage.world->queue(stage.conversation, u"Yes, two. **Really** 👋"_s);
        stage.world->start();
        QTRY_COMPARE(stage.world->status(message), u"sent"_s);
        const demo::SceneConversation *scene = stage.platform.conversation(stage.conversationId);
        QCOMPARE(scene->messages.last().id, stage.world->sourceId(message));
        QCOMPARE(stage.sends(), 1);
        const QJsonObject body = QJsonDocument::fromJson(stage.platform.received(kSend).first().body).object();
        QCOMPARE(body.value("text"_L1).toObject().value("body"_L1).toString(), u"Yes, two. **Really** 👋"_s);
        QCOMPARE(body.value("recipient"_L1).toString(), stage.conversationId);
    }

    void sendsAPicture()
    {
        Stage stage;
        // 1×1, the smallest PNG there is.
        const QByteArray png = QByteArray::fromBase64("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        const MessageId message = stage.world->queuePicture(stage.conversation, png);
        stage.world->start();
        QTRY_COMPARE(stage.world->status(message), u"sent"_s);
        QCOMPARE(stage.platform.conversation(stage.conversationId)->messages.last().type, u"image"_s);
    }

    void answersOfThePlatform_data()
    {
        QTest::addColumn<QList<int>>("codes");
        QTest::addColumn<QString>("status");
        QTest::addColumn<int>("sends");
        QTest::newRow("40100, then taken") << QList<int>{40100} << u"sent"_s << 2;
        QTest::newRow("51065, then taken") << QList<int>{51065} << u"sent"_s << 2;
        QTest::newRow("40105, then taken") << QList<int>{40105} << u"sent"_s << 2;
        QTest::newRow("40105 twice") << QList<int>{40105, 40105} << u"queued"_s << 2;
        QTest::newRow("40064") << QList<int>{40064} << u"failed:40064"_s << 1;
        QTest::newRow("40908") << QList<int>{40908} << u"failed:40908"_s << 1;
    }

    void answersOfThePlatform()
    {
        QFETCH(QList<int>, codes);
        QFETCH(QString, status);
        QFETCH(int, sends);
        Stage stage;
        for (const int code : codes)
            stage.platform.next(kSend, {.code = code, .message = u"Scripted."_s});
        const MessageId message = stage.world->queue(stage.conversation, u"x"_s);
        // The simulator knows one token only: renewing gives the same one back.
        stage.world->tokens.keepsToken = true;
        stage.world->start();
        for (int tries = 0; tries < 400 && (stage.world->status(message) != status || stage.sends() < sends); ++tries) {
            QTest::qWait(5);
            stage.world->advance(std::chrono::milliseconds(200));
        }
        QCOMPARE(stage.world->status(message), status);
        QTRY_VERIFY(stage.world->dispatcher->isIdle());
        QCOMPARE(stage.sends(), sends);
    }

    void aCutAnswerIsFoundInTheListAndNotRepeated()
    {
        Stage stage;
        stage.platform.setEcho(demo::Echo::Never);
        stage.platform.next(kSend, {.closeWithoutAnswer = true, .takesEffect = true});
        // The simulator's messages carry the real time: so does this store.
        stage.world->store.clock().advance(std::chrono::duration_cast<Milliseconds>(SystemClock().now() - stage.world->store.clock().now()));
        stage.world->store.run(u"UPDATE conversation SET window_closes_at = 4000000000000"_s);
        const MessageId message = stage.world->queue(stage.conversation, u"lost?"_s);
        stage.world->start();
        QTRY_COMPARE(stage.sends(), 1);
        QTRY_VERIFY(stage.world->store.integer(u"SELECT settle_until IS NOT NULL FROM outbox"_s) == 1 && stage.world->dispatcher->isIdle());
        stage.world->advance(std::chrono::seconds(3));
        QTRY_COMPARE(stage.world->status(message), u"delivered"_s);
        QCOMPARE(stage.world->sourceId(message), stage.platform.conversation(stage.conversationId)->messages.last().id);
        QCOMPARE(stage.sends(), 1);
    }

    void anUnreachablePlatformLosesNothing()
    {
        Stage stage;
        const MessageId message = stage.world->queue(stage.conversation, u"x"_s);
        stage.platform.shutDown();
        stage.world->start();
        QTRY_VERIFY(stage.world->store.text(u"SELECT last_class FROM outbox"_s) == u"network"_s);
        QCOMPARE(stage.world->status(message), u"queued"_s);
        QCOMPARE(stage.sends(), 0);
    }
};

ANTIPHON_TEST(OutboxSimulatedTest)
#include "tst_outboxsimulated.moc"
