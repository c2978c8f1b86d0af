#pragma once

#include "core/base/clock.h"

#include <deque>

namespace antiphon {

/// Slows down those who try access tokens: the first few wrong ones of a minute are answered at once, the others after a while.
/// A right token is never held up. Net thread.
class LoginThrottle {
public:
    static constexpr int kFree = 3;
    static constexpr Milliseconds kDelay{1000};
    static constexpr std::chrono::minutes kMemory{1};

    explicit LoginThrottle(const Clock &clock) : m_clock(clock) {}

    /// One wrong token more. @return how long its answer waits.
    Milliseconds failed()
    {
        const SteadyTime now = m_clock.steady();
        while (!m_failures.empty() && now - m_failures.front() > kMemory)
            m_failures.pop_front();
        m_failures.push_back(now);
        if (m_failures.size() > kRemembered)
            m_failures.pop_front();
        return m_failures.size() <= kFree ? Milliseconds(0) : kDelay;
    }

private:
    static constexpr size_t kRemembered = 64;

    const Clock &m_clock;
    std::deque<SteadyTime> m_failures;
};

} // namespace antiphon
