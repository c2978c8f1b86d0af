#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/result.h"

#include <QJsonObject>
#include <QList>

namespace antiphon {

/// The answer of `intake.health`: how the way in is doing.
struct DeskHealth {
    struct OfInbox {
        InboxId inboxId{};
        QString state{};
        std::optional<Timestamp> lastEventAt{};
        qint64 received = 0;
        qint64 duplicates = 0;
        qint64 pending = 0;
        qint64 parked = 0;
        qint64 dead = 0;
        qint64 lostFoundByPoll = 0;
        std::optional<Milliseconds> oldestPending{};             ///< its age
        std::optional<Milliseconds> usualPause{};
        std::optional<Timestamp> quietSince{};                   ///< only where the silence is out of the ordinary
        std::optional<Timestamp> tokenExpiresAt{};
    };
    struct Latency {
        QString channel{};
        qint64 count = 0;
        double p50Ms = 0;
        double p99Ms = 0;
    };
    struct Refusal {
        Timestamp at{};
        QString route{};
        QString reason{};
    };
    struct Lane {
        QString hash{};
        InboxId inboxId{};
        Milliseconds age{0};
        int attempts = 0;
        QString reason{};
    };
    struct Store {
        bool isWritable = true;
        qint64 walBytes = 0;
        double batchSize = 0;
        qint64 queued = 0;
        Milliseconds longestClosure{0};
        Milliseconds oldestSnapshot{0};
    };

    QList<OfInbox> inboxes{};
    QList<Latency> latency{};
    QList<Refusal> refused{};                                    ///< newest first
    QList<Lane> lanes{};                                         ///< longest first
    Store store{};
    qint64 lostLeases = 0;
    qint64 sendsUnknown = 0;
    std::optional<Milliseconds> clockOffset{};
    std::optional<qint64> diskFree{};                            ///< bytes

    const OfInbox *find(InboxId id) const;
};

Result<DeskHealth> healthFromJson(const QJsonObject &json);

} // namespace antiphon
