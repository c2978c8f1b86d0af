#pragma once

#include "core/base/clock.h"

#include <QList>

#include <optional>

namespace antiphon {

/// How often an inbox is usually written to.
struct Rhythm {
    Milliseconds usual{0};       ///< the median of the pauses
    Milliseconds longest{0};
};

/// Of the times at which customers last wrote, in any order; nothing where they are fewer than eight.
std::optional<Rhythm> rhythmOf(QList<Timestamp> times);

/// Whether a silence is out of the ordinary: longer than an hour, than six usual pauses and than every pause that was seen.
bool isUnusual(const Rhythm &rhythm, Milliseconds silence);

} // namespace antiphon
