#include "tests/bench/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace antiphon::bench {

double millisecondsSince(SteadyClock::time_point start)
{
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

double Figures::percentile(double share) const
{
    if (m_values.empty())
        return 0;
    std::vector<double> sorted = m_values;
    const auto rank = size_t(std::ceil(share * double(sorted.size())));
    const auto at = sorted.begin() + std::ptrdiff_t(std::max<size_t>(rank, 1) - 1);
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
}

void say(const QString &line)
{
    std::printf("%s\n", qPrintable(line));
    std::fflush(stdout);
}

void sayGoal(const QString &goal, bool isMet)
{
    say(QStringLiteral("goal: %1: %2").arg(goal, isMet ? QStringLiteral("met") : QStringLiteral("MISSED")));
}

} // namespace antiphon::bench
