#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// messages.list, send, retry, delete.
void addMessageMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeOutbox,
                       const std::function<void()> &wakeJobs);

} // namespace antiphon::desk
