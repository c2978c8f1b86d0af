#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/channels/outbound.h"

namespace antiphon {

/// The pause before the next try, or nothing where there is none left.
/// @param tries how many have failed before this one.
std::optional<Milliseconds> pauseBefore(const RetrySchedule &schedule, int tries, RandomSource &random);

} // namespace antiphon
