#include "tests/accounts/accountsworld.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QTest>

#include <atomic>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

HttpReply answered(const QJsonObject &data, int code = 0)
{
    const QJsonObject body{{u"code"_s, code}, {u"message"_s, code == 0 ? u"OK"_s : u"refused"_s}, {u"request_id"_s, u"r"_s}, {u"data"_s, data}};
    return FakeHttpClient::reply(200, QJsonDocument(body).toJson());
}

/// The n-th pair, good for a day and a year.
HttpReply pair(int n, qint64 consentSeconds = 31'536'000)
{
    return answered({{u"open_id"_s, kBusiness},
                     {u"access_token"_s, u"act.%1"_s.arg(n)},
                     {u"refresh_token"_s, u"rft.%1"_s.arg(n)},
                     {u"expires_in"_s, 86'400},
                     {u"refresh_token_expires_in"_s, consentSeconds}});
}

} // namespace

class TokenKeeperTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_failing = false;
        m_refusals = 0;
        m_http = std::make_unique<FakeHttpClient>();
        const auto hook = [this](const QString &sql) {
            if (!m_failing || !sql.contains(u"INTO secret"))
                return StatementFault::None;
            ++m_refusals;
            return StatementFault::Fail;
        };
        m_world = std::make_unique<AccountsWorld>(AccountsWorld::Options{.network = m_http.get(), .publicUrl = {}, .hook = hook});
        m_http->script(answered({{u"username"_s, u"lantern.books"_s}}));
        const auto inbox = m_world->create(AccountsWorld::pasted(kBusiness, u"act.0"_s, u"rft.0"_s));
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        m_inbox = inbox->id;
        m_http->script(pair(1));
        QCOMPARE(m_world->renew(m_inbox, u"act.0"_s)->accessToken, u"act.1"_s);
        m_http->requests.clear();
    }
    void cleanup()
    {
        m_world.reset();
        m_http.reset();
    }

    void renewsHalfAnHourAhead()
    {
        m_world->store.clock().advance(24h - 31min);
        keeper().lookAtAll();
        QCOMPARE(m_http->requests.size(), size_t(0));
        m_world->store.clock().advance(2min);
        m_http->script(pair(2));
        keeper().lookAtAll();
        QTRY_COMPARE(m_world->credentials(m_inbox)->accessToken, u"act.2"_s);
        QCOMPARE(m_http->requests.size(), size_t(1));
        QVERIFY(m_http->requests.front().body.contains("rft.1"));
    }

    void twoCallersCostOneRequest()
    {
        m_world->store.clock().advance(24h);
        QStringList got;
        const auto done = [&got](const Result<InboxCredentials> &credentials) { got.append(credentials ? credentials->accessToken : u"-"_s); };
        keeper().credentials(m_inbox, done);
        keeper().credentials(m_inbox, done);
        keeper().renew(m_inbox, u"act.1"_s, done);
        QCOMPARE(m_http->waiting(), 1);
        m_http->answer(pair(2));
        QTRY_COMPARE(got, QStringList({u"act.2"_s, u"act.2"_s, u"act.2"_s}));
        QCOMPARE(m_http->requests.size(), size_t(1));
    }

    void somebodyElsesRenewalServes()
    {
        QCOMPARE(m_world->renew(m_inbox, u"act.0"_s)->accessToken, u"act.1"_s);
        QCOMPARE(m_http->requests.size(), size_t(0));
    }

    void aPairIsOnTheDiskBeforeAnybodyGetsIt()
    {
        m_world->store.clock().advance(24h);
        m_failing = true;
        m_http->script(pair(2));
        bool isOut = false;
        QString stored;
        keeper().credentials(m_inbox, [&](const Result<InboxCredentials> &credentials) { isOut = bool(credentials); });
        QTRY_COMPARE(m_http->requests.size(), size_t(1));
        const qint64 before = toUnixMs(m_world->store.clock().now());
        QTRY_VERIFY(m_refusals >= 2);
        QVERIFY(!isOut);
        QCOMPARE(m_world->store.integer(u"SELECT token_expires_at FROM inbox"_s), before);
        m_failing = false;
        QTRY_VERIFY_WITH_TIMEOUT(isOut, 15'000);
        QCOMPARE(m_world->store.integer(u"SELECT token_expires_at FROM inbox"_s), before + 86'400'000);
        QCOMPARE(m_http->requests.size(), size_t(1));
        m_world->begin();
        m_world->unlock();
        QCOMPARE(m_world->credentials(m_inbox)->accessToken, u"act.2"_s);
    }

    void aRefusedConsentNeedsItsOwner()
    {
        m_world->store.clock().advance(24h);
        m_http->script(answered({}, 40105));
        QCOMPARE(m_world->credentials(m_inbox).error().kind, Error::Kind::Unauthorized);
        QTRY_COMPARE(m_world->state(m_inbox), u"reauthorization_required:consent_refused"_s);
        QCOMPARE(m_world->renew(m_inbox, u"act.1"_s).error().kind, Error::Kind::Unauthorized);
        keeper().lookAtAll();
        QCOMPARE(m_http->requests.size(), size_t(1));
    }

    void anExpiredConsentEndsByThePlatformsWordAlone()
    {
        // The clock may be wrong: while the platform can't be asked, and where it renews, nothing is taken away.
        m_world->store.clock().advance(24h * 366);
        m_http->script({.status = 503});
        QCOMPARE(m_world->credentials(m_inbox).error().kind, Error::Kind::Unavailable);
        QCOMPARE(m_world->state(m_inbox), u"active"_s);
        m_world->store.clock().advance(10s);
        m_http->script(answered({}, 40105));
        QCOMPARE(m_world->credentials(m_inbox).error().kind, Error::Kind::Unauthorized);
        QTRY_COMPARE(m_world->state(m_inbox), u"reauthorization_required:consent_expired"_s);
        QCOMPARE(m_http->requests.size(), size_t(2));
    }

    void failuresKeepTheOldPairAndBackOff()
    {
        m_world->store.clock().advance(24h - 10min);
        size_t sent = 0;
        for (const auto pause : {5s, 30s, 120s, 300s, 300s}) {
            m_http->script(sent % 2 == 0 ? FakeHttpClient::cutOff() : FakeHttpClient::reply(503, "<html>"));
            keeper().lookAtAll();
            QCOMPARE(m_http->requests.size(), ++sent);
            QCoreApplication::processEvents();
            m_world->store.clock().advance(pause - 1s);
            keeper().lookAtAll();
            QCOMPARE(m_http->requests.size(), sent);
            m_world->store.clock().advance(1s);
        }
        QCOMPARE(m_world->state(m_inbox), u"active"_s);
        m_http->script(pair(2));
        QCOMPARE(m_world->credentials(m_inbox)->accessToken, u"act.2"_s);
    }

    void theOldTokenServesWhileItIsGood()
    {
        m_world->store.clock().advance(24h - 4min);
        m_http->script(FakeHttpClient::notSent());
        QCOMPARE(m_world->credentials(m_inbox)->accessToken, u"act.1"_s);
        m_world->store.clock().advance(4min);
        m_http->script(FakeHttpClient::notSent());
        const auto over = m_world->credentials(m_inbox);
        QVERIFY(!over);
        QVERIFY(over.error().kind != Error::Kind::Unauthorized);
    }

    void aRefusedTokenIsNeverHandedOutAgain()
    {
        m_http->script(FakeHttpClient::reply(500));
        QVERIFY(!m_world->renew(m_inbox, u"act.1"_s));
        QVERIFY(!m_world->renew(m_inbox, u"act.1"_s));
        QVERIFY(!m_world->credentials(m_inbox));
        QCOMPARE(m_http->requests.size(), size_t(1));   // the back-off holds for the same refusal
        m_world->store.clock().advance(5s);
        m_http->script(pair(2));
        QCOMPARE(m_world->credentials(m_inbox)->accessToken, u"act.2"_s);
    }

    void anAnswerAboutAnEarlierConsentIsDropped_data()
    {
        QTest::addColumn<bool>("isGranted");
        QTest::newRow("granted") << true;
        QTest::newRow("refused") << false;
    }

    void anAnswerAboutAnEarlierConsentIsDropped()
    {
        QFETCH(bool, isGranted);
        m_world->store.clock().advance(24h);
        QString got;
        keeper().credentials(m_inbox, [&got](const Result<InboxCredentials> &credentials) { got = credentials ? credentials->accessToken : u"-"_s; });
        QCOMPARE(m_http->waiting(), 1);
        m_http->script(answered({{u"username"_s, u"lantern.books"_s}}));
        QVERIFY(m_world->update(m_inbox, {.secrets = QJsonObject{{u"access_token"_s, u"act.new"_s}, {u"refresh_token"_s, u"rft.new"_s}}}));
        m_http->answer(isGranted ? pair(2) : answered({}, 40105));
        QTRY_COMPARE(got, u"act.new"_s);
        QCOMPARE(m_world->state(m_inbox), u"active"_s);
        m_world->begin();
        m_world->unlock();
        QCOMPARE(m_world->credentials(m_inbox)->accessToken, u"act.new"_s);
    }

    void lockedSecretsStopARenewalBeforeItIsAsked()
    {
        m_world->store.clock().advance(24h);
        m_world->secrets.lockNow(u"keychain"_s);
        QCOMPARE(m_world->credentials(m_inbox).error().kind, Error::Kind::Unavailable);
        QCOMPARE(m_http->requests.size(), size_t(0));
        QCOMPARE(m_world->state(m_inbox), u"active"_s);
    }

    void nothingIsToldAfterTheEnd()
    {
        m_world->store.clock().advance(24h);
        bool isCalled = false;
        keeper().credentials(m_inbox, [&isCalled](const Result<InboxCredentials> &) { isCalled = true; });
        QCOMPARE(m_http->waiting(), 1);
        m_world->accounts.reset();
        m_http->answer(pair(2));
        m_world->store.settle();
        QCoreApplication::processEvents();
        QVERIFY(!isCalled);
    }

private:
    TokenKeeper &keeper() { return m_world->accounts->tokenKeeper(); }

    std::atomic<bool> m_failing = false;
    std::atomic<int> m_refusals = 0;
    std::unique_ptr<FakeHttpClient> m_http;
    std::unique_ptr<AccountsWorld> m_world;
    InboxId m_inbox{};
};

ANTIPHON_TEST(TokenKeeperTest)
#include "tst_tokenkeeper.moc"
