#include "core/channels/tiktok/tiktokaccounts.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class TiktokAccountsTest : public QObject {
    Q_OBJECT

    TiktokAccounts m_accounts;
    const AppCredentials m_app{.appId = u"7001"_s, .appSecret = u"s+cret"_s};
    const ChannelEndpoints m_endpoints = m_accounts.officialEndpoints();

    static HttpReply ok(const QByteArray &body) { return {.status = 200, .body = body, .requestWritten = true}; }

private slots:
    void buildsTheConsentPage()
    {
        const QUrl url = m_accounts.authorizeUrl(m_app, QUrl(u"https://desk.example/tiktok/callback"_s), u"st.a+te"_s, true, m_endpoints);
        QCOMPARE(url.toEncoded(),
                 QByteArray("https://www.tiktok.com/v2/auth/authorize?client_key=7001&response_type=code&redirect_uri=https%3A%2F%2Fdesk.example%2Ftiktok%2Fcallback"
                            "&scope=user.info.basic%2Cuser.info.username%2Cuser.info.stats%2Cuser.info.profile%2Cuser.account.type%2Cuser.insights%2Cmessage.list.read%2Cmessage.list.send%2Cmessage.list.manage"
                            "&state=st.a%2Bte&disable_auto_auth=1"));
        QVERIFY(!m_accounts.authorizeUrl(m_app, {}, {}, false, m_endpoints).query().contains(u"disable_auto_auth"_s));
    }

    void exchangesACode()
    {
        const auto operation = m_accounts.exchangeCode(u"c*o!de"_s, m_app, QUrl(u"https://desk.example/tiktok/callback"_s), m_endpoints);
        const auto first = operation->start();
        QCOMPARE(std::get<0>(first).url.toString(), u"https://business-api.tiktok.com/open_api/v1.3/tt_user/oauth2/token/"_s);
        QCOMPARE(std::get<0>(first).body, QByteArray("{\"auth_code\":\"c*o!de\",\"client_id\":\"7001\",\"client_secret\":\"s+cret\",\"grant_type\":\"authorization_code\",\"redirect_uri\":\"https://desk.example/tiktok/callback\"}"));
        const auto last = operation->next(ok("{\"code\":0,\"data\":{\"access_token\":\"act.1\",\"scope\":\"a, b\",\"expires_in\":86400,\"refresh_token\":\"rft.1\",\"refresh_token_expires_in\":31536000,\"open_id\":\"biz\"}}"));
        const TokenGrant grant = std::get<1>(last);
        QCOMPARE(grant.account, u"biz"_s);
        QCOMPARE(grant.accessToken, u"act.1"_s);
        QCOMPARE(grant.refreshToken, u"rft.1"_s);
        QCOMPARE(grant.accessLifetime, std::chrono::seconds(86400));
        QCOMPARE(grant.refreshLifetime, std::chrono::seconds(31536000));
        QCOMPARE(grant.scopes, (QStringList{u"a"_s, u"b"_s}));
    }

    void onlyADefiniteAnswerEndsAConsent_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("definite");
        QTest::newRow("40105") << 200 << QByteArray("{\"code\":40105,\"message\":\"revoked\"}") << true;
        QTest::newRow("40001") << 200 << QByteArray("{\"code\":40001,\"message\":\"no\"}") << true;
        QTest::newRow("40002") << 200 << QByteArray("{\"code\":40002,\"message\":\"no\"}") << true;
        QTest::newRow("40100") << 200 << QByteArray("{\"code\":40100,\"message\":\"slow\"}") << false;
        QTest::newRow("500") << 500 << QByteArray("oh") << false;
        QTest::newRow("401 of a proxy") << 401 << QByteArray("who are you") << false;
        QTest::newRow("garbage") << 200 << QByteArray("<html>") << false;
        QTest::newRow("no tokens") << 200 << QByteArray("{\"code\":0,\"data\":{}}") << false;
        QTest::newRow("no answer") << 0 << QByteArray() << false;
    }

    void onlyADefiniteAnswerEndsAConsent()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const auto operation = m_accounts.refresh({.refreshToken = u"rft.1"_s}, m_app, m_endpoints);
        (void)operation->start();
        const auto last = operation->next({.status = status, .body = body, .requestWritten = true});
        QCOMPARE(last.index(), size_t(2));
        QTEST(std::get<2>(last).kind == Error::Kind::Unauthorized, "definite");
    }

    void readsTheProfile()
    {
        const auto operation = m_accounts.profile({.account = u"b+z"_s, .accessToken = u"act.1"_s}, m_endpoints);
        const auto first = operation->start();
        QVERIFY(std::get<0>(first).url.toEncoded().endsWith("/business/get/?business_id=b%2Bz&fields=%5B%22username%22%2C%22display_name%22%2C%22profile_image%22%5D"));
        const auto last = operation->next(ok("{\"code\":0,\"data\":{\"username\":\"lantern.books\",\"display_name\":\"Lantern Books\",\"profile_image\":\"https://p16.tiktokcdn.com/a.jpeg\"}}"));
        QCOMPARE(std::get<1>(last).displayName, u"Lantern Books"_s);
        QCOMPARE(std::get<1>(last).picture.host(), u"p16.tiktokcdn.com"_s);
    }

    void inspectsAndRegistersTheWebhook()
    {
        const auto inspect = m_accounts.inspectWebhook(m_app, m_endpoints);
        const auto first = inspect->start();
        QVERIFY(std::get<0>(first).url.toEncoded().endsWith("/business/webhook/list/?app_id=7001&secret=s%2Bcret&event_type=DIRECT_MESSAGE"));
        const auto none = inspect->next(ok("{\"code\":0,\"data\":{}}"));
        QVERIFY(std::get<1>(none).callback.isEmpty());
        const auto registration = m_accounts.registerWebhook(QUrl(u"https://desk.example/webhooks/tiktok"_s), m_app, m_endpoints);
        const auto request = registration->start();
        QCOMPARE(std::get<0>(request).body, QByteArray("{\"app_id\":\"7001\",\"callback_url\":\"https://desk.example/webhooks/tiktok\",\"event_type\":\"DIRECT_MESSAGE\",\"secret\":\"s+cret\"}"));
        const auto done = registration->next(ok("{\"code\":0,\"data\":{\"callback_url\":\"https://desk.example/webhooks/tiktok\"}}"));
        QCOMPARE(std::get<1>(done).callback.path(), u"/webhooks/tiktok"_s);
    }
};

ANTIPHON_TEST(TiktokAccountsTest)
#include "tst_tiktokaccounts.moc"
