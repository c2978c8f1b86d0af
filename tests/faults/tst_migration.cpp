#include "core/store/connection.h"
#include "core/store/database.h"
#include "core/store/migrator.h"
#include "tests/faults/faults.h"
#include "tests/support/testmain.h"

#include <QCryptographicHash>
#include <QDir>
#include <QRandomGenerator>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// SIGKILL at any moment while an older workspace is brought up to date: the next start goes on, nothing is lost, the copy is whole; and an older program refuses
/// what a newer one made.
class Migration : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        SystemClock clock;
        QVERIFY(Database::open({.path = m_work.filePath(u"first.db"_s)}, clock));      // the resource with the steps is there now
        m_steps = QDir(u":/sql/sqlite"_s).entryList({u"*.sql"_s}, QDir::Files, QDir::Name);
        QVERIFY(m_steps.size() >= 3);
    }

    void killedAtAnyStepItGoesOn_data()
    {
        QTest::addColumn<int>("version");
        for (int version = 1; version < m_steps.size(); ++version)
            QTest::newRow(qPrintable(u"from %1"_s.arg(version))) << version;
    }

    void killedAtAnyStepItGoesOn()
    {
        QFETCH(int, version);
        const int rounds = test::times(2, 20);
        const qint64 calls = callsOfAStart(version);
        QVERIFY(calls > 20);
        auto *random = QRandomGenerator::global();
        int before = 0;
        for (int round = 0; round < rounds; ++round) {
            test::FaultLayer layer;
            test::ServerProcess server;
            const QString database = server.dataDir() + u"/antiphon.db"_s;
            makeOld(database, version);
            layer.install(server.environment, server.dataDir());
            layer->killTears = random->bounded(2);
            layer->killIn = 1 + qint64(random->generateDouble() * double(calls));
            server.start(20'000);
            server.kill();
            layer.reset();
            const int reached = versionOf(database);
            QVERIFY2(reached >= version && reached <= m_steps.size(), qPrintable(QString::number(reached)));
            before += reached == version ? 1 : 0;
            const QString copy = u"%1.before-%2"_s.arg(database).arg(version + 1, 4, 10, QChar(u'0'));
            if (reached > version) {
                QVERIFY(QFile::exists(copy));
                QCOMPARE(versionOf(copy), version);
                QCOMPARE(people(copy), 500);
            }
            QVERIFY2(server.start(20'000), qPrintable(server.standardError()));
            QCOMPARE(server.terminate(), 0);
            QCOMPARE(versionOf(database), m_steps.size());
            QCOMPARE(people(database), 500);
            QCOMPARE(test::stored(server.dataDir()).integrity, u"ok"_s);
        }
        qInfo("from shape %d: %lld calls, %d kills, %d of them before the first step was done", version, calls, rounds, before);
    }

    void anOlderProgramRefusesAndChangesNothing()
    {
        test::ServerProcess server;
        QVERIFY(server.start());
        QCOMPARE(server.terminate(), 0);
        const QString database = server.dataDir() + u"/antiphon.db"_s;
        const QByteArray was = hash(database);
        for (int version = 1; version < m_steps.size(); ++version) {
            SystemClock clock;
            const auto opened = Database::open({.path = database, .migrations = steps(version)}, clock);
            QVERIFY(!opened);
            QVERIFY2(opened.error().detail.contains(u"newer version"_s), qPrintable(opened.error().detail));
            QCOMPARE(hash(database), was);
        }
    }

    void theServerRefusesWhatANewerOneMade()
    {
        test::ServerProcess server;
        QVERIFY(server.start());
        QCOMPARE(server.terminate(), 0);
        const QString database = server.dataDir() + u"/antiphon.db"_s;
        {
            auto connection = Connection::open(database, Connection::Mode::Write, Milliseconds(1000));
            QVERIFY(connection);
            QVERIFY((*connection)->execute(u"INSERT INTO schema_migration (version, name, checksum, applied_at) SELECT max(version) + 1, 'later', 'x', 0 FROM schema_migration"_s));
        }
        const QByteArray was = hash(database);
        QVERIFY(!server.start());
        QVERIFY(server.waitForExit(10'000));
        QCOMPARE(server.exitCode(), 1);
        QVERIFY2(server.standardError().contains(u"newer version"_s), qPrintable(server.standardError()));
        QCOMPARE(hash(database), was);
    }

private:
    /// A folder with the first `version` steps.
    QString steps(int version)
    {
        const QString folder = m_work.filePath(u"steps-%1"_s.arg(version));
        if (QDir().mkpath(folder)) {
            for (const QString &name : m_steps.first(version))
                QFile::copy(u":/sql/sqlite/"_s + name, folder + u'/' + name);
        }
        return folder;
    }

    void makeOld(const QString &path, int version)
    {
        SystemClock clock;
        auto connection = Connection::open(path, Connection::Mode::Write, Milliseconds(1000));
        QVERIFY(connection);
        QVERIFY(Migrator(**connection, steps(version), path, clock).migrate());
        QVERIFY((*connection)->execute(u"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
                                       " INSERT INTO contact (name, created_at) SELECT 'person ' || i, i FROM n"_s));
    }

    qint64 callsOfAStart(int version)
    {
        test::FaultLayer layer;
        test::ServerProcess server;
        makeOld(server.dataDir() + u"/antiphon.db"_s, version);
        layer.install(server.environment, server.dataDir());
        if (!server.start(20'000))
            qFatal("no start: %s", qPrintable(server.standardError()));
        return layer->calls;
    }

    static int ask(const QString &path, const QString &sql)
    {
        auto connection = Connection::open(path, Connection::Mode::Write, Milliseconds(1000));
        if (!connection)
            return -1;
        Query q = (*connection)->query(sql);
        return q.next() ? int(q.integer(0)) : -1;
    }
    static int versionOf(const QString &path) { return ask(path, u"SELECT max(version) FROM schema_migration"_s); }
    static int people(const QString &path) { return ask(path, u"SELECT count(*) FROM contact WHERE name LIKE 'person %'"_s); }

    static QByteArray hash(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256) : QByteArray();
    }

    QTemporaryDir m_work;
    QStringList m_steps;
};

ANTIPHON_TEST(Migration)
#include "tst_migration.moc"
