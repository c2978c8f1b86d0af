#include "core/base/json.h"
#include "core/channels/meta/graph.h"
#include "core/channels/whatsapp/whatsappaccounts.h"
#include "core/channels/whatsapp/whatsappadapter.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace Qt::StringLiterals;

class WhatsappAccountsTest : public QObject {
    Q_OBJECT

    WhatsappAccounts m_accounts;
    WhatsappAdapter m_adapter;
    const InboxCredentials m_inbox{.account = u"200000000000001"_s,
                                   .accessToken = u"EAAtoken"_s,
                                   .appSecret = u"s"_s,
                                   .verifyToken = u"5f4dcc3b"_s,
                                   .appId = u"7000000000000001"_s,
                                   .settings = {{"phone_number"_L1, u"+15550100001"_s}, {"business_account_id"_L1, u"100000000000001"_s}}};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9/proxy"_s)};

    static HttpReply ok(const QByteArray &body) { return {.status = 200, .body = body, .requestWritten = true}; }
    static HttpReply refused(int status, int code, const QByteArray &message = "m", int subcode = 0)
    {
        return {.status = status,
                .body = "{\"error\":{\"message\":\"" + message + "\",\"code\":" + QByteArray::number(code) + ",\"error_subcode\":" + QByteArray::number(subcode) + "}}",
                .requestWritten = true};
    }
    static QByteArray number(bool isCoexistence)
    {
        return "{\"display_phone_number\":\"+1 555-010-0001\",\"verified_name\":\"Lantern Books\",\"quality_rating\":\"GREEN\",\"platform_type\":\"CLOUD_API\",\"is_on_biz_app\":"
            + QByteArray(isCoexistence ? "true" : "false") + ",\"id\":\"200000000000001\"}";
    }
    static QByteArray subscribed(const QByteArray &app, const QByteArray &more = {})
    {
        return "{\"data\":[{\"whatsapp_business_api_data\":{\"id\":\"" + app + "\",\"name\":\"Antiphon\"}" + more + "}]}";
    }

