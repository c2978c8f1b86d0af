#include "core/intake/floodwatch.h"

namespace antiphon {

void FloodWatch::note(ConversationId conversation, Timestamp at)
{
    std::deque<Timestamp> &times = m_times[conversation];
    times.push_back(at);
    if (times.size() > size_t(kMessages))
        times.pop_front();
    forgetQuiet(at);
}

bool FloodWatch::isFlood(ConversationId conversation, Timestamp at) const
{
    const auto found = m_times.constFind(conversation);
    return found != m_times.cend() && found->size() >= size_t(kMessages) && at - found->front() < kWithin;
}

void FloodWatch::forgetQuiet(Timestamp at)
{
    if (at - m_forgotten < kWithin && at >= m_forgotten)
        return;
    m_forgotten = at;
    m_times.removeIf([at](const QHash<ConversationId, std::deque<Timestamp>>::iterator &entry) { return entry.value().back() + kWithin < at; });
}

} // namespace antiphon
