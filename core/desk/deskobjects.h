#pragma once

#include "core/desk/deskparts.h"
#include "core/domain/conversation.h"
#include "core/store/conversationqueries.h"
#include "core/store/inboxrepository.h"

/// The objects of the contract as one agent sees them, made from rows.
namespace antiphon::desk {

ConversationQueries conversationsOf(ReadTransaction &tx, const Caller &caller, const DeskView &view);
Result<Conversation> conversation(ReadTransaction &tx, const Caller &caller, const DeskView &view, ConversationId id);
Result<QJsonObject> conversationJson(ReadTransaction &tx, const Caller &caller, const DeskView &view, ConversationId id);
Result<QJsonObject> messageJson(ReadTransaction &tx, MessageId id);

/// With webhook address, reply window and what the channel carries.
QJsonObject inboxJson(const inboxes::InboxRow &row, const DeskView &view);
Result<QJsonObject> inboxJson(ReadTransaction &tx, const DeskView &view, InboxId id);       ///< NotFound

Result<Workspace> workspace(ReadTransaction &tx, const DeskView &view);

/// Adds `seq`, the last change that the answer includes.
Result<QJsonObject> withSeq(ReadTransaction &tx, QJsonObject answer);

} // namespace antiphon::desk
