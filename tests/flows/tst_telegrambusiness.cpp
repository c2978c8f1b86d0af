#include "tests/flows/botworld.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

#define EVENTUALLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 30'000)
#define EVENTUALLY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 30'000)

/// An owner's private chats that a bot answers for: who wrote what, which answer goes where, and when none may.
class TelegramBusinessFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::BotWorld>();
        QCOMPARE(m_world->start(), QString());
        QCOMPARE(m_world->connect(m_world->telegramAccount()), QString());
        m_connection = platform().connectBusiness(kOlga);
    }

    void cleanupTestCase() { m_world.reset(); }

    void init()
    {
        m_customer = {.id = 5500000100 + ++m_people, .firstName = u"Ana"_s, .username = u"ana_%1"_s.arg(m_people)};
        m_thread = u"b%1/%2"_s.arg(kOlga.id).arg(m_customer.id);
    }

    void theOwnersOwnWordsAreTheirCustomersThread()
    {
        const qint64 asked = platform().customerWrites(m_customer, u"Are you open today?"_s, {.connection = m_connection});
        EVENTUALLY(!at(asked).isEmpty());
        QCOMPARE(at(asked)[u"direction"_s].toString(), u"incoming"_s);
        const qint64 echo = platform().ownerWrites(m_connection, m_customer, u"Yes, until 8"_s);
        EVENTUALLY(!at(echo).isEmpty());
        QCOMPARE(at(echo)[u"direction"_s].toString(), u"outgoing"_s);
        QVERIFY(at(echo)[u"external_echo"_s].toBool());
        QCOMPARE(at(echo)[u"sender"_s][u"type"_s].toString(), u"native_app"_s);
        const QJsonObject conversation = m_world->conversation(m_thread);
        QCOMPARE(conversation[u"contact"_s][u"name"_s].toString(), u"Ana"_s);
        QCOMPARE(conversation[u"reply_window"_s][u"rule"_s].toString(), u"telegram_business_24h"_s);
        QVERIFY(conversation[u"waiting_since"_s].isNull());
        QVERIFY(m_world->conversation(QString::number(kOlga.id)).isEmpty());
    }

    void theOwnerMayWriteFirst()
    {
        const qint64 echo = platform().ownerWrites(m_connection, m_customer, u"Your parcel is here"_s);
        EVENTUALLY(!at(echo).isEmpty());
        const QJsonObject conversation = m_world->conversation(m_thread);
        QCOMPARE(conversation[u"contact"_s][u"name"_s].toString(), u"Ana"_s);
        QCOMPARE(conversation[u"unread_count"_s].toInt(), 0);
        QCOMPARE(conversation[u"reply_window"_s][u"open"_s], QJsonValue(false));
        QVERIFY(!conversation[u"can_reply"_s].toBool());
    }

    void ourOwnSendComesBackAsItself_data()
    {
        QTest::addColumn<bool>("isEarly");
        QTest::newRow("behind the answer") << false;
        QTest::newRow("before the answer") << true;
    }

    void ourOwnSendComesBackAsItself()
    {
        QFETCH(bool, isEarly);
        ask(u"Where can I park?"_s);
        platform().setEcho(isEarly ? demo::Echo::BeforeAnswer : demo::Echo::AfterAnswer, 400ms);
        const int announced = m_world->nativeAnnounced();
        const qint64 updates = platform().lastUpdate();
        const QString id = answered(u"Parking is **free**"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"sent"_s);
        EVENTUALLY(platform().lastUpdate() > updates && platform().pending() == 0 && m_world->stat(u"pending"_s) == 0 && m_world->stat(u"parked"_s) == 0);
        QCOMPARE(m_world->texts(m_thread).size(), 2);
        QCOMPARE(m_world->nativeAnnounced(), announced);
        const auto sent = platform().sent().last();
        QCOMPARE(sent.connection, m_connection);
        QCOMPARE(m_world->byId(m_thread, id)[u"source_id"_s].toString(), u"b%1/%2/%3"_s.arg(kOlga.id).arg(m_customer.id).arg(sent.messageId));
        QVERIFY(!m_world->byId(m_thread, id)[u"external_echo"_s].toBool());
        platform().setEcho(demo::Echo::AfterAnswer);
    }

    void theEchoSettlesASendWhoseAnswerWasLost()
    {
        ask(u"And tomorrow?"_s);
        platform().next(u"sendMessage"_s, {.httpStatus = 502, .takesEffect = true});
        const QString id = answered(u"Closed"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"sent"_s);
        QCOMPARE(m_world->texts(m_thread).size(), 2);
    }

    void anotherBotsWordsAreShownAsAnothers()
    {
        ask(u"hello"_s);
        const QJsonObject other{{u"id"_s, qint64(7000000099)}, {u"is_bot"_s, true}, {u"first_name"_s, u"Greeter"_s}, {u"username"_s, u"greeter_bot"_s}};
        const qint64 echo = platform().ownerWrites(m_connection, m_customer, u"Welcome!"_s, {.more = {{u"sender_business_bot"_s, other}}});
        const qint64 away = platform().ownerWrites(m_connection, m_customer, u"We are closed"_s, {.more = {{u"is_from_offline"_s, true}}});
        EVENTUALLY(!at(echo).isEmpty() && !at(away).isEmpty());
        QVERIFY(at(echo)[u"external_echo"_s].toBool());
        QVERIFY(at(away)[u"external_echo"_s].toBool());
    }

    void theBotsChatAndTheOwnersAreTwoThreadsOfOnePerson()
    {
        ask(u"to the owner"_s);
        platform().customerWrites(m_customer, u"to the bot"_s);
        const QString own = QString::number(m_customer.id);
        EVENTUALLY_COMPARE(m_world->texts(own), QStringList{u"to the bot"_s});
        QCOMPARE(m_world->texts(m_thread), QStringList{u"to the owner"_s});
        QCOMPARE(m_world->conversation(own)[u"contact"_s][u"id"_s], m_world->conversation(m_thread)[u"contact"_s][u"id"_s]);
        QVERIFY(m_world->conversation(own)[u"id"_s] != m_world->conversation(m_thread)[u"id"_s]);
        const QString here = answered(u"from the owner"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, here), u"sent"_s);
        QCOMPARE(platform().sent().last().connection, m_connection);
        const QString there = m_world->send(own, u"from the bot"_s)[u"id"_s].toString();
        EVENTUALLY_COMPARE(m_world->status(own, there), u"sent"_s);
        QCOMPARE(platform().sent().last().connection, QString());
        QCOMPARE(platform().sent().last().chat, m_customer.id);
    }

    void editsAndDeletionsReachTheirMessages()
    {
        const qint64 asked = ask(u"Are you open today?"_s);
        const qint64 echo = platform().ownerWrites(m_connection, m_customer, u"Yes"_s);
        platform().customerEdits(m_customer, asked, u"Are you open tomorrow?"_s, {.connection = m_connection});
        EVENTUALLY_COMPARE(at(asked)[u"content"_s].toString(), u"Are you open tomorrow?"_s);
        platform().deleteMessages(m_connection, m_customer, {asked, echo, 500});
        EVENTUALLY(at(asked)[u"deleted"_s].toBool() && at(echo)[u"deleted"_s].toBool());
        QCOMPARE(at(asked)[u"content"_s].toString(), QString());
        QCOMPARE(m_world->messages(m_thread).size(), 2);
        platform().customerWrites(m_customer, u"too late"_s, {.connection = m_connection, .messageId = 500});
        ask(u"and after it"_s);
        const QStringList texts = m_world->texts(m_thread);
        QVERIFY(!texts.contains(u"too late"_s));
    }

    void openingAConversationMarksItRead()
    {
        QCOMPARE(m_world->desk().verdict(u"inboxes.update"_s, {{u"id"_s, m_world->inbox(u"telegram"_s)[u"id"_s]}, {u"settings"_s, QJsonObject{{u"read_marks"_s, true}}}}), u"ok"_s);
        const qint64 asked = ask(u"read me"_s);
        QCOMPARE(m_world->desk().verdict(u"conversations.mark_read"_s, {{u"id"_s, m_world->conversation(m_thread)[u"id"_s]}, {u"message_id"_s, at(asked)[u"id"_s]}}), u"ok"_s);
        const auto isRead = [&] {
            const auto &read = platform().read();
            return std::any_of(read.begin(), read.end(), [&](const auto &one) { return one.connection == m_connection && one.chat == m_customer.id && one.messageId == asked; });
        };
        EVENTUALLY(isRead());
    }

    void afterADayTheOwnerAnswersInTheApp()
    {
        const qint64 asked = platform().customerWrites(m_customer, u"yesterday"_s, {.at = SystemClock().now() - 24h - 1min, .connection = m_connection});
        EVENTUALLY(!at(asked).isEmpty());
        QVERIFY(!m_world->conversation(m_thread)[u"can_reply"_s].toBool());
        QCOMPARE(m_world->conversation(m_thread)[u"reply_window"_s][u"open"_s], QJsonValue(false));
        QCOMPARE(refusal(), u"-32006"_s);
    }

    void withoutTheRightNobodyAnswers()
    {
        ask(u"hello"_s);
        platform().changeBusiness(m_connection, true, {u"can_read_messages"_s});
        EVENTUALLY(!m_world->conversation(m_thread)[u"can_reply"_s].toBool());
        QCOMPARE(refusal(), u"-32005"_s);
        platform().changeBusiness(m_connection, true, {u"can_reply"_s, u"can_read_messages"_s});
        EVENTUALLY(m_world->conversation(m_thread)[u"can_reply"_s].toBool());
        platform().changeBusiness(m_connection, false, {u"can_reply"_s});
        EVENTUALLY(!m_world->conversation(m_thread)[u"can_reply"_s].toBool());
    }

    void aConnectionThatIsMadeAnewGoesOnInTheSameThread()
    {
        const QString before = m_connection;
        platform().forgetBusiness(before);
        m_connection = platform().connectBusiness(kOlga);
        ask(u"back again"_s);
        EVENTUALLY(m_world->conversation(m_thread)[u"can_reply"_s].toBool());
        const QString id = answered(u"So are we"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"sent"_s);
        QCOMPARE(platform().sent().last().connection, m_connection);
    }

    void anUnknownConnectionIsAskedFor()
    {
        const demo::TelegramPerson tom{.id = 6600000002, .firstName = u"Tom"_s};
        const QString untold = platform().connectBusiness(tom, {u"can_reply"_s}, false);
        m_thread = u"b%1/%2"_s.arg(tom.id).arg(m_customer.id);
        platform().customerWrites(m_customer, u"Is Tom there?"_s, {.connection = untold});
        EVENTUALLY_COMPARE(m_world->texts(m_thread), QStringList{u"Is Tom there?"_s});
        const QString id = answered(u"He is"_s);
        EVENTUALLY_COMPARE(m_world->status(m_thread, id), u"sent"_s);
        QCOMPARE(platform().sent().last().connection, untold);
    }

