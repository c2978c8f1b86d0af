#include "ui/conversationview/rowstack.h"

#include <algorithm>

namespace antiphon {

void RowStack::reset(int count)
{
    m_heights.reset(count, kEstimate);
    m_known.assign(size_t(count), false);
    m_atEnd = true;
    m_anchor = count - 1;
    m_anchorY = 0;
    m_first = m_last = -1;
}

void RowStack::insert(int row, int count)
{
    m_heights.insert(row, count, kEstimate);
    m_known.insert(m_known.begin() + row, size_t(count), false);
    if (m_anchor < 0)
        m_anchor = this->count() - 1;
    else if (row <= m_anchor)
        m_anchor += count;
}

void RowStack::remove(int row, int count)
{
    const int anchorTop = m_anchor < 0 ? 0 : m_anchorY;
    if (m_anchor >= row + count) {
        m_anchor -= count;
    } else if (m_anchor >= row) {
        // The anchor itself goes: its follower takes its place.
        m_anchor = row;
        m_anchorY = anchorTop;
    }
    m_heights.remove(row, count);
    m_known.erase(m_known.begin() + row, m_known.begin() + row + count);
    m_anchor = std::min(m_anchor, this->count() - 1);
}

void RowStack::invalidate(int row)
{
    m_known[size_t(row)] = false;
}

void RowStack::invalidateAll()
{
    std::fill(m_known.begin(), m_known.end(), false);
}

void RowStack::setViewport(int height)
{
    m_viewport = height;
}

void RowStack::scrollToEnd()
{
    m_atEnd = true;
}

void RowStack::scrollToRow(int row, int y)
{
    m_atEnd = false;
    m_anchor = row;
    m_anchorY = y;
}

void RowStack::scrollBy(int delta)
{
    if (m_anchor < 0 || delta == 0)
        return;
    m_atEnd = false;
    m_anchorY += delta;
}

void RowStack::scrollTo(qint64 value)
{
    const int row = m_heights.rowAt(value);
    if (row < 0)
        return;
    m_atEnd = value >= maximum();
    m_anchor = row;
    m_anchorY = int(m_heights.top(row) - value);
}

int RowStack::measured(int row)
{
    if (!m_known[size_t(row)]) {
        m_heights.setHeight(row, m_measure(row));
        m_known[size_t(row)] = true;
    }
    return m_heights.height(row);
}

void RowStack::measureAround()
{
    int y = m_anchorY;
    int row = m_anchor;
    while (row > 0 && y > 0)
        y -= measured(--row);
    while (row > 0 && measured(row) == 0)                // rows that draw nothing aren't the first in sight
        --row;
    m_first = row;
    y = m_anchorY;
    row = m_anchor;
    y += measured(row);
    while (row + 1 < count() && y < m_viewport)
        y += measured(++row);
    m_last = row;
}

void RowStack::settle()
{
    if (count() == 0) {
        m_first = m_last = m_anchor = -1;
        return;
    }
    m_anchor = std::clamp(m_anchor, 0, count() - 1);
    if (m_atEnd) {
        m_anchor = count() - 1;
        m_anchorY = m_viewport - measured(m_anchor);
    }
    measureAround();
    // Nothing below the last row's end …
    if (m_last == count() - 1) {
        const int bottom = top(m_last) + height(m_last);
        if (bottom < m_viewport) {
            m_anchorY += m_viewport - bottom;
            measureAround();
        }
    }
    // … and nothing above the first row, unless all rows fit: then they stand at the bottom.
    if (m_first == 0 && top(0) > 0 && m_heights.total() >= m_viewport) {
        m_anchorY -= top(0);
        measureAround();
    }
    const int last = count() - 1;
    m_atEnd = m_last == last && top(last) + height(last) <= m_viewport;
    takeAnchor();
}

void RowStack::takeAnchor()
{
    while (m_first < m_last && top(m_first) + height(m_first) <= 0)
        ++m_first;
    while (m_last > m_first && top(m_last) >= m_viewport)
        --m_last;
    // The first row that begins in sight: what changes in a row that is cut at the top pushes upwards then, out of sight.
    for (int row = m_first; row <= m_last; ++row) {
        const int y = top(row);
        if (y >= 0 && height(row) > 0) {
            m_anchorY = y;
            m_anchor = row;
            return;
        }
    }
    const int y = top(m_first);
    m_anchor = m_first;
    m_anchorY = y;
}

int RowStack::top(int row) const
{
    if (m_anchor < 0)
        return 0;
    return m_anchorY + int(m_heights.top(row) - m_heights.top(m_anchor));
}

int RowStack::rowAt(int y) const
{
    if (m_first < 0)
        return -1;
    const int row = m_heights.rowAt(m_heights.top(m_anchor) + y - m_anchorY);
    return row >= m_first && row <= m_last && y >= top(row) && y < top(row) + height(row) ? row : -1;
}

qint64 RowStack::value() const
{
    return m_anchor < 0 ? 0 : std::clamp<qint64>(m_heights.top(m_anchor) - m_anchorY, 0, maximum());
}

qint64 RowStack::maximum() const
{
    return std::max<qint64>(0, m_heights.total() - m_viewport);
}

} // namespace antiphon
