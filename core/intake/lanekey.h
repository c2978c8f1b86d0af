#pragma once

#include "core/base/id.h"

namespace antiphon {

/// First 8 bytes of SHA-256 of the key's UTF-8, big-endian: the same in every process and on every machine. Keys are logged as this.
quint64 laneHash(const QString &key);

/// The lane of an event whose order does not matter, spread over eight an inbox by what it is about: "~7:3".
QString unorderedLane(InboxId inbox, const QString &target);

} // namespace antiphon
