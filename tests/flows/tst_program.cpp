#include "app/demo/webhooksender.h"
#include "tests/flows/rawdesk.h"
#include "tests/flows/tiktokworld.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QUuid>

#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

QByteArray messageWebhook(const QString &id)
{
    const QJsonObject content{{u"from"_s, u"somebody"_s},
                              {u"to"_s, u"lantern.books"_s},
                              {u"unique_identifier"_s, u"usr-program"_s},
                              {u"from_user"_s, QJsonObject{{u"id"_s, u"usr-program"_s}, {u"role"_s, u"personal_account"_s}}},
                              {u"to_user"_s, QJsonObject{{u"id"_s, u"biz-0001-openid"_s}, {u"role"_s, u"business_account"_s}}},
                              {u"conversation_id"_s, u"cnv-program"_s},
                              {u"message_id"_s, id},
                              {u"timestamp"_s, QDateTime::currentMSecsSinceEpoch()},
                              {u"type"_s, u"text"_s},
                              {u"text"_s, QJsonObject{{u"body"_s, u"stop "_s + id}}}};
    return demo::webhookEnvelope(u"7000000000000000001"_s, u"im_receive_msg"_s, fromUnixMs(QDateTime::currentMSecsSinceEpoch()), u"biz-0001-openid"_s, content);
}

QByteArray signedHead(const QByteArray &body)
{
    return "POST /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTikTok-Signature: "
        + demo::WebhookSender::signature("antiphon-test-app-secret", QDateTime::currentSecsSinceEpoch(), body)
        + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n";
}

bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

} // namespace

/// The program as a person at a command line or a service manager meets it: options, exit codes, files, signals, locks, passphrases.
class ProgramFlow : public QObject {
    Q_OBJECT
private slots:
    void saysOneLineWhenReadyAndNothingElse()
    {
        test::ServerProcess server;
        QVERIFY2(server.start(), qPrintable(server.standardError()));
        QCOMPARE(test::http("GET", server.intake(u"/healthz"_s)).status, 200);
        QCOMPARE(test::http("GET", server.desk(u"/healthz"_s)).status, 200);
        QCOMPARE(server.terminate(), 0);
        QCOMPARE(server.standardOutput(), QByteArray());
        QVERIFY(server.start());
        QCOMPARE(server.stopBy(SIGINT), 0);
    }

    void versionAndHelpGoToStandardOutput()
    {
        test::ServerProcess server;
        const auto version = server.runToEnd({u"--version"_s});
        QCOMPARE(version.code, 0);
        QVERIFY(version.out.startsWith("antiphon-server ") && version.out.endsWith('\n'));
        const auto help = server.runToEnd({u"--help"_s});
        QCOMPARE(help.code, 0);
        for (const char *option : {"--data-dir", "--port", "--desk-port", "--listen", "--tls-cert", "--tls-key", "--public-url", "--database", "--demo"})
            QVERIFY2(help.out.contains(option), option);
    }

