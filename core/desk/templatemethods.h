#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// templates.list and templates.sync.
void addTemplateMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeJobs);

} // namespace antiphon::desk
