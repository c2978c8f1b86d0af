#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace antiphon {

/// How long a sound or film plays, ms, as its container says: MP4 and its kin, Ogg (Opus, Vorbis), MP3, WAV. Nothing is decoded. Nothing where it isn't said
/// in these bytes, or is nonsense.
/// @param firstBytes, lastBytes 64 KiB of each end are enough, or the whole file twice
std::optional<int> mediaDurationMs(const QString &mime, const QByteArray &firstBytes, const QByteArray &lastBytes, qint64 size);

} // namespace antiphon
