#pragma once

#include "core/intake/acklatency.h"
#include "core/intake/webhookintake.h"
#include "core/store/transaction.h"

#include <QJsonObject>

/// How the way in is doing, inbox by inbox: what the diagnosis page, `intake.health` and the metrics say.
namespace antiphon::intakehealth {

/// What only the running process knows. Made in the net thread.
struct Live {
    std::deque<WebhookIntake::Refusal> refusals{};       ///< the last 20
    QList<AckLatency::Summary> latency{};
};

struct InboxHealth {
    InboxId id{};
    Channel channel{};
    QString state{};                                     ///< of the inbox: "active" …
    std::optional<Timestamp> lastEventAt{};
    qint64 received = 0;                                 ///< events that were new
    qint64 processed = 0;
    qint64 duplicates = 0;
    qint64 ignored = 0;
    qint64 stale = 0;
    qint64 lostFoundByPoll = 0;
    qint64 pending = 0;
    qint64 parked = 0;
    qint64 dead = 0;
    std::optional<Timestamp> oldestPendingAt{};
    std::optional<Milliseconds> usualPause{};            ///< the median between customers; none where too few wrote
    std::optional<Timestamp> quietSince{};               ///< only where the silence is out of the ordinary
    std::optional<Timestamp> tokenExpiresAt{};           ///< of the consent where there is one, else of the token
};

/// A lane whose oldest event waits, longest first. The key holds phone numbers: only its hash is shown.
struct HeldLane {
    QString hash{};
    InboxId inboxId{};
    Timestamp since{};
    int attempts = 0;
    QString reason{};
};

Result<QList<InboxHealth>> inboxes(ReadTransaction &tx, Timestamp now);
Result<QList<HeldLane>> heldLanes(ReadTransaction &tx, int limit);

QJsonObject toJson(const InboxHealth &health, Timestamp now);
QJsonObject toJson(const HeldLane &lane, Timestamp now);
QJsonObject toJson(const WebhookIntake::Refusal &refusal);
QJsonObject toJson(const AckLatency::Summary &latency);

} // namespace antiphon::intakehealth
