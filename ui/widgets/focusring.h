#pragma once

#include <QRectF>
#include <QtGlobal>

class QFocusEvent;
class QPainter;

namespace antiphon {

class Theme;

/// Draws the 2 px focus outline just inside `rect`. Widgets that want it outside of a shape pass a rectangle larger by 3.
void paintFocusRing(QPainter *painter, const Theme &theme, const QRectF &rect, double radius);

/// Whether focus came by the keyboard, so that the ring is shown (a click shows none).
bool isKeyboardFocus(const QFocusEvent *event);

} // namespace antiphon
