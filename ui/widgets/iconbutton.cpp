#include "ui/widgets/iconbutton.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/focusring.h"

#include <QFocusEvent>
#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr double kRadius = 6;

} // namespace

IconButton::IconButton(const Theme &theme, QLatin1StringView icon, const QString &name, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_icon(icon), m_token("text.secondary"_L1)
{
    setName(name);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void IconButton::setIconName(QLatin1StringView icon)
{
    m_icon = icon;
    update();
}

void IconButton::setName(const QString &name)
{
    m_name = name;
    setAccessibleName(name);
    setToolTip(plainToolTip(name));
}

void IconButton::setToken(QLatin1StringView token)
{
    m_token = token;
    update();
}

void IconButton::setMetrics(int side, int icon)
{
    m_side = side;
    m_iconSize = icon;
    updateGeometry();
    update();
}

void IconButton::setDisabledReason(const QString &reason)
{
    setEnabled(reason.isEmpty());
    setAccessibleDescription(reason);
    setToolTip(plainToolTip(reason.isEmpty() ? m_name : m_name + u"\n"_s + reason));
}

QSize IconButton::sizeHint() const
{
    return {m_theme.px(m_side), m_theme.px(m_side)};
}

void IconButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ink = m_theme.color(m_token);
    painter.setPen(m_theme.isHighContrast() ? QPen(m_theme.color("text.primary"_L1), 1) : QPen(Qt::NoPen));
    painter.setBrush(Qt::NoBrush);
    if (!isEnabled()) {
        ink = m_theme.color("text.disabled"_L1);
    } else if (isDown()) {
        painter.setBrush(m_theme.color("state.pressed"_L1));
    } else if (isChecked()) {
        painter.setBrush(m_theme.color("accent.tint"_L1));
        ink = m_theme.color("accent"_L1);
    } else if (underMouse()) {
        painter.setBrush(m_theme.color("state.hover.view"_L1));
    }
    if (painter.brush() != Qt::NoBrush)
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    m_theme.paintIcon(&painter, m_icon, rect(), m_iconSize, ink, layoutDirection());
    if (m_ring && hasFocus())
        paintFocusRing(&painter, m_theme, rect(), kRadius);
}

void IconButton::focusInEvent(QFocusEvent *event)
{
    m_ring = isKeyboardFocus(event) || m_ring;
    QAbstractButton::focusInEvent(event);
}

void IconButton::focusOutEvent(QFocusEvent *event)
{
    if (event->reason() != Qt::ActiveWindowFocusReason && event->reason() != Qt::PopupFocusReason)
        m_ring = false;
    QAbstractButton::focusOutEvent(event);
}

void IconButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void IconButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

bool IconButton::event(QEvent *event)
{
    if (event->type() == QEvent::EnabledChange || event->type() == QEvent::LayoutDirectionChange)
        update();
    return QAbstractButton::event(event);
}

} // namespace antiphon
