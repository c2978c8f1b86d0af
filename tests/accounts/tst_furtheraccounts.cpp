#include "tests/accounts/typedinputs.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// Accounts that are typed, sign by a secret of their own and may be fetched: bots, LINE's channels, Twilio's senders.
class FurtherAccountsTest : public QObject {
    Q_OBJECT
private slots:
    void aBotIsKnownByItsTokenAlone()
    {
        FakeMetaWorld bots(Channel::Telegram);
        bots.platform->profile = {.username = u"lantern_bot"_s, .displayName = u"Lantern"_s, .account = u"7000000001"_s, .settings = {{u"bot_id"_s, u"7000000001"_s}}};
        const auto inbox = bots.create(bot());
        QVERIFY2(inbox, qPrintable(said(inbox)));
        QCOMPARE(inbox->externalId, u"7000000001"_s);
        QCOMPARE(inbox->delivery, Inbox::Delivery::Webhook);
        const auto credentials = bots.world.credentials(inbox->id);
        QVERIFY(QRegularExpression(u"^[A-Za-z0-9_-]{43}$"_s).match(credentials->appSecret).hasMatch());
        QCOMPARE(credentials->inbox, inbox->id);
        QTRY_COMPARE(bots.platform->subscribed, QList<QUrl>{QUrl(u"https://desk.example/webhooks/telegram/%1"_s.arg(inbox->id.value()))});
        QCOMPARE(bots.platform->subscribedWith.constLast().appSecret, credentials->appSecret);
        for (const QString &secret : {kBotToken, credentials->appSecret})
            QVERIFY(!bots.world.isOnDisk(secret.toLatin1()));

        const auto signers = bots.world.accounts->tokens().signers(Channel::Telegram, {.inboxSetting = u"id"_s, .inboxValue = inbox->id.toString()});
        QCOMPARE(signers->candidates.size(), 1);
        QCOMPARE(signers->candidates.constFirst().appSecret, credentials->appSecret);
        QVERIFY(!bots.world.accounts->tokens().signers(Channel::Telegram, {.inboxSetting = u"id"_s, .inboxValue = u"99"_s})->isKnown);

        bots.world.begin();
        bots.world.unlock();
        QCOMPARE(bots.world.credentials(inbox->id)->appSecret, credentials->appSecret);
        QCOMPARE(said(bots.create(bot())), u"conflict "_s);
    }

    void anotherTokenOfTheSameBotKeepsTheSigningSecret()
    {
        FakeMetaWorld bots(Channel::Telegram);
        bots.platform->profile = {.displayName = u"Lantern"_s, .account = u"7000000001"_s};
        const auto inbox = bots.create(bot());
        QVERIFY(inbox);
        const QString signing = bots.world.credentials(inbox->id)->appSecret;
        QVERIFY(bots.world.update(inbox->id, bot(kOtherToken)));
        QCOMPARE(bots.world.credentials(inbox->id)->accessToken, kOtherToken);
        QCOMPARE(bots.world.credentials(inbox->id)->appSecret, signing);
        bots.platform->profile.account = u"7000000002"_s;
        QCOMPARE(said(bots.world.update(inbox->id, bot(u"7000000002:AAE-foreign_bot_token_0123456789abcd"_s))), u"invalid bot_token"_s);
        QCOMPARE(bots.world.credentials(inbox->id)->accessToken, kOtherToken);
    }

    void aBotMovesHereWhenItIsConnectedAndIsNotFoughtFor()
    {
        FakeMetaWorld bots(Channel::Telegram);
        bots.platform->profile.account = u"7000000001"_s;
        bots.platform->registration = {.callback = QUrl(u"https://other.example/bot"_s), .isSubscribed = true};
        const auto inbox = bots.create(bot());
        QVERIFY(inbox);
        QTRY_COMPARE(bots.platform->subscribed.size(), 1);
        QVERIFY(bots.world.check(inbox->id).value(u"subscription"_s).ok);
        bots.platform->registration.callback = QUrl(u"https://other.example/bot"_s);      // taken back there
        const auto line = bots.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(!line.ok && line.detail.contains(u"other.example"_s), qPrintable(line.detail));
        QCOMPARE(bots.platform->subscribed.size(), 1);
        QVERIFY(bots.world.check(inbox->id, true).value(u"subscription"_s).ok);
        QCOMPARE(bots.platform->subscribed.size(), 2);
    }

