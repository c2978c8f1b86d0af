#pragma once

#include "core/desk/deskparts.h"
#include "core/desk/methodtable.h"

namespace antiphon::desk {

/// contacts.list `{query, blocked, cursor, limit}` (blocked: only those who are), get, update `{id, name, phone_number, email, custom_attributes, blocked}`.
void addContactMethods(MethodTable &methods, const DeskView &view);

} // namespace antiphon::desk
