#pragma once

#include "core/domain/inbox.h"
#include "core/store/transaction.h"

/// What is remembered of deleted inboxes: whose account it was, so that a warning about what still comes in can name it. No secret.
namespace antiphon::deletedaccounts {

/// Of an inbox that is about to be deleted. The newest 200 are kept.
Result<void> remember(WriteTransaction &tx, const Inbox &inbox);

/// Its phone number, or else its name; empty where nobody remembers it. @param channel as channelName() has it
Result<QString> nameOf(ReadTransaction &tx, const QString &channel, const QString &externalId);

} // namespace antiphon::deletedaccounts
