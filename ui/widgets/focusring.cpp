#include "ui/widgets/focusring.h"

#include "ui/theme/theme.h"

#include <QFocusEvent>
#include <QPainter>

namespace antiphon {

void paintFocusRing(QPainter *painter, const Theme &theme, const QRectF &rect, double radius)
{
    using namespace Qt::StringLiterals;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(theme.color("focus"_L1), 2));
    painter->drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
    painter->restore();
}

bool isKeyboardFocus(const QFocusEvent *event)
{
    switch (event->reason()) {
    case Qt::TabFocusReason:
    case Qt::BacktabFocusReason:
    case Qt::ShortcutFocusReason:
    case Qt::OtherFocusReason: return true;
    case Qt::MouseFocusReason:
    case Qt::ActiveWindowFocusReason:
    case Qt::PopupFocusReason:
    case Qt::MenuBarFocusReason:
    case Qt::NoFocusReason: return false;
    }
    return false;
}

} // namespace antiphon
