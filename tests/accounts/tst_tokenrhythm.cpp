#include "tests/accounts/fakeaccounts.h"
#include "tests/support/testmain.h"

#include <QSignalSpy>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kDay = 24h;

/// Of Instagram's kind: sixty days, renewed by itself.
TokenGrant longToken(int n)
{
    return {.account = u"1784"_s, .accessToken = u"IG-%1"_s.arg(n), .accessLifetime = kDay * 60, .scopes = {u"messages"_s}};
}

} // namespace

/// Tokens that renew themselves, and tokens that nothing renews.
class TokenRhythmTest : public QObject {
    Q_OBJECT
private slots:
    void aSelfRenewingTokenIsRenewedInItsRhythm()
    {
        FakeMetaWorld meta(Channel::Instagram);
        const InboxId inbox = connected(meta);
        meta.world.store.clock().advance(kDay * 39);
        meta.platform->grant = longToken(2);
        keeper(meta).lookAtAll();
        QCOMPARE(meta.platform->refreshes, 0);
        meta.world.store.clock().advance(kDay * 2);
        keeper(meta).lookAtAll();
        QTRY_COMPARE(meta.world.credentials(inbox)->accessToken, u"IG-2"_s);
        QCOMPARE(meta.platform->refreshes, 1);
        keeper(meta).lookAtAll();
        QCOMPARE(meta.platform->refreshes, 1);
        QCOMPARE(meta.world.store.integer(u"SELECT token_expires_at FROM inbox"_s), toUnixMs(meta.world.store.clock().now() + kDay * 60));
        meta.world.begin();
        meta.world.unlock();
        QCOMPARE(meta.world.credentials(inbox)->accessToken, u"IG-2"_s);
    }

    void aYoungTokenIsLeftAlone()
    {
        FakeMetaWorld meta(Channel::Instagram);
        meta.platform->profile = {.username = u"lantern"_s, .account = u"1784"_s};
        prepare(meta);
        QVERIFY(meta.create({.secrets = QJsonObject{{u"access_token"_s, u"IG-1"_s}}}));   // how long it lasts nobody says
        meta.platform->grant = longToken(2);
        meta.world.store.clock().advance(23h);
        keeper(meta).lookAtAll();
        QCOMPARE(meta.platform->refreshes, 0);
        meta.world.store.clock().advance(2h);
        keeper(meta).lookAtAll();
        QTRY_COMPARE(meta.world.store.integer(u"SELECT token_expires_at FROM inbox"_s), toUnixMs(meta.world.store.clock().now() + kDay * 60));
        QCOMPARE(meta.platform->refreshes, 1);
    }

    void whatFailsIsTriedDailyAndSaidInTheLastWeek()
    {
        FakeMetaWorld meta(Channel::Instagram);
        const InboxId inbox = connected(meta);
        meta.platform->grant = Error{Error::Kind::Network, u"away"_s};
        meta.world.store.clock().advance(kDay * 41);
        keeper(meta).lookAtAll();
        QCOMPARE(meta.platform->refreshes, 1);
        meta.world.store.clock().advance(23h);
        keeper(meta).lookAtAll();
        QCOMPARE(meta.platform->refreshes, 1);
        QCOMPARE(meta.world.credentials(inbox)->accessToken, u"IG-1"_s);   // the old one is good
        meta.world.store.clock().advance(1h);
        keeper(meta).lookAtAll();
        QCOMPARE(meta.platform->refreshes, 2);
        meta.world.store.settle();
        QVERIFY(meta.notice() != u"token_ends_soon"_s);
        meta.world.store.clock().advance(kDay * 12);
        keeper(meta).lookAtAll();
        QTRY_COMPARE(meta.notice(), u"token_ends_soon"_s);
        const auto life = meta.world.check(inbox).value(u"token_life"_s);
        QVERIFY2(!life.ok && life.detail.contains(u"lasts until"_s), qPrintable(life.detail));
        meta.platform->grant = longToken(2);
        meta.world.store.clock().advance(kDay);
        keeper(meta).lookAtAll();
        QTRY_VERIFY(meta.notice() != u"token_ends_soon"_s);
        QVERIFY(meta.world.check(inbox).value(u"token_life"_s).ok);
    }

