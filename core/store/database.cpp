#include "core/store/database.h"

#include "core/base/logging.h"
#include "core/store/damage.h"
#include "core/store/filelock.h"
#include "core/store/generation.h"
#include "core/store/migrator.h"
#include "core/store/outboxrestore.h"
#include "core/store/readerpool.h"
#include "core/store/walcheck.h"
#include "core/store/writerthread.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

/// Outside every namespace, as the macro wants it; called where a database is opened, so that no program has to think of it.
static void initSqlResource()
{
    Q_INIT_RESOURCE(sql);
}

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds kDrain{2000};
constexpr qint64 kMiB = 1024 * 1024;
constexpr qint64 kWholeCheckUpTo = 4 * kMiB;           // some 100 ms; the start must not wait much longer
constexpr qint64 kQuickCheckUpTo = 16 * kMiB;

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(Options options, const Clock &clock)
        : m_options(std::move(options))
        , m_clock(clock)
        , m_lock(m_options.path + u".lock"_s)
        , m_generation(m_options.path)
    {
    }

    ~SqliteDatabase() override
    {
        m_readers.reset();
        m_writer.reset();
    }

    Result<void> start();

    Writer &writer() override { return *m_writer; }
    bool wasUncleanStop() const override { return m_wasUnclean; }
    bool wasRestored() const override { return m_wasRestored; }

    ReadStats readStats() const override
    {
        const ReaderPool::Stats stats = m_readers->stats();
        return {.queued = stats.queued, .slow = stats.slow, .oldestSnapshot = stats.oldestSnapshot};
    }

    Health health() const override;
    void close() override;

protected:
    void submitRead(const char *name, std::function<void(Result<ReadTransaction *>)> fn) override { m_readers->submit(name, std::move(fn)); }

private:
    Result<void> makeFile();
    Result<void> prepare();
    Result<void> prepare(Connection &connection);
    Result<void> refuseWhatIsEmpty(Connection &connection);
    Result<void> check(Connection &connection);
    Result<void> begin(Connection &connection);
    static Result<void> setStopMark(Connection &connection, const QString &value, Timestamp now);

    const Options m_options;
    const Clock &m_clock;
    FileLock m_lock;
    Generation m_generation;
    bool m_wasUnclean = false;
    bool m_wasRestored = false;
    std::unique_ptr<WriterThread> m_writer;
    std::unique_ptr<ReaderPool> m_readers;
};

