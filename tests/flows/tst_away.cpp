#include "tests/flows/tiktokworld.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The server was away while the platform went on: what its lists give is there afterwards, once and in order, and what they don't give is named.
class AwayFlow : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_world = std::make_unique<test::TiktokWorld>();
        QCOMPARE(m_world->startConnected(), QString());
    }

    void cleanup() { m_world.reset(); }

    void aNightIsThereInTheMorning()
    {
        const QString known = tiktok().startConversation({.username = u"mira.shops"_s});
        tiktok().customerWrites(known, u"Good evening"_s, at(-11h));
        const QString answered = tiktok().startConversation({.username = u"june.knits"_s});
        tiktok().customerWrites(answered, u"Still open?"_s, at(-11h));
        QTRY_COMPARE_WITH_TIMEOUT(m_world->messages(known).size() + m_world->messages(answered).size(), 2, 10'000);

        stopFor(10h);
        for (int i = 0; i < 5; ++i)
            tiktok().customerWrites(known, u"night %1"_s.arg(i), unseen(-8h + i * 1h));
        tiktok().customerWrites(answered, u"Hello?"_s, unseen(-6h));
        tiktok().ownerAnswersFromApp(answered, u"Yes, until eight"_s, unseen(-5h));
        const QString stranger = tiktok().startConversation({.username = u"late.owl"_s});
        tiktok().customerWrites(stranger, u"Do you ship?"_s, unseen(-46h + 0h));      // before the gap: not ours to fetch
        tiktok().customerWrites(stranger, u"Anybody there?"_s, unseen(-2h));
        QCOMPARE(comeBack(), QString());

        const QJsonObject gap = settledGap();
        QCOMPARE(gap.value("state"_L1).toString(), u"recovered"_s);
        QCOMPARE(gap.value("cause"_L1).toString(), u"stopped"_s);
        QCOMPARE(gap.value("recovered"_L1).toInt(), 8);
        QVERIFY(gap.value("note"_L1).isNull());

        const QList<Message> thread = m_world->messages(known);
        QStringList words;
        for (const Message &message : thread) {
            words.append(message.direction == Message::Direction::Activity ? u"["_s + message.activity.value("kind"_L1).toString() + u']' : message.content);
            QCOMPARE(message.caughtUp, message.content != "Good evening"_L1);
        }
        QCOMPARE(words, (QStringList{u"Good evening"_s, u"[away]"_s, u"night 0"_s, u"night 1"_s, u"night 2"_s, u"night 3"_s, u"night 4"_s}));
        QVERIFY(thread.at(1).activity.value("complete"_L1).toBool());

        const auto waiting = m_world->conversation(known);
        QCOMPARE(waiting->unreadCount, 6);
        QCOMPARE(*waiting->waitingSince, thread.first().createdAt);
        QCOMPARE(*waiting->replyWindow->closesAt, thread.last().createdAt + 48h);
        const auto native = m_world->message(answered, m_world->messages(answered).last().sourceId);
        QVERIFY(native->externalEcho);
        QCOMPARE(native->sender.type, Sender::Type::NativeApp);
        QVERIFY(!m_world->conversation(answered)->waitingSince);
        QCOMPARE(spoken(stranger), QStringList{u"Anybody there?"_s});
        QVERIFY(m_world->countEvents(u"intake.gap"_s) >= 1);
    }

    /// The platform repeats its webhooks while the lists are read: whoever comes first, each message is there once.
    void whatComesByBothWaysIsThereOnce()
    {
        const QString conversation = tiktok().startConversation({.username = u"mira.shops"_s});
        tiktok().customerWrites(conversation, u"first"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->messages(conversation).size(), 1, 10'000);
        stopFor(2h);
        QStringList said{u"first"_s};
        for (int i = 0; i < 12; ++i) {
            said.append(u"m%1"_s.arg(i));
            demo::EventOptions options = at(-60min + i * 1min);
            options.withWebhook = i % 3 != 0;
            tiktok().customerWrites(conversation, said.last(), options);
        }
        QCOMPARE(comeBack(), QString());
        QCOMPARE(settledGap().value("state"_L1).toString(), u"recovered"_s);
        QTRY_COMPARE_WITH_TIMEOUT(tiktok().webhooks().pending(), 0, 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(m_world->stat(u"pending"_s), 0, 30'000);
        QStringList stored = spoken(conversation);
        QCOMPARE(stored.size(), said.size());
        stored.removeOne(u"first"_s);          // its time is that of the test, the others' an hour before
        said.removeFirst();
        QCOMPARE(stored, said);
    }

    void saysWhereOlderMessagesMayBeMissing()
    {
        const QString busy = tiktok().startConversation({.username = u"busy.bee"_s});
        tiktok().customerWrites(busy, u"before"_s, at(-5h));
        const QString calm = tiktok().startConversation({.username = u"calm.sea"_s});
        tiktok().customerWrites(calm, u"before"_s, at(-5h));
        QTRY_COMPARE_WITH_TIMEOUT(m_world->messages(busy).size() + m_world->messages(calm).size(), 2, 10'000);
        stopFor(4h);
        for (int i = 0; i < 25; ++i)
            tiktok().customerWrites(busy, u"b%1"_s.arg(i), unseen(-3h + i * 1min));
        tiktok().customerWrites(calm, u"one"_s, unseen(-2h));
        QCOMPARE(comeBack(), QString());
        const QJsonObject gap = settledGap();
        QCOMPARE(gap.value("state"_L1).toString(), u"partial"_s);
        QCOMPARE(gap.value("recovered"_L1).toInt(), 21);
        QCOMPARE(gap.value("note"_L1).toString(), u"20 newest fetched; older ones may be missing in 1 conversation"_s);
        QCOMPARE(spoken(busy).mid(1, 2), (QStringList{u"b5"_s, u"b6"_s}));
        QCOMPARE(lineOf(busy).value("complete"_L1), QJsonValue(false));
        QCOMPARE(lineOf(calm).value("complete"_L1), QJsonValue(true));
    }

    void waitsForNewCredentials()
    {
        const QString conversation = tiktok().startConversation({.username = u"mira.shops"_s});
        tiktok().customerWrites(conversation, u"before"_s, at(-5h));
        QTRY_COMPARE_WITH_TIMEOUT(m_world->messages(conversation).size(), 1, 10'000);
        stopFor(4h);
        tiktok().customerWrites(conversation, u"meanwhile"_s, unseen(-2h));
        const QString account = tiktok().options().accounts.first().businessId;
        tiktok().revokeTokens(account);
        QCOMPARE(comeBack(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(gaps().first().toObject().value("note"_L1).toString(), u"waits for new credentials"_s, 20'000);
        QCOMPARE(gaps().first().toObject().value("state"_L1).toString(), u"open"_s);
        const demo::TokenPair tokens = tiktok().issueTokens(account);
        const auto renewed = test::waitFor(m_world->api().updateInbox(m_world->inbox().id, {.secrets = {{u"access_token"_s, tokens.accessToken}, {u"refresh_token"_s, tokens.refreshToken}}}));
        QVERIFY2(renewed, renewed ? "" : qPrintable(describe(renewed.error())));
        QCOMPARE(settledGap().value("state"_L1).toString(), u"recovered"_s);
        QCOMPARE(spoken(conversation), (QStringList{u"before"_s, u"meanwhile"_s}));
    }

    /// SIGKILL while the lists are read: the next process goes on, nothing is lost or there twice, and the count is right.
    void survivesACrashInTheMiddle()
    {
        QStringList threads;
        for (int i = 0; i < 10; ++i) {
            threads.append(tiktok().startConversation({.username = u"customer.%1"_s.arg(i)}));
            tiktok().customerWrites(threads.last(), u"before"_s, at(-5h));
        }
        QTRY_COMPARE_WITH_TIMEOUT(m_world->stat(u"processed"_s), 10, 20'000);
        stopFor(4h);
        for (const QString &thread : std::as_const(threads)) {
            for (int i = 0; i < 3; ++i)
                tiktok().customerWrites(thread, u"m%1"_s.arg(i), unseen(-2h + i * 1min));
        }
        QCOMPARE(comeBack(), QString());
        for (int round = 0; round < 2; ++round) {
            tiktok().forgetReceived();
            QTRY_VERIFY_WITH_TIMEOUT(tiktok().count(u"business/message/content/list"_s) >= 3, 30'000);
            QCOMPARE(m_world->crashAndRestart(), QString());
        }
        QCOMPARE(settledGap().value("state"_L1).toString(), u"recovered"_s);
        QTRY_COMPARE_WITH_TIMEOUT(gaps().last().toObject().value("recovered"_L1).toInt(), 30, 20'000);
        for (const QString &thread : std::as_const(threads)) {
            QCOMPARE(spoken(thread), (QStringList{u"before"_s, u"m0"_s, u"m1"_s, u"m2"_s}));
            QCOMPARE(lineOf(thread).value("complete"_L1), QJsonValue(true));
        }
    }

    void fetchesWhatIsAskedFor()
    {
        const QString conversation = tiktok().startConversation({.username = u"mira.shops"_s});
        tiktok().customerWrites(conversation, u"seen"_s, at(-2h));
        QTRY_COMPARE_WITH_TIMEOUT(m_world->messages(conversation).size(), 1, 10'000);
        tiktok().customerWrites(conversation, u"lost"_s, unseen(-30min));
        const auto asked = test::waitFor(m_world->client().call(u"inboxes.catch_up"_s, {{u"id"_s, m_world->inbox().id.toString()}, {u"since"_s, toRfc3339(at(-1h).at.value())}}));
        QVERIFY2(asked, asked ? "" : qPrintable(describe(asked.error())));
        const QJsonObject gap = settledGap();
        QCOMPARE(gap.value("id"_L1), asked->value("gap_id"_L1));
        QCOMPARE(gap.value("state"_L1).toString(), u"recovered"_s);
        QCOMPARE(gap.value("recovered"_L1).toInt(), 1);
        QCOMPARE(spoken(conversation), (QStringList{u"seen"_s, u"lost"_s}));
        QVERIFY(lineOf(conversation).isEmpty());       // nobody was offline
    }

    /// The wish is followed where the system can, and said where it can't.
    void saysThatTheComputerCannotBeKeptAwake()
    {
        QCOMPARE(m_world->server().terminate(), 0);
        m_world->server().environment.insert(u"DBUS_SYSTEM_BUS_ADDRESS"_s, u"unix:path=/nonexistent/bus"_s);
        QCOMPARE(comeBack(), QString());
        QCOMPARE(m_world->inbox().state, Inbox::State::Active);
        const auto set = test::waitFor(m_world->client().call(u"settings.set"_s, {{u"values"_s, QJsonObject{{u"keep_awake"_s, u"always"_s}}}}));
        QVERIFY(set);
        const auto state = [this] {
            const auto got = test::waitFor(m_world->client().call(u"settings.get"_s, {{u"keys"_s, QJsonArray{u"keep_awake_state"_s}}}));
            return got ? got->value("values"_L1).toObject().value("keep_awake_state"_L1).toString() : QString();
        };
        QTRY_COMPARE_WITH_TIMEOUT(state(), u"not_available"_s, 20'000);
        QVERIFY(test::waitFor(m_world->client().call(u"settings.set"_s, {{u"values"_s, QJsonObject{{u"keep_awake"_s, u"off"_s}}}})));
        QTRY_COMPARE_WITH_TIMEOUT(state(), u"off"_s, 20'000);
    }

    void aShortStopIsNoGap()
    {
        QCOMPARE(m_world->server().terminate(), 0);
        QCOMPARE(comeBack(), QString());
        QVERIFY(gaps().isEmpty());
    }

private:
    demo::SimulatedTikTok &tiktok() { return m_world->tiktok(); }

    static demo::EventOptions at(Milliseconds fromNow)
    {
        demo::EventOptions options;
        options.at = SystemClock().now() + fromNow;
        return options;
    }

    /// Found by the lists only.
    static demo::EventOptions unseen(Milliseconds fromNow)
    {
        demo::EventOptions options = at(fromNow);
        options.withWebhook = false;
        return options;
    }

    /// Stops the server and lets it have been so for a while: its own marks say when it was there last.
    void stopFor(Milliseconds length)
    {
        QCOMPARE(m_world->server().terminate(), 0);
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"marks"_s);
            database.setDatabaseName(m_world->server().dataDir() + u"/antiphon.db"_s);
            QVERIFY(database.open());
            QSqlQuery query(database);
            QVERIFY(query.exec(u"UPDATE cursor SET value = CAST(value AS INTEGER) - %1 WHERE scope IN ('alive_at', 'alive_until')"_s.arg(length.count())));
            QCOMPARE(query.numRowsAffected(), 2);
            QVERIFY(query.exec(u"UPDATE inbox SET created_at = created_at - 999999999"_s));
        }
        QSqlDatabase::removeDatabase(u"marks"_s);
    }

    QString comeBack()
    {
        if (!m_world->server().start())
            return u"the server did not start again: "_s + m_world->server().standardError();
        return m_world->openSession();
    }

    QJsonArray gaps()
    {
        const auto page = test::waitFor(m_world->client().call(u"intake.gaps"_s));
        return page ? page->value("items"_L1).toArray() : QJsonArray();
    }

    /// The newest gap, once nothing is open any more.
    QJsonObject settledGap()
    {
        QJsonObject newest;
        const bool isSettled = QTest::qWaitFor(
            [&] {
                const QJsonArray all = gaps();
                newest = all.isEmpty() ? QJsonObject() : all.first().toObject();
                return !all.isEmpty() && std::none_of(all.begin(), all.end(), [](const QJsonValue &gap) { return gap.toObject().value("state"_L1) == "open"_L1; });
            },
            60'000);
        return isSettled ? newest : QJsonObject{{u"state"_s, u"still open: "_s + newest.value("note"_L1).toString()}};
    }

    /// What was said in a conversation, in its order.
    QStringList spoken(const QString &conversation)
    {
        QStringList words;
        const QList<Message> all = m_world->messages(conversation);
        for (const Message &message : all) {
            if (message.direction != Message::Direction::Activity)
                words.append(message.content);
        }
        return words;
    }

    /// The line about the absence.
    QJsonObject lineOf(const QString &conversation)
    {
        const QList<Message> all = m_world->messages(conversation);
        for (const Message &message : all) {
            if (message.activity.value("kind"_L1) == "away"_L1)
                return message.activity;
        }
        return {};
    }

    std::unique_ptr<test::TiktokWorld> m_world;
};

ANTIPHON_TEST(AwayFlow)
#include "tst_away.moc"
