#pragma once

#include "core/store/transaction.h"

namespace antiphon {

/// How far each agent has read each conversation. Only a customer's messages count as unread, deleted ones don't.
/// One more unread for every agent is counted where the message is stored (conversationrepository).
/// A late message that is inserted above the read mark counts as unread, since its row is newer than the mark.
class SeenRepository {
public:
    /// A customer's message was deleted: one less for those who haven't read it.
    static Result<void> incomingRemoved(WriteTransaction &tx, ConversationId conversation, MessageId message);

    /// Read up to `upTo`, never backwards. Invalid with field "message_id" where the message isn't of this conversation.
    /// @return whether anything changed
    static Result<bool> markRead(WriteTransaction &tx, AgentId agent, ConversationId conversation, MessageId upTo);

    /// Unread from the last incoming message on; one that has something unread stays as it is.
    static Result<bool> markUnread(WriteTransaction &tx, AgentId agent, ConversationId conversation);
};

} // namespace antiphon
