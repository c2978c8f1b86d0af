#include "app/demo/simulatedinstagram.h"
#include "app/demo/simulatedmessenger.h"
#include "app/demo/simulatedwhatsapp.h"
#include "core/channels/instagram/instagramaccounts.h"
#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/messenger/messengeraccounts.h"
#include "core/channels/messenger/messengeradapter.h"
#include "core/channels/whatsapp/whatsappaccounts.h"
#include "core/channels/whatsapp/whatsappadapter.h"
#include "tests/accounts/accountsworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// The way in as far as handshakes go, at a public address.
class Door {
public:
    Door()
        : http(clock, [this](const demo::SimulatedHttp::Request &request, const demo::SimulatedHttp::Answer &answer) {
            const RawWebhook hook{.method = "GET", .path = QByteArray::fromPercentEncoding(request.path), .query = request.rawQuery};
            const WhatsappAdapter adapter;
            const auto signers = accounts ? accounts->tokens().signers(Channel::Whatsapp, adapter.webhookKeys(hook)) : Result<WebhookSigners>(WebhookSigners());
            const HandshakeReply reply = signers ? adapter.handshake(hook, signers->candidates) : HandshakeReply{.status = 503};
            answer({.status = reply.status, .contentType = "text/plain", .body = reply.body});
        })
    {
        if (!http.listen())
            qFatal("the door does not listen");
    }
    FakeClock clock{};
    Accounts *accounts = nullptr;
    demo::SimulatedHttp http;
};

} // namespace

/// The real adapters against the simulated platforms, over real HTTP.
class MetaAccountsTest : public QObject {
    Q_OBJECT
private slots:
    void aWhatsappNumberGetsItsOwnAddress()
    {
        Door door;
        FakeClock clock;
        FakeRandom random;
        demo::SimulatedWhatsapp platform({}, clock, random);
        AccountsWorld world({.publicUrl = door.http.url()});
        prepare(world, platform, Channel::Whatsapp, std::make_unique<WhatsappAdapter>(), std::make_unique<WhatsappAccounts>());
        door.accounts = world.accounts.get();
        const auto input = [&platform](const QString &token) {
            return AccountsService::InboxInput{.settings = QJsonObject{{u"phone_number"_s, u"+15550100001"_s},
                                                                       {u"phone_number_id"_s, platform.number().id},
                                                                       {u"business_account_id"_s, platform.number().accountId}},
                                               .secrets = QJsonObject{{u"access_token"_s, token}, {u"app_secret"_s, platform.app().appSecret}}};
        };
        const auto refused = create(world, Channel::Whatsapp, input(u"EAAG-wrong"_s));
        QVERIFY(!refused);
        QCOMPARE(refused.error().field, u"access_token"_s);
        auto stranger = input(platform.issueToken());
        stranger.settings->insert(u"phone_number"_s, u"+15550100099"_s);
        QCOMPARE(create(world, Channel::Whatsapp, stranger).error().field, u"phone_number"_s);
        stranger = input(platform.issueToken());
        stranger.settings->insert(u"phone_number_id"_s, u"299999999999999"_s);
        QCOMPARE(create(world, Channel::Whatsapp, stranger).error().field, u"phone_number_id"_s);

        const auto inbox = create(world, Channel::Whatsapp, input(platform.issueToken()));
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QCOMPARE(inbox->name, u"Lantern Books"_s);
        QCOMPARE(inbox->replyWindowHours, 24);
        QTRY_VERIFY(world.check(inbox->id).value(u"subscription"_s).ok);
        QVERIFY(platform.count(u"POST number"_s) >= 1);
        QVERIFY(world.check(inbox->id).value(u"credentials"_s).ok);
        QCOMPARE(create(world, Channel::Whatsapp, input(platform.issueToken())).error().kind, Error::Kind::Conflict);

        platform.revokeTokens();
        const QString token = world.credentials(inbox->id)->accessToken;
        QVERIFY(!world.renew(inbox->id, token));
        QTRY_COMPARE(world.state(inbox->id), u"reauthorization_required:token_rejected"_s);
        QVERIFY(world.update(inbox->id, {.secrets = QJsonObject{{u"access_token"_s, platform.issueToken()}}}));
        QCOMPARE(world.state(inbox->id), u"active"_s);
        const int posts = platform.count(u"POST number"_s);
        QVERIFY(world.remove(inbox->id));
        QTRY_COMPARE(platform.count(u"POST number"_s), posts + 1);            // its own address is out
        QCOMPARE(platform.count(u"DELETE subscribed_apps"_s), 0);
    }

