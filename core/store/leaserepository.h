#pragma once

#include "core/store/transaction.h"

/// What may run only once at a time and leaves the database meanwhile: a token's refresh, a poller. The owner is a random token of one claim, so it
/// is the fence too: whoever's claim was taken over changes nothing any more.
namespace antiphon::leases {

/// True where `owner` holds `key` now: it was free, has run out, or is its own. Until now() + `length`.
Result<bool> claim(WriteTransaction &tx, const QString &key, const QString &owner, Milliseconds length);
/// Conflict where the claim was lost: the work must stop and its result must not be stored.
Result<void> renew(WriteTransaction &tx, const QString &key, const QString &owner, Milliseconds length);
/// Conflict where the claim was lost; returned by a closure, that takes back what the closure stored of the work.
Result<void> release(WriteTransaction &tx, const QString &key, const QString &owner);

} // namespace antiphon::leases
