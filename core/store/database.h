#pragma once

#include "core/base/clock.h"
#include "core/base/mailbox.h"
#include "core/store/connection.h"
#include "core/store/writer.h"

#include <QFuture>
#include <QPromise>

#include <memory>

namespace antiphon {

/// The workspace's database: opened, migrated, written by one Writer, read by a few reader threads with their own connections.
class Database {
public:
    struct Options {
        QString path{};                  ///< the SQLite file, e.g. "<data dir>/antiphon.db"
        QString migrations{};            ///< folder of the numbered .sql files; empty: those compiled in, ":/sql/sqlite"
        int readers = 2;
        Milliseconds busyTimeout{5000};
        StatementHook writerHook{};      ///< asked before each statement of the Writer; only tests set it
    };

    struct ReadStats {
        int queued = 0;
        qint64 slow = 0;                 ///< snapshots older than 2 s, logged by name
        Milliseconds oldestSnapshot{0};
    };

    /// How the workspace's file is, for the people who rely on it.
    struct Health {
        enum class State { Writable, Refused, Damaged };
        State state = State::Writable;
        QString reason{};                ///< a word: "disk_full", "io_error", "locked", "read_only", "damaged", else "refused"
        QString detail{};                ///< English, for the log and for support; for a damaged file what to do about it
    };

    virtual ~Database() = default;

    /// Opens the file (mode 0600), migrates it, starts the threads; blocks meanwhile. Conflict where another process has it open. Storage with a sentence in `detail` where the file is damaged, altered, newer than this
    /// program or gone though there was one, where there is no space for the copy before a migration, or the folder can't be written.
    static Result<std::unique_ptr<Database>> open(const Options &options, const Clock &clock);

    virtual Writer &writer() = 0;
    virtual ReadStats readStats() const = 0;
    virtual Health health() const = 0;   ///< any thread

    /// Whether the last process on this file stopped without close(): then the server starts carefully.
    virtual bool wasUncleanStop() const = 0;

    /// Whether the file is another one than the last process left here: it was put back from a copy. What was waiting to be sent may have been sent since that copy
    /// was made, so it waits for a person's word: those messages are `failed` with `outcome_unknown`.
    virtual bool wasRestored() const = 0;

    /// Drains the Writer (2 s at most), ends the readers, checkpoints, leaves the mark of a clean stop. Later calls are answered Unavailable.
    /// Without it the destructor only ends the threads: the next start is a careful one.
    virtual void close() = 0;

    /// Runs `fn` in a reader's thread on one snapshot. One that stays longer than 2 s is logged by name. Any thread.
    template <typename T>
    QFuture<Result<T>> read(const char *name, std::function<Result<T>(ReadTransaction &)> fn)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        const QFuture<Result<T>> future = promise->future();
        submitRead(name, [promise, fn = std::move(fn)](Result<ReadTransaction *> tx) {
            promise->addResult(tx ? fn(**tx) : Result<T>(tx.error()));
            promise->finish();
        });
        return future;
    }

    /// The same; `done` runs in `mailbox`'s thread.
    template <typename T>
    void read(const char *name, std::function<Result<T>(ReadTransaction &)> fn, Mailbox &mailbox, std::function<void(Result<T>)> done)
    {
        submitRead(name, [target = mailbox.address(), fn = std::move(fn), done = std::move(done)](Result<ReadTransaction *> tx) {
            Result<T> result = tx ? fn(**tx) : Result<T>(tx.error());
            target.post([done, result = std::move(result)] { done(result); });
        });
    }

protected:
    virtual void submitRead(const char *name, std::function<void(Result<ReadTransaction *>)> fn) = 0;
};

} // namespace antiphon
