#include "core/base/json.h"
#include "core/channels/telegram/botapi.h"
#include "core/channels/telegram/telegramaccounts.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

const QString kToken = u"7000000001:AAE-abcdefghijklmnopqrstuvwxyz0123_"_s;

} // namespace

class TelegramAccountsTest : public QObject {
    Q_OBJECT

    TelegramAccounts m_accounts;
    const InboxCredentials m_inbox{.account = u"7000000001"_s, .accessToken = kToken, .appSecret = QString(43, u'k')};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9/proxy"_s)};

    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }

    template <typename T>
    static HttpRequest requestOf(const OperationPtr<T> &operation)
    {
        const auto step = operation->start();
        const auto *request = std::get_if<HttpRequest>(&step);
        return request ? *request : HttpRequest{};
    }

    Error refusalOf(const InboxCredentials &inbox, const HttpReply &answer = {}) const
    {
        const auto operation = m_accounts.profile(inbox, m_endpoints);
        auto step = operation->start();
        if (step.index() == 0)
            step = operation->next(answer);
        return step.index() == 2 ? std::get<2>(step) : Error{.detail = u"no error"_s};
    }

private slots:
    void theTokenSaysWhoseItIs()
    {
        const auto operation = m_accounts.profile(m_inbox, m_endpoints);
        QCOMPARE(requestOf(operation).url.path(), u"/proxy/bot%1/getMe"_s.arg(kToken));
        const auto step = operation->next(
            reply(200, R"({"ok":true,"result":{"id":7000000001,"is_bot":true,"first_name":"Shop","username":"shop_help_bot","can_connect_to_business":true}})"));
        const AccountProfile profile = std::get<1>(step);
        QCOMPARE(profile.account, u"7000000001"_s);
        QCOMPARE(profile.username, u"shop_help_bot"_s);
        QCOMPARE(profile.displayName, u"Shop"_s);
        QCOMPARE(profile.settings.value("bot_id"_L1).toString(), u"7000000001"_s);
        QCOMPARE(profile.settings.value("can_connect_to_business"_L1), QJsonValue(true));
        QVERIFY(profile.picture.isEmpty());
    }

    void oneSecretIsTypedAndOneIsMade()
    {
        const AccountFields fields = m_accounts.fields();
        QCOMPARE(fields.secrets, QStringList{u"bot_token"_s});
        QCOMPARE(fields.token, u"bot_token"_s);
        QVERIFY(fields.makesSigning);
        QVERIFY(fields.settings.isEmpty() && fields.account.isEmpty() && fields.optionalSecrets.isEmpty());
    }

    void tokensOfAnotherShapeAreNotAskedFor_data()
    {
        QTest::addColumn<QString>("token");
        for (const QString &token : {u"7000000001"_s, u"7000000001:short"_s, u"shop:AAE-abcdefghijklmnopqrstuvwxyz0123_"_s, u"7000000001:AAE/abcdefghijklmnopqrstuvwxyz0123_"_s, QString()})
            QTest::newRow(qPrintable(u'"' + token + u'"')) << token;
    }

    void tokensOfAnotherShapeAreNotAskedFor()
    {
        QFETCH(QString, token);
        const Error error = refusalOf({.accessToken = token});
        QCOMPARE(error.kind, Error::Kind::Invalid);
        QCOMPARE(error.field, u"bot_token"_s);
        QVERIFY(token.isEmpty() || !error.detail.contains(token));
    }

    void refusedTokensAreNamed()
    {
        for (const int code : {401, 404}) {
            const Error error = refusalOf(m_inbox, reply(code, "{\"ok\":false,\"error_code\":" + QByteArray::number(code) + ",\"description\":\"Unauthorized\"}"));
            QCOMPARE(error.kind, Error::Kind::Unauthorized);
            QCOMPARE(error.field, u"bot_token"_s);
        }
        QCOMPARE(refusalOf(m_inbox, reply(502, "<html>")).kind, Error::Kind::Unavailable);
        QCOMPARE(refusalOf(m_inbox, reply(200, R"({"ok":true,"result":{"id":1,"is_bot":false}})")).field, u"bot_token"_s);
    }

    void aServerOfOnesOwn_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("isTaken");
        QTest::newRow("https anywhere") << u"https://bots.example.com"_s << true;
        QTest::newRow("this machine") << u"http://127.0.0.1:8081"_s << true;
        QTest::newRow("its name") << u"http://localhost:8081/prefix"_s << true;
        QTest::newRow("own network") << u"http://192.168.1.7:8081"_s << true;
        QTest::newRow("a container") << u"http://telegram-bot-api:8081"_s << true;
        QTest::newRow("IPv6 in the own network") << u"http://[fd00::7]:8081"_s << true;
        QTest::newRow("plain over the internet") << u"http://bots.example.com"_s << false;
        QTest::newRow("plain to a public address") << u"http://8.8.8.8"_s << false;
        QTest::newRow("plain to a public IPv6 address") << u"http://[2001:4860:4860::8888]"_s << false;
        QTest::newRow("beside the private ones") << u"http://172.32.0.1"_s << false;
        QTest::newRow("a number for an address") << u"http://134744072"_s << false;
        QTest::newRow("the same in hex") << u"http://0x08080808"_s << false;
        QTest::newRow("another scheme") << u"ftp://127.0.0.1"_s << false;
        QTest::newRow("with a password") << u"https://a:b@bots.example.com"_s << false;
        QTest::newRow("with a question") << u"https://bots.example.com/?x=1"_s << false;
        QTest::newRow("no address") << u"bots"_s << false;
    }

    void aServerOfOnesOwn()
    {
        QFETCH(QString, address);
        QFETCH(bool, isTaken);
        InboxCredentials own = m_inbox;
        own.settings.insert("api_url"_L1, address);
        if (isTaken) {
            const QUrl url = requestOf(m_accounts.profile(own, m_endpoints)).url;
            QVERIFY(url.toString().startsWith(address));
            QVERIFY(url.path().endsWith("/getMe"_L1));
        } else {
            QCOMPARE(refusalOf(own).field, u"api_url"_s);
            QVERIFY(requestOf(m_accounts.inspectSubscription(own, m_endpoints)).url.host().isEmpty());      // nor does the token go elsewhere
        }
    }

    void theWebhookSaysItsSecretAndKinds()
    {
        const auto operation = m_accounts.subscribe(QUrl(u"https://inbox.example.com/webhooks/telegram/7"_s), m_inbox, m_endpoints);
        const HttpRequest request = requestOf(operation);
        QVERIFY(request.url.path().endsWith("/setWebhook"_L1));
        const auto body = json::parseObject(request.body);
        QCOMPARE(body->value("url"_L1).toString(), u"https://inbox.example.com/webhooks/telegram/7"_s);
        QCOMPARE(body->value("secret_token"_L1).toString(), QString(43, u'k'));
        QCOMPARE(body->value("allowed_updates"_L1).toArray(),
                 (QJsonArray{u"message"_s, u"edited_message"_s, u"business_connection"_s, u"business_message"_s, u"edited_business_message"_s,
                             u"deleted_business_messages"_s, u"callback_query"_s, u"my_chat_member"_s}));
        const int connections = body->value("max_connections"_L1).toInt();
        QVERIFY(connections >= 4 && connections <= 10);
        QVERIFY(!body->contains("drop_pending_updates"_L1));
        const auto step = operation->next(reply(200, R"({"ok":true,"result":true,"description":"Webhook was set"})"));
        QVERIFY(std::get<1>(step).isSubscribed);
    }

    void withoutASecretNothingIsSet()
    {
        for (const QString &secret : {QString(), u"a b"_s, QString(257, u'a')}) {
            const auto step = m_accounts.subscribe(QUrl(u"https://e.org/"_s), {.accessToken = kToken, .appSecret = secret}, m_endpoints)->start();
            QCOMPARE(step.index(), size_t(2));
            QCOMPARE(std::get<2>(step).field, u"app_secret"_s);
        }
    }

    void whatStandsIsSaid()
    {
        const auto operation = m_accounts.inspectSubscription(m_inbox, m_endpoints);
        QVERIFY(requestOf(operation).url.path().endsWith("/getWebhookInfo"_L1));
        const auto step = operation->next(reply(200, "{\"ok\":true,\"result\":{\"url\":\"https://old.example.com/webhooks/telegram/7\",\"has_custom_certificate\":false,"
                                                "\"pending_update_count\":12,\"ip_address\":\"203.0.113.7\",\"last_error_date\":1760000000,"
                                                "\"last_error_message\":\"Wrong response from the webhook: 503\"}}"));
        const WebhookRegistration found = std::get<1>(step);
        QCOMPARE(found.callback, QUrl(u"https://old.example.com/webhooks/telegram/7"_s));
        QVERIFY(found.isSubscribed);
        QCOMPARE(found.waiting, 12);
        QCOMPARE(found.failedAt, std::optional(fromUnixMs(1'760'000'000'000)));
        QVERIFY(found.remark.contains("503"_L1) && found.remark.contains("12"_L1));
        const auto none = m_accounts.inspectSubscription(m_inbox, m_endpoints);
        (void)none->start();
        const auto nothing = none->next(reply(200, R"({"ok":true,"result":{"url":"","pending_update_count":0}})"));
        QVERIFY(!std::get<1>(nothing).isSubscribed);
        QVERIFY(!std::get<1>(nothing).failedAt);
        QCOMPARE(std::get<1>(nothing).remark, QString());
    }

    void takingTheWebhookOffKeepsWhatWaits()
    {
        const auto request = m_accounts.unsubscribe(m_inbox, m_endpoints);
        QVERIFY(request);
        QVERIFY(request->url.path().endsWith("/deleteWebhook"_L1));
        QCOMPARE(json::parseObject(request->body)->value("drop_pending_updates"_L1), QJsonValue(false));
    }

    void thereIsNoConsentPage()
    {
        QVERIFY(m_accounts.authorizeUrl({}, {}, {}, false, m_endpoints).isEmpty());
        QVERIFY(!m_accounts.exchangeCode({}, {}, {}, m_endpoints));
        QVERIFY(!m_accounts.refresh(m_inbox, {}, m_endpoints));
        QVERIFY(!m_accounts.revoke({}, {}, m_endpoints));
        QVERIFY(!m_accounts.inspectWebhook({}, m_endpoints));
        QVERIFY(!m_accounts.registerWebhook({}, {}, m_endpoints));
        QVERIFY(m_accounts.phoneSyncs(m_inbox).isEmpty());
        QCOMPARE(m_accounts.officialEndpoints().api, QUrl(u"https://api.telegram.org"_s));
    }
};

ANTIPHON_TEST(TelegramAccountsTest)
#include "tst_telegramaccounts.moc"
