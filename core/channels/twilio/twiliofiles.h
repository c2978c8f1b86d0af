#pragma once

#include "core/base/result.h"
#include "core/channels/outbound.h"

#include <QHash>
#include <QStringList>

namespace antiphon::twilio {

inline constexpr qint64 kMmsLimit = 5 * 1024 * 1024;          ///< of all files together

/// What WhatsApp shows words under: pictures and videos; documents and sound stand alone.
bool takesCaption(const OutboundAttachment &file);

Result<void> checkFile(const OutboundAttachment &file, bool whatsapp);
QStringList fileMimes(bool whatsapp);
QHash<QString, qint64> fileLimits(bool whatsapp);

} // namespace antiphon::twilio
