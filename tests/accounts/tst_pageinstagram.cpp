#include "app/demo/simulatedpageinstagram.h"
#include "core/channels/instagram/instagramaccounts.h"
#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/messenger/messengeraccounts.h"
#include "core/channels/messenger/messengeradapter.h"
#include "tests/accounts/accountsworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kPage = u"300000000000001"_s;
const QString kBarePage = u"300000000000002"_s;
const QString kAccount = u"17840000000000001"_s;
const QStringList kScopes{u"instagram_basic"_s, u"instagram_manage_messages"_s, u"pages_manage_metadata"_s, u"pages_messaging"_s};

demo::MessengerOptions twoPages()
{
    demo::MessengerOptions options;
    options.pages.append({.id = kBarePage, .name = u"Lantern Cafe"_s, .username = u"lantern.cafe"_s});
    return options;
}

/// A workspace that speaks Instagram and Messenger, two Pages, and the account that is linked to the first.
struct Pages {
    explicit Pages(bool isEntered = true)
        : facebook(twoPages(), world.store.clock(), random)
        , linked(facebook, {{.id = kAccount, .scopedId = u"9900000000000001"_s, .name = u"Lantern Books"_s, .username = u"lantern.books"_s, .pageId = kPage}},
                 world.store.clock(), random)
        , instagram({}, world.store.clock(), random)
    {
        facebook.link(linked);
        world.channels.add(std::make_unique<InstagramAdapter>(), std::make_unique<InstagramAccounts>());
        world.channels.add(std::make_unique<MessengerAdapter>(), std::make_unique<MessengerAccounts>());
        const bool isUp = facebook.listen() && instagram.listen() && world.channels.overrideApi(Channel::Instagram, instagram.apiUrl())
            && world.channels.overrideWeb(Channel::Instagram, instagram.oauthUrl()) && world.channels.overrideData(Channel::Instagram, facebook.apiUrl())
            && world.channels.overrideApi(Channel::Messenger, facebook.apiUrl()) && (!isEntered || enterApp(Channel::Messenger, facebook.app()));
        if (!isUp)
            qFatal("the simulated platforms are not ready");
    }

    bool enterApp(Channel channel, const demo::GraphApp &app)
    {
        return bool(AccountsWorld::ask<QJsonObject>([&](auto done) {
            world.accounts->setApp(channel, {{u"app_id"_s, app.appId}}, {{u"app_secret"_s, app.appSecret}, {u"verify_token"_s, app.verifyToken}}, done);
        }));
    }

    Result<Inbox> create(Channel channel, const QJsonObject &settings, const QJsonObject &secrets)
    {
        return AccountsWorld::ask<Inbox>([&](auto done) { world.accounts->createInbox(channel, {.settings = settings, .secrets = secrets}, done); });
    }

    Result<Inbox> byPage(QJsonObject settings = {{u"page_id"_s, kPage}}, const QString &token = {})
    {
        return create(Channel::Instagram, settings, {{u"page_access_token"_s, token.isEmpty() ? facebook.issueToken() : token}});
    }

    Result<Inbox> messenger() { return create(Channel::Messenger, {{u"page_id"_s, kPage}}, {{u"page_access_token"_s, facebook.issueToken()}}); }

    void wasBroughtWebhook(InboxId inbox, std::chrono::hours ago)
    {
        world.store.run(u"UPDATE inbox SET last_webhook_at = %1 WHERE id = %2"_s.arg(toUnixMs(world.store.clock().now() - ago)).arg(inbox.value()));
    }

    QString tokenOfTheBarePage()
    {
        facebook.at(1);
        const QString token = facebook.issueToken();
        facebook.at(0);
        return token;
    }

    AccountsWorld world{};
    FakeRandom random{};
    demo::SimulatedMessenger facebook;
    demo::SimulatedPageInstagram linked;
    demo::SimulatedInstagram instagram;
};

} // namespace

