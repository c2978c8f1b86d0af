#pragma once

#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"

namespace antiphon {

/// The record of what was in hand, for starts after a crash: each thing is named, and the name committed, before it is touched. What two crashes
/// found named is set aside, so that one poisoned event can't keep the program from starting.
namespace careful {

/// Sets aside what two crashes found in hand. @return how many.
Result<int> setAsideSuspects(WriteTransaction &tx);

Result<void> name(WriteTransaction &tx, EventId id);
Result<void> name(WriteTransaction &tx, DeliveryId id);
Result<void> forget(WriteTransaction &tx, EventId id);
Result<void> forget(WriteTransaction &tx, DeliveryId id);
Result<void> forgetAll(WriteTransaction &tx);

} // namespace careful
} // namespace antiphon
