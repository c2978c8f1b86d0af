#pragma once

#include "core/store/outboxrepository.h"

/// Platforms that take a call with the same key once only: a send whose answer was lost is repeated there as it was. Its row stays `sending` meanwhile.
namespace antiphon::outbox {

/// The request carries an answer token, and so no key: it can't be repeated.
Result<void> noteToken(WriteTransaction &tx, const Row &row);

/// Whether the first request with the row's key (of the first part that is missing) was made less than `sameKeyFor` ago.
Result<bool> isKeyGood(WriteTransaction &tx, const Row &row, std::chrono::seconds sameKeyFor);

/// Whether an earlier request with the row's key (of the first part that is missing) lost its answer: it may have arrived.
Result<bool> mayHaveArrived(ReadTransaction &tx, const Row &row);

/// Whether any earlier request of a queued message (for the first part that is missing) may have arrived, with whichever key or answer token it went.
Result<bool> mayHaveLeft(ReadTransaction &tx, const Row &row);

/// A queued message that mayHaveLeft and is not to leave again: its outcome is unknown. @param why it is not; for support
Result<void> giveUpQueued(WriteTransaction &tx, const Row &row, const QString &why);

/// Whether the newest request, which has no answer, may be repeated with its key.
Result<bool> mayRepeat(WriteTransaction &tx, const Row &row, std::chrono::seconds sameKeyFor);

// Fenced as all that ends a request: Conflict where the row is not `owner`'s any more.

/// The answer is lost, and the call will be repeated.
Result<void> awaitRepeat(WriteTransaction &tx, const Row &row, const Attempt &attempt);
/// It is repeated now.
Result<void> beginRepeat(WriteTransaction &tx, const Row &row);
/// The answer is lost, and nothing can settle it: the agent must be asked at once.
Result<void> loseForGood(WriteTransaction &tx, const Row &row, const Attempt &attempt);
/// The platform knows the key no more, so the call is not made: the agent must be asked at once.
Result<void> loseKey(WriteTransaction &tx, const Row &row);

} // namespace antiphon::outbox
