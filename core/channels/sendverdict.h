#pragma once

#include "core/base/error.h"
#include "core/channels/outbound.h"

namespace antiphon {

/// What an Error's kind means for a send, where the platform's code doesn't say more.
SendVerdict verdictByKind(const Error &error);

} // namespace antiphon
