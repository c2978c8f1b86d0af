#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// apps.get, apps.set, inboxes.list, get, create, update, delete, authorize, authorize_paste, check.
void addInboxMethods(MethodTable &methods, const DeskView &view, AccountsService &accounts);

} // namespace antiphon::desk
