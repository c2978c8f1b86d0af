#pragma once

#include "core/desk/deskparts.h"
#include "core/desk/methodtable.h"

namespace antiphon::desk {

/// Blocks a customer, in all their conversations: these are resolved and read for everybody, and what comes from now on reopens nothing, waits for nobody and is
/// unread to nobody. Or takes that back, which reopens nothing either. A line says who did it: in the conversations that were open, else in the newest.
Result<void> setBlocked(WriteTransaction &tx, const Caller &caller, const DeskView &view, ContactId contact, bool isBlocked);

} // namespace antiphon::desk
