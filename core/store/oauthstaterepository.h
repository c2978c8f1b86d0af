#pragma once

#include "core/domain/channel.h"
#include "core/store/transaction.h"

/// Consents under way. A row is good once: take() removes it.
namespace antiphon::oauthstates {

struct State {
    QString jti{};
    Channel channel{};
    InboxId inboxId{};            ///< on reconnect
    QString redirectUri{};
    Timestamp expiresAt{};
};

Result<void> insert(WriteTransaction &tx, const State &state);

/// Removes and returns it, and removes what has expired; nothing where it is unknown, used or too old.
Result<std::optional<State>> take(WriteTransaction &tx, const QString &jti);

} // namespace antiphon::oauthstates
