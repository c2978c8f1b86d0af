#include "ui/widgets/primarybutton.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/focusring.h"

#include <QFocusEvent>
#include <QFontMetrics>
#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr double kRadius = 6;
constexpr int kIcon = 16;
constexpr int kRing = 3;         // room around the fill for a focus ring that stands outside

} // namespace

PrimaryButton::PrimaryButton(const Theme &theme, const QString &text, QWidget *parent) : QPushButton(text, parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void PrimaryButton::setKind(Kind kind)
{
    m_kind = kind;
    update();
}

void PrimaryButton::setIconName(QLatin1StringView icon)
{
    m_icon = icon;
    updateGeometry();
    update();
}

void PrimaryButton::setDisabledReason(const QString &reason)
{
    setEnabled(reason.isEmpty());
    setAccessibleDescription(reason);
    setToolTip(plainToolTip(reason));
}

QSize PrimaryButton::sizeHint() const
{
    const int text = QFontMetrics(m_theme.font(TypeRole::Body, true)).size(Qt::TextShowMnemonic, this->text()).width();
    const int icon = m_icon.isEmpty() ? 0 : m_theme.px(kIcon + 6);
    return {text + icon + 2 * m_theme.px(14) + 2 * kRing, m_theme.px(32) + 2 * kRing};
}

void PrimaryButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor fill;
    QColor ink;
    switch (m_kind) {
    case Kind::Accent:
        fill = m_theme.color(isDown() ? "accent.pressed"_L1 : underMouse() ? "accent.hover"_L1 : "accent"_L1);
        ink = m_theme.color("accent.on"_L1);
        break;
    case Kind::Danger:
        fill = m_theme.color("danger.solid"_L1);
        ink = m_theme.color("danger.on"_L1);
        break;
    case Kind::Note:
        fill = m_theme.color("warn.text"_L1);
        ink = m_theme.color("surface.view"_L1);
        break;
    }
    if (!isEnabled()) {
        fill = m_theme.color("surface.sunken"_L1);
        ink = m_theme.color("text.disabled"_L1);
    }
    const QRectF body = QRectF(rect()).adjusted(kRing, kRing, -kRing, -kRing);
    painter.setPen(isEnabled() && !m_theme.isHighContrast() ? QPen(Qt::NoPen) : QPen(m_theme.color("line.hair"_L1), 1));
    painter.setBrush(fill);
    painter.drawRoundedRect(body, kRadius, kRadius);
    const QFont font = m_theme.font(TypeRole::Body, true);
    painter.setFont(font);
    const int textWidth = QFontMetrics(font).size(Qt::TextShowMnemonic, text()).width();
    const int icon = m_icon.isEmpty() ? 0 : m_theme.px(kIcon + 6);
    double left = body.center().x() - (textWidth + icon) / 2.0;
    const bool rightToLeft = layoutDirection() == Qt::RightToLeft;
    if (icon > 0) {
        const double iconLeft = rightToLeft ? left + textWidth + m_theme.px(6) : left;
        m_theme.paintIcon(&painter, m_icon, QRectF(iconLeft, body.top(), m_theme.px(kIcon), body.height()), kIcon, ink, layoutDirection());
        left += rightToLeft ? 0 : icon;
    }
    painter.setPen(ink);
    painter.drawText(QRectF(left, body.top(), textWidth, body.height()), Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextDontClip, text());
    if (m_ring && hasFocus())
        paintFocusRing(&painter, m_theme, rect(), kRadius + 2);
}

void PrimaryButton::focusInEvent(QFocusEvent *event)
{
    m_ring = isKeyboardFocus(event) || m_ring;
    QPushButton::focusInEvent(event);
}

void PrimaryButton::focusOutEvent(QFocusEvent *event)
{
    if (event->reason() != Qt::ActiveWindowFocusReason && event->reason() != Qt::PopupFocusReason)
        m_ring = false;
    QPushButton::focusOutEvent(event);
}

} // namespace antiphon