Result<void> SqliteDatabase::makeFile()
{
    const QFileInfo info(m_options.path);
    if (!QDir().mkpath(info.absolutePath()))
        return Error{Error::Kind::Storage, u"The folder %1 can't be made."_s.arg(info.absolutePath())};
    if (auto locked = m_lock.lock(); !locked)
        return locked;
    QFile file(m_options.path);                         // before SQLite makes it, so that nobody else ever may read it
    if (!file.open(QIODevice::ReadWrite))
        return Error{Error::Kind::Storage, u"The file %1 can't be written: %2."_s.arg(m_options.path, file.errorString())};
    if (!file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        qCWarning(lcStore) << "the mode of the database file can't be set:" << file.errorString();
    return {};
}

Result<void> SqliteDatabase::setStopMark(Connection &connection, const QString &value, Timestamp now)
{
    Query q = connection.query(u"INSERT INTO cursor (scope, value, at) VALUES ('clean_stop', :value, :now)"
                               " ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at"_s);
    return q.bind(":value"_L1, value).bind(":now"_L1, now).exec();
}

/// A file that was lost must not look like a new workspace.
Result<void> SqliteDatabase::refuseWhatIsEmpty(Connection &connection)
{
    if (!m_generation.isExpected())
        return {};
    Query q = connection.query(u"SELECT count(*) FROM sqlite_schema"_s);
    if (!q.next())
        return q.error();
    if (q.integer(0) > 0)
        return {};
    return damage::sentence(m_options.path, u"it is empty, but %1.generation says that there was a workspace (take that file away, too, to begin a new one)"_s
                                                .arg(QFileInfo(m_options.path).fileName()));
}

/// What is small is looked through as a whole, what was not closed at least quickly where that is quick; a page damaged elsewhere is an error of the read that meets it.
Result<void> SqliteDatabase::check(Connection &connection)
{
    const qint64 size = QFileInfo(m_options.path).size();
    if (size > (m_wasUnclean ? kQuickCheckUpTo : kWholeCheckUpTo))
        return {};
    Query q = connection.query(size <= kWholeCheckUpTo ? u"PRAGMA integrity_check(1)"_s : u"PRAGMA quick_check(1)"_s);
    if (!q.next())
        return q.error();
    if (q.text(0) != u"ok"_s)
        return damage::sentence(m_options.path, q.text(0).simplified());
    return {};
}

Result<void> SqliteDatabase::prepare()
{
    if (const auto sound = walcheck::check(m_options.path + u"-wal"_s); !sound)
        return damage::sentence(m_options.path, sound.error().detail);
    auto opened = Connection::open(m_options.path, Connection::Mode::Write, m_options.busyTimeout);
    Result<void> prepared = opened ? prepare(**opened) : Result<void>(opened.error());
    if (!prepared && damage::isOne(prepared.error()))
        return damage::sentence(m_options.path, prepared.error().detail);
    return prepared;
}

Result<void> SqliteDatabase::prepare(Connection &connection)
{
    if (auto present = refuseWhatIsEmpty(connection); !present)
        return present;
    const QString folder = m_options.migrations.isEmpty() ? u":/sql/sqlite"_s : m_options.migrations;
    if (const auto migrated = Migrator(connection, folder, m_options.path, m_clock).migrate(); !migrated)
        return migrated.error();
    {
        Query q = connection.query(u"SELECT value FROM cursor WHERE inbox_id = 0 AND scope = 'clean_stop'"_s);
        m_wasUnclean = q.next() && q.text(0) != u"clean"_s;
        if (!q.ok())
            return q.error();
    }
    if (auto checked = check(connection); !checked)
        return checked;
    return begin(connection);
}

/// The marks of a process that runs, and what follows where the file came back from a copy: in one transaction, so that no crash sends what must wait.
Result<void> SqliteDatabase::begin(Connection &connection)
{
    const auto restored = m_generation.isRestored(connection);
    if (!restored)
        return restored.error();
    m_wasRestored = *restored;
    if (auto drawn = m_generation.draw(connection); !drawn)
        return drawn;
    if (auto allowed = m_generation.allowNext(); !allowed)
        return allowed;
    Result<void> done = connection.execute(u"BEGIN IMMEDIATE"_s);
    if (done && m_wasRestored) {
        qCWarning(lcStore) << "the database was put back from a copy: what was waiting to be sent waits for a person's word";
        done = outbox::holdAfterRestore(connection, m_clock.now());
    }
    if (done)
        done = setStopMark(connection, u"running"_s, m_clock.now());
    if (done)
        done = connection.query(Generation::statement()).bind(":value"_L1, m_generation.next()).exec();
    if (done)
        done = connection.execute(u"COMMIT"_s);
    if (!done) {
        connection.rollBack();
        return done;
    }
    return m_generation.finish();
}

Result<void> SqliteDatabase::start()
{
    initSqlResource();
    if (auto made = makeFile(); !made)
        return made;
    if (auto prepared = prepare(); !prepared)
        return prepared;
    m_writer = std::make_unique<WriterThread>(
        [this] { return Connection::open(m_options.path, Connection::Mode::Write, m_options.busyTimeout, m_options.writerHook); },
        m_options.busyTimeout, m_clock);
    if (auto started = m_writer->start(); !started)
        return started;
    m_readers = std::make_unique<ReaderPool>(m_options.path, m_options.readers, m_options.busyTimeout);
    return {};
}

Database::Health SqliteDatabase::health() const
{
    for (const std::optional<Error> &found : {m_readers->damage(), m_writer->damage()}) {
        if (found)
            return {.state = Health::State::Damaged, .reason = u"damaged"_s, .detail = damage::sentence(m_options.path, found->detail).detail};
    }
    if (m_writer->isWritable())
        return {};
    const Error why = m_writer->refusal();
    return {.state = Health::State::Refused, .reason = damage::reasonOf(why), .detail = why.detail};
}

void SqliteDatabase::close()
{
    m_readers->stop();                                  // first: no snapshot stands behind the last checkpoint
    const auto allowed = m_generation.allowNext();
    const bool isMarked = m_writer->stop(kDrain, [next = m_generation.next(), isAllowed = bool(allowed)](WriteTransaction &tx) -> Result<void> {
        if (isAllowed) {
            if (const auto stored = tx.query(Generation::statement()).bind(":value"_L1, next).exec(); !stored)
                return stored;
        }
        return tx.query(u"UPDATE cursor SET value = 'clean', at = :now WHERE inbox_id = 0 AND scope = 'clean_stop'"_s).bind(":now"_L1, tx.now()).exec();
    });
    if (isMarked && allowed) {
        if (const auto finished = m_generation.finish(); !finished)
            qCWarning(lcStore) << "the number beside the database stays two:" << describe(finished.error());
    }
    m_lock.unlock();
}

} // namespace

Result<std::unique_ptr<Database>> Database::open(const Options &options, const Clock &clock)
{
    auto database = std::make_unique<SqliteDatabase>(options, clock);
    if (const auto started = database->start(); !started)
        return started.error();
    return Result<std::unique_ptr<Database>>(std::move(database));
}

} // namespace antiphon
