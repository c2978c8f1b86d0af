#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// search.
/// @param context lives in the net thread, where the answers come
void addSearchMethods(MethodTable &methods, SearchIndex &search, QObject *context);

} // namespace antiphon::desk
