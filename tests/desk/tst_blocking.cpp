#include "tests/desk/seatedtest.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// A customer whom an agent wants to hear no more of.
class BlockingTest : public SeatedTest {
    Q_OBJECT
private slots:
    void blockingEndsWhatIsOpenAndUnread()
    {
        const ConversationId id = m_desk->addConversation();
        m_desk->receive(id, u"one"_s);
        m_desk->receive(id, u"two"_s);
        QCOMPARE(conversation(id).value("unread_count"_L1).toInt(), 2);
        QVERIFY(!m_seat->result(u"contacts.get"_s, idOf(1)).value("blocked"_L1).toBool());

        const QJsonObject contact = m_seat->result(u"contacts.update"_s, blocked(true));
        QVERIFY(contact.value("blocked"_L1).toBool());
        QCOMPARE(m_seat->result(u"contacts.get"_s, idOf(1)), contact);
        const QJsonObject after = conversation(id);
        QCOMPARE(after.value("status"_L1).toString(), u"resolved"_s);
        QCOMPARE(after.value("unread_count"_L1).toInt(), 0);
        QVERIFY(after.value("waiting_since"_L1).isNull());
        QVERIFY(after.value("contact"_L1).toObject().value("blocked"_L1).toBool());
        QCOMPARE(kinds(id), (QStringList{u"blocked_here"_s, u"status"_s}));
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"contact.updated"_s).value("data"_L1).toObject(), contact);
        QCOMPARE(m_seat->lastEvent(u"conversation.updated"_s).value("data"_L1).toObject(), after);
    }

    void unblockingSaysSoAndReopensNothing()
    {
        const ConversationId id = m_desk->addConversation();
        m_seat->result(u"contacts.update"_s, blocked(true));
        const qint64 head = m_desk->head();
        m_seat->result(u"contacts.update"_s, blocked(true));                  // a second time says nothing
        QCOMPARE(m_desk->head(), head);
        m_seat->result(u"contacts.update"_s, blocked(false));
        QCOMPARE(conversation(id).value("status"_L1).toString(), u"resolved"_s);
        QCOMPARE(kinds(id), (QStringList{u"blocked_here"_s, u"status"_s, u"unblocked_here"_s}));
        QVERIFY(!m_seat->result(u"contacts.get"_s, idOf(1)).value("blocked"_L1).toBool());
    }

    void whoIsBlockedIsListed()
    {
        for (const QString &name : {u"Bea"_s, u"Ana"_s, u"Cem"_s})
            m_desk->addConversation(name);
        m_seat->result(u"contacts.update"_s, {{u"id"_s, u"1"_s}, {u"blocked"_s, true}});
        m_seat->result(u"contacts.update"_s, {{u"id"_s, u"2"_s}, {u"blocked"_s, true}});
        QStringList names;
        for (const QJsonValue &item : m_seat->result(u"contacts.list"_s, {{u"blocked"_s, true}}).value("items"_L1).toArray())
            names.append(item.toObject().value("name"_L1).toString());
        QCOMPARE(names, (QStringList{u"Ana"_s, u"Bea"_s}));
        QCOMPARE(m_seat->result(u"contacts.list"_s).value("items"_L1).toArray().size(), 3);
    }

    void refusesWhatIsNoFlag()
    {
        m_desk->addConversation();
        QCOMPARE(m_seat->error(u"contacts.update"_s, {{u"id"_s, u"1"_s}, {u"blocked"_s, u"yes"_s}}), u"-32004 invalid blocked"_s);
        QCOMPARE(m_seat->error(u"contacts.list"_s, {{u"blocked"_s, 1}}), u"-32004 invalid blocked"_s);
        QCOMPARE(m_seat->error(u"contacts.update"_s, {{u"id"_s, u"9"_s}, {u"blocked"_s, true}}), u"-32003 not_found"_s);
    }

private:
    static QJsonObject blocked(bool is) { return {{u"id"_s, u"1"_s}, {u"blocked"_s, is}}; }
    QJsonObject conversation(ConversationId id) { return m_seat->result(u"conversations.get"_s, idOf(id.value())); }
    QStringList kinds(ConversationId id)
    {
        QStringList kinds;
        for (const QJsonValue &item : m_seat->result(u"messages.list"_s, {{u"conversation_id"_s, id.toString()}}).value("items"_L1).toArray()) {
            if (item.toObject().value("direction"_L1) == "activity"_L1)
                kinds.append(item.toObject().value("activity"_L1).toObject().value("kind"_L1).toString());
        }
        return kinds;
    }
};

ANTIPHON_TEST(BlockingTest)
#include "tst_blocking.moc"
