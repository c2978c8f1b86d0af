#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// search.
/// @param mailbox of the net thread, where the answers come; outlives the methods
void addSearchMethods(MethodTable &methods, SearchIndex &search, Mailbox &mailbox);

} // namespace antiphon::desk
