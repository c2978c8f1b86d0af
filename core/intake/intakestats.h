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
    qint64 ignored = 0;
    qint64 parked = 0;
    qint64 stale = 0;
    qint64 rejectedSignature = 0;
    qint64 lostFoundByPoll = 0;
    qint64 unknownAccount = 0;
};

QJsonObject toJson(const IntakeStats &stats);

/// @param rejectedNotStored bad signatures counted since they were last written down (`WebhookIntake::rejected()`)
Result<IntakeStats> readIntakeStats(ReadTransaction &tx, qint64 rejectedNotStored);

} // namespace antiphon
