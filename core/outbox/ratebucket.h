#pragma once

#include "core/base/clock.h"

#include <algorithm>

namespace antiphon {

/// So many requests a second, saved up for one second at most. On the steady clock.
class RateBucket {
public:
    explicit RateBucket(int perSecond, SteadyTime now) : m_perSecond(perSecond), m_level(perSecond), m_at(now) {}

    /// Whole requests that may leave now.
    int available(SteadyTime now)
    {
        const double seconds = std::chrono::duration<double>(now - m_at).count();
        m_level = std::min(m_level + seconds * m_perSecond, double(m_perSecond));
        m_at = now;
        return std::max(0, int(m_level));
    }
    void take(int requests) { m_level -= requests; }     ///< may go below nothing: it is worked off

private:
    int m_perSecond;
    double m_level;
    SteadyTime m_at;
};

} // namespace antiphon
