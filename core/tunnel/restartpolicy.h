#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"

#include <QList>

namespace antiphon {

/// How long to wait before a tool is started again: doubling from one start to the next until it was proved to work. What passes by itself (no network) is tried
/// often enough to be back soon after; what waits for its owner rarely. Starts that follow each other for long are spaced out even where each one worked.
class RestartPolicy {
public:
    struct Times {
        Milliseconds first{1'000};
        Milliseconds passing{15'000};         ///< the longest wait for what passes by itself
        Milliseconds longest{300'000};        ///< the longest of all
        Milliseconds window{600'000};         ///< in which starts are counted
    };
    enum class Cause { Passing, NeedsOwner };

    RestartPolicy(const Times &times, RandomSource &random) : m_times(times), m_random(random) {}

    /// The wait after another failure, with up to a quarter on top by chance but never above the cap.
    Milliseconds next(Cause cause, SteadyTime now);
    void proved() { m_failures = 0; }
    void reset();

private:
    Times m_times;
    RandomSource &m_random;
    int m_failures = 0;                       ///< since it last worked
    QList<SteadyTime> m_recent;
};

} // namespace antiphon
