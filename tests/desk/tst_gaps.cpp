#include "core/store/gaprepository.h"
#include "tests/desk/seatedtest.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class GapsTest : public SeatedTest {
    Q_OBJECT
private slots:
    void pagesNewestFirst()
    {
        for (int i = 1; i <= 3; ++i)
            QVERIFY(insert({.inboxId = m_desk->inbox, .from = fromUnixMs(i * 1000), .to = fromUnixMs(i * 1000 + 500), .cause = Gap::Cause::Sleep}));
        QJsonObject page = m_seat->result(u"intake.gaps"_s, {{u"limit"_s, 2}});
        QCOMPARE(page.value("items"_L1).toArray().size(), 2);
        QVERIFY(page.contains("seq"_L1));
        const QJsonObject newest = page.value("items"_L1).toArray().first().toObject();
        const QJsonObject expected{{u"id"_s, u"3"_s},
                                   {u"inbox_id"_s, u"1"_s},
                                   {u"from"_s, u"1970-01-01T00:00:03.000Z"_s},
                                   {u"to"_s, u"1970-01-01T00:00:03.500Z"_s},
                                   {u"cause"_s, u"sleep"_s},
                                   {u"state"_s, u"open"_s},
                                   {u"recovered"_s, 0},
                                   {u"note"_s, QJsonValue::Null},
                                   {u"reasons"_s, QJsonArray()}};
        QCOMPARE(newest, expected);
        page = m_seat->result(u"intake.gaps"_s, {{u"limit"_s, 2}, {u"cursor"_s, page.value("next_cursor"_L1)}});
        QCOMPARE(page.value("items"_L1).toArray().size(), 1);
        QCOMPARE(page.value("items"_L1).toArray().first().toObject().value("id"_L1).toString(), u"1"_s);
        QVERIFY(page.value("next_cursor"_L1).isNull());
        QCOMPARE(m_seat->error(u"intake.gaps"_s, {{u"cursor"_s, u"x"_s}}), u"-32004 invalid cursor"_s);
        QCOMPARE(m_seat->error(u"intake.gaps"_s, {{u"limit"_s, 201}}), u"-32004 invalid limit"_s);
    }

    void tellsAdminsOnly()
    {
        Seat agent(*m_desk->desk);
        agent.open(DeskFixture::token(Agent::Role::Agent));
        const auto id = insert({.inboxId = m_desk->inbox, .from = fromUnixMs(1000), .to = fromUnixMs(2000), .cause = Gap::Cause::Stopped});
        QVERIFY(id);
        // A dead letter of the same number is another thing.
        m_desk->store.run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, state, error_class, error_text) "
                          "VALUES (1, 1, 'l', 'k', 'message', 5, 'dead', 'shape', 'no id')"_s);
        const auto settled = m_desk->store.write<void>([id = *id](WriteTransaction &tx) {
            tx.changed(u"intake.dead_letter"_s, 2, InboxId(1));
            return gaps::settle(tx, id, Gap::State::Partial, {{.code = Gap::Reason::Code::NewestOnly, .count = 2, .limit = 20}});
        });
        QVERIFY(settled);
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QVERIFY(agent.waitForSeq(m_desk->head()));
        const QJsonObject data = m_seat->lastEvent(u"intake.gap"_s).value("data"_L1).toObject();
        QCOMPARE(data.value("state"_L1).toString(), u"partial"_s);
        QCOMPARE(data.value("note"_L1).toString(), u"20 newest fetched; older ones may be missing in 2 conversations"_s);
        QCOMPARE(data.value("reasons"_L1).toArray().first().toObject().value("code"_L1).toString(), u"newest_only"_s);
        QVERIFY(agent.lastEvent(u"intake.gap"_s).isEmpty());
    }

    void catchesUpWhereAsked()
    {
        const QString since = toRfc3339(m_desk->store.clock().now() - std::chrono::hours(1));
        const QString gap = m_seat->result(u"inboxes.catch_up"_s, {{u"id"_s, u"1"_s}, {u"since"_s, since}}).value("gap_id"_L1).toString();
        QCOMPARE(gap, u"1"_s);
        QVERIFY(TemporaryStore::waitFor([&] { return m_desk->catchUpWakes == 1; }));
        const QJsonObject item = m_seat->result(u"intake.gaps"_s).value("items"_L1).toArray().first().toObject();
        QCOMPARE(item.value("cause"_L1).toString(), u"manual"_s);
        QCOMPARE(item.value("from"_L1).toString(), since);
        QCOMPARE(item.value("state"_L1).toString(), u"open"_s);
    }

    void refusesACatchUpThatMakesNoSense_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("since");
        QTest::addColumn<QString>("error");
        QTest::newRow("no inbox") << u""_s << u"2023-11-14T00:00:00Z"_s << u"-32004 invalid id"_s;
        QTest::newRow("unknown inbox") << u"99"_s << u"2023-11-14T00:00:00Z"_s << u"-32003 not_found id"_s;
        QTest::newRow("no time") << u"1"_s << u""_s << u"-32004 invalid since"_s;
        QTest::newRow("nonsense") << u"1"_s << u"yesterday"_s << u"-32004 invalid since"_s;
        QTest::newRow("the future") << u"1"_s << u"2199-01-01T00:00:00Z"_s << u"-32004 invalid since"_s;
    }

    void refusesACatchUpThatMakesNoSense()
    {
        QFETCH(QString, id);
        QFETCH(QString, since);
        QJsonObject params;
        if (!id.isEmpty())
            params.insert("id"_L1, id);
        if (!since.isEmpty())
            params.insert("since"_L1, since);
        QTEST(m_seat->error(u"inboxes.catch_up"_s, params), "error");
    }

    void takesTheWishToStayAwakeAndOnlyTellsHowItStands()
    {
        const auto set = [this](const QString &name, const QJsonValue &value) {
            return m_seat->error(u"settings.set"_s, {{u"values"_s, QJsonObject{{name, value}}}});
        };
        QCOMPARE(set(u"keep_awake"_s, u"on_mains"_s), u"ok"_s);
        QCOMPARE(set(u"keep_awake"_s, u"sometimes"_s), u"-32004 invalid values.keep_awake"_s);
        QCOMPARE(set(u"keep_awake_state"_s, u"active"_s), u"-32004 invalid values.keep_awake_state"_s);
        const QJsonObject values = m_seat->result(u"settings.get"_s, {{u"keys"_s, QJsonArray{u"keep_awake"_s, u"keep_awake_state"_s}}}).value("values"_L1).toObject();
        QCOMPARE(values, (QJsonObject{{u"keep_awake"_s, u"on_mains"_s}, {u"keep_awake_state"_s, QJsonValue::Null}}));
    }

    void catchesUpNoInboxThatIsSwitchedOff()
    {
        m_desk->store.run(u"UPDATE inbox SET state = 'disabled'"_s);
        QCOMPARE(m_seat->error(u"inboxes.catch_up"_s, {{u"id"_s, u"1"_s}, {u"since"_s, u"2023-11-14T00:00:00Z"_s}}), u"-32005 conflict id"_s);
    }

private:
    Result<GapId> insert(const Gap &gap)
    {
        return m_desk->store.write<GapId>([gap](WriteTransaction &tx) { return gaps::insert(tx, gap); });
    }
};

ANTIPHON_TEST(GapsTest)
#include "tst_gaps.moc"
