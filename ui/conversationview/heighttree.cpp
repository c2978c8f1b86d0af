#include "ui/conversationview/heighttree.h"

namespace antiphon {

void HeightTree::reset(int count, int height)
{
    m_heights.assign(size_t(count), height);
    rebuild();
}

void HeightTree::rebuild()
{
    m_tree.assign(m_heights.size() + 1, 0);
    for (size_t i = 1; i < m_tree.size(); ++i) {
        m_tree[i] += m_heights[i - 1];
        const size_t parent = i + (i & (~i + 1));
        if (parent < m_tree.size())
            m_tree[parent] += m_tree[i];
    }
}

void HeightTree::setHeight(int row, int height)
{
    const qint64 delta = height - m_heights[size_t(row)];
    if (delta == 0)
        return;
    m_heights[size_t(row)] = height;
    for (size_t i = size_t(row) + 1; i < m_tree.size(); i += i & (~i + 1))
        m_tree[i] += delta;
}

void HeightTree::insert(int row, int count, int height)
{
    m_heights.insert(m_heights.begin() + row, size_t(count), height);
    rebuild();
}

void HeightTree::remove(int row, int count)
{
    m_heights.erase(m_heights.begin() + row, m_heights.begin() + row + count);
    rebuild();
}

qint64 HeightTree::top(int row) const
{
    qint64 sum = 0;
    for (size_t i = size_t(row); i > 0; i &= i - 1)
        sum += m_tree[i];
    return sum;
}

int HeightTree::rowAt(qint64 y) const
{
    if (m_heights.empty())
        return -1;
    size_t at = 0;
    size_t step = 1;
    while (step * 2 < m_tree.size())
        step *= 2;
    qint64 left = y;
    for (; step > 0; step /= 2) {
        if (at + step < m_tree.size() && m_tree[at + step] <= left) {
            at += step;
            left -= m_tree[at];
        }
    }
    return int(std::min(at, m_heights.size() - 1));
}

} // namespace antiphon