/// Instagram accounts by way of a Facebook Page, over real HTTP.
class PageInstagramTest : public QObject {
    Q_OBJECT
private slots:
    void isConnectedByItsPage()
    {
        Pages pages;
        const auto inbox = pages.byPage();
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QCOMPARE(inbox->externalId, kAccount);
        QCOMPARE(inbox->name, u"lantern.books"_s);
        QCOMPARE(inbox->settings.value("page_id"_L1).toString(), kPage);
        QCOMPARE(inbox->settings.value("instagram_id"_L1).toString(), kAccount);
        QCOMPARE(inbox->settings.value("username"_L1).toString(), u"lantern.books"_s);
        QCOMPARE(inbox->settings.value("page_name"_L1).toString(), u"Lantern Books"_s);
        QCOMPARE(inbox->replyWindowHours, 24);
        QTRY_COMPARE(pages.facebook.count(u"POST subscribed_apps"_s), 1);
        QVERIFY(pages.facebook.subscribed().contains(u"messages"_s));
        QCOMPARE(pages.instagram.received().size(), 0);                       // nothing of it goes to Instagram's own host
        const auto lines = pages.world.check(inbox->id);
        QVERIFY2(lines.value(u"credentials"_s).ok, qPrintable(lines.value(u"credentials"_s).detail));
        QVERIFY2(lines.value(u"subscription"_s).ok, qPrintable(lines.value(u"subscription"_s).detail));
        QVERIFY(lines.value(u"token_life"_s).ok);
        QVERIFY(!pages.world.isOnDisk(pages.world.credentials(inbox->id)->accessToken.toUtf8()));
    }

    void theTokenHasTwoNames()
    {
        Pages pages;
        const QString token = pages.facebook.issueToken();
        const auto twofold = pages.create(Channel::Instagram, {{u"page_id"_s, kPage}}, {{u"access_token"_s, token}, {u"page_access_token"_s, u"EAAT-another"_s}});
        QCOMPARE(twofold.error().field, u"access_token"_s);
        QVERIFY(pages.create(Channel::Instagram, {{u"page_id"_s, kPage}}, {{u"access_token"_s, token}}));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("words");
        QTest::newRow("no page") << u"empty"_s << u"page_id"_s << QString();
        QTest::newRow("a name for an id") << u"name"_s << u"page_id"_s << u"digits"_s;
        QTest::newRow("no token") << u"tokenless"_s << u"page_access_token"_s << u"missing"_s;
        QTest::newRow("token unknown") << u"unknown"_s << u"page_access_token"_s << u"Generate"_s;
        QTest::newRow("token of another page") << u"foreign"_s << u"page_id"_s << u"that very Page"_s;
        QTest::newRow("nothing linked") << u"bare"_s << u"page_id"_s << u"Linked accounts"_s;
        QTest::newRow("a permission is missing") << u"unscoped"_s << u"page_access_token"_s << u"instagram_manage_messages"_s;
        QTest::newRow("another account") << u"other"_s << u"instagram_id"_s << u"lantern.books"_s;
    }

