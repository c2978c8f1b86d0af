#pragma once

#include "core/store/conversationrepository.h"

namespace antiphon {

/// Asks the platform again what may be sent in a conversation, where its answer is a day old. For closures that see it in use: a customer wrote, an
/// agent opened it. Where the platform was never asked, or couldn't say, nothing happens.
Result<void> renewCapability(WriteTransaction &tx, const conversations::ConversationRow &row);

} // namespace antiphon
