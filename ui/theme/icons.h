#pragma once

#include <QCache>
#include <QColor>
#include <QHash>
#include <QLatin1StringView>
#include <QPixmap>

namespace antiphon {

/// The icons of resources/icons, drawn in any colour and size. Gui thread only.
class Icons {
public:
    Icons();

    /// Icon `name` of `size` px at `ratio` device pixels a px. The names in `mirrors` are flipped where `rightToLeft`.
    /// An unknown name is a programming mistake and gives an empty pixmap.
    QPixmap pixmap(QLatin1StringView name, const QColor &color, int size, qreal ratio, bool rightToLeft = false);

    /// Whether the icon points somewhere, so that right-to-left turns it round.
    static bool mirrors(QLatin1StringView name);

    void clear();

private:
    QByteArray source(QLatin1StringView name);

    QHash<QByteArray, QByteArray> m_sources;
    QCache<QByteArray, QPixmap> m_cache;
};

} // namespace antiphon