    void saysWhatIsWrong()
    {
        QFETCH(QString, what);
        QFETCH(QString, field);
        QFETCH(QString, words);
        Pages pages;
        Result<Inbox> inbox = Error{};
        if (what == "empty"_L1)
            inbox = pages.byPage({{u"page_id"_s, QString()}});
        else if (what == "name"_L1)
            inbox = pages.byPage({{u"page_id"_s, u"lantern.books"_s}});
        else if (what == "tokenless"_L1)
            inbox = pages.create(Channel::Instagram, {{u"page_id"_s, kPage}}, {});
        else if (what == "unknown"_L1)
            inbox = pages.byPage({{u"page_id"_s, kPage}}, u"EAAT-wrong"_s);
        else if (what == "foreign"_L1)
            inbox = pages.byPage({{u"page_id"_s, kPage}}, pages.tokenOfTheBarePage());
        else if (what == "bare"_L1)
            inbox = pages.byPage({{u"page_id"_s, kBarePage}}, pages.tokenOfTheBarePage());
        else if (what == "unscoped"_L1)
            inbox = pages.byPage({{u"page_id"_s, kPage}}, pages.facebook.issueToken({u"pages_messaging"_s}));
        else
            inbox = pages.byPage({{u"page_id"_s, kPage}, {u"instagram_id"_s, u"17840000000000007"_s}});
        QVERIFY(!inbox);
        QCOMPARE(inbox.error().kind, Error::Kind::Invalid);
        QCOMPARE(inbox.error().field, field);
        QVERIFY2(inbox.error().detail.contains(words), qPrintable(inbox.error().detail));
        QCOMPARE(pages.world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 0);
        QVERIFY(pages.byPage({{u"page_id"_s, kPage}, {u"instagram_id"_s, kAccount}}, pages.facebook.issueToken(kScopes)));      // the right values do
    }

    void oneAccountHasOneInboxWhicheverWay()
    {
        Pages pages;
        QVERIFY(pages.enterApp(Channel::Instagram, pages.instagram.app()));
        const auto login = [&pages](const QJsonObject &settings) {
            return pages.create(Channel::Instagram, settings, {{u"access_token"_s, pages.instagram.issueToken()}});
        };
        const auto inbox = pages.byPage();
        QVERIFY(inbox);
        for (const auto &again : {pages.byPage(), login({}), login({{u"instagram_id"_s, kAccount}})}) {
            QVERIFY(!again);
            QCOMPARE(again.error().kind, Error::Kind::Conflict);
            QVERIFY2(again.error().detail.contains(u"inbox %1"_s.arg(inbox->id.toString())) && again.error().detail.contains(u"lantern.books"_s),
                     qPrintable(again.error().detail));
        }
        QVERIFY(login({}).error().detail.contains(kPage));
        // Consent of the same account would leave an inbox with a token that its Page's calls can't use.
        const auto page = AccountsWorld::ask<QUrl>([&](auto done) { pages.world.accounts->authorize(Channel::Instagram, {}, done); });
        QVERIFY(page);
        const auto reply = AccountsWorld::ask<HttpReply>([&](auto done) { pages.world.http.send({.url = *page}, [done](const HttpReply &answer) { done(answer); }); });
        const auto consented = pages.world.finish(QUrl::fromEncoded(reply->header("location"), QUrl::StrictMode));
        QVERIFY(!consented);
        QCOMPARE(consented.error().kind, Error::Kind::Conflict);
        const auto reconnect = AccountsWorld::ask<QUrl>([&](auto done) { pages.world.accounts->authorize(Channel::Instagram, inbox->id, done); });
        QCOMPARE(reconnect.error().field, u"id"_s);
        QVERIFY(pages.world.remove(inbox->id));

        QVERIFY(login({}));
        const auto late = pages.byPage();
        QCOMPARE(late.error().kind, Error::Kind::Conflict);
        QVERIFY2(late.error().detail.contains(u"lantern.books"_s), qPrintable(late.error().detail));
    }

    void oneSubscriptionServesBothInboxesOfAPage_data()
    {
        QTest::addColumn<bool>("messengerFirst");
        QTest::newRow("Messenger first") << true;
        QTest::newRow("Instagram first") << false;
    }

