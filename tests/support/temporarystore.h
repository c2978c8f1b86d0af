#pragma once

#include "core/store/database.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>

#include <memory>

namespace antiphon::test {

/// A workspace's database in a folder that goes away with it, with a clock that the test moves.
///
///     TemporaryStore store;
///     const auto made = store.write<InboxId>([](WriteTransaction &tx) { return inboxes::insert(tx, …); });
///     const auto name = store.read<QString>([](ReadTransaction &tx) { … });
class TemporaryStore {
public:
    explicit TemporaryStore(StatementHook writerHook = {});
    ~TemporaryStore();

    Database &database() { return *m_database; }
    Writer &writer() { return m_database->writer(); }
    FakeClock &clock() { return m_clock; }
    QString path() const { return m_folder.filePath(QStringLiteral("antiphon.db")); }
    QString folder() const { return m_folder.path(); }

    /// Ends the database and opens the file again; `clean` false: as after a crash. False where it can't be opened: see lastError().
    bool reopen(bool clean = true);
    const Error &lastError() const { return m_error; }

    /// Runs one closure and waits for its commit.
    template <typename T>
    Result<T> write(std::function<Result<T>(WriteTransaction &)> work)
    {
        return take(writer().write<T>(Writer::Priority::Urgent, "test", std::move(work)));
    }
    template <typename T>
    Result<T> read(std::function<Result<T>(ReadTransaction &)> fn)
    {
        return take(database().read<T>("test", std::move(fn)));
    }

    /// Runs statements without parameters, e.g. rows to start from. Fails the test where one fails.
    void run(const QString &sql);
    /// The first column of the first row as an integer or text; nothing where there is no row. Fails the test on an error.
    std::optional<qint64> integer(const QString &sql);
    std::optional<QString> text(const QString &sql);
    /// Ends once everything queued before has been committed.
    void settle();

    /// Waits for a future's result, bounded.
    template <typename T>
    static Result<T> take(QFuture<Result<T>> future)
    {
        if (!waitFor([&future] { return future.isFinished(); }))
            return Error{Error::Kind::Timeout, QStringLiteral("no answer from the store in 30 s")};
        return future.resultCount() > 0 ? future.result() : Result<T>(Error{Error::Kind::Cancelled, QStringLiteral("no result")});
    }

    /// Handles events meanwhile; 30 s at most.
    static bool waitFor(const std::function<bool()> &condition);

private:
    bool openDatabase();

    QTemporaryDir m_folder;
    FakeClock m_clock;
    StatementHook m_hook;
    std::unique_ptr<Database> m_database;
    Error m_error{};
};

} // namespace antiphon::test