    void aTokenThatEndedWhileTheMachineSleptNeedsItsOwner()
    {
        FakeMetaWorld meta(Channel::Instagram);
        const InboxId inbox = connected(meta);
        meta.platform->grant = Error{Error::Kind::Unauthorized, u"expired"_s};
        meta.world.store.clock().advance(kDay * 61);
        QVERIFY(!meta.world.credentials(inbox));
        QTRY_COMPARE(meta.world.state(inbox), u"reauthorization_required:consent_expired"_s);
    }

    void aRefusedTokenIsVerifiedOnce_data()
    {
        QTest::addColumn<bool>("renewsItself");
        QTest::newRow("without end") << false;
        QTest::newRow("renews itself") << true;
    }

    void aRefusedTokenIsVerifiedOnce()
    {
        QFETCH(bool, renewsItself);
        FakeMetaWorld meta(renewsItself ? Channel::Instagram : Channel::Whatsapp);
        const InboxId inbox = renewsItself ? connected(meta) : meta.create()->id;
        const QString token = meta.world.credentials(inbox)->accessToken;
        const auto asked = meta.platform->asked.size();
        const auto good = meta.world.renew(inbox, token);   // the refusal meant something else
        QVERIFY(good);
        QCOMPARE(good->accessToken, token);
        QCOMPARE(meta.platform->asked.size(), asked + 1);
        QCOMPARE(meta.world.state(inbox), u"active"_s);

        meta.platform->refusal = Error{Error::Kind::Network, u"away"_s};
        QCOMPARE(meta.world.renew(inbox, token).error().kind, Error::Kind::Network);
        QCOMPARE(meta.world.state(inbox), u"active"_s);
        meta.world.store.clock().advance(6s);
        meta.platform->refusal = Error{Error::Kind::Unauthorized, u"revoked"_s};
        keeper(meta).lookAtAll();
        QTRY_COMPARE(meta.world.state(inbox), u"reauthorization_required:token_rejected"_s);
        QCOMPARE(meta.world.credentials(inbox).error().kind, Error::Kind::Unauthorized);
        QCOMPARE(meta.platform->refreshes, 0);
    }

    void whatThePlatformTakesAwayItCanGiveBack()
    {
        FakeMetaWorld meta;
        const auto inbox = meta.create();
        QVERIFY(inbox);
        QSignalSpy connected(meta.world.accounts.get(), &Accounts::inboxConnected);
        keeper(meta).noteState(inbox->id, Inbox::State::ReauthorizationRequired);
        QCOMPARE(meta.world.credentials(inbox->id).error().kind, Error::Kind::Unauthorized);
        QCOMPARE(connected.size(), 0);
        keeper(meta).noteState(inbox->id, Inbox::State::Active);
        QVERIFY(meta.world.credentials(inbox->id));
        QCOMPARE(connected.size(), 1);
    }

    void aTokenWithoutEndIsNeverRenewed()
    {
        FakeMetaWorld meta;
        const auto inbox = meta.create();
        QVERIFY(inbox);
        const auto asked = meta.platform->asked.size();
        meta.world.store.clock().advance(kDay * 3000);
        keeper(meta).lookAtAll();
        QVERIFY(meta.world.credentials(inbox->id));
        QCOMPARE(meta.platform->asked.size(), asked);
    }

private:
    static TokenKeeper &keeper(FakeMetaWorld &meta) { return meta.world.accounts->tokenKeeper(); }

    static void prepare(FakeMetaWorld &meta)
    {
        meta.platform->hasRefresh = true;
        meta.platform->hasConsent = true;
        meta.platform->rhythm = {.before = kDay * 20, .minimumAge = kDay, .byAccessToken = true};
    }

    /// By consent, so that the token's end is known.
    static InboxId connected(FakeMetaWorld &meta)
    {
        prepare(meta);
        meta.platform->profile = {.username = u"lantern"_s, .account = u"1784"_s};
        meta.platform->grant = longToken(1);
        if (!meta.enterApp({{u"app_secret"_s, u"s"_s}}))
            return {};
        const auto inbox = meta.consent();
        return inbox ? inbox->id : InboxId();
    }
};

ANTIPHON_TEST(TokenRhythmTest)
#include "tst_tokenrhythm.moc"
