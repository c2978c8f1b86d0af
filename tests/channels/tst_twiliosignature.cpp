#include "core/base/json.h"
#include "core/channels/twilio/twilioadapter.h"
#include "core/channels/twilio/twilioform.h"
#include "core/channels/twilio/twiliosignature.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

const QString kToken = u"0123456789abcdef0123456789abcdef"_s;
const QString kHost = u"https://desk.example.test"_s;

const QList<QPair<QString, QString>> kSms{
    {u"AccountSid"_s, u"AC00000000000000000000000000000001"_s}, {u"ApiVersion"_s, u"2010-04-01"_s},
    {u"Body"_s, u"Hello, is my order ready?"_s},                {u"From"_s, u"+15005550001"_s},
    {u"FromCity"_s, u"SPRINGFIELD"_s},                          {u"FromCountry"_s, u"US"_s},
    {u"FromState"_s, u"IL"_s},                                  {u"FromZip"_s, u"62701"_s},
    {u"MessageSid"_s, u"SM00000000000000000000000000000011"_s}, {u"NumMedia"_s, u"0"_s},
    {u"NumSegments"_s, u"1"_s},                                 {u"SmsMessageSid"_s, u"SM00000000000000000000000000000011"_s},
    {u"SmsSid"_s, u"SM00000000000000000000000000000011"_s},     {u"SmsStatus"_s, u"received"_s},
    {u"To"_s, u"+15005550006"_s},                               {u"ToCity"_s, {}},
    {u"ToCountry"_s, u"US"_s},                                  {u"ToState"_s, {}},
    {u"ToZip"_s, {}}};
const QList<QPair<QString, QString>> kWhatsapp{
    {u"AccountSid"_s, u"AC00000000000000000000000000000001"_s}, {u"Body"_s, u"Grüße & 100% 👋 + ok"_s},         {u"From"_s, u"whatsapp:+4915112345678"_s},
    {u"MessageSid"_s, u"SM00000000000000000000000000000012"_s}, {u"NumMedia"_s, u"0"_s},                         {u"ProfileName"_s, u"Jörg Müller"_s},
    {u"To"_s, u"whatsapp:+14155238886"_s},                      {u"WaId"_s, u"4915112345678"_s}};
const QList<QPair<QString, QString>> kStatus{
    {u"AccountSid"_s, u"AC00000000000000000000000000000001"_s}, {u"ApiVersion"_s, u"2010-04-01"_s},
    {u"ErrorCode"_s, u"30003"_s},                               {u"From"_s, u"+15005550006"_s},
    {u"MessageSid"_s, u"SM00000000000000000000000000000031"_s}, {u"MessageStatus"_s, u"undelivered"_s},
    {u"SmsSid"_s, u"SM00000000000000000000000000000031"_s},     {u"SmsStatus"_s, u"undelivered"_s},
    {u"To"_s, u"+15005550001"_s}};
const QList<QPair<QString, QString>> kRepeated{{u"AccountSid"_s, u"AC1"_s}, {u"Body"_s, u"x"_s}, {u"MediaUrl"_s, u"b"_s}, {u"MediaUrl"_s, u"a"_s}, {u"MediaUrl"_s, u"a"_s}};

} // namespace

class TwilioSignatureTest : public QObject {
    Q_OBJECT

    TwilioAdapter m_adapter;

