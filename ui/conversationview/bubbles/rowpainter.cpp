#include "ui/conversationview/bubbles/rowpainter.h"

#include "ui/models/relativetime.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatarpainter.h"
#include "ui/widgets/focusring.h"

#include <QPainter>
#include <QPainterPath>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr double kJoinedRadius = 4;

QPainterPath cornered(const QRectF &rect, double radius, Shape::Corners corners, bool isAtRight)
{
    const bool top = corners == Shape::Corners::JoinedTop || corners == Shape::Corners::JoinedBoth;
    const bool bottom = corners == Shape::Corners::JoinedBottom || corners == Shape::Corners::JoinedBoth;
    const double r = std::min({radius, rect.width() / 2, rect.height() / 2});
    const double small = std::min(kJoinedRadius, r);
    const double topLeft = top && !isAtRight ? small : r;
    const double topRight = top && isAtRight ? small : r;
    const double bottomLeft = bottom && !isAtRight ? small : r;
    const double bottomRight = bottom && isAtRight ? small : r;
    QPainterPath path;
    path.moveTo(rect.left() + topLeft, rect.top());
    path.lineTo(rect.right() - topRight, rect.top());
    path.arcTo(QRectF(rect.right() - 2 * topRight, rect.top(), 2 * topRight, 2 * topRight), 90, -90);
    path.lineTo(rect.right(), rect.bottom() - bottomRight);
    path.arcTo(QRectF(rect.right() - 2 * bottomRight, rect.bottom() - 2 * bottomRight, 2 * bottomRight, 2 * bottomRight), 0, -90);
    path.lineTo(rect.left() + bottomLeft, rect.bottom());
    path.arcTo(QRectF(rect.left(), rect.bottom() - 2 * bottomLeft, 2 * bottomLeft, 2 * bottomLeft), 270, -90);
    path.lineTo(rect.left(), rect.top() + topLeft);
    path.arcTo(QRectF(rect.left(), rect.top(), 2 * topLeft, 2 * topLeft), 180, -90);
    path.closeSubpath();
    return path;
}

void paintShape(QPainter *painter, const Shape &shape)
{
    painter->setBrush(shape.fill.isValid() ? QBrush(shape.fill) : QBrush(Qt::NoBrush));
    painter->setPen(shape.frame.isValid() ? QPen(shape.frame, 1, shape.isDashed ? Qt::DashLine : Qt::SolidLine) : QPen(Qt::NoPen));
    const double inset = shape.frame.isValid() ? 0.5 : 0;
    const QRectF rect = QRectF(shape.rect).adjusted(inset, inset, -inset, -inset);
    if (shape.corners == Shape::Corners::Round)
        painter->drawRoundedRect(rect, std::min<double>(shape.radius, rect.width() / 2), std::min<double>(shape.radius, rect.height() / 2));
    else
        painter->drawPath(cornered(rect, shape.radius, shape.corners, shape.isJoinedAtEnd));
}

