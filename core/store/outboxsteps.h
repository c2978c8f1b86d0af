#pragma once

#include "core/store/outboxrepository.h"

#include <functional>

/// Steps that the functions of outboxrepository.h share; nobody else's.
namespace antiphon::outbox::steps {

/// Moves the message's status by the one table and tells it.
Result<void> moveMessage(WriteTransaction &tx, MessageId id, InboxId inbox, StatusEvent event);
Result<void> failMessage(WriteTransaction &tx, MessageId id, InboxId inbox, const ExternalError &error);
/// Fails with the code "outcome_unknown": a person must be asked before it goes out again.
Result<void> failUnknown(WriteTransaction &tx, MessageId id, InboxId inbox);

/// Keeps in the message's detail which part failed; empty: none any more.
Result<void> setFailedPart(WriteTransaction &tx, MessageId id, const QJsonObject &part);

/// Stores a part's id, and as the message's own that of the first part.
Result<void> bindPart(WriteTransaction &tx, const Row &row, int part, const QString &sourceId, MessageStatus status = MessageStatus::Sent);

/// The lane is free: what waited behind this send may go on, in this very transaction.
Result<void> freeLane(WriteTransaction &tx, const QString &lane);

/// Of the first part that is missing.
Result<void> beginAttempt(WriteTransaction &tx, const Row &row);
/// Of the newest one, where it has not ended yet.
Result<void> finishAttempt(WriteTransaction &tx, const Row &row, const Attempt &attempt);

/// Runs an update that names the row and its owner; `bindMore` binds what else stands in it. Conflict where the claim is lost.
Result<void> release(WriteTransaction &tx, const Row &row, const QString &sql, const std::function<void(Query &)> &bindMore);

} // namespace antiphon::outbox::steps
