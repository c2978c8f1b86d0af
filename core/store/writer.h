#pragma once

#include "core/base/mailbox.h"
#include "core/store/transaction.h"

#include <QFuture>
#include <QPromise>

#include <functional>
#include <memory>

namespace antiphon {

/// The one place that writes: a thread with the one writing connection and two queues of closures.
///
/// A batch is one transaction: all that is urgent, then background work (with the follow-ups that its own closures made) until 5 ms
/// have passed, 1 ms where urgent work waits for its turn or for this commit and background work isn't behind by a second; then one commit. Callers are answered after the commit. Each closure has a savepoint: a refusal
/// (its own Error, a broken constraint) takes back only that closure. Any other database error latches the batch: nothing further is
/// run, all is rolled back, nobody is told success, and the closures run again one to a transaction, so that the one at fault
/// fails alone. While the store can't commit, work is tried again after 50 ms … 2 s and `isWritable()` is false.
class Writer {
public:
    enum class Priority { Urgent, Background };

    struct Pressure {
        int urgentQueued = 0;
        int backgroundQueued = 0;
        Milliseconds oldestUrgent{0};
    };

    struct Stats {
        qint64 batches = 0;
        qint64 closures = 0;
        qint64 refused = 0;
        qint64 latched = 0;
        qint64 slowClosures = 0;      ///< over 20 ms: a defect, logged by name
        qint64 checkpoints = 0;
        qint64 walBytes = 0;
        Milliseconds longestClosure{0};
    };

    using ChangeListener = std::function<void(const std::vector<NumberedChange> &)>;

    virtual ~Writer() = default;

    /// Queues `work`; `finished` runs in the Writer's thread once its effects are durable or it was refused. Any thread.
    /// Urgent work is answered Unavailable at once where the store is known not to be writable. Once the database is being closed everything
    /// is, in the caller's thread.
    virtual void submit(Priority priority, const char *name, std::function<Result<void>(WriteTransaction &)> work,
                        std::function<void(Result<void>)> finished) = 0;

    /// Called in the Writer's thread after each commit that made changes, in the order of seq, before the callers are answered.
    /// Any thread, at any time but from the listener itself: it waits while one runs, so afterwards the old one is never called again.
    virtual void setChangeListener(ChangeListener listener) = 0;

    /// Called in the Writer's thread as background work of a batch, each call in a savepoint of its own: does one closure's work through the
    /// transaction it is given and returns true while there is more. Lanes are served this way. An Error takes back what that call did (it is called
    /// again after a pause); a call's work may also be taken back with its batch, so what it keeps in memory changes in afterCommit() only.
    using Feeder = std::function<Result<bool>(WriteTransaction &)>;
    /// One feeder a name; an empty one takes it away. Any thread, but not from a feeder: it waits while feeders run. A new feeder counts as woken.
    virtual void setFeeder(const char *name, Feeder feeder) = 0;
    virtual void wakeFeeder() = 0;    ///< any thread: the feeders may have work

    virtual bool isWritable() const = 0;
    virtual Pressure pressure() const = 0;
    virtual Stats stats() const = 0;

    /// Like submit(), with the closure's value: `done` runs in `mailbox`'s thread.
    template <typename T>
    void write(Priority priority, const char *name, std::function<Result<T>(WriteTransaction &)> work, Mailbox &mailbox,
               std::function<void(Result<T>)> done);

    /// Like submit(), as a future.
    template <typename T>
    QFuture<Result<T>> write(Priority priority, const char *name, std::function<Result<T>(WriteTransaction &)> work);

private:
    template <typename T>
    struct Slot {
        std::optional<T> value{};
    };
};

template <typename T>
void Writer::write(Priority priority, const char *name, std::function<Result<T>(WriteTransaction &)> work, Mailbox &mailbox,
                   std::function<void(Result<T>)> done)
{
    if constexpr (std::is_void_v<T>) {
        submit(priority, name, std::move(work), [target = mailbox.address(), done = std::move(done)](Result<void> result) {
            target.post([done, result] { done(result); });
        });
    } else {
        auto slot = std::make_shared<Slot<T>>();
        submit(
            priority, name,
            [slot, work = std::move(work)](WriteTransaction &tx) -> Result<void> {
                Result<T> result = work(tx);
                if (!result)
                    return result.error();
                slot->value = *std::move(result);
                return {};
            },
            [slot, target = mailbox.address(), done = std::move(done)](Result<void> result) {
                target.post([slot, done, result] { done(result ? Result<T>(*slot->value) : Result<T>(result.error())); });
            });
    }
}

template <typename T>
QFuture<Result<T>> Writer::write(Priority priority, const char *name, std::function<Result<T>(WriteTransaction &)> work)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    const QFuture<Result<T>> future = promise->future();
    if constexpr (std::is_void_v<T>) {
        submit(priority, name, std::move(work), [promise](Result<void> result) {
            promise->addResult(std::move(result));
            promise->finish();
        });
    } else {
        auto slot = std::make_shared<Slot<T>>();
        submit(
            priority, name,
            [slot, work = std::move(work)](WriteTransaction &tx) -> Result<void> {
                Result<T> result = work(tx);
                if (!result)
                    return result.error();
                slot->value = *std::move(result);
                return {};
            },
            [slot, promise](Result<void> result) {
                promise->addResult(result ? Result<T>(*slot->value) : Result<T>(result.error()));
                promise->finish();
            });
    }
    return future;
}

} // namespace antiphon
