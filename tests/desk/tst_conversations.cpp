#include "core/store/inboxrepository.h"
#include "tests/desk/seatedtest.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

QStringList idsOf(const QJsonObject &page)
{
    QStringList ids;
    const QJsonArray items = page.value("items"_L1).toArray();
    for (const QJsonValue &item : items)
        ids.append(item.toObject().value("id"_L1).toString());
    return ids;
}

QJsonObject filtered(const QJsonObject &filter)
{
    return {{u"filter"_s, filter}};
}

/// The activity line that was written last: its object.
QJsonObject lastLine(Seat &seat, ConversationId conversation)
{
    const QJsonArray items = seat.result(u"messages.list"_s, {{u"conversation_id"_s, conversation.toString()}}).value("items"_L1).toArray();
    return items.isEmpty() ? QJsonObject() : items.last().toObject().value("activity"_L1).toObject();
}

} // namespace

class ConversationsTest : public SeatedTest {
    Q_OBJECT
private slots:
    void showsAConversationWhole()
    {
        const ConversationId id = m_desk->addConversation(u"Ana"_s);
        const QJsonObject silent = m_seat->result(u"conversations.get"_s, idOf(id.value()));
        QCOMPARE(silent.value("reply_window"_L1).toObject().value("open"_L1), QJsonValue(false));
        QVERIFY(silent.value("reply_window"_L1).toObject().value("closes_at"_L1).isNull());
        QCOMPARE(silent.value("can_reply"_L1), QJsonValue(false));
        const MessageId message = m_desk->receive(id, u"hello"_s);
        const QJsonObject shown = m_seat->result(u"conversations.get"_s, idOf(id.value()));
        QCOMPARE(shown.value("contact"_L1).toObject().value("name"_L1).toString(), u"Ana"_s);
        QCOMPARE(shown.value("contact"_L1).toObject().value("identifiers"_L1).toArray().at(0).toObject().value("source_id"_L1).toString(), u"thread-1"_s);
        QCOMPARE(shown.value("last_message"_L1).toObject().value("id"_L1).toString(), message.toString());
        QCOMPARE(shown.value("unread_count"_L1).toInt(), 1);
        QCOMPARE(shown.value("reply_window"_L1).toObject().value("rule"_L1).toString(), u"tiktok_48h"_s);
        QCOMPARE(shown.value("reply_window"_L1).toObject().value("open"_L1), QJsonValue(true));
        QCOMPARE(shown.value("reply_window"_L1).toObject().value("closes_at"_L1).toString(),
                 toRfc3339(m_desk->store.clock().now() + std::chrono::hours(48)));
        QCOMPARE(shown.value("can_reply"_L1), QJsonValue(true));
        m_desk->store.clock().advance(std::chrono::hours(48) - Milliseconds(1));
        QCOMPARE(m_seat->result(u"conversations.get"_s, idOf(id.value())).value("can_reply"_L1), QJsonValue(true));
        m_desk->store.clock().advance(Milliseconds(1));
        QCOMPARE(m_seat->result(u"conversations.get"_s, idOf(id.value())).value("can_reply"_L1), QJsonValue(false));
        QCOMPARE(m_seat->error(u"conversations.get"_s, idOf(99)), u"-32003 not_found"_s);
        QCOMPARE(m_seat->error(u"conversations.get"_s, {{u"id"_s, 1}}), u"-32004 invalid id"_s);
        QCOMPARE(m_seat->error(u"conversations.get"_s), u"-32004 invalid id"_s);
    }

