#include "core/store/replytokenrepository.h"

namespace antiphon::replytokens {
using namespace Qt::StringLiterals;

Result<void> store(WriteTransaction &tx, ContactInboxId thread, const QString &token, Timestamp at)
{
    if (token.isEmpty())
        return {};
    // The same event may be applied a second time: a used token stays used.
    Query q = tx.query(u"INSERT INTO reply_token (contact_inbox_id, token, at) VALUES (:thread, :token, :at)"
                       " ON CONFLICT (contact_inbox_id) DO UPDATE SET token = excluded.token, at = excluded.at, used_at = NULL"
                       " WHERE excluded.at >= reply_token.at AND excluded.token <> reply_token.token"_s);
    q.bind(":thread"_L1, thread).bind(":token"_L1, token).bind(":at"_L1, at);
    return q.exec();
}

Result<QString> peek(ReadTransaction &tx, ContactInboxId thread, Timestamp now, Milliseconds youngerThan)
{
    Query q = tx.query(u"SELECT token FROM reply_token WHERE contact_inbox_id = :thread AND used_at IS NULL AND at > :since"_s);
    q.bind(":thread"_L1, thread).bind(":since"_L1, now - youngerThan);
    if (q.next())
        return q.text(0);
    if (!q.ok())
        return q.error();
    return QString();
}

Result<QString> take(WriteTransaction &tx, ContactInboxId thread, Milliseconds youngerThan)
{
    Query q = tx.query(u"UPDATE reply_token SET used_at = :now WHERE contact_inbox_id = :thread AND used_at IS NULL AND at > :since RETURNING token"_s);
    q.bind(":now"_L1, tx.now()).bind(":thread"_L1, thread).bind(":since"_L1, tx.now() - youngerThan);
    if (q.next())
        return q.text(0);
    if (!q.ok())
        return q.error();
    return QString();
}

} // namespace antiphon::replytokens
