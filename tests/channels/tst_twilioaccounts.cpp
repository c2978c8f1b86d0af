#include "core/base/json.h"
#include "core/channels/twilio/twilioaccounts.h"
#include "core/channels/twilio/twilioform.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

const QString kAccount = u"AC00000000000000000000000000000001"_s;
const QString kService = u"MG00000000000000000000000000000009"_s;
const QString kRetries = u"#rc=3&rp=all"_s;

} // namespace

class TwilioAccountsTest : public QObject {
    Q_OBJECT

    TwilioAccounts m_accounts;
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9"_s)};
    const QUrl m_callback{u"https://desk.example.test/twilio/callback?inbox=7"_s};
    QStringList m_asked;
    QByteArray m_lastBody;

    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }
    static InboxCredentials inbox(const QJsonObject &more = {}, const QHash<QString, QString> &further = {})
    {
        QJsonObject settings{{"account_sid"_L1, kAccount}, {"medium"_L1, u"sms"_s}};
        for (auto it = more.begin(); it != more.end(); ++it)
            settings.insert(it.key(), it.value());
        return {.accessToken = u"token"_s, .appSecret = u"token"_s, .further = further, .settings = settings};
    }
    static InboxCredentials number(const QString &medium = u"sms"_s) { return inbox({{"phone_number"_L1, u"+15005550006"_s}, {"medium"_L1, medium}}); }

    template <typename T>
    typename Operation<T>::Step run(OperationPtr<T> operation, const QList<HttpReply> &replies)
    {
        m_asked.clear();
        auto step = operation->start();
        for (const HttpReply &answer : replies) {
            if (step.index() != 0)
                break;
            const HttpRequest &request = std::get<0>(step);
            m_asked.append(QString::fromLatin1(request.method) + u' ' + request.url.path());
            m_lastBody = request.body;
            step = operation->next(answer);
        }
        return step;
    }

