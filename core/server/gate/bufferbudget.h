#pragma once

#include <QtGlobal>

namespace antiphon {

/// Bytes of request bodies that are held in memory at this moment, over all listeners of a process that share it. One thread.
struct BufferBudget {
    qint64 limit = 64 * 1024 * 1024;   ///< above: 503 with Retry-After
    qint64 used = 0;
};

} // namespace antiphon