    void listsInEverySort_data()
    {
        QTest::addColumn<QString>("sort");
        QTest::addColumn<QStringList>("order");
        // 1: waits longest; 2: answered, high; 3: window closed; 4: never wrote; 5: newest
        QTest::newRow("default") << QString() << QStringList{u"5"_s, u"2"_s, u"1"_s, u"4"_s, u"3"_s};
        QTest::newRow("last_activity") << u"last_activity"_s << QStringList{u"5"_s, u"2"_s, u"1"_s, u"4"_s, u"3"_s};
        QTest::newRow("created") << u"created"_s << QStringList{u"5"_s, u"4"_s, u"3"_s, u"2"_s, u"1"_s};
        QTest::newRow("priority") << u"priority"_s << QStringList{u"2"_s, u"5"_s, u"1"_s, u"4"_s, u"3"_s};
        QTest::newRow("waiting_since") << u"waiting_since"_s << QStringList{u"3"_s, u"1"_s, u"5"_s, u"2"_s, u"4"_s};
        QTest::newRow("answer_first") << u"answer_first"_s << QStringList{u"1"_s, u"5"_s, u"2"_s, u"4"_s, u"3"_s};
        QTest::newRow("window_closing") << u"window_closing"_s << QStringList{u"1"_s, u"2"_s, u"5"_s, u"4"_s, u"3"_s};
    }

    void listsInEverySort()
    {
        QFETCH(QString, sort);
        QFETCH(QStringList, order);
        for (int i = 1; i <= 5; ++i)
            m_desk->addConversation();
        const qint64 now = toUnixMs(m_desk->store.clock().now());
        const auto set = [&](int id, const QString &columns) { m_desk->store.run(u"UPDATE conversation SET %1 WHERE id = %2"_s.arg(columns).arg(id)); };
        for (int i = 1; i <= 5; ++i)
            set(i, u"created_at = %1"_s.arg(now - 100'000'000 + i));
        set(1, u"last_activity_at = %1, waiting_since = %1, window_closes_at = %2"_s.arg(now - 3000).arg(now + 1000));
        set(2, u"last_activity_at = %1, priority = 3, window_closes_at = %2"_s.arg(now - 2000).arg(now + 2000));
        set(3, u"last_activity_at = %1, waiting_since = %1, window_closes_at = %2"_s.arg(now - 90'000'000).arg(now - 1));
        set(4, u"last_activity_at = %1"_s.arg(now - 4000));
        set(5, u"last_activity_at = %1, waiting_since = %1, window_closes_at = %2"_s.arg(now - 1000).arg(now + 3000));
        QJsonObject params{{u"limit"_s, 2}};
        if (!sort.isEmpty())
            params.insert(u"sort"_s, sort);
        QStringList seen;
        for (int page = 0; page < 5; ++page) {
            const QJsonObject answer = m_seat->result(u"conversations.list"_s, params);
            QCOMPARE(answer.value("seq"_L1).toInteger(), m_desk->head());
            seen += idsOf(answer);
            if (answer.value("next_cursor"_L1).isNull())
                break;
            params.insert(u"cursor"_s, answer.value("next_cursor"_L1));
        }
        QCOMPARE(seen, order);
    }