    void oneSubscriptionServesBothInboxesOfAPage()
    {
        QFETCH(bool, messengerFirst);
        Pages pages;
        const auto first = messengerFirst ? pages.messenger() : pages.byPage();
        QVERIFY(first);
        QTRY_VERIFY(pages.world.check(first->id).value(u"subscription"_s).ok);
        const auto second = messengerFirst ? pages.byPage() : pages.messenger();
        QVERIFY(second);
        QTRY_VERIFY(pages.world.check(second->id).value(u"subscription"_s).ok);
        QVERIFY(pages.world.check(first->id).value(u"subscription"_s).ok);
        QVERIFY(pages.facebook.subscribed().contains(u"message_echoes"_s));
        QVERIFY(pages.facebook.subscribed().contains(u"messages"_s));

        QVERIFY(pages.world.remove(first->id));
        QVERIFY(pages.world.check(second->id).value(u"subscription"_s).ok);   // the check's calls come after what a deletion would have sent
        QCOMPARE(pages.facebook.count(u"DELETE subscribed_apps"_s), 0);
        pages.wasBroughtWebhook(second->id, 23h);
        QVERIFY(pages.world.remove(second->id));
        QTRY_COMPARE(pages.facebook.count(u"DELETE subscribed_apps"_s), 1);
    }

    /// Who moves to another machine with the same application deletes here what is brought there by now.
    void aPageThatBringsNothingHereStaysSubscribed_data()
    {
        QTest::addColumn<int>("hoursAgo");
        QTest::newRow("never brought anything") << -1;
        QTest::newRow("for more than a day") << 25;
    }

    void aPageThatBringsNothingHereStaysSubscribed()
    {
        QFETCH(const int, hoursAgo);
        Pages pages;
        const auto moved = pages.byPage();
        const auto other = pages.create(Channel::Messenger, {{u"page_id"_s, kBarePage}}, {{u"page_access_token"_s, pages.tokenOfTheBarePage()}});
        QVERIFY(moved && other);
        QTRY_VERIFY(pages.world.check(moved->id).value(u"subscription"_s).ok);
        if (hoursAgo >= 0)
            pages.wasBroughtWebhook(moved->id, std::chrono::hours(hoursAgo));
        pages.wasBroughtWebhook(other->id, 0h);
        QVERIFY(pages.world.remove(moved->id));
        QVERIFY(pages.world.remove(other->id));                               // tells after whatever the first would have told
        QTRY_COMPARE(pages.facebook.count(u"DELETE subscribed_apps"_s), 1);
        QVERIFY(pages.facebook.subscribed().contains(u"messages"_s));
    }

    /// At a start both are looked at together: what each found would take the other's fields off.
    void inboxesOfAPageAreSubscribedOneAfterTheOther()
    {
        Pages pages;
        const auto account = pages.byPage();
        QVERIFY(account);
        const auto page = pages.messenger();
        QVERIFY(page);
        QTRY_VERIFY(pages.facebook.subscribed().contains(u"message_echoes"_s));
        for (int round = 0; round < 5; ++round) {
            pages.facebook.forgetSubscriptions();
            const int before = pages.facebook.count(u"POST subscribed_apps"_s);
            pages.world.begin();
            pages.world.unlock();
            QTRY_COMPARE(pages.facebook.count(u"POST subscribed_apps"_s), before + 2);       // of the account four fields, then of the page its own
            QTRY_VERIFY(pages.facebook.subscribed().contains(u"message_echoes"_s));
            QVERIFY(pages.world.check(account->id).value(u"subscription"_s).ok);
            QVERIFY(pages.facebook.subscribed().contains(u"message_echoes"_s));
        }
    }

    void aSubscriptionThatIsGoneIsMadeAgain()
    {
        Pages pages;
        const auto inbox = pages.byPage();
        QVERIFY(inbox);
        QTRY_COMPARE(pages.facebook.count(u"POST subscribed_apps"_s), 1);
        pages.facebook.forgetSubscriptions();
        pages.world.begin();
        pages.world.unlock();
        QTRY_VERIFY(pages.facebook.subscribed().contains(u"messages"_s));
    }

