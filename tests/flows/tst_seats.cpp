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

/// Several seats at one workspace: events, what a list already knows, drafts, typing, unread, search, files.
class SeatsFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::TiktokWorld>();
        QCOMPARE(m_world->startConnected(), QString());
        m_thread = m_world->tiktok().startConversation({.username = u"seat.customer"_s});
        for (int i = 0; i < 5; ++i)
            m_world->tiktok().customerWrites(m_thread, u"Number %1"_s.arg(i), {.at = fromUnixMs(QDateTime::currentMSecsSinceEpoch() - 60'000 + i * 1000)});
        QTRY_COMPARE(m_world->messages(m_thread).size(), 5);
        m_conversation = m_world->conversation(m_thread)->id.toString();
    }

    void cleanupTestCase() { m_world.reset(); }

    void eventsHaveNoGapAndALostSeatGoesOnWhereItWas()
    {
        auto seat = seated();
        const qint64 begin = m_head;
        for (int i = 0; i < 150; ++i)
            m_world->tiktok().customerWrites(m_thread, u"load %1"_s.arg(i));
        QTRY_COMPARE_WITH_TIMEOUT(created(*seat), 150, 30'000);
        QTRY_COMPARE(m_world->tiktok().webhooks().pending(), 0);
        QTest::qWait(300);
        const QList<qint64> numbers = numbered(*seat);
        for (qsizetype i = 0; i < numbers.size(); ++i)
            QCOMPARE(numbers.at(i), begin + 1 + i);
        const qint64 end = begin + numbers.size();

        const qint64 middle = begin + qint64(QRandomGenerator::global()->bounded(int(end - begin)));
        test::RawDesk again(m_world->server().deskPort());
        QCOMPARE(again.open(m_world->server().token(), {{u"resume_from"_s, middle}}).value("result"_L1)["resync"_L1], QJsonValue(false));
        QTRY_VERIFY(numbered(again).size() >= end - middle);
        QCOMPARE(numbered(again).constFirst(), middle + 1);

        test::RawDesk ahead(m_world->server().deskPort());
        QCOMPARE(ahead.open(m_world->server().token(), {{u"resume_from"_s, end + 1'000'000}}).value("result"_L1)["resync"_L1], QJsonValue(true));
        test::RawDesk wrong(m_world->server().deskPort());
        QCOMPARE(test::RawDesk::code(wrong.open(m_world->server().token(), {{u"resume_from"_s, u"x"_s}})), -32004);
    }

    void aListAndTheEventsAfterItAreNeverWrong()
    {
        auto seat = seated();
        for (int round = 0; round < 15; ++round) {
            const QString thread = m_world->tiktok().startConversation({.username = u"round.%1"_s.arg(round)});
            for (int i = 0; i < 4; ++i)
                m_world->tiktok().customerWrites(thread, u"%1-%2"_s.arg(round).arg(i));
            QTest::qWait(int(QRandomGenerator::global()->bounded(30)));
            seat->events.clear();
            const QJsonObject list = seat->result(u"messages.list"_s, {{u"conversation_id"_s, m_conversation}});
            QVERIFY(list.contains("seq"_L1));
            QSet<QString> known;
            const qint64 seq = qint64(list.value("seq"_L1).toDouble());
            const QJsonObject page = seat->result(u"conversations.list"_s, {{u"limit"_s, 200}});
            const qint64 pageSeq = qint64(page.value("seq"_L1).toDouble());
            QVERIFY(pageSeq >= seq);
            const QJsonArray items = page.value("items"_L1).toArray();
            for (const QJsonValue &item : items)
                known.insert(item["id"_L1].toString());
            QTRY_COMPARE(m_world->messages(thread).size(), 4);
            const QString id = m_world->conversation(thread)->id.toString();
            const auto isTold = [&] {
                return known.contains(id) || std::any_of(seat->events.begin(), seat->events.end(), [&](const QJsonObject &event) {
                           return event.value("type"_L1) == "conversation.created"_L1 && event.value("data"_L1)["id"_L1] == id
                               && qint64(event.value("seq"_L1).toDouble()) > pageSeq;
                       });
            };
            QTRY_VERIFY(isTold());
        }
    }

    void unreadIsExactAndNeverGoesBackwards()
    {
        auto seat = seated();
        const QString thread = m_world->tiktok().startConversation({.username = u"unread.customer"_s});
        for (int i = 0; i < 6; ++i)
            m_world->tiktok().customerWrites(thread, u"u%1"_s.arg(i));
        QTRY_COMPARE(m_world->messages(thread).size(), 6);
        const QList<Message> all = m_world->messages(thread);
        const QString id = m_world->conversation(thread)->id.toString();
        const auto unread = [&] { return seat->result(u"conversations.get"_s, {{u"id"_s, id}}).value("unread_count"_L1).toInt(); };
        const auto read = [&](int upTo) { return seat->result(u"conversations.mark_read"_s, {{u"id"_s, id}, {u"message_id"_s, all.at(upTo).id.toString()}}).value("unread_count"_L1).toInt(-1); };
        QCOMPARE(unread(), 6);
        QCOMPARE(read(2), 3);
        QCOMPARE(read(0), 3);
        QCOMPARE(read(5), 0);
        QCOMPARE(seat->result(u"conversations.mark_unread"_s, {{u"id"_s, id}}).value("unread_count"_L1).toInt(), 1);
        QCOMPARE(read(5), 0);
        const QString foreign = m_world->messages(m_thread).first().id.toString();
        QCOMPARE(seat->verdict(u"conversations.mark_read"_s, {{u"id"_s, id}, {u"message_id"_s, foreign}}), u"-32004/invalid/message_id"_s);
    }

    void typingIsToldToTheOthersAndNotReplayed()
    {
        auto writer = seated();
        auto reader = seated();
        QCOMPARE(writer->verdict(u"typing.set"_s, {{u"conversation_id"_s, m_conversation}, {u"on"_s, true}, {u"private"_s, true}}), u"ok"_s);
        const auto typing = [](const test::RawDesk &seat) {
            return std::count_if(seat.events.begin(), seat.events.end(), [](const QJsonObject &event) {
                return event.value("type"_L1) == "typing"_L1 && event.value("seq"_L1).isNull() && event.contains("seq"_L1);
            });
        };
        QTRY_COMPARE(typing(*reader), 1);
        QCOMPARE(typing(*writer), 0);
        test::RawDesk late(m_world->server().deskPort());
        QVERIFY(late.open(m_world->server().token(), {{u"resume_from"_s, 0}}).contains("result"_L1));
        QCOMPARE(late.call(u"session.ping"_s).value("result"_L1).toObject(), QJsonObject());
        QCOMPARE(typing(late), 0);
    }

    void draftsLabelsSnoozeAndSettingsAreKept()
    {
        auto seat = seated();
        const QString text = u"Entwurf "_s + QUuid::createUuid().toString() + u" 青い"_s;
        QCOMPARE(seat->verdict(u"drafts.set"_s, {{u"conversation_id"_s, m_conversation}, {u"mode"_s, u"reply"_s}, {u"content"_s, text}}), u"ok"_s);
        QCOMPARE(seated()->result(u"drafts.list"_s).value("items"_L1)[0]["content"_L1].toString(), text);
        QCOMPARE(seat->verdict(u"drafts.set"_s, {{u"conversation_id"_s, m_conversation}, {u"mode"_s, u"reply"_s}, {u"content"_s, QString()}}), u"ok"_s);
        QVERIFY(seated()->result(u"drafts.list"_s).value("items"_L1).toArray().isEmpty());

        const QString until = QDateTime::currentDateTimeUtc().addMSecs(1500).toString(u"yyyy-MM-ddTHH:mm:ss.zzzZ"_s);
        const QJsonObject snoozed = seat->result(u"conversations.update"_s, {{u"id"_s, m_conversation}, {u"snoozed_until"_s, until}, {u"labels"_s, QJsonArray{u"vip"_s}}});
        QCOMPARE(snoozed.value("status"_L1).toString(), u"snoozed"_s);
        QCOMPARE(snoozed.value("labels"_L1).toArray(), QJsonArray{u"vip"_s});
        QTRY_COMPARE_WITH_TIMEOUT(seat->result(u"conversations.get"_s, {{u"id"_s, m_conversation}}).value("status"_L1).toString(), u"open"_s, 10'000);
        QCOMPARE(seat->result(u"conversations.list"_s, {{u"filter"_s, QJsonObject{{u"label"_s, u"vip"_s}}}}).value("items"_L1).toArray().size(), 1);
        QCOMPARE(seat->verdict(u"settings.set"_s, {{u"values"_s, QJsonObject{{u"ui.theme"_s, u"dark"_s}}}}), u"ok"_s);
        QCOMPARE(seat->result(u"settings.get"_s, {{u"keys"_s, QJsonArray{u"ui.theme"_s}}}).value("values"_L1)["ui.theme"_L1].toString(), u"dark"_s);
    }

    void searchTakesEveryTextAsText()
    {
        auto seat = seated();
        const QString word = u"zq"_s + QUuid::createUuid().toString(QUuid::Id128).left(12);
        m_world->tiktok().customerWrites(m_thread, word + u" 青いマグカップ \"quoted\" -minus a*b NEAR(c)"_s);
        const auto hits = [&](const QString &query) {
            return seat->result(u"search"_s, {{u"query"_s, query}, {u"kinds"_s, QJsonArray{u"message"_s}}}).value("items"_L1).toArray().size();
        };
        QTRY_COMPARE(hits(word), 1);
        QVERIFY(hits(u"マグカップ"_s) >= 1);
        for (const QString &query : {u"\"quoted\""_s, u"-minus"_s, u"a*b"_s, u"NEAR(c)"_s, u"\""_s, u"*"_s, u"AND"_s, u"content:x"_s, u"' OR 1=1 --"_s, u"%"_s, u"(((("_s})
            QCOMPARE(seat->verdict(u"search"_s, {{u"query"_s, query}}), u"ok"_s);
        const QString id = m_world->messages(m_thread).last().id.toString();
        QCOMPARE(seat->verdict(u"messages.delete"_s, {{u"id"_s, id}}), u"ok"_s);
        QTRY_COMPARE(hits(word), 0);
    }

    void sixtyMebibytesUpAndDownCostLittleMemory()
    {
        const qint64 size = 60 * 1024 * 1024;
        const qint64 before = m_world->server().memory("VmHWM");
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_world->server().deskPort());
        QVERIFY(socket.waitForConnected(2000));
        socket.write("POST /api/v1/attachments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\nX-File-Name: gr%C3%BC%C3%9Fe.bin\r\nAuthorization: "
                     + m_world->server().bearer() + "\r\nContent-Length: " + QByteArray::number(size) + "\r\n\r\n");
        QByteArray piece(1024 * 1024, '\0');
        for (qint64 sent = 0; sent < size; sent += piece.size()) {
            piece.fill(char('a' + sent / piece.size() % 26));
            socket.write(piece);
            while (socket.bytesToWrite() > 0)
                QVERIFY(socket.waitForBytesWritten(10'000));
        }
        QByteArray answer;
        while (!answer.contains('}') && socket.waitForReadyRead(10'000))
            answer += socket.readAll();
        QVERIFY2(answer.startsWith("HTTP/1.1 201"), answer.constData());
        const QJsonObject made = QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4)).object();
        QCOMPARE(made.value("name"_L1).toString(), u"grüße.bin"_s);
        QCOMPARE(qint64(made.value("size"_L1).toDouble()), size);
        const QUrl url = m_world->server().desk(u"/api/v1/attachments/"_s + made.value("id"_L1).toString());
        const QByteArray bearer = m_world->server().bearer();
        const auto get = [&](const QByteArray &method, const QByteArray &range) {
            QList<QPair<QByteArray, QByteArray>> headers{{"Authorization", bearer}};
            if (!range.isEmpty())
                headers.append({"Range", range});
            return test::http(method, url, {}, headers);
        };
        QCOMPARE(test::http("GET", url).status, 401);
        const auto head = get("HEAD", {});
        QCOMPARE(head.status, 200);
        QCOMPARE(head.headers.value("content-length").toLongLong(), size);
        QVERIFY(!head.headers.value("etag").isEmpty());
        const auto middle = get("GET", "bytes=1048570-1048579");
        QCOMPARE(middle.status, 206);
        QCOMPARE(middle.body, QByteArray("aaaaaabbbb"));
        QCOMPARE(middle.headers.value("content-range"), QByteArray("bytes 1048570-1048579/62914560"));
        QCOMPARE(get("GET", "bytes=-3").body.size(), 3);
        QCOMPARE(get("GET", "bytes=99999999-").status, 416);
        QCOMPARE(get("GET", {}).body.size(), size);
        const qint64 grown = m_world->server().memory("VmHWM") - before;
        qInfo("60 MiB up and down: %lld KiB more at the most", grown);
#if !defined(__SANITIZE_ADDRESS__)                 // which keeps freed memory for a while
        QVERIFY(grown < 48 * 1024);
#endif
        QCOMPARE(test::http("GET", m_world->server().desk(u"/api/v1/attachments/987654321"_s), {}, {{"Authorization", bearer}}).status, 404);
    }

private:
    std::unique_ptr<test::RawDesk> seated()
    {
        auto seat = std::make_unique<test::RawDesk>(m_world->server().deskPort());
        m_head = qint64(seat->open(m_world->server().token()).value("result"_L1)["seq"_L1].toDouble(-1));
        return seat;
    }

    static int created(const test::RawDesk &seat)
    {
        return int(std::count_if(seat.events.begin(), seat.events.end(), [](const QJsonObject &event) { return event.value("type"_L1) == "message.created"_L1; }));
    }

    /// The numbers of the events that have one; typing and the server's health are told beside the feed.
    static QList<qint64> numbered(const test::RawDesk &seat)
    {
        QList<qint64> numbers;
        for (const QJsonObject &event : seat.events) {
            if (const QJsonValue seq = event.value("seq"_L1); seq.isDouble())
                numbers.append(seq.toInteger());
        }
        return numbers;
    }

    std::unique_ptr<test::TiktokWorld> m_world;
    QString m_thread;
    QString m_conversation;
    qint64 m_head = 0;
};

ANTIPHON_TEST(SeatsFlow)
#include "tst_seats.moc"
