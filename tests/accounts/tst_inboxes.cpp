#include "tests/accounts/accountsworld.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class InboxesTest : public QObject {
    Q_OBJECT
private slots:
    void pastedTokensMakeAnInbox()
    {
        AccountsWorld world;
        const demo::TokenPair tokens = world.platform.issueTokens(kBusiness);
        auto input = AccountsWorld::pasted(u' ' + kBusiness + u'\n', tokens.accessToken, tokens.refreshToken);
        input.name = u"Shop"_s;
        input.delivery = Inbox::Delivery::Both;
        input.settings->insert(u"greeting"_s, u"hi"_s);
        const auto inbox = world.create(input);
        QVERIFY2(inbox, inbox ? "" : qPrintable(describe(inbox.error())));
        QCOMPARE(inbox->name, u"Shop"_s);
        QCOMPARE(inbox->externalId, kBusiness);
        QCOMPARE(inbox->delivery, Inbox::Delivery::Both);
        QCOMPARE(inbox->settings.value(u"greeting"_s).toString(), u"hi"_s);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM change WHERE type LIKE 'inbox.%'"_s), 1);
        QCOMPARE(world.credentials(inbox->id)->accessToken, tokens.accessToken);
    }

    void withoutAPublicAddressItIsPolled()
    {
        AccountsWorld world({.publicUrl = {}});
        QCOMPARE(world.paste()->delivery, Inbox::Delivery::Poll);
    }

    void saysWhatIsMissing_data()
    {
        QTest::addColumn<QString>("account");
        QTest::addColumn<QString>("access");
        QTest::addColumn<QString>("refresh");
        QTest::addColumn<QString>("field");
        QTest::newRow("account") << u" "_s << u"a"_s << u"r"_s << u"business_id"_s;
        QTest::newRow("access token") << u"b"_s << QString() << u"r"_s << u"access_token"_s;
        QTest::newRow("refresh token") << u"b"_s << u"a"_s << QString() << u"refresh_token"_s;
        QTest::newRow("endless") << u"b"_s << QString(5000, u'a') << u"r"_s << u"access_token"_s;
        QTest::newRow("refused") << kBusiness << u"act.wrong"_s << u"r"_s << u"access_token"_s;
    }

    void saysWhatIsMissing()
    {
        QFETCH(QString, account);
        QFETCH(QString, access);
        QFETCH(QString, refresh);
        AccountsWorld world;
        const auto inbox = world.create(AccountsWorld::pasted(account, access, refresh));
        QVERIFY(!inbox);
        QCOMPARE(inbox.error().kind, Error::Kind::Invalid);
        QTEST(inbox.error().field, "field");
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 0);
    }

    void anAccountIsConnectedOnce()
    {
        AccountsWorld world;
        const demo::TokenPair tokens = world.platform.issueTokens(kBusiness);
        QList<Result<Inbox>> made;
        for (int i = 0; i < 2; ++i) {
            world.accounts->createInbox(Channel::Tiktok, AccountsWorld::pasted(kBusiness, tokens.accessToken, tokens.refreshToken),
                                        [&made](const Result<Inbox> &inbox) { made.append(inbox); });
        }
        QTRY_COMPARE(made.size(), 2);
        QCOMPARE(int(bool(made.at(0))) + int(bool(made.at(1))), 1);
        const auto third = world.paste();
        QVERIFY(!third);
        QCOMPARE(third.error().kind, Error::Kind::Conflict);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 1);
    }

    void aPlatformThatIsAwayRefusesNothing()
    {
        AccountsWorld world;
        const demo::TokenPair tokens = world.platform.issueTokens(kBusiness);
        const auto input = AccountsWorld::pasted(kBusiness, tokens.accessToken, tokens.refreshToken);
        world.platform.next(u"business/get"_s, {.httpStatus = 502, .garbageBody = "<html>"});
        QCOMPARE(world.create(input).error().kind, Error::Kind::Unavailable);
        world.platform.shutDown();
        QCOMPARE(world.create(input).error().kind, Error::Kind::Unavailable);
        QVERIFY(world.platform.listen());
        QVERIFY(world.create(input));
    }

    void newSecretsWakeAWaitingInbox()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QVERIFY(inbox);
        world.accounts->tokens().requireOwner(inbox->id, u"token_rejected"_s);
        QTRY_VERIFY(world.state(inbox->id).startsWith(u"reauth"));
        QVERIFY(!world.update(inbox->id, {.secrets = QJsonObject{{u"access_token"_s, u"act.wrong"_s}}}));
        QVERIFY(world.state(inbox->id).startsWith(u"reauth"));
        const demo::TokenPair tokens = world.platform.issueTokens(kBusiness);
        QSignalSpy connected(world.accounts.get(), &Accounts::inboxConnected);
        const auto updated = world.update(
            inbox->id, {.name = u"New"_s, .secrets = QJsonObject{{u"access_token"_s, tokens.accessToken}, {u"refresh_token"_s, tokens.refreshToken}}});
        QVERIFY(updated);
        QCOMPARE(updated->name, u"New"_s);
        QCOMPARE(world.state(inbox->id), u"active"_s);
        QCOMPARE(connected.size(), 1);
        QCOMPARE(world.credentials(inbox->id)->accessToken, tokens.accessToken);
    }

    void switchingOnIsNoConsent()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QVERIFY(inbox);
        world.accounts->tokens().requireOwner(inbox->id, u"token_rejected"_s);
        const QString waiting = u"reauthorization_required:token_rejected"_s;
        QTRY_COMPARE(world.state(inbox->id), waiting);
        QVERIFY(world.update(inbox->id, {.state = Inbox::State::Active}));
        QCOMPARE(world.state(inbox->id), waiting);
        QVERIFY(world.update(inbox->id, {.state = Inbox::State::Disabled}));
        QCOMPARE(world.update(inbox->id, {.state = Inbox::State::Active})->state, Inbox::State::ReauthorizationRequired);
        QCOMPARE(world.state(inbox->id), waiting);
        QCOMPARE(world.credentials(inbox->id).error().kind, Error::Kind::Unauthorized);
    }

    void whatThePlatformSaysIsNotTheAgents()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QVERIFY(inbox);
        const auto moved = world.update(inbox->id, {.settings = QJsonObject{{u"business_id"_s, kOtherBusiness}}});
        QVERIFY(!moved);
        QCOMPARE(moved.error().field, u"business_id"_s);
        QCOMPARE(world.update(inbox->id, {.settings = QJsonObject{{u"x"_s, QString(20'000, u'a')}}}).error().field, u"settings"_s);
        QVERIFY(world.update(inbox->id, {.settings = QJsonObject{{u"business_id"_s, kBusiness}, {u"greeting"_s, u"hi"_s}}}));
        QCOMPARE(world.update(InboxId(99), {.name = u"x"_s}).error().kind, Error::Kind::NotFound);
    }

    void twoChangesOfTheAppLoseNothing()
    {
        AccountsWorld world({.isReady = false});
        world.unlock();
        int ended = 0;
        const auto count = [&ended](const Result<QJsonObject> &app) { ended += app ? 1 : 0; };
        world.accounts->setApp(Channel::Tiktok, {}, {{u"app_secret"_s, u"s3cret"_s}}, count);
        world.accounts->setApp(Channel::Tiktok, {{u"app_id"_s, u"77"_s}}, {}, count);
        QTRY_COMPARE(ended, 2);
        world.begin();
        world.unlock();
        QCOMPARE(world.accounts->tokens().app(Channel::Tiktok)->appId, u"77"_s);
        QCOMPARE(world.accounts->tokens().app(Channel::Tiktok)->appSecret, u"s3cret"_s);
        const auto refused = AccountsWorld::ask<QJsonObject>([&](auto done) { world.accounts->setApp(Channel::Tiktok, {{u"id"_s, u"1"_s}}, {}, done); });
        QCOMPARE(refused.error().field, u"id"_s);
    }

    void deletingGivesTheConsentBackAndFreesTheAccount()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QVERIFY(inbox);
        fill(world, inbox->id, 1500);
        const qint64 before = world.store.writer().stats().closures;
        QVERIFY(world.remove(inbox->id));
        QTRY_COMPARE(world.platform.count(u"tt_user/oauth2/revoke"_s), 1);
        QCOMPARE(world.credentials(inbox->id).error().kind, Error::Kind::NotFound);
        const auto again = world.paste();
        QVERIFY(again);
        QTRY_COMPARE(world.store.integer(u"SELECT COUNT(*) FROM message"_s), 0);
        QTRY_COMPARE(world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 1);
        QVERIFY2(world.store.writer().stats().closures - before >= 8, "it was no deletion in slices");
        for (const QString &table : {u"event"_s, u"contact"_s, u"contact_inbox"_s, u"conversation"_s, u"tombstone"_s})
            QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM "_s + table), 0);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM secret WHERE name LIKE 'inbox:%'"_s), 2);   // of the new one
        QCOMPARE(world.remove(inbox->id).error().kind, Error::Kind::NotFound);
    }

    void deletingLeavesItsFilesToTheCollector()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QVERIFY(inbox);
        fill(world, inbox->id, 2);
        world.store.run(u"INSERT INTO attachment (id, message_id, position, kind, state, blob_sha256, created_at)"
                        " SELECT 901, min(id), 0, 'image', 'ready', x'01', 5 FROM message;"
                        " INSERT INTO attachment (id, message_id, position, kind, state, created_at) SELECT 902, min(id), 1, 'image', 'pending', 5 FROM message;"
                        " INSERT INTO attachment (id, kind, state, blob_sha256, created_at) VALUES (903, 'image', 'ready', x'03', 5), (904, 'image', 'ready', x'04', 5),"
                        " (905, 'image', 'ready', x'05', 5);"
                        " INSERT INTO contact (id, name, avatar_id, created_at) VALUES (2, 'Noa', 905, 1);"
                        " UPDATE contact SET avatar_id = 903 WHERE id = 1; UPDATE inbox SET avatar_id = 904;"_s);
        QVERIFY(world.remove(inbox->id));
        QTRY_COMPARE(world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 0);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM attachment WHERE id IN (901, 903, 904) AND message_id IS NULL AND agent_id IS NOT NULL"
                                     " AND state = 'failed' AND created_at = 0"_s), 3);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM attachment WHERE id = 902"_s), 0);   // no file, no row
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM attachment WHERE id = 905 AND agent_id IS NULL AND state = 'ready'"_s), 1);   // another's
    }

    void aStopInterruptsNoDeletion()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QVERIFY(inbox);
        fill(world, inbox->id, 300);
        world.accounts.reset();
        world.store.run(u"UPDATE inbox SET deleted_at = 1, state = 'disabled', external_id = 'gone'"_s);
        QVERIFY(world.store.reopen(false));
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM message"_s), 300);
        world.begin();
        world.unlock();
        QTRY_COMPARE(world.store.integer(u"SELECT COUNT(*) FROM inbox"_s), 0);
        QCOMPARE(world.store.integer(u"SELECT COUNT(*) FROM message"_s), 0);
    }

    void lockedSecretsDelayWhatNeedsThem()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QVERIFY(inbox);
        world.secrets.lockNow(u"keychain"_s);
        world.begin();
        const auto kind = [](const auto &result) { return result ? Error::Kind::Storage : result.error().kind; };
        const auto locked = Error::Kind::Unavailable;
        QCOMPARE(kind(world.accounts->tokens().app(Channel::Tiktok)), locked);
        QCOMPARE(kind(world.credentials(inbox->id)), locked);
        QCOMPARE(kind(world.renew(inbox->id, u"act.1"_s)), locked);
        QCOMPARE(kind(world.enterApp()), locked);
        QCOMPARE(kind(world.paste(kOtherBusiness)), locked);
        QCOMPARE(kind(world.consent(inbox->id)), locked);
        QCOMPARE(kind(world.finish(QUrl(u"https://desk.example/tiktok/callback?state=x&code=y"_s))), locked);
        QCOMPARE(kind(world.remove(inbox->id)), locked);
        QCOMPARE(kind(world.update(inbox->id, {.secrets = QJsonObject{{u"access_token"_s, u"a"_s}}})), locked);
        QVERIFY(world.update(inbox->id, {.name = u"Renamed"_s}));
        QVERIFY(!world.check(inbox->id).value(u"credentials"_s).ok);
    }

    void aKeyThatIsLostLeavesNothingButSaysSo()
    {
        AccountsWorld world;
        const auto inbox = world.paste();
        QVERIFY(inbox);
        world.secrets.lockNow(u"keychain"_s);   // this store makes a new key when it is opened again
        world.begin();
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"secrets can't be opened"_s));
        world.unlock();
        QVERIFY(world.accounts->tokens().app(Channel::Tiktok)->appSecret.isEmpty());
        QTRY_COMPARE(world.state(inbox->id), u"reauthorization_required:credentials_lost"_s);
        QCOMPARE(world.credentials(inbox->id).error().kind, Error::Kind::Unauthorized);
        QVERIFY(world.enterApp());
        QVERIFY(world.connect(inbox->id));
        QVERIFY(world.credentials(inbox->id));
        QCOMPARE(world.state(inbox->id), u"active"_s);
    }

