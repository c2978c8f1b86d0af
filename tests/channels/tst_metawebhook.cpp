#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/messenger/messengeradapter.h"
#include "core/net/hmac.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class MetaWebhookTest : public QObject {
    Q_OBJECT

    InstagramAdapter m_instagram;
    MessengerAdapter m_messenger;
    const QByteArray m_instagramSignature = "sha256=c3472959d4f60dfe3991f173df6974ecd5df41b4d78a352820b6faff431286d5";
    const QByteArray m_messengerSignature = "sha256=94ee42efd4d7c98a0035e58d6b468e20b06e68e24417b31917d2560704c3b6df";

    static RawWebhook signedHook(const QByteArray &body, const QByteArray &signature) { return {.headers = {{"X-Hub-Signature-256", signature}}, .body = body}; }
    static AppCredentials app(const QString &secret) { return {.appSecret = secret, .verifyToken = u"verify me"_s}; }
    static Verification verified(const ChannelAdapter &adapter, const RawWebhook &hook, const QString &secret) { return adapter.verify(hook, app(secret), std::chrono::seconds(300)); }

private slots:
    void takesTheVectors()
    {
        const QByteArray instagram = fixture(u"instagram/vector_echo.json"_s);
        const QByteArray messenger = fixture(u"messenger/vector_escaped.json"_s);
        QCOMPARE(instagram.size(), 274);
        QCOMPARE(messenger.size(), 243);
        QCOMPARE(verified(m_instagram, signedHook(instagram, m_instagramSignature), u"antiphon-ig-secret"_s), Verification::Valid);
        QCOMPARE(verified(m_messenger, signedHook(messenger, m_messengerSignature), u"antiphon-fb-secret"_s), Verification::Valid);
        const auto upper = [](const QByteArray &signature) { return "sha256=" + signature.mid(7).toUpper(); };
        QCOMPARE(verified(m_instagram, signedHook(instagram, upper(m_instagramSignature)), u"antiphon-ig-secret"_s), Verification::Valid);
    }

    void theSameJsonInOtherBytesIsRefused()
    {
        const QByteArray raw = fixture(u"messenger/vector_escaped.json"_s).replace("\\u00e9", "\xc3\xa9");
        QCOMPARE(raw.size(), 239);
        QCOMPARE(verified(m_messenger, signedHook(raw, m_messengerSignature), u"antiphon-fb-secret"_s), Verification::Refused);
        QCOMPARE(verified(m_messenger, signedHook(raw, "sha256=74549ae58fc2284a8ae86d435e2ae3cd90d1c7d4ca54b1df58819e39a6b1b7dc"), u"antiphon-fb-secret"_s),
                 Verification::Valid);
    }

    void refusesWhatIsNotSigned_data()
    {
        QTest::addColumn<QByteArray>("signature");
        QTest::addColumn<QString>("secret");
        const QByteArray right = m_instagramSignature;
        QTest::newRow("another secret") << right << u"antiphon-fb-secret"_s;
        QTest::newRow("no secret") << right << QString();
        QTest::newRow("empty") << QByteArray() << u"antiphon-ig-secret"_s;
        QTest::newRow("sha1") << QByteArray("sha1=c3472959d4f60dfe3991f173df6974ecd5df41b4") << u"antiphon-ig-secret"_s;
        QTest::newRow("without scheme") << right.mid(7) << u"antiphon-ig-secret"_s;
        QTest::newRow("cut") << right.chopped(1) << u"antiphon-ig-secret"_s;
        QTest::newRow("too long") << right + '0' << u"antiphon-ig-secret"_s;
        QTest::newRow("one digit off") << right.chopped(1) + '6' << u"antiphon-ig-secret"_s;
        QTest::newRow("no hex") << right.chopped(1) + 'g' << u"antiphon-ig-secret"_s;
    }

    void refusesWhatIsNotSigned()
    {
        QFETCH(QByteArray, signature);
        QFETCH(QString, secret);
        QCOMPARE(verified(m_instagram, signedHook(fixture(u"instagram/vector_echo.json"_s), signature), secret), Verification::Refused);
    }

    void aSignatureThatCameTwiceOrNotIsRefused()
    {
        RawWebhook hook = signedHook(fixture(u"instagram/vector_echo.json"_s), m_instagramSignature);
        hook.headers.append(hook.headers.first());
        QCOMPARE(verified(m_instagram, hook, u"antiphon-ig-secret"_s), Verification::Refused);
        hook.headers.clear();
        QCOMPARE(verified(m_instagram, hook, u"antiphon-ig-secret"_s), Verification::Refused);
    }

    void everyChangedByteIsSeen()
    {
        const QByteArray body = fixture(u"instagram/vector_echo.json"_s);
        for (qsizetype i = 0; i < body.size(); ++i) {
            QByteArray changed = body;
            changed[i] = char(changed.at(i) ^ 1);
            QCOMPARE(verified(m_instagram, signedHook(changed, m_instagramSignature), u"antiphon-ig-secret"_s), Verification::Refused);
        }
        QCOMPARE(verified(m_instagram, signedHook(body + '\n', m_instagramSignature), u"antiphon-ig-secret"_s), Verification::Refused);
    }

    void instagramIsSignedByEitherApplication()
    {
        QCOMPARE(m_instagram.webhookKeys({}).apps, (QList{Channel::Instagram, Channel::Messenger}));
        QCOMPARE(m_messenger.webhookKeys({}).apps, QList{Channel::Messenger});
        const QByteArray body = fixture(u"instagram/vector_echo.json"_s);
        const QByteArray byPage = "sha256=" + hmacSha256("antiphon-fb-secret", body).toHex();
        QCOMPARE(verified(m_instagram, signedHook(body, byPage), u"antiphon-ig-secret"_s), Verification::Refused);
        QCOMPARE(verified(m_instagram, signedHook(body, byPage), u"antiphon-fb-secret"_s), Verification::Valid);
    }

    void answersTheHandshake_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("right") << QByteArray("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify%20me") << 200 << QByteArray("1158201444");
        QTest::newRow("plus is a blank") << QByteArray("hub.mode=subscribe&hub.verify_token=verify+me&hub.challenge=a%2Bb") << 200 << QByteArray("a+b");
        QTest::newRow("the other application's") << QByteArray("hub.mode=subscribe&hub.verify_token=second&hub.challenge=7") << 200 << QByteArray("7");
        QTest::newRow("wrong token") << QByteArray("hub.mode=subscribe&hub.verify_token=verify&hub.challenge=7") << 403 << QByteArray();
        QTest::newRow("no token") << QByteArray("hub.mode=subscribe&hub.challenge=7") << 403 << QByteArray();
        QTest::newRow("empty token") << QByteArray("hub.mode=subscribe&hub.verify_token=&hub.challenge=7") << 403 << QByteArray();
        QTest::newRow("another mode") << QByteArray("hub.mode=unsubscribe&hub.verify_token=second&hub.challenge=7") << 403 << QByteArray();
        QTest::newRow("nothing") << QByteArray() << 403 << QByteArray();
    }

    void answersTheHandshake()
    {
        QFETCH(QByteArray, query);
        const QList<AppCredentials> apps{app(u"a"_s), {.verifyToken = u"second"_s}, {}};
        for (const ChannelAdapter *adapter : std::initializer_list<const ChannelAdapter *>{&m_instagram, &m_messenger}) {
            const HandshakeReply reply = adapter->handshake({.method = "GET", .query = query}, apps);
            QTEST(reply.status, "status");
            QTEST(reply.body, "body");
        }
    }
};

ANTIPHON_TEST(MetaWebhookTest)
#include "tst_metawebhook.moc"
