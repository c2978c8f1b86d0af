#include "core/store/deliveryrepository.h"

#include <QHash>

namespace antiphon::deliveries {
namespace {
using namespace Qt::StringLiterals;

Result<std::optional<Delivery>> one(Query &q)
{
    if (q.next()) {
        return std::optional(Delivery{.id = q.id<DeliveryId>(0),
                                      .inboxId = q.id<InboxId>(1),
                                      .channel = q.text(2),
                                      .receivedAt = q.time(3),
                                      .source = q.text(4),
                                      .headers = q.json(5),
                                      .body = q.blob(6),
                                      .bodySha256 = q.blob(7),
                                      .stale = q.boolean(8)});
    }
    if (!q.ok())
        return q.error();
    return std::optional<Delivery>();
}

Result<int> pruneOnce(Query q)
{
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected();
}

} // namespace

Result<DeliveryId> insert(WriteTransaction &tx, const Delivery &delivery)
{
    Query q = tx.query(u"INSERT INTO delivery (inbox_id, channel, received_at, source, headers, body, body_sha256, stale, split_state)"
                       " VALUES (:inbox, :channel, :received_at, :source, :headers, :body, :sha256, :stale, 'pending')"_s);
    q.bind(":inbox"_L1, delivery.inboxId)
        .bind(":channel"_L1, delivery.channel)
        .bind(":received_at"_L1, delivery.receivedAt)
        .bind(":source"_L1, delivery.source)
        .bind(":headers"_L1, delivery.headers)
        .bind(":body"_L1, delivery.body.isNull() ? QByteArray("") : delivery.body)
        .bind(":sha256"_L1, delivery.bodySha256)
        .bind(":stale"_L1, delivery.stale);
    if (const auto done = q.exec(); !done)
        return done.error();
    return DeliveryId(q.lastInsertId());
}

Result<std::optional<Delivery>> find(ReadTransaction &tx, DeliveryId id)
{
    Query q = tx.query(u"SELECT id, inbox_id, channel, received_at, source, headers, body, body_sha256, stale FROM delivery WHERE id = :id"_s);
    q.bind(":id"_L1, id);
    return one(q);
}

Result<std::optional<Delivery>> nextUnsplit(ReadTransaction &tx)
{
    Query q = tx.query(u"SELECT id, inbox_id, channel, received_at, source, headers, body, body_sha256, stale FROM delivery"
                       " WHERE split_state = 'pending' AND id > 0 ORDER BY id LIMIT 1"_s);
    return one(q);
}

Result<qint64> unsplitCount(ReadTransaction &tx, qint64 most)
{
    Query q = tx.query(u"SELECT COUNT(*) FROM (SELECT 1 FROM delivery WHERE split_state = 'pending' AND id > 0 LIMIT :most)"_s);
    q.bind(":most"_L1, most);
    if (!q.next())
        return q.error();
    return q.integer(0);
}

Result<QList<DeliveryId>> unsplitIds(ReadTransaction &tx, DeliveryId after, DeliveryId last, int limit)
{
    Query q = tx.query(u"SELECT id FROM delivery WHERE split_state = 'pending' AND id > :after AND id <= :last ORDER BY id LIMIT :limit"_s);
    q.bind(":after"_L1, after.value()).bind(":last"_L1, last.value()).bind(":limit"_L1, limit);
    QList<DeliveryId> ids;
    while (q.next())
        ids.append(q.id<DeliveryId>(0));
    if (!q.ok())
        return q.error();
    return ids;
}

Result<DeliveryId> newest(ReadTransaction &tx)
{
    Query q = tx.query(u"SELECT id FROM delivery ORDER BY id DESC LIMIT 1"_s);
    const DeliveryId id = q.next() ? q.id<DeliveryId>(0) : DeliveryId();
    if (!q.ok())
        return q.error();
    return id;
}

Result<bool> isUnsplit(ReadTransaction &tx, DeliveryId id)
{
    Query q = tx.query(u"SELECT 1 FROM delivery WHERE id = :id AND split_state = 'pending'"_s);
    q.bind(":id"_L1, id);
    const bool found = q.next();
    if (!q.ok())
        return q.error();
    return found;
}

Result<void> setSplit(WriteTransaction &tx, DeliveryId id)
{
    Query q = tx.query(u"UPDATE delivery SET split_state = 'done', split_error = NULL WHERE id = :id AND split_state = 'pending'"_s);
    q.bind(":id"_L1, id);
    if (const auto done = q.exec(); !done)
        return done;
    if (q.rowsAffected() != 1)
        return Error{Error::Kind::Conflict, u"the delivery is split already"_s};
    return {};
}

Result<void> setDead(WriteTransaction &tx, DeliveryId id, const QString &reason)
{
    Query q = tx.query(u"UPDATE delivery SET split_state = 'dead', split_error = :reason WHERE id = :id AND split_state = 'pending'"_s);
    q.bind(":reason"_L1, reason).bind(":id"_L1, id);
    return q.exec();
}

Result<bool> revive(WriteTransaction &tx, DeliveryId id)
{
    Query q = tx.query(u"UPDATE delivery SET split_state = 'pending', split_error = NULL WHERE id = :id AND split_state = 'dead' AND body IS NOT NULL"_s);
    q.bind(":id"_L1, id);
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected() > 0;
}

Result<bool> discard(WriteTransaction &tx, DeliveryId id)
{
    Query q = tx.query(u"UPDATE delivery SET split_state = 'done', body = NULL WHERE id = :id AND split_state = 'dead'"_s);
    q.bind(":id"_L1, id);
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected() > 0;
}

Result<QList<DeadDelivery>> dead(ReadTransaction &tx, qint64 before, int limit)
{
    Query q = tx.query(u"SELECT id, channel, received_at, split_error FROM delivery WHERE split_state = 'dead' AND id < :before"
                       " ORDER BY id DESC LIMIT :limit"_s);
    q.bind(":before"_L1, before > 0 ? before : std::numeric_limits<qint64>::max()).bind(":limit"_L1, limit);
    QList<DeadDelivery> rows;
    while (q.next())
        rows.append({.id = q.id<DeliveryId>(0), .channel = q.text(1), .receivedAt = q.time(2), .error = q.text(3)});
    if (!q.ok())
        return q.error();
    return rows;
}

Result<void> count(WriteTransaction &tx, InboxId inbox, const QString &name, qint64 by)
{
    Query q = tx.query(u"INSERT INTO intake_counter (inbox_id, name, value) VALUES (:inbox, :name, :by)"
                       " ON CONFLICT (inbox_id, name) DO UPDATE SET value = value + excluded.value"_s);
    q.bind(":inbox"_L1, inbox.value()).bind(":name"_L1, name).bind(":by"_L1, by);
    return q.exec();
}

Result<QHash<QString, qint64>> counters(ReadTransaction &tx)
{
    Query q = tx.query(u"SELECT name, SUM(value) FROM intake_counter GROUP BY name"_s);
    QHash<QString, qint64> values;
    while (q.next())
        values.insert(q.text(0), q.integer(1));
    if (!q.ok())
        return q.error();
    return values;
}

Result<int> prune(WriteTransaction &tx, Timestamp done, Timestamp dead, Timestamp rows, int limit)
{
    Query bodies = tx.query(u"UPDATE delivery SET body = NULL WHERE id IN (SELECT id FROM delivery WHERE body IS NOT NULL AND received_at < :done"
                            " AND (split_state = 'done' OR (split_state = 'dead' AND received_at < :dead)) ORDER BY received_at LIMIT :limit)"_s);
    bodies.bind(":done"_L1, done).bind(":dead"_L1, dead).bind(":limit"_L1, limit);
    const auto emptied = pruneOnce(std::move(bodies));
    if (!emptied)
        return emptied;
    Query old = tx.query(u"DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE id > 0 AND id <= (SELECT MIN(id) + :limit FROM delivery)"
                         " AND body IS NULL AND received_at < :rows)"_s);
    old.bind(":rows"_L1, rows).bind(":limit"_L1, limit);
    const auto removed = pruneOnce(std::move(old));
    if (!removed)
        return removed;
    return *emptied + *removed;
}

} // namespace antiphon::deliveries
