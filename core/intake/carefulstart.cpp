#include "core/intake/carefulstart.h"

#include "core/base/logging.h"

namespace antiphon::careful {
namespace {
using namespace Qt::StringLiterals;

constexpr int kCrashes = 2;
constexpr int kPardons = 8;
constexpr qsizetype kPrefixSize = 9;      // "careful:e"

QString scopeOf(const Item &item)
{
    return item.event ? u"careful:e"_s + item.event.toString() : u"careful:d"_s + item.delivery.toString();
}

Item itemOf(const QString &scope)
{
    const qint64 id = scope.mid(kPrefixSize).toLongLong();
    return scope.startsWith("careful:d"_L1) ? Item{.delivery = DeliveryId(id)} : Item{.event = EventId(id)};
}

/// The value of a row: crashes in the last digit, pardons before it.
int valueOf(const Record &record) { return record.pardons * 10 + record.crashes; }
Record recordOf(int value) { return {.crashes = value % 10, .pardons = value / 10}; }

Result<QHash<QString, Record>> named(ReadTransaction &tx)
{
    Query q = tx.query(u"SELECT scope, value FROM cursor WHERE inbox_id = 0 AND scope >= 'careful:' AND scope < 'careful;'"_s);
    QHash<QString, Record> found;
    while (q.next())
        found.insert(q.text(0), recordOf(q.text(1).toInt()));
    if (!q.ok())
        return q.error();
    return found;
}

Result<void> store(WriteTransaction &tx, const QString &scope, const Record &record)
{
    Query q = tx.query(u"INSERT INTO cursor (inbox_id, scope, value, at) VALUES (0, :scope, :value, :now)"
                       " ON CONFLICT (inbox_id, scope) DO UPDATE SET value = excluded.value, at = excluded.at"_s);
    q.bind(":scope"_L1, scope).bind(":value"_L1, QString::number(valueOf(record))).bind(":now"_L1, tx.now());
    return q.exec();
}

Result<void> forgetScope(WriteTransaction &tx, const QString &scope)
{
    Query q = tx.query(u"DELETE FROM cursor WHERE inbox_id = 0 AND scope = :scope"_s);
    q.bind(":scope"_L1, scope);
    return q.exec();
}

Result<void> setAside(WriteTransaction &tx, const QString &scope)
{
    const QString reason = u"the program stopped in the middle of this, twice"_s;
    const Item item = itemOf(scope);
    qCWarning(lcIntake) << "set aside after two crashes:" << scope;
    if (item.delivery) {
        tx.changed(u"intake.dead_letter"_s, item.delivery.value() * 2 + 1);
        return deliveries::setDead(tx, item.delivery, reason);
    }
    Query q = tx.query(u"UPDATE event SET state = 'dead', error_class = 'crash', error_text = :reason WHERE id = :id AND state IN ('pending', 'parked')"_s);
    q.bind(":reason"_L1, reason).bind(":id"_L1, item.event);
    tx.changed(u"intake.dead_letter"_s, item.event.value() * 2);
    return q.exec();
}

} // namespace

Result<void> pardon(WriteTransaction &tx)
{
    const auto found = named(tx);
    if (!found)
        return found.error();
    for (auto it = found->cbegin(); it != found->cend(); ++it) {
        if (it->crashes == 0 || it->pardons >= kPardons)
            continue;
        if (const auto stored = store(tx, it.key(), {.crashes = 0, .pardons = it->pardons + 1}); !stored)
            return stored;
    }
    return {};
}

Result<int> setAsideSuspects(WriteTransaction &tx)
{
    const auto found = named(tx);
    if (!found)
        return found.error();
    int count = 0;
    for (auto it = found->cbegin(); it != found->cend(); ++it) {
        if (it->crashes < kCrashes)
            continue;
        if (const auto done = setAside(tx, it.key()); !done)
            return done.error();
        if (const auto done = forgetScope(tx, it.key()); !done)
            return done.error();
        ++count;
    }
    return count;
}

Result<QHash<Item, Record>> records(ReadTransaction &tx)
{
    const auto found = named(tx);
    if (!found)
        return found.error();
    QHash<Item, Record> items;
    for (auto it = found->cbegin(); it != found->cend(); ++it)
        items.insert(itemOf(it.key()), it.value());
    return items;
}

Result<void> name(WriteTransaction &tx, const Item &item, const Record &before)
{
    return store(tx, scopeOf(item), {.crashes = before.crashes + 1, .pardons = before.pardons});
}

Result<void> forget(WriteTransaction &tx, const Item &item)
{
    return forgetScope(tx, scopeOf(item));
}

Result<void> forgetAll(WriteTransaction &tx)
{
    Query q = tx.query(u"DELETE FROM cursor WHERE inbox_id = 0 AND scope >= 'careful:' AND scope < 'careful;'"_s);
    return q.exec();
}

} // namespace antiphon::careful