    void unusableOptionsEndWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char *name, const QStringList &arguments, const QByteArray &said) { QTest::newRow(name) << arguments << said; };
        row("unknown option", {u"--frobnicate"_s}, "frobnicate");
        row("stray argument", {u"somewhere"_s}, "somewhere");
        row("no number", {u"--port"_s, u"http"_s}, "--port");
        row("too large", {u"--desk-port"_s, u"65536"_s}, "--desk-port");
        row("negative", {u"--port=-1"_s}, "--port");
        row("no value", {u"--port"_s}, "port");
        row("no address", {u"--listen"_s, u"lan"_s}, "--listen");
        row("LAN without TLS", {u"--listen"_s, u"0.0.0.0"_s}, "--listen");
        row("certificate only", {u"--tls-cert"_s, u"/nowhere"_s}, "--tls-key");
        row("missing certificate", {u"--tls-cert"_s, u"/nowhere"_s, u"--tls-key"_s, u"/nowhere"_s, u"--data-dir"_s, u"%DIR%"_s, u"--port"_s, u"0"_s}, "--tls-cert");
        row("http to the world", {u"--public-url"_s, u"http://example.com"_s}, "--public-url");
        row("no address at all", {u"--public-url"_s, u"example"_s}, "--public-url");
        row("PostgreSQL", {u"--database"_s, u"postgresql://me@db/antiphon"_s}, "not supported yet");
        row("another database", {u"--database"_s, u"mysql://x"_s}, "--database");
        row("empty folder", {u"--data-dir"_s, QString()}, "--data-dir");
        row("connect is the window's", {u"--connect"_s, u"ws://127.0.0.1:1"_s}, "connect");
    }

    void unusableOptionsEndWithTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        test::ServerProcess server;
        arguments.replaceInStrings(u"%DIR%"_s, server.dataDir());
        const auto ended = server.runToEnd(arguments);
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains(said), ended.err.constData());
        QVERIFY2(ended.out.isEmpty(), ended.out.constData());
    }

    void environmentThatIsNotUsableEndsWithTwo_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::newRow("http elsewhere") << u"ANTIPHON_TIKTOK_API"_s << u"http://business-api.example.com"_s;
        QTest::newRow("http in the LAN") << u"ANTIPHON_TIKTOK_API"_s << u"http://192.168.0.7:80"_s;
        QTest::newRow("looks like loopback") << u"ANTIPHON_TIKTOK_WEB"_s << u"http://127.0.0.1.example.com"_s;
        QTest::newRow("no address") << u"ANTIPHON_TIKTOK_WEB"_s << u"nonsense"_s;
        QTest::newRow("file") << u"ANTIPHON_TIKTOK_API"_s << u"file:///etc/passwd"_s;
        QTest::newRow("secrets") << u"ANTIPHON_SECRETS"_s << u"nonsense"_s;
    }

    void environmentThatIsNotUsableEndsWithTwo()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        test::ServerProcess server;
        server.environment.insert(name, value);
        const auto ended = server.runToEnd({u"--data-dir"_s, server.dataDir(), u"--port"_s, u"0"_s, u"--desk-port"_s, u"0"_s});
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains(name.toLatin1()), ended.err.constData());
    }

    void aTakenPortOrAnUnusableFolderEndsWithOne()
    {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost, 0));
        const QString port = QString::number(taken.serverPort());
        for (const QString &option : {u"--port"_s, u"--desk-port"_s}) {
            test::ServerProcess server;
            QStringList arguments{u"--data-dir"_s, server.dataDir(), option, port, option == "--port"_L1 ? u"--desk-port"_s : u"--port"_s, u"0"_s};
            const auto ended = server.runToEnd(arguments);
            QCOMPARE(ended.code, 1);
            QVERIFY2(ended.err.contains(port.toLatin1()), ended.err.constData());
            QVERIFY(ended.out.isEmpty());
        }
        test::ServerProcess server;
        QVERIFY(writeFile(server.dataDir() + u"/file"_s, "x"));
        for (const QString &folder : {server.dataDir() + u"/file"_s, server.dataDir() + u"/file/below"_s, u"/proc/antiphon"_s}) {
            const auto ended = server.runToEnd({u"--data-dir"_s, folder, u"--port"_s, u"0"_s, u"--desk-port"_s, u"0"_s});
            QCOMPARE(ended.code, 1);
            QVERIFY2(ended.err.contains(folder.toLocal8Bit()), ended.err.constData());
        }
    }

    void aDatabaseThatIsNoneEndsWithOneAndStaysAsItIs()
    {
        test::ServerProcess server;
        const QByteArray junk = QByteArray("this is no database ").repeated(500);
        QVERIFY(writeFile(server.dataDir() + u"/antiphon.db"_s, junk));
        const auto ended = server.runToEnd({u"--data-dir"_s, server.dataDir(), u"--port"_s, u"0"_s, u"--desk-port"_s, u"0"_s});
        QCOMPARE(ended.code, 1);
        QVERIFY(!ended.err.isEmpty());
        QFile file(server.dataDir() + u"/antiphon.db"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), junk);
    }

    void oneProcessAFolderAndAKilledOneLeavesNoLock()
    {
        test::ServerProcess first;
        QVERIFY(first.start());
        test::ServerProcess second;
        second.setFolder(first.dataDir());
        const auto ended = second.runToEnd({u"--data-dir"_s, first.dataDir(), u"--port"_s, u"0"_s, u"--desk-port"_s, u"0"_s});
        QCOMPARE(ended.code, 1);
        QVERIFY2(ended.err.contains("already running") && ended.err.contains(first.dataDir().toLocal8Bit()), ended.err.constData());
        QVERIFY(ended.out.isEmpty());
        QCOMPARE(test::http("GET", first.intake(u"/healthz"_s)).status, 200);
        first.kill();
        QVERIFY2(second.start(), qPrintable(second.standardError()));
        QCOMPARE(second.terminate(), 0);
    }

    void everyFileIsTheOwnersOnly()
    {
        test::TiktokWorld world;
        const QString folder = world.server().dataDir() + u"/open to all"_s;
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(QFile::setPermissions(folder, QFile::Permissions(0x7755)));
        world.server().setFolder(folder);
        QCOMPARE(world.startConnected(), QString());
        const auto uploaded = test::http("POST", world.server().desk(u"/api/v1/attachments"_s), "a text",
                                         {{"Authorization", world.server().bearer()}, {"Content-Type", "text/plain"}, {"X-File-Name", "a.txt"}});
        QCOMPARE(uploaded.status, 201);
        QCOMPARE(QFileInfo(folder).permissions() & QFile::Permissions(0x0077), QFile::Permissions());
        QDirIterator files(folder, QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
        QStringList open;
        int seen = 0;
        while (files.hasNext()) {
            const QFileInfo info(files.next());
            ++seen;
            if ((info.permissions() & QFile::Permissions(0x0077)) != 0)
                open.append(info.filePath());
        }
        QVERIFY(seen > 5);
        QVERIFY2(open.isEmpty(), qPrintable(open.join(u' ')));
        QCOMPARE(QFileInfo(folder + u"/token"_s).permissions() & QFile::Permissions(0x7777), QFile::Permissions(0x6600));
        QVERIFY(world.server().token().size() >= 32);
    }

    void signalsEndItCleanlyUnderLoad_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }

    void signalsEndItCleanlyUnderLoad()
    {
        QFETCH(int, signal);
        test::TiktokWorld world;
        QCOMPARE(world.startConnected(), QString());
        const QString thread = world.tiktok().startConversation({.username = u"stopper"_s});
        world.tiktok().customerWrites(thread, u"Hello"_s);
        QTRY_VERIFY(world.conversation(thread));
        world.tiktok().always(u"business/message/send"_s, {.delay = Milliseconds(700), .takesEffect = true});
        const auto sent = test::waitFor(world.api().sendMessage(
            {.conversationId = world.conversation(thread)->id, .content = u"in flight"_s, .clientId = QUuid::createUuid().toString()}));
        QVERIFY(sent);
        QTRY_COMPARE(world.tiktok().count(u"business/message/send"_s), 1);

        std::atomic<bool> isStopping{false};
        std::mutex mutex;
        QStringList acknowledged;
        std::vector<std::thread> clients;
        for (int c = 0; c < 8; ++c)
            clients.emplace_back([&] { deliver(world.server().intakePort(), isStopping, mutex, acknowledged); });
        QTest::qWait(400);
        const int code = world.server().stopBy(signal);
        isStopping = true;
        for (std::thread &client : clients)
            client.join();
        QCOMPARE(code, 0);
        QVERIFY(acknowledged.size() > 10);
        QVERIFY(!QFileInfo::exists(world.server().dataDir() + u"/antiphon.db-wal"_s) || QFileInfo(world.server().dataDir() + u"/antiphon.db-wal"_s).size() == 0);

        world.tiktok().normal(u"business/message/send"_s);
        QVERIFY2(world.server().start(), qPrintable(world.server().standardError()));
        QCOMPARE(world.openSession(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(world.stat(u"pending"_s), 0, 30'000);
        const QHash<QString, int> stored = storedMessages(world.server().dataDir());
        int wrong = 0;
        for (const QString &id : std::as_const(acknowledged))
            wrong += stored.value(id) == 1 ? 0 : 1;
        QCOMPARE(wrong, 0);
        QTRY_COMPARE_WITH_TIMEOUT(*world.messages(thread).last().status, MessageStatus::Delivered, 30'000);
        QCOMPARE(world.tiktok().count(u"business/message/send"_s), 1);
    }

    void thePassphraseComesFromAFileOrACredential()
    {
        test::TiktokWorld world;
        test::ServerProcess &server = world.server();
        const QString passphrase = QUuid::createUuid().toString();
        QTemporaryDir elsewhere;
        const QString file = elsewhere.filePath(u"passphrase"_s);
        QVERIFY(writeFile(file, passphrase.toLatin1() + '\n'));
        server.environment.insert(u"ANTIPHON_SECRETS_PASSPHRASE_FILE"_s, file);
        QCOMPARE(world.startConnected(), QString());
        QVERIFY(!QFileInfo::exists(server.dataDir() + u"/secrets.key"_s));
        QCOMPARE(post(server, u"with-file"_s), 200);
        QCOMPARE(server.terminate(), 0);

        server.environment.remove(u"ANTIPHON_SECRETS_PASSPHRASE_FILE"_s);
        QVERIFY(writeFile(elsewhere.filePath(u"antiphon-passphrase"_s), passphrase.toLatin1()));
        server.environment.insert(u"CREDENTIALS_DIRECTORY"_s, elsewhere.path());
        QVERIFY2(server.start(), qPrintable(server.standardError()));
        QCOMPARE(post(server, u"with-credential"_s), 200);
        QCOMPARE(server.terminate(), 0);

        QVERIFY(writeFile(elsewhere.filePath(u"antiphon-passphrase"_s), "another"));
        QVERIFY2(server.start(), qPrintable(server.standardError()));
        QByteArray retryAfter;
        QCOMPARE(post(server, u"locked"_s, &retryAfter), 503);
        QVERIFY2(retryAfter.toInt() > 0, retryAfter.constData());
        QCOMPARE(test::http("GET", server.intake(u"/healthz"_s)).status, 200);
        QCOMPARE(server.terminate(), 0);
        QVERIFY(server.standardError().contains(u"passphrase"_s));

        QVERIFY(writeFile(elsewhere.filePath(u"antiphon-passphrase"_s), passphrase.toLatin1()));
        QVERIFY(server.start());
        QCOMPARE(post(server, u"locked"_s), 200);
        QCOMPARE(world.openSession(), QString());
        QTRY_COMPARE(world.stat(u"pending"_s), 0);
        const QHash<QString, int> stored = storedMessages(server.dataDir());
        QCOMPARE(stored.value(u"locked"_s), 1);
        QCOMPARE(stored.value(u"with-credential"_s), 1);
        QCOMPARE(server.terminate(), 0);
    }

    void aMissingPassphraseFileIsSaidAndNothingIsMadeUp()
    {
        test::ServerProcess server;
        server.environment.insert(u"ANTIPHON_SECRETS_PASSPHRASE_FILE"_s, server.dataDir() + u"/absent"_s);
        const auto ended = server.runToEnd({u"--data-dir"_s, server.dataDir(), u"--port"_s, u"0"_s, u"--desk-port"_s, u"0"_s});
        QVERIFY(ended.code == 1 || ended.code == 2);
        QVERIFY2(ended.err.contains("absent"), ended.err.constData());
        QVERIFY(!QFileInfo::exists(server.dataDir() + u"/secrets.key"_s));
    }

    void theDemoListensAndLeavesNothingBehind()
    {
        QTemporaryDir temporary;
        test::ServerProcess server;
        server.environment.insert(u"TMPDIR"_s, temporary.path());
        server.arguments = QStringList{u"--demo"_s};
        QVERIFY2(server.start(20'000), qPrintable(server.standardError()));
        QCOMPARE(test::http("GET", server.intake(u"/healthz"_s)).status, 200);
        QVERIFY(!QDir(temporary.path()).isEmpty());
        QCOMPARE(server.terminate(), 0);
        QVERIFY2(QDir(temporary.path()).isEmpty(), qPrintable(QDir(temporary.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).join(u' ')));
        QVERIFY(QDir(server.dataDir()).isEmpty());
    }

private:
    static void deliver(quint16 port, const std::atomic<bool> &isStopping, std::mutex &mutex, QStringList &acknowledged)
    {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port);
        if (!socket.waitForConnected(2000))
            return;
        while (!isStopping) {
            const QString id = u"msg-"_s + QUuid::createUuid().toString(QUuid::Id128);
            const QByteArray body = messageWebhook(id);
            socket.write(signedHead(body) + body);
            QByteArray answer;
            while (!answer.contains("\r\n\r\n")) {
                if (!socket.waitForReadyRead(3000))
                    return;
                answer += socket.readAll();
            }
            if (answer.startsWith("HTTP/1.1 200")) {
                const std::lock_guard lock(mutex);
                acknowledged.append(id);
            }
        }
    }

    static int post(const test::ServerProcess &server, const QString &id, QByteArray *retryAfter = nullptr)
    {
        const QByteArray body = messageWebhook(id);
        const auto answer = test::http("POST", server.intake(u"/webhooks/tiktok"_s), body,
                                       {{"TikTok-Signature", demo::WebhookSender::signature("antiphon-test-app-secret", QDateTime::currentSecsSinceEpoch(), body)}});
        if (retryAfter)
            *retryAfter = answer.headers.value("retry-after");
        return answer.status;
    }

    static QHash<QString, int> storedMessages(const QString &folder)
    {
        QHash<QString, int> stored;
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"count"_s);
            database.setDatabaseName(folder + u"/antiphon.db"_s);
            database.setConnectOptions(u"QSQLITE_OPEN_READONLY"_s);
            if (!database.open())
                qFatal("second connection: no database");
            QSqlQuery query(database);
            query.exec(u"SELECT source_id, count(*) FROM message WHERE source_id IS NOT NULL GROUP BY source_id"_s);
            while (query.next())
                stored.insert(query.value(0).toString(), query.value(1).toInt());
        }
        QSqlDatabase::removeDatabase(u"count"_s);
        return stored;
    }
};

ANTIPHON_TEST(ProgramFlow)
#include "tst_program.moc"
