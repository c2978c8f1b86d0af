#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace antiphon {

/// What a picture says of itself in its first bytes; nothing is decoded.
struct ImageInfo {
    enum class Kind { Png, Jpeg, Gif, WebP };
    Kind kind = Kind::Png;
    std::optional<int> width{};        ///< px; none where the size lies behind the bytes at hand (a JPEG with a long preamble) or is nonsense
    std::optional<int> height{};
};

/// Nothing where these are not the first bytes of a PNG, JPEG, GIF or WebP. 4 KiB are enough for the kind, 64 KiB for nearly every size.
std::optional<ImageInfo> imageInfo(const QByteArray &firstBytes);

QString imageMime(ImageInfo::Kind kind);     ///< "image/png"

/// The media type by the bytes alone: pictures, MP4/QuickTime and WebM video, Ogg, MP3, AAC, AMR, WAV, PDF. Empty where it is none of them.
QString sniffedMime(const QByteArray &firstBytes);

/// The same of a file that is known to be only heard: "video/mp4" is then "audio/mp4".
QString asSound(const QString &mime);

} // namespace antiphon