    /// How an operation ends that gets these replies, one a call.
    template <typename T>
    static typename Operation<T>::Step run(OperationPtr<T> operation, const QList<HttpReply> &replies)
    {
        auto step = operation->start();
        for (const HttpReply &reply : replies) {
            if (step.index() != 0)
                break;
            step = operation->next(reply);
        }
        return step;
    }

private slots:
    void asksThePhoneForContactsThenHistory()
    {
        QVERIFY(m_accounts.phoneSyncs(m_inbox).isEmpty());
        InboxCredentials withPhone = m_inbox;
        withPhone.settings.insert("coexistence"_L1, true);
        QCOMPARE(m_accounts.phoneSyncs(withPhone), (QStringList{u"smb_app_state_sync"_s, u"history"_s}));
        const auto request = std::get<HttpRequest>(m_accounts.requestPhoneSync(u"history"_s, withPhone, m_endpoints)->start());
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.url.toString(), u"http://127.0.0.1:9/proxy/v23.0/200000000000001/smb_app_data"_s);
        QCOMPARE(request.body, "{\"messaging_product\":\"whatsapp\",\"sync_type\":\"history\"}");
        const auto taken = run(m_accounts.requestPhoneSync(u"history"_s, withPhone, m_endpoints), {ok("{\"messaging_product\":\"whatsapp\",\"request_id\":\"r7\"}")});
        QCOMPARE(std::get<QString>(taken), u"r7"_s);
        const auto late = run(m_accounts.requestPhoneSync(u"history"_s, withPhone, m_endpoints), {refused(400, 2593108)});
        QCOMPARE(std::get<Error>(late).kind, Error::Kind::Invalid);
        const auto lost = run(m_accounts.requestPhoneSync(u"history"_s, withPhone, m_endpoints), {{.requestWritten = true}});
        QCOMPARE(std::get<Error>(lost).kind, Error::Kind::OutcomeUnknown);
    }

    void isConnectedByTypedValues()
    {
        const AccountFields fields = m_accounts.fields();
        QCOMPARE(fields.account, u"phone_number_id"_s);
        QCOMPARE(fields.settings, (QStringList{u"phone_number"_s, u"business_account_id"_s}));
        QCOMPARE(fields.secrets, (QStringList{u"access_token"_s, u"app_secret"_s}));
        QCOMPARE(fields.optionalSecrets, QStringList{u"verify_token"_s});
        QCOMPARE(fields.token, u"access_token"_s);
        QVERIFY(m_accounts.authorizeUrl({}, {}, {}, false, m_endpoints).isEmpty());
        QVERIFY(!m_accounts.refresh(m_inbox, {}, m_endpoints));
        QVERIFY(!m_accounts.revoke(u"t"_s, {}, m_endpoints));
        QVERIFY(!m_accounts.inspectWebhook({}, m_endpoints));
    }

    void asksForNumberTemplatesAndSubscription()
    {
        const auto probe = m_accounts.profile(m_inbox, m_endpoints);
        auto step = probe->start();
        const HttpRequest first = std::get<0>(step);
        QCOMPARE(first.url.path(), u"/proxy/v23.0/200000000000001"_s);
        QVERIFY(first.headers.contains({"Authorization", "Bearer EAAtoken"}));
        QCOMPARE(QUrlQuery(first.url).queryItemValue(u"appsecret_proof"_s), meta::appSecretProof(u"EAAtoken"_s, u"s"_s));
        step = probe->next(ok(number(true)));
        QVERIFY(std::get<0>(step).url.toString().endsWith("/v23.0/100000000000001/message_templates?limit=1"_L1));
        step = probe->next(ok("{\"data\":[]}"));
        QVERIFY(std::get<0>(step).url.toString().endsWith("/v23.0/100000000000001/subscribed_apps"_L1));
        step = probe->next(ok(subscribed("7000000000000001", ",\"override_callback_uri\":\"https://other.example/x\"")));
        const AccountProfile profile = std::get<1>(step);
        QCOMPARE(profile.displayName, u"Lantern Books"_s);
        QCOMPARE(profile.username, u"+1 555-010-0001"_s);
        QCOMPARE(profile.settings.value("coexistence"_L1), QJsonValue(true));
        QCOMPARE(profile.settings.value("subscribed"_L1), QJsonValue(true));
        QCOMPARE(profile.settings.value("override_callback_uri"_L1).toString(), u"https://other.example/x"_s);
    }

    void saysWhichValueIsWrong_data()
    {
        QTest::addColumn<QList<HttpReply>>("replies");
        QTest::addColumn<QString>("field");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, const QList<HttpReply> &replies, const char *field, Error::Kind kind) {
            QTest::newRow(name) << replies << QString::fromLatin1(field) << int(kind);
        };
        const HttpReply found = ok(number(false));
        row("token ended", {refused(401, 190)}, "access_token", Error::Kind::Unauthorized);
        row("token without messages", {refused(403, 10)}, "access_token", Error::Kind::Forbidden);
        row("no such number", {refused(400, 100, "Unsupported get request. Object with ID does not exist", 33)}, "phone_number_id", Error::Kind::Invalid);
        row("404", {{.status = 404, .body = "{}", .requestWritten = true}}, "phone_number_id", Error::Kind::Invalid);
        row("another number's id", {ok("{\"display_phone_number\":\"+1 555-010-0009\"}")}, "phone_number", Error::Kind::Invalid);
        row("secret of another application", {refused(400, 100, "Invalid appsecret_proof provided in the API argument")}, "app_secret", Error::Kind::Invalid);
        row("no such account", {found, refused(400, 100, "m", 33)}, "business_account_id", Error::Kind::Invalid);
        row("token without management", {found, refused(403, 200)}, "access_token", Error::Kind::Forbidden);
        row("token ended meanwhile", {found, refused(401, 190)}, "access_token", Error::Kind::Unauthorized);
        row("too often", {refused(429, 4)}, "", Error::Kind::RateLimited);
        row("trouble on their side", {refused(500, 2)}, "", Error::Kind::Unavailable);
        row("no answer", {{.status = 0}}, "", Error::Kind::Network);
    }

    void saysWhichValueIsWrong()
    {
        QFETCH(QList<HttpReply>, replies);
        const auto last = run(m_accounts.profile(m_inbox, m_endpoints), replies);
        QCOMPARE(last.index(), size_t(2));
        QTEST(std::get<2>(last).field, "field");
        QTEST(int(std::get<2>(last).kind), "kind");
    }

    void anotherSpellingOfTheNumberWillDo()
    {
        InboxCredentials inbox = m_inbox;
        inbox.settings.insert("phone_number"_L1, u"+5511987654321"_s);
        const auto last = run(m_accounts.profile(inbox, m_endpoints), {ok("{\"display_phone_number\":\"+55 11 8765-4321\"}"), ok("{\"data\":[]}"), refused(403, 10)});
        QCOMPARE(last.index(), size_t(1));        // the subscription says nothing on the credentials
    }

    void readsWhereWebhooksGo()
    {
        const auto inspect = [this](const QByteArray &apps, const QByteArray &configuration) {
            const auto last = run(m_accounts.inspectSubscription(m_inbox, m_endpoints), {ok(apps), ok("{\"webhook_configuration\":" + configuration + "}")});
            return last.index() == 1 ? std::get<1>(last) : WebhookRegistration{.remark = u"failed"_s};
        };
        const auto number = inspect(subscribed("7000000000000001"), "{\"phone_number\":\"https://n.example/x\",\"whatsapp_business_account\":\"https://w.example\",\"application\":\"https://a.example\"}");
        QVERIFY(number.isSubscribed);
        QCOMPARE(number.callback, QUrl(u"https://n.example/x"_s));
        QCOMPARE(inspect(subscribed("7000000000000001"), "{\"whatsapp_business_account\":\"https://w.example\"}").callback, QUrl(u"https://w.example"_s));
        const auto shared = inspect(subscribed("7000000000000001"), "{\"application\":\"https://a.example\"}");
        QVERIFY(shared.callback.isEmpty());              // nobody's but the application's: an own address takes nothing from its other numbers
        QVERIFY(shared.remark.endsWith("https://a.example"_L1));
        QVERIFY(!inspect(subscribed("1"), "{}").isSubscribed);
        QVERIFY(inspect("{\"data\":[]}", "{}").callback.isEmpty());
        QVERIFY(!inspect("{\"data\":[]}", "{}").isSubscribed);
    }

    void subscribesAndGivesTheNumberAnAddress()
    {
        const QUrl callback(u"https://desk.example/webhooks/whatsapp/+15550100001"_s);
        const auto operation = m_accounts.subscribe(callback, m_inbox, m_endpoints);
        auto step = operation->start();
        QCOMPARE(std::get<0>(step).method, QByteArray("GET"));
        step = operation->next(ok("{\"data\":[]}"));
        QCOMPARE(std::get<0>(step).method, QByteArray("POST"));
        QVERIFY(std::get<0>(step).url.path().endsWith("/100000000000001/subscribed_apps"_L1));
        QCOMPARE(std::get<0>(step).body, QByteArray("{}"));
        step = operation->next(ok("{\"success\":true}"));
        QVERIFY(std::get<0>(step).url.path().endsWith("/v23.0/200000000000001"_L1));
        QCOMPARE(std::get<0>(step).body,
                 QByteArray("{\"webhook_configuration\":{\"override_callback_uri\":\"https://desk.example/webhooks/whatsapp/+15550100001\",\"verify_token\":\"5f4dcc3b\"}}"));
        step = operation->next(ok("{\"success\":true}"));
        QVERIFY(std::get<1>(step).isSubscribed);
        QCOMPARE(std::get<1>(step).callback, callback);
    }

    void takesANumbersAddressOutWhereItIsStillOurs()
    {
        const QUrl callback(u"https://desk.example/webhooks/whatsapp/+15550100001"_s);
        const auto operation = m_accounts.withdraw(callback, m_inbox, m_endpoints);
        auto step = operation->start();
        QCOMPARE(step.index(), size_t(0));
        step = operation->next(ok(R"({"webhook_configuration":{"phone_number":"https:\/\/desk.example/webhooks/whatsapp/+15550100001"}})"));
        QCOMPARE(step.index(), size_t(0));
        QCOMPARE(std::get<0>(step).method, "POST");
        QCOMPARE(json::parseObject(std::get<0>(step).body)->value("webhook_configuration"_L1).toObject(), (QJsonObject{{"override_callback_uri"_L1, QString()}}));
        QVERIFY(std::get<1>(operation->next(ok(R"({"success":true})"))));
        for (const QByteArray other : {R"({"webhook_configuration":{"phone_number":"https:\/\/other.example/x"}})", R"({"webhook_configuration":{}})"})
            QVERIFY(!std::get<1>(run(m_accounts.withdraw(callback, m_inbox, m_endpoints), {ok(other)})));
    }

    void leavesASubscriptionThatIsThere()
    {
        const auto operation = m_accounts.subscribe({}, m_inbox, m_endpoints);
        (void)operation->start();
        QCOMPARE(operation->next(ok(subscribed("7000000000000001"))).index(), size_t(1));
        InboxCredentials inbox = m_inbox;
        inbox.verifyToken.clear();
        const auto step = m_accounts.subscribe(QUrl(u"https://desk.example/x"_s), inbox, m_endpoints)->start();
        QCOMPARE(std::get<2>(step).field, u"verify_token"_s);
        const auto tooLong = m_accounts.subscribe(QUrl(u"https://desk.example/"_s + u"x"_s.repeated(200)), m_inbox, m_endpoints)->start();
        QCOMPARE(std::get<2>(tooLong).kind, Error::Kind::Invalid);
        const HttpRequest end = *m_accounts.unsubscribe(m_inbox, m_endpoints);
        QCOMPARE(end.method, QByteArray("DELETE"));
        QVERIFY(end.url.path().endsWith("/100000000000001/subscribed_apps"_L1));
    }

    void fetchesMediaInTwoSteps()
    {
        const auto operation = m_adapter.fetchMedia({{"id"_L1, u"700000000000001"_s}, {"mime"_L1, u"image/jpeg"_s}}, m_inbox, m_endpoints);
        const auto first = operation->start();
        QCOMPARE(std::get<0>(first).url.toString(), u"http://127.0.0.1:9/proxy/v23.0/700000000000001?phone_number_id=200000000000001"_s);
        QVERIFY(std::get<0>(first).headers.contains({"Authorization", "Bearer EAAtoken"}));
        const auto last = operation->next(ok("{\"url\":\"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1\",\"mime_type\":\"image/jpeg\",\"file_size\":7}"));
        const HttpRequest file = std::get<1>(last);
        QCOMPARE(file.url.host(), u"lookaside.fbsbx.com"_s);
        QVERIFY(file.headers.contains({"Authorization", "Bearer EAAtoken"}));
        QCOMPARE(file.maxReplyBytes, m_adapter.mediaLimit());
        QVERIFY(m_adapter.mediaHosts().contains(u"lookaside.fbsbx.com"_s));
    }

    void mediaThatCannotBeHad_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, int status, const char *body, Error::Kind kind) { QTest::newRow(name) << status << QByteArray(body) << int(kind); };
        row("gone", 400, "{\"error\":{\"message\":\"m\",\"code\":100,\"error_subcode\":33}}", Error::Kind::NotFound);
        row("token ended", 401, "{\"error\":{\"message\":\"m\",\"code\":190}}", Error::Kind::Unauthorized);
        row("too large", 200, "{\"url\":\"https://lookaside.fbsbx.com/x\",\"file_size\":\"104857601\"}", Error::Kind::ChannelLimit);
        row("no address", 200, "{\"id\":\"1\"}", Error::Kind::BadPayload);
        row("their trouble", 500, "{\"error\":{\"message\":\"m\",\"code\":131000}}", Error::Kind::Unavailable);
    }

    void mediaThatCannotBeHad()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const auto last = run(m_adapter.fetchMedia({{"id"_L1, u"7"_s}}, m_inbox, m_endpoints), {{.status = status, .body = body, .requestWritten = true}});
        QCOMPARE(last.index(), size_t(2));
        QTEST(int(std::get<2>(last).kind), "kind");
        const auto none = m_adapter.fetchMedia({}, m_inbox, m_endpoints)->start();
        QCOMPARE(std::get<2>(none).kind, Error::Kind::BadPayload);
    }

    void listsTemplatesPageByPage()
    {
        const auto operation = m_adapter.listTemplates(m_inbox, m_endpoints);
        auto step = operation->start();
        QVERIFY(std::get<0>(step).url.toString().startsWith("http://127.0.0.1:9/proxy/v23.0/100000000000001/message_templates?limit=100&fields="_L1));
        step = operation->next(ok("{\"data\":[{\"name\":\"a\",\"status\":\"APPROVED\"}],\"paging\":{\"cursors\":{\"after\":\"QVFI+1\"},\"next\":\"https://graph.facebook.com/x\"}}"));
        QCOMPARE(std::get<0>(step).url.host(), u"127.0.0.1"_s);         // never where the answer points
        QVERIFY(std::get<0>(step).url.toEncoded().endsWith("&after=QVFI%2B1"));
        step = operation->next(ok("{\"data\":[{\"name\":\"b\",\"status\":\"PAUSED\"}],\"paging\":{\"cursors\":{\"after\":\"QVFI2\"}}}"));
        QCOMPARE(std::get<1>(step).size(), 2);
        QCOMPARE(std::get<1>(step).at(1).toObject().value("name"_L1).toString(), u"b"_s);
        const auto unreadable = run(m_adapter.listTemplates(m_inbox, m_endpoints), {ok("{}")});
        QCOMPARE(std::get<2>(unreadable).kind, Error::Kind::Unavailable);
        const auto nobody = m_adapter.listTemplates({.account = u"1"_s}, m_endpoints)->start();
        QCOMPARE(std::get<2>(nobody).field, u"business_account_id"_s);
    }

    void aListThatNeverEndsIsLeft()
    {
        const auto operation = m_adapter.listTemplates(m_inbox, m_endpoints);
        auto step = operation->start();
        int calls = 1;
        while (step.index() == 0 && calls < 1000) {
            step = operation->next(ok("{\"data\":[{}],\"paging\":{\"cursors\":{\"after\":\"c" + QByteArray::number(calls) + "\"},\"next\":\"x\"}}"));
            ++calls;
        }
        QVERIFY(calls < 1000);
        QCOMPARE(step.index(), size_t(1));
    }
};

ANTIPHON_TEST(WhatsappAccountsTest)
#include "tst_whatsappaccounts.moc"
