#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/query.h"

#include <QByteArray>
#include <QHash>
#include <QSqlDatabase>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

struct sqlite3;

namespace antiphon {

/// What a test makes of a statement about to run.
enum class StatementFault {
    None,
    Fail,             ///< an I/O error that leaves the transaction as it was
    FailAndRollBack   ///< an I/O error or a full disk as SQLite answers it: the whole transaction is gone
};

/// Asked before each statement of a connection; only tests set one.
using StatementHook = std::function<StatementFault(const QString &sql)>;

/// One connection to the workspace's file, of the thread that opened it. Prepared statements are kept by their text.
class Connection {
public:
    enum class Mode { Write, Read };

    struct Checkpoint {
        bool done = false;      ///< everything in the log is in the database file
        qint64 walPages = 0;    ///< still in the log
    };

    /// WAL, synchronous=FULL, foreign_keys=ON, wal_autocheckpoint=0 (the Writer checkpoints); a reader can't write.
    /// Storage where the file can't be opened or is no database, or where SQLite is older than 3.35.
    static Result<std::unique_ptr<Connection>> open(const QString &path, Mode mode, Milliseconds busyTimeout, StatementHook hook = {});

    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    Query query(const QString &sql);
    Result<void> execute(const QString &sql) { return query(sql).exec(); }
    Result<void> script(const QByteArray &sql);      ///< several statements, not kept

    /// Set by the first error that is no broken constraint: nothing further runs until clearFailure().
    bool hasFailed() const { return m_failure.has_value(); }
    const Error &failure() const { return *m_failure; }
    void clearFailure() { m_failure.reset(); }

    bool isInTransaction() const;
    void rollBack();                                 ///< whatever is open; forgets the failure

    void setBusyTimeout(Milliseconds timeout);
    qint64 walPages() const { return m_walPages; }   ///< as of the last commit of this connection
    qint64 walBytes() const;
    Checkpoint checkpointPassive();
    Checkpoint checkpointTruncate();

    sqlite3 *handle() const { return m_handle; }     ///< for the backup interface

private:
    friend class Query;
    explicit Connection(QString name);
    Result<void> prepareConnection(Mode mode, Milliseconds busyTimeout);
    Query::State *acquire(const QString &sql);
    void release(Query::State *state);
    void forgetUnused();
    /// Conflict for a broken constraint; anything else marks the connection.
    Error classify(int sqliteCode, const QString &message, const QString &sql);
    std::optional<Error> inject(const QString &sql);
    Checkpoint checkpoint(int mode);
    static int walHook(void *self, sqlite3 *handle, const char *name, int pages);

    QString m_name;
    QSqlDatabase m_database;
    sqlite3 *m_handle = nullptr;
    QHash<QString, std::vector<Query::State *>> m_statements;
    int m_kept = 0;
    std::optional<Error> m_failure;
    StatementHook m_hook;
    qint64 m_walPages = 0;
    qint64 m_pageSize = 4096;
};

} // namespace antiphon
