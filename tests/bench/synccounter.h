#pragma once

#include <QtGlobal>

namespace antiphon::bench {

/// How often this process has made the disk write, counted by an fsync() and fdatasync() of the program's own that SQLite finds before the C library's.
qint64 syncCount();

/// From now on each of them takes this much longer: a stand-in for a slower disk. 0: as it is.
void setSyncDelay(int milliseconds);

} // namespace antiphon::bench
