#include "app/host/preview.h"

#include "core/net/imageinfo.h"

#include <QBuffer>
#include <QColor>
#include <QImage>
#include <QImageReader>

namespace antiphon {
namespace {

constexpr int kSide = 240;
constexpr int kTileHeight = 135;
constexpr int kQuality = 80;
constexpr qint64 kMostJpegPixels = 100'000'000;      // of a progressive one all coefficients are kept, whatever its scale
constexpr qint64 kMostPixels = 16'000'000;       // what isn't a JPEG is read as a whole: 64 MB for a moment

QByteArray jpeg(const QImage &image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    return image.save(&buffer, "JPEG", kQuality) ? bytes : QByteArray();
}

/// JPEG knows no transparency: on white, as chats are.
QImage opaque(const QImage &image)
{
    QImage flat = image.convertToFormat(QImage::Format_ARGB32);
    for (int y = 0; y < flat.height(); ++y) {
        auto *line = reinterpret_cast<QRgb *>(flat.scanLine(y));
        for (int x = 0; x < flat.width(); ++x) {
            const int alpha = qAlpha(line[x]);
            const auto over = [alpha](int channel) { return (channel * alpha + 255 * (255 - alpha)) / 255; };
            line[x] = qRgb(over(qRed(line[x])), over(qGreen(line[x])), over(qBlue(line[x])));
        }
    }
    return flat.convertToFormat(QImage::Format_RGB32);
}

QByteArray plainTile()
{
    QImage tile(kSide, kTileHeight, QImage::Format_RGB32);
    tile.fill(QColor(0xd7, 0xd9, 0xdc));
    return jpeg(tile);
}

} // namespace

QByteArray smallPicture(const QByteArray &picture)
{
    const auto info = imageInfo(picture);
    const bool isJpeg = info && info->kind == ImageInfo::Kind::Jpeg;
    if (!info || qint64(info->width.value_or(kSide)) * info->height.value_or(kSide) > (isJpeg ? kMostJpegPixels : kMostPixels))
        return plainTile();
    QBuffer buffer;
    buffer.setData(picture);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (size.isValid() && (size.width() > kSide || size.height() > kSide))
        reader.setScaledSize(size.scaled(kSide, kSide, Qt::KeepAspectRatio).expandedTo(QSize(1, 1)));
    QImage image = reader.read();
    if (image.isNull())
        return plainTile();
    if (image.width() > kSide || image.height() > kSide)
        image = image.scaled(kSide, kSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    const QByteArray bytes = jpeg(image.hasAlphaChannel() ? opaque(image) : image);
    return bytes.isEmpty() ? plainTile() : bytes;
}

QByteArray videoTile()
{
    QImage tile(kSide, kTileHeight, QImage::Format_RGB32);
    tile.fill(QColor(0x2b, 0x2f, 0x36));
    constexpr int kHalf = 26;
    for (int y = -kHalf; y <= kHalf; ++y) {
        const int length = (kHalf - qAbs(y)) * 2 * 9 / 10;
        for (int x = 0; x < length; ++x)
            tile.setPixel(kSide / 2 - kHalf / 2 - 4 + x, kTileHeight / 2 + y, qRgb(0xff, 0xff, 0xff));
    }
    return jpeg(tile);
}

} // namespace antiphon
