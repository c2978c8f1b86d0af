#pragma once

#include "core/base/clock.h"

#include <algorithm>
#include <cmath>

namespace antiphon {

/// So many requests a second, saved up for one second at most. On the steady clock.
class RateBucket {
public:
    explicit RateBucket(int perSecond, SteadyTime now) : RateBucket(perSecond, std::chrono::seconds(1), now) {}
    /// @param requests so many in `period`, and all of them at once after a pause as long
    RateBucket(int requests, std::chrono::seconds period, SteadyTime now)
        : m_perSecond(double(requests) / double(period.count())), m_most(requests), m_level(requests), m_at(now) {}

    /// Whole requests that may leave now.
    int available(SteadyTime now)
    {
        fill(now);
        return std::max(0, int(m_level));
    }
    bool isFull(SteadyTime now)
    {
        fill(now);
        return m_level >= m_most;
    }
    /// Until the next one may leave.
    Milliseconds wait(SteadyTime now)
    {
        fill(now);
        return m_level >= 1 ? Milliseconds(0) : Milliseconds(qint64(std::ceil((1 - m_level) / m_perSecond * 1000)));
    }
    void take(int requests) { m_level -= requests; }     ///< may go below nothing: it is worked off

private:
    void fill(SteadyTime now)
    {
        const double seconds = std::chrono::duration<double>(now - m_at).count();
        m_level = std::min(m_level + seconds * m_perSecond, m_most);
        m_at = now;
    }

    double m_perSecond;
    double m_most;
    double m_level;
    SteadyTime m_at;
};

} // namespace antiphon
