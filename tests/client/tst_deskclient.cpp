#include "core/client/deskapi.h"
#include "tests/client/fakedesk.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

template <typename T>
Result<T> take(QFuture<Result<T>> future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20'000))
        return Error{Error::Kind::Timeout, u"no answer"_s};
    return future.result();
}

} // namespace

class DeskClientTest : public QObject {
    Q_OBJECT
private slots:
    void opensAndSaysWho()
    {
        FakeDesk desk;
        desk.answerOpening(41);
        DeskClient client(desk.url(), u"token"_s);
        QCOMPARE(take(client.call(u"agents.list"_s)).error().kind, Error::Kind::Unavailable);
        QSignalSpy opened(&client, &DeskClient::opened);
        client.open();
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(client.state(), DeskClient::State::Open);
        QCOMPARE(client.session().agent.name, u"Ana"_s);
        QCOMPARE(client.session().workspace.name, u"Bakery"_s);
        QCOMPARE(client.session().seq, 41);
        QCOMPARE(desk.requests.at(0).value("params"_L1).toObject(), QJsonObject({{u"token"_s, u"token"_s}}));
        client.close();
        QTRY_COMPARE(client.state(), DeskClient::State::Disconnected);
    }

    void staysAwayWhenItsTokenIsRefused()
    {
        FakeDesk desk;
        desk.refuseOpening();
        DeskClient client(desk.url(), u"wrong"_s);
        client.open();
        QTRY_COMPARE(client.state(), DeskClient::State::Refused);
        // Meanwhile another client comes back twice, each time after half a second at least.
        FakeDesk other;
        DeskClient witness(other.url(), u"t"_s);
        QSignalSpy opened(&witness, &DeskClient::opened);
        witness.open();
        for (int times = 1; times <= 3; ++times) {
            QTRY_COMPARE(opened.size(), times);
            other.cut();
        }
        QCOMPARE(desk.connections, 1);
    }

    void matchesAnswersAndReadsErrors()
    {
        FakeDesk desk;
        DeskClient client(desk.url(), u"t"_s);
        client.open();
        QTRY_COMPARE(client.state(), DeskClient::State::Open);
        desk.answer = [](const QString &method, const QJsonObject &params) -> std::optional<QJsonObject> {
            if (method == "bad"_L1) {
                return QJsonObject{{u"code"_s, -32004},
                                   {u"message"_s, u"no"_s},
                                   {u"data"_s, QJsonObject{{u"reason"_s, u"invalid"_s}, {u"field"_s, u"limit"_s}, {u"retry_after"_s, 7}}}};
            }
            return QJsonObject{{u"echo"_s, params.value("n"_L1)}};
        };
        const auto first = client.call(u"a"_s, {{u"n"_s, 1}});
        const auto second = client.call(u"a"_s, {{u"n"_s, 2}});
        const auto bad = take(client.call(u"bad"_s));
        QCOMPARE(take(first)->value("echo"_L1).toInt(), 1);
        QCOMPARE(take(second)->value("echo"_L1).toInt(), 2);
        QCOMPARE(bad.error().kind, Error::Kind::Invalid);
        QCOMPARE(bad.error().field, u"limit"_s);
        QCOMPARE(bad.error().retryAfter, std::chrono::seconds(7));
    }

    void comesBackAndResumesFromTheLastEvent()
    {
        FakeDesk desk;
        desk.answerOpening(10);
        DeskClient client(desk.url(), u"t"_s);
        QSignalSpy events(&client, &DeskClient::eventReceived);
        QSignalSpy opened(&client, &DeskClient::opened);
        QSignalSpy resync(&client, &DeskClient::resyncNeeded);
        client.open();
        QTRY_COMPARE(opened.size(), 1);
        desk.sendEvent(11, u"message.created"_s, {{u"id"_s, u"5"_s}});
        desk.sendEvent(12, u"none"_s, {});
        desk.sendEvent(0, u"typing"_s, {{u"on"_s, true}});
        QTRY_COMPARE(events.size(), 2);
        QCOMPARE(events.at(0).at(0).value<DeskEvent>().seq, 11);
        QCOMPARE(events.at(1).at(0).value<DeskEvent>().seq, 0);
        const auto pending = client.call(u"slow"_s);
        QTRY_COMPARE(desk.requests.size(), 2);
        desk.cut();
        QCOMPARE(take(pending).error().kind, Error::Kind::Network);
        QCOMPARE(client.state(), DeskClient::State::Disconnected);
        QTRY_COMPARE(opened.size(), 2);   // after a second at most
        QCOMPARE(desk.requests.constLast().value("params"_L1).toObject().value("resume_from"_L1).toInt(), 12);
        QCOMPARE(resync.size(), 0);
        desk.answerOpening(9000, true);
        desk.cut();
        QTRY_COMPARE(resync.size(), 1);
        QTRY_COMPARE(opened.size(), 3);
        QCOMPARE(desk.requests.constLast().value("params"_L1).toObject().value("resume_from"_L1).toInt(), 12);
    }

