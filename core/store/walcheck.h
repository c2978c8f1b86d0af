#pragma once

#include "core/base/result.h"

#include <QString>

namespace antiphon::walcheck {

/// Looks through SQLite's write-ahead log before SQLite does. SQLite takes the first frame that doesn't fit for the end of the log, which is right after a
/// loss of power and silent about all that follows where a byte in the middle was changed. What was synced and committed behind such a frame tells the two apart.
/// @return Storage with words where committed transactions can't be read; nothing where all is well, or where only the last transaction is cut short.
/// @see https://www.sqlite.org/fileformat2.html#walformat
Result<void> check(const QString &walPath);

} // namespace antiphon::walcheck
