#pragma once

#include "core/store/transaction.h"

namespace antiphon::desk {

/// Whose access token this is. Unauthorized. Compares every agent's hash in constant time, so that the time says nothing about which came close.
Result<AgentId> agentOfToken(ReadTransaction &tx, const QString &token);

/// How a token rests in the database: its SHA-256.
QByteArray tokenHash(const QString &token);

} // namespace antiphon::desk
