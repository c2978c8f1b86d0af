#pragma once

#include "core/desk/methodtable.h"
#include "core/domain/conversation.h"

namespace antiphon::desk {

/// What somebody wants of a conversation: only what is given changes.
struct ConversationWish {
    std::optional<Conversation::Status> status{};
    std::optional<std::optional<Timestamp>> snoozedUntil{};     ///< an inner nothing: until the next message
    std::optional<AgentId> assignee{};                          ///< a null id: nobody
    std::optional<Conversation::Priority> priority{};
    std::optional<QStringList> labels{};                        ///< all it shall have, normalised
};

/// Invalid with `field`. A snoozed_until by itself means status "snoozed".
Result<ConversationWish> conversationWishOf(const QJsonObject &params, Timestamp now);

/// Does it, with a line for each thing that changed, and tells conversation.updated where anything did. Resolving ends waiting; leaving
/// "snoozed" forgets its time. Conflict where another conversation of the thread is open; Invalid for an unknown agent.
/// @param caller nothing where the system does it
Result<void> changeConversation(WriteTransaction &tx, const Caller *caller, const Conversation &old, const ConversationWish &wish);

} // namespace antiphon::desk
