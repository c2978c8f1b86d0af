#include "core/base/json.h"
#include "core/channels/instagram/instagramaccounts.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace Qt::StringLiterals;

class InstagramAccountsTest : public QObject {
    Q_OBJECT

    InstagramAccounts m_accounts;
    const AppCredentials m_app{.appId = u"990"_s, .appSecret = u"s+cret"_s};
    const ChannelEndpoints m_endpoints{.api = QUrl(u"https://graph.example"_s), .web = QUrl(u"https://login.example/x"_s)};
    const QUrl m_redirect{u"https://in.example/instagram/callback"_s};
    const InboxCredentials m_inbox{.account = u"17840000000000001"_s, .accessToken = u"long+1"_s};

    static HttpReply reply(int status, const QByteArray &body) { return {.status = status, .body = body, .requestWritten = true}; }
    static HttpReply ok(const QByteArray &body) { return reply(200, body); }
    static HttpReply refusal(int code) { return reply(400, "{\"error\":{\"message\":\"Words.\",\"code\":" + QByteArray::number(code) + "}}"); }

    auto exchanged(const QByteArray &shortAnswer)
    {
        const auto operation = m_accounts.exchangeCode(u"AQ"_s, m_app, m_redirect, m_endpoints);
        auto step = operation->start();
        for (const QByteArray &answer : {shortAnswer, QByteArray("{\"access_token\":\"long\",\"token_type\":\"bearer\",\"expires_in\":5183944}"),
                                         QByteArray("{\"id\":\"1\",\"user_id\":\"17840000000000001\",\"username\":\"shop\"}")}) {
            if (step.index() == 0)
                step = operation->next(ok(answer));
        }
        return step;
    }

private slots:
    void asksForConsentAnewEachTime()
    {
        const QUrl url = m_accounts.authorizeUrl(m_app, m_redirect, u"st+ate"_s, false, m_endpoints);
        QCOMPARE(url.host(), u"login.example"_s);
        QCOMPARE(url.path(), u"/x/oauth/authorize"_s);
        const QUrlQuery query(url);
        const auto value = [&](const QString &name) { return query.queryItemValue(name, QUrl::FullyDecoded); };
        QCOMPARE(value(u"client_id"_s), u"990"_s);
        QCOMPARE(value(u"redirect_uri"_s), u"https://in.example/instagram/callback"_s);
        QCOMPARE(value(u"response_type"_s), u"code"_s);
        QCOMPARE(value(u"scope"_s), u"instagram_business_basic,instagram_business_manage_messages"_s);
        QCOMPARE(value(u"state"_s), u"st+ate"_s);
        QCOMPARE(value(u"enable_fb_login"_s), u"0"_s);
        QCOMPARE(value(u"force_reauth"_s), u"true"_s);
        QCOMPARE(m_accounts.officialEndpoints().web, QUrl(u"https://api.instagram.com"_s));
        QCOMPARE(m_accounts.officialEndpoints().api, QUrl(u"https://graph.instagram.com"_s));
    }