    void aPageIsConnectedByItsToken()
    {
        FakeClock clock;
        FakeRandom random;
        demo::SimulatedMessenger platform({}, clock, random);
        AccountsWorld world;
        prepare(world, platform, Channel::Messenger, std::make_unique<MessengerAdapter>(), std::make_unique<MessengerAccounts>());
        QVERIFY(enterApp(world, Channel::Messenger, platform.app()));
        const auto input = [](const QString &page, const QString &token) {
            return AccountsService::InboxInput{.settings = QJsonObject{{u"page_id"_s, page}}, .secrets = QJsonObject{{u"page_access_token"_s, token}}};
        };
        QCOMPARE(create(world, Channel::Messenger, input(u"300000000000001"_s, u"EA-wrong"_s)).error().field, u"page_access_token"_s);
        const auto inbox = create(world, Channel::Messenger, input(u"300000000000001"_s, platform.issueToken()));
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QCOMPARE(inbox->externalId, u"300000000000001"_s);
        QTRY_COMPARE(platform.count(u"POST subscribed_apps"_s), 1);
        const auto line = world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(line.ok, qPrintable(line.detail));
        const auto page = AccountsWorld::ask<QUrl>([&](auto done) { world.accounts->authorize(Channel::Messenger, {}, done); });
        QCOMPARE(page.error().kind, Error::Kind::Invalid);
        QCOMPARE(page.error().field, u"channel"_s);
    }

    void instagramIsConnectedByConsent()
    {
        Instagram instagram;
        const auto inbox = instagram.connect();
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QCOMPARE(inbox->externalId, u"17840000000000001"_s);
        QCOMPARE(inbox->settings.value("instagram_id"_L1).toString(), u"17840000000000001"_s);
        QCOMPARE(inbox->settings.value("username"_L1).toString(), u"lantern.books"_s);
        QCOMPARE(inbox->name, u"lantern.books"_s);                   // not "Lantern Books", which any account may be called
        QTRY_COMPARE(instagram.platform.count(u"POST subscribed_apps"_s), 1);
        QVERIFY(instagram.world.store.integer(u"SELECT token_expires_at - token_issued_at FROM inbox"_s) > 5'000'000'000);

        const QString before = instagram.world.credentials(inbox->id)->accessToken;
        const auto again = instagram.connect();   // the same account once more
        QVERIFY(again);
        QCOMPARE(again->id, inbox->id);
        QVERIFY(instagram.world.credentials(inbox->id)->accessToken != before);
        QCOMPARE(instagram.world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 1);
    }

    void instagramIsConnectedByAToken()
    {
        Instagram instagram;
        const auto typed = [&instagram](const QJsonObject &settings, const QString &token) {
            return create(instagram.world, Channel::Instagram, {.settings = settings, .secrets = QJsonObject{{u"access_token"_s, token}}});
        };
        const QString token = instagram.platform.issueToken();
        QCOMPARE(typed({}, u"IG-wrong"_s).error().field, u"access_token"_s);
        QCOMPARE(typed({{u"instagram_id"_s, u"17840000000000002"_s}}, token).error().field, u"instagram_id"_s);
        const auto inbox = typed({}, token);   // it says whose it is
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QCOMPARE(inbox->externalId, u"17840000000000001"_s);
        QCOMPARE(typed({}, token).error().kind, Error::Kind::Conflict);
    }

    void aTailOfTheCodeIsCut()
    {
        Instagram instagram;
        const auto callback = instagram.consent();
        QVERIFY(callback);
        QByteArray query = callback->query(QUrl::FullyEncoded).toLatin1();
        query.replace("&state=", "%23_&state=");
        const auto page = instagram.world.openCallback(query, Channel::Instagram);
        QVERIFY(page);
        QVERIFY2(page->status == 200 && page->title == u"Connected", qPrintable(page->text));
    }

    void saysWhyNothingWasConnected_data()
    {
        QTest::addColumn<int>("how");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("words");
        QTest::newRow("refused") << 0 << 200 << u"cancelled: The user denied your request."_s;
        QTest::newRow("the app isn't live") << 1 << 200 << u"not live yet"_s;
        QTest::newRow("a permission is withheld") << 2 << 400 << u"instagram_business_manage_messages"_s;
        QTest::newRow("too late") << 3 << 400 << QString();
        QTest::newRow("twice") << 4 << 400 << u"used already"_s;
        QTest::newRow("markup") << 5 << 200 << u"<script>"_s;   // the page escapes it
    }

    void saysWhyNothingWasConnected()
    {
        QFETCH(int, how);
        QFETCH(int, status);
        QFETCH(QString, words);
        Instagram instagram;
        instagram.platform.consentNext({.isDenied = how == 0 || how == 5,
                                        .isUnfit = how == 1,
                                        .withheld = how == 2 ? QStringList{u"instagram_business_manage_messages"_s} : QStringList()});
        const auto callback = instagram.consent();
        QVERIFY2(callback, callback ? "" : qPrintable(describe(callback.error())));
        QByteArray query = callback->query(QUrl::FullyEncoded).toLatin1();
        if (how == 3)
            instagram.world.store.clock().advance(11min + 1s);
        if (how == 4)
            QVERIFY(instagram.world.openCallback(query, Channel::Instagram));
        if (how == 5)
            query.replace("The+user", "%3Cscript%3E");
        const int before = int(instagram.world.store.integer(u"SELECT COUNT(*) FROM inbox"_s).value_or(-1));
        const auto page = instagram.world.openCallback(query, Channel::Instagram);
        QVERIFY(page);
        QCOMPARE(page->status, status);
        QCOMPARE(page->title, u"Not connected"_s);
        QVERIFY2(page->text.contains(words), qPrintable(page->text));
        QCOMPARE(instagram.world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), before);
    }

