#include "ui/conversationlist/statusbutton.h"

#include "ui/theme/theme.h"
#include "ui/widgets/focusring.h"

#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
constexpr int kChevron = 14;
} // namespace

StatusButton::StatusButton(const Theme &theme, QWidget *parent)
    : QPushButton(parent)
    , m_theme(theme)
{
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize StatusButton::sizeHint() const
{
    return {QFontMetrics(m_theme.font(TypeRole::Body)).horizontalAdvance(text()) + m_theme.px(8 + 5 + kChevron + 8), m_theme.px(28)};
}

void StatusButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isDown() || underMouse()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(isDown() ? "state.pressed"_L1 : "state.hover.list"_L1));
        painter.drawRoundedRect(rect(), 6, 6);
    }
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    const int pad = m_theme.px(8);
    const int side = m_theme.px(kChevron);
    const QRect words = rect().adjusted(rtl ? pad + side : pad, 0, rtl ? -pad : -pad - side, 0);
    painter.setFont(m_theme.font(TypeRole::Body));
    painter.setPen(m_theme.color("text.secondary"_L1));
    painter.drawText(words, int(Qt::AlignVCenter | Qt::AlignAbsolute) | int(rtl ? Qt::AlignRight : Qt::AlignLeft) | int(Qt::TextSingleLine), text());
    m_theme.paintIcon(&painter, "chevron-down"_L1, QRect(rtl ? pad : width() - pad - side, 0, side, height()), kChevron, m_theme.color("text.secondary"_L1),
                      layoutDirection());
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        paintFocusRing(&painter, m_theme, QRectF(rect()).adjusted(1, 1, -1, -1), 6);
}

} // namespace antiphon
