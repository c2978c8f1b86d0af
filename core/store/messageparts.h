#pragma once

#include "core/store/messagerepository.h"

#include <QStringList>

namespace antiphon::messages {

/// Of a message that went out in several calls: the platform's ids of its parts, from the first up to this one. Empty where this is the last of them, or the message
/// itself.
Result<QStringList> partsUpTo(ReadTransaction &tx, MessageId message, const QString &sourceId);

} // namespace antiphon::messages
