#include "tests/flows/tiktokworld.h"
#include "tests/flows/webhookclient.h"
#include "tests/support/testmain.h"

#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// SIGKILL at random moments while eight clients deliver: what was acknowledged is there, once, though the platform comes again
/// with what it got no answer to. ANTIPHON_CRASH_ROUNDS sets how often (50 unless given).
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
        QList<qint64> starts;
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
            starts.append(m_world->server().startupMs());
        }
        QCOMPARE(m_world->openSession(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(m_world->stat(u"pending"_s), 0, 180'000);
        QCOMPARE(m_world->stat(u"dead"_s), 0);
        const QHash<QString, int> stored = storedMessages();
        int missing = 0;
        int doubled = 0;
        for (auto it = m_acknowledged.cbegin(); it != m_acknowledged.cend(); ++it)
            missing += stored.value(it.key()) == 0 ? 1 : 0;
        for (const int count : stored)
            doubled += count > 1 ? 1 : 0;
        std::sort(starts.begin(), starts.end());
        const qint64 slowest = starts.last();
        const qint64 p99 = starts.at(std::min(starts.size() - 1, starts.size() * 99 / 100));
        qInfo("%d rounds, %d acknowledged, %d delivered again, %d stored, start %lld ms (p99), %lld ms at most", rounds, int(m_acknowledged.size()), int(m_resent),
              int(stored.size()), p99, slowest);
        QVERIFY(m_resent > 0);
        QVERIFY(m_acknowledged.size() > rounds * 10);
        QCOMPARE(missing, 0);
        QCOMPARE(doubled, 0);
        QVERIFY2(p99 <= (isNumber ? 1000 : 20'000), "a restart took too long");      // the normal run shares its machine
    }

private:
    static constexpr int kClients = 8;

    /// One client: first again what the platform got no answer to, and now and then what it got one to; then webhooks one after the other until the server is gone.
    void deliver(int number)
    {
        test::WebhookClient client(m_world->server().intakePort());
        const auto give = [&](const QString &id, const QString &conversation) {
            const test::WebhookAnswer answer = client.post(id, conversation, 3000);
            const std::lock_guard lock(m_mutex);
            if (answer.status == 200)
                m_acknowledged.insert(id, conversation);
            else
                m_unanswered.insert(id, conversation);
            return answer.status == 200;
        };
        QHash<QString, QString> again;
        {
            const std::lock_guard lock(m_mutex);
            if (number == 0)
                again.swap(m_unanswered);
            else if (!m_acknowledged.isEmpty())
                again.insert(m_acknowledged.constBegin().key(), m_acknowledged.constBegin().value());
        }
        for (auto it = again.cbegin(); it != again.cend(); ++it) {
            if (m_isStopping || !give(it.key(), it.value())) {
                const std::lock_guard lock(m_mutex);
                if (number == 0)
                    m_unanswered.insert(it.key(), it.value());
            } else {
                ++m_resent;
            }
        }
        while (!m_isStopping) {
            if (!give(test::WebhookClient::newId(), u"cnv-%1"_s.arg(number * 3 + int(QRandomGenerator::global()->bounded(3)))))
                return;
        }
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
    QHash<QString, QString> m_acknowledged;      ///< id and conversation
    QHash<QString, QString> m_unanswered;        ///< the platform comes again with these
    std::atomic<int> m_resent{0};
};

ANTIPHON_TEST(CrashFlow)
#include "tst_crash.moc"