    void withoutAnAddressABotIsPolledAndMissesNothing()
    {
        FakeMetaWorld bots(Channel::Telegram, {.publicUrl = {}});
        bots.platform->profile.account = u"7000000001"_s;
        const auto inbox = bots.create(bot());
        QVERIFY(inbox);
        QCOMPARE(inbox->delivery, Inbox::Delivery::Poll);
        const auto lines = bots.world.check(inbox->id);
        for (const QString &name : {u"credentials"_s, u"subscription"_s, u"public_probe"_s, u"quiet_since"_s, u"token_life"_s})
            QVERIFY2(lines.value(name).ok, qPrintable(name + u": "_s + lines.value(name).detail));
        QVERIFY(bots.platform->subscribed.isEmpty());
        bots.world.store.settle();
        QCOMPARE(bots.notice(), QString());
    }

    void theWebhookIsTakenOffWhereMessagesAreFetched()
    {
        FakeMetaWorld bots(Channel::Telegram);
        bots.network.status = 200;
        bots.platform->profile.account = u"7000000001"_s;
        const auto inbox = bots.create(bot());
        QVERIFY(inbox);
        QTRY_COMPARE(bots.platform->subscribed.size(), 1);
        QSignalSpy changed(bots.world.accounts.get(), &Accounts::inboxChanged);
        QVERIFY(bots.world.update(inbox->id, {.delivery = Inbox::Delivery::Poll}));
        QTRY_COMPARE(bots.unsubscribed(), 1);
        QTRY_VERIFY(changed.size() >= 2);      // the delivery, and the feed may be read
        bots.platform->registration = {};
        QVERIFY(bots.world.check(inbox->id).value(u"subscription"_s).ok);
        QCOMPARE(bots.unsubscribed(), 1);

        QVERIFY(bots.world.update(inbox->id, {.delivery = Inbox::Delivery::Webhook}));
        QTRY_COMPARE(bots.platform->subscribed.size(), 2);
        bots.world.accounts->setPublicUrl(QUrl(u"https://moved.example"_s));
        QTRY_COMPARE(bots.platform->registration.callback, QUrl(u"https://moved.example/webhooks/telegram/%1"_s.arg(inbox->id.value())));
        QVERIFY(bots.world.remove(inbox->id));
        QTRY_COMPARE(bots.unsubscribed(), 2);
    }

    void anotherInstallationsWebhookStandsInTheWayOfFetching()
    {
        FakeMetaWorld bots(Channel::Telegram, {.publicUrl = {}});
        bots.network.status = 200;
        bots.platform->profile.account = u"7000000001"_s;
        const auto inbox = bots.create(bot());
        QVERIFY(inbox);
        QTRY_COMPARE(bots.unsubscribed(), 1);      // it was connected here: whatever stood there is off
        bots.platform->registration = {.callback = QUrl(u"https://other.example/bot?key=k"_s), .isSubscribed = true};
        const auto line = bots.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(!line.ok && line.detail.contains(u"other.example"_s) && !line.detail.contains(u"key="_s), qPrintable(line.detail));
        QCOMPARE(bots.unsubscribed(), 1);
        QVERIFY(bots.world.check(inbox->id, true).value(u"subscription"_s).ok);
        QCOMPARE(bots.unsubscribed(), 2);
        bots.platform->registration = {.callback = QUrl(u"https://other.example/bot"_s), .isSubscribed = true};
        QVERIFY(!bots.world.check(inbox->id).value(u"subscription"_s).ok);
        const int looks = bots.platform->inspections;
        QVERIFY(bots.world.remove(inbox->id));
        QTRY_COMPARE(bots.platform->inspections, looks + 1);
        QCOMPARE(bots.unsubscribed(), 2);      // it is theirs
    }

