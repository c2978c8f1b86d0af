#include "core/intake/carefulstart.h"

#include "core/base/logging.h"
#include "core/store/cursorrepository.h"

namespace antiphon::careful {
namespace {
using namespace Qt::StringLiterals;

constexpr int kCrashes = 2;
constexpr int kPardons = 8;
const auto kPardonsScope = u"careful_pardons"_s;
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

Result<QStringList> named(ReadTransaction &tx, int atLeast)
{
    Query q = tx.query(u"SELECT scope FROM cursor WHERE inbox_id = 0 AND scope >= 'careful:' AND scope < 'careful;'"
                       " AND CAST(value AS INTEGER) >= :crashes"_s);
    q.bind(":crashes"_L1, atLeast);
    QStringList scopes;
    while (q.next())
        scopes.append(q.text(0));
    if (!q.ok())
        return q.error();
    return scopes;
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
    const auto suspected = named(tx, kCrashes);
    if (!suspected)
        return suspected.error();
    if (suspected->isEmpty())
        return {};
    const auto granted = cursors::value(tx, kPardonsScope);
    if (!granted)
        return granted.error();
    const int before = granted->value_or(QString()).toInt();
    if (before >= kPardons)
        return {};
    if (const auto stored = cursors::store(tx, kPardonsScope, QString::number(before + 1)); !stored)
        return stored;
    Query q = tx.query(u"UPDATE cursor SET value = '1' WHERE inbox_id = 0 AND scope >= 'careful:' AND scope < 'careful;'"_s);
    return q.exec();
}

Result<int> setAsideSuspects(WriteTransaction &tx)
{
    const auto suspected = named(tx, kCrashes);
    if (!suspected)
        return suspected.error();
    for (const QString &scope : *suspected) {
        if (const auto done = setAside(tx, scope); !done)
            return done.error();
        if (const auto done = forgetScope(tx, scope); !done)
            return done.error();
    }
    return int(suspected->size());
}

Result<QSet<Item>> suspects(ReadTransaction &tx)
{
    const auto scopes = named(tx, 1);
    if (!scopes)
        return scopes.error();
    QSet<Item> items;
    for (const QString &scope : *scopes)
        items.insert(itemOf(scope));
    return items;
}

Result<void> name(WriteTransaction &tx, const Item &item, bool isSuspect)
{
    Query q = tx.query(u"INSERT INTO cursor (inbox_id, scope, value, at) VALUES (0, :scope, :crashes, :now)"
                       " ON CONFLICT (inbox_id, scope) DO UPDATE SET value = excluded.value, at = excluded.at"_s);
    q.bind(":scope"_L1, scopeOf(item)).bind(":crashes"_L1, isSuspect ? u"2"_s : u"1"_s).bind(":now"_L1, tx.now());
    return q.exec();
}

Result<void> forget(WriteTransaction &tx, const Item &item) { return forgetScope(tx, scopeOf(item)); }

Result<void> forgetAll(WriteTransaction &tx)
{
    Query q = tx.query(u"DELETE FROM cursor WHERE inbox_id = 0 AND (scope = 'careful_pardons' OR (scope >= 'careful:' AND scope < 'careful;'))"_s);
    return q.exec();
}

} // namespace antiphon::careful
