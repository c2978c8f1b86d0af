#pragma once

#include "core/base/result.h"
#include "core/channels/outbound.h"
#include "core/net/http.h"

#include <QJsonObject>

namespace antiphon::tiktok {

/// Whether repeating a call could do its work twice.
enum class Repeatable { Yes, No };

/// The `data` of an answer with code 0. Success stands inside the JSON, whatever the HTTP status of a failure is.
/// Errors carry the platform's code, and its words with the request id in `detail` (see PlatformWords).
/// @param repeatable No: where the platform may have acted, the error is OutcomeUnknown.
Result<QJsonObject> readAnswer(const HttpReply &reply, Repeatable repeatable);

/// The code's treatment.
SendVerdict verdict(const Error &error);

} // namespace antiphon::tiktok
