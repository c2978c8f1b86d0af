#pragma once

#include "core/store/transaction.h"

namespace antiphon {

/// What agents began to write and haven't sent: each agent's own, one a conversation and mode.
class DraftRepository {
public:
    enum class Mode { Reply, Note };

    struct Entry {
        ConversationId conversation{};
        Mode mode = Mode::Reply;
        QString content{};
    };

    explicit DraftRepository(ReadTransaction &tx) : m_tx(tx) {}

    Result<QList<Entry>> of(AgentId agent);
    static Result<void> set(WriteTransaction &tx, AgentId agent, const Entry &entry);   ///< empty content takes it away

private:
    ReadTransaction &m_tx;
};

} // namespace antiphon
