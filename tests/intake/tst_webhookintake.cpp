#include "tests/intake/intakefixture.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <thread>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class WebhookIntakeTest : public QObject {
    Q_OBJECT
private slots:
    void answersWithAnEmpty200OnceTheDeliveryIsStored()
    {
        IntakeFixture fixture;
        const IntakeReply reply = fixture.post(incoming({.id = u"m1"_s}));
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.body.isEmpty());
        QCOMPARE(fixture.count(u"delivery"_s), 1);
        QCOMPARE(fixture.stats().received, 1);
    }

    void refusesABadSignatureAndStoresNothing_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("another secret") << 0;
        QTest::newRow("no signature") << 1;
        QTest::newRow("a signature twice") << 2;
        QTest::newRow("another body") << 3;
    }

    void refusesABadSignatureAndStoresNothing()
    {
        QFETCH(int, fault);
        IntakeFixture fixture;
        RawWebhook hook = fixture.hook(incoming({.id = u"m1"_s}));
        if (fault == 0)
            fixture.tokens().secret = u"another-secret"_s;
        else if (fault == 1)
            hook.headers.removeLast();
        else if (fault == 2)
            hook.headers.append(hook.headers.last());
        else
            hook.body.append(' ');
        for (int i = 0; i < 25; ++i)
            QCOMPARE(fixture.post(hook).status, 401);
        QCOMPARE(fixture.count(u"delivery"_s), 0);
        QCOMPARE(fixture.stats().rejectedSignature, 25);
        QCOMPARE(int(fixture.intake().webhooks().refusals().size()), 20);
        QCOMPARE(fixture.intake().webhooks().refusals().back().route, u"/webhooks/tiktok"_s);
        fixture.stopCleanly();
        QCOMPARE(fixture.stats().rejectedSignature, 25);
    }

    void asksToComeAgainWhileTheKeychainIsLocked()
    {
        IntakeFixture fixture;
        fixture.tokens().isLocked = true;
        const IntakeReply reply = fixture.post(incoming({.id = u"m1"_s}));
        QCOMPARE(reply.status, 503);
        QVERIFY(reply.retryAfter.has_value());
        QCOMPARE(fixture.stats().rejectedSignature, 0);
    }

    void asksToComeAgainOnceItIsStopped()
    {
        IntakeFixture fixture;
        fixture.intake().stop();
        QCOMPARE(fixture.post(incoming({.id = u"m1"_s})).status, 503);
    }

    void takesAStaleSignatureAndKnowsItAgain()
    {
        IntakeFixture fixture;
        const RawWebhook hook = fixture.hook(incoming({.id = u"m1"_s}));
        RawWebhook late = hook;
        late.receivedAt += std::chrono::seconds(301);
        QCOMPARE(fixture.post(late).status, 200);
        fixture.drain();
        QCOMPARE(fixture.stats().stale, 1);
        for (const auto days : {0, 1, 8}) {
            late.receivedAt = hook.receivedAt + std::chrono::hours(24 * days);
            QCOMPARE(fixture.post(late).status, 200);
        }
        fixture.drain();
        QCOMPARE(fixture.count(u"message WHERE direction = 'incoming'"_s), 1);
        QCOMPARE(fixture.stats().stale, 1);
        QCOMPARE(fixture.stats().duplicates, 3);
    }

    void asksToComeAgainWhereTooMuchWaits()
    {
        IntakeFixture fixture;
        // The Writer is held by one closure while the queue grows above what the journal takes.
        std::atomic<bool> isHeld{true};
        fixture.store().writer().submit(
            Writer::Priority::Urgent, "hold",
            [&isHeld](WriteTransaction &) -> Result<void> {
                while (isHeld)
                    std::this_thread::yield();
                return {};
            },
            {});
        int stored = 0;
        int later = 0;
        for (int i = 0; i < 2500; ++i) {
            fixture.intake().webhooks().receive(Channel::Tiktok, fixture.hook(incoming({.id = u"m%1"_s.arg(i)})), [&](const IntakeReply &reply) {
                stored += reply.status == 200 ? 1 : 0;
                later += reply.status == 503 && reply.retryAfter ? 1 : 0;
            });
        }
        QVERIFY(later > 0);
        QCOMPARE(stored, 0);
        isHeld = false;
        QTRY_COMPARE_WITH_TIMEOUT(stored + later, 2500, 60'000);
        QCOMPARE(fixture.count(u"delivery"_s), stored);
        QCOMPARE(fixture.post(incoming({.id = u"again"_s})).status, 200);
    }

    void keepsNoCredentialOfARequest()
    {
        IntakeFixture fixture;
        RawWebhook hook = fixture.hook(incoming({.id = u"m1"_s}));
        hook.headers.emplace_back("Authorization", "Bearer not-to-be-kept");
        hook.headers.emplace_back("Cookie", "session=not-to-be-kept");
        QCOMPARE(fixture.post(hook).status, 200);
        const QString kept = fixture.store().text(u"SELECT headers FROM delivery"_s).value_or(QString());
        QVERIFY(kept.contains("TikTok-Signature"_L1));
        QVERIFY(!kept.contains("not-to-be-kept"_L1));
    }
};

ANTIPHON_TEST(WebhookIntakeTest)
#include "tst_webhookintake.moc"