    void readsPagesOfValues()
    {
        FakeDesk desk;
        DeskClient client(desk.url(), u"t"_s);
        DeskApi api(client);
        client.open();
        QTRY_COMPARE(client.state(), DeskClient::State::Open);
        const Conversation conversation{.id = ConversationId(7), .inboxId = InboxId(1), .contact = {.id = ContactId(3), .name = u"Ana"_s}};
        QJsonObject asked;
        desk.answer = [&](const QString &method, const QJsonObject &params) -> std::optional<QJsonObject> {
            asked = params;
            if (method == "conversations.list"_L1)
                return QJsonObject{{u"items"_s, QJsonArray{toJson(conversation)}}, {u"next_cursor"_s, u"c"_s}, {u"seq"_s, 12}};
            if (method == "conversations.update"_L1)
                return toJson(conversation);
            return QJsonObject{{u"items"_s, u"none"_s}};
        };
        const auto page = take(api.conversations({.assignee = ConversationFilter::Assignee::Me, .isUnread = true}, ConversationSort::WindowClosing, u"x"_s, 20));
        QVERIFY(page);
        QCOMPARE(page->items.constFirst().contact.name, u"Ana"_s);
        QCOMPARE(page->nextCursor, u"c"_s);
        QCOMPARE(page->seq, 12);
        QCOMPARE(asked, QJsonObject({{u"filter"_s, QJsonObject{{u"assignee_id"_s, u"me"_s}, {u"unread"_s, true}}},
                                     {u"sort"_s, u"window_closing"_s},
                                     {u"cursor"_s, u"x"_s},
                                     {u"limit"_s, 20}}));
        QVERIFY(take(api.updateConversation(ConversationId(7), {.assigneeId = AgentId(), .snoozedUntil = std::optional<Timestamp>()})));
        QCOMPARE(asked, QJsonObject({{u"id"_s, u"7"_s}, {u"assignee_id"_s, QJsonValue::Null}, {u"snoozed_until"_s, QJsonValue::Null}}));
        QCOMPARE(take(api.agents()).error().kind, Error::Kind::BadPayload);
    }

