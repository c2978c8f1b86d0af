#include "tests/flows/botworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

#define EVENTUALLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 30'000)
#define EVENTUALLY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 30'000)

/// A machine that nobody can reach from outside: Telegram and Twilio are asked, LINE says what is missing.
class PollingFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::BotWorld>();
        QCOMPARE(m_world->start(false), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void telegramIsAskedAndAnswered()
    {
        telegram().customerWrites(kAna, u"before you were there"_s);
        QCOMPARE(m_world->connect(m_world->telegramAccount()), QString());
        QCOMPARE(m_world->inbox(u"telegram"_s)[u"delivery"_s].toString(), u"poll"_s);
        EVENTUALLY_COMPARE(texts(), QStringList{u"before you were there"_s});
        telegram().customerWrites(kAna, u"hello"_s);
        EVENTUALLY_COMPARE(texts(), QStringList({u"before you were there"_s, u"hello"_s}));
        QVERIFY(telegram().webhook().isEmpty());
        const QString id = m_world->send(kThread, u"Hi!"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->status(kThread, id), u"sent"_s);
        EVENTUALLY_COMPARE(telegram().pending(), 0);        // what is stored is confirmed
    }

    void aCrashNeitherLosesNorRepeats()
    {
        QStringList expected = texts();
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 5; ++i) {
                expected.append(u"%1-%2"_s.arg(round).arg(i));
                telegram().customerWrites(kAna, expected.last());
            }
            m_world->server().kill();
            expected.append(u"%1 while down"_s.arg(round));
            telegram().customerWrites(kAna, expected.last());
            QCOMPARE(m_world->restart(), QString());
        }
        EVENTUALLY_COMPARE(texts(), expected);
        EVENTUALLY_COMPARE(telegram().pending(), 0);
        QCOMPARE(texts(), expected);
    }

    void anotherPollerIsSaidAndOutlasted()
    {
        telegram().setOtherPoller(true);
        telegram().customerWrites(kAna, u"between two"_s);
        const auto isTold = [this] {
            const QJsonArray checks = m_world->desk().result(u"inboxes.check"_s, {{u"id"_s, m_world->inbox(u"telegram"_s)[u"id"_s]}})[u"checks"_s].toArray();
            return std::any_of(checks.begin(), checks.end(), [](const QJsonValue &one) { return !one[u"ok"_s].toBool(); });
        };
        EVENTUALLY(isTold());
        const int calls = telegram().count(u"getUpdates"_s);
        telegram().setOtherPoller(false);
        QTRY_COMPARE_WITH_TIMEOUT(texts().last(), u"between two"_s, 120'000);       // it asks once a minute
        QVERIFY(telegram().count(u"getUpdates"_s) <= calls + 4);
        EVENTUALLY(!isTold());
    }

    void aWebhookThatStandsInTheWayIsTakenOff()
    {
        const QString inbox = m_world->inbox(u"telegram"_s)[u"id"_s].toString();
        QCOMPARE(m_world->desk().verdict(u"inboxes.delete"_s, {{u"id"_s, inbox}}), u"ok"_s);
        test::http("GET", QUrl(telegram().apiUrl().toString() + u"/bot%1/setWebhook?url=https://elsewhere.example/x"_s.arg(telegram().token())));
        QVERIFY(!telegram().webhook().isEmpty());
        QCOMPARE(m_world->connect(m_world->telegramAccount(u"poll"_s)), QString());
        telegram().customerWrites(kAna, u"and now?"_s);
        const auto isThere = [this] {
            const QJsonArray all = m_world->conversations();
            return std::any_of(all.begin(), all.end(), [](const QJsonValue &one) { return one[u"last_message"_s][u"content"_s] == u"and now?"_s; });
        };
        EVENTUALLY(isThere());
        QVERIFY(telegram().webhook().isEmpty());
    }

    void twilioIsListedAndItsStatusesAreAskedFor()
    {
        QCOMPARE(m_world->connect(m_world->twilioAccount()), QString());
        QCOMPARE(m_world->inbox(u"twilio"_s)[u"delivery"_s].toString(), u"poll"_s);
        const QString sid = twilio().customerWrites(kBob, u"by text"_s, {.withWebhook = false});
        QTRY_COMPARE_WITH_TIMEOUT(m_world->texts(kBob), QStringList{u"by text"_s}, 100'000);
        QCOMPARE(m_world->messages(kBob)[0][u"source_id"_s].toString(), sid);
        const QString id = m_world->send(kBob, u"Got it"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(twilio().sent().size(), 1);
        QCOMPARE(twilio().sent()[0].value(u"StatusCallback"_s), QString());       // it would refuse the send
        QTRY_COMPARE_WITH_TIMEOUT(m_world->status(kBob, id), u"delivered"_s, 100'000);
        QVERIFY(twilio().smsUrl().isEmpty());
    }

    void lineIsMadeAndSaysWhatIsMissing()
    {
        QCOMPARE(m_world->connect(m_world->lineAccount()), QString());
        QVERIFY(m_world->line().webhook().isEmpty());
        const QJsonObject inbox = m_world->inbox(u"line"_s);
        const QJsonObject checked = m_world->desk().result(u"inboxes.check"_s, {{u"id"_s, inbox[u"id"_s]}});
        QVERIFY(!checked[u"ok"_s].toBool());
        QVERIFY(m_world->check(u"line"_s, u"credentials"_s).startsWith("ok"_L1));
    }

private:
    demo::SimulatedTelegram &telegram() { return m_world->telegram(); }
    demo::SimulatedTwilio &twilio() { return m_world->twilio(); }
    /// What the customer wrote: Telegram's times are whole seconds, so ours may stand anywhere between.
    QStringList texts()
    {
        QStringList found;
        const QJsonArray all = m_world->messages(kThread);
        for (const QJsonValue &one : all) {
            if (one[u"direction"_s] == u"incoming"_s)
                found.append(one[u"content"_s].toString());
        }
        return found;
    }

    const demo::TelegramPerson kAna{.id = 5500000001, .firstName = u"Ana"_s};
    const QString kThread{u"5500000001"_s};
    const QString kBob{u"+15005550011"_s};
    std::unique_ptr<test::BotWorld> m_world;
};

ANTIPHON_TEST(PollingFlow)
#include "tst_polling.moc"
