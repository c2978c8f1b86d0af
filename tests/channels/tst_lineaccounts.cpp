#include "core/base/json.h"
#include "core/channels/line/lineaccounts.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class LineAccountsTest : public QObject {
    Q_OBJECT

    LineAccounts m_accounts;
    const InboxCredentials m_inbox{.account = u"1600000001"_s, .accessToken = u"long-lived"_s, .appSecret = u"s"_s, .settings = {{"channel_id"_L1, u"1600000001"_s}}};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"http://127.0.0.1:9"_s)};
    const QUrl m_callback{u"https://desk.example.test/webhooks/line/1600000001"_s};

    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }

    /// The requests of an operation that gets these replies, as "METHOD path", and how it ends.
    template <typename T>
    static typename Operation<T>::Step run(OperationPtr<T> operation, const QList<HttpReply> &replies, QStringList *asked = nullptr)
    {
        auto step = operation->start();
        for (const HttpReply &answer : replies) {
            if (step.index() != 0)
                break;
            if (asked)
                asked->append(QString::fromLatin1(std::get<0>(step).method) + u' ' + std::get<0>(step).url.path());
            step = operation->next(answer);
        }
        return step;
    }

private slots:
    void namesItsFields()
    {
        const AccountFields fields = m_accounts.fields();
        QCOMPARE(fields.account, u"channel_id"_s);
        QCOMPARE(fields.secrets, (QStringList{u"channel_secret"_s, u"channel_token"_s}));
        QCOMPARE(fields.signing, u"channel_secret"_s);
        QCOMPARE(fields.token, u"channel_token"_s);
        QCOMPARE(m_accounts.officialEndpoints().data, QUrl(u"https://api-data.line.me"_s));
    }

    void asksForTheBot()
    {
        QStringList asked;
        const auto step = run(m_accounts.profile(m_inbox, m_endpoints),
                              {reply(200, R"({"userId":"U00000000000000000000000000000b07","basicId":"@shop","displayName":"Shop","pictureUrl":"https:\/\/profile.line-scdn.net/x","chatMode":"chat","markAsReadMode":"manual"})")},
                              &asked);
        QCOMPARE(asked, QStringList{u"GET /v2/bot/info"_s});
        const AccountProfile profile = std::get<1>(step);
        QCOMPARE(profile.displayName, u"Shop"_s);
        QCOMPARE(profile.username, u"@shop"_s);
        QCOMPARE(profile.settings, (QJsonObject{{"bot_user_id"_L1, u"U00000000000000000000000000000b07"_s},
                                                {"basic_id"_L1, u"@shop"_s},
                                                {"chat_mode"_L1, u"chat"_s},
                                                {"mark_as_read_mode"_L1, u"manual"_s}}));
    }

    void aWrongTokenIsNamed()
    {
        const auto step = run(m_accounts.profile(m_inbox, m_endpoints), {reply(401, R"({"message":"Authentication failed"})")});
        QCOMPARE(std::get<2>(step).kind, Error::Kind::Unauthorized);
        QCOMPARE(std::get<2>(step).field, u"channel_token"_s);
        const auto empty = run(m_accounts.profile(m_inbox, m_endpoints), {reply(200, "{}")});
        QCOMPARE(std::get<2>(empty).kind, Error::Kind::Unavailable);
    }

    void looksWhereWebhooksGo()
    {
        QStringList asked;
        const auto step = run(m_accounts.inspectSubscription(m_inbox, m_endpoints),
                              {reply(200, R"({"endpoint":"https:\/\/desk.example.test/webhooks/line/1600000001","active":true})"),
                               reply(200, R"({"success":true,"timestamp":"2026-01-01T00:00:00Z","statusCode":200,"reason":"OK","detail":"200"})"),
                               reply(200, R"({"type":"limited","value":200})"), reply(200, R"({"totalUsage":190})")},
                              &asked);
        QCOMPARE(asked, (QStringList{u"GET /v2/bot/channel/webhook/endpoint"_s, u"POST /v2/bot/channel/webhook/test"_s, u"GET /v2/bot/message/quota"_s,
                                     u"GET /v2/bot/message/quota/consumption"_s}));
        const WebhookRegistration found = std::get<1>(step);
        QCOMPARE(found.callback, m_callback);
        QVERIFY(found.isSubscribed);
        QCOMPARE(found.remark, u"190 of 200 messages of this month are used, nearly all of them"_s);
    }

    void switchedOffIsSaid()
    {
        const auto step = run(m_accounts.inspectSubscription(m_inbox, m_endpoints),
                              {reply(200, R"({"endpoint":"https:\/\/desk.example.test/webhooks/line/1600000001","active":false})"), reply(200, R"({"type":"none"})")});
        const WebhookRegistration found = std::get<1>(step);
        QVERIFY(!found.isSubscribed);
        QVERIFY(found.remark.contains("Use webhook"_L1));
    }

    void whatATestSaysIsSaid()
    {
        const auto step = run(m_accounts.inspectSubscription(m_inbox, m_endpoints),
                              {reply(200, R"({"endpoint":"https:\/\/desk.example.test/webhooks/line/1600000001","active":true})"),
                               reply(200, R"({"success":false,"statusCode":401,"reason":"ERROR_STATUS_CODE","detail":"401"})"), reply(403, "{}")});
        const WebhookRegistration found = std::get<1>(step);
        QVERIFY(found.isSubscribed);
        QVERIFY(found.remark.contains("ERROR_STATUS_CODE"_L1) && found.remark.contains("channel_secret"_L1));
    }

    void noneWasEverEntered()
    {
        const auto step = run(m_accounts.inspectSubscription(m_inbox, m_endpoints), {reply(404, R"({"message":"Not found"})"), reply(500, "")});
        QVERIFY(std::get<1>(step).callback.isEmpty());
        QVERIFY(!std::get<1>(step).isSubscribed);
    }

    void entersTheAddress()
    {
        const auto operation = m_accounts.subscribe(m_callback, m_inbox, m_endpoints);
        const auto first = operation->start();
        QCOMPARE(std::get<0>(first).method, QByteArray("PUT"));
        QCOMPARE(std::get<0>(first).body, QByteArray("{\"endpoint\":\"https://desk.example.test/webhooks/line/1600000001\"}"));
        const auto second = operation->next(reply(200, "{}"));
        QCOMPARE(std::get<0>(second).method, QByteArray("GET"));
        const auto third = operation->next(reply(200, R"({"endpoint":"https:\/\/desk.example.test/webhooks/line/1600000001","active":true})"));
        QVERIFY(std::get<0>(third).url.path().endsWith("/v2/bot/channel/webhook/test"_L1));
        const auto last = operation->next(reply(200, R"({"success":false,"reason":"COULD_NOT_CONNECT","statusCode":0})"));
        QVERIFY(std::get<1>(last).isSubscribed);          // entered it is; why nothing arrives is said
        QVERIFY(std::get<1>(last).remark.contains("COULD_NOT_CONNECT"_L1));
    }

    void onlyAPersonSwitchesItOn()
    {
        const auto step = run(m_accounts.subscribe(m_callback, m_inbox, m_endpoints), {reply(200, "{}"), reply(200, R"({"endpoint":"x","active":false})")});
        QCOMPARE(std::get<2>(step).kind, Error::Kind::Conflict);
        QVERIFY(std::get<2>(step).detail.contains("Use webhook"_L1));
        const QUrl longer(u"https://desk.example.test/"_s + QString(500, u'x'));
        QCOMPARE(m_accounts.subscribe(longer, m_inbox, m_endpoints)->start().index(), size_t(2));
    }
};

ANTIPHON_TEST(LineAccountsTest)
#include "tst_lineaccounts.moc"
