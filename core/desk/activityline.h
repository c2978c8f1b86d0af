#pragma once

#include "core/desk/methodtable.h"

/// Lines in a conversation that say what somebody changed: rows of their own, not unread, never sent.
namespace antiphon::desk {

/// @param caller nothing where the system did it
/// @param what {kind: "status"|"assignee"|"priority"|"labels", from, to, to_name …}; who did it is added: {actor_kind, actor_id, actor_name}
Result<MessageId> addActivity(WriteTransaction &tx, ConversationId conversation, InboxId inbox, const Caller *caller, QJsonObject what);

/// Later than everything that stands in the conversation, so that it stands below what the agent saw.
Result<Timestamp> timeBelowNewest(WriteTransaction &tx, ConversationId conversation);

} // namespace antiphon::desk
