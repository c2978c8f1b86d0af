#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

namespace antiphon {
class Connection;
}

namespace antiphon::outbox {

/// The database came back from a copy: what waited in it may have been sent since. Each such message is `failed` with `outcome_unknown` until a person
/// says that it shall be sent (again); an echo or the platform's list may still settle it. Seats read everything anew: events go on far behind what any has seen.
/// Within a transaction.
Result<void> holdAfterRestore(Connection &connection, Timestamp now);

} // namespace antiphon::outbox
