#pragma once

#include "core/base/clock.h"
#include "core/store/transaction.h"

#include <deque>
#include <functional>

namespace antiphon {

/// A closure of the Writer with what it needs to be told, and run again.
struct WriteJob {
    enum class Origin { Urgent, Background, FollowUp };

    Origin origin = Origin::Background;
    const char *name = "";
    std::function<Result<void>(WriteTransaction &)> work{};
    std::function<void(Result<void>)> finished{};      ///< none for a follow-up
    SteadyTime queuedAt{};
    bool isFresh = false;                              ///< made due by the batch under way: taken back with it
    Result<void> outcome{};                            ///< its refusal, told with the others after the commit
};

/// One transaction of the Writer: closures in savepoints, then their changes numbered, then the commit. Of the Writer's thread.
class WriteBatch {
public:
    enum class Outcome {
        Kept,
        Refused,   ///< taken back alone; the batch goes on
        Latched    ///< nothing of the batch may be kept
    };

    WriteBatch(Connection &connection, const Clock &clock);
    ~WriteBatch();     ///< rolls back what was not committed

    Result<void> begin();
    /// @param outcome the closure's own refusal, where it refused
    Outcome run(const WriteTransaction::FollowUp &work, Result<void> *outcome);
    /// What the closures that were kept made due since the last call.
    void moveFollowUps(std::deque<WriteJob> *to);
    /// Numbers the changes and commits. An Error latches: nothing was kept.
    Result<void> commit();
    void rollBack();     ///< also lets go what waited for the commit

    const std::vector<NumberedChange> &changes() const { return m_numbered; }
    void runAfterCommit();

private:
    Result<void> numberChanges();

    Connection &m_connection;
    const Clock &m_clock;
    WriteTransaction m_transaction;
    std::vector<NumberedChange> m_numbered;
    bool m_isOpen = false;
};

} // namespace antiphon
