#include "tests/desk/deskfixture.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QTest>

#include <random>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

/// A client as the contract describes it: it reads pages and then applies events. It knows nothing else.
class Replica {
public:
    void apply(const QJsonObject &frame)
    {
        if (frame.value("method"_L1) == "event"_L1) {
            const QJsonObject params = frame.value("params"_L1).toObject();
            const qint64 seq = params.value("seq"_L1).toInteger();
            if (seq == 0)
                return;
            isGapless = isGapless && (m_last == 0 || seq == m_last + 1);
            m_last = seq;
            applyEvent(seq, params.value("type"_L1).toString(), params.value("data"_L1).toObject());
            return;
        }
        const QJsonObject result = frame.value("result"_L1).toObject();
        if (result.contains("items"_L1) && result.contains("seq"_L1))
            takePage(result);
        else if (result.contains("unread_count"_L1))
            conversations.insert(result.value("id"_L1).toString(), result);
    }

    QMap<QString, QJsonObject> conversations;
    QMap<QString, QJsonObject> messages;
    bool isGapless = true;
    bool wasAheadOfEvents = true;      ///< no page was older than the events before it

private:
    void takePage(const QJsonObject &page)
    {
        const qint64 seq = page.value("seq"_L1).toInteger();
        wasAheadOfEvents = wasAheadOfEvents && seq >= m_last;
        const bool isOfMessages = page.contains("has_more_before"_L1);
        auto &known = isOfMessages ? messages : conversations;
        const QJsonArray items = page.value("items"_L1).toArray();
        for (const QJsonValue &item : items) {
            const QString id = item.toObject().value("id"_L1).toString();
            known.insert(id, item.toObject());
            m_readAt.insert((isOfMessages ? u"m"_s : u"c"_s) + id, seq);
        }
    }

    void applyEvent(qint64 seq, const QString &type, const QJsonObject &data)
    {
        const QString id = data.value("id"_L1).toString();
        const bool isMessage = type.startsWith("message."_L1);
        if (!isMessage && !type.startsWith("conversation."_L1))
            return;
        if (seq <= m_readAt.value((isMessage ? u"m"_s : u"c"_s) + id))
            return;   // the page had it already
        (isMessage ? messages : conversations).insert(id, data);
    }

    qint64 m_last = 0;
    QHash<QString, qint64> m_readAt;
};

/// Something that other seats and the platforms do, straight in the store.
void happen(DeskFixture &desk, std::mt19937 &dice, const QList<ConversationId> &conversations)
{
    const ConversationId id = conversations.at(qsizetype(dice() % size_t(conversations.size())));
    const unsigned what = dice() % 3;
    desk.store.writer().submit(
        dice() % 2 == 0 ? Writer::Priority::Urgent : Writer::Priority::Background, "happen",
        [id, what, text = QString::number(dice())](WriteTransaction &tx) -> Result<void> {
            if (what == 0) {
                Query insert = tx.query(u"INSERT INTO message (conversation_id, inbox_id, direction, content, sender_type, sender_id, created_at, received_at, updated_at) "
                                        "VALUES (:c, 1, 'incoming', :text, 'contact', 1, :now, :now, :now)"_s);
                insert.bind(":c"_L1, id).bind(":text"_L1, text).bind(":now"_L1, tx.now());
                if (const auto done = insert.exec(); !done)
                    return done;
                const qint64 message = insert.lastInsertId();
                Query update = tx.query(u"UPDATE conversation SET last_message_id = :m WHERE id = :c"_s);
                update.bind(":m"_L1, message).bind(":c"_L1, id);
                if (const auto done = update.exec(); !done)
                    return done;
                tx.changed(u"message.created"_s, message, InboxId(1));
            } else if (what == 1) {
                Query update = tx.query(u"UPDATE message SET content = :text WHERE id = (SELECT MIN(id) FROM message WHERE conversation_id = :c)"_s);
                update.bind(":text"_L1, text).bind(":c"_L1, id);
                if (const auto done = update.exec(); !done)
                    return done;
                Query oldest = tx.query(u"SELECT MIN(id) FROM message WHERE conversation_id = :c"_s);
                oldest.bind(":c"_L1, id);
                if (oldest.next() && !oldest.isNull(0))
                    tx.changed(u"message.updated"_s, oldest.integer(0), InboxId(1));
            } else {
                Query update = tx.query(u"UPDATE conversation SET priority = (priority + 1) % 5 WHERE id = :c"_s);
                update.bind(":c"_L1, id);
                if (const auto done = update.exec(); !done)
                    return done;
            }
            tx.changed(u"conversation.updated"_s, id.value(), InboxId(1));
            return {};
        },
        [](const Result<void> &) {});
}