    void saysWhatWaitsAndWhatStandsInTheNotice()
    {
        FakeMetaWorld bots(Channel::Telegram);
        bots.platform->profile.account = u"7000000001"_s;
        const auto inbox = bots.create(bot());
        QVERIFY(inbox);
        QTRY_COMPARE(bots.platform->subscribed.size(), 1);
        bots.platform->registration.remark = u"3 updates wait"_s;
        bots.platform->registration.failedAt = fromUnixMs(1'700'000'000'000);
        auto line = bots.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(line.ok && line.detail.contains(u"3 updates wait"_s) && line.detail.contains(u"2023-11-14"_s), qPrintable(line.detail));
        bots.world.store.settle();
        bots.world.store.run(u"UPDATE inbox SET settings = json_set(settings, '$.notice', json('{\"kind\":\"other_reader\"}'))"_s);
        line = bots.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(!line.ok && line.detail.contains(u"another program"_s), qPrintable(line.detail));
    }

    void aLineChannelHasItsOwnAddress()
    {
        FakeMetaWorld channels(Channel::Line);
        channels.platform->profile = {.username = u"@lantern"_s, .displayName = u"Lantern"_s, .settings = {{u"bot_user_id"_s, u"U1"_s}}};
        const auto inbox = channels.create(line());
        QVERIFY2(inbox, qPrintable(said(inbox)));
        QCOMPARE(inbox->externalId, u"1650000001"_s);
        QCOMPARE(inbox->settings.value("bot_user_id"_L1).toString(), u"U1"_s);
        QTRY_COMPARE(channels.platform->subscribed, QList<QUrl>{QUrl(u"https://desk.example/webhooks/line/1650000001"_s)});
        const auto signers = channels.world.accounts->tokens().signers(Channel::Line, {.inboxSetting = u"external_id"_s, .inboxValue = u"1650000001"_s});
        QCOMPARE(signers->candidates.constFirst().appSecret, u"8c570fa6dd201bb328f1c1eac23a96d8"_s);
        QCOMPARE(signers->candidates.constFirst().settings.value("bot_user_id"_L1).toString(), u"U1"_s);
        QCOMPARE(said(channels.create(line())), u"conflict channel_id"_s);
        QCOMPARE(said(channels.world.update(inbox->id, {.settings = QJsonObject{{u"bot_user_id"_s, u"U2"_s}}})), u"invalid bot_user_id"_s);
    }

    void leavesAnotherLineEndpointAlone()
    {
        FakeMetaWorld channels(Channel::Line);
        channels.platform->registration = {.callback = QUrl(u"https://other.example/line"_s), .isSubscribed = true};
        const auto inbox = channels.create(line());
        QVERIFY(inbox);
        QTRY_COMPARE(channels.notice(), u"not_subscribed"_s);
        QVERIFY(channels.platform->subscribed.isEmpty());
        QVERIFY(channels.world.check(inbox->id, true).value(u"subscription"_s).ok);
    }

