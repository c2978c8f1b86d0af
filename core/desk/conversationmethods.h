#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// conversations.list, counts, get, update, mark_read, mark_unread.
void addConversationMethods(MethodTable &methods, const DeskView &view);

} // namespace antiphon::desk
