#pragma once

#include "core/store/transaction.h"

namespace antiphon::inboxes {

/// Takes an inbox away with all that was said in it. This closure only frees its account and tells `inbox.deleted`; the rows go afterwards in slices,
/// as follow-ups that queue their own continuation. NotFound.
Result<void> beginDeletion(WriteTransaction &tx, InboxId id);

/// Goes on with deletions that a stop interrupted. Call once at start, in a background closure.
Result<void> resumeDeletions(WriteTransaction &tx);

} // namespace antiphon::inboxes
