#pragma once

#include <QtGlobal>

namespace antiphon::bench {

/// How often this process has made the disk write, counted by an fsync() and fdatasync() of the program's own that SQLite finds before the C library's.
qint64 syncCount();

} // namespace antiphon::bench
