#pragma once

#include "core/domain/channel.h"

#include <QImage>
#include <QRectF>
#include <QString>

class QPainter;

namespace antiphon {

class Theme;

/// What an avatar shows. A picture wins over initials; `channel` adds the disc at the lower end corner.
struct AvatarContent {
    enum class Kind { Person, Bot, Template, NativeApp };
    Kind kind = Kind::Person;
    QString name{};
    QString seed{};                        ///< the contact's or agent's id: it decides the colour
    std::optional<Channel> channel{};      ///< the badge; for NativeApp the platform itself
    QImage picture{};
};

/// First letters of the first and the last word; one letter for a single word and for scripts without capitals in names
/// (Han, kana, Hangul, Thai); whole grapheme clusters, upper case. Empty where the name has no letter or digit.
QString initials(const QString &name);

/// 1 to 8, the same for the same seed on every machine.
int avatarIndex(const QString &seed);

/// The token of a channel's disc, "channel.tiktok"; Twilio is shown as SMS, or as WhatsApp where the caller says so by passing Whatsapp.
QLatin1StringView channelToken(Channel channel);
QLatin1StringView channelIcon(Channel channel);

/// @param rect the square of the avatar without its badge.
/// @param ring the colour behind the avatar: the badge is cut out with a ring of it.
void paintAvatar(QPainter *painter, const Theme &theme, const QRectF &rect, const AvatarContent &content, const QColor &ring,
                 Qt::LayoutDirection direction);

/// A disc in the channel's colour with its glyph at 0.6 of the size.
void paintChannelDisc(QPainter *painter, const Theme &theme, const QRectF &rect, Channel channel);

} // namespace antiphon
