#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// agents.list, labels.list, drafts.set, drafts.list, settings.get, settings.set.
/// @param settingsChanged called after the commit, in the Writer's thread
void addWorkspaceMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &settingsChanged);

} // namespace antiphon::desk
