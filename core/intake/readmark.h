#pragma once

#include "core/channels/channelregistry.h"
#include "core/domain/inbox.h"
#include "core/store/conversationrepository.h"

/// Telling customers that their messages were read. An inbox's `settings.read_marks` decides; where it isn't set, the channel does.
namespace antiphon::readmark {

bool isWanted(const ChannelRegistry &channels, const Inbox &inbox);

/// An agent has read up to a message: the newest of the customer's up to it is marked, once each.
Result<void> want(WriteTransaction &tx, const ChannelRegistry &channels, const Inbox &inbox, ConversationId conversation, MessageId upTo);

/// The customer's message that is marked or to be marked; empty: none.
Result<QString> wanted(ReadTransaction &tx, InboxId inbox, ConversationId conversation);
Result<void> enqueue(WriteTransaction &tx, InboxId inbox, ConversationId conversation);

/// The platform's id of the customer's newest message; empty where there is none.
Result<QString> newestIncoming(ReadTransaction &tx, ConversationId conversation);

} // namespace antiphon::readmark
