#include "core/store/secretrepository.h"

namespace antiphon::secrets {
namespace {
using namespace Qt::StringLiterals;
}

Result<QHash<QString, QByteArray>> all(ReadTransaction &tx)
{
    QHash<QString, QByteArray> values;
    Query q = tx.query(u"SELECT name, sealed FROM secret"_s);
    while (q.next())
        values.insert(q.text(0), q.blob(1));
    if (!q.ok())
        return q.error();
    return values;
}

Result<void> put(WriteTransaction &tx, const QString &name, const QByteArray &sealed)
{
    Query q = tx.query(u"INSERT INTO secret (name, sealed) VALUES (:name, :sealed)"
                       " ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed"_s);
    q.bind(":name"_L1, name).bind(":sealed"_L1, sealed);
    return q.exec();
}

Result<void> removeWithPrefix(WriteTransaction &tx, const QString &prefix)
{
    Query q = tx.query(u"DELETE FROM secret WHERE substr(name, 1, length(:prefix)) = :prefix"_s);
    q.bind(":prefix"_L1, prefix);
    return q.exec();
}

} // namespace antiphon::secrets
