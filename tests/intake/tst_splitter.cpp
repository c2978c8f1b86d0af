#include "tests/intake/intakefixture.h"
#include "tests/intake/spokenchannel.h"
#include "tests/support/fakechannel.h"
#include "tests/support/fixtures.h"
#include "tests/support/testmain.h"

#include "core/accounts/deletedaccounts.h"
#include "core/base/json.h"
#include "core/intake/spliteventjson.h"

#include <QRegularExpression>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

/// A signed body whose content has no conversation.
QByteArray brokenBody()
{
    return envelope(u"im_receive_msg"_s, u"biz-0001-openid"_s, {{u"type"_s, u"text"_s}, {u"timestamp"_s, qint64(1'700'000'000'000)}});
}

/// As a list brought it.
void storeFetched(IntakeFixture &fixture, const QString &channel, const SplitEvent &event)
{
    Mailbox mailbox;
    std::optional<Result<void>> done;
    fixture.intake().journal().store({.channel = channel,
                                      .receivedAt = fixture.store().clock().now(),
                                      .source = u"poll"_s,
                                      .body = fetchedBody({event}),
                                      .bodySha256 = QByteArray("x")},
                                     mailbox, [&done](const Result<void> &stored) { done = stored; });
    QVERIFY(QTest::qWaitFor([&done] { return done.has_value(); }, 20'000));
    QVERIFY(*done);
    fixture.drain();
}

} // namespace

class SplitterTest : public QObject {
    Q_OBJECT
private slots:
    void theSameEventManyTimesIsOneMessage()
    {
        IntakeFixture fixture;
        qint64 sent = 0;
        for (const int times : {1, 2, 5, 20, 100}) {
            const QByteArray body = incoming({.id = u"seq-%1"_s.arg(times), .at = 1'700'000'000'000 + times});
            for (int i = 0; i < times; ++i)
                QCOMPARE(fixture.post(body).status, 200);
            const QByteArray parallel = incoming({.id = u"par-%1"_s.arg(times), .at = 1'700'000'001'000 + times});
            QCOMPARE(fixture.postAll(QList<QByteArray>(times, parallel)), QList<int>(times, 200));
            sent += 2 * times;
        }
        fixture.drain();
        QCOMPARE(fixture.count(u"message WHERE direction = 'incoming'"_s), 10);
        QCOMPARE(fixture.count(u"event"_s), 10);
        QCOMPARE(fixture.stats().duplicates, sent - 10);
        QCOMPARE(fixture.stats().processed, 10);
    }

    void aLongDeliveryAsksForItsInboxOnce()
    {
        std::atomic<int> statements = 0;
        SpokenInbox f(Channel::Whatsapp, [&statements](const QString &sql) {
            statements += sql.contains("FROM inbox"_L1) || sql.contains("UPDATE inbox"_L1) ? 1 : 0;
            return StatementFault::None;
        });
        f.channel().splits = [] {
            QList<SplitEvent> events;
            for (int i = 0; i < 2000; ++i)
                events.append({.account = u"spoken"_s, .lane = u"l"_s, .dedupeKey = QString::number(i), .kind = u"unknown"_s});
            return events;
        };
        statements = 0;
        const auto lanes = f.fixture().store().write<QList<Lanes::Lane>>([&f](WriteTransaction &tx) -> Result<QList<Lanes::Lane>> {
            const Splitter splitter(f.fixture().channels(), [](Channel) { return AppCredentials{}; });
            const deliveries::Delivery delivery{.channel = u"whatsapp"_s, .receivedAt = tx.now(), .body = "{}", .bodySha256 = "-"};
            const auto id = deliveries::insert(tx, delivery);
            if (!id)
                return id.error();
            deliveries::Delivery stored = delivery;
            stored.id = *id;
            return splitter.split(tx, stored);
        });
        QVERIFY2(lanes, lanes ? "" : qPrintable(describe(lanes.error())));
        QCOMPARE(f.count(u"event"_s), 2000);
        QCOMPARE(f.count(u"inbox WHERE external_id = 'spoken' AND last_webhook_at IS NOT NULL"_s), 1);
        QVERIFY2(statements < 20, qPrintable(QString::number(statements)));
    }

    void anUnknownAccountIsCountedAndDropped()
    {
        IntakeFixture fixture;
        QCOMPARE(fixture.post(incoming({.id = u"m1"_s, .account = u"biz-of-nobody"_s})).status, 200);
        fixture.drain();
        QCOMPARE(fixture.count(u"event"_s), 0);
        QCOMPARE(fixture.count(u"contact"_s), 0);
        QCOMPARE(fixture.count(u"delivery WHERE split_state = 'done'"_s), 1);
        QCOMPARE(fixture.stats().unknownAccount, 1);
    }

    void onlyWhatIsOursOfABodyIsStored()
    {
        IntakeFixture fixture;
        fixture.registry().add(std::make_unique<FakeChannel>(), nullptr);
        const auto inbox = [&fixture](const QString &account, const QString &group, Inbox::State state) {
            return fixture.addInbox(Inbox{.channel = Channel::Whatsapp, .name = account, .externalId = account, .state = state,
                                          .settings = {{u"business_account_id"_s, group}}});
        };
        const InboxId active = inbox(u"1"_s, u"waba"_s, Inbox::State::Active);
        const InboxId waiting = inbox(u"2"_s, u"waba"_s, Inbox::State::ReauthorizationRequired);
        inbox(u"3"_s, u"waba"_s, Inbox::State::Disabled);
        inbox(u"4"_s, u"another"_s, Inbox::State::Active);
        QVERIFY(fixture.store().write<void>([](WriteTransaction &tx) {
            return deletedaccounts::remember(tx, {.channel = Channel::Whatsapp, .name = u"Old"_s, .externalId = u"5"_s,
                                                  .settings = {{u"phone_number"_s, u"+15550100005"_s}}});
        }));
        QJsonArray events;
        for (const QString &account : {u"1"_s, u"3"_s, u"2"_s, u"5"_s, u"6"_s, u"5"_s})
            events.append(QJsonObject{{u"account"_s, account}, {u"key"_s, u"k%1"_s.arg(events.size())}, {u"kind"_s, u"message"_s}, {u"lane"_s, u"l"_s + account}});
        events.append(QJsonObject{{u"group"_s, u"waba"_s}, {u"key"_s, u"kg"_s}, {u"kind"_s, u"account"_s}});
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"whatsapp: discarded 2 events for inactive number or account \"\\+15550100005\""_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"whatsapp: discarded 1 events for inactive number or account \"unknown - 6\""_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"whatsapp: discarded 2 events for inactive number or account \"3\""_s));
        const QByteArray body = json::toBytes({{u"events"_s, events}});
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(fixture.post(FakeChannel::hook("/webhooks/whatsapp/1", body, fixture.tokens().secret), Channel::Whatsapp).status, 200);
            fixture.drain();
            QCOMPARE(fixture.count(u"event"_s), 4);
        }
        for (const InboxId id : {active, waiting})
            QCOMPARE(fixture.count(u"event WHERE inbox_id = "_s + id.toString()), 2);
        QCOMPARE(fixture.stats().unknownAccount, 6);
        QCOMPARE(fixture.count(u"contact"_s), 0);
    }

    void aTestOfTheDashboardIsNoUnknownAccount()
    {
        IntakeFixture fixture;
        fixture.registry().add(std::make_unique<FakeChannel>(), nullptr);
        const QByteArray body = json::toBytes({{u"events"_s, QJsonArray{QJsonObject{{u"account"_s, u"0"_s}, {u"key"_s, u"k"_s}, {u"kind"_s, u"test"_s}}}}});
        QCOMPARE(fixture.post(FakeChannel::hook("/webhooks/whatsapp/1", body, fixture.tokens().secret), Channel::Whatsapp).status, 200);
        fixture.drain();
        QCOMPARE(fixture.stats().unknownAccount, 0);
        QCOMPARE(fixture.stats().ignored, 1);
        QCOMPARE(fixture.count(u"event"_s), 0);
    }

    void aDisabledInboxIgnoresAllButReadMarks()
    {
        IntakeFixture fixture;
        fixture.store().run(u"UPDATE inbox SET state = 'disabled'"_s);
        QCOMPARE(fixture.post(incoming({.id = u"m1"_s})).status, 200);
        QCOMPARE(fixture.post(readMark(1'700'000'000'000)).status, 200);
        fixture.drain();
        QCOMPARE(fixture.count(u"event WHERE state = 'ignored' AND kind = 'message' AND error_text = 'inbox disabled'"_s), 1);
        QCOMPARE(fixture.count(u"event WHERE kind = 'read' AND error_text = 'inbox disabled'"_s), 0);
        QCOMPARE(fixture.count(u"message"_s), 0);
    }

    void anUnknownKindIsKeptAndCounted()
    {
        IntakeFixture fixture;
        QCOMPARE(fixture.post(envelope(u"im_something_new"_s, u"biz-0001-openid"_s, {{u"x"_s, 1}})).status, 200);
        fixture.drain();
        QCOMPARE(fixture.count(u"event WHERE state = 'ignored' AND kind = 'unknown'"_s), 1);
        QCOMPARE(fixture.stats().ignored, 1);
    }

    void whatCannotBeReadIsSetAsideWithItsBytes_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no JSON") << QByteArray("{\"event\":");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("an array") << QByteArray("[1,2]");
        QTest::newRow("deep") << QByteArray(10'000, '[') + QByteArray(10'000, ']');
        QTest::newRow("not UTF-8") << QByteArray("{\"event\":\"\xff\xfe\"");
        QTest::newRow("a number out of range") << QByteArray("{\"event\":9223372036854775808");
        QTest::newRow("NaN") << QByteArray("{\"event\":NaN}");
    }

    void whatCannotBeReadIsSetAsideWithItsBytes()
    {
        QFETCH(QByteArray, body);
        IntakeFixture fixture;
        QCOMPARE(fixture.post(body).status, 200);
        fixture.drain();
        QCOMPARE(fixture.count(u"delivery WHERE split_state = 'dead'"_s), 1);
        QCOMPARE(fixture.stats().dead, 1);
        QCOMPARE(fixture.count(u"change WHERE type = 'intake.dead_letter'"_s), 1);
        QCOMPARE(fixture.post(incoming({.id = u"m1"_s})).status, 200);
        fixture.drain();
        QCOMPARE(fixture.stats().processed, 1);
    }

    void aBrokenEntryIsADeadEventAndAnswered200()
    {
        IntakeFixture fixture;
        QCOMPARE(fixture.post(brokenBody()).status, 200);
        fixture.drain();
        QCOMPARE(fixture.count(u"event WHERE state = 'dead' AND lane = 'tiktok:1:unparsed'"_s), 1);
        QCOMPARE(fixture.post(brokenBody()).status, 200);
        fixture.drain();
        QCOMPARE(fixture.count(u"event WHERE state = 'dead'"_s), 1);
    }

    void oneBrokenEntryOfAThousandIsSetAsideAlone()
    {
        IntakeFixture fixture;
        QList<SplitEvent> events;
        for (int i = 0; i < 1000; ++i) {
            const QJsonObject content = saidContent({.id = u"m%1"_s.arg(i), .at = 1'700'000'000'000 + i, .conversation = u"cnv-%1"_s.arg(i % 40)}, false);
            events.append({.account = u"biz-0001-openid"_s,
                           .lane = u"tt:biz-0001-openid:cnv-%1"_s.arg(i % 40),
                           .dedupeKey = u"m:m%1"_s.arg(i),
                           .kind = u"message"_s,
                           .platformAt = fromUnixMs(1'700'000'000'000 + i),
                           .payload = {{u"event"_s, u"im_receive_msg"_s}, {u"at"_s, qint64(1'700'000'000'000) + i}, {u"content"_s, content}},
                           .broken = i == 500 ? u"nonsense"_s : QString()});
        }
        bool isStored = false;
        Mailbox mailbox;
        fixture.intake().journal().store({.inboxId = fixture.inbox(), .channel = u"tiktok"_s, .receivedAt = fixture.store().clock().now(),
                                          .source = u"poll"_s, .body = fetchedBody(events), .bodySha256 = "x"},
                                         mailbox, [&](const Result<void> &stored) { isStored = bool(stored); });
        QTRY_VERIFY(isStored);
        fixture.drain();
        QCOMPARE(fixture.count(u"message WHERE direction = 'incoming'"_s), 999);
        QCOMPARE(fixture.count(u"event WHERE state = 'dead'"_s), 1);
        QCOMPARE(fixture.count(u"conversation"_s), 40);
    }

    void aRedeliveryGivesADeadEventAnotherChance()
    {
        IntakeFixture fixture;
        const QByteArray body = incoming({.id = u"m1"_s});
        fixture.store().run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, state, payload)"
                            " VALUES (1, 1, 'tt:biz-0001-openid:cnv+1==', 'm:m1', 'message', 0, 'dead', '{}')"_s);
        QCOMPARE(fixture.post(body).status, 200);
        fixture.drain();
        // The row's own payload is what is applied: here it is empty, so it dies again, by another reason.
        QCOMPARE(fixture.count(u"event WHERE state = 'dead' AND error_class = 'shape'"_s), 1);
        QCOMPARE(fixture.stats().duplicates, 1);
    }

    void aDiscardedKeyNeverComesBack()
    {
        IntakeFixture fixture;
        fixture.store().run(u"INSERT INTO tombstone VALUES (1, 'm:m1', 0)"_s);
        QCOMPARE(fixture.post(incoming({.id = u"m1"_s})).status, 200);
        fixture.drain();
        QCOMPARE(fixture.count(u"event"_s), 0);
        QCOMPARE(fixture.stats().duplicates, 1);
    }

    void findsTheInboxThatTheAddressNames()
    {
        IntakeFixture fixture;
        fixture.registry().add(std::make_unique<SpokenChannel>(Channel::Telegram), nullptr);
        const InboxId bot = fixture.addInbox(Inbox{.channel = Channel::Telegram, .name = u"Bot"_s, .externalId = u"7000000001"_s});
        fixture.addInbox(Inbox{.channel = Channel::Telegram, .name = u"Other"_s, .externalId = u"7000000002"_s});
        storeFetched(fixture, u"telegram"_s, {.inbox = bot, .account = u"7000000002"_s, .dedupeKey = u"u:1"_s, .kind = u"unknown"_s});
        QCOMPARE(fixture.store().integer(u"SELECT inbox_id FROM event"_s), bot.value());
        // An inbox of another platform, and one that is gone.
        storeFetched(fixture, u"telegram"_s, {.inbox = fixture.inbox(), .dedupeKey = u"u:2"_s, .kind = u"unknown"_s});
        storeFetched(fixture, u"telegram"_s, {.inbox = InboxId(99), .dedupeKey = u"u:3"_s, .kind = u"unknown"_s});
        QCOMPARE(fixture.count(u"event"_s), 1);
        QCOMPARE(fixture.stats().unknownAccount, 2);
    }

    void findsTheInboxByAnyOfItsNamesWhereItsSettingsAgree()
    {
        IntakeFixture fixture;
        fixture.registry().add(std::make_unique<SpokenChannel>(Channel::Twilio), nullptr);
        const auto add = [&fixture](const QString &account, const QString &sid, const QString &medium) {
            return fixture.addInbox(Inbox{.channel = Channel::Twilio, .name = account, .externalId = account,
                                          .settings = {{u"account_sid"_s, sid}, {u"medium"_s, medium}}});
        };
        const InboxId number = add(u"+15005550006"_s, u"AC1"_s, u"sms"_s);
        const InboxId whatsapp = add(u"whatsapp:+15005550006"_s, u"AC1"_s, u"whatsapp"_s);
        const InboxId service = add(u"MG1"_s, u"AC1"_s, u"sms"_s);
        int n = 0;
        const auto heard = [&fixture, &n](const QStringList &names, const QString &sid, const QString &medium) {
            storeFetched(fixture, u"twilio"_s,
                         {.account = names.constFirst(), .otherAccounts = names.mid(1), .ofSettings = {{u"account_sid"_s, sid}, {u"medium"_s, medium}},
                          .dedupeKey = u"m:%1"_s.arg(++n), .kind = u"unknown"_s});
            return InboxId(fixture.store().integer(u"SELECT inbox_id FROM event WHERE dedupe_key = 'm:%1'"_s.arg(n)).value_or(0));
        };
        QCOMPARE(heard({u"MG1"_s, u"+15005550006"_s}, u"AC1"_s, u"sms"_s), service);
        QCOMPARE(heard({u"MG9"_s, u"+15005550006"_s}, u"AC1"_s, u"sms"_s), number);         // a number in a pool that isn't ours
        QCOMPARE(heard({u"+15005550006"_s, u"whatsapp:+15005550006"_s}, u"AC1"_s, u"whatsapp"_s), whatsapp);
        QCOMPARE(heard({u"+15005550006"_s}, u"AC2"_s, u"sms"_s), InboxId());                // another account's
        QCOMPARE(fixture.stats().unknownAccount, 1);
    }

    void whatWasFetchedReadsBackAsItWas()
    {
        const SplitEvent event{.inbox = InboxId(7), .account = u"a"_s, .otherAccounts = {u"b"_s, u"c"_s}, .ofSettings = {{u"s"_s, u"v"_s}}, .lane = u"l"_s, .dedupeKey = u"k"_s, .kind = u"message"_s, .target = u"t"_s,
                               .platformAt = fromUnixMs(1234), .payload = {{u"n"_s, 5}}, .broken = u"why"_s};
        const auto read = eventsOfFetchedBody(fetchedBody({event}));
        QVERIFY(read);
        QCOMPARE(read->size(), 1);
        QCOMPARE(read->constFirst().inbox, event.inbox);
        QCOMPARE(read->constFirst().otherAccounts, event.otherAccounts);
        QCOMPARE(read->constFirst().ofSettings, event.ofSettings);
        QCOMPARE(read->constFirst().platformAt, event.platformAt);
        QCOMPARE(read->constFirst().payload, event.payload);
        QCOMPARE(read->constFirst().broken, event.broken);
        QVERIFY(!eventsOfFetchedBody("{}"));
    }
};

ANTIPHON_TEST(SplitterTest)
#include "tst_splitter.moc"
