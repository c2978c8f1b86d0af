// Reactions where everybody has at most one to a message.

#include "core/store/messagerepository.h"

namespace antiphon::messages {
namespace {
using namespace Qt::StringLiterals;

struct Last {
    Timestamp at{};
    bool isThere = false;      ///< it is there to be seen
};

Result<std::optional<Last>> lastOf(ReadTransaction &tx, MessageId id, const QString &senderKey)
{
    Query q = tx.query(u"SELECT reacted_at, removed FROM reaction WHERE message_id = :message AND sender_key = :key ORDER BY reacted_at DESC, removed"_s);
    q.bind(":message"_L1, id).bind(":key"_L1, senderKey);
    std::optional<Last> last;
    if (q.next())
        last = Last{.at = q.time(0), .isThere = !q.boolean(1)};
    if (!q.ok())
        return q.error();
    return last;
}

Result<void> clear(WriteTransaction &tx, MessageId id, const QString &senderKey)
{
    Query q = tx.query(u"DELETE FROM reaction WHERE message_id = :message AND sender_key = :key"_s);
    q.bind(":message"_L1, id).bind(":key"_L1, senderKey);
    return q.exec();
}

} // namespace

Result<bool> setOnlyReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, const Reaction &reaction, Timestamp at)
{
    const auto last = lastOf(tx, id, senderKey);
    if (!last)
        return last.error();
    if (*last && (*last)->at > at)
        return false;
    if (const auto done = clear(tx, id, senderKey); !done)
        return done.error();
    if (const auto done = setReaction(tx, id, senderKey, reaction, at); !done)
        return done.error();
    return true;
}

Result<bool> removeOnlyReaction(WriteTransaction &tx, MessageId id, const QString &senderKey, Timestamp at)
{
    const auto last = lastOf(tx, id, senderKey);
    if (!last)
        return last.error();
    if (*last && (*last)->at > at)
        return false;
    if (const auto done = clear(tx, id, senderKey); !done)
        return done.error();
    // The mark keeps a reaction that is still on its way from coming back.
    const auto marked = removeReaction(tx, id, senderKey, u""_s, at);
    if (!marked)
        return marked.error();
    return *last && (*last)->isThere;
}

} // namespace antiphon::messages
