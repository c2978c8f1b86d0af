#pragma once

#include "core/store/outboxrepository.h"

/// Steps that the functions of outboxrepository.h share; nobody else's.
namespace antiphon::outbox::steps {

/// Moves the message's status by the one table and tells it.
Result<void> moveMessage(WriteTransaction &tx, MessageId id, InboxId inbox, StatusEvent event);
Result<void> failMessage(WriteTransaction &tx, MessageId id, InboxId inbox, const ExternalError &error);

/// Stores a part's id, and as the message's own that of the first part.
Result<void> bindPart(WriteTransaction &tx, const Row &row, int part, const QString &sourceId);

/// The lane is free: what waited behind this send may go on, in this very transaction.
Result<void> freeLane(WriteTransaction &tx, const QString &lane);

Result<void> beginAttempt(WriteTransaction &tx, const Row &row);

} // namespace antiphon::outbox::steps