    void withoutTheSecretOfFacebooksAppItSaysSo()
    {
        Pages pages(false);
        pages.facebook.setNeedsProof(false);                                  // else the connecting itself would fail
        QVERIFY(pages.enterApp(Channel::Instagram, pages.instagram.app()));   // not the one that signs
        const auto inbox = pages.byPage();
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        const auto line = pages.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY(!line.ok);
        QVERIFY2(line.detail.contains(u"messenger"_s), qPrintable(line.detail));
    }

    void itsVerifyTokenIsThatOfFacebooksApp()
    {
        Pages pages;
        QVERIFY(pages.enterApp(Channel::Instagram, {.appId = u"1"_s, .appSecret = u"s"_s, .verifyToken = u"word-of-instagram"_s}));
        const auto inbox = pages.byPage();
        QVERIFY(inbox);
        const auto word = AccountsWorld::ask<QString>([&](auto done) { pages.world.accounts->verifyToken(Channel::Instagram, inbox->id, done); });
        QCOMPARE(*word, pages.facebook.app().verifyToken);
        const RawWebhook hook{.method = "GET", .path = "/webhooks/instagram"};
        const auto signers = pages.world.accounts->tokens().signers(Channel::Instagram, InstagramAdapter().webhookKeys(hook));
        QVERIFY(signers);
        for (const QString &known : {u"word-of-instagram"_s, pages.facebook.app().verifyToken}) {
            const RawWebhook asked{.method = "GET", .query = "hub.mode=subscribe&hub.challenge=42&hub.verify_token=" + known.toLatin1()};
            QCOMPARE(InstagramAdapter().handshake(asked, signers->candidates).body, QByteArray("42"));
        }
    }

    void aRefusedTokenWaitsForItsOwnerAndIsNeverRenewed()
    {
        Pages pages;
        const auto inbox = pages.byPage();
        QVERIFY(inbox);
        pages.world.store.clock().advance(24h * 90);
        pages.world.accounts->tokenKeeper().start();
        const QString token = pages.world.credentials(inbox->id)->accessToken;
        QTRY_COMPARE(pages.facebook.count(u"POST subscribed_apps"_s), 1);
        const int asked = pages.facebook.count(u"GET account"_s);
        QVERIFY(pages.world.renew(inbox->id, token));                         // it is asked whether that is so
        QCOMPARE(pages.facebook.count(u"GET account"_s), asked + 1);
        QCOMPARE(pages.world.state(inbox->id), u"active"_s);

        pages.facebook.revokeTokens();
        QVERIFY(!pages.world.renew(inbox->id, token));
        QTRY_COMPARE(pages.world.state(inbox->id), u"reauthorization_required:token_rejected"_s);
        QCOMPARE(pages.world.update(inbox->id, {.secrets = QJsonObject{{u"page_access_token"_s, pages.tokenOfTheBarePage()}}}).error().field, u"page_id"_s);
        const auto mended = pages.world.update(inbox->id, {.secrets = QJsonObject{{u"page_access_token"_s, pages.facebook.issueToken()}}});
        QVERIFY2(mended, mended ? "" : qPrintable(describe(mended.error())));
        QCOMPARE(pages.world.state(inbox->id), u"active"_s);
        QCOMPARE(mended->settings.value("page_id"_L1).toString(), kPage);
        QVERIFY(pages.world.credentials(inbox->id)->accessToken != token);
    }

    void thePageIsNotTheAgentsToChange()
    {
        Pages pages;
        const auto inbox = pages.byPage();
        QVERIFY(inbox);
        QCOMPARE(pages.world.update(inbox->id, {.settings = QJsonObject{{u"page_id"_s, kBarePage}}}).error().field, u"page_id"_s);
        const auto long7 = pages.world.update(inbox->id, {.settings = QJsonObject{{u"human_agent"_s, true}}});
        QVERIFY(long7);
        QCOMPARE(long7->replyWindowHours, 168);
        QCOMPARE(long7->settings.value("page_id"_L1).toString(), kPage);
    }
};

ANTIPHON_TEST(PageInstagramTest)
#include "tst_pageinstagram.moc"
