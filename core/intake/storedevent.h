#pragma once

#include "core/channels/inbound.h"
#include "core/domain/inbox.h"
#include "core/store/eventrepository.h"

namespace antiphon {

/// A stored event as the adapter gave it, with the settings of its inbox as they are now.
SplitEvent splitEventOf(const events::Event &event, const Inbox &inbox);

} // namespace antiphon