    void namesTheWrongField_data()
    {
        QTest::addColumn<Channel>("channel");
        QTest::addColumn<AccountsService::InboxInput>("input");
        QTest::addColumn<QString>("field");
        const auto add = [](const char *name, Channel channel, const AccountsService::InboxInput &input, const QString &field) {
            QTest::newRow(name) << channel << input << field;
        };
        const auto withSecret = [](AccountsService::InboxInput input, const QString &name, const QString &value) {
            input.secrets->insert(name, value);
            return input;
        };
        const auto withSetting = [](AccountsService::InboxInput input, const QString &name, const QJsonValue &value) {
            input.settings->insert(name, value);
            return input;
        };
        add("no bot token", Channel::Telegram, {.settings = QJsonObject(), .secrets = QJsonObject()}, u"bot_token"_s);
        add("a bot's name", Channel::Telegram, bot(u"@lantern_bot"_s), u"bot_token"_s);
        add("half a bot token", Channel::Telegram, bot(u"7000000001:AAE"_s), u"bot_token"_s);
        add("a strange secret", Channel::Telegram, withSecret(bot(), u"password"_s, u"x"_s), u"password"_s);
        add("no channel id", Channel::Line, line({}), u"channel_id"_s);
        add("a bot's user id", Channel::Line, line({{u"channel_id"_s, u"U00000000000000000000000000000b07"_s}}), u"channel_id"_s);
        add("the token as the secret", Channel::Line, withSecret(line(), u"channel_secret"_s, u"planted-channel-token-1"_s), u"channel_secret"_s);
        add("no medium", Channel::Twilio, withSetting(twilio(u"sms"_s, u"+15005550006"_s), u"medium"_s, {}), u"medium"_s);
        add("a strange medium", Channel::Twilio, twilio(u"fax"_s, u"+15005550006"_s), u"medium"_s);
        add("a key as the account", Channel::Twilio, withSetting(twilio(u"sms"_s, u"+15005550006"_s), u"account_sid"_s, u"SK00000000000000000000000000000001"_s),
            u"account_sid"_s);
        add("no sender", Channel::Twilio, withSetting(twilio(u"sms"_s, {}), u"phone_number"_s, {}), u"phone_number"_s);
        add("two senders", Channel::Twilio, withSetting(twilio(u"sms"_s, u"+15005550006"_s), u"messaging_service_sid"_s, u"MG00000000000000000000000000000001"_s),
            u"messaging_service_sid"_s);
        add("a short code for WhatsApp", Channel::Twilio, twilio(u"whatsapp"_s, u"72975"_s), u"phone_number"_s);
        add("a WhatsApp number for SMS", Channel::Twilio, twilio(u"sms"_s, u"whatsapp:+14155238886"_s), u"phone_number"_s);
        add("a service that is none", Channel::Twilio,
            {.settings = QJsonObject{{u"account_sid"_s, kSid}, {u"medium"_s, u"sms"_s}, {u"messaging_service_sid"_s, u"MG1"_s}}, .secrets = twilio(u"sms"_s, {}).secrets},
            u"messaging_service_sid"_s);
        add("no auth token", Channel::Twilio, {.settings = twilio(u"sms"_s, u"+15005550006"_s).settings, .secrets = QJsonObject()}, u"auth_token"_s);
        add("an account as the key", Channel::Twilio, twilio(u"sms"_s, u"+15005550006"_s, {{u"api_key_sid"_s, kSid}}), u"api_key_sid"_s);
    }

    void namesTheWrongField()
    {
        QFETCH(Channel, channel);
        QFETCH(AccountsService::InboxInput, input);
        QFETCH(QString, field);
        FakeMetaWorld world(channel);
        QCOMPARE(said(world.create(input)), u"invalid "_s + field);
        QVERIFY(world.platform->asked.isEmpty());
    }

    void takesASenderAsItIsWritten_data()
    {
        QTest::addColumn<QString>("medium");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("account");
        QTest::newRow("a number") << u"sms"_s << u"+1 (500) 555-0006"_s << u"+15005550006"_s;
        QTest::newRow("without its plus") << u"sms"_s << u"15005550006"_s << u"+15005550006"_s;
        QTest::newRow("a short code") << u"sms"_s << u"72975"_s << u"72975"_s;
        QTest::newRow("a name") << u"sms"_s << u"LANTERN"_s << u"LANTERN"_s;
        QTest::newRow("whatsapp") << u"whatsapp"_s << u"whatsapp:+1 415 523 8886"_s << u"whatsapp:+14155238886"_s;
        QTest::newRow("whatsapp without the word") << u"whatsapp"_s << u"+14155238886"_s << u"whatsapp:+14155238886"_s;
    }

