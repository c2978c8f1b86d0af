#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// agents.list, labels.list, drafts.set, drafts.list, settings.get, settings.set.
void addWorkspaceMethods(MethodTable &methods, const DeskView &view);

} // namespace antiphon::desk
