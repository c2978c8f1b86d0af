#include "core/store/connection.h"
#include "core/store/migrator.h"
#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

/// A folder of steps and a database beside it.
class Workshop {
public:
    Workshop() { QDir(m_folder.path()).mkdir(u"steps"_s); }

    QString path() const { return m_folder.filePath(u"antiphon.db"_s); }
    QString folder() const { return m_folder.path(); }
    void step(const QString &name, const QByteArray &sql)
    {
        QFile file(m_folder.filePath(u"steps/"_s + name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(sql);
    }
    void dropStep(const QString &name) { QFile::remove(m_folder.filePath(u"steps/"_s + name)); }

    Result<Migrator::Outcome> migrate(StatementHook hook = {})
    {
        auto connection = Connection::open(path(), Connection::Mode::Write, Milliseconds(100), std::move(hook));
        if (!connection)
            return connection.error();
        return Migrator(**connection, m_folder.filePath(u"steps"_s), path(), m_clock).migrate();
    }
    QString ask(const QString &sql, const QString &file = {})
    {
        auto connection = Connection::open(file.isEmpty() ? path() : file, Connection::Mode::Write, Milliseconds(100));
        if (!connection)
            return describe(connection.error());
        Query q = (*connection)->query(sql);
        return q.next() ? q.text(0) : q.ok() ? u"no row"_s : describe(q.error());
    }
    QStringList copies() const { return QDir(m_folder.path()).entryList({u"antiphon.db.before-*"_s}, QDir::Files); }

private:
    QTemporaryDir m_folder;
    FakeClock m_clock;
};

const QByteArray kFirst = "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n-- a comment; with a semicolon\nCREATE INDEX person_name ON person (name);";
const QByteArray kSecond = "ALTER TABLE person ADD COLUMN age INTEGER NOT NULL DEFAULT 7;";
const QByteArray kThird = "CREATE TABLE animal (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES person (id));";

} // namespace

class MigratorTest : public QObject {
    Q_OBJECT
private slots:
    void makesAFreshDatabase();
    void bringsAnOlderOneUpToDateAndKeepsACopy();
    void doesNothingWhereNothingIsMissing();
    void refusesAnAlteredHistory();
    void refusesANewerDatabase();
    void refusesAnotherProgramsDatabase();
    void refusesAHoleInTheNumbers();
    void aFailedStepLeavesWhatWasBefore();
    void referencesAreCheckedAtTheEndOfAStep();
    void goesOnWhereverItWasKilled();
    void theShippedStepsApply();
};

void MigratorTest::makesAFreshDatabase()
{
    Workshop shop;
    shop.step(u"0001_first.sql"_s, kFirst);
    shop.step(u"0002_second.sql"_s, kSecond);
    const auto outcome = shop.migrate();
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().detail));
    QCOMPARE(outcome->from, 0);
    QCOMPARE(outcome->to, 2);
    QVERIFY(outcome->copy.isEmpty());
    QCOMPARE(shop.ask(u"SELECT group_concat(version || ':' || name || ':' || length(checksum) || ':' || applied_at, ' ') FROM schema_migration"_s),
             u"1:first:64:1700000000000 2:second:64:1700000000000"_s);
    QCOMPARE(shop.ask(u"SELECT count(*) FROM pragma_table_info('person')"_s), u"3"_s);
}

void MigratorTest::bringsAnOlderOneUpToDateAndKeepsACopy()
{
    Workshop shop;
    shop.step(u"0001_first.sql"_s, kFirst);
    QVERIFY(shop.migrate());
    shop.ask(u"INSERT INTO person (name) VALUES ('Ada') RETURNING id"_s);
    shop.step(u"0002_second.sql"_s, kSecond);
    const auto outcome = shop.migrate();
    QVERIFY(outcome);
    QCOMPARE(outcome->from, 1);
    QCOMPARE(shop.ask(u"SELECT name || age FROM person"_s), u"Ada7"_s);
    QCOMPARE(shop.copies(), QStringList{u"antiphon.db.before-0002"_s});
    QCOMPARE(shop.ask(u"SELECT name FROM person"_s, outcome->copy), u"Ada"_s);
    QCOMPARE(shop.ask(u"SELECT max(version) FROM schema_migration"_s, outcome->copy), u"1"_s);
    QVERIFY(!(QFile::permissions(outcome->copy) & (QFile::ReadGroup | QFile::ReadOther)));
    shop.step(u"0003_third.sql"_s, kThird);
    QVERIFY(shop.migrate());
    QCOMPARE(shop.copies(), QStringList{u"antiphon.db.before-0003"_s});      // the last one only
}

void MigratorTest::doesNothingWhereNothingIsMissing()
{
    Workshop shop;
    shop.step(u"0001_first.sql"_s, kFirst);
    QVERIFY(shop.migrate());
    const auto again = shop.migrate();
    QVERIFY(again);
    QCOMPARE(again->from, again->to);
    QVERIFY(shop.copies().isEmpty());
}

