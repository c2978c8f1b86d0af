#pragma once

#include "core/desk/methodtable.h"

namespace antiphon::desk {

/// contacts.list, get, update.
void addContactMethods(MethodTable &methods);

} // namespace antiphon::desk
