#include "ui/widgets/avatar.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace antiphon {
namespace {

constexpr int kOverhang = 8;     // what badge and phone stand out by

} // namespace

Avatar::Avatar(const Theme &theme, int side, QLatin1StringView surface, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_side(side), m_surface(surface)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void Avatar::setContent(const AvatarContent &content)
{
    m_content = content;
    updateGeometry();                             // a badge stands out
    if (accessibleName().isEmpty())
        setAccessibleName(content.name);
    update();
}

void Avatar::setPicture(const QImage &picture)
{
    m_content.picture = picture;
    update();
}

QSize Avatar::sizeHint() const
{
    const int side = m_theme.avatarPx(m_side);
    const int over = m_content.channel ? kOverhang : 0;
    return {side + over, side + over / 2};
}

void Avatar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const int side = m_theme.avatarPx(m_side);
    const double left = layoutDirection() == Qt::RightToLeft ? width() - side : 0;
    paintAvatar(&painter, m_theme, QRectF(left, (height() - sizeHint().height()) / 2.0, side, side), m_content, m_theme.color(m_surface),
                layoutDirection());
}

} // namespace antiphon