void MigratorTest::refusesAnAlteredHistory()
{
    Workshop shop;
    shop.step(u"0001_first.sql"_s, kFirst);
    QVERIFY(shop.migrate());
    shop.step(u"0001_first.sql"_s, kFirst + "\n");
    const auto altered = shop.migrate();
    QVERIFY(!altered);
    QCOMPARE(altered.error().kind, Error::Kind::Storage);
    QVERIFY(altered.error().detail.contains(u"history"_s));
    shop.dropStep(u"0001_first.sql"_s);
    shop.step(u"0001_renamed.sql"_s, kFirst);
    QVERIFY(!shop.migrate());
}

void MigratorTest::refusesANewerDatabase()
{
    Workshop shop;
    shop.step(u"0001_first.sql"_s, kFirst);
    shop.step(u"0002_second.sql"_s, kSecond);
    QVERIFY(shop.migrate());
    shop.dropStep(u"0002_second.sql"_s);
    const auto newer = shop.migrate();
    QVERIFY(!newer);
    QVERIFY2(newer.error().detail.contains(u"newer version"_s), qPrintable(newer.error().detail));
    QCOMPARE(shop.ask(u"SELECT max(version) FROM schema_migration"_s), u"2"_s);
}

void MigratorTest::refusesAnotherProgramsDatabase()
{
    Workshop shop;
    shop.step(u"0001_first.sql"_s, kFirst);
    shop.ask(u"CREATE TABLE theirs (a)"_s);
    const auto refused = shop.migrate();
    QVERIFY(!refused);
    QVERIFY(refused.error().detail.contains(u"another program"_s));
}

void MigratorTest::refusesAHoleInTheNumbers()
{
    Workshop shop;
    QVERIFY(!shop.migrate());                                                // no steps at all
    shop.step(u"0001_first.sql"_s, kFirst);
    shop.step(u"0003_third.sql"_s, kThird);
    QVERIFY(!shop.migrate());
}

void MigratorTest::aFailedStepLeavesWhatWasBefore()
{
    Workshop shop;
    shop.step(u"0001_first.sql"_s, kFirst);
    shop.step(u"0002_second.sql"_s, "CREATE TABLE half (a); INSERT INTO half VALUES (1); SELECT wrong FROM nowhere;");
    const auto failed = shop.migrate();
    QVERIFY(!failed);
    QVERIFY(failed.error().detail.contains(u"Step 2 (second)"_s));
    QCOMPARE(shop.ask(u"SELECT count(*) FROM sqlite_schema WHERE name = 'half'"_s), u"0"_s);
    QCOMPARE(shop.ask(u"SELECT max(version) FROM schema_migration"_s), u"1"_s);
    shop.step(u"0002_second.sql"_s, kSecond);
    QVERIFY(shop.migrate());
}

void MigratorTest::referencesAreCheckedAtTheEndOfAStep()
{
    Workshop shop;
    shop.step(u"0001_first.sql"_s, kFirst);
    shop.step(u"0002_second.sql"_s, kThird + "INSERT INTO animal VALUES (1, 404);");
    const auto failed = shop.migrate();
    QVERIFY(!failed);
    QVERIFY2(failed.error().detail.contains(u"animal"_s), qPrintable(failed.error().detail));
    QCOMPARE(shop.ask(u"SELECT max(version) FROM schema_migration"_s), u"1"_s);
}

void MigratorTest::goesOnWhereverItWasKilled()
{
    // Each statement of the way from version 1 to 3 is the last one that runs: then the process is gone.
    for (int killedAt = 1;; ++killedAt) {
        Workshop shop;
        shop.step(u"0001_first.sql"_s, kFirst);
        QVERIFY(shop.migrate());
        shop.ask(u"INSERT INTO person (name) VALUES ('Ada') RETURNING id"_s);
        shop.step(u"0002_second.sql"_s, kSecond);
        shop.step(u"0003_third.sql"_s, kThird);
        int statements = 0;
        const auto killed = shop.migrate([&](const QString &) { return ++statements >= killedAt ? StatementFault::Fail : StatementFault::None; });
        const auto again = shop.migrate();
        QVERIFY2(again, again ? "" : qPrintable(again.error().detail));
        QCOMPARE(shop.ask(u"SELECT max(version) || count(*) FROM schema_migration"_s), u"33"_s);
        QCOMPARE(shop.ask(u"SELECT name || age FROM person"_s), u"Ada7"_s);
        QVERIFY(QDir(shop.folder()).entryList({u"*.part"_s}).isEmpty());
        if (killed) {
            QVERIFY(killedAt > 10);
            return;
        }
    }
}

void MigratorTest::theShippedStepsApply()
{
    const TemporaryStore store;                                              // opening one makes the resource known
    Workshop shop;
    const QDir shipped(u":/sql/sqlite"_s);
    QVERIFY(!shipped.entryList().isEmpty());
    for (const QString &name : shipped.entryList()) {
        QFile file(shipped.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        shop.step(name, file.readAll());
        QVERIFY2(shop.migrate(), qPrintable(name));                          // one release at a time
    }
    QCOMPARE(shop.ask(u"PRAGMA integrity_check"_s), u"ok"_s);
}

ANTIPHON_TEST(MigratorTest)
#include "tst_migrator.moc"
