#include "app/demo/webhooksender.h"
#include "tests/flows/tiktokworld.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTcpSocket>
#include <QTest>
#include <QUuid>

#include <atomic>
#include <mutex>
#include <thread>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// SIGKILL at random moments while eight clients deliver: what was acknowledged is there, once. ANTIPHON_CRASH_ROUNDS sets how often (50 unless given).
class CrashFlow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::TiktokWorld>();
        QCOMPARE(m_world->startConnected(), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void nothingAcknowledgedIsLostOrDoubled()
    {
        bool isNumber = false;
        const int asked = qEnvironmentVariableIntValue("ANTIPHON_CRASH_ROUNDS", &isNumber);
        const int rounds = isNumber ? asked : 50;
        qint64 slowest = 0;
        for (int round = 0; round < rounds; ++round) {
            m_isStopping = false;
            std::vector<std::thread> clients;
            for (int c = 0; c < kClients; ++c)
                clients.emplace_back([this, c] { deliver(c); });
            QTest::qWait(int(100 + QRandomGenerator::global()->bounded(400)));
            m_world->server().kill();
            m_isStopping = true;
            for (std::thread &client : clients)
                client.join();
            QVERIFY2(m_world->server().start(), qPrintable(m_world->server().standardError()));
            slowest = std::max(slowest, m_world->server().startupMs());
        }
        QCOMPARE(m_world->openSession(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(m_world->stat(u"pending"_s), 0, 180'000);
        QCOMPARE(m_world->stat(u"dead"_s), 0);
        const QHash<QString, int> stored = storedMessages();
        int missing = 0;
        int doubled = 0;
        for (const QString &id : std::as_const(m_acknowledged)) {
            missing += stored.value(id) == 0 ? 1 : 0;
            doubled += stored.value(id) > 1 ? 1 : 0;
        }
        qInfo("%d rounds, %d acknowledged, %d stored, slowest start %lld ms", rounds, int(m_acknowledged.size()), int(stored.size()), slowest);
        QVERIFY(m_acknowledged.size() > rounds * 10);
        QCOMPARE(missing, 0);
        QCOMPARE(doubled, 0);
        QVERIFY2(slowest < 1000, "a restart took a second or more");
    }

private:
    static constexpr int kClients = 8;

    /// One client: webhooks one after the other on a connection until the server is gone.
    void deliver(int client)
    {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_world->server().intakePort());
        if (!socket.waitForConnected(2000))
            return;
        while (!m_isStopping) {
            const QString id = u"msg-"_s + QUuid::createUuid().toString(QUuid::Id128);
            const QByteArray body = webhook(id, u"cnv-%1"_s.arg(client * 3 + int(QRandomGenerator::global()->bounded(3))));
            const qint64 now = QDateTime::currentSecsSinceEpoch();
            socket.write("POST /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTikTok-Signature: "
                         + demo::WebhookSender::signature("antiphon-test-app-secret", now, body) + "\r\nContent-Length: " + QByteArray::number(body.size())
                         + "\r\n\r\n" + body);
            QByteArray answer;
            while (!answer.contains("\r\n\r\n")) {
                if (!socket.waitForReadyRead(3000))
                    return;
                answer += socket.readAll();
            }
            if (answer.startsWith("HTTP/1.1 200")) {
                const std::lock_guard lock(m_mutex);
                m_acknowledged.append(id);
            }
        }
    }

    static QByteArray webhook(const QString &id, const QString &conversation)
    {
        const QJsonObject customer{{u"id"_s, u"usr-"_s + conversation}, {u"role"_s, u"personal_account"_s}};
        const QJsonObject business{{u"id"_s, u"biz-0001-openid"_s}, {u"role"_s, u"business_account"_s}};
        const QJsonObject content{{u"from"_s, u"somebody"_s},
                                  {u"to"_s, u"lantern.books"_s},
                                  {u"unique_identifier"_s, u"usr-"_s + conversation},
                                  {u"from_user"_s, customer},
                                  {u"to_user"_s, business},
                                  {u"conversation_id"_s, conversation},
                                  {u"message_id"_s, id},
                                  {u"timestamp"_s, QDateTime::currentMSecsSinceEpoch()},
                                  {u"type"_s, u"text"_s},
                                  {u"text"_s, QJsonObject{{u"body"_s, u"hello "_s + id}}}};
        return QJsonDocument(QJsonObject{{u"client_key"_s, u"7000000000000000001"_s},
                                         {u"event"_s, u"im_receive_msg"_s},
                                         {u"create_time"_s, QDateTime::currentSecsSinceEpoch()},
                                         {u"user_openid"_s, u"biz-0001-openid"_s},
                                         {u"content"_s, QString::fromUtf8(QJsonDocument(content).toJson(QJsonDocument::Compact))}})
            .toJson(QJsonDocument::Compact);
    }

    /// Counted by a connection of our own, not by the server.
    QHash<QString, int> storedMessages() const
    {
        QHash<QString, int> stored;
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"count"_s);
            database.setDatabaseName(m_world->server().dataDir() + u"/antiphon.db"_s);
            database.setConnectOptions(u"QSQLITE_OPEN_READONLY"_s);
            if (!database.open())
                qFatal("second connection: no database");
            QSqlQuery query(database);
            query.setForwardOnly(true);
            query.exec(u"SELECT source_id, count(*) FROM message WHERE source_id LIKE 'msg-%' GROUP BY source_id"_s);
            while (query.next())
                stored.insert(query.value(0).toString(), query.value(1).toInt());
        }
        QSqlDatabase::removeDatabase(u"count"_s);
        return stored;
    }

    std::unique_ptr<test::TiktokWorld> m_world;
    std::atomic<bool> m_isStopping{false};
    std::mutex m_mutex;
    QStringList m_acknowledged;
};

ANTIPHON_TEST(CrashFlow)
#include "tst_crash.moc"
