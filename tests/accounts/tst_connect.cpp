#include "tests/accounts/accountsworld.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QUrlQuery>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ConnectTest : public QObject {
    Q_OBJECT
private slots:
    void consentMakesTheInbox()
    {
        AccountsWorld world;
        QSignalSpy connected(world.accounts.get(), &Accounts::inboxConnected);
        const auto inbox = world.connect();
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QCOMPARE(inbox->name, u"Lantern Books"_s);
        QCOMPARE(inbox->externalId, kBusiness);
        QCOMPARE(inbox->replyWindowHours, 48);
        QCOMPARE(inbox->delivery, Inbox::Delivery::Webhook);
        QCOMPARE(inbox->settings.value(u"username"_s).toString(), u"lantern.books"_s);
        QCOMPARE(world.state(inbox->id), u"active"_s);
        QCOMPARE(connected.size(), 1);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM job WHERE kind = 'inbox_avatar' AND payload LIKE '%http%'"_s), 1);
        QCOMPARE(world.store.integer(u"SELECT token_expires_at FROM inbox"_s), toUnixMs(world.store.clock().now() + 86'400s));
        QTRY_COMPARE(world.platform.webhooks().callback(), QUrl(u"https://desk.example/webhooks/tiktok"_s));
    }

    void tokensRestSealed()
    {
        AccountsWorld world;
        const QByteArray planted = "act.planted-token-0123456789";
        QVERIFY(!world.isOnDisk(planted));
        world.store.run(u"INSERT INTO setting (key, value) VALUES ('planted', '%1')"_s.arg(QString::fromLatin1(planted)));
        QVERIFY(world.isOnDisk(planted));
        const QByteArray other = "rft.another-planted-token-98";
        QVERIFY(!world.isOnDisk(other));
        world.store.run(u"INSERT INTO setting (key, value) VALUES ('base64', '%1')"_s.arg(QString::fromLatin1(("ab" + other + "c").toBase64())));
        QVERIFY(world.isOnDisk(other));

        const auto inbox = world.connect();
        QVERIFY(inbox);
        const auto credentials = world.credentials(inbox->id);
        QVERIFY(credentials);
        QVERIFY(credentials->accessToken.startsWith(u"act."));
        QVERIFY(!world.isOnDisk(credentials->accessToken.toLatin1()));
        QVERIFY(!world.isOnDisk(credentials->refreshToken.toLatin1()));
        QVERIFY(!world.isOnDisk(world.platform.options().appSecret.toLatin1()));
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM secret WHERE name LIKE 'inbox:%'"_s), 2);

        world.begin();
        world.unlock();
        QCOMPARE(world.credentials(inbox->id)->accessToken, credentials->accessToken);
    }

    void aStateIsGoodOnceAndForTenMinutes()
    {
        AccountsWorld world;
        const auto callback = world.consent();
        QVERIFY(callback);
        QVERIFY(world.finish(*callback));
        const auto again = world.finish(*callback);
        QVERIFY(!again);
        QCOMPARE(again.error().kind, Error::Kind::Invalid);   // an agent's own session is another matter
        QCOMPARE(again.error().field, u"url"_s);
        QCOMPARE(world.openCallback(callback->query(QUrl::FullyEncoded).toLatin1())->status, 400);

        const auto late = world.consent();
        QVERIFY(late);
        world.store.clock().advance(11min + 1s);
        QVERIFY(!world.finish(*late));
        QCOMPARE(world.platform.count(u"tt_user/oauth2/token"_s), 1);
    }

    void aTamperedStateTouchesNothing()
    {
        AccountsWorld world;
        const auto callback = world.consent();
        QVERIFY(callback);
        QUrlQuery query(*callback);
        QString state = query.queryItemValue(u"state"_s);
        state[state.size() / 2] = state[state.size() / 2] == u'A' ? u'B' : u'A';
        const QByteArray code = "code=" + query.queryItemValue(u"code"_s, QUrl::FullyEncoded).toLatin1();
        QCOMPARE(world.openCallback(code + "&state=" + state.toLatin1())->status, 400);
        QCOMPARE(world.openCallback(code)->status, 400);
        QCOMPARE(world.openCallback(callback->query(QUrl::FullyEncoded).toLatin1(), Channel::Instagram)->status, 400);
        QCOMPARE(world.platform.count(u"tt_user/oauth2/token"_s), 0);
        QVERIFY(world.finish(*callback));   // none of them used it up
    }

    void theOwnerMayRefuse()
    {
        AccountsWorld world;
        world.platform.consentNext({.isDenied = true});
        const auto callback = world.consent();
        QVERIFY(callback);
        const auto page = world.openCallback(callback->query(QUrl::FullyEncoded).toLatin1());
        QVERIFY(page);
        QCOMPARE(page->title, u"Not connected"_s);
        QVERIFY(page->text.contains(u"The user denied the request."));
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 0);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM oauth_state"_s), 0);
    }

    void aMissingPermissionIsGivenBack()
    {
        AccountsWorld world;
        world.platform.consentNext({.withheldScopes = {u"message.list.send"_s}});
        const auto inbox = world.connect();
        QVERIFY(!inbox);
        QCOMPARE(inbox.error().kind, Error::Kind::Forbidden);
        QVERIFY(inbox.error().detail.contains(u"message.list.send"));
        QTRY_COMPARE(world.platform.count(u"tt_user/oauth2/revoke"_s), 1);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 0);
    }

    void anOptionalPermissionOnlyWarns()
    {
        AccountsWorld world;
        world.platform.consentNext({.withheldScopes = {u"user.insights"_s}});
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"without the optional permission user.insights"_s));
        const auto inbox = world.connect();
        QVERIFY(inbox);
        QVERIFY(!inbox->settings.value(u"scopes"_s).toString().contains(u"user.insights"));
    }

    void reconnectingWakesTheInboxAndKeepsItsName()
    {
        AccountsWorld world;
        const auto inbox = world.connect();
        QVERIFY(inbox);
        QVERIFY(world.update(inbox->id, {.name = u"Our shop"_s}));
        world.accounts->tokens().requireOwner(inbox->id, u"token_rejected"_s);
        QTRY_COMPARE(world.state(inbox->id), u"reauthorization_required:token_rejected"_s);
        QCOMPARE(world.credentials(inbox->id).error().kind, Error::Kind::Unauthorized);
        QSignalSpy connected(world.accounts.get(), &Accounts::inboxConnected);
        const auto again = world.connect(inbox->id);
        QVERIFY(again);
        QCOMPARE(again->id, inbox->id);
        QCOMPARE(again->name, u"Our shop"_s);
        QCOMPARE(world.state(inbox->id), u"active"_s);
        QCOMPARE(connected.size(), 1);
        QVERIFY(world.credentials(inbox->id));
    }

    void reconnectingWithAnotherAccountIsRefused()
    {
        AccountsWorld world;
        const auto inbox = world.connect();
        QVERIFY(inbox);
        const QString before = world.credentials(inbox->id)->accessToken;
        world.platform.consentNext({.businessId = kOtherBusiness});
        const auto other = world.connect(inbox->id);
        QVERIFY(!other);
        QCOMPARE(other.error().kind, Error::Kind::Conflict);
        QVERIFY2(other.error().detail.contains(u"other.shop") && other.error().detail.contains(u"lantern.books"), qPrintable(other.error().detail));
        QCOMPARE(world.credentials(inbox->id)->accessToken, before);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 1);
        QTRY_COMPARE(world.platform.count(u"tt_user/oauth2/revoke"_s), 1);
    }

    void twoCallbacksAtOnceMakeOneInbox()
    {
        AccountsWorld world;
        const auto first = world.consent();
        const auto second = world.consent();
        QVERIFY(first && second);
        QList<Result<Inbox>> made;
        for (const QUrl &callback : {*first, *second})
            world.accounts->authorizePaste(callback, [&made](const Result<Inbox> &inbox) { made.append(inbox); });
        QTRY_COMPARE(made.size(), 2);
        QVERIFY(made.at(0) && made.at(1));
        QCOMPARE(made.at(0)->id, made.at(1)->id);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 1);
    }

    void onlyACallbacksAddressIsTaken()
    {
        AccountsWorld world;
        for (const QString &url : {u"https://desk.example/"_s, u"https://desk.example/tiktok/elsewhere?code=1"_s, u"https://desk.example/nothing/callback?code=1"_s}) {
            const auto inbox = world.finish(QUrl(url));
            QVERIFY(!inbox);
            QCOMPARE(inbox.error().kind, Error::Kind::Invalid);
            QCOMPARE(inbox.error().field, u"url"_s);
        }
    }

    void withoutAnAddressOrAnAppThereIsNoConsentPage()
    {
        AccountsWorld world({.publicUrl = {}});
        QCOMPARE(world.consent().error().kind, Error::Kind::Unavailable);
        AccountsWorld empty({.isReady = false});
        QCOMPARE(empty.consent().error().kind, Error::Kind::Unavailable);   // locked
        empty.unlock();
        QCOMPARE(empty.consent().error().kind, Error::Kind::Invalid);
    }
};

ANTIPHON_TEST(ConnectTest)
#include "tst_connect.moc"
