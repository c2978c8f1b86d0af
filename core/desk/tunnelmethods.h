#pragma once

#include "core/desk/methodtable.h"
#include "core/tunnel/tunnelservice.h"

namespace antiphon::desk {

/// tunnel.get, tunnel.set (the owner's), and tunnel.check `{}` → the tunnel once a probe has come in or failed to.
void addTunnelMethods(MethodTable &methods, TunnelService &tunnel);

} // namespace antiphon::desk