    void takesASenderAsItIsWritten()
    {
        QFETCH(QString, medium);
        QFETCH(QString, typed);
        FakeMetaWorld senders(Channel::Twilio);
        const auto inbox = senders.create(twilio(medium, typed));
        QVERIFY2(inbox, qPrintable(said(inbox)));
        QTEST(inbox->externalId, "account");
        QFETCH(QString, account);
        const QString kept = inbox->settings.value("phone_number"_L1).toString();
        QCOMPARE(kept, typed.startsWith("whatsapp:"_L1) ? account : account.section(u':', -1));
        QCOMPARE(inbox->settings.value("medium"_L1).toString(), medium);
        QTRY_COMPARE(senders.platform->subscribed, QList<QUrl>{QUrl(u"https://desk.example/twilio/callback?inbox=%1"_s.arg(inbox->id.value()))});
        QCOMPARE(said(senders.create(twilio(medium, typed))), u"conflict phone_number"_s);
    }

    void oneNumberMayServeBothMedia()
    {
        FakeMetaWorld senders(Channel::Twilio);
        QVERIFY(senders.create(twilio(u"sms"_s, u"+15005550006"_s)));
        const auto second = senders.create(twilio(u"whatsapp"_s, u"+15005550006"_s));
        QVERIFY2(second, qPrintable(said(second)));
        QCOMPARE(said(senders.create(twilio(u"whatsapp"_s, u"whatsapp:+15005550006"_s))).section(u' ', 0, 0), u"conflict"_s);
    }

    void aServiceIsAnAccountToo()
    {
        FakeMetaWorld senders(Channel::Twilio);
        const QString service = u"MG00000000000000000000000000000001"_s;
        auto input = twilio(u"sms"_s, {});
        input.settings = QJsonObject{{u"account_sid"_s, kSid}, {u"medium"_s, u"sms"_s}, {u"messaging_service_sid"_s, service}};
        const auto inbox = senders.create(input);
        QVERIFY2(inbox, qPrintable(said(inbox)));
        QCOMPARE(inbox->externalId, service);
    }

    void furtherSecretsRestSealedAndComeBack()
    {
        FakeMetaWorld senders(Channel::Twilio);
        const QJsonObject key{{u"api_key_sid"_s, u"SK00000000000000000000000000000001"_s}, {u"api_key_secret"_s, u"planted-api-key-secret-1"_s}};
        const auto inbox = senders.create(twilio(u"sms"_s, u"+15005550006"_s, key));
        QVERIFY2(inbox, qPrintable(said(inbox)));
        const QHash<QString, QString> further{{u"api_key_sid"_s, u"SK00000000000000000000000000000001"_s}, {u"api_key_secret"_s, u"planted-api-key-secret-1"_s}};
        QCOMPARE(senders.platform->asked.constFirst().further, further);
        QVERIFY(!senders.world.isOnDisk("planted-api-key-secret-1"));
        QVERIFY(!senders.world.isOnDisk("0123456789abcdef0123456789abcdef"));
        senders.world.begin();
        senders.world.unlock();
        auto now = senders.world.credentials(inbox->id);
        QCOMPARE(now->further, further);
        QCOMPARE(now->accessToken, u"0123456789abcdef0123456789abcdef"_s);
        QCOMPARE(now->appSecret, now->accessToken);
        QVERIFY(senders.world.update(inbox->id, {.secrets = QJsonObject{{u"auth_token"_s, u"ffffffffffffffffffffffffffffffff"_s}}}));
        now = senders.world.credentials(inbox->id);
        QCOMPARE(now->further, further);
        QCOMPARE(now->appSecret, u"ffffffffffffffffffffffffffffffff"_s);
        const auto signers = senders.world.accounts->tokens().signers(Channel::Twilio, {.inboxSetting = u"account_sid"_s, .inboxValue = kSid});
        QCOMPARE(signers->candidates.constFirst().appSecret, u"ffffffffffffffffffffffffffffffff"_s);
        QVERIFY(senders.world.remove(inbox->id));
        QCOMPARE(senders.world.store.integer(u"SELECT COUNT(*) FROM secret WHERE name LIKE 'inbox:%'"_s), 0);
    }