private:
    demo::SimulatedTelegram &platform() { return m_world->telegram(); }

    QJsonObject at(qint64 id) { return m_world->message(m_thread, u"b%1/%2/%3"_s.arg(kOlga.id).arg(m_customer.id).arg(id)); }

    qint64 ask(const QString &text)
    {
        const qint64 id = platform().customerWrites(m_customer, text, {.connection = m_connection});
        [this, &id] { EVENTUALLY(!at(id).isEmpty()); }();
        return id;
    }

    QString refusal()
    {
        return m_world->desk()
            .verdict(u"messages.send"_s, {{u"conversation_id"_s, m_world->conversation(m_thread)[u"id"_s]}, {u"content"_s, u"hello?"_s}, {u"client_id"_s, u"refused"_s}})
            .section(u'/', 0, 0);
    }

    QString answered(const QString &text)
    {
        const QJsonObject queued = m_world->send(m_thread, text);
        if (!queued.contains(u"id"_s))
            qWarning().noquote() << "not queued:" << test::DeskWorld::wordsOf(queued);
        return queued[u"id"_s].toString();
    }

    const demo::TelegramPerson kOlga{.id = 6600000001, .firstName = u"Olga"_s, .username = u"olga_shop"_s};
    std::unique_ptr<test::BotWorld> m_world;
    demo::TelegramPerson m_customer;
    QString m_connection;
    QString m_thread;
    int m_people = 0;
};

ANTIPHON_TEST(TelegramBusinessFlow)
#include "tst_telegrambusiness.moc"
