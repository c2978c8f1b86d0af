#include "core/desk/desksession.h"
#include "tests/desk/deskfixture.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

void tell(DeskFixture &desk, int changes)
{
    for (int done = 0; done < changes; done += 500) {
        const int count = std::min(500, changes - done);
        const auto written = desk.store.write<void>([count, done](WriteTransaction &tx) -> Result<void> {
            for (int i = 0; i < count; ++i)
                tx.changed(u"label.deleted"_s, 1'000'000 + done + i);
            return {};
        });
        QVERIFY(written);
    }
}

void verifyGapless(const Seat &seat, qint64 from)
{
    qint64 expected = from;
    const auto events = seat.events();
    for (const QJsonObject &event : events) {
        if (event.value("seq"_L1).isNull())
            continue;
        QCOMPARE(event.value("seq"_L1).toInteger(), ++expected);
    }
}

} // namespace

class DeskSessionTest : public QObject {
    Q_OBJECT
private slots:
    void refusesWhatIsNoRequest_data()
    {
        QTest::addColumn<QByteArray>("frame");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("no JSON") << QByteArray("{\"jsonrpc\":") << -32700 << QByteArray("null");
        QTest::newRow("empty") << QByteArray("") << -32700 << QByteArray("null");
        QTest::newRow("batch") << QByteArray("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.ping\"}]") << -32600 << QByteArray("null");
        QTest::newRow("empty batch") << QByteArray("[]") << -32600 << QByteArray("null");
        QTest::newRow("bare value") << QByteArray("42") << -32600 << QByteArray("null");
        QTest::newRow("no version") << QByteArray("{\"id\":7,\"method\":\"session.ping\"}") << -32600 << QByteArray("7");
        QTest::newRow("old version") << QByteArray("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"session.ping\"}") << -32600 << QByteArray("7");
        QTest::newRow("no method") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":7}") << -32600 << QByteArray("7");
        QTest::newRow("method no text") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":1}") << -32600 << QByteArray("\"a\"");
        QTest::newRow("id an object") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"session.ping\"}") << -32600 << QByteArray("null");
        QTest::newRow("params a list") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"session.ping\",\"params\":[1]}") << -32602 << QByteArray("7");
        QTest::newRow("unknown method") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"session.pong\"}") << -32601 << QByteArray("7");
    }

    void refusesWhatIsNoRequest()
    {
        QFETCH(QByteArray, frame);
        QFETCH(int, code);
        QFETCH(QByteArray, id);
        DeskFixture fixture;
        Seat seat(*fixture.desk);
        QVERIFY(!seat.open(DeskFixture::token(Agent::Role::Owner)).isEmpty());
        const qsizetype before = seat.frames().size();
        seat.raw(frame);
        QCOMPARE(seat.frames().size(), before + 1);
        const QJsonObject answer = seat.frames().constLast();
        QCOMPARE(answer.value("error"_L1).toObject().value("code"_L1).toInt(), code);
        QCOMPARE(answer.value("id"_L1), QJsonDocument::fromJson("[" + id + "]").array().at(0));
    }

    void opensWithTheOwnersToken()
    {
        DeskFixture fixture;
        Seat seat(*fixture.desk);
        const QJsonObject opened = seat.open(DeskFixture::token(Agent::Role::Owner));
        QCOMPARE(opened.value("agent"_L1).toObject().value("role"_L1).toString(), u"owner"_s);
        QCOMPARE(opened.value("workspace"_L1).toObject().value("public_url"_L1).toString(), fixture.publicUrl);
        QCOMPARE(opened.value("server_version"_L1).toString(), u"0.1.0"_s);
        QCOMPARE(opened.value("seq"_L1).toInteger(-1), fixture.head());
        QCOMPARE(opened.value("resync"_L1), QJsonValue(false));
        QVERIFY(seat.transport()->limitsRaised);
        QCOMPARE(seat.result(u"session.ping"_s), QJsonObject());
        QCOMPARE(seat.error(u"session.open"_s, {{u"token"_s, u"x"_s}}), u"-32005 conflict"_s);
    }

    void answersNothingBeforeOpening()
    {
        DeskFixture fixture;
        Seat seat(*fixture.desk);
        QCOMPARE(seat.error(u"session.ping"_s), u"-32001 unauthorized"_s);
        QCOMPARE(seat.error(u"conversations.list"_s), u"-32001 unauthorized"_s);
        QCOMPARE(seat.error(u"no.such"_s), u"-32001 unauthorized"_s);
        QVERIFY(!seat.transport()->limitsRaised);
    }

    void refusesWrongTokensAndSlowsDown()
    {
        DeskFixture fixture;
        Seat first(*fixture.desk);
        for (const QString &token : {u"wrong"_s, QString(), u"token-owne"_s})
            QCOMPARE(first.error(u"session.open"_s, {{u"token"_s, token}}), u"-32001 unauthorized"_s);
        QVERIFY(first.transport() == nullptr || first.transport()->isClosed);   // three are enough
        Seat second(*fixture.desk);
        second.post(1, u"session.open"_s, {{u"token"_s, u"wrong"_s}});
        QElapsedTimer slow;
        slow.start();
        QVERIFY(second.waitForAnswer(1));
        QVERIFY(slow.elapsed() >= 900);
        Seat honest(*fixture.desk);
        QVERIFY(!honest.open(DeskFixture::token(Agent::Role::Agent)).isEmpty());
    }

    void keepsTheOrderOfRequestsAndRefusesTooMany()
    {
        DeskFixture fixture;
        Seat seat(*fixture.desk);
        seat.open(DeskFixture::token(Agent::Role::Owner));
        for (qint64 id = 100; id < 140; ++id)
            seat.post(id, u"agents.list"_s);
        QVERIFY(seat.waitForAnswer(100 + qint64(DeskSession::kMostWaiting)));
        QList<qint64> order;
        int refused = 0;
        QVERIFY(TemporaryStore::waitFor([&] { return seat.frames().size() >= 41; }));
        const auto frames = seat.frames();
        for (const QJsonObject &frame : frames) {
            if (frame.value("id"_L1).toInteger() < 100)
                continue;
            if (frame.contains("error"_L1)) {
                QCOMPARE(Seat::errorText(frame), u"-32008 unavailable"_s);
                ++refused;
            } else {
                order.append(frame.value("id"_L1).toInteger());
            }
        }
        QCOMPARE(refused, 40 - 1 - int(DeskSession::kMostWaiting));   // one under way, 32 waiting
        QVERIFY(std::is_sorted(order.begin(), order.end()));
        QCOMPARE(order.size(), qsizetype(DeskSession::kMostWaiting) + 1);
    }

    void answersNoNotification()
    {
        DeskFixture fixture;
        Seat seat(*fixture.desk);
        seat.open(DeskFixture::token(Agent::Role::Owner));
        const qsizetype before = seat.frames().size();
        seat.raw("{\"jsonrpc\":\"2.0\",\"method\":\"agents.list\"}");
        seat.raw("{\"jsonrpc\":\"2.0\",\"method\":\"no.such\"}");
        QCOMPARE(seat.result(u"session.ping"_s), QJsonObject());
        QCOMPARE(seat.frames().size(), before + 1);
    }

    void sendsEveryChangeOnceAndInOrder()
    {
        DeskFixture fixture;
        Seat seat(*fixture.desk);
        const qint64 start = seat.open(DeskFixture::token(Agent::Role::Owner)).value("seq"_L1).toInteger();
        const ConversationId conversation = fixture.addConversation();
        for (int i = 0; i < 150; ++i)
            fixture.receive(conversation, QString::number(i));
        QVERIFY(seat.waitForSeq(fixture.head()));
        verifyGapless(seat, start);
        QCOMPARE(seat.lastEvent(u"message.created"_s).value("data"_L1).toObject().value("content"_L1).toString(), u"149"_s);
        QCOMPARE(seat.lastEvent(u"conversation.updated"_s).value("data"_L1).toObject().value("unread_count"_L1).toInt(), 150);
        QVERIFY(!seat.lastEvent(u"conversation.created"_s).isEmpty());
        QVERIFY(!seat.lastEvent(u"contact.created"_s).isEmpty());
    }

    void resumesWhereItWas()
    {
        DeskFixture fixture;
        qint64 seen = 0;
        {
            Seat seat(*fixture.desk);
            seen = seat.open(DeskFixture::token(Agent::Role::Owner)).value("seq"_L1).toInteger();
            seat.transport()->close(1000, {});
        }
        const ConversationId conversation = fixture.addConversation();
        fixture.receive(conversation, u"while away"_s);
        Seat again(*fixture.desk);
        const QJsonObject opened = again.open(DeskFixture::token(Agent::Role::Owner), seen);
        QCOMPARE(opened.value("resync"_L1), QJsonValue(false));
        QVERIFY(again.waitForSeq(fixture.head()));
        verifyGapless(again, seen);
        QCOMPARE(again.lastEvent(u"message.created"_s).value("data"_L1).toObject().value("content"_L1).toString(), u"while away"_s);
    }

    void resumesFromTheTableAfterARestart()
    {
        DeskFixture fixture;
        tell(fixture, 700);
        fixture.makeDesk();   // nothing in memory
        Seat seat(*fixture.desk);
        QCOMPARE(seat.open(DeskFixture::token(Agent::Role::Owner), 10).value("resync"_L1), QJsonValue(false));
        QVERIFY(seat.waitForSeq(fixture.head()));
        verifyGapless(seat, 10);
    }

    void asksForResyncWhereEventsAreGone_data()
    {
        QTest::addColumn<int>("changes");
        QTest::addColumn<int>("pruned");
        QTest::addColumn<int>("resumeFrom");
        QTest::addColumn<bool>("resync");
        QTest::newRow("5000 behind") << 5100 << 0 << 100 << false;
        QTest::newRow("more than 5000 behind") << 5101 << 0 << 100 << true;
        QTest::newRow("ahead") << 10 << 0 << 5000 << true;
        QTest::newRow("pruned") << 200 << 150 << 100 << true;
        QTest::newRow("just not pruned") << 200 << 150 << 150 << false;
        QTest::newRow("at the newest, all pruned") << 200 << 200 << 200 << false;
    }

    void asksForResyncWhereEventsAreGone()
    {
        QFETCH(int, changes);
        QFETCH(int, pruned);
        QFETCH(int, resumeFrom);
        QFETCH(bool, resync);
        DeskFixture fixture;
        const int base = int(fixture.head());
        tell(fixture, changes - base);
        fixture.store.run(u"DELETE FROM change WHERE seq <= %1"_s.arg(pruned));
        Seat seat(*fixture.desk);
        const QJsonObject opened = seat.open(DeskFixture::token(Agent::Role::Owner), resumeFrom);
        QCOMPARE(opened.value("resync"_L1), QJsonValue(resync));
    }

    void waitsForASlowSeatAndSendsTheRestLater()
    {
        DeskFixture fixture;
        Seat seat(*fixture.desk);
        const qint64 start = seat.open(DeskFixture::token(Agent::Role::Owner)).value("seq"_L1).toInteger();
        seat.transport()->waiting = SessionTransport::kPauseAbove + 1;
        tell(fixture, 300);
        QCOMPARE(seat.result(u"session.ping"_s), QJsonObject());     // answers go on
        QCOMPARE(seat.result(u"agents.list"_s).value("items"_L1).toArray().size(), 3);
        QCOMPARE(seat.lastSeq(), 0);
        seat.transport()->waiting = 0;
        emit seat.transport()->drained();
        QVERIFY(seat.waitForSeq(fixture.head()));
        verifyGapless(seat, start);
    }

    void closesASeatThatIsTooFarBehind()
    {
        DeskFixture fixture;
        Seat seat(*fixture.desk);
        seat.open(DeskFixture::token(Agent::Role::Owner));
        QPointer<MemoryTransport> transport = seat.transport();
        transport->waiting = SessionTransport::kPauseAbove + 1;
        tell(fixture, int(DeskSession::kFarthestBehind) + 10);
        QCOMPARE(seat.result(u"session.ping"_s), QJsonObject());
        QVERIFY(TemporaryStore::waitFor([&] { return fixture.desk->stats().farthestBehind > DeskSession::kFarthestBehind; }));
        int code = 0;
        connect(transport, &SessionTransport::closed, this, [&] { code = transport->closeCode; });
        transport->waiting = 0;
        emit transport->drained();
        QVERIFY(TemporaryStore::waitFor([&] { return code != 0; }));
        QCOMPARE(code, 1013);
    }

    void hidesWhatARoleMayNotSee()
    {
        DeskFixture fixture;
        Seat owner(*fixture.desk);
        Seat agent(*fixture.desk);
        const qint64 start = owner.open(DeskFixture::token(Agent::Role::Owner)).value("seq"_L1).toInteger();
        agent.open(DeskFixture::token(Agent::Role::Agent));
        fixture.store.run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, state, error_class, error_text) "
                          "VALUES (1, 1, 'l', 'k', 'message', 5, 'dead', 'shape', 'no id')"_s);
        const auto told = fixture.store.write<void>([](WriteTransaction &tx) -> Result<void> {
            tx.changed(u"intake.dead_letter"_s, 2, InboxId(1));   // event 1
            return {};
        });
        QVERIFY(told);
        QVERIFY(owner.waitForSeq(start + 1));
        QVERIFY(agent.waitForSeq(start + 1));
        QCOMPARE(owner.lastEvent(u"intake.dead_letter"_s).value("data"_L1).toObject().value("reason"_L1).toString(), u"no id"_s);
        QVERIFY(agent.lastEvent(u"intake.dead_letter"_s).isEmpty());
        const QJsonObject none = agent.lastEvent(u"none"_s);
        QCOMPARE(none.value("seq"_L1).toInteger(), start + 1);
        QVERIFY(!none.contains("data"_L1));
    }

    void letsEventsPassWhileAPlatformIsWaitedFor()
    {
        DeskFixture fixture;
        Seat seat(*fixture.desk);
        const qint64 start = seat.open(DeskFixture::token(Agent::Role::Owner)).value("seq"_L1).toInteger();
        seat.post(50, u"inboxes.check"_s, idOf(1));
        tell(fixture, 3);
        QVERIFY(seat.waitForSeq(start + 3));
        QCOMPARE(seat.result(u"session.ping"_s), QJsonObject());
        QVERIFY(seat.answer(50).isEmpty());
        fixture.accounts.heldCheck(QList<AccountsService::Check>{{.name = u"credentials"_s, .ok = true}, {.name = u"subscription"_s, .ok = false}});
        QVERIFY(seat.waitForAnswer(50));
        QCOMPARE(seat.answer(50).value("result"_L1).toObject().value("ok"_L1), QJsonValue(false));
    }

    void survivesASeatThatLeavesInTheMiddle()
    {
        DeskFixture fixture;
        {
            Seat seat(*fixture.desk);
            seat.open(DeskFixture::token(Agent::Role::Owner));
            seat.post(1, u"conversations.list"_s);
            seat.post(2, u"labels.list"_s);
            tell(fixture, 10);
            seat.transport()->close(1006, {});
        }
        QVERIFY(TemporaryStore::waitFor([&] { return fixture.desk->stats().sessions == 0; }));
        Seat other(*fixture.desk);
        other.open(DeskFixture::token(Agent::Role::Owner));
        QCOMPARE(other.result(u"agents.list"_s).value("items"_L1).toArray().size(), 3);
        fixture.desk->closeAll();
        QVERIFY(TemporaryStore::waitFor([&] { return fixture.desk->stats().sessions == 0; }));
    }
};

ANTIPHON_TEST(DeskSessionTest)
#include "tst_desksession.moc"
