#include "ui/widgets/avatarpainter.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QTextBoundaryFinder>

#include <cmath>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

bool isCarrier(QChar::Category category)
{
    return (category >= QChar::Letter_Uppercase && category <= QChar::Letter_Other)
        || (category >= QChar::Number_DecimalDigit && category <= QChar::Number_Other);
}

char32_t firstCodePoint(QStringView text)
{
    if (text.size() > 1 && text.at(0).isHighSurrogate() && text.at(1).isLowSurrogate())
        return QChar::surrogateToUcs4(text.at(0), text.at(1));
    return text.isEmpty() ? U'\0' : char32_t(text.at(0).unicode());
}

/// The first grapheme cluster that is a letter or a digit: names begin with signs and emoji, too.
QString firstLetter(const QString &word)
{
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, word);
    qsizetype from = 0;
    for (qsizetype to = finder.toNextBoundary(); to > 0; to = finder.toNextBoundary()) {
        const QString cluster = word.mid(from, to - from);
        if (isCarrier(QChar::category(firstCodePoint(cluster))))
            return cluster;
        from = to;
    }
    return {};
}

bool isOneLetterScript(const QString &cluster)
{
    switch (QChar::script(firstCodePoint(cluster))) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Hangul:
    case QChar::Script_Bopomofo:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer: return true;
    default: return false;
    }
}

/// High contrast has no fills to tell shapes by.
QPen outline(const Theme &theme)
{
    return theme.isHighContrast() ? QPen(theme.color("text.primary"_L1), 1) : QPen(Qt::NoPen);
}

QColor numbered(const Theme &theme, int index, QLatin1StringView part)
{
    const QByteArray name = "avatar." + QByteArray::number(index) + '.' + QByteArray(part.data(), part.size());
    return theme.color(QLatin1StringView(name));
}

void paintPicture(QPainter *painter, const QRectF &rect, const QImage &picture)
{
    QPainterPath circle;
    circle.addEllipse(rect);
    painter->save();
    painter->setClipPath(circle);
    painter->setRenderHint(QPainter::SmoothPixmapTransform);
    const double side = std::min(picture.width(), picture.height());
    painter->drawImage(rect, picture, QRectF((picture.width() - side) / 2, (picture.height() - side) / 2, side, side));
    painter->restore();
}

void paintInitials(QPainter *painter, const Theme &theme, const QRectF &rect, const AvatarContent &content)
{
    const int index = avatarIndex(content.seed.isEmpty() ? content.name : content.seed);
    painter->setPen(outline(theme));
    painter->setBrush(numbered(theme, index, "fill"_L1));
    painter->drawEllipse(rect);
    const QColor ink = numbered(theme, index, "text"_L1);
    const QString letters = initials(content.name);
    if (letters.isEmpty()) {
        theme.paintIcon(painter, "user"_L1, rect, int(rect.width() * 0.55 / theme.textScale()), ink, Qt::LeftToRight);
        return;
    }
    QFont font = theme.fontOfSize(14, true);
    font.setPixelSize(std::max(8, int(std::lround(rect.width() * (rect.width() < 30 ? 0.42 : 0.35)))));
    painter->setFont(font);
    painter->setPen(ink);
    painter->drawText(rect.adjusted(-4, -4, 4, 4), Qt::AlignCenter | Qt::TextDontClip, letters);
}

void paintGlyph(QPainter *painter, const Theme &theme, const QRectF &rect, QLatin1StringView icon)
{
    painter->setPen(outline(theme));
    painter->setBrush(theme.color("bubble.bot"_L1));
    painter->drawEllipse(rect);
    theme.paintIcon(painter, icon, rect, int(rect.width() * 0.6 / theme.textScale()), theme.color("text.primary"_L1), Qt::LeftToRight);
}

void paintNativeApp(QPainter *painter, const Theme &theme, const QRectF &rect, Channel channel, const QColor &ring, bool rightToLeft)
{
    paintChannelDisc(painter, theme, rect, channel);
    // The phone stands in a cut-out at the lower end corner, 8 out and 4 down for a disc of 24.
    const double unit = rect.width() / 24.0;
    QRectF cut(0, 0, 15 * unit, 16 * unit);
    cut.moveTop(rect.bottom() + 4 * unit - cut.height());
    cut.moveLeft(rightToLeft ? rect.left() - 8 * unit : rect.right() + 8 * unit - cut.width());
    painter->setPen(Qt::NoPen);
    painter->setBrush(ring);
    painter->drawRoundedRect(cut, 4 * unit, 4 * unit);
    theme.paintIcon(painter, "phone-mobile"_L1, cut, int(13 * unit / theme.textScale()), theme.color("text.primary"_L1), Qt::LeftToRight);
}