/// One more request of the client itself, among all that happens.
void request(Seat &seat, std::mt19937 &dice, qint64 number, const QList<ConversationId> &conversations)
{
    const QString id = conversations.at(qsizetype(dice() % size_t(conversations.size()))).toString();
    switch (dice() % 4) {
    case 0: seat.post(number, u"conversations.list"_s, {{u"limit"_s, 200}}); break;
    case 1: seat.post(number, u"messages.list"_s, {{u"conversation_id"_s, id}, {u"limit"_s, 200}}); break;
    case 2: seat.post(number, u"conversations.update"_s, {{u"id"_s, id}, {u"status"_s, dice() % 2 == 0 ? u"open"_s : u"pending"_s}}); break;
    default: seat.post(number, u"conversations.get"_s, {{u"id"_s, id}}); break;
    }
}

} // namespace

class DeskOrderTest : public QObject {
    Q_OBJECT
private slots:
    void aClientThatReadsAndAppliesIsNeverWrong_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    void aClientThatReadsAndAppliesIsNeverWrong()
    {
        QFETCH(unsigned, seed);
        std::mt19937 dice(seed);
        DeskFixture desk;
        QList<ConversationId> conversations;
        for (int i = 0; i < 4; ++i)
            conversations.append(desk.addConversation());
        Seat seat(*desk.desk);
        seat.open(DeskFixture::token(Agent::Role::Owner));
        seat.post(1000, u"conversations.list"_s, {{u"limit"_s, 200}});
        for (qsizetype i = 0; i < conversations.size(); ++i)
            seat.post(1001 + i, u"messages.list"_s, {{u"conversation_id"_s, conversations.at(i).toString()}, {u"limit"_s, 200}});
        qint64 number = 2000;
        for (int step = 0; step < 250; ++step) {
            happen(desk, dice, conversations);
            if (dice() % 4 == 0)
                request(seat, dice, number++, conversations);
            if (dice() % 16 == 0) {
                const bool isSlow = seat.transport()->waiting > 0;
                seat.transport()->waiting = isSlow ? 0 : SessionTransport::kPauseAbove + 1;
                if (isSlow)
                    emit seat.transport()->drained();
            }
            if (dice() % 3 == 0)
                QCoreApplication::processEvents();
        }
        seat.transport()->waiting = 0;
        emit seat.transport()->drained();
        while (seat.error(u"session.ping"_s) != u"ok"_s)   // refused while too many wait; otherwise it is behind them all
            QCoreApplication::processEvents();
        desk.store.settle();
        QVERIFY(seat.waitForSeq(desk.head()));

        Replica replica;
        const auto frames = seat.frames();
        for (const QJsonObject &frame : frames)
            replica.apply(frame);
        QVERIFY(replica.isGapless);
        QVERIFY(replica.wasAheadOfEvents);
        Seat fresh(*desk.desk);
        fresh.open(DeskFixture::token(Agent::Role::Owner));
        for (const ConversationId id : std::as_const(conversations))
            QCOMPARE(replica.conversations.value(id.toString()), fresh.result(u"conversations.get"_s, idOf(id.value())));
        const qint64 messages = desk.store.integer(u"SELECT COUNT(*) FROM message WHERE direction = 'incoming'"_s).value_or(-1);
        QVERIFY(messages > 20);
        for (const ConversationId id : std::as_const(conversations)) {
            const QJsonArray items = fresh.result(u"messages.list"_s, {{u"conversation_id"_s, id.toString()}, {u"limit"_s, 200}}).value("items"_L1).toArray();
            for (const QJsonValue &item : items)
                QCOMPARE(replica.messages.value(item.toObject().value("id"_L1).toString()), item.toObject());
        }
    }
};

ANTIPHON_TEST(DeskOrderTest)
#include "tst_deskorder.moc"
