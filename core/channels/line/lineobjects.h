#pragma once

#include "core/channels/outbound.h"
#include "core/base/result.h"

#include <QHash>
#include <QJsonArray>
#include <QStringList>

/// The message objects that a call carries. There is none for files.
/// @see https://developers.line.biz/en/reference/messaging-api/#message-objects
namespace antiphon::line {

inline constexpr int kTextLimit = 5000;          ///< UTF-16 units

/// Bare text: LINE knows no marks.
QString rendered(const QString &markdown);

/// One for the text, with its choice, and one a file; at most five.
QJsonArray objectsOf(const OutboundMessage &message);

Result<void> checkFile(const OutboundAttachment &file);
Result<void> checkChoice(const OutboundMessage &message);
QStringList fileMimes();
QHash<QString, qint64> fileLimits();

} // namespace antiphon::line
