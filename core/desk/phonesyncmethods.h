#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// inboxes.sync_phone `{id}` → inbox: asks the phone of an inbox in coexistence for its contacts and its history, once (`settings.phone_sync`).
void addPhoneSyncMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeJobs);

} // namespace antiphon::desk
