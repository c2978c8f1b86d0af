#pragma once

#include "core/channels/outbound.h"
#include "core/base/result.h"

namespace antiphon::telegram {

/// How a file goes to Telegram: its call, the field it stands in and its type within an album.
struct FileWay {
    enum class Album { None, Pictures, Audio, Documents };      ///< what may stand in one album together
    QString method{};            ///< "sendPhoto"
    QString field{};             ///< "photo", the type within an album too
    Album album = Album::None;
};

/// By type and size alone, so that a message always has the same parts. A picture that is too large for a photo goes as a document.
FileWay wayOf(const OutboundAttachment &file);
FileWay asDocument();

/// Files that go in one call: an album of at most ten that is no larger than one upload may be, or one.
QList<QList<OutboundAttachment>> callsFor(const QList<OutboundAttachment> &files);

/// ChannelLimit with `field` "attachment_ids".
Result<void> checkFile(const OutboundAttachment &file);

/// With a suffix, which is all that Telegram goes by.
QString uploadName(const OutboundAttachment &file);

inline constexpr qint64 kUploadLimit = 50 * 1024 * 1024;

} // namespace antiphon::telegram
