#pragma once

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/server/gate/requesthead.h"
#include "core/server/gate/serverreply.h"

#include <QByteArray>

#include <functional>
#include <optional>

namespace antiphon {

/// Says whose token this is, or refuses (Unauthorized). Compares in constant time, e.g. by the token's hash. `done` is called once, in the net thread.
using Authorizer = std::function<void(const QByteArray &token, std::function<void(const Result<AgentId> &)> done)>;

/// The token of `Authorization: Bearer …`; nothing where the header is absent, repeated or of another kind.
std::optional<QByteArray> bearerToken(const RequestHead &head);

/// How an error looks over HTTP: a status and `{"error":"<kind>"}`; never its detail.
ServerReply errorReply(const Error &error);

} // namespace antiphon
