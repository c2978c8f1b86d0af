#pragma once

#include "core/desk/methodtable.h"

namespace antiphon::desk {

/// intake.stats, intake.dead_letters, intake.retry, intake.discard.
/// @param wakeIntake called after the commit, in the Writer's thread: something dead shall be tried again
/// @param rejectedNotStored bad signatures counted since they were last written down; any thread
void addIntakeMethods(MethodTable &methods, const std::function<void()> &wakeIntake, const std::function<qint64()> &rejectedNotStored);

} // namespace antiphon::desk
