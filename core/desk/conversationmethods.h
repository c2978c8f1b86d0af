#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// conversations.list, counts, get, update, mark_read, mark_unread. The list's sort "answer_first" is the contract's list after an absence: waiting customers
/// whose reply window closes within 2 h, the soonest first, then the others by activity.
void addConversationMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeJobs);

} // namespace antiphon::desk
