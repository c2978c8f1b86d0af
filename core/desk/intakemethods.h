#pragma once

#include "core/desk/methodtable.h"
#include "core/intake/intakestats.h"

namespace antiphon::desk {

/// intake.stats, intake.dead_letters, intake.retry, intake.discard.
/// @param wakeIntake called after the commit, in the Writer's thread: something dead shall be tried again
/// @param notStored what is known of the way in and not in the database; any thread
void addIntakeMethods(MethodTable &methods, const std::function<void()> &wakeIntake, const std::function<NotStored()> &notStored);

} // namespace antiphon::desk