private:
    /// A conversation with messages, and the events they came by.
    static void fill(AccountsWorld &world, InboxId inbox, int messages)
    {
        const QString id = inbox.toString();
        world.store.run(u"INSERT INTO contact (id, name, created_at) VALUES (1, 'Mia', 1);"
                        " INSERT INTO contact_inbox (id, inbox_id, contact_id, source_id, created_at) VALUES (1, %1, 1, 'c', 1);"
                        " INSERT INTO contact_inbox_alias (inbox_id, alias, contact_inbox_id) VALUES (%1, 'd', 1);"
                        " INSERT INTO conversation (id, inbox_id, contact_id, contact_inbox_id, status, last_activity_at, created_at)"
                        " VALUES (1, %1, 1, 1, 'open', 1, 1);"
                        " INSERT INTO tombstone (inbox_id, dedupe_key, at) VALUES (%1, 'k', 1);"_s.arg(id));
        world.store.run(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %2)"
                        " INSERT INTO message (conversation_id, inbox_id, direction, sender_type, created_at, received_at, updated_at)"
                        " SELECT 1, %1, 'incoming', 'contact', i, i, i FROM n;"
                        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %2)"
                        " INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, state)"
                        " SELECT 1, %1, 'l', 'k' || i, 'message', i, 'done' FROM n;"_s.arg(id).arg(messages));
    }
};

ANTIPHON_TEST(InboxesTest)
#include "tst_inboxes.moc"
