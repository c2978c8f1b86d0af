#include "ui/conversationview/newmessagespill.h"

#include "ui/theme/theme.h"
#include "ui/widgets/focusring.h"

#include <QFontMetrics>
#include <QPainter>

namespace antiphon {

using namespace Qt::StringLiterals;

NewMessagesPill::NewMessagesPill(const Theme &theme, QWidget *parent) : QAbstractButton(parent), m_theme(theme)
{
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    hide();
}

void NewMessagesPill::setCount(int count)
{
    setText(count == 1 ? tr("1 new message") : tr("%n new messages", nullptr, count));
    setAccessibleName(text());
    setVisible(count > 0);
    resize(sizeHint());
    update();
}

QSize NewMessagesPill::sizeHint() const
{
    return {QFontMetrics(m_theme.font(TypeRole::Small, true)).horizontalAdvance(text()) + m_theme.px(24 + 18), m_theme.px(28)};
}

void NewMessagesPill::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(isDown() ? "accent.pressed"_L1 : underMouse() ? "accent.hover"_L1 : "accent"_L1));
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    const QColor ink = m_theme.color("accent.on"_L1);
    const int icon = m_theme.px(14);
    const bool rightToLeft = layoutDirection() == Qt::RightToLeft;
    const int edge = m_theme.px(12);
    m_theme.paintIcon(&painter, "arrow-down"_L1, QRectF(rightToLeft ? width() - edge - icon : edge, 0, icon, height()), 14, ink, layoutDirection());
    painter.setFont(m_theme.font(TypeRole::Small, true));
    painter.setPen(ink);
    const int lead = icon + m_theme.px(4);
    painter.drawText(rect().adjusted(edge + (rightToLeft ? 0 : lead), 0, -edge - (rightToLeft ? lead : 0), 0), Qt::AlignCenter | Qt::TextDontClip, text());
    if (hasFocus())
        paintFocusRing(&painter, m_theme, rect(), height() / 2.0);
}

} // namespace antiphon
