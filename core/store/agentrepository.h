#pragma once

#include "core/domain/agent.h"
#include "core/store/transaction.h"

namespace antiphon {

/// The people who answer, and by which access tokens they are known.
class AgentRepository {
public:
    struct TokenHash {
        AgentId agent{};
        QByteArray sha256{};   ///< of the access token
    };

    explicit AgentRepository(ReadTransaction &tx) : m_tx(tx) {}

    Result<QList<Agent>> all();
    Result<Agent> byId(AgentId id);                          ///< NotFound
    Result<QList<TokenHash>> tokenHashes();

    /// Makes the owner at first start; later gives the one that is there the token of the token file.
    static Result<AgentId> ensureOwner(WriteTransaction &tx, const QString &name, const QByteArray &tokenSha256);

private:
    ReadTransaction &m_tx;
};

} // namespace antiphon
