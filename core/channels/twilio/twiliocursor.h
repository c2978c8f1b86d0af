#pragma once

#include "core/base/clock.h"

#include <QStringList>

#include <optional>
#include <tuple>

namespace antiphon::twilio {

/// What an earlier read gave.
struct Told {
    Timestamp at{};               ///< where it stands in the list
    QString key{};

    bool operator<(const Told &other) const { return std::tie(at, key) < std::tie(other.at, other.key); }
};

/// Where the feed was read to.
struct Cursor {
    bool isStored = false;
    Timestamp readUpTo{};
    Timestamp sentUpTo{};
    std::optional<Timestamp> knownFrom{};      ///< since when `known` is whole, where it was cut
    QList<Told> known{};          ///< of the overlap, oldest first
    QStringList marks{};          ///< pages of a long list where reading goes on, the oldest last
};

/// @param text as it was stored; empty or not one of these: nothing was read, and reading begins at `since`
Cursor cursorOf(const QString &text, Timestamp since);
QString textOf(const Cursor &cursor);

} // namespace antiphon::twilio
