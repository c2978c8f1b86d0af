#include "ui/widgets/hairline.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace antiphon {

void paintHairline(QPainter *painter, const Theme &theme, const QPointF &from, const QPointF &to)
{
    using namespace Qt::StringLiterals;
    const double device = 1.0 / painter->device()->devicePixelRatioF();
    QRectF line(from, to);
    if (line.width() > line.height())
        line.setHeight(device);
    else
        line.setWidth(device);
    painter->fillRect(line, theme.color("line.hair"_L1));
}

Hairline::Hairline(const Theme &theme, Qt::Orientation orientation, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_orientation(orientation)
{
    if (orientation == Qt::Horizontal)
        setFixedHeight(1);
    else
        setFixedWidth(1);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

QSize Hairline::sizeHint() const
{
    return m_orientation == Qt::Horizontal ? QSize(16, 1) : QSize(1, 16);
}

void Hairline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintHairline(&painter, m_theme, {0, 0}, m_orientation == Qt::Horizontal ? QPointF(width(), 0) : QPointF(0, height()));
}

} // namespace antiphon
