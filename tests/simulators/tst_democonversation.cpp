#include "app/demo/demoworld.h"
#include "app/demo/simulatorthread.h"
#include "tests/simulators/tiktoktest.h"
#include "tests/support/testmain.h"

using namespace antiphon;
using namespace antiphon::demo;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class DemoConversationTest : public QObject {
    Q_OBJECT
private slots:
    void playsToItsEndAndGoesOnAnswering()
    {
        const SystemClock clock;
        FakeRandom random;
        SimulatedTikTok platform(DemoConversation::platformOptions(), clock, random);
        QVERIFY(platform.listen());
        WebhookReceiver receiver(clock);
        QVERIFY(receiver.listen());
        DemoConversation demo(platform, clock, random, 100);
        QSignalSpy finished(&demo, &DemoConversation::finished);
        demo.start();
        QVERIFY(!demo.isOver());
        TikTokClient client(platform);
        QCOMPARE(client.post(u"business/webhook/update/"_s, {{u"app_id"_s, platform.options().appId}, {u"secret"_s, platform.options().appSecret},
                                                             {u"event_type"_s, u"DIRECT_MESSAGE"_s}, {u"callback_url"_s, receiver.url().toString()}}).code(), 0);
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(demo.isOver());
        QTRY_COMPARE(platform.webhooks().pending(), 0);
        QVERIFY(receiver.received.size() > 30);
        QSet<QString> spoken;
        QSet<QString> events;
        for (qsizetype i = 0; i < receiver.received.size(); ++i) {
            spoken.insert(receiver.content(i)[u"conversation_id"_s].toString());
            events.insert(receiver.envelope(i)[u"event"_s].toString());
        }
        QVERIFY(spoken.size() >= 10);
        QCOMPARE(events, QSet<QString>({u"im_receive_msg"_s, u"im_send_msg"_s, u"im_mark_read_msg"_s, u"im_receive_msg_eu"_s, u"im_referral_msg"_s}));

        const auto left = [&](const QString &username) {
            return 48h - (clock.now() - *platform.conversation(demo.conversationWith(username))->lastFromCustomer);
        };
        QVERIFY(left(u"thandi.mokwele"_s) > 0h && left(u"thandi.mokwele"_s) < 2h);
        QVERIFY(left(u"anjali.verghese"_s) < 0h);

        const QString yuki = demo.conversationWith(u"yuki.tanemori"_s);
        const QString token = platform.issueTokens(DemoConversation::businessId()).accessToken;
        const QJsonObject answer{{u"business_id"_s, DemoConversation::businessId()}, {u"recipient_type"_s, u"CONVERSATION"_s}, {u"recipient"_s, yuki},
                                 {u"message_type"_s, u"TEXT"_s}, {u"text"_s, QJsonObject{{u"body"_s, u"はい、あります。"_s}}}};
        QCOMPARE(client.post(u"business/message/send/"_s, answer, token).code(), 40064);
        const auto before = receiver.received.size();
        QCOMPARE(client.post(u"business/message/send/"_s, answer, token).code(), 0);
        // The echo, the receipt and what she says to it.
        QTRY_COMPARE(receiver.received.size(), before + 3);
    }

    void runsInAThreadOfItsOwn()
    {
        SimulatorThread<DemoWorld> world([] { return std::make_unique<DemoWorld>(200); });
        QVERIFY(world.ask([](DemoWorld &demo) { return bool(demo.listening()); }));
        const SystemClock clock;
        WebhookReceiver receiver(clock);
        QVERIFY(receiver.listen());
        world.post([callback = receiver.url()](DemoWorld &demo) {
            demo.tiktok().webhooks().setCallback(callback);
            demo.script().start();
        });
        QTRY_VERIFY(world.ask([](DemoWorld &demo) { return demo.script().isOver(); }));
        QTRY_VERIFY(receiver.received.size() > 30);
    }
};

ANTIPHON_TEST(DemoConversationTest)
#include "tst_democonversation.moc"