    void aCodeBecomesALongToken()
    {
        const auto operation = m_accounts.exchangeCode(u"AQ#x#_"_s, m_app, m_redirect, m_endpoints);
        const auto first = operation->start();
        const HttpRequest request = std::get<0>(first);
        QCOMPARE(request.method, QByteArray("POST"));
        QCOMPARE(request.url.toString(), u"https://login.example/x/oauth/access_token"_s);
        QVERIFY(request.headers.contains({"Content-Type", "application/x-www-form-urlencoded"}));
        QCOMPARE(request.body, QByteArray("client_id=990&client_secret=s%2Bcret&grant_type=authorization_code&redirect_uri=https%3A%2F%2Fin.example%2Finstagram%2Fcallback&code=AQ%23x"));
        const auto second = operation->next(ok("{\"data\":[{\"access_token\":\"short\",\"user_id\":\"55\",\"permissions\":\"instagram_business_basic,instagram_business_manage_messages\"}]}"));
        const QUrl exchange = std::get<0>(second).url;
        QCOMPARE(exchange.path(), u"/access_token"_s);
        QCOMPARE(QUrlQuery(exchange).queryItemValue(u"grant_type"_s), u"ig_exchange_token"_s);
        QCOMPARE(QUrlQuery(exchange).queryItemValue(u"client_secret"_s, QUrl::FullyDecoded), u"s+cret"_s);
        QCOMPARE(QUrlQuery(exchange).queryItemValue(u"access_token"_s), u"short"_s);
        const auto third = operation->next(ok("{\"access_token\":\"long\",\"token_type\":\"bearer\",\"expires_in\":5183944}"));
        const QUrl me = std::get<0>(third).url;
        QCOMPARE(me.path(), u"/v23.0/me"_s);
        QCOMPARE(QUrlQuery(me).queryItemValue(u"fields"_s, QUrl::FullyDecoded), u"id,user_id,username,name,profile_picture_url,account_type"_s);
        QCOMPARE(QUrlQuery(me).queryItemValue(u"access_token"_s), u"long"_s);
        const auto last = operation->next(ok("{\"data\":[{\"id\":\"7700\",\"user_id\":17840000000000001,\"username\":\"shop\"}]}"));
        const TokenGrant grant = std::get<1>(last);
        QCOMPARE(grant.account, u"17840000000000001"_s);
        QCOMPARE(grant.accessToken, u"long"_s);
        QCOMPARE(grant.accessLifetime.count(), 5183944);
        QVERIFY(grant.refreshToken.isEmpty());
        QVERIFY(grant.scopes.contains("instagram_business_manage_messages"_L1));
    }