void paintBadge(QPainter *painter, const Theme &theme, const QRectF &rect, Channel channel, const QColor &ring, bool rightToLeft)
{
    const double side = rect.width() * (rect.width() < 36 ? 0.5 : 0.45);
    QRectF badge(0, 0, side, side);
    const double unit = rect.width() / 40.0;
    badge.moveBottom(rect.bottom() + 3 * unit);
    if (rightToLeft)
        badge.moveLeft(rect.left() - 4 * unit);
    else
        badge.moveRight(rect.right() + 4 * unit);
    painter->setPen(Qt::NoPen);
    painter->setBrush(ring);
    painter->drawEllipse(badge.adjusted(-2, -2, 2, 2));
    paintChannelDisc(painter, theme, badge, channel);
}

} // namespace

QString initials(const QString &name)
{
    QStringList letters;
    const QStringList words = name.split(u' ', Qt::SkipEmptyParts);
    for (const QString &word : words) {
        // Names are the customer's: only the first few signs of each word can matter.
        if (const QString letter = firstLetter(word.left(24)); !letter.isEmpty())
            letters.append(letter);
        if (letters.size() > 64)
            break;
    }
    if (letters.isEmpty())
        return {};
    if (letters.size() == 1 || isOneLetterScript(letters.first()))
        return letters.first().toUpper().left(8);
    QString both = letters.first().toUpper().left(8);
    // Arabic letters would join to a shape that isn't in the name.
    if (QChar::script(firstCodePoint(both)) == QChar::Script_Arabic)
        both.append(QChar(0x200C));
    return both + letters.last().toUpper().left(8);
}

int avatarIndex(const QString &seed)
{
    quint32 hash = 2166136261u;            // FNV-1a: the same in every process, which qHash isn't
    const QByteArray bytes = seed.toUtf8();
    for (const char byte : bytes)
        hash = (hash ^ quint8(byte)) * 16777619u;
    return int(hash % 8) + 1;
}

QLatin1StringView channelToken(Channel channel)
{
    switch (channel) {
    case Channel::Tiktok: return "channel.tiktok"_L1;
    case Channel::Whatsapp: return "channel.whatsapp"_L1;
    case Channel::Instagram: return "channel.instagram"_L1;
    case Channel::Messenger: return "channel.messenger"_L1;
    case Channel::Telegram: return "channel.telegram"_L1;
    case Channel::Line: return "channel.line"_L1;
    case Channel::Twilio: return "channel.sms"_L1;
    }
    Q_UNREACHABLE();
}

QLatin1StringView channelIcon(Channel channel)
{
    switch (channel) {
    case Channel::Tiktok: return "channel-tiktok"_L1;
    case Channel::Whatsapp: return "channel-whatsapp"_L1;
    case Channel::Instagram: return "channel-instagram"_L1;
    case Channel::Messenger: return "channel-messenger"_L1;
    case Channel::Telegram: return "channel-telegram"_L1;
    case Channel::Line: return "channel-line"_L1;
    case Channel::Twilio: return "channel-sms"_L1;
    }
    Q_UNREACHABLE();
}

void paintChannelDisc(QPainter *painter, const Theme &theme, const QRectF &rect, Channel channel)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(theme.isHighContrast() ? QPen(theme.color("text.primary"_L1), 1) : QPen(Qt::NoPen));
    painter->setBrush(theme.color(channelToken(channel)));
    painter->drawEllipse(rect);
    const int size = std::max(1, qRound(rect.width() * 0.6));
    const QPixmap glyph = theme.icons().pixmap(channelIcon(channel), theme.color("channel.on"_L1), size, painter->device()->devicePixelRatioF());
    painter->drawPixmap(QPointF(rect.center().x() - size / 2.0, rect.center().y() - size / 2.0), glyph);
    painter->restore();
}

void paintAvatar(QPainter *painter, const Theme &theme, const QRectF &rect, const AvatarContent &content, const QColor &ring,
                 Qt::LayoutDirection direction)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool rightToLeft = direction == Qt::RightToLeft;
    if (content.kind == AvatarContent::Kind::NativeApp && content.channel) {
        paintNativeApp(painter, theme, rect, *content.channel, ring, rightToLeft);
        painter->restore();
        return;
    }
    if (!content.picture.isNull())
        paintPicture(painter, rect, content.picture);
    else if (content.kind == AvatarContent::Kind::Bot || content.kind == AvatarContent::Kind::NativeApp)
        paintGlyph(painter, theme, rect, "bot"_L1);
    else if (content.kind == AvatarContent::Kind::Template)
        paintGlyph(painter, theme, rect, "template"_L1);
    else
        paintInitials(painter, theme, rect, content);
    if (content.channel)
        paintBadge(painter, theme, rect, *content.channel, ring, rightToLeft);
    painter->restore();
}

} // namespace antiphon