    Verification verify(const RawWebhook &hook, const QByteArray &signature, const QStringList &addresses, const QString &token = kToken) const
    {
        RawWebhook signedHook = hook;
        signedHook.headers.append({"X-Twilio-Signature", signature});
        return m_adapter.verify(signedHook, {.appSecret = token, .addresses = addresses}, std::chrono::seconds(300));
    }

private slots:
    void believesTheVectors_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("signature");
        QTest::addColumn<bool>("isValid");
        const QByteArray sms = twilio::toForm(kSms);
        const QByteArray in7 = "/webhooks/twilio/in7";
        QTest::newRow("V1") << sms << in7 << QByteArray() << QByteArray("RaLnVGw6Z0zRilyJ8X3Drii56Uc=") << true;
        QTest::newRow("V1 with the port") << sms << in7 << QByteArray() << QByteArray("sir0vk7GbPeE/Fj+yDJ2N3fSMIo=") << true;
        QTest::newRow("V1 with another port") << sms << in7 << QByteArray() << QByteArray("ByQjSv8FhIeN0LJZMD5CxEsuQew=") << false;
        QTest::newRow("V1 by http") << sms << in7 << QByteArray() << QByteArray("J3Up2YxoGVbjRayCaYJAROPw20Q=") << false;
        QTest::newRow("V2") << twilio::toForm(kWhatsapp) << QByteArray("/webhooks/twilio/in8") << QByteArray("k=1") << QByteArray("N+jv+fAyI5adstB97W0pOiOwp5w=") << true;
        QTest::newRow("V3") << QByteArray() << in7 << QByteArray() << QByteArray("WO9/avibzwJiKw+Bewxn3luZ3oc=") << true;
        QTest::newRow("V4") << twilio::toForm(kRepeated) << in7 << QByteArray() << QByteArray("LrCyDdBpcAMao/rI5mTBJPwvIyc=") << true;
        const QByteArray hash = "bodySHA256=8ea6f3c7bfc431b58b204aac21e24a6e135b84ace4613ce9a98d70a90fe524b6";
        QTest::newRow("V5") << QByteArray(R"({"sid":"MG1","status":"ok"})") << in7 << hash << QByteArray("iV3qNKoFMpvQ74s0PUI+l4Wqei8=") << true;
        QTest::newRow("V5 of another body") << QByteArray(R"({"sid":"MG2","status":"ok"})") << in7 << hash << QByteArray("iV3qNKoFMpvQ74s0PUI+l4Wqei8=") << false;
        QTest::newRow("V6") << sms << QByteArray("/twilio/callback") << QByteArray("inbox=7") << QByteArray("1o+BxXdZBn4TFj5+qvFeBWzIMQs=") << true;
        QTest::newRow("V6 without query") << sms << QByteArray("/twilio/callback") << QByteArray() << QByteArray("fDJni32sSSn1HgzkbTkup7KDLOQ=") << true;
        QTest::newRow("V6 for another inbox") << sms << QByteArray("/twilio/callback") << QByteArray("inbox=8") << QByteArray("1o+BxXdZBn4TFj5+qvFeBWzIMQs=") << false;
        QTest::newRow("V7") << twilio::toForm(kStatus) << QByteArray("/twilio/delivery_status") << QByteArray("inbox=7") << QByteArray("0mt6qQGmC7RY5nAzrC3WRftoq2c=") << true;
        QTest::newRow("V1 with one field more") << sms + "&New=1" << in7 << QByteArray() << QByteArray("RaLnVGw6Z0zRilyJ8X3Drii56Uc=") << false;
        QTest::newRow("empty") << sms << in7 << QByteArray() << QByteArray() << false;
    }

    void believesTheVectors()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, signature);
        QTEST(verify({.body = body, .path = path, .query = query}, signature, {kHost}) == Verification::Valid, "isValid");
    }

    void unknownFieldsAreSignedLikeOthers()
    {
        const QByteArray body = twilio::toForm(kSms) + "&Unheard=of+it&aLower=1&Zupper=2";
        const QByteArray signature = twilio::signatureOf("https://desk.example.test/twilio/callback?inbox=7", body, kToken);
        QCOMPARE(verify({.body = body, .path = "/twilio/callback", .query = "inbox=7"}, signature, {kHost}), Verification::Valid);
        QCOMPARE(verify({.body = body, .path = "/twilio/callback", .query = "inbox=7"}, signature, {kHost}, u"another"_s), Verification::Refused);
    }

    void anAddressOfBeforeWillDo()
    {
        const RawWebhook hook{.headers = {{"Host", "127.0.0.1:4280"}, {"X-Forwarded-Host", "evil.example"}},
                              .body = twilio::toForm(kSms),
                              .path = "/twilio/callback",
                              .query = "inbox=7"};
        const QByteArray signature = "1o+BxXdZBn4TFj5+qvFeBWzIMQs=";
        QCOMPARE(verify(hook, signature, {u"https://new.example"_s, kHost, u"http://127.0.0.1:4280"_s}), Verification::Valid);
        QCOMPARE(verify(hook, signature, {kHost + u'/'}), Verification::Valid);
        QCOMPARE(verify(hook, signature, {kHost + u":443"_s}), Verification::Valid);
        QCOMPARE(verify(hook, signature, {u"https://new.example"_s}), Verification::Refused);
        QCOMPARE(verify(hook, signature, {}), Verification::Refused);          // the request's own headers say nothing
    }

    void aPortOfItsOwnIsPartOfIt()
    {
        const RawWebhook hook{.body = twilio::toForm(kSms), .path = "/twilio/callback", .query = "inbox=7"};
        const QByteArray local = twilio::signatureOf("http://127.0.0.1:4280/twilio/callback?inbox=7", hook.body, kToken);
        QCOMPARE(verify(hook, local, {kHost, u"http://127.0.0.1:4280"_s}), Verification::Valid);
        QCOMPARE(verify(hook, local, {u"http://127.0.0.1"_s}), Verification::Refused);
        const QByteArray six = twilio::signatureOf("http://[::1]:80/twilio/callback?inbox=7", hook.body, kToken);
        QCOMPARE(verify(hook, six, {u"http://[::1]"_s}), Verification::Valid);
    }

    void whatStandsBehindTheHashMayBeSigned()
    {
        const RawWebhook hook{.body = twilio::toForm(kSms), .path = "/twilio/callback", .query = "inbox=7"};
        QCOMPARE(verify(hook, twilio::signatureOf("https://desk.example.test/twilio/callback?inbox=7#rc=3&rp=all", hook.body, kToken), {kHost}), Verification::Valid);
    }

    void nothingIsSignedByAnEmptyToken()
    {
        const QByteArray body = twilio::toForm(kSms);
        const QByteArray signature = twilio::signatureOf("https://desk.example.test/twilio/callback", body, {});
        QCOMPARE(verify({.body = body, .path = "/twilio/callback"}, signature, {kHost}, {}), Verification::Refused);
        RawWebhook twice{.body = body, .path = "/twilio/callback"};
        twice.headers = {{"X-Twilio-Signature", "fDJni32sSSn1HgzkbTkup7KDLOQ="}};
        QCOMPARE(verify(twice, "fDJni32sSSn1HgzkbTkup7KDLOQ=", {kHost}), Verification::Refused);
        twice.headers = {{"X-Other", "fDJni32sSSn1HgzkbTkup7KDLOQ="}};
        QCOMPARE(m_adapter.verify(twice, {.appSecret = kToken, .addresses = {kHost}}, std::chrono::seconds(300)), Verification::Refused);
    }

    void jsonNeedsItsHash()
    {
        const QByteArray body = R"({"sid":"MG1"})";
        const QByteArray signature = twilio::signatureOf("https://desk.example.test/twilio/callback", {}, kToken);
        QCOMPARE(verify({.headers = {{"Content-Type", "application/json"}}, .body = body, .path = "/twilio/callback"}, signature, {kHost}), Verification::Refused);
    }

    void readsForms()
    {
        const twilio::FormFields fields = twilio::parseForm("a=1+2&b=%2B%C3%A4&&c&a=3&=x");
        QCOMPARE(fields.size(), 5);
        QCOMPARE(fields[0], qMakePair(QByteArray("a"), QByteArray("1 2")));
        QCOMPARE(fields[1].second, QByteArray("+ä"));
        QCOMPARE(fields[2], qMakePair(QByteArray("c"), QByteArray()));
        QCOMPARE(twilio::toObject(twilio::parseForm("t=a%00b&t=c")), (QJsonObject{{"t"_L1, u"ab"_s}}));
    }

    void whoseItIs_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("setting");
        QTest::addColumn<QString>("value");
        QTest::newRow("by the address") << QByteArray("inbox=7") << QByteArray("AccountSid=AC1") << u"id"_s << u"7"_s;
        QTest::newRow("by the account") << QByteArray() << QByteArray("AccountSid=AC1") << u"account_sid"_s << u"AC1"_s;
        QTest::newRow("in JSON") << QByteArray("bodySHA256=00") << QByteArray("{\"AccountSid\":\"AC2\"}") << u"account_sid"_s << u"AC2"_s;
        QTest::newRow("of nobody") << QByteArray() << QByteArray("x=1") << u"account_sid"_s << QString();
    }

    void whoseItIs()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, body);
        const WebhookKeys keys = m_adapter.webhookKeys({.body = body, .query = query});
        QVERIFY(keys.apps.isEmpty());
        QTEST(keys.inboxSetting, "setting");
        QTEST(keys.inboxValue, "value");
    }
};

ANTIPHON_TEST(TwilioSignatureTest)
#include "tst_twiliosignature.moc"
