#pragma once

#include "core/channels/channelregistry.h"

namespace antiphon {

/// Puts every platform that this program speaks into the registry.
void addBuiltInChannels(ChannelRegistry &registry);

} // namespace antiphon