    void speaksOfTemplatesChoicesAndReactions()
    {
        FakeDesk desk;
        DeskClient client(desk.url(), u"t"_s);
        DeskApi api(client);
        client.open();
        QTRY_COMPARE(client.state(), DeskClient::State::Open);
        const Message message{.id = MessageId(5), .conversationId = ConversationId(7), .inboxId = InboxId(2), .direction = Message::Direction::Outgoing};
        QString method;
        QJsonObject asked;
        desk.answer = [&](const QString &name, const QJsonObject &params) -> std::optional<QJsonObject> {
            method = name;
            asked = params;
            if (name.startsWith("messages."_L1))
                return toJson(message);
            return QJsonObject{{u"items"_s, QJsonArray{toJson(MessageTemplate{.name = u"visit"_s, .language = u"en"_s, .status = u"APPROVED"_s})}},
                               {u"synced_at"_s, u"2026-03-01T10:00:00.000Z"_s},
                               {u"sync"_s, name == "templates.sync"_L1 ? u"running"_s : u"failed"_s},
                               {u"error"_s, u"No."_s}};
        };
        const auto list = take(api.templates(InboxId(2)));
        QVERIFY(list);
        QCOMPARE(asked, QJsonObject({{u"inbox_id"_s, u"2"_s}}));
        QVERIFY(list->items.constFirst().isSendable() && list->syncedAt);
        QCOMPARE(list->sync, TemplateList::Sync::Failed);
        QCOMPARE(list->error, u"No."_s);
        QCOMPARE(take(api.syncTemplates(InboxId(2)))->sync, TemplateList::Sync::Running);
        QVERIFY(take(api.react(MessageId(5), u"👍"_s)));
        QCOMPARE(method, u"messages.react"_s);
        QCOMPARE(asked, QJsonObject({{u"id"_s, u"5"_s}, {u"emoji"_s, u"👍"_s}}));
        const QJsonObject values{{u"body"_s, QJsonArray{u"Ana"_s}}};
        QVERIFY(take(api.sendMessage({.conversationId = ConversationId(7), .fromTemplate = TemplateUse{.name = u"visit"_s, .language = u"en"_s, .values = values}})));
        QCOMPARE(asked.value("template"_L1).toObject(), QJsonObject({{u"name"_s, u"visit"_s}, {u"language"_s, u"en"_s}, {u"values"_s, values}}));
        QVERIFY(!asked.contains("choice"_L1));
        QVERIFY(take(api.sendMessage({.conversationId = ConversationId(7), .content = u"Which?"_s, .choice = MessageChoice{.items = {{.id = u"a"_s, .title = u"A"_s}}}})));
        QCOMPARE(asked.value("choice"_L1).toObject().value("items"_L1).toArray().size(), 1);
    }

    void uploadsInPiecesWithItsToken()
    {
        FakeFiles files;
        const QByteArray object = "{\"id\":\"9\",\"kind\":\"image\",\"state\":\"ready\",\"size\":5}";
        files.response = "HTTP/1.1 201 Created\r\nContent-Length: " + QByteArray::number(object.size()) + "\r\nConnection: close\r\n\r\n" + object;
        QTemporaryDir folder;
        QFile file(folder.filePath(u"a.png"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("bytes");
        file.close();
        DeskClient client(files.url(), u"secret"_s);
        DeskApi api(client);
        const auto stored = take(api.upload(file.fileName(), u"süß.png"_s, u"image/png"_s));
        QVERIFY2(stored, stored ? "" : qPrintable(describe(stored.error())));
        QCOMPARE(stored->id.value(), 9);
        QVERIFY(files.received.startsWith("POST /api/v1/attachments HTTP/1.1\r\n"));
        QVERIFY(files.received.contains("Authorization: Bearer secret\r\n"));
        QVERIFY(files.received.contains("X-File-Name: s%C3%BC%C3%9F.png\r\n"));
        QVERIFY(files.received.endsWith("\r\n\r\nbytes"));
        QCOMPARE(take(api.upload(folder.filePath(u"none"_s), u"x"_s, u"image/png"_s)).error().kind, Error::Kind::NotFound);
    }

    void downloadsUpToALimitAndOnlyFromTheDesk()
    {
        FakeFiles files;
        files.response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nbytes";
        DeskClient client(files.url(), u"secret"_s);
        const auto bytes = take(client.download(u"/api/v1/attachments/3"_s, 5));
        QVERIFY(bytes);
        QCOMPARE(*bytes, QByteArray("bytes"));
        QCOMPARE(take(client.download(u"/api/v1/attachments/3"_s, 4)).error().field, u"size"_s);
        QCOMPARE(take(client.download(u"https://elsewhere.example/x"_s, 5)).error().kind, Error::Kind::Invalid);
        QTemporaryDir folder;
        QVERIFY(take(client.save(u"/api/v1/attachments/3"_s, folder.filePath(u"out"_s))));
        QFile saved(folder.filePath(u"out"_s));
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QCOMPARE(saved.readAll(), QByteArray("bytes"));
        files.response = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        QCOMPARE(take(client.download(u"/api/v1/attachments/3"_s, 5)).error().kind, Error::Kind::NotFound);
        QCOMPARE(take(client.save(u"/api/v1/attachments/3"_s, folder.filePath(u"missing"_s))).error().kind, Error::Kind::NotFound);
        QVERIFY(!QFile::exists(folder.filePath(u"missing"_s)));
    }
};

ANTIPHON_TEST(DeskClientTest)
#include "tst_deskclient.moc"