private slots:
    void namesItsFields()
    {
        const AccountFields fields = m_accounts.fields();
        QCOMPARE(fields.accountOneOf, (QStringList{u"phone_number"_s, u"messaging_service_sid"_s}));
        QCOMPARE(fields.signing, u"auth_token"_s);
        QCOMPARE(fields.token, u"auth_token"_s);
        QVERIFY(fields.optionalSecrets.contains(u"api_key_secret"_s));
    }

    void anActiveAccountWillDo()
    {
        const auto step = run(m_accounts.profile(number(), m_endpoints), {reply(200, R"({"status":"active","friendly_name":"Lantern Books"})")});
        QCOMPARE(m_asked, QStringList{u"GET /2010-04-01/Accounts/AC00000000000000000000000000000001.json"_s});
        QCOMPARE(std::get<1>(step).displayName, u"+1 500-555-0006"_s);
        QCOMPARE(std::get<1>(step).settings, (QJsonObject{{"account_name"_L1, u"Lantern Books"_s}}));
    }

    void whatIsWrongIsNamed_data()
    {
        QTest::addColumn<QJsonObject>("settings");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("field");
        const QJsonObject right{{"phone_number"_L1, u"+15005550006"_s}};
        QTest::newRow("sid") << QJsonObject{{"account_sid"_L1, u"AC1"_s}} << 0 << QByteArray() << u"account_sid"_s;
        QTest::newRow("service") << QJsonObject{{"messaging_service_sid"_L1, u"MGxyz"_s}} << 0 << QByteArray() << u"messaging_service_sid"_s;
        QTest::newRow("medium") << QJsonObject{{"medium"_L1, u"fax"_s}} << 0 << QByteArray() << u"medium"_s;
        QTest::newRow("WhatsApp of a short code") << QJsonObject{{"medium"_L1, u"whatsapp"_s}, {"phone_number"_L1, u"72975"_s}} << 0 << QByteArray() << u"phone_number"_s;
        QTest::newRow("token") << right << 401 << QByteArray(R"({"code":20003,"message":"Authenticate"})") << u"auth_token"_s;
        QTest::newRow("no such account") << right << 404 << QByteArray(R"({"code":20404,"message":"not found"})") << u"account_sid"_s;
        QTest::newRow("suspended") << right << 200 << QByteArray(R"({"status":"suspended"})") << u"account_sid"_s;
    }

    void whatIsWrongIsNamed()
    {
        QFETCH(QJsonObject, settings);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const auto step = run(m_accounts.profile(inbox(settings), m_endpoints), {reply(status, body)});
        QCOMPARE(step.index(), size_t(2));
        QTEST(std::get<2>(step).field, "field");
    }

    void anApiKeyIsTriedToo()
    {
        const QHash<QString, QString> key{{u"api_key_sid"_s, u"SK1"_s}, {u"api_key_secret"_s, u"s"_s}};
        const auto credentials = inbox({{"phone_number"_L1, u"+15005550006"_s}}, key);
        const auto right = run(m_accounts.profile(credentials, m_endpoints), {reply(200, R"({"status":"active"})"), reply(200, R"({"messages":[]})")});
        QCOMPARE(right.index(), size_t(1));
        QCOMPARE(m_asked.size(), 2);
        const auto wrong = run(m_accounts.profile(credentials, m_endpoints), {reply(200, R"({"status":"active"})"), reply(401, R"({"code":20003})")});
        QCOMPARE(std::get<2>(wrong).field, u"api_key_secret"_s);
        QCOMPARE(std::get<2>(run(m_accounts.profile(inbox({}, {{u"api_key_sid"_s, u"SK1"_s}}), m_endpoints), {})).field, u"api_key_secret"_s);
    }

    void aNumbersAddress()
    {
        const QByteArray listed = R"({"incoming_phone_numbers":[{"sid":"PN1","phone_number":"+15005550006","sms_url":"https:\/\/desk.example.test/twilio/callback?inbox=7#rc=3&rp=all","sms_method":"POST"}]})";
        const auto found = run(m_accounts.inspectSubscription(number(), m_endpoints), {reply(200, listed)});
        QCOMPARE(std::get<1>(found).callback, m_callback);
        QVERIFY(std::get<1>(found).isSubscribed);
        const auto set = run(m_accounts.subscribe(m_callback, number(), m_endpoints), {reply(200, listed), reply(200, "{}")});
        QVERIFY(std::get<1>(set).isSubscribed);
        QCOMPARE(m_asked, (QStringList{u"GET /2010-04-01/Accounts/AC00000000000000000000000000000001/IncomingPhoneNumbers.json"_s,
                                       u"POST /2010-04-01/Accounts/AC00000000000000000000000000000001/IncomingPhoneNumbers/PN1.json"_s}));
        QCOMPARE(twilio::toObject(twilio::parseForm(m_lastBody)), (QJsonObject{{"SmsUrl"_L1, m_callback.toString() + kRetries}, {"SmsMethod"_L1, u"POST"_s}}));
    }

    void anApplicationIsInTheWay()
    {
        const QByteArray listed = R"({"incoming_phone_numbers":[{"sid":"PN1","phone_number":"+15005550006","sms_url":"https:\/\/desk.example.test/twilio/callback?inbox=7","sms_application_sid":"AP1"}]})";
        QVERIFY(!std::get<1>(run(m_accounts.inspectSubscription(number(), m_endpoints), {reply(200, listed)})).isSubscribed);
        QCOMPARE(run(m_accounts.subscribe(m_callback, number(), m_endpoints), {reply(200, listed), reply(200, "{}")}).index(), size_t(1));
        QVERIFY(m_lastBody.contains("SmsApplicationSid=") );
    }

    void aServicesAddress()
    {
        const auto credentials = inbox({{"messaging_service_sid"_L1, kService}});
        const QByteArray before = R"({"sid":"MG1","inbound_request_url":"https:\/\/old.example/x","inbound_method":"POST","use_inbound_webhook_on_number":false})";
        QCOMPARE(std::get<1>(run(m_accounts.inspectSubscription(credentials, m_endpoints), {reply(200, before)})).callback, QUrl(u"https://old.example/x"_s));
        const auto set = run(m_accounts.subscribe(m_callback, credentials, m_endpoints), {reply(200, before), reply(200, "{}")});
        QCOMPARE(set.index(), size_t(1));
        QCOMPARE(m_asked.last(), u"POST /v1/Services/"_s + kService);
        QCOMPARE(twilio::toObject(twilio::parseForm(m_lastBody)),
                 (QJsonObject{{"InboundRequestUrl"_L1, m_callback.toString() + kRetries},
                              {"InboundMethod"_L1, u"POST"_s},
                              {"UseInboundWebhookOnNumber"_L1, u"false"_s},
                              {"StatusCallback"_L1, u"https://desk.example.test/twilio/delivery_status?inbox=7"_s + kRetries}}));
        const auto missing = run(m_accounts.inspectSubscription(credentials, m_endpoints), {reply(404, R"({"code":20404})")});
        QCOMPARE(std::get<2>(missing).field, u"messaging_service_sid"_s);
    }

    void aWhatsappSendersAddress()
    {
        const QByteArray first = R"({"senders":[{"sid":"XE1","sender_id":"whatsapp:+19998887777"}],"meta":{"next_page_url":"https:\/\/messaging.twilio.com/v2/Channels/Senders?Channel=whatsapp&Page=1"}})";
        const QByteArray second = R"({"senders":[{"sid":"XE2","sender_id":"whatsapp:+15005550006","webhook":{"callback_url":"","callback_method":"POST"}}],"meta":{}})";
        const auto set = run(m_accounts.subscribe(m_callback, number(u"whatsapp"_s), m_endpoints), {reply(200, first), reply(200, second), reply(202, "{}")});
        QCOMPARE(set.index(), size_t(1));
        QCOMPARE(m_asked, (QStringList{u"GET /v2/Channels/Senders"_s, u"GET /v2/Channels/Senders"_s, u"POST /v2/Channels/Senders/XE2"_s}));
        const QJsonObject webhook = json::parseObject(m_lastBody)->value("webhook"_L1).toObject();
        QCOMPARE(webhook.value("callback_url"_L1).toString(), m_callback.toString() + kRetries);
        QCOMPARE(webhook.value("status_callback_url"_L1).toString(), u"https://desk.example.test/twilio/delivery_status?inbox=7"_s + kRetries);
    }

    void anAddressOfOursIsTakenOutAgain()
    {
        const auto withdraw = [this](const InboxCredentials &from, const QByteArray &answer) {
            m_lastBody.clear();
            return run(m_accounts.withdraw(m_callback, from, m_endpoints), {reply(200, answer), reply(200, "{}")});
        };
        const QByteArray ours = R"(https:\/\/desk.example.test/twilio/callback?inbox=7#rc=3&rp=all)";
        const QByteArray statuses = R"(https:\/\/desk.example.test/twilio/delivery_status?inbox=7#rc=3&rp=all)";
        QVERIFY(std::get<1>(withdraw(number(), R"({"incoming_phone_numbers":[{"sid":"PN1","phone_number":"+15005550006","sms_url":")" + ours + R"("}]})")));
        QCOMPARE(m_lastBody, QByteArray("SmsUrl="));
        // Without an address a service drops what comes: it goes by its numbers' instead.
        const auto service = inbox({{"messaging_service_sid"_L1, kService}});
        QVERIFY(std::get<1>(withdraw(service, R"({"sid":"MG1","inbound_request_url":")" + ours + R"(","status_callback":")" + statuses + R"("})")));
        QCOMPARE(twilio::toObject(twilio::parseForm(m_lastBody)), (QJsonObject{{"UseInboundWebhookOnNumber"_L1, u"true"_s}, {"StatusCallback"_L1, QString()}}));
        QVERIFY(std::get<1>(withdraw(service, R"({"sid":"MG1","inbound_request_url":")" + ours + R"(","status_callback":"https:\/\/other.example/s"})")));
        QCOMPARE(twilio::toObject(twilio::parseForm(m_lastBody)), (QJsonObject{{"UseInboundWebhookOnNumber"_L1, u"true"_s}}));
        QVERIFY(std::get<1>(withdraw(number(u"whatsapp"_s), R"({"senders":[{"sid":"XE2","sender_id":"whatsapp:+15005550006","webhook":{"callback_url":")" + ours + R"("}}],"meta":{}})")));
        QCOMPARE(json::parseObject(m_lastBody)->value("webhook"_L1).toObject(), (QJsonObject{{"callback_url"_L1, QString()}}));
    }

    void anybodyElsesAddressStays()
    {
        const auto untouched = [this](const InboxCredentials &from, const QByteArray &answer) {
            const auto step = run(m_accounts.withdraw(m_callback, from, m_endpoints), {reply(200, answer)});
            return step.index() == 1 && !std::get<1>(step) && m_asked.size() == 1;
        };
        QVERIFY(untouched(number(), R"({"incoming_phone_numbers":[{"sid":"PN1","phone_number":"+15005550006","sms_url":"https:\/\/desk.example.test/twilio/callback?inbox=8"}]})"));
        QVERIFY(untouched(number(), R"({"incoming_phone_numbers":[]})"));
        QVERIFY(untouched(inbox({{"messaging_service_sid"_L1, kService}}), R"({"sid":"MG1","inbound_request_url":"https:\/\/other.example/x"})"));
        QCOMPARE(run(m_accounts.withdraw(m_callback, number(), m_endpoints), {reply(401, R"({"code":20003})")}).index(), size_t(2));
    }

    void aSenderThatIsNotListed()
    {
        const QByteArray none = R"({"incoming_phone_numbers":[]})";
        const auto found = std::get<1>(run(m_accounts.inspectSubscription(number(), m_endpoints), {reply(200, none)}));
        QVERIFY(!found.isSubscribed);
        QVERIFY(found.remark.contains("+15005550006"_L1));
        const auto set = run(m_accounts.subscribe(m_callback, number(), m_endpoints), {reply(200, none)});
        QCOMPARE(std::get<2>(set).kind, Error::Kind::NotFound);
        QCOMPARE(m_accounts.subscribe({}, number(), m_endpoints)->start().index(), size_t(2));
    }
};

ANTIPHON_TEST(TwilioAccountsTest)
#include "tst_twilioaccounts.moc"
