#include "core/store/cursorrepository.h"

namespace antiphon::cursors {

using namespace Qt::StringLiterals;

Result<std::optional<QString>> value(ReadTransaction &tx, const QString &scope, InboxId inboxId)
{
    Query q = tx.query(u"SELECT value FROM cursor WHERE inbox_id = :inbox_id AND scope = :scope"_s);
    q.bind(":inbox_id"_L1, inboxId.value()).bind(":scope"_L1, scope);
    if (q.next())
        return std::optional(q.text(0));
    if (!q.ok())
        return q.error();
    return std::optional<QString>();
}

Result<void> store(WriteTransaction &tx, const QString &scope, const QString &value, InboxId inboxId)
{
    return tx.query(u"INSERT INTO cursor (inbox_id, scope, value, at) VALUES (:inbox_id, :scope, :value, :now)"
                    " ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at"_s)
        .bind(":inbox_id"_L1, inboxId.value()).bind(":scope"_L1, scope).bind(":value"_L1, value).bind(":now"_L1, tx.now())
        .exec();
}

Result<void> remove(WriteTransaction &tx, const QString &scope, InboxId inboxId)
{
    return tx.query(u"DELETE FROM cursor WHERE inbox_id = :inbox_id AND scope = :scope"_s)
        .bind(":inbox_id"_L1, inboxId.value()).bind(":scope"_L1, scope)
        .exec();
}

} // namespace antiphon::cursors
