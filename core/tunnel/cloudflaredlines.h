#pragma once

#include "core/tunnel/tunnelprovider.h"

/// What both kinds of cloudflared tunnels print alike.
namespace antiphon::cloudflared {

/// Connections and problems; addresses are the quick kind's matter.
/// @see https://github.com/cloudflare/cloudflared (connection/observer.go, supervisor/, cmd/cloudflared/tunnel/)
ToolNews read(const QString &line);

/// "http://127.0.0.1:4280".
QString localService(quint16 port);

} // namespace antiphon::cloudflared
