#pragma once

#include "core/base/clock.h"

#include <QList>
#include <QStringList>

#include <optional>
#include <tuple>

namespace antiphon::twilio {

/// A message that an earlier read told of.
struct Told {
    Timestamp at{};               ///< where it stands in the list
    quint64 message = 0;          ///< messageKey()
    quint8 words = 0;             ///< of one of ours: the newsBit() of each status that was told

    bool operator<(const Told &other) const { return std::tie(at, message, words) < std::tie(other.at, other.message, other.words); }
};

/// A message's SID in eight bytes: a cursor remembers thousands.
quint64 messageKey(const QString &sid);

/// Where the feed was read to.
struct Cursor {
    bool isStored = false;
    Timestamp readUpTo{};
    Timestamp sentUpTo{};                      ///< up to where all statuses of our messages are told
    std::optional<Timestamp> knownFrom{};      ///< since when `known` is whole, where it was cut
    std::optional<Timestamp> watchedFrom{};    ///< since when `watched` is whole, where it was cut
    QList<Told> known{};                       ///< of what came, those of the overlap, oldest first
    QList<Told> watched{};                     ///< of ours, those whose status may still change, oldest first, each once
    QStringList marks{};                       ///< pages of a long list where reading goes on, the oldest last

    /// What came before isn't asked for.
    Timestamp incomingFrom() const;
    /// Statuses of messages that were sent before aren't asked for.
    Timestamp outgoingFrom() const;
    /// Adds what was told, and forgets what no later read asks for. Of very many the newest are kept: what is older then isn't asked for.
    void remember(const QList<Told> &incoming, const QList<Told> &statuses);
};

/// @param text as it was stored; empty or not one of these: nothing was read, and reading begins at `since`
Cursor cursorOf(const QString &text, Timestamp since);
QString textOf(const Cursor &cursor);

} // namespace antiphon::twilio
