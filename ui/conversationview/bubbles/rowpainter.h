#pragma once

#include "ui/conversationview/bubbles/rowgeometry.h"

#include <QImage>

#include <functional>

class QPainter;

namespace antiphon {

class Theme;

/// What a sound does at the moment.
struct SoundPaint {
    bool isPlaying = false;
    bool isLoading = false;
    qint64 positionMs = 0;
    qint64 durationMs = 0;                                  ///< 0: unknown
    double rate = 1.0;
};

/// What painting needs beside the geometry; nothing in it may block.
struct RowPaint {
    const Theme *theme = nullptr;
    const RowTraits *traits = nullptr;
    const Message *message = nullptr;
    Qt::LayoutDirection direction = Qt::LeftToRight;
    std::function<QImage(int rowOffset, int attachment)> picture{};       ///< null until it is there
    std::function<SoundPaint(const QString &url)> sound{};
    QImage avatar{};
    int selectedBlock = -1;
    int selectionFrom = 0;
    int selectionTo = 0;
    double highlight = 0;                                   ///< 0 … 1: the mark of a jump behind the row
    int clockStep = 0;                                      ///< twelfths of the hand's turn
    bool isFocused = false;
};

/// Fills the rectangles of `geometry` at `top`; the painter's x is the view's.
void paintRow(QPainter *painter, const RowGeometry &geometry, const RowPaint &paint, int top, int width);

} // namespace antiphon
