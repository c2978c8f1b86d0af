#pragma once

#include "core/intake/lanerunner.h"

namespace antiphon {

/// How much may wait to be stored before platforms are asked to come again.
struct JournalLimits {
    int pressed = 500;                    ///< urgent closures: more is counted and shown, the batches grow by themselves
    Milliseconds pressedOldest{300};
    int queued = 2000;                    ///< urgent closures
    Milliseconds oldest{1500};
    int hardQueued = 4000;                ///< also for platforms that may not repeat
    qint64 hardBytes = 64 * 1024 * 1024;  ///< bodies that wait for their commit
};

/// Puts what came in on the disk, and only then says so. Splitting and applying follow in the same batch where there is time, and never make it fail.
class Journal {
public:
    Journal(Writer &writer, std::shared_ptr<LaneRunner> runner, JournalLimits limits = {});

    /// Nothing where there is room; else why not (Unavailable, with when to come again). Any thread.
    /// @param isRepeated the platform brings again what is refused now: those are the first to be asked to.
    std::optional<Error> pressure(bool isRepeated) const;

    /// Counts what the next two say, for a delivery that is about to be stored or was asked to come again because of them.
    void count(const std::optional<Error> &pressure);
    /// Deliveries that came while more waited than is right (500, or for 300 ms), and those that were asked to come again; since they were taken
    /// last. Taking them starts anew. Any thread.
    /// More is stored already than is soon applied: platforms that come again are asked to. Any thread.
    void setBehind(bool isBehind) { m_isBehind = isBehind; }
    qint64 takePressed() { return m_pressed.exchange(0); }
    qint64 takeDeferred() { return m_deferred.exchange(0); }
    qint64 pressed() const { return m_pressed; }
    qint64 deferred() const { return m_deferred; }

    /// `done` runs in `mailbox`'s thread after the commit. Any thread.
    void store(const deliveries::Delivery &delivery, Mailbox &mailbox, std::function<void(Result<void>)> done);

    /// What `make` gives, stored in its own transaction: with all that `make` writes, or not at all. @param bytes about what it will give
    void store(std::function<Result<QList<deliveries::Delivery>>(WriteTransaction &)> make, qint64 bytes, Mailbox &mailbox, std::function<void(Result<void>)> done);

private:
    const JournalLimits m_limits;
    Writer &m_writer;
    std::shared_ptr<LaneRunner> m_runner;
    std::atomic<qint64> m_bytesWaiting{0};
    std::atomic<bool> m_isBehind{false};
    std::atomic<qint64> m_pressed{0};
    std::atomic<qint64> m_deferred{0};
};

} // namespace antiphon
