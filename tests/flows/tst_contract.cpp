#include "tests/flows/rawdesk.h"
#include "tests/flows/tiktokworld.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QSet>
#include <QTcpSocket>
#include <QTest>
#include <QUuid>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

QByteArray rawAnswer(quint16 port, const QByteArray &request, int patienceMs = 3000)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    if (!socket.waitForConnected(2000))
        return {};
    socket.write(request);
    QByteArray all;
    while (!all.contains("\r\n\r\n") && socket.waitForReadyRead(patienceMs))
        all += socket.readAll();
    return all;
}

QByteArray upgradeOf(const QByteArray &path, const QByteArray &more = {})
{
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + more + "\r\n";
}

QJsonObject object(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

QStringList ids(const QJsonObject &page)
{
    QStringList all;
    const QJsonArray items = page.value("items"_L1).toArray();
    for (const QJsonValue &item : items)
        all.append(item["id"_L1].toString());
    return all;
}

} // namespace

/// The Desk API as a script meets it: frames, errors, lists, pages.
class ContractFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::TiktokWorld>();
        QCOMPARE(m_world->startConnected(), QString());
        m_thread = m_world->tiktok().startConversation({.username = u"first.customer"_s});
        for (int i = 0; i < 7; ++i)
            m_world->tiktok().customerWrites(m_thread, u"Message %1"_s.arg(i), {.at = ago(100 - i)});
        QTRY_COMPARE(m_world->messages(m_thread).size(), 7);
        m_conversation = m_world->conversation(m_thread)->id.toString();
        m_message = m_world->messages(m_thread).first().id.toString();
        m_inbox = m_world->inbox().id.toString();
    }

    void cleanupTestCase() { m_world.reset(); }

    void theDoorIsWhereItIsSaidToBe()
    {
        const quint16 desk = m_world->server().deskPort();
        const quint16 intake = m_world->server().intakePort();
        QVERIFY(rawAnswer(desk, upgradeOf("/api/v1/desk")).startsWith("HTTP/1.1 101"));
        QVERIFY(rawAnswer(desk, upgradeOf("/api/v1/desk", "Origin: https://evil.example\r\n")).startsWith("HTTP/1.1 403"));
        QVERIFY(rawAnswer(desk, "GET /api/v1/desk HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").startsWith("HTTP/1.1 426"));
        QVERIFY(rawAnswer(desk, upgradeOf("/metrics")).startsWith("HTTP/1.1 400"));
        QVERIFY(rawAnswer(desk, upgradeOf("/healthz")).startsWith("HTTP/1.1 400"));
        QVERIFY(rawAnswer(intake, upgradeOf("/healthz")).startsWith("HTTP/1.1 400"));
        for (const QByteArray &path : {QByteArray("/api/v1/desk"), QByteArray("/api/v1/attachments/1"), QByteArray("/metrics"), QByteArray("/nowhere")})
            QVERIFY2(rawAnswer(intake, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").startsWith("HTTP/1.1 404"), path.constData());
        for (const QByteArray &path : {QByteArray("/webhooks/tiktok"), QByteArray("/tiktok/callback"), QByteArray("/media/x"), QByteArray("/")})
            QVERIFY2(rawAnswer(desk, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").startsWith("HTTP/1.1 404"), path.constData());
        for (const quint16 port : {desk, intake}) {
            QVERIFY(rawAnswer(port, "GET /healthz HTTP/1.1\r\nHost: rebinding.example\r\n\r\n").startsWith("HTTP/1.1 421"));
            const QByteArray healthy = rawAnswer(port, "GET /healthz HTTP/1.1\r\nHost: localhost:1\r\n\r\n");
            QVERIFY(healthy.startsWith("HTTP/1.1 200") && healthy.contains("{\"status\":\"ok\"}"));
        }
        QCOMPARE(test::http("GET", m_world->server().desk(u"/metrics"_s)).status, 401);
        QCOMPARE(test::http("GET", m_world->server().desk(u"/metrics"_s), {}, {{"Authorization", "Bearer wrong"}}).status, 401);
        const auto metrics = test::http("GET", m_world->server().desk(u"/metrics"_s), {}, {{"Authorization", m_world->server().bearer()}});
        QCOMPARE(metrics.status, 200);
        QVERIFY(metrics.body.contains("# TYPE "));
    }

    void nothingIsToldBeforeTheSessionIsOpen()
    {
        test::RawDesk seat(m_world->server().deskPort());
        QCOMPARE(seat.verdict(u"inboxes.list"_s), u"-32001/unauthorized"_s);
        QCOMPARE(seat.verdict(u"session.ping"_s), u"-32001/unauthorized"_s);
        QCOMPARE(seat.verdict(u"no.such.method"_s), u"-32001/unauthorized"_s);
        QCOMPARE(seat.verdict(u"session.open"_s, {{u"token"_s, u"wrong"_s}}), u"-32001/unauthorized"_s);
        QCOMPARE(seat.verdict(u"session.open"_s, {}), u"-32001/unauthorized"_s);
        m_world->tiktok().customerWrites(m_thread, u"Not for you"_s, {.at = ago(90)});
        QTRY_COMPARE(m_world->messages(m_thread).size(), 8);
        QVERIFY(seat.events.isEmpty());
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(seat.closeCode() != 0, true);
        QVERIFY(timer.elapsed() < 25'000);
    }

    void framesAreJsonRpc_data()
    {
        QTest::addColumn<QString>("frame");
        QTest::addColumn<int>("code");
        QTest::newRow("no JSON") << u"{not json"_s << -32700;
        QTest::newRow("empty") << u" "_s << -32700;
        QTest::newRow("batch") << u"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.ping\"}]"_s << -32600;
        QTest::newRow("empty batch") << u"[]"_s << -32600;
        QTest::newRow("number") << u"7"_s << -32600;
        QTest::newRow("no version") << u"{\"id\":1,\"method\":\"session.ping\"}"_s << -32600;
        QTest::newRow("old version") << u"{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"session.ping\"}"_s << -32600;
        QTest::newRow("no method") << u"{\"jsonrpc\":\"2.0\",\"id\":1}"_s << -32600;
        QTest::newRow("method no text") << u"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}"_s << -32600;
        QTest::newRow("id an object") << u"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"session.ping\"}"_s << -32600;
        QTest::newRow("unknown method") << u"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nothing.here\"}"_s << -32601;
        QTest::newRow("params by position") << u"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.ping\",\"params\":[1]}"_s << -32602;
        QTest::newRow("params a text") << u"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.ping\",\"params\":\"x\"}"_s << -32602;
        QTest::newRow("deep") << QString(2000, u'[') << -32700;
    }

    void framesAreJsonRpc()
    {
        QFETCH(QString, frame);
        QFETCH(int, code);
        test::RawDesk seat(m_world->server().deskPort());
        QVERIFY(seat.open(m_world->server().token()).contains("result"_L1));
        seat.sendText(frame);
        QCOMPARE(test::RawDesk::code(seat.next()), code);
        // A notification is never answered, whatever it says.
        seat.sendText(u"{\"jsonrpc\":\"2.0\",\"method\":\"nothing.here\"}"_s);
        QCOMPARE(seat.call(u"session.ping"_s).value("result"_L1).toObject(), QJsonObject());
        QVERIFY(seat.answers.isEmpty());
    }

    void aFrameOverAMebibyteClosesTheSeat()
    {
        test::RawDesk seat(m_world->server().deskPort());
        QVERIFY(seat.open(m_world->server().token()).contains("result"_L1));
        const QString fits = u"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"session.ping\",\"params\":{\"x\":\"%1\"}}"_s.arg(QString(1'000'000, u'a'));
        seat.sendText(fits);
        QVERIFY(seat.next().contains("result"_L1));
        seat.sendText(u"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"session.ping\",\"params\":{\"x\":\"%1\"}}"_s.arg(QString(1'100'000, u'a')));
        QCOMPARE(seat.closeCode(), 1009);
    }

    void everyMethodRefusesWhatItCannotUse_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QString>("verdict");
        const auto row = [](const char *method, const QByteArray &params, const char *verdict) {
            QTest::addRow("%s %s", method, params.left(70).constData()) << QString::fromLatin1(method) << params << QString::fromLatin1(verdict);
        };
        const char *const byId[] = {"inboxes.get", "inboxes.update", "inboxes.delete", "inboxes.check", "conversations.get", "conversations.update",
                                    "conversations.mark_unread", "messages.retry", "messages.delete", "contacts.get", "contacts.update", "intake.retry",
                                    "intake.discard"};
        for (const char *method : byId) {
            row(method, "{}", "-32004/invalid/id");
            row(method, "{\"id\":null}", "-32004/invalid/id");
            row(method, "{\"id\":[]}", "-32004/invalid/id");
            row(method, "{\"id\":\"\"}", "-32004/invalid/id");
            row(method, "{\"id\":\"x; DROP TABLE message\"}", "-32004/invalid/id");
            row(method, "{\"id\":\"-4\"}", "-32004/invalid/id");
            row(method, "{\"id\":\"99999999999999999999999\"}", "-32004/invalid/id");
            row(method, "{\"id\":\"987654321\"}", "-32003/not_found");
        }
        for (const char *method : {"messages.list", "messages.send", "drafts.set", "typing.set"}) {
            const QByteArray rest = ",\"content\":\"a\",\"mode\":\"reply\",\"on\":true}";
            row(method, "{\"conversation_id\":null" + rest, "-32004/invalid/conversation_id");
            row(method, "{\"conversation_id\":true" + rest, "-32004/invalid/conversation_id");
            row(method, "{\"conversation_id\":\"987654321\"" + rest, "-32003/not_found");
        }
        for (const char *method : {"conversations.list", "contacts.list", "intake.dead_letters"}) {
            for (const char *limit : {"0", "201", "-1", "1.5", "\"10\"", "{}", "1e99"})
                row(method, QByteArray("{\"limit\":") + limit + "}", "-32004/invalid/limit");
            row(method, "{\"limit\":200}", "ok");
            row(method, "{\"cursor\":\"nonsense\"}", "-32004/invalid/cursor");
            row(method, "{\"cursor\":7}", "-32004/invalid/cursor");
        }
        row("conversations.list", "{\"sort\":\"name\"}", "-32004/invalid/sort");
        row("conversations.list", "{\"sort\":4}", "-32004/invalid/sort");
        row("conversations.list", "{\"filter\":[]}", "-32004/invalid/filter");
        row("conversations.list", "{\"filter\":{\"status\":\"asleep\"}}", "-32004/invalid/filter.status");
        row("conversations.list", "{\"filter\":{\"inbox_id\":\"x\"}}", "-32004/invalid/filter.inbox_id");
        row("conversations.list", "{\"filter\":{\"unread\":\"yes\"}}", "-32004/invalid/filter.unread");
        row("conversations.list", "{\"filter\":{\"colour\":\"red\"}}", "-32004/invalid/filter.colour");
        row("conversations.counts", "{\"filter\":7}", "-32004/invalid/filter");
        row("conversations.update", "{\"id\":\"%C\",\"status\":\"asleep\"}", "-32004/invalid/status");
        row("conversations.update", "{\"id\":\"%C\",\"status\":9}", "-32004/invalid/status");
        row("conversations.update", "{\"id\":\"%C\",\"priority\":\"huge\"}", "-32004/invalid/priority");
        row("conversations.update", "{\"id\":\"%C\",\"assignee_id\":\"77\"}", "-32004/invalid/assignee_id");
        row("conversations.update", "{\"id\":\"%C\",\"labels\":\"vip\"}", "-32004/invalid/labels");
        row("conversations.update", "{\"id\":\"%C\",\"labels\":[7]}", "-32004/invalid/labels");
        row("conversations.update", "{\"id\":\"%C\",\"snoozed_until\":\"yesterday\"}", "-32004/invalid/snoozed_until");
        row("conversations.update", "{\"id\":\"%C\",\"snoozed_until\":\"2001-01-01T00:00:00.000Z\"}", "-32004/invalid/snoozed_until");
        row("conversations.mark_read", "{\"id\":\"%C\"}", "-32004/invalid/message_id");
        row("conversations.mark_read", "{\"id\":\"%C\",\"message_id\":\"987654321\"}", "-32004/invalid/message_id");
        row("messages.list", "{\"conversation_id\":\"%C\",\"before\":\"%M\",\"after\":\"%M\"}", "-32004/invalid/after");
        row("messages.list", "{\"conversation_id\":\"%C\",\"around\":\"987654321\"}", "-32004/invalid/around");
        row("messages.list", "{\"conversation_id\":\"%C\",\"limit\":201}", "-32004/invalid/limit");
        row("messages.send", "{\"conversation_id\":\"%C\"}", "-32004/invalid/content");
        row("messages.send", "{\"conversation_id\":\"%C\",\"content\":\"  \\n\"}", "-32004/invalid/content");
        row("messages.send", "{\"conversation_id\":\"%C\",\"content\":7}", "-32004/invalid/content");
        row("messages.send", "{\"conversation_id\":\"%C\",\"content\":\"a\",\"private\":\"yes\"}", "-32004/invalid/private");
        row("messages.send", "{\"conversation_id\":\"%C\",\"content\":\"a\",\"attachment_ids\":[\"987654321\"]}", "-32004/invalid/attachment_ids");
        row("messages.send", "{\"conversation_id\":\"%C\",\"content\":\"a\",\"attachment_ids\":\"1\"}", "-32004/invalid/attachment_ids");
        row("messages.send", "{\"conversation_id\":\"%C\",\"content\":\"a\",\"in_reply_to\":\"987654321\"}", "-32004/invalid/in_reply_to");
        row("messages.send", "{\"conversation_id\":\"%C\",\"content\":\"a\",\"client_id\":9}", "-32004/invalid/client_id");
        row("messages.retry", "{\"id\":\"%M\"}", "-32005/conflict");
        row("messages.retry", "{\"id\":\"%M\",\"confirm_unknown\":1}", "-32004/invalid/confirm_unknown");
        row("apps.get", "{}", "-32004/invalid/channel");
        row("apps.get", "{\"channel\":\"fax\"}", "-32004/invalid/channel");
        row("apps.set", "{\"channel\":\"tiktok\",\"secrets\":7}", "-32004/invalid/secrets");
        row("inboxes.create", "{}", "-32004/invalid/channel");
        row("inboxes.create", "{\"channel\":\"tiktok\",\"settings\":7}", "-32004/invalid/settings");
        row("inboxes.create", "{\"channel\":\"tiktok\",\"delivery\":\"pigeon\"}", "-32004/invalid/delivery");
        row("inboxes.update", "{\"id\":\"%I\",\"state\":\"reauthorization_required\"}", "-32004/invalid/state");
        row("inboxes.update", "{\"id\":\"%I\",\"name\":{}}", "-32004/invalid/name");
        row("inboxes.update", "{\"id\":\"%I\",\"settings\":{\"business_id\":\"other\"}}", "-32004/invalid/business_id");
        row("inboxes.authorize", "{\"channel\":7}", "-32004/invalid/channel");
        row("inboxes.authorize", "{\"channel\":\"tiktok\",\"id\":\"987654321\"}", "-32003/not_found");
        row("inboxes.authorize_paste", "{}", "-32004/invalid/url");
        row("inboxes.authorize_paste", "{\"url\":\"https://elsewhere.example/?code=1&state=x\"}", "-32004/invalid/url");
        row("search", "{}", "-32004/invalid/query");
        row("search", "{\"query\":\"a\",\"kinds\":[\"fax\"]}", "-32004/invalid/kinds");
        row("search", "{\"query\":\"a\",\"limit\":201}", "-32004/invalid/limit");
        row("search", "{\"query\":\"a\",\"cursor\":\"nonsense\"}", "-32004/invalid/cursor");
        row("drafts.set", "{\"conversation_id\":\"%C\",\"mode\":\"shout\"}", "-32004/invalid/mode");
        row("drafts.set", "{\"conversation_id\":\"%C\",\"mode\":\"note\",\"content\":[]}", "-32004/invalid/content");
        row("typing.set", "{\"conversation_id\":\"%C\",\"on\":1}", "-32004/invalid/on");
        row("settings.get", "{\"keys\":[\"no.such\"]}", "-32004/invalid/keys");
        row("settings.set", "{\"values\":{\"no.such\":1}}", "-32004/invalid/values");
        row("settings.set", "{}", "-32004/invalid/values");
        row("session.open", "{}", "-32005/conflict");
        row("contacts.list", "{\"query\":7}", "-32004/invalid/query");
        row("session.open", "{\"resume_from\":\"x\"}", "-32005/conflict");
    }

    void everyMethodRefusesWhatItCannotUse()
    {
        QFETCH(QString, method);
        QFETCH(QByteArray, params);
        QFETCH(QString, verdict);
        if (!m_seat) {
            m_seat = std::make_unique<test::RawDesk>(m_world->server().deskPort());
            QVERIFY(m_seat->open(m_world->server().token()).contains("result"_L1));
        }
        params.replace("%C", m_conversation.toLatin1()).replace("%M", m_message.toLatin1()).replace("%I", m_inbox.toLatin1());
        QCOMPARE(m_seat->verdict(method, object(params)), verdict);
    }

    void pagesLoseAndDoubleNothingWhileMessagesArrive_data()
    {
        QTest::addColumn<QString>("sort");
        for (const char *sort : {"last_activity", "created", "priority", "waiting_since", "window_closing"})
            QTest::newRow(sort) << QString::fromLatin1(sort);
    }

    void pagesLoseAndDoubleNothingWhileMessagesArrive()
    {
        QFETCH(QString, sort);
        const int wanted = 23;
        QSet<QString> threads;
        while (int(m_many.size()) < wanted) {   // made once: groups of the same time, to the millisecond
            const QString thread = m_world->tiktok().startConversation({.username = u"many.%1"_s.arg(m_many.size())});
            m_world->tiktok().customerWrites(thread, u"Hi"_s, {.at = fromUnixMs(m_base - 60'000 * (qint64(m_many.size()) / 6))});
            QTRY_VERIFY(m_world->conversation(thread));
            m_many.append(m_world->conversation(thread)->id.toString());
        }
        test::RawDesk seat(m_world->server().deskPort());
        QVERIFY(seat.open(m_world->server().token()).contains("result"_L1));
        QStringList seen;
        QJsonValue cursor(QJsonValue::Null);
        do {
            const QJsonObject page = seat.result(u"conversations.list"_s, {{u"sort"_s, sort}, {u"limit"_s, 1 + int(QRandomGenerator::global()->bounded(6))}, {u"cursor"_s, cursor}});
            QVERIFY(page.contains("seq"_L1));
            seen += ids(page);
            cursor = page.value("next_cursor"_L1);
            const QString fresh = m_world->tiktok().startConversation({.username = u"late."_s + QUuid::createUuid().toString(QUuid::Id128)});
            m_world->tiktok().customerWrites(fresh, u"Me too"_s);
        } while (!cursor.isNull() && seen.size() < 500);
        for (const QString &id : std::as_const(m_many))
            QCOMPARE(seen.count(id), 1);
        QCOMPARE(QSet<QString>(seen.begin(), seen.end()).size(), seen.size());
    }

    void messagesArePagedAroundBeforeAndAfter()
    {
        test::RawDesk seat(m_world->server().deskPort());
        QVERIFY(seat.open(m_world->server().token()).contains("result"_L1));
        const QJsonObject whole = seat.result(u"messages.list"_s, {{u"conversation_id"_s, m_conversation}});
        const QStringList all = ids(whole);
        QVERIFY(all.size() >= 7);
        QCOMPARE(whole.value("has_more_before"_L1).toBool(), false);
        QCOMPARE(whole.value("has_more_after"_L1).toBool(), false);
        const auto page = [&](const char *key, const QString &id, int limit) {
            return seat.result(u"messages.list"_s, {{u"conversation_id"_s, m_conversation}, {QString::fromLatin1(key), id}, {u"limit"_s, limit}});
        };
        QCOMPARE(ids(page("before", all.at(4), 2)), all.mid(2, 2));
        QCOMPARE(page("before", all.at(4), 2).value("has_more_before"_L1).toBool(), true);
        QCOMPARE(page("before", all.at(4), 4).value("has_more_before"_L1).toBool(), false);
        QCOMPARE(ids(page("after", all.at(1), 3)), all.mid(2, 3));
        QCOMPARE(page("after", all.at(1), 3).value("has_more_after"_L1).toBool(), true);
        QCOMPARE(ids(page("around", all.at(3), 3)), all.mid(2, 3));
        QCOMPARE(ids(page("around", all.at(0), 3)).first(), all.first());
        QCOMPARE(ids(page("before", all.first(), 5)), QStringList());
        QCOMPARE(ids(page("after", all.last(), 5)), QStringList());
        const QString other = m_many.value(0);
        QVERIFY(!other.isEmpty());
        QCOMPARE(seat.verdict(u"messages.list"_s, {{u"conversation_id"_s, other}, {u"around"_s, all.at(1)}}), u"-32004/invalid/around"_s);
    }

private:
    static Timestamp ago(int seconds) { return fromUnixMs(QDateTime::currentMSecsSinceEpoch() - qint64(seconds) * 1000); }

    std::unique_ptr<test::TiktokWorld> m_world;
    std::unique_ptr<test::RawDesk> m_seat;
    QString m_thread;
    QString m_conversation;
    QString m_message;
    QString m_inbox;
    QStringList m_many;
    const qint64 m_base = QDateTime::currentMSecsSinceEpoch() - 3'600'000;
};

ANTIPHON_TEST(ContractFlow)
#include "tst_contract.moc"
