#include "core/store/leaserepository.h"

namespace antiphon::leases {

using namespace Qt::StringLiterals;

namespace {

Result<void> exactlyOne(Query &&q)
{
    if (auto done = q.exec(); !done)
        return done;
    if (q.rowsAffected() != 1)
        return Error{Error::Kind::Conflict, u"the lease is another owner's"_s};
    return {};
}

} // namespace

Result<bool> claim(WriteTransaction &tx, const QString &key, const QString &owner, Milliseconds length)
{
    Query q = tx.query(u"INSERT INTO lease (key, owner, lease_until) VALUES (:key, :owner, :until) ON CONFLICT (key)"
                       " DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until"
                       " WHERE lease.owner = excluded.owner OR lease.lease_until <= :now"_s);
    q.bind(":key"_L1, key).bind(":owner"_L1, owner).bind(":until"_L1, tx.now() + length).bind(":now"_L1, tx.now());
    if (auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected() == 1;
}

Result<void> renew(WriteTransaction &tx, const QString &key, const QString &owner, Milliseconds length)
{
    Query q = tx.query(u"UPDATE lease SET lease_until = :until WHERE key = :key AND owner = :owner"_s);
    q.bind(":until"_L1, tx.now() + length).bind(":key"_L1, key).bind(":owner"_L1, owner);
    return exactlyOne(std::move(q));
}

Result<void> release(WriteTransaction &tx, const QString &key, const QString &owner)
{
    Query q = tx.query(u"DELETE FROM lease WHERE key = :key AND owner = :owner"_s);
    q.bind(":key"_L1, key).bind(":owner"_L1, owner);
    return exactlyOne(std::move(q));
}

} // namespace antiphon::leases
