#include "core/store/oauthstaterepository.h"

namespace antiphon::oauthstates {
namespace {
using namespace Qt::StringLiterals;

Result<void> removeExpired(WriteTransaction &tx)
{
    Query q = tx.query(u"DELETE FROM oauth_state WHERE expires_at < :now"_s);
    q.bind(":now"_L1, tx.now());
    return q.exec();
}

} // namespace

Result<void> insert(WriteTransaction &tx, const State &state)
{
    if (const auto removed = removeExpired(tx); !removed)   // consents that were begun and left
        return removed;
    Query q = tx.query(u"INSERT INTO oauth_state (jti, channel, inbox_id, redirect_uri, expires_at)"
                       " VALUES (:jti, :channel, :inbox, :redirect, :expires)"_s);
    q.bind(":jti"_L1, state.jti).bind(":channel"_L1, channelName(state.channel)).bind(":inbox"_L1, state.inboxId);
    q.bind(":redirect"_L1, state.redirectUri).bind(":expires"_L1, state.expiresAt);
    return q.exec();
}

Result<std::optional<State>> take(WriteTransaction &tx, const QString &jti)
{
    std::optional<State> found;
    {
        Query q = tx.query(u"DELETE FROM oauth_state WHERE jti = :jti RETURNING channel, inbox_id, redirect_uri, expires_at"_s);
        q.bind(":jti"_L1, jti);
        while (q.next()) {
            const auto channel = channelFromName(q.text(0));
            if (channel && q.time(3) >= tx.now())
                found = State{.jti = jti, .channel = *channel, .inboxId = q.id<InboxId>(1), .redirectUri = q.text(2), .expiresAt = q.time(3)};
        }
        if (!q.ok())
            return q.error();
    }
    if (const auto removed = removeExpired(tx); !removed)
        return removed.error();
    return found;
}

} // namespace antiphon::oauthstates
