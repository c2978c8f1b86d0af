#pragma once

#include "core/server/gate/requesthead.h"
#include "core/server/gate/serverreply.h"

#include <QByteArray>

namespace antiphon {

/// The answer of `GET /healthz`, the same on both ports.
inline ServerReply healthReply(bool isHealthy)
{
    return isHealthy ? ServerReply{.status = 200, .body = "{\"status\":\"ok\"}", .contentType = "application/json"}
                     : ServerReply{.status = 503, .body = "{\"status\":\"unavailable\"}", .contentType = "application/json", .headers = {{"Retry-After", "5"}}};
}

/// The nonce of `?probe=…` (1 to 128 characters of base64url), by which this server finds out that an address leads to itself; else empty.
QByteArray probeNonce(const RequestHead &head);

} // namespace antiphon
