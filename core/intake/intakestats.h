#pragma once

#include "core/store/transaction.h"

#include <QJsonObject>

namespace antiphon {

/// The numbers of `intake.stats`.
struct IntakeStats {
    qint64 received = 0;              ///< webhooks that were journalled
    qint64 duplicates = 0;
    qint64 processed = 0;
    qint64 pending = 0;               ///< deliveries to split and events to apply
    qint64 dead = 0;
    qint64 ignored = 0;               ///< of no use to us, or for an account or inbox that is not (or no more) to be served
    qint64 parked = 0;
    qint64 stale = 0;
    qint64 rejectedSignature = 0;
    qint64 lostFoundByPoll = 0;
    qint64 unknownAccount = 0;        ///< of the ignored: for an account that is no inbox here
    qint64 pressed = 0;               ///< webhooks taken while more waited to be stored than is right
    qint64 deferred = 0;              ///< webhooks answered 503, to come again
    qint64 flooded = 0;               ///< messages above what one customer may write without being muted
    bool pollingPaused = false;       ///< too many events wait: nothing is fetched meanwhile
    bool filesPaused = false;         ///< the same, or little room on the disk: no files are fetched
    bool textOnly = false;            ///< the disk is nearly full
    qint64 diskFree = -1;             ///< bytes; -1: not known
    std::optional<Milliseconds> clockOffset{};   ///< the platforms' clocks less ours; nothing before the first answer
};

/// What is known of the way in and doesn't stand in the database.
struct NotStored {
    qint64 rejected = 0;              ///< bad signatures counted since they were last written down
    qint64 unknown = 0;               ///< webhooks for an inbox that is not here
    qint64 pressed = 0;
    qint64 deferred = 0;
    bool waitsForRoom = false;
    bool filesPaused = false;
    bool roomIsShort = false;         ///< the disk alone keeps files off
    bool textOnly = false;
    qint64 freeBytes = -1;
    std::optional<Milliseconds> clockOffset{};
};

QJsonObject toJson(const IntakeStats &stats);

Result<IntakeStats> readIntakeStats(ReadTransaction &tx, const NotStored &notStored);

} // namespace antiphon
