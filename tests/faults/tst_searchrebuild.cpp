#include "core/store/connection.h"
#include "tests/faults/faults.h"
#include "tests/flows/rawdesk.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// The search index is deleted, or an old one is put in its place: it is built again in the background, and search says so meanwhile.
class SearchRebuild : public QObject {
    Q_OBJECT
private slots:
    void isBuiltAgainAndSaysSo_data()
    {
        QTest::addColumn<int>("messages");
        QTest::addColumn<int>("rounds");
        QTest::newRow("6,000 messages") << 6000 << test::times(1, 20);
        if (qEnvironmentVariableIsSet("ANTIPHON_FAULTS_FULL"))
            QTest::newRow("1,000,000 messages") << 1'000'000 << 1;
    }

    void isBuiltAgainAndSaysSo()
    {
        QFETCH(int, messages);
        QFETCH(int, rounds);
        test::ServerProcess server;
        QVERIFY(server.start());
        QCOMPARE(server.terminate(), 0);
        seed(server.dataDir() + u"/antiphon.db"_s, messages);
        qint64 slowest = 0;
        int incomplete = 0;
        const QString index = server.dataDir() + u"/search.db"_s;
        for (int round = 0; round < rounds; ++round) {
            for (const QString &end : {QString(), u"-wal"_s, u"-shm"_s})
                QFile::remove(index + end);
            QVERIFY(server.start());
            test::RawDesk desk(server.deskPort());
            desk.open(server.token());
            QElapsedTimer timer;
            timer.start();
            QJsonObject result = ask(desk, u"needle"_s);
            incomplete += result.value(u"complete"_s).toBool() ? 0 : 1;
            while (!result.value(u"complete"_s).toBool() && timer.elapsed() < 240'000) {
                QTest::qWait(100);
                result = ask(desk, u"needle"_s);
            }
            slowest = std::max(slowest, timer.elapsed());
            QVERIFY(result.value(u"complete"_s).toBool());
            QCOMPARE(result.value(u"items"_s).toArray().size(), 10);
            QCOMPARE(server.terminate(), 0);
        }
        qInfo("%d messages, %d times: built in %lld ms at most, said to be incomplete %d times", messages, rounds, slowest, incomplete);
        QCOMPARE(incomplete, rounds);
        QVERIFY2(slowest < 10'000 + messages / 10, "it takes too long");      // the bar of 60 s is for a release build with the machine to itself
    }

    void anOldOneCatchesUp()
    {
        test::TiktokWorld world;
        QCOMPARE(world.startConnected(), QString());
        const QString thread = world.tiktok().startConversation({.username = u"customer.one"_s});
        world.tiktok().customerWrites(thread, u"the first needle"_s);
        test::RawDesk desk(world.server().deskPort());
        desk.open(world.server().token());
        QTRY_COMPARE_WITH_TIMEOUT(ask(desk, u"needle"_s).value(u"items"_s).toArray().size(), 1, 20'000);
        QCOMPARE(world.server().terminate(), 0);
        const QString index = world.server().dataDir() + u"/search.db"_s;
        QVERIFY(QFile::copy(index, index + u".old"_s));
        QVERIFY(world.server().start());
        world.tiktok().customerWrites(thread, u"the second needle"_s);
        test::RawDesk second(world.server().deskPort());
        second.open(world.server().token());
        QTRY_COMPARE_WITH_TIMEOUT(ask(second, u"needle"_s).value(u"items"_s).toArray().size(), 2, 20'000);
        QCOMPARE(world.server().terminate(), 0);
        for (const QString &end : {QString(), u"-wal"_s, u"-shm"_s})
            QFile::remove(index + end);
        QVERIFY(QFile::rename(index + u".old"_s, index));
        QVERIFY(world.server().start());
        test::RawDesk third(world.server().deskPort());
        third.open(world.server().token());
        QTRY_COMPARE_WITH_TIMEOUT(ask(third, u"needle"_s).value(u"items"_s).toArray().size(), 2, 20'000);
    }

private:
    static QJsonObject ask(test::RawDesk &desk, const QString &query)
    {
        return desk.result(u"search"_s, {{u"query"_s, query}, {u"kinds"_s, QJsonArray{u"message"_s}}, {u"limit"_s, 200}});
    }

    /// Messages straight into the tables; the ten oldest hold the needle.
    static void seed(const QString &path, int messages)
    {
        auto connection = Connection::open(path, Connection::Mode::Write, Milliseconds(5000));
        QVERIFY(connection);
        const auto run = [&](const QString &sql) {
            Query q = (*connection)->query(sql);
            const auto done = q.exec();
            QVERIFY2(done, qPrintable(done ? QString() : describe(done.error())));
        };
        run(u"BEGIN IMMEDIATE"_s);
        run(u"INSERT INTO inbox (channel, name, external_id, state, delivery, created_at) VALUES ('tiktok', 'Shop', 'biz', 'disabled', 'webhook', 1)"_s);
        run(u"INSERT INTO contact (name, created_at) VALUES ('Somebody', 1)"_s);
        run(u"INSERT INTO contact_inbox (inbox_id, contact_id, source_id, created_at) SELECT inbox.id, contact.id, 'cnv', 1 FROM inbox, contact"_s);
        run(u"INSERT INTO conversation (inbox_id, contact_id, contact_inbox_id, status, last_activity_at, created_at)"
            " SELECT inbox_id, contact_id, id, 'open', 1, 1 FROM contact_inbox"_s);
        Query q = (*connection)->query(
            u"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :messages)"
            " INSERT INTO message (conversation_id, inbox_id, direction, content, content_type, sender_type, source_id, created_at, received_at, updated_at)"
            " SELECT conversation.id, conversation.inbox_id, 'incoming',"
            " 'message ' || i || ' about the book ' || (i % 977) || ' and its ' || CASE WHEN i <= 10 THEN 'needle' ELSE 'price' END, 'text', 'contact', 'm' || i, i * 1000, i, i"
            " FROM n, conversation"_s);
        q.bind(":messages"_L1, messages);
        QVERIFY(q.exec());
        run(u"COMMIT"_s);
    }
};

ANTIPHON_TEST(SearchRebuild)
#include "tst_searchrebuild.moc"