    void severalInboxesOfAnAccountMaySignAndKnowTheirAddresses()
    {
        FakeMetaWorld senders(Channel::Twilio);
        QVERIFY(senders.create(twilio(u"sms"_s, u"+15005550006"_s)));
        QVERIFY(senders.create(twilio(u"sms"_s, u"+15005550007"_s)));
        QTRY_COMPARE(senders.platform->subscribed.size(), 2);
        senders.world.accounts->setPublicUrl(QUrl(u"https://moved.example/"_s));
        const auto signers = senders.world.accounts->tokens().signers(Channel::Twilio, {.inboxSetting = u"account_sid"_s, .inboxValue = kSid});
        QCOMPARE(signers->candidates.size(), 2);
        const QStringList addresses = signers->candidates.constLast().addresses;
        QCOMPARE(addresses, (QStringList{u"https://moved.example"_s, u"https://desk.example"_s, u"http://127.0.0.1:40123"_s}));
        senders.world.store.settle();
        senders.world.begin();
        senders.world.unlock();
        QTRY_VERIFY(senders.world.accounts->tokens()
                        .signers(Channel::Twilio, {.inboxSetting = u"account_sid"_s, .inboxValue = kSid})
                        ->candidates.constFirst()
                        .addresses.contains(u"https://desk.example"_s));
    }

    void aNumbersAddressIsTakenOutWhereMessagesAreFetched_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("isTakenOut");
        QTest::newRow("its own") << u"https://desk.example/twilio/callback?inbox=%1"_s << true;
        QTest::newRow("another inbox's") << u"https://desk.example/twilio/callback?inbox=99%1"_s << false;
        QTest::newRow("another installation's") << u"https://other.example/twilio/callback?inbox=%1"_s << false;
    }

    void aNumbersAddressIsTakenOutWhereMessagesAreFetched()
    {
        QFETCH(const QString, address);
        QFETCH(const bool, isTakenOut);
        FakeMetaWorld senders(Channel::Twilio);
        const auto inbox = senders.create(twilio(u"sms"_s, u"+15005550006"_s));
        QVERIFY(inbox);
        QTRY_COMPARE(senders.platform->subscribed.size(), 1);
        const QUrl registered(address.arg(inbox->id.value()));
        senders.platform->registration.callback = registered;
        QVERIFY(senders.world.update(inbox->id, {.delivery = Inbox::Delivery::Poll}));
        const auto line = senders.world.check(inbox->id).value(u"subscription"_s);       // which looks, as the change does
        QVERIFY2(line.ok, qPrintable(line.detail));
        QCOMPARE(senders.platform->withdrawn.contains(registered), isTakenOut);
        if (!isTakenOut)
            return;
        senders.platform->withdrawal = Error{Error::Kind::Unavailable, u"not now"_s};
        QVERIFY(!senders.world.check(inbox->id).value(u"subscription"_s).ok);
        senders.platform->withdrawal = false;      // somebody else's by then
        const auto late = senders.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(late.ok && late.detail.contains(u"stays"_s), qPrintable(late.detail));
    }

    void anotherAddressOfANumberDoesNotHinderFetching()
    {
        FakeMetaWorld senders(Channel::Twilio, {.publicUrl = {}});
        const auto inbox = senders.create(twilio(u"sms"_s, u"+15005550006"_s));
        QVERIFY(inbox);
        QCOMPARE(inbox->delivery, Inbox::Delivery::Poll);
        senders.platform->registration = {.callback = QUrl(u"https://other.example/sms"_s), .isSubscribed = true};
        const auto line = senders.world.check(inbox->id).value(u"subscription"_s);
        QVERIFY2(line.ok && line.detail.contains(u"other.example"_s), qPrintable(line.detail));
        QCOMPARE(senders.unsubscribed(), 0);
    }
};

ANTIPHON_TEST(FurtherAccountsTest)
#include "tst_furtheraccounts.moc"
