#pragma once

#include <QtGlobal>

#include <vector>

namespace antiphon {

/// Heights of rows with prefix sums: a Fenwick tree. Change and look-up are O(log n); inserting and removing rebuild, O(n).
class HeightTree {
public:
    void reset(int count, int height);
    int count() const { return int(m_heights.size()); }
    int height(int row) const { return m_heights[size_t(row)]; }
    void setHeight(int row, int height);
    void insert(int row, int count, int height);
    void remove(int row, int count);

    /// The sum of the first `row` heights: where row `row` begins.
    qint64 top(int row) const;
    qint64 total() const { return top(count()); }
    /// The row at `y`: the last one that begins at or above it; 0 above the first, count()-1 below the last, -1 where there is none.
    int rowAt(qint64 y) const;

private:
    void rebuild();

    std::vector<int> m_heights;
    std::vector<qint64> m_tree;      // 1-based
};

} // namespace antiphon
