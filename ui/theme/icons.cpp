#include "ui/theme/icons.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

#include <algorithm>
#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kCachedPixmaps = 600;

constexpr std::array<QLatin1StringView, 12> kMirrored{
    QLatin1StringView("back"), QLatin1StringView("chevron-start"), QLatin1StringView("chevron-end"), QLatin1StringView("reply"),
    QLatin1StringView("arrow-out"), QLatin1StringView("external"), QLatin1StringView("send"), QLatin1StringView("undo"),
    QLatin1StringView("panel-end"), QLatin1StringView("sidebar"), QLatin1StringView("quote"), QLatin1StringView("note")};

} // namespace

Icons::Icons() : m_cache(kCachedPixmaps) {}

bool Icons::mirrors(QLatin1StringView name)
{
    return std::find(kMirrored.begin(), kMirrored.end(), name) != kMirrored.end();
}

void Icons::clear()
{
    m_cache.clear();
}

QByteArray Icons::source(QLatin1StringView name)
{
    const QByteArray key(name.data(), name.size());
    if (const auto it = m_sources.constFind(key); it != m_sources.cend())
        return *it;
    QFile file(u":/antiphon/icons/"_s + name + u".svg"_s);
    const bool opened = file.open(QIODevice::ReadOnly);
    Q_ASSERT_X(opened, "Icons", name.data());
    return *m_sources.insert(key, opened ? file.readAll() : QByteArray());
}

QPixmap Icons::pixmap(QLatin1StringView name, const QColor &color, int size, qreal ratio, bool rightToLeft)
{
    const bool mirrored = rightToLeft && mirrors(name);
    QByteArray key(name.data(), name.size());
    key.append('|').append(QByteArray::number(color.rgba(), 16)).append('|').append(QByteArray::number(size));
    key.append('|').append(QByteArray::number(ratio)).append(mirrored ? 'm' : 'p');
    if (const QPixmap *cached = m_cache.object(key))
        return *cached;
    QByteArray svg = source(name);
    if (svg.isEmpty() || size < 1)
        return {};
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    QPixmap pixmap(QSize(size, size) * ratio);
    pixmap.fill(Qt::transparent);
    {
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setOpacity(color.alphaF());
        if (mirrored) {
            painter.translate(pixmap.width(), 0);
            painter.scale(-1, 1);
        }
        renderer.render(&painter, QRectF(QPointF(0, 0), pixmap.size()));
    }
    pixmap.setDevicePixelRatio(ratio);
    m_cache.insert(key, new QPixmap(pixmap));
    return pixmap;
}

} // namespace antiphon
