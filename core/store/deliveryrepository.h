#pragma once

#include "core/base/json.h"
#include "core/store/transaction.h"

/// Rows of `delivery`, the raw bodies as they came in, and the intake's counters.
namespace antiphon::deliveries {

struct Delivery {
    DeliveryId id{};
    InboxId inboxId{};                       ///< null where one route serves many inboxes
    QString channel{};
    Timestamp receivedAt{};
    QString source = QStringLiteral("hook"); ///< "hook", "poll", "replay"
    QJsonObject headers{};                   ///< {headers: [[name, value]], path, query}, without credentials
    QByteArray body{};
    QByteArray bodySha256{};
    bool stale = false;
};

Result<DeliveryId> insert(WriteTransaction &tx, const Delivery &delivery);                 ///< unsplit
Result<std::optional<Delivery>> find(ReadTransaction &tx, DeliveryId id);
/// The oldest that waits to be split.
Result<std::optional<Delivery>> nextUnsplit(ReadTransaction &tx);
Result<qint64> unsplitCount(ReadTransaction &tx, qint64 most);        ///< counted up to `most`
/// Those that wait to be split, by id, behind `after` and up to `last`.
Result<QList<DeliveryId>> unsplitIds(ReadTransaction &tx, DeliveryId after, DeliveryId last, int limit);
Result<DeliveryId> newest(ReadTransaction &tx);                                            ///< null where there is none
Result<bool> isUnsplit(ReadTransaction &tx, DeliveryId id);

Result<void> setSplit(WriteTransaction &tx, DeliveryId id);
Result<void> setDead(WriteTransaction &tx, DeliveryId id, const QString &reason);
/// A dead one waits again. @return false where it isn't dead.
Result<bool> revive(WriteTransaction &tx, DeliveryId id);
/// A dead one is given up. @return false where it isn't dead.
Result<bool> discard(WriteTransaction &tx, DeliveryId id);

struct DeadDelivery {
    DeliveryId id{};
    QString channel{};
    Timestamp receivedAt{};
    QString error{};
};
/// Newest first, ids below `before` (0: from the newest).
Result<QList<DeadDelivery>> dead(ReadTransaction &tx, qint64 before, int limit);

/// Adds to a counter of the inbox (null: none known).
Result<void> count(WriteTransaction &tx, InboxId inbox, const QString &name, qint64 by = 1);
Result<QHash<QString, qint64>> counters(ReadTransaction &tx);                              ///< summed over all inboxes

/// One slice of forgetting: bodies of split deliveries received before `done`, of dead ones before `dead`; rows without a body that are
/// older than `rows`. @return how many rows changed.
Result<int> prune(WriteTransaction &tx, Timestamp done, Timestamp dead, Timestamp rows, int limit);

} // namespace antiphon::deliveries
