#pragma once

#include "core/intake/lanerunner.h"

namespace antiphon {

/// How much may wait to be stored before platforms are asked to come again.
struct JournalLimits {
    int queued = 2000;                    ///< urgent closures
    Milliseconds oldest{1500};
    int hardQueued = 4000;                ///< also for platforms that may not repeat
    qint64 hardBytes = 64 * 1024 * 1024;  ///< bodies that wait for their commit
};

/// Puts what came in on the disk, and only then says so. Splitting and applying follow in the same batch where there is time, and never make it fail.
class Journal {
public:
    Journal(Writer &writer, std::shared_ptr<LaneRunner> runner);

    /// Nothing where there is room; else why not (Unavailable, with when to come again). Any thread.
    /// @param isRepeated the platform brings again what is refused now: those are the first to be asked to.
    std::optional<Error> pressure(bool isRepeated) const;

    /// `done` runs in `mailbox`'s thread after the commit. Any thread.
    void store(const deliveries::Delivery &delivery, Mailbox &mailbox, std::function<void(Result<void>)> done);

private:
    const JournalLimits m_limits{};
    Writer &m_writer;
    std::shared_ptr<LaneRunner> m_runner;
    std::atomic<qint64> m_bytesWaiting{0};
};

} // namespace antiphon