void paintMedia(QPainter *painter, const MediaBox &box, const RowPaint &paint, bool isAtRight)
{
    const Theme &theme = *paint.theme;
    const QImage picture = paint.picture ? paint.picture(box.rowOffset, box.attachment) : QImage();
    const QRectF rect(box.rect);
    if (box.isSticker && !picture.isNull()) {
        QSizeF fit = QSizeF(picture.size()).scaled(rect.size(), Qt::KeepAspectRatio);
        painter->drawImage(QRectF(rect.center() - QPointF(fit.width() / 2, fit.height() / 2), fit), picture);
        return;
    }
    const int radius = box.isThumbnail || box.isTile ? theme.px(6) : theme.px(12);
    const QPainterPath path = cornered(rect, radius, box.corners, isAtRight);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.color(box.isVideo ? "surface.view"_L1 : "surface.sunken"_L1));
    painter->drawPath(path);
    if (!picture.isNull()) {
        painter->save();
        painter->setClipPath(path);
        painter->setRenderHint(QPainter::SmoothPixmapTransform);
        // Filled and cut in the middle: the box may be a little off the picture's proportions.
        const QSizeF source = rect.size().scaled(picture.size(), Qt::KeepAspectRatio);
        painter->drawImage(rect, picture, QRectF((picture.width() - source.width()) / 2, (picture.height() - source.height()) / 2,
                                                 source.width(), source.height()));
        painter->restore();
    } else if (box.isThumbnail) {
        theme.paintIcon(painter, "play"_L1, rect, 18, theme.color("text.secondary"_L1), Qt::LeftToRight);
    }
    if (box.isVideo) {
        const bool isSmall = rect.width() < theme.px(160);
        const double side = theme.px(isSmall ? 32 : 48);
        const QRectF disc(rect.center() - QPointF(side / 2, side / 2), QSizeF(side, side));
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.color("accent"_L1));
        painter->drawEllipse(disc);
        theme.paintIcon(painter, "play"_L1, disc, isSmall ? 16 : 24, theme.color("accent.on"_L1), Qt::LeftToRight);
    }
    QColor line = theme.color("status.grey"_L1);
    line.setAlphaF(0.28F);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(theme.isHighContrast() ? theme.color("text.primary"_L1) : line, 1));
    painter->drawPath(cornered(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, box.corners, isAtRight));
}

void paintSound(QPainter *painter, const SoundBox &box, const RowPaint &paint)
{
    const Theme &theme = *paint.theme;
    const SoundPaint now = paint.sound ? paint.sound(box.url) : SoundPaint{};
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.color("accent"_L1));
    painter->drawEllipse(QRectF(box.button));
    theme.paintIcon(painter, now.isPlaying ? "pause"_L1 : now.isLoading ? "clock"_L1 : "play"_L1, QRectF(box.button), 16, theme.color("accent.on"_L1), Qt::LeftToRight);
    const qint64 whole = now.durationMs > 0 ? now.durationMs : box.durationMs;
    const double part = whole > 0 ? std::clamp(double(now.positionMs) / double(whole), 0.0, 1.0) : 0.0;
    const double thick = theme.px(4);
    const QRectF groove(box.bar.left(), QRectF(box.bar).center().y() - thick / 2, box.bar.width(), thick);
    QColor rest = theme.color("status.grey"_L1);
    rest.setAlphaF(0.45F);
    painter->setBrush(rest);
    painter->drawRoundedRect(groove, thick / 2, thick / 2);
    if (part > 0) {
        painter->setBrush(theme.color("accent"_L1));
        painter->drawRoundedRect(QRectF(groove.topLeft(), QSizeF(groove.width() * part, thick)), thick / 2, thick / 2);
    }
    const double knob = theme.px(10);
    painter->setBrush(theme.color("accent"_L1));
    painter->drawEllipse(QRectF(groove.left() + (groove.width() - knob) * part, groove.center().y() - knob / 2, knob, knob));
    painter->setFont(theme.font(TypeRole::Small));
    painter->setPen(theme.color("text.secondary"_L1));
    const bool isUnderWay = now.isPlaying || now.positionMs > 0;
    if (isUnderWay || whole > 0)
        painter->drawText(box.time, int(Qt::AlignCenter) | int(Qt::TextDontClip), playTime(isUnderWay ? now.positionMs : whole));
    QColor frame = theme.color("status.grey"_L1);
    painter->setPen(QPen(frame, 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(QRectF(box.rate).adjusted(0.5, 0.5, -0.5, -0.5), box.rate.height() / 2.0, box.rate.height() / 2.0);
    painter->setFont(theme.font(TypeRole::Small, true));
    painter->setPen(theme.color("text.secondary"_L1));
    painter->drawText(box.rate, Qt::AlignCenter, QString::number(now.rate) + QChar(0x00D7));
}

void paintIcons(QPainter *painter, const RowGeometry &geometry, const RowPaint &paint)
{
    for (const IconBox &icon : geometry.icons) {
        if (!icon.isClock || paint.clockStep == 0) {
            paint.theme->paintIcon(painter, icon.icon, icon.rect, icon.size, icon.color, paint.direction);
            continue;
        }
        painter->save();
        painter->translate(QRectF(icon.rect).center());
        painter->rotate(30.0 * paint.clockStep);
        painter->setRenderHint(QPainter::SmoothPixmapTransform);
        const double side = paint.theme->px(icon.size);
        paint.theme->paintIcon(painter, icon.icon, QRectF(-side / 2, -side / 2, side, side), icon.size, icon.color, paint.direction);
        painter->restore();
    }
}

void paintTexts(QPainter *painter, const RowGeometry &geometry, const RowPaint &paint)
{
    for (int i = 0; i < geometry.texts.size(); ++i) {
        const TextBlock &block = geometry.texts.at(i);
        painter->setPen(block.color);
        QList<QTextLayout::FormatRange> selections;
        if (i == paint.selectedBlock && paint.selectionFrom != paint.selectionTo) {
            QTextLayout::FormatRange range;
            range.start = std::min(paint.selectionFrom, paint.selectionTo);
            range.length = std::abs(paint.selectionTo - paint.selectionFrom);
            QColor tint = paint.theme->color("accent"_L1);
            tint.setAlphaF(0.30F);
            range.format.setBackground(tint);
            selections.append(range);
        }
        block.layout->draw(painter, block.rect.topLeft(), selections);
    }
}

void paintAvatarOf(QPainter *painter, const RowGeometry &geometry, const RowPaint &paint)
{
    const auto look = avatarOf(*paint.message);
    if (!look)
        return;
    AvatarContent content{.name = look->name, .seed = look->seed, .picture = paint.avatar};
    switch (look->kind) {
    case AvatarLook::Kind::NativeApp:
        content.kind = AvatarContent::Kind::NativeApp;
        content.channel = paint.traits->channel;
        break;
    case AvatarLook::Kind::Bot: content.kind = AvatarContent::Kind::Bot; break;
    case AvatarLook::Kind::Template: content.kind = AvatarContent::Kind::Template; break;
    case AvatarLook::Kind::Person: content.kind = AvatarContent::Kind::Person; break;
    }
    paintAvatar(painter, *paint.theme, geometry.avatar, content, paint.theme->color("surface.view"_L1), paint.direction);
}

} // namespace