    void filters_data()
    {
        QTest::addColumn<QJsonObject>("filter");
        QTest::addColumn<QStringList>("ids");
        QTest::newRow("none") << QJsonObject() << QStringList{u"1"_s, u"2"_s, u"3"_s, u"4"_s};
        QTest::newRow("inbox") << QJsonObject{{u"inbox_id"_s, u"1"_s}} << QStringList{u"1"_s, u"2"_s, u"3"_s, u"4"_s};
        QTest::newRow("other inbox") << QJsonObject{{u"inbox_id"_s, u"2"_s}} << QStringList();
        QTest::newRow("status") << QJsonObject{{u"status"_s, u"resolved"_s}} << QStringList{u"4"_s};
        QTest::newRow("statuses") << QJsonObject{{u"status"_s, QJsonArray{u"resolved"_s, u"pending"_s}}} << QStringList{u"3"_s, u"4"_s};
        QTest::newRow("mine") << QJsonObject{{u"assignee_id"_s, u"me"_s}} << QStringList{u"1"_s};
        QTest::newRow("of agent 3") << QJsonObject{{u"assignee_id"_s, u"3"_s}} << QStringList{u"2"_s};
        QTest::newRow("nobody's") << QJsonObject{{u"assignee_id"_s, u"none"_s}} << QStringList{u"3"_s, u"4"_s};
        QTest::newRow("nobody's, as null") << QJsonObject{{u"assignee_id"_s, QJsonValue::Null}} << QStringList{u"3"_s, u"4"_s};
        QTest::newRow("unread") << QJsonObject{{u"unread"_s, true}} << QStringList{u"2"_s};
        QTest::newRow("label") << QJsonObject{{u"label"_s, u"vip"_s}} << QStringList{u"1"_s};
        QTest::newRow("priority") << QJsonObject{{u"priority"_s, u"urgent"_s}} << QStringList{u"3"_s};
        QTest::newRow("no priority") << QJsonObject{{u"priority"_s, u"none"_s}, {u"status"_s, u"open"_s}} << QStringList{u"1"_s, u"2"_s};
        QTest::newRow("unattended") << QJsonObject{{u"unattended"_s, true}} << QStringList{u"2"_s, u"3"_s};
        QTest::newRow("closing soon") << QJsonObject{{u"closing_soon"_s, true}} << QStringList{u"3"_s};
        QTest::newRow("contact") << QJsonObject{{u"contact_id"_s, u"2"_s}} << QStringList{u"2"_s};
        QTest::newRow("two together") << QJsonObject{{u"assignee_id"_s, u"none"_s}, {u"status"_s, u"pending"_s}} << QStringList{u"3"_s};
    }

    void filters()
    {
        QFETCH(QJsonObject, filter);
        QFETCH(QStringList, ids);
        for (int i = 1; i <= 4; ++i)
            m_desk->addConversation();
        m_desk->receive(ConversationId(2), u"hi"_s);
        const qint64 now = toUnixMs(m_desk->store.clock().now());
        m_desk->store.run(u"UPDATE conversation SET assignee_id = 1, first_reply_created_at = 1 WHERE id = 1"_s);
        m_desk->store.run(u"UPDATE conversation SET assignee_id = 3 WHERE id = 2"_s);
        m_desk->store.run(u"UPDATE conversation SET status = 'pending', priority = 4, window_closes_at = %1 WHERE id = 3"_s.arg(now + 3'600'000));
        m_desk->store.run(u"UPDATE conversation SET status = 'resolved', window_closes_at = %1 WHERE id = 4"_s.arg(now + 3'600'000));
        m_seat->result(u"conversations.update"_s, {{u"id"_s, u"1"_s}, {u"labels"_s, QJsonArray{u"VIP"_s}}});
        QStringList found = idsOf(m_seat->result(u"conversations.list"_s, filtered(filter)));
        found.sort();
        QCOMPARE(found, ids);
    }

