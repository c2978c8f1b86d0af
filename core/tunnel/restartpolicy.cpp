#include "core/tunnel/restartpolicy.h"

#include <algorithm>

namespace antiphon {
namespace {

constexpr int kStartsPerDoubling = 8;
constexpr int kMostDoublings = 20;

Milliseconds doubled(Milliseconds first, int times, Milliseconds most)
{
    return std::min<Milliseconds>(first * (qint64(1) << std::min(times, kMostDoublings)), most);
}

} // namespace

Milliseconds RestartPolicy::next(Cause cause, SteadyTime now)
{
    m_recent.removeIf([this, now](SteadyTime at) { return now - at > m_times.window; });
    const Milliseconds cap = cause == Cause::Passing ? m_times.passing : m_times.longest;
    const Milliseconds wait = std::max(doubled(m_times.first, m_failures, cap), doubled(m_times.first, int(m_recent.size()) / kStartsPerDoubling, m_times.passing));
    m_recent.append(now);
    ++m_failures;
    const int chance = uchar(m_random.bytes(1).at(0));
    return std::min<Milliseconds>(wait + wait * chance / 1024, cap);
}

void RestartPolicy::reset()
{
    m_failures = 0;
    m_recent.clear();
}

} // namespace antiphon
