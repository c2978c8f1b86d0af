#include "core/desk/changefeed.h"

#include <algorithm>

namespace antiphon {
using namespace Qt::StringLiterals;

ChangeFeed::ChangeFeed(Writer &writer, QObject *parent)
    : QObject(parent)
    , m_writer(writer)
{
    writer.setChangeListener([this](const std::vector<NumberedChange> &changes) {
        m_mailbox.post([this, changes] { append(changes); });
    });
}

ChangeFeed::~ChangeFeed()
{
    m_writer.setChangeListener({});
}

void ChangeFeed::noteHead(qint64 seq)
{
    if (seq <= m_head)
        return;
    m_head = seq;
    emit advanced();
}

void ChangeFeed::append(const std::vector<NumberedChange> &changes)
{
    if (changes.empty())
        return;
    if (!m_ring.empty() && changes.front().seq != m_ring.back().seq + 1)
        m_ring.clear();   // a hole would be sent as one: the table has it all
    m_ring.insert(m_ring.end(), changes.begin(), changes.end());
    while (m_ring.size() > kKept)
        m_ring.pop_front();
    m_head = std::max(m_head, m_ring.back().seq);
    emit advanced();
    if (std::any_of(changes.begin(), changes.end(), [](const NumberedChange &c) { return c.change.entity == "conversation"_L1; }))
        emit conversationsChanged();
}

std::optional<std::vector<NumberedChange>> ChangeFeed::after(qint64 seq, size_t limit) const
{
    if (m_ring.empty() || m_ring.front().seq > seq + 1)
        return std::nullopt;
    const size_t from = size_t(seq + 1 - m_ring.front().seq);
    if (from >= m_ring.size() && seq < m_head)
        return std::nullopt;   // committed, but not handed over yet
    if (from >= m_ring.size())
        return std::vector<NumberedChange>();
    const size_t count = std::min(limit, m_ring.size() - from);
    return std::vector<NumberedChange>(m_ring.begin() + qsizetype(from), m_ring.begin() + qsizetype(from + count));
}

} // namespace antiphon