    void anotherAccountIsNotTakenForTheOneToReconnect()
    {
        Instagram instagram;
        const auto inbox = instagram.connect();
        QVERIFY(inbox);
        instagram.platform.consentNext({.account = 1});
        const auto other = instagram.connect(inbox->id);
        QVERIFY(!other);
        QCOMPARE(other.error().kind, Error::Kind::Conflict);
        QVERIFY2(other.error().detail.contains(u"other.shop"_s), qPrintable(other.error().detail));
        QVERIFY(instagram.connect(inbox->id));
    }

private:
    static void prepare(AccountsWorld &world, demo::SimulatedGraph &platform, Channel channel, std::unique_ptr<ChannelAdapter> adapter,
                        std::unique_ptr<AccountAdapter> accounts)
    {
        world.channels.add(std::move(adapter), std::move(accounts));
        if (!platform.listen() || !world.channels.overrideApi(channel, platform.apiUrl()))
            qFatal("the simulated platform does not listen");
    }

    static Result<Inbox> create(AccountsWorld &world, Channel channel, const AccountsService::InboxInput &input)
    {
        return AccountsWorld::ask<Inbox>([&](auto done) { world.accounts->createInbox(channel, input, done); });
    }

    static Result<QJsonObject> enterApp(AccountsWorld &world, Channel channel, const demo::GraphApp &app)
    {
        return AccountsWorld::ask<QJsonObject>(
            [&](auto done) { world.accounts->setApp(channel, {{u"app_id"_s, app.appId}}, {{u"app_secret"_s, app.appSecret}}, done); });
    }

    /// A workspace that speaks Instagram, with two accounts to connect.
    struct Instagram {
        Instagram()
            : platform(twoAccounts(), world.store.clock(), random)
        {
            world.channels.add(std::make_unique<InstagramAdapter>(), std::make_unique<InstagramAccounts>());
            const bool isUp = platform.listen() && world.channels.overrideApi(Channel::Instagram, platform.apiUrl())
                && world.channels.overrideWeb(Channel::Instagram, platform.oauthUrl()) && enterApp(world, Channel::Instagram, platform.app());
            if (!isUp)
                qFatal("the simulated platform is not ready");
        }

        static demo::InstagramOptions twoAccounts()
        {
            demo::InstagramOptions options;
            options.accounts.append({.id = u"17840000000000002"_s, .scopedId = u"9900000000000002"_s, .name = u"Other"_s, .username = u"other.shop"_s});
            return options;
        }

        Result<QUrl> consent(InboxId inbox = {})
        {
            const auto page = AccountsWorld::ask<QUrl>([&](auto done) { world.accounts->authorize(Channel::Instagram, inbox, done); });
            if (!page)
                return page;
            const auto reply = AccountsWorld::ask<HttpReply>([&](auto done) { world.http.send({.url = *page}, [done](const HttpReply &answer) { done(answer); }); });
            if (!reply || reply->status != 302)
                return Error{Error::Kind::BadPayload, u"the consent page answered %1"_s.arg(reply ? reply->status : -1)};
            return QUrl::fromEncoded(reply->header("location"), QUrl::StrictMode);
        }

        Result<Inbox> connect(InboxId inbox = {})
        {
            const auto callback = consent(inbox);
            return callback ? world.finish(*callback) : Result<Inbox>(callback.error());
        }

        AccountsWorld world{};
        FakeRandom random{};
        demo::SimulatedInstagram platform;
    };
};

ANTIPHON_TEST(MetaAccountsTest)
#include "tst_metaaccounts.moc"
