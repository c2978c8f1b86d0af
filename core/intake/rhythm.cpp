#include "core/intake/rhythm.h"

#include <algorithm>

namespace antiphon {
namespace {
constexpr int kFewest = 8;
constexpr Milliseconds kLeastSilence = std::chrono::hours(1);
}

std::optional<Rhythm> rhythmOf(QList<Timestamp> times)
{
    if (times.size() < kFewest)
        return std::nullopt;
    std::sort(times.begin(), times.end());
    QList<Milliseconds> pauses;
    for (qsizetype i = 1; i < times.size(); ++i)
        pauses.append(times.at(i) - times.at(i - 1));
    std::sort(pauses.begin(), pauses.end());
    return Rhythm{.usual = pauses.at(pauses.size() / 2), .longest = pauses.constLast()};
}

bool isUnusual(const Rhythm &rhythm, Milliseconds silence)
{
    return silence > kLeastSilence && silence > 6 * rhythm.usual && silence > rhythm.longest;
}

} // namespace antiphon