    void theAnswerHasSeveralShapes_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("flat, comma list") << QByteArray("{\"access_token\":\"s\",\"user_id\":55,\"permissions\":\"instagram_business_basic, instagram_business_manage_messages\"}");
        QTest::newRow("flat, array") << QByteArray("{\"access_token\":\"s\",\"user_id\":\"55\",\"permissions\":[\"instagram_business_basic\",\"instagram_business_manage_messages\"]}");
        QTest::newRow("list, array") << QByteArray("{\"data\":[{\"access_token\":\"s\",\"user_id\":\"55\",\"permissions\":[\"instagram_business_manage_messages\"]}]}");
        QTest::newRow("silent on permissions") << QByteArray("{\"access_token\":\"s\",\"user_id\":55}");
    }

    void theAnswerHasSeveralShapes()
    {
        QFETCH(QByteArray, answer);
        const auto step = exchanged(answer);
        QCOMPARE(step.index(), size_t(1));
        QCOMPARE(std::get<1>(step).accessToken, u"long"_s);
        QVERIFY(std::get<1>(step).scopes.contains(m_accounts.mandatoryScopes().first()));
    }

    void withoutThePermissionNothingFurtherIsAsked()
    {
        const auto operation = m_accounts.exchangeCode(u"AQ"_s, m_app, m_redirect, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(ok("{\"access_token\":\"s\",\"user_id\":\"55\",\"permissions\":\"instagram_business_basic\"}"));
        QCOMPARE(std::get<1>(last).scopes, QStringList{u"instagram_business_basic"_s});
        QCOMPARE(m_accounts.mandatoryScopes(), QStringList{u"instagram_business_manage_messages"_s});
    }

    void aRefusedCodeSaysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<QString>("field");
        QTest::newRow("used") << QByteArray("Matching code was not found or was already used") << u"code"_s;
        QTest::newRow("redirect") << QByteArray("Error validating verification code. Please make sure your redirect_uri is identical to the one you used") << u"redirect_uri"_s;
        QTest::newRow("secret") << QByteArray("Error validating client secret.") << u"app_secret"_s;
        QTest::newRow("app") << QByteArray("Invalid platform app") << u"app_id"_s;
    }

    void aRefusedCodeSaysWhatIsWrong()
    {
        QFETCH(QByteArray, words);
        const auto operation = m_accounts.exchangeCode(u"AQ"_s, m_app, m_redirect, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(reply(400, "{\"error_type\":\"OAuthException\",\"code\":400,\"error_message\":\"" + words + "\"}"));
        QCOMPARE(std::get<2>(last).kind, Error::Kind::Invalid);
        QTEST(std::get<2>(last).field, "field");
        QVERIFY(std::get<2>(last).detail.startsWith(QString::fromLatin1(words)));
    }

    void aSilentPlatformIsNoRefusal()
    {
        const auto operation = m_accounts.exchangeCode(u"AQ"_s, m_app, m_redirect, m_endpoints);
        (void)operation->start();
        const auto last = operation->next({.transport = Error{Error::Kind::Timeout, u"no answer"_s}});
        QCOMPARE(std::get<2>(last).kind, Error::Kind::Network);
    }

    void tokensRenewThemselves()
    {
        const TokenRhythm rhythm = m_accounts.tokenRhythm();
        QCOMPARE(rhythm.before.count(), 20 * 86'400);
        QCOMPARE(rhythm.minimumAge.count(), 86'400);
        QVERIFY(rhythm.byAccessToken);
        const auto operation = m_accounts.refresh(m_inbox, m_app, m_endpoints);
        const auto first = operation->start();
        const QUrl url = std::get<0>(first).url;
        QCOMPARE(url.path(), u"/refresh_access_token"_s);
        QCOMPARE(QUrlQuery(url).queryItemValue(u"grant_type"_s), u"ig_refresh_token"_s);
        QCOMPARE(QUrlQuery(url).queryItemValue(u"access_token"_s, QUrl::FullyDecoded), u"long+1"_s);
        const auto last = operation->next(ok("{\"access_token\":\"longer\",\"token_type\":\"bearer\",\"expires_in\":5184000}"));
        QCOMPARE(std::get<1>(last).accessToken, u"longer"_s);
        QCOMPARE(std::get<1>(last).account, m_inbox.account);
        QCOMPARE(std::get<1>(last).accessLifetime.count(), 5184000);
    }

    void onlyThePlatformsWordEndsAToken_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("isOver");
        QTest::newRow("190") << 400 << QByteArray("{\"error\":{\"message\":\"expired\",\"code\":190}}") << true;
        QTest::newRow("too young") << 400 << QByteArray("{\"error\":{\"message\":\"too young\",\"code\":100}}") << false;
        QTest::newRow("HTTP 401") << 401 << QByteArray("proxy") << false;
        QTest::newRow("HTTP 500") << 500 << QByteArray("") << false;
        QTest::newRow("nothing") << 0 << QByteArray("") << false;
    }

    void onlyThePlatformsWordEndsAToken()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(bool, isOver);
        const auto operation = m_accounts.refresh(m_inbox, m_app, m_endpoints);
        (void)operation->start();
        const auto last = operation->next({.status = status, .body = body, .requestWritten = true});
        QCOMPARE(std::get<2>(last).kind == Error::Kind::Unauthorized, isOver);
    }

    void tellsWhoseTheTokenIs()
    {
        const auto operation = m_accounts.profile(m_inbox, m_endpoints);
        (void)operation->start();
        const auto last = operation->next(ok("{\"id\":\"7700\",\"user_id\":\"17840000000000001\",\"username\":\"shop\",\"name\":\"The Shop\",\"profile_picture_url\":\"https://x.cdninstagram.com/p\"}"));
        const AccountProfile profile = std::get<1>(last);
        QCOMPARE(profile.account, u"17840000000000001"_s);
        QCOMPARE(profile.username, u"shop"_s);
        QCOMPARE(profile.displayName, u"The Shop"_s);
        QCOMPARE(profile.settings.value("username"_L1).toString(), u"shop"_s);
        const auto other = m_accounts.profile({.account = u"1"_s, .accessToken = u"t"_s}, m_endpoints);
        (void)other->start();
        const auto wrong = other->next(ok("{\"user_id\":\"17840000000000001\",\"username\":\"shop\"}"));
        QCOMPARE(std::get<2>(wrong).field, u"instagram_id"_s);
        const auto refused = m_accounts.profile(m_inbox, m_endpoints);
        (void)refused->start();
        const auto token = refused->next(refusal(190));
        QCOMPARE(std::get<2>(token).kind, Error::Kind::Invalid);
        QCOMPARE(std::get<2>(token).field, u"access_token"_s);
        QCOMPARE(m_accounts.fields().account, u"instagram_id"_s);
        QCOMPARE(m_accounts.fields().secrets, QStringList{u"access_token"_s});
    }

    void subscribesWithoutWhatIsNotOffered()
    {
        const auto operation = m_accounts.subscribe({}, m_inbox, m_endpoints);
        const auto first = operation->start();
        const auto fields = [](const HttpRequest &request) { return QUrlQuery(request.url).queryItemValue(u"subscribed_fields"_s, QUrl::FullyDecoded); };
        QCOMPARE(std::get<0>(first).method, QByteArray("POST"));
        QCOMPARE(std::get<0>(first).url.path(), u"/v23.0/17840000000000001/subscribed_apps"_s);
        QCOMPARE(fields(std::get<0>(first)), u"messages,message_reactions,messaging_seen,messaging_postbacks,messaging_referral,message_edit"_s);
        const auto second = operation->next(refusal(100));
        QCOMPARE(fields(std::get<0>(second)), u"messages,message_reactions,messaging_seen,messaging_postbacks,messaging_referral"_s);
        const auto last = operation->next(ok("{\"success\":true}"));
        QVERIFY(std::get<1>(last).isSubscribed);
        QVERIFY(std::get<1>(last).remark.contains("message_edit"_L1));
        const auto refused = m_accounts.subscribe({}, m_inbox, m_endpoints);
        (void)refused->start();
        (void)refused->next(refusal(100));
        QCOMPARE(refused->next(refusal(100)).index(), size_t(2));
        const auto failed = m_accounts.subscribe({}, m_inbox, m_endpoints);
        (void)failed->start();
        QCOMPARE(failed->next(refusal(190)).index(), size_t(2));
    }

    void inspectsTheSubscription()
    {
        const auto answered = [&](const QByteArray &body) {
            const auto operation = m_accounts.inspectSubscription(m_inbox, m_endpoints);
            (void)operation->start();
            const auto step = operation->next(ok(body));
            return std::get<1>(step);
        };
        QVERIFY(answered("{\"data\":[{\"id\":\"1\",\"subscribed_fields\":[\"messages\",\"message_reactions\",\"messaging_seen\",\"messaging_postbacks\",\"messaging_referral\"]}]}").isSubscribed);
        const WebhookRegistration some = answered("{\"data\":[{\"id\":\"1\",\"subscribed_fields\":[\"messages\",\"messaging_seen\"]}]}");
        QVERIFY(!some.isSubscribed);
        QVERIFY(some.remark.contains("message_reactions"_L1));
        QVERIFY(!answered("{\"data\":[{\"id\":\"1\",\"subscribed_fields\":[\"messaging_seen\"]}]}").isSubscribed);
        const WebhookRegistration none = answered("{\"data\":[]}");
        QVERIFY(!none.isSubscribed);
        QVERIFY(!none.remark.isEmpty());
        const auto end = m_accounts.unsubscribe(m_inbox, m_endpoints);
        QCOMPARE(end->method, QByteArray("DELETE"));
        QCOMPARE(end->url.path(), u"/v23.0/17840000000000001/subscribed_apps"_s);
    }
};

ANTIPHON_TEST(InstagramAccountsTest)
#include "tst_instagramaccounts.moc"
