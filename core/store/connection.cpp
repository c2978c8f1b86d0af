#include "core/store/connection.h"

#include "core/base/logging.h"
#include "core/store/statement.h"

#include <QFile>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QThread>
#include <QVariant>

#include <atomic>
#include <sqlite3.h>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr int kOldestSqlite = 3035000;   // RETURNING
constexpr int kMostStatements = 500;

std::atomic<quint64> connectionCount{0};

/// The thread stands in the name: a QSqlDatabase belongs to the thread that opened it.
QString connectionName()
{
    const QThread *thread = QThread::currentThread();
    const QString threadName = thread->objectName().isEmpty() ? QString::number(quintptr(thread), 16) : thread->objectName();
    return u"antiphon-%1-%2"_s.arg(threadName).arg(++connectionCount);
}

} // namespace

Connection::Connection(QString name)
    : m_name(std::move(name))
{
}

Result<std::unique_ptr<Connection>> Connection::open(const QString &path, Mode mode, Milliseconds busyTimeout, StatementHook hook)
{
    if (sqlite3_libversion_number() < kOldestSqlite)
        return Error{Error::Kind::Storage, u"SQLite %1 is too old, 3.35 is needed"_s.arg(QLatin1StringView(sqlite3_libversion()))};
    std::unique_ptr<Connection> connection(new Connection(connectionName()));
    connection->m_database = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection->m_name);
    QSqlDatabase &database = connection->m_database;
    if (!database.isValid())
        return Error{Error::Kind::Storage, u"Qt's SQLite driver is not installed"_s};
    database.setDatabaseName(path);
    database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=%1"_s.arg(busyTimeout.count()));
    if (!database.open())
        return Error{Error::Kind::Storage, u"the database can't be opened: "_s + database.lastError().text()};
    const QVariant handle = database.driver()->handle();
    if (!handle.isValid() || qstrcmp(handle.typeName(), "sqlite3*") != 0)
        return Error{Error::Kind::Storage, u"Qt's SQLite driver gives no handle"_s};
    connection->m_handle = *static_cast<sqlite3 *const *>(handle.constData());
    if (const auto prepared = connection->prepareConnection(mode, busyTimeout); !prepared)
        return prepared.error();
    connection->m_hook = std::move(hook);
    return connection;
}

Result<void> Connection::prepareConnection(Mode mode, Milliseconds busyTimeout)
{
    setBusyTimeout(busyTimeout);
    QByteArray pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;"
                         "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;";
    if (mode == Mode::Read)
        pragmas += "PRAGMA query_only = ON;";
    if (auto done = script(pragmas); !done)
        return done;
    Query journal = query(u"PRAGMA journal_mode"_s);
    if (!journal.next())
        return journal.error();
    if (journal.text(0) != "wal"_L1)         // a network drive, most likely
        return Error{Error::Kind::Storage, u"the folder can't hold a workspace: SQLite's write-ahead log doesn't work there"_s};
    Query page = query(u"PRAGMA page_size"_s);
    if (page.next())
        m_pageSize = page.integer(0);
    sqlite3_wal_hook(m_handle, &Connection::walHook, this);
    return {};
}

Connection::~Connection()
{
    for (const auto &states : std::as_const(m_statements)) {
        for (Query::State *state : states)
            delete state;
    }
    m_statements.clear();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Query Connection::query(const QString &sql)
{
    return Query(acquire(sql));
}

Query::State *Connection::acquire(const QString &sql)
{
    std::vector<Query::State *> &states = m_statements[sql];
    for (Query::State *state : states) {
        if (!state->inUse) {
            state->begin();
            return state;
        }
    }
    if (m_kept >= kMostStatements)
        forgetUnused();
    auto *state = new Query::State(*this, sql);
    m_statements[sql].push_back(state);
    ++m_kept;
    state->begin();
    return state;
}

void Connection::release(Query::State *state)
{
    if (state->end())
        return;
    const auto found = m_statements.find(state->sql);
    std::erase(*found, state);
    if (found->empty())
        m_statements.erase(found);
    --m_kept;
    delete state;
}

void Connection::forgetUnused()
{
    for (auto states = m_statements.begin(); states != m_statements.end();) {
        std::erase_if(*states, [this](Query::State *state) {
            if (state->inUse)
                return false;
            delete state;
            --m_kept;
            return true;
        });
        states = states->empty() ? m_statements.erase(states) : std::next(states);
    }
}

Result<void> Connection::script(const QByteArray &sql)
{
    if (m_failure)
        return *m_failure;
    if (auto fault = inject(QString::fromUtf8(sql)))
        return *fault;
    char *message = nullptr;
    const int code = sqlite3_exec(m_handle, sql.constData(), nullptr, nullptr, &message);
    const QString text = QString::fromUtf8(message);
    sqlite3_free(message);
    if (code != SQLITE_OK)
        return classify(sqlite3_extended_errcode(m_handle), text, QString::fromUtf8(sql.left(120)));
    return {};
}

Error Connection::classify(int sqliteCode, const QString &message, const QString &sql)
{
    if ((sqliteCode & 0xff) == SQLITE_CONSTRAINT)
        return Error{Error::Kind::Conflict, message};
    Error error{Error::Kind::Storage, u"SQLite %1: %2 [%3]"_s.arg(sqliteCode).arg(message, sql.left(120).simplified())};
    error.code = QString::number(sqliteCode);
    if (!m_failure)
        m_failure = error;
    return error;
}

std::optional<Error> Connection::inject(const QString &sql)
{
    if (!m_hook)
        return std::nullopt;
    const StatementFault fault = m_hook(sql);
    if (fault == StatementFault::None)
        return std::nullopt;
    if (fault == StatementFault::FailAndRollBack && isInTransaction())
        sqlite3_exec(m_handle, "ROLLBACK", nullptr, nullptr, nullptr);
    return classify(SQLITE_IOERR, u"injected fault"_s, sql);
}

bool Connection::isInTransaction() const
{
    return sqlite3_get_autocommit(m_handle) == 0;
}

void Connection::rollBack()
{
    if (isInTransaction() && sqlite3_exec(m_handle, "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK)
        qCCritical(lcStore) << "a transaction can't be rolled back:" << sqlite3_errmsg(m_handle);
    m_failure.reset();
}

void Connection::setBusyTimeout(Milliseconds timeout)
{
    sqlite3_busy_timeout(m_handle, int(timeout.count()));
}

int Connection::walHook(void *self, sqlite3 *, const char *, int pages)
{
    static_cast<Connection *>(self)->m_walPages = pages;
    return SQLITE_OK;
}

qint64 Connection::walBytes() const
{
    constexpr qint64 kFrameHeader = 24;
    return m_walPages * (m_pageSize + kFrameHeader);
}

Connection::Checkpoint Connection::checkpoint(int mode)
{
    int inLog = 0;
    int copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(m_handle, nullptr, mode, &inLog, &copied);
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
        qCWarning(lcStore) << "checkpoint failed:" << sqlite3_errmsg(m_handle);
        return {.done = false, .walPages = m_walPages};
    }
    const bool done = code == SQLITE_OK && inLog >= 0 && copied == inLog;
    if (done)
        m_walPages = 0;
    return {.done = done, .walPages = done ? 0 : qint64(inLog - copied)};
}

Connection::Checkpoint Connection::checkpointPassive()
{
    return checkpoint(SQLITE_CHECKPOINT_PASSIVE);
}

Connection::Checkpoint Connection::checkpointTruncate()
{
    return checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

} // namespace antiphon
