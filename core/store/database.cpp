#include "core/store/database.h"

#include "core/base/logging.h"
#include "core/store/filelock.h"
#include "core/store/migrator.h"
#include "core/store/readerpool.h"
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
constexpr qint64 kQuickCheckUpTo = 32 * 1024 * 1024;   // some 100 ms; the start must not wait longer

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(Options options, const Clock &clock)
        : m_options(std::move(options))
        , m_clock(clock)
        , m_lock(m_options.path + u".lock"_s)
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

    ReadStats readStats() const override
    {
        const ReaderPool::Stats stats = m_readers->stats();
        return {.queued = stats.queued, .slow = stats.slow, .oldestSnapshot = stats.oldestSnapshot};
    }

    void close() override;

protected:
    void submitRead(const char *name, std::function<void(Result<ReadTransaction *>)> fn) override { m_readers->submit(name, std::move(fn)); }

private:
    Result<void> makeFile();
    Result<void> prepare();
    Result<void> checkAfterUncleanStop(Connection &connection);
    static Result<void> setStopMark(Connection &connection, const QString &value, Timestamp now);

    const Options m_options;
    const Clock &m_clock;
    FileLock m_lock;
    bool m_wasUnclean = false;
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

/// What was not closed is looked through where that is quick; a page damaged elsewhere is an error of the read that meets it.
Result<void> SqliteDatabase::checkAfterUncleanStop(Connection &connection)
{
    if (QFileInfo(m_options.path).size() > kQuickCheckUpTo)
        return {};
    Query q = connection.query(u"PRAGMA quick_check(1)"_s);
    if (!q.next())
        return q.error();
    if (q.text(0) != u"ok"_s)
        return Error{Error::Kind::Storage, u"The workspace's file is damaged: %1"_s.arg(q.text(0))};
    return {};
}

Result<void> SqliteDatabase::prepare()
{
    auto opened = Connection::open(m_options.path, Connection::Mode::Write, m_options.busyTimeout);
    if (!opened)
        return opened.error();
    Connection &connection = **opened;
    const QString folder = m_options.migrations.isEmpty() ? u":/sql/sqlite"_s : m_options.migrations;
    if (const auto migrated = Migrator(connection, folder, m_options.path, m_clock).migrate(); !migrated)
        return migrated.error();
    {
        Query q = connection.query(u"SELECT value FROM cursor WHERE inbox_id = 0 AND scope = 'clean_stop'"_s);
        m_wasUnclean = q.next() && q.text(0) != u"clean"_s;
        if (!q.ok())
            return q.error();
    }
    if (m_wasUnclean) {
        if (auto checked = checkAfterUncleanStop(connection); !checked)
            return checked;
    }
    return setStopMark(connection, u"running"_s, m_clock.now());
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

void SqliteDatabase::close()
{
    m_readers->stop();                                  // first: no snapshot stands behind the last checkpoint
    m_writer->stop(kDrain, [](WriteTransaction &tx) {
        return tx.query(u"UPDATE cursor SET value = 'clean', at = :now WHERE inbox_id = 0 AND scope = 'clean_stop'"_s).bind(":now"_L1, tx.now()).exec();
    });
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
