#include "core/net/imageinfo.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

quint32 byteAt(const QByteArray &bytes, qsizetype at)
{
    return quint8(bytes.at(at));
}

quint32 big(const QByteArray &bytes, qsizetype at, int count)
{
    quint32 value = 0;
    for (int i = 0; i < count; ++i)
        value = value << 8 | byteAt(bytes, at + i);
    return value;
}

quint32 little(const QByteArray &bytes, qsizetype at, int count)
{
    quint32 value = 0;
    for (int i = count - 1; i >= 0; --i)
        value = value << 8 | byteAt(bytes, at + i);
    return value;
}

ImageInfo sized(ImageInfo::Kind kind, quint32 width, quint32 height)
{
    constexpr quint32 kLargest = 1u << 24;
    if (width == 0 || height == 0 || width > kLargest || height > kLargest)
        return {.kind = kind};
    return {.kind = kind, .width = int(width), .height = int(height)};
}

ImageInfo png(const QByteArray &bytes)
{
    if (bytes.size() < 24 || bytes.mid(12, 4) != "IHDR")
        return {.kind = ImageInfo::Kind::Png};
    return sized(ImageInfo::Kind::Png, big(bytes, 16, 4), big(bytes, 20, 4));
}

/// Walks the segments to the frame header (SOF0 … SOF15 without DHT, JPG, DAC).
ImageInfo jpeg(const QByteArray &bytes)
{
    qsizetype at = 2;
    while (at + 4 <= bytes.size() && byteAt(bytes, at) == 0xff) {
        const quint32 marker = byteAt(bytes, at + 1);
        if (marker == 0xff) {                                       // fill byte
            ++at;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) { // no length follows
            at += 2;
            continue;
        }
        const bool isFrame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (isFrame && at + 9 <= bytes.size())
            return sized(ImageInfo::Kind::Jpeg, big(bytes, at + 7, 2), big(bytes, at + 5, 2));
        const quint32 length = big(bytes, at + 2, 2);
        if (isFrame || marker == 0xda || marker == 0xd9 || length < 2)
            break;
        at += 2 + qsizetype(length);
    }
    return {.kind = ImageInfo::Kind::Jpeg};
}

ImageInfo webp(const QByteArray &bytes)
{
    const QByteArray chunk = bytes.mid(12, 4);
    if (chunk == "VP8X" && bytes.size() >= 30)
        return sized(ImageInfo::Kind::WebP, little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1);
    if (chunk == "VP8L" && bytes.size() >= 25 && byteAt(bytes, 20) == 0x2f) {
        const quint32 packed = little(bytes, 21, 4);
        return sized(ImageInfo::Kind::WebP, (packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1);
    }
    if (chunk == "VP8 " && bytes.size() >= 30 && big(bytes, 23, 3) == 0x9d012a)
        return sized(ImageInfo::Kind::WebP, little(bytes, 26, 2) & 0x3fff, little(bytes, 28, 2) & 0x3fff);
    return {.kind = ImageInfo::Kind::WebP};
}

/// Of MP4 and its kin. What iPhones make of photos looks like it, too, and is none.
QString ofBrand(const QByteArray &brand)
{
    if (brand == "qt  ")
        return u"video/quicktime"_s;
    if (brand == "M4A " || brand == "M4B ")
        return u"audio/mp4"_s;
    if (brand.startsWith("3gp") || brand.startsWith("3g2"))
        return u"video/3gpp"_s;
    const bool isPicture = brand.startsWith("hei") || brand.startsWith("hev") || brand == "mif1" || brand == "msf1" || brand.startsWith("avi");
    return isPicture ? QString() : u"video/mp4"_s;
}

} // namespace

std::optional<ImageInfo> imageInfo(const QByteArray &firstBytes)
{
    if (firstBytes.startsWith(QByteArray("\x89PNG\r\n\x1a\n", 8)))
        return png(firstBytes);
    if (firstBytes.startsWith("\xff\xd8\xff"))
        return jpeg(firstBytes);
    if (firstBytes.startsWith("GIF87a") || firstBytes.startsWith("GIF89a")) {
        if (firstBytes.size() < 10)
            return ImageInfo{.kind = ImageInfo::Kind::Gif};
        return sized(ImageInfo::Kind::Gif, little(firstBytes, 6, 2), little(firstBytes, 8, 2));
    }
    if (firstBytes.startsWith("RIFF") && firstBytes.mid(8, 4) == "WEBP")
        return webp(firstBytes);
    return std::nullopt;
}

QString imageMime(ImageInfo::Kind kind)
{
    switch (kind) {
    case ImageInfo::Kind::Png: return u"image/png"_s;
    case ImageInfo::Kind::Jpeg: return u"image/jpeg"_s;
    case ImageInfo::Kind::Gif: return u"image/gif"_s;
    case ImageInfo::Kind::WebP: return u"image/webp"_s;
    }
    Q_UNREACHABLE();
}

QString asSound(const QString &mime)
{
    if (mime == "video/quicktime"_L1)
        return u"audio/mp4"_s;
    return mime.startsWith("video/"_L1) ? u"audio/"_s + mime.mid(6) : mime;
}

QString sniffedMime(const QByteArray &firstBytes)
{
    if (const auto image = imageInfo(firstBytes))
        return imageMime(image->kind);
    if (firstBytes.mid(4, 4) == "ftyp")
        return ofBrand(firstBytes.mid(8, 4));
    if (firstBytes.startsWith("\x1a\x45\xdf\xa3"))
        return u"video/webm"_s;
    if (firstBytes.startsWith("OggS"))
        return u"audio/ogg"_s;
    if (firstBytes.startsWith("ID3") || (firstBytes.size() > 1 && byteAt(firstBytes, 0) == 0xff && (byteAt(firstBytes, 1) & 0xe6) == 0xe2))
        return u"audio/mpeg"_s;
    if (firstBytes.size() > 1 && byteAt(firstBytes, 0) == 0xff && (byteAt(firstBytes, 1) & 0xf6) == 0xf0)
        return u"audio/aac"_s;
    if (firstBytes.startsWith("#!AMR"))
        return u"audio/amr"_s;
    if (firstBytes.startsWith("RIFF") && firstBytes.mid(8, 4) == "WAVE")
        return u"audio/wav"_s;
    if (firstBytes.startsWith("%PDF-"))
        return u"application/pdf"_s;
    return {};
}

} // namespace antiphon
