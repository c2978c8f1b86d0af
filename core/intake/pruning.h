#pragma once

#include "core/store/transaction.h"

namespace antiphon {

/// Forgets what nobody needs any more, one short slice at a time: raw bodies 7 days after they were split (90 where they are dead), finished events
/// after 30 days, finished jobs after 7, all but the newest changes. Ids of messages and discarded keys are kept for ever.
/// @return whether there is more to forget.
Result<bool> pruneSlice(WriteTransaction &tx);

} // namespace antiphon
