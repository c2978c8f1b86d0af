#include "ui/theme/appstyle.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QPolygonF>
#include <QStyleOptionButton>
#include <QStyleOptionFrame>
#include <QStyleOptionSlider>

#include <algorithm>

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
    case PE_IndicatorCheckBox: drawIndicator(option, painter, false); return;
    case PE_IndicatorRadioButton: drawIndicator(option, painter, true); return;
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

void AppStyle::drawIndicator(const QStyleOption *option, QPainter *painter, bool isRound) const
{
    const bool enabled = option->state & State_Enabled;
    const bool isOn = option->state & (State_On | State_NoChange);
    const QColor frame = m_theme.color(!enabled ? "line.hair"_L1 : isOn ? "accent"_L1 : "line.control"_L1);
    const QColor mark = m_theme.color(enabled ? "accent.on"_L1 : "text.secondary"_L1);
    const double side = std::min(option->rect.width(), option->rect.height()) - 1;
    QRectF box(0, 0, side, side);
    box.moveCenter(QRectF(option->rect).center());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(frame, 1));
    painter->setBrush(isOn ? frame : m_theme.color("surface.raised"_L1));
    if (isRound)
        painter->drawEllipse(box);
    else
        painter->drawRoundedRect(box, 3, 3);
    if (isOn && isRound) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(mark);
        painter->drawEllipse(box.center(), side * 0.22, side * 0.22);
    } else if (isOn) {
        painter->setPen(QPen(mark, side * 0.13, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->setBrush(Qt::NoBrush);
        const auto at = [&box](double x, double y) { return QPointF(box.x() + box.width() * x, box.y() + box.height() * y); };
        if (option->state & State_NoChange)
            painter->drawLine(at(0.25, 0.5), at(0.75, 0.5));
        else
            painter->drawPolyline(QPolygonF({at(0.24, 0.52), at(0.43, 0.71), at(0.77, 0.3)}));
    }
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

void AppStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    if (control == CC_ScrollBar && !m_theme.isHighContrast())
        drawScrollBar(option, painter, widget);
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void AppStyle::drawScrollBar(const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    const bool isActive = option->activeSubControls.testFlag(SC_ScrollBarSlider) && (option->state & (State_MouseOver | State_Sunken));
    QRectF handle = subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget);
    const bool isUpright = option->rect.height() > option->rect.width();
    handle = isUpright ? handle.adjusted(3, 2, -3, -2) : handle.adjusted(2, 3, -2, -3);
    if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option); bar && bar->maximum <= bar->minimum)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    QColor ink = m_theme.color("text.secondary"_L1);
    ink.setAlphaF(isActive ? 0.8F : 0.45F);
    painter->setBrush(ink);
    const double radius = std::min(handle.width(), handle.height()) / 2;
    painter->drawRoundedRect(handle, radius, radius);
    painter->restore();
}

QRect AppStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part, const QWidget *widget) const
{
    const auto *bar = control == CC_ScrollBar ? qstyleoption_cast<const QStyleOptionSlider *>(option) : nullptr;
    if (!bar || m_theme.isHighContrast())
        return QProxyStyle::subControlRect(control, option, part, widget);
    // No arrows: the groove is all of the bar.
    const bool isUpright = bar->orientation == Qt::Vertical;
    const int length = isUpright ? bar->rect.height() : bar->rect.width();
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    const int least = std::min(length, m_theme.px(32));
    const int handle = range <= 0 ? length : std::clamp(int(qint64(length) * bar->pageStep / (range + bar->pageStep)), least, length);
    const int start = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const auto along = [&](int from, int to) {
        return isUpright ? QRect(bar->rect.x(), bar->rect.y() + from, bar->rect.width(), to - from) : QRect(bar->rect.x() + from, bar->rect.y(), to - from, bar->rect.height());
    };
    switch (part) {
    case SC_ScrollBarGroove: return bar->rect;
    case SC_ScrollBarSlider: return along(start, start + handle);
    case SC_ScrollBarSubPage: return along(0, start);
    case SC_ScrollBarAddPage: return along(start + handle, length);
    default: return {};
    }
}

QRect AppStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    return element == SE_LineEditContents ? rect.adjusted(m_theme.px(7), 0, -m_theme.px(5), 0) : rect;
}

int AppStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent: return m_theme.isHighContrast() ? QProxyStyle::pixelMetric(metric, option, widget) : 12;
    case PM_ScrollBarSliderMin: return m_theme.px(32);
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return m_theme.px(14);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing: return m_theme.px(6);
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
        wanted.rwidth() += m_theme.px(16);
    return wanted;
}

} // namespace antiphon
