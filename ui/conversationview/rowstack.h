#pragma once

#include "ui/conversationview/heighttree.h"

#include <functional>
#include <vector>

namespace antiphon {

/// Where rows stand in a viewport. One row is the anchor: whatever changes (rows above or below, heights known later, the width),
/// it keeps its place on screen; only at the end the end is kept instead. Heights are estimated until a row comes into sight.
class RowStack {
public:
    using Measure = std::function<int(int row)>;      ///< the exact height

    static constexpr int kEstimate = 70;

    explicit RowStack(Measure measure) : m_measure(std::move(measure)) {}

    void reset(int count);
    void insert(int row, int count);
    void remove(int row, int count);
    void invalidate(int row);                         ///< its height may have changed
    void invalidateAll();
    void setViewport(int height);

    void scrollToEnd();
    void scrollToRow(int row, int y);                 ///< so that it begins at `y` of the viewport
    void scrollBy(int delta);                         ///< > 0 moves the content down (towards older rows)
    void scrollTo(qint64 value);                      ///< a scroll bar's value

    /// Measures what is in sight and brings everything into place; to be called after changes, before reading positions.
    void settle();

    int count() const { return m_heights.count(); }
    bool isAtEnd() const { return m_atEnd; }
    int firstVisible() const { return m_first; }      ///< -1 where there are no rows
    int lastVisible() const { return m_last; }
    int top(int row) const;                           ///< in the viewport; exact for visible rows
    int height(int row) const { return m_heights.height(row); }
    int rowAt(int y) const;                           ///< the visible row at `y`, or -1
    qint64 value() const;
    qint64 maximum() const;

private:
    int measured(int row);
    void measureAround();
    void takeAnchor();

    Measure m_measure;
    HeightTree m_heights;
    std::vector<bool> m_known;
    int m_viewport = 0;
    int m_anchor = -1;
    int m_anchorY = 0;
    int m_first = -1;
    int m_last = -1;
    bool m_atEnd = true;
};

} // namespace antiphon
