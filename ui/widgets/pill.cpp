#include "ui/widgets/pill.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"

#include <QFontMetrics>
#include <QPainter>

namespace antiphon {
namespace {

constexpr int kHeight = 24;
constexpr int kIcon = 14;

} // namespace

Pill::Pill(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void Pill::setContent(Tone tone, QLatin1StringView icon, const QString &text, const QString &shortText)
{
    m_tone = tone;
    m_icon = icon;
    m_text = text;
    m_short = shortText;
    setAccessibleName(text);
    setToolTip(plainToolTip(text));
    updateGeometry();
    update();
}

void Pill::setCompact(bool compact)
{
    if (m_compact == compact)
        return;
    m_compact = compact;
    updateGeometry();
    update();
}

QSize Pill::sizeHint() const
{
    const int icon = m_icon.isEmpty() ? 0 : m_theme.px(kIcon + 5);
    return {m_theme.px(16) + icon + QFontMetrics(m_theme.font(TypeRole::Small, isBold())).horizontalAdvance(shown()), m_theme.px(kHeight)};
}

void Pill::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ToneColors colors = toneColors(m_theme, m_tone);
    painter.setPen(m_theme.isHighContrast() ? QPen(colors.line, 1) : QPen(Qt::NoPen));
    painter.setBrush(colors.fill);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.drawRoundedRect(m_theme.isHighContrast() ? frame : QRectF(rect()), height() / 2.0, height() / 2.0);
    const bool rightToLeft = layoutDirection() == Qt::RightToLeft;
    QRect text = rect().adjusted(m_theme.px(8), 0, -m_theme.px(8), 0);
    if (!m_icon.isEmpty()) {
        const int side = m_theme.px(kIcon);
        const QRectF icon(rightToLeft ? text.right() + 1 - side : text.left(), 0, side, height());
        m_theme.paintIcon(&painter, m_icon, icon, kIcon, colors.text, layoutDirection());
        text.adjust(rightToLeft ? 0 : m_theme.px(kIcon + 5), 0, rightToLeft ? -m_theme.px(kIcon + 5) : 0, 0);
    }
    painter.setFont(m_theme.font(TypeRole::Small, isBold()));
    painter.setPen(colors.text);
    painter.setLayoutDirection(shown().isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);   // the words' own direction
    painter.drawText(text, Qt::AlignCenter | Qt::TextDontClip | Qt::TextSingleLine, shown());
}

} // namespace antiphon
