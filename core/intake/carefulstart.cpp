#include "core/intake/carefulstart.h"

#include "core/base/logging.h"

namespace antiphon::careful {
namespace {
using namespace Qt::StringLiterals;

constexpr int kCrashes = 2;

QString scopeOf(EventId id) { return u"careful:e"_s + id.toString(); }
QString scopeOf(DeliveryId id) { return u"careful:d"_s + id.toString(); }

Result<void> nameScope(WriteTransaction &tx, const QString &scope)
{
    Query q = tx.query(u"INSERT INTO cursor (inbox_id, scope, value, at) VALUES (0, :scope, '1', :now)"
                       " ON CONFLICT (inbox_id, scope) DO UPDATE SET value = CAST(value AS INTEGER) + 1, at = excluded.at"_s);
    q.bind(":scope"_L1, scope).bind(":now"_L1, tx.now());
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
    const qint64 id = scope.mid(9).toLongLong();
    qCWarning(lcIntake) << "set aside after two crashes:" << scope;
    if (scope.startsWith("careful:d"_L1)) {
        tx.changed(u"intake.dead_letter"_s, id * 2 + 1);
        return deliveries::setDead(tx, DeliveryId(id), reason);
    }
    Query q = tx.query(u"UPDATE event SET state = 'dead', error_class = 'crash', error_text = :reason WHERE id = :id AND state IN ('pending', 'parked')"_s);
    q.bind(":reason"_L1, reason).bind(":id"_L1, id);
    tx.changed(u"intake.dead_letter"_s, id * 2);
    return q.exec();
}

} // namespace

Result<int> setAsideSuspects(WriteTransaction &tx)
{
    QStringList suspects;
    {
        Query q = tx.query(u"SELECT scope FROM cursor WHERE inbox_id = 0 AND scope >= 'careful:' AND scope < 'careful;'"
                           " AND CAST(value AS INTEGER) >= :crashes"_s);
        q.bind(":crashes"_L1, kCrashes);
        while (q.next())
            suspects.append(q.text(0));
        if (!q.ok())
            return q.error();
    }
    for (const QString &scope : std::as_const(suspects)) {
        if (const auto done = setAside(tx, scope); !done)
            return done.error();
        if (const auto done = forgetScope(tx, scope); !done)
            return done.error();
    }
    return int(suspects.size());
}

Result<void> name(WriteTransaction &tx, EventId id) { return nameScope(tx, scopeOf(id)); }
Result<void> name(WriteTransaction &tx, DeliveryId id) { return nameScope(tx, scopeOf(id)); }
Result<void> forget(WriteTransaction &tx, EventId id) { return forgetScope(tx, scopeOf(id)); }
Result<void> forget(WriteTransaction &tx, DeliveryId id) { return forgetScope(tx, scopeOf(id)); }

Result<void> forgetAll(WriteTransaction &tx)
{
    Query q = tx.query(u"DELETE FROM cursor WHERE inbox_id = 0 AND scope >= 'careful:' AND scope < 'careful;'"_s);
    return q.exec();
}

} // namespace antiphon::careful
