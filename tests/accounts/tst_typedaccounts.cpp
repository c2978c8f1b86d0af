#include "tests/accounts/fakeaccounts.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class TypedAccountsTest : public QObject {
    Q_OBJECT
private slots:
    void whatWasTypedIsTriedAndKept()
    {
        FakeMetaWorld meta;
        meta.platform->profile = {.displayName = u"Lantern Books"_s, .account = u"200"_s, .settings = {{u"coexistence"_s, true}}};
        auto input = FakeMetaWorld::number();
        input.settings->insert(u"human_agent"_s, true);
        const auto inbox = meta.create(input);
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QCOMPARE(inbox->channel, Channel::Whatsapp);
        QCOMPARE(inbox->name, u"Lantern Books"_s);
        QCOMPARE(inbox->externalId, u"200"_s);
        QCOMPARE(inbox->settings.value("phone_number"_L1).toString(), u"+15550100001"_s);
        QCOMPARE(inbox->settings.value("phone_number_id"_L1).toString(), u"200"_s);
        QVERIFY(inbox->settings.value("coexistence"_L1).toBool());
        QCOMPARE(inbox->replyWindowHours, 168);
        QCOMPARE(meta.platform->asked.constFirst().appSecret, u"planted-app-secret-1"_s);
        QCOMPARE(meta.platform->asked.constFirst().settings.value("business_account_id"_L1).toString(), u"100"_s);

        const QString word = meta.word(inbox->id);
        QVERIFY(QRegularExpression(u"^[0-9a-f]{32}$"_s).match(word).hasMatch());
        for (const QByteArray &secret : {QByteArray("EAAG-planted-token-1"), QByteArray("planted-app-secret-1"), word.toLatin1()})
            QVERIFY(!meta.world.isOnDisk(secret));
        meta.world.begin();
        meta.world.unlock();
        QCOMPARE(meta.word(inbox->id), word);
        const auto credentials = meta.world.credentials(inbox->id);
        QVERIFY(credentials);
        QCOMPARE(credentials->accessToken, u"EAAG-planted-token-1"_s);
        QCOMPARE(credentials->appSecret, u"planted-app-secret-1"_s);
        QCOMPARE(credentials->verifyToken, word);
        QCOMPARE(credentials->settings.value("phone_number"_L1).toString(), u"+15550100001"_s);
    }

    void theApplicationsSecretServesWhereTheInboxHasNone()
    {
        FakeMetaWorld meta;
        auto input = FakeMetaWorld::number();
        input.secrets->remove(u"app_secret"_s);
        QCOMPARE(meta.create(input).error().field, u"app_secret"_s);
        QVERIFY(meta.enterApp({{u"app_secret"_s, u"of-the-app"_s}}));
        const auto inbox = meta.create(input);
        QVERIFY(inbox);
        QCOMPARE(meta.world.credentials(inbox->id)->appSecret, u"of-the-app"_s);
        QCOMPARE(meta.world.credentials(inbox->id)->appId, u"9"_s);
        const auto signers = [&](const QString &number) {
            return meta.world.accounts->tokens().signers(Channel::Whatsapp, {.apps = {Channel::Whatsapp}, .inboxSetting = u"phone_number"_s, .inboxValue = number});
        };
        QCOMPARE(signers(u"+15550100001"_s)->candidates.size(), 2);
        QVERIFY(signers(u"+15550100001"_s)->isKnown);
        QVERIFY(!signers(u"+15550100002"_s)->isKnown);
        QVERIFY(signers(u"+15550100002"_s)->haveSecret());   // the application's
        meta.world.secrets.lockNow(u"keychain"_s);
        meta.world.begin();
        QCOMPARE(signers(u"+15550100001"_s).error().kind, Error::Kind::Unavailable);
    }

    void saysWhatIsMissingOrCannotBe_data()
    {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("value");
        QTest::newRow("phone_number") << u"settings"_s << QString();
        QTest::newRow("phone_number_id") << u"settings"_s << QString();
        QTest::newRow("business_account_id") << u"settings"_s << u"10/../me"_s;
        QTest::newRow("phone_number") << u"settings"_s << u"12"_s;
        QTest::newRow("phone_number") << u"settings"_s << u"call me"_s;
        QTest::newRow("access_token") << u"secrets"_s << QString();
        QTest::newRow("verify_token") << u"secrets"_s << u" "_s;
        QTest::newRow("password") << u"secrets"_s << u"x"_s;
        QTest::newRow("human_agent") << u"settings"_s << u"yes"_s;
    }

    void saysWhatIsMissingOrCannotBe()
    {
        QFETCH(QString, place);
        QFETCH(QString, value);
        const QString field = QString::fromLatin1(QTest::currentDataTag());
        FakeMetaWorld meta;
        auto input = FakeMetaWorld::number();
        QJsonObject &object = place == u"settings" ? *input.settings : *input.secrets;
        if (value.isEmpty())
            object.remove(field);
        else
            object.insert(field, value);
        const auto inbox = meta.create(input);
        QVERIFY(!inbox);
        QCOMPARE(inbox.error().kind, Error::Kind::Invalid);
        QCOMPARE(inbox.error().field, field);
        QVERIFY(meta.platform->asked.isEmpty());
    }

    void thePlatformsNoNamesTheField_data()
    {
        QTest::addColumn<Error::Kind>("said");
        QTest::addColumn<QString>("of");
        QTest::addColumn<Error::Kind>("kind");
        QTest::addColumn<QString>("field");
        QTest::newRow("the token") << Error::Kind::Unauthorized << QString() << Error::Kind::Invalid << u"access_token"_s;
        QTest::newRow("the account's id") << Error::Kind::Invalid << u"phone_number_id"_s << Error::Kind::Invalid << u"phone_number_id"_s;
        QTest::newRow("another setting") << Error::Kind::Invalid << u"business_account_id"_s << Error::Kind::Invalid << u"business_account_id"_s;
        QTest::newRow("what need not be there") << Error::Kind::Invalid << u"api_url"_s << Error::Kind::Invalid << u"api_url"_s;
        QTest::newRow("a field of nobody's") << Error::Kind::NotFound << u"whatever"_s << Error::Kind::Invalid << u"access_token"_s;
        QTest::newRow("away") << Error::Kind::Network << QString() << Error::Kind::Unavailable << QString();
    }

    void thePlatformsNoNamesTheField()
    {
        QFETCH(Error::Kind, said);
        QFETCH(QString, of);
        FakeMetaWorld meta;
        meta.platform->refusal = Error{said, u"no"_s, of};
        const auto inbox = meta.create();
        QVERIFY(!inbox);
        QTEST(inbox.error().kind, "kind");
        QTEST(inbox.error().field, "field");
        QCOMPARE(meta.world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 0);
        QCOMPARE(meta.world.store.integer(u"SELECT COUNT(*) FROM secret WHERE name LIKE 'inbox:%'"_s), 0);
    }

    void credentialsOfAnotherAccountAreRefused()
    {
        FakeMetaWorld meta;
        meta.platform->profile.account = u"201"_s;
        QCOMPARE(meta.create().error().field, u"phone_number_id"_s);
    }

    void anAccountAndANumberAreConnectedOnce()
    {
        FakeMetaWorld meta;
        QVERIFY(meta.create());
        const auto same = meta.create(FakeMetaWorld::number(u"+15550100002"_s));
        QCOMPARE(same.error().kind, Error::Kind::Conflict);
        QCOMPARE(same.error().field, u"phone_number_id"_s);
        const auto number = meta.create(FakeMetaWorld::number(u"15550100001"_s, u"201"_s));
        QCOMPARE(number.error().kind, Error::Kind::Conflict);
        QCOMPARE(number.error().field, u"phone_number"_s);
        QVERIFY(meta.create(FakeMetaWorld::number(u"+15550100002"_s, u"201"_s)));
        QCOMPARE(meta.world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 2);
    }

    void anAccountThatOnlyThePlatformNamesIsFound()
    {
        FakeMetaWorld meta(Channel::Instagram);
        meta.platform->profile = {.username = u"lantern"_s, .account = u"1784"_s};
        const auto inbox = meta.create({.secrets = QJsonObject{{u"access_token"_s, u"IG"_s}}});
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QCOMPARE(inbox->externalId, u"1784"_s);
        QCOMPARE(inbox->settings.value("instagram_id"_L1).toString(), u"1784"_s);
        QCOMPARE(inbox->name, u"lantern"_s);
        QCOMPARE(meta.create({.secrets = QJsonObject{{u"access_token"_s, u"IG"_s}}}).error().kind, Error::Kind::Conflict);
    }

    void newSecretsWakeAWaitingInboxAndKeepTheRest()
    {
        FakeMetaWorld meta;
        const auto inbox = meta.create();
        QVERIFY(inbox);
        const QString word = meta.word(inbox->id);
        meta.world.accounts->tokens().requireOwner(inbox->id, u"token_rejected"_s);
        QTRY_VERIFY(meta.world.state(inbox->id).startsWith(u"reauth"));
        meta.platform->refusal = Error{Error::Kind::Unauthorized, u"expired"_s};
        QCOMPARE(meta.world.update(inbox->id, {.secrets = QJsonObject{{u"access_token"_s, u"bad"_s}}}).error().field, u"access_token"_s);
        QCOMPARE(meta.world.update(inbox->id, {.secrets = QJsonObject{{u"page_access_token"_s, u"bad"_s}}}).error().field, u"page_access_token"_s);
        meta.platform->refusal.reset();
        QVERIFY(meta.world.update(inbox->id, {.secrets = QJsonObject{{u"access_token"_s, u"EAAG-2"_s}}}));
        QCOMPARE(meta.world.state(inbox->id), u"active"_s);
        const auto after = meta.world.credentials(inbox->id);
        QVERIFY(after);
        QCOMPARE(after->accessToken, u"EAAG-2"_s);
        QCOMPARE(after->appSecret, u"planted-app-secret-1"_s);
        QCOMPARE(meta.word(inbox->id), word);
        meta.world.begin();
        meta.world.unlock();
        QCOMPARE(meta.world.credentials(inbox->id)->appSecret, u"planted-app-secret-1"_s);
    }

    void theWindowFollowsItsSetting()
    {
        FakeMetaWorld meta;
        const auto inbox = meta.create();
        QVERIFY(inbox);
        QCOMPARE(inbox->replyWindowHours, 24);
        QCOMPARE(meta.world.update(inbox->id, {.settings = QJsonObject{{u"human_agent"_s, true}}})->replyWindowHours, 168);
        QVERIFY(meta.world.credentials(inbox->id)->settings.value("human_agent"_L1).toBool());
        QCOMPARE(meta.world.update(inbox->id, {.settings = QJsonObject{{u"human_agent"_s, 1}}}).error().field, u"human_agent"_s);
        QCOMPARE(meta.world.update(inbox->id, {.settings = QJsonObject{{u"human_agent"_s, QJsonValue::Null}}})->replyWindowHours, 24);
        QCOMPARE(meta.world.update(inbox->id, {.settings = QJsonObject{{u"phone_number"_s, u"+15550100009"_s}}}).error().field, u"phone_number"_s);
    }

    void theSharedAddressesWordIsMadeWhereNoneIsThere()
    {
        FakeMetaWorld meta(Channel::Messenger);
        QCOMPARE(meta.word({}), QString());
        const auto app = meta.enterApp({{u"app_secret"_s, u"s"_s}});
        QVERIFY(app);
        QCOMPARE(app->value("secrets_set"_L1).toArray(), (QJsonArray{u"app_secret"_s, u"verify_token"_s}));
        const QString word = meta.word({});
        QCOMPARE(word.size(), 32);
        QVERIFY(meta.enterApp({{u"app_secret"_s, u"t"_s}}));
        QCOMPARE(meta.word({}), word);
        QVERIFY(meta.enterApp({{u"verify_token"_s, u"our-own-word"_s}}));
        QCOMPARE(meta.word({}), u"our-own-word"_s);
        QCOMPARE(AccountsWorld::ask<QString>([&](auto done) { meta.world.accounts->verifyToken(Channel::Messenger, InboxId(9), done); }).error().kind,
                 Error::Kind::NotFound);
    }

    void aDeletedNumberIsRememberedWithoutItsSecrets()
    {
        FakeMetaWorld meta;
        const auto first = meta.create();
        const auto second = meta.create(FakeMetaWorld::number(u"+15550100002"_s, u"201"_s));
        QVERIFY(first && second);
        QTRY_COMPARE(meta.platform->subscribed.size(), 2);
        QVERIFY(meta.world.remove(first->id));
        QVERIFY(meta.world.remove(second->id));
        QTRY_COMPARE(meta.platform->withdrawn, QList<QUrl>{QUrl(u"https://desk.example/webhooks/whatsapp/+15550100002"_s)});      // which stood there
        QCOMPARE(meta.unsubscribed(), 0);     // it names no number
        const QString remembered = meta.world.store.text(u"SELECT value FROM setting WHERE key = 'accounts.deleted'"_s).value_or(QString());
        QVERIFY2(remembered.contains(u"+15550100001"_s) && remembered.contains(u"+15550100002"_s), qPrintable(remembered));
        QVERIFY(!meta.world.isOnDisk("planted-app-secret-1"));
        QTRY_COMPARE(meta.world.store.integer(u"SELECT COUNT(*) FROM secret WHERE name LIKE 'inbox:%'"_s), 0);
        QVERIFY(meta.create());
    }
};

ANTIPHON_TEST(TypedAccountsTest)
#include "tst_typedaccounts.moc"
