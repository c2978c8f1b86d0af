#include "ui/theme/appstyle.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyleOptionButton>
#include <QStyleOptionFrame>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr double kRadius = 6;

} // namespace

AppStyle::AppStyle(const Theme &theme) : QProxyStyle(u"Fusion"_s), m_theme(theme) {}

void AppStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    if (m_theme.isHighContrast()) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        return;
    }
    switch (element) {
    case PE_PanelButtonCommand: drawButton(option, painter); return;
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0) {
            drawField(option, painter);
            return;
        }
        break;
    case PE_FrameLineEdit: return;                       // the panel drew it
    case PE_FrameFocusRect:
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_theme.color("focus"_L1), 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), 4, 4);
        painter->restore();
        return;
    default: break;                                      // a style knows elements we don't
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void AppStyle::drawButton(const QStyleOption *option, QPainter *painter) const
{
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    const bool isDefault = button && (button->features & QStyleOptionButton::DefaultButton);
    const bool isFlat = button && (button->features & QStyleOptionButton::Flat);
    const bool enabled = option->state & State_Enabled;
    const bool down = option->state & (State_Sunken | State_On);
    const bool hover = option->state & State_MouseOver;
    QColor fill = m_theme.color(down ? "state.pressed"_L1 : hover ? "state.hover.view"_L1 : "surface.raised"_L1);
    QColor frame = m_theme.color("line.control"_L1);
    if (!enabled) {
        fill = m_theme.color("surface.sunken"_L1);
        frame = m_theme.color("line.hair"_L1);
    } else if (isDefault) {
        // The label's colour comes from the palette, so the default button is told by a double frame, not by a fill.
        frame = m_theme.color("accent"_L1);
    }
    if (isFlat && !down && !hover)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(fill);
    painter->setPen(isFlat ? QPen(Qt::NoPen) : QPen(frame, isDefault ? 2 : 1));
    const double inset = isDefault ? 1 : 0.5;
    painter->drawRoundedRect(QRectF(option->rect).adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
    painter->restore();
}

void AppStyle::drawField(const QStyleOption *option, QPainter *painter) const
{
    const bool focused = option->state & State_HasFocus;
    const bool enabled = option->state & State_Enabled;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(option->palette.brush(QPalette::Base));
    painter->setPen(QPen(m_theme.color(focused ? "focus"_L1 : enabled ? "line.control"_L1 : "line.hair"_L1), focused ? 2 : 1));
    const double inset = focused ? 1 : 0.5;
    painter->drawRoundedRect(QRectF(option->rect).adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
    painter->restore();
}

int AppStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_SmallIconSize:
    case PM_ButtonIconSize: return m_theme.px(16);
    case PM_ToolBarIconSize: return m_theme.px(18);
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin: return m_theme.px(12);
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return m_theme.px(8);
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int AppStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    if (hint == SH_EtchDisabledText || hint == SH_DitherDisabledText)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
}

QSize AppStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    QSize wanted = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (type == CT_PushButton || type == CT_ComboBox || type == CT_LineEdit)
        wanted.setHeight(std::max(wanted.height(), m_theme.px(32)));
    if (type == CT_PushButton)
        wanted.rwidth() += m_theme.px(8);
    return wanted;
}

} // namespace antiphon