    void refusesWrongLists_data()
    {
        QTest::addColumn<QJsonObject>("params");
        QTest::addColumn<QString>("error");
        QTest::newRow("status") << filtered({{u"status"_s, u"closed"_s}}) << u"-32004 invalid filter.status"_s;
        QTest::newRow("assignee") << filtered({{u"assignee_id"_s, u"you"_s}}) << u"-32004 invalid filter.assignee_id"_s;
        QTest::newRow("inbox") << filtered({{u"inbox_id"_s, u"-1"_s}}) << u"-32004 invalid filter.inbox_id"_s;
        QTest::newRow("unread") << filtered({{u"unread"_s, u"yes"_s}}) << u"-32004 invalid filter.unread"_s;
        QTest::newRow("unknown") << filtered({{u"colour"_s, u"red"_s}}) << u"-32004 invalid filter.colour"_s;
        QTest::newRow("filter no object") << QJsonObject{{u"filter"_s, 1}} << u"-32004 invalid filter"_s;
        QTest::newRow("sort") << QJsonObject{{u"sort"_s, u"name"_s}} << u"-32004 invalid sort"_s;
        QTest::newRow("limit 0") << QJsonObject{{u"limit"_s, 0}} << u"-32004 invalid limit"_s;
        QTest::newRow("limit 201") << QJsonObject{{u"limit"_s, 201}} << u"-32004 invalid limit"_s;
        QTest::newRow("limit 1.5") << QJsonObject{{u"limit"_s, 1.5}} << u"-32004 invalid limit"_s;
        QTest::newRow("limit as text") << QJsonObject{{u"limit"_s, u"5"_s}} << u"-32004 invalid limit"_s;
        QTest::newRow("limit 200") << QJsonObject{{u"limit"_s, 200}} << u"ok"_s;
        QTest::newRow("cursor") << QJsonObject{{u"cursor"_s, u"abc"_s}} << u"-32004 invalid cursor"_s;
        QTest::newRow("cursor of another sort") << QJsonObject{{u"cursor"_s, u"WyJ2IiwiY3JlYXRlZCIsIjAiLCIwIiwiMSIsIjEiLCIxIl0"_s}} << u"-32004 invalid cursor"_s;
        QTest::newRow("cursor of this sort") << QJsonObject{{u"cursor"_s, u"WyJ2IiwiY3JlYXRlZCIsIjAiLCIwIiwiMSIsIjEiLCIxIl0"_s}, {u"sort"_s, u"created"_s}} << u"ok"_s;
    }

    void refusesWrongLists()
    {
        QFETCH(QJsonObject, params);
        QFETCH(QString, error);
        QCOMPARE(m_seat->error(u"conversations.list"_s, params), error);
    }

    void counts()
    {
        for (int i = 1; i <= 4; ++i)
            m_desk->addConversation();
        m_desk->receive(ConversationId(1), u"a"_s);
        m_desk->receive(ConversationId(1), u"b"_s);
        m_desk->receive(ConversationId(2), u"c"_s);
        m_desk->store.run(u"UPDATE conversation SET assignee_id = 1 WHERE id = 1"_s);
        m_desk->store.run(u"UPDATE conversation SET first_reply_created_at = 1, assignee_id = 2 WHERE id = 3"_s);
        m_desk->store.run(u"UPDATE conversation SET status = 'resolved' WHERE id = 4"_s);
        m_desk->store.clock().advance(std::chrono::hours(45));
        const QJsonObject all = m_seat->result(u"conversations.counts"_s);
        QCOMPARE(all.value("all"_L1).toInt(), 4);
        QCOMPARE(all.value("mine"_L1).toInt(), 1);
        QCOMPARE(all.value("unassigned"_L1).toInt(), 2);
        QCOMPARE(all.value("unread"_L1).toInt(), 2);
        QCOMPARE(all.value("unattended"_L1).toInt(), 2);
        QCOMPARE(all.value("closing_soon"_L1).toInt(), 2);
        QCOMPARE(all.value("by_inbox"_L1).toObject(), QJsonObject({{u"1"_s, 2}}));
        const QJsonObject open = m_seat->result(u"conversations.counts"_s, filtered({{u"status"_s, u"open"_s}}));
        QCOMPARE(open.value("all"_L1).toInt(), 3);
        QCOMPARE(open.value("unassigned"_L1).toInt(), 1);
        QCOMPARE(m_seat->error(u"conversations.counts"_s, filtered({{u"x"_s, 1}})), u"-32004 invalid filter.x"_s);
    }

