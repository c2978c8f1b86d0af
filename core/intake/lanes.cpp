#include "core/intake/lanes.h"

namespace antiphon {

std::deque<QString> &Lanes::queueOf(InboxId inbox)
{
    std::deque<QString> &queue = m_queues[inbox];
    if (queue.empty())
        m_ring.push_back(inbox);
    return queue;
}

bool Lanes::add(const Lane &lane)
{
    if (m_known.contains(lane.key))
        return false;
    m_known.insert(lane.key, Place::Ready);
    queueOf(lane.inbox).push_back(lane.key);
    ++m_ready;
    return true;
}

void Lanes::giveBack(const Lane &lane)
{
    if (m_known.contains(lane.key))
        return;
    m_known.insert(lane.key, Place::Ready);
    queueOf(lane.inbox).push_front(lane.key);
    ++m_ready;
}

void Lanes::addLater(const Lane &lane, SteadyTime at)
{
    if (m_known.contains(lane.key))
        return;
    m_known.insert(lane.key, Place::Waiting);
    m_waiting.emplace(at, lane);
}

void Lanes::promote(SteadyTime now)
{
    while (!m_waiting.empty() && m_waiting.begin()->first <= now) {
        const Lane lane = m_waiting.begin()->second;
        m_waiting.erase(m_waiting.begin());
        m_known.remove(lane.key);
        add(lane);
    }
}

std::optional<Lanes::Lane> Lanes::take()
{
    if (m_ring.empty())
        return std::nullopt;
    const InboxId inbox = m_ring.front();
    m_ring.pop_front();
    const auto found = m_queues.find(inbox);
    Lane lane{inbox, found->second.front()};
    found->second.pop_front();
    if (found->second.empty())
        m_queues.erase(found);
    else
        m_ring.push_back(inbox);
    m_known.remove(lane.key);
    --m_ready;
    return lane;
}

} // namespace antiphon
