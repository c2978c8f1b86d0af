#pragma once

#include "core/intake/enrichtask.h"

namespace antiphon {

/// One request of an adapter that is answered by yes or no: a reaction, a read mark. Nothing from `make`: the platform has no such sign, done.
/// Errors by their kind, with the platform's code and words.
void callPlatform(const EnrichEnvironment &environment, InboxId inbox, std::function<std::optional<HttpRequest>(const InboxCredentials &)> make,
                  std::function<void(const Result<void> &)> done);

} // namespace antiphon