    void updatesWithALineForEachChange()
    {
        const ConversationId id = m_desk->addConversation();
        m_desk->receive(id, u"hi"_s);
        const QString text = id.toString();
        QJsonObject changed = m_seat->result(u"conversations.update"_s, {{u"id"_s, text}, {u"status"_s, u"resolved"_s}});
        QCOMPARE(changed.value("status"_L1).toString(), u"resolved"_s);
        QVERIFY(changed.value("waiting_since"_L1).isNull());
        QJsonObject line = lastLine(*m_seat, id);
        QCOMPARE(line.value("kind"_L1).toString(), u"status"_s);
        QCOMPARE(line.value("from"_L1).toString(), u"open"_s);
        QCOMPARE(line.value("to"_L1).toString(), u"resolved"_s);
        QCOMPARE(line.value("actor_name"_L1).toString(), u"The owner"_s);
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"conversation.updated"_s).value("data"_L1).toObject().value("status"_L1).toString(), u"resolved"_s);

        changed = m_seat->result(u"conversations.update"_s, {{u"id"_s, text}, {u"assignee_id"_s, u"3"_s}});
        QCOMPARE(changed.value("assignee_id"_L1).toString(), u"3"_s);
        QCOMPARE(lastLine(*m_seat, id).value("to_name"_L1).toString(), u"The agent"_s);
        changed = m_seat->result(u"conversations.update"_s, {{u"id"_s, text}, {u"assignee_id"_s, QJsonValue::Null}});
        QVERIFY(changed.value("assignee_id"_L1).isNull());

        changed = m_seat->result(u"conversations.update"_s, {{u"id"_s, text}, {u"priority"_s, u"high"_s}, {u"labels"_s, QJsonArray{u"Spare Parts"_s, u"vip"_s}}});
        QCOMPARE(changed.value("priority"_L1).toString(), u"high"_s);
        QCOMPARE(changed.value("labels"_L1).toArray(), QJsonArray({u"spare-parts"_s, u"vip"_s}));
        QCOMPARE(lastLine(*m_seat, id).value("kind"_L1).toString(), u"labels"_s);
        QCOMPARE(changed.value("unread_count"_L1).toInt(), 1);   // lines don't count
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"label.created"_s).value("data"_L1).toObject().value("title"_L1).toString(), u"vip"_s);

        const qint64 head = m_desk->head();
        m_seat->result(u"conversations.update"_s, {{u"id"_s, text}, {u"priority"_s, u"high"_s}, {u"status"_s, u"resolved"_s}});
        QCOMPARE(m_desk->head(), head);   // nothing changed, nothing told
    }

    void refusesWrongUpdates_data()
    {
        QTest::addColumn<QJsonObject>("params");
        QTest::addColumn<QString>("error");
        QTest::newRow("status") << QJsonObject{{u"status"_s, u"done"_s}} << u"-32004 invalid status"_s;
        QTest::newRow("assignee unknown") << QJsonObject{{u"assignee_id"_s, u"77"_s}} << u"-32004 invalid assignee_id"_s;
        QTest::newRow("assignee no id") << QJsonObject{{u"assignee_id"_s, u"x"_s}} << u"-32004 invalid assignee_id"_s;
        QTest::newRow("priority") << QJsonObject{{u"priority"_s, u"huge"_s}} << u"-32004 invalid priority"_s;
        QTest::newRow("labels") << QJsonObject{{u"labels"_s, QJsonArray{u"a/b"_s}}} << u"-32004 invalid labels"_s;
        QTest::newRow("labels no list") << QJsonObject{{u"labels"_s, u"a"_s}} << u"-32004 invalid labels"_s;
        QTest::newRow("snooze past") << QJsonObject{{u"snoozed_until"_s, u"2001-01-01T00:00:00Z"_s}} << u"-32004 invalid snoozed_until"_s;
        QTest::newRow("snooze open") << QJsonObject{{u"status"_s, u"open"_s}, {u"snoozed_until"_s, u"2099-01-01T00:00:00Z"_s}} << u"-32004 invalid snoozed_until"_s;
    }

    void refusesWrongUpdates()
    {
        QFETCH(QJsonObject, params);
        QFETCH(QString, error);
        const ConversationId id = m_desk->addConversation();
        const qint64 head = m_desk->head();
        params.insert(u"id"_s, id.toString());
        QCOMPARE(m_seat->error(u"conversations.update"_s, params), error);
        QCOMPARE(m_desk->head(), head);
        params.insert(u"id"_s, u"99"_s);
        if (error.contains(u"unknown"_s))
            QCOMPARE(m_seat->error(u"conversations.update"_s, params), u"-32003 not_found"_s);
    }

    void refusesToReopenBesideAnOpenOne()
    {
        const ConversationId old = m_desk->addConversation();
        m_seat->result(u"conversations.update"_s, {{u"id"_s, old.toString()}, {u"status"_s, u"resolved"_s}});
        m_desk->store.run(u"INSERT INTO conversation (inbox_id, contact_id, contact_inbox_id, status, last_activity_at, created_at) VALUES (1, 1, 1, 'open', 1, 1)"_s);
        QCOMPARE(m_seat->error(u"conversations.update"_s, {{u"id"_s, old.toString()}, {u"status"_s, u"open"_s}, {u"priority"_s, u"low"_s}}),
                 u"-32005 conflict status"_s);
        QVERIFY(m_seat->result(u"conversations.get"_s, idOf(old.value())).value("priority"_L1).isNull());   // all or nothing
    }

    void opensSnoozedOnesInTime()
    {
        const ConversationId soon = m_desk->addConversation();
        const ConversationId untilReply = m_desk->addConversation();
        const Timestamp due = m_desk->store.clock().now() + std::chrono::hours(1);
        const QJsonObject snoozed = m_seat->result(u"conversations.update"_s, {{u"id"_s, soon.toString()}, {u"snoozed_until"_s, toRfc3339(due)}});
        QCOMPARE(snoozed.value("status"_L1).toString(), u"snoozed"_s);
        QCOMPARE(snoozed.value("snoozed_until"_L1).toString(), toRfc3339(due));
        m_seat->result(u"conversations.update"_s, {{u"id"_s, untilReply.toString()}, {u"status"_s, u"snoozed"_s}});
        m_desk->store.clock().advance(std::chrono::minutes(59));
        checkTimers();
        QCOMPARE(m_seat->result(u"conversations.get"_s, idOf(soon.value())).value("status"_L1).toString(), u"snoozed"_s);
        m_desk->store.clock().advance(std::chrono::minutes(1));
        checkTimers();
        const QJsonObject opened = m_seat->result(u"conversations.get"_s, idOf(soon.value()));
        QCOMPARE(opened.value("status"_L1).toString(), u"open"_s);
        QVERIFY(opened.value("snoozed_until"_L1).isNull());
        QCOMPARE(lastLine(*m_seat, soon).value("actor_kind"_L1).toString(), u"system"_s);
        QCOMPARE(m_seat->result(u"conversations.get"_s, idOf(untilReply.value())).value("status"_L1).toString(), u"snoozed"_s);
    }

    void opensOverdueOnesAtStart()
    {
        for (int i = 0; i < 250; ++i)
            m_desk->addConversation();
        m_desk->store.run(u"UPDATE conversation SET status = 'snoozed', snoozed_until = 5"_s);
        m_seat.reset();
        m_desk->makeDesk();
        m_desk->desk->start();
        QVERIFY(TemporaryStore::waitFor([&] { return m_desk->store.integer(u"SELECT COUNT(*) FROM conversation WHERE status = 'open'"_s) == 250; }));
    }

    void tellsWhenAWindowCloses()
    {
        checkTimers();
        const ConversationId id = m_desk->addConversation();
        m_desk->receive(id, u"hi"_s);
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        const qint64 head = m_desk->head();
        m_desk->store.clock().advance(std::chrono::hours(48) - Milliseconds(1));
        checkTimers();
        QCOMPARE(m_desk->head(), head);
        m_desk->store.clock().advance(Milliseconds(1));
        checkTimers();
        QVERIFY(m_seat->waitForSeq(head + 1));
        const QJsonObject told = m_seat->lastEvent(u"conversation.updated"_s).value("data"_L1).toObject();
        QCOMPARE(told.value("id"_L1).toString(), id.toString());
        QCOMPARE(told.value("reply_window"_L1).toObject().value("open"_L1), QJsonValue(false));
        QCOMPARE(told.value("can_reply"_L1), QJsonValue(false));
        checkTimers();
        QCOMPARE(m_desk->head(), head + 1);   // once
    }

    void marksReadUpToAMessageAndNeverBackwards()
    {
        const ConversationId id = m_desk->addConversation();
        const Timestamp now = m_desk->store.clock().now();
        const MessageId first = m_desk->receive(id, u"1"_s, now);
        const MessageId second = m_desk->receive(id, u"2"_s, now + Milliseconds(10));
        const MessageId third = m_desk->receive(id, u"3"_s, now + Milliseconds(20));
        const auto mark = [&](MessageId message) {
            return m_seat->result(u"conversations.mark_read"_s, {{u"id"_s, id.toString()}, {u"message_id"_s, message.toString()}}).value("unread_count"_L1).toInt();
        };
        QCOMPARE(mark(second), 1);
        QCOMPARE(mark(first), 1);
        m_desk->receive(id, u"late"_s, now + Milliseconds(5));   // above what was read, and new all the same
        QCOMPARE(m_seat->result(u"conversations.get"_s, idOf(id.value())).value("unread_count"_L1).toInt(), 2);
        QCOMPARE(mark(third), 0);
        const qint64 head = m_desk->head();
        QCOMPARE(mark(third), 0);
        QCOMPARE(m_desk->head(), head);
        Seat other(*m_desk->desk);
        other.open(DeskFixture::token(Agent::Role::Agent));
        QCOMPARE(other.result(u"conversations.get"_s, idOf(id.value())).value("unread_count"_L1).toInt(), 4);   // each agent's own
        const ConversationId elsewhere = m_desk->addConversation();
        const MessageId foreign = m_desk->receive(elsewhere, u"x"_s);
        QCOMPARE(m_seat->error(u"conversations.mark_read"_s, {{u"id"_s, id.toString()}, {u"message_id"_s, foreign.toString()}}), u"-32004 invalid message_id"_s);
    }

    void marksUnreadFromTheLastIncomingOn()
    {
        const ConversationId id = m_desk->addConversation();
        QCOMPARE(m_seat->result(u"conversations.mark_unread"_s, idOf(id.value())).value("unread_count"_L1).toInt(), 0);   // nothing came in yet
        m_desk->receive(id, u"1"_s);
        const MessageId last = m_desk->receive(id, u"2"_s);
        QCOMPARE(m_seat->result(u"conversations.mark_unread"_s, idOf(id.value())).value("unread_count"_L1).toInt(), 2);   // it is unread already
        m_seat->result(u"conversations.mark_read"_s, {{u"id"_s, id.toString()}, {u"message_id"_s, last.toString()}});
        QCOMPARE(m_seat->result(u"conversations.mark_unread"_s, idOf(id.value())).value("unread_count"_L1).toInt(), 1);
        QCOMPARE(m_seat->result(u"conversations.mark_read"_s, {{u"id"_s, id.toString()}, {u"message_id"_s, last.toString()}}).value("unread_count"_L1).toInt(), 0);
    }

    void hidesConversationsOfADeletedInbox()
    {
        const ConversationId id = m_desk->addConversation();
        m_desk->store.run(u"UPDATE inbox SET deleted_at = 1"_s);
        QCOMPARE(m_seat->error(u"conversations.get"_s, idOf(id.value())), u"-32003 not_found"_s);
        QVERIFY(idsOf(m_seat->result(u"conversations.list"_s)).isEmpty());
        QCOMPARE(m_seat->result(u"conversations.counts"_s).value("all"_L1).toInt(), 0);
    }

private:
    void checkTimers()
    {
        bool done = false;
        const auto connection = connect(&m_desk->desk->timers(), &ConversationTimers::checked, this, [&] { done = true; });
        m_desk->desk->timers().check();
        QVERIFY(TemporaryStore::waitFor([&] { return done; }));
        disconnect(connection);
    }
};

ANTIPHON_TEST(ConversationsTest)
#include "tst_conversations.moc"
