#include "ui/widgets/badge.h"

#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kHeight = 18;
constexpr int kMost = 99;

} // namespace

QString badgeText(int count)
{
    if (count <= 0)
        return {};
    return count > kMost ? QLocale().toString(kMost) + u'+' : QLocale().toString(count);
}

QSize badgeSize(const Theme &theme, int count)
{
    const int height = theme.px(kHeight);
    const int text = QFontMetrics(theme.font(TypeRole::Caption, true)).horizontalAdvance(badgeText(count));
    return {std::max(height, text + 2 * theme.px(5)), height};
}

void paintBadge(QPainter *painter, const Theme &theme, const QRectF &rect, int count)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.color("accent"_L1));
    painter->drawRoundedRect(rect, rect.height() / 2, rect.height() / 2);
    painter->setFont(theme.font(TypeRole::Caption, true));
    painter->setPen(theme.color("accent.on"_L1));
    painter->drawText(rect, Qt::AlignCenter | Qt::TextDontClip, badgeText(count));
    painter->restore();
}

Badge::Badge(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setVisible(false);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void Badge::setCount(int count)
{
    if (m_count == count)
        return;
    m_count = count;
    setVisible(count > 0);
    setAccessibleName(tr("%n unread", nullptr, count));
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return badgeSize(m_theme, m_count);
}

void Badge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBadge(&painter, m_theme, rect(), m_count);
}

} // namespace antiphon
