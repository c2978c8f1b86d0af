#include "tests/simulators/signaturevectors.h"
#include "tests/simulators/tiktoktest.h"
#include "tests/support/testmain.h"

using namespace antiphon;
using namespace antiphon::demo;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class WebhookSenderTest : public QObject {
    Q_OBJECT
private slots:
    void signsAsTheVectorsSay_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("signature");
        QTest::newRow("minimal") << QByteArray(vectors::kMinimal)
                                 << QByteArray("6554c76e0a16856821bf03b96bae3226a059acbbe8e923dd84d8b41a676cd934");
        QTest::newRow("full text")
            << QByteArray(vectors::kFullText)
            << QByteArray("d95cd4aaa542e0e962d7a06343a117664002fa3479c3603e26f9d7b68dd2463f");
        QTest::newRow("UTF-8") << QByteArray(vectors::kUtf8)
                               << QByteArray("c7c07dca4100035ab0a53d17faef72c8ca1e17240f98bea2139eda7dd93451bc");
    }

    void signsAsTheVectorsSay()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, signature);
        QCOMPARE(WebhookSender::signature("antiphon-test-app-secret", 1700000002, body), "t=1700000002,s=" + signature);
    }

    void repeatsUntilTaken()
    {
        FakeClock clock;
        WebhookReceiver receiver(clock);
        QVERIFY(receiver.listen());
        receiver.statuses = {503, 401};
        WebhookSender sender(clock, "secret");
        sender.setCallback(receiver.url());
        sender.setPauseScale(0.001);
        QSignalSpy settled(&sender, &WebhookSender::settled);
        sender.send("{}");
        QTRY_COMPARE(settled.size(), 1);
        QCOMPARE(settled[0][1].toInt(), 200);
        QCOMPARE(sender.deliveries().first().statuses, QList<int>({503, 401, 200}));
        QCOMPARE(receiver.received.size(), 3);
        QCOMPARE(receiver.received[0].body, QByteArray("{}"));
    }

    void doesNotRepeatWhereToldNotTo()
    {
        FakeClock clock;
        WebhookReceiver receiver(clock);
        QVERIFY(receiver.listen());
        receiver.statuses = {500};
        WebhookSender sender(clock, "secret");
        sender.setCallback(receiver.url());
        QSignalSpy settled(&sender, &WebhookSender::settled);
        sender.send("{}", {.repeats = false});
        QTRY_COMPARE(settled.size(), 1);
        QCOMPARE(settled[0][1].toInt(), 500);
        QCOMPARE(sender.pending(), 0);
    }

    void sendsCopiesAtOnce()
    {
        FakeClock clock;
        WebhookReceiver receiver(clock);
        QVERIFY(receiver.listen());
        WebhookSender sender(clock, "secret");
        sender.setCallback(receiver.url());
        sender.send("{\"a\":1}", {.copies = 12});
        QTRY_COMPARE(receiver.received.size(), 12);
        QTRY_COMPARE(sender.pending(), 0);
    }

    void signsWrongOnRequest_data()
    {
        QTest::addColumn<int>("signature");
        QTest::addColumn<int>("shift");
        QTest::addColumn<bool>("right");
        using Signature = WebhookOptions::Signature;
        QTest::newRow("right") << int(Signature::Right) << 0 << true;
        QTest::newRow("stale but right") << int(Signature::Right) << -301 << true;
        QTest::newRow("future but right") << int(Signature::Right) << 301 << true;
        QTest::newRow("wrong key") << int(Signature::WrongKey) << 0 << false;
        QTest::newRow("changed body") << int(Signature::ChangedBody) << 0 << false;
        QTest::newRow("changed time") << int(Signature::ChangedTime) << 0 << false;
        QTest::newRow("missing") << int(Signature::Missing) << 0 << false;
    }

    void signsWrongOnRequest()
    {
        QFETCH(int, signature);
        QFETCH(int, shift);
        QFETCH(bool, right);
        FakeClock clock;
        WebhookReceiver receiver(clock);
        QVERIFY(receiver.listen());
        WebhookSender sender(clock, "secret");
        sender.send("{}", {.signature = WebhookOptions::Signature(signature), .timeShift = std::chrono::seconds(shift), .callback = receiver.url()});
        QTRY_COMPARE(receiver.received.size(), 1);
        const QByteArray header = receiver.received[0].header("tiktok-signature");
        const qint64 time = header.mid(2, header.indexOf(',') - 2).toLongLong();
        QCOMPARE(header == WebhookSender::signature("secret", time, "{}"), right);
        if (right)
            QCOMPARE(time, 1'700'000'000 + shift);
    }

    void dropsWhatHasNoAddress()
    {
        FakeClock clock;
        WebhookSender sender(clock, "secret");
        sender.send("{}");
        QCOMPARE(sender.pending(), 0);
        QVERIFY(sender.deliveries().first().statuses.isEmpty());
    }
};

ANTIPHON_TEST(WebhookSenderTest)
#include "tst_webhooksender.moc"