void paintRow(QPainter *painter, const RowGeometry &geometry, const RowPaint &paint, int top, int width)
{
    const Theme &theme = *paint.theme;
    painter->save();
    painter->translate(0, top);
    if (paint.highlight > 0) {
        QColor mark = theme.color("mark.find"_L1);
        mark.setAlphaF(float(paint.highlight));
        painter->fillRect(QRect(0, geometry.bubble.top() - 4, width, geometry.height - geometry.bubble.top() + 8), mark);
    }
    painter->setRenderHint(QPainter::Antialiasing);
    for (const QRect &line : geometry.lines) {
        QColor color = geometry.lineColor;
        color.setAlphaF(0.55F);
        painter->fillRect(line, color);
    }
    for (const Shape &shape : geometry.shapes)
        paintShape(painter, shape);
    const bool isAtRight = (geometry.side == Side::End) != (paint.direction == Qt::RightToLeft);
    for (const MediaBox &box : geometry.media)
        paintMedia(painter, box, paint, isAtRight);
    for (const Shape &plate : geometry.plates)
        paintShape(painter, plate);
    for (const SoundBox &sound : geometry.sounds)
        paintSound(painter, sound, paint);
    paintIcons(painter, geometry, paint);
    paintTexts(painter, geometry, paint);
    if (!geometry.avatar.isEmpty())
        paintAvatarOf(painter, geometry, paint);
    if (paint.isFocused && !geometry.bubble.isEmpty())
        paintFocusRing(painter, theme, QRectF(geometry.bubble).adjusted(-3, -3, 3, 3), theme.px(12) + 2);
    painter->restore();
}

} // namespace antiphon
