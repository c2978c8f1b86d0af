#include "tests/intake/intakefixture.h"
#include "tests/support/fakechannel.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr char kOurs[] = "/webhooks/whatsapp/+15550100001";
constexpr char kNobodys[] = "/webhooks/whatsapp/+15550100009";
constexpr char kBody[] = R"({"events":[{"account":"200","lane":"l","key":"k1","kind":"message"}]})";

/// With a number of ours, whose inbox has a secret of its own, and an application that has another.
void addNumber(IntakeFixture &fixture)
{
    fixture.registry().add(std::make_unique<FakeChannel>(), nullptr);
    fixture.addInbox(Inbox{.channel = Channel::Whatsapp, .name = u"Shop"_s, .externalId = u"200"_s, .settings = {{u"phone_number"_s, u"+15550100001"_s}}});
    fixture.tokens().apps = QHash<Channel, AppCredentials>{{Channel::Whatsapp, {.appSecret = u"of-the-app"_s, .verifyToken = u"apps-word"_s}}};
    fixture.tokens().numbers = {{u"+15550100001"_s, {.appSecret = u"of-the-inbox"_s, .verifyToken = u"inbox-word"_s}}};
}

RawWebhook question(const QByteArray &path, const QByteArray &query)
{
    return {.method = "GET", .path = path, .query = query};
}

} // namespace

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

    void anyOfSeveralSecretsWillDo_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("secret");
        QTest::addColumn<int>("status");
        QTest::newRow("the inbox's") << QByteArray(kOurs) << u"of-the-inbox"_s << 200;
        QTest::newRow("the application's") << QByteArray(kOurs) << u"of-the-app"_s << 200;
        QTest::newRow("the application's, at an unknown number") << QByteArray(kNobodys) << u"of-the-app"_s << 200;
        QTest::newRow("another's") << QByteArray(kOurs) << u"of-nobody"_s << 401;
        QTest::newRow("none") << QByteArray(kOurs) << QString() << 401;
        QTest::newRow("the inbox's, at an unknown number") << QByteArray(kNobodys) << u"of-the-inbox"_s << 401;
    }

    void anyOfSeveralSecretsWillDo()
    {
        QFETCH(QByteArray, path);
        QFETCH(QString, secret);
        QFETCH(int, status);
        IntakeFixture fixture;
        addNumber(fixture);
        QCOMPARE(fixture.post(FakeChannel::hook(path, kBody, secret), Channel::Whatsapp).status, status);
        fixture.drain();
        QCOMPARE(fixture.count(u"event"_s), status == 200 ? 1 : 0);   // the body says whose it is, whatever the path
        QCOMPARE(fixture.stats().rejectedSignature, status == 200 ? 0 : 1);
    }

    void aSharedAddressTakesEitherApplication()
    {
        IntakeFixture fixture;
        fixture.registry().add(std::make_unique<FakeChannel>(Channel::Instagram), nullptr);
        fixture.tokens().apps = QHash<Channel, AppCredentials>{{Channel::Instagram, {.appSecret = u"a"_s, .verifyToken = u"va"_s}},
                                                               {Channel::Messenger, {.appSecret = u"b"_s, .verifyToken = u"vb"_s}}};
        for (const QString &secret : {u"a"_s, u"b"_s})
            QCOMPARE(fixture.post(FakeChannel::hook("/webhooks/instagram", kBody, secret), Channel::Instagram).status, 200);
        QCOMPARE(fixture.post(FakeChannel::hook("/webhooks/instagram", kBody, u"c"_s), Channel::Instagram).status, 401);
        for (const QByteArray &token : {QByteArray("va"), QByteArray("vb")})
            QCOMPARE(fixture.post(question("/webhooks/instagram", "hub.mode=subscribe&hub.challenge=7&hub.verify_token=" + token), Channel::Instagram).status, 200);
    }

    void whatNobodysSecretCouldCheckIsDroppedSilently()
    {
        IntakeFixture fixture;
        addNumber(fixture);
        fixture.tokens().apps->clear();
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"whatsapp: discarded 1 webhooks to .*15550100009"_s));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(fixture.post(FakeChannel::hook(kNobodys, kBody, u"any"_s), Channel::Whatsapp).status, 200);
        QCOMPARE(fixture.count(u"delivery"_s), 0);
        QCOMPARE(fixture.stats().received, 0);
        QCOMPARE(fixture.stats().unknownAccount, 3);
        QCOMPARE(fixture.stats().ignored, 3);
        QCOMPARE(fixture.stats().rejectedSignature, 0);
        QCOMPARE(fixture.intake().webhooks().refusals().back().reason, u"unknown inbox"_s);
        fixture.store().clock().advance(std::chrono::hours(1));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"whatsapp: discarded 3 webhooks"_s));
        QCOMPARE(fixture.post(FakeChannel::hook(kNobodys, kBody, u"any"_s), Channel::Whatsapp).status, 200);
        fixture.stopCleanly();
        QCOMPARE(fixture.stats().unknownAccount, 4);
    }

    void aSecretOfAnInboxThatSeveralShareMayHaveSigned()
    {
        IntakeFixture fixture;
        fixture.registry().add(std::make_unique<FakeChannel>(Channel::Twilio), nullptr);
        fixture.tokens().apps.emplace();
        fixture.tokens().numbers.insert(u"AC1"_s, {.appSecret = u"token"_s, .addresses = {u"https://new.example"_s, u"https://old.example"_s}});
        const QByteArray body = R"({"account_sid":"AC1","events":[]})";
        const auto signedAt = [&body](const QByteArray &address, const QString &secret) {
            RawWebhook hook = FakeChannel::hook("/twilio/callback", address + "/twilio/callback" + body, secret);
            hook.body = body;
            return hook;
        };
        for (const char *address : {"https://new.example", "https://old.example"}) {
            const IntakeReply reply = fixture.post(signedAt(address, u"token"_s), Channel::Twilio);
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.body, QByteArray("<Response/>"));
            QCOMPARE(reply.contentType, QByteArray("text/xml"));
        }
        QCOMPARE(fixture.post(signedAt("https://foreign.example", u"token"_s), Channel::Twilio).status, 401);
        QCOMPARE(fixture.post(signedAt("https://new.example", u"wrong"_s), Channel::Twilio).status, 401);
        QCOMPARE(fixture.count(u"delivery"_s), 2);
        fixture.tokens().numbers.clear();            // the inbox is deleted: no secret is left to check with
        QCOMPARE(fixture.post(signedAt("https://new.example", u"token"_s), Channel::Twilio).status, 200);
        QCOMPARE(fixture.count(u"delivery"_s), 2);
    }

    void anInboxWithoutASecretTakesNothing()
    {
        IntakeFixture fixture;
        addNumber(fixture);
        fixture.tokens().apps->clear();
        fixture.tokens().numbers[u"+15550100001"_s].appSecret.clear();
        for (const QString &secret : {QString(), u"x"_s})
            QCOMPARE(fixture.post(FakeChannel::hook(kOurs, kBody, secret), Channel::Whatsapp).status, 401);
        QCOMPARE(fixture.count(u"delivery"_s), 0);
        QCOMPARE(fixture.stats().rejectedSignature, 2);
    }

    void answersThePlatformsQuestion_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        const QByteArray ask = "hub.mode=subscribe&hub.challenge=007&hub.verify_token=";
        QTest::newRow("the inbox's word") << QByteArray(kOurs) << ask + "inbox-word" << 200 << QByteArray("007");
        QTest::newRow("the application's word") << QByteArray(kOurs) << ask + "apps-word" << 200 << QByteArray("007");
        QTest::newRow("another word") << QByteArray(kOurs) << ask + "nobodys-word" << 403 << QByteArray();
        QTest::newRow("no word") << QByteArray(kOurs) << QByteArray() << 403 << QByteArray();
        QTest::newRow("an unknown number") << QByteArray(kNobodys) << ask + "apps-word" << 404 << QByteArray();
    }

    void answersThePlatformsQuestion()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, query);
        IntakeFixture fixture;
        addNumber(fixture);
        const IntakeReply reply = fixture.post(question(path, query), Channel::Whatsapp);
        QTEST(reply.status, "status");
        QTEST(reply.body, "body");
        QCOMPARE(reply.contentType, QByteArray(reply.status == 200 ? "text/plain" : ""));
        QCOMPARE(fixture.stats().rejectedSignature, 0);
        fixture.tokens().isLocked = true;
        QCOMPARE(fixture.post(question(path, query), Channel::Whatsapp).status, 503);
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
