#include "core/intake/acklatency.h"

#include <algorithm>
#include <vector>

namespace antiphon {

void AckLatency::add(Channel channel, std::chrono::microseconds waited)
{
    Ring &ring = m_rings[channel];
    ring.last.at(size_t(ring.count) % ring.last.size()) = waited;
    ++ring.count;
    ring.sum += waited;
}

QList<AckLatency::Summary> AckLatency::summaries() const
{
    QList<Summary> found;
    for (auto it = m_rings.cbegin(); it != m_rings.cend(); ++it) {
        const auto kept = std::min(size_t(it->count), it->last.size());
        std::vector<std::chrono::microseconds> sorted(it->last.begin(), it->last.begin() + std::ptrdiff_t(kept));
        std::sort(sorted.begin(), sorted.end());
        found.append({.channel = it.key(), .count = it->count, .p50 = sorted.at((kept - 1) / 2), .p99 = sorted.at((kept * 99 + 99) / 100 - 1), .sum = it->sum});
    }
    std::sort(found.begin(), found.end(), [](const Summary &a, const Summary &b) { return a.channel < b.channel; });
    return found;
}

} // namespace antiphon
