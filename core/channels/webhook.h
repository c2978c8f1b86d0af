#pragma once

#include "core/base/clock.h"
#include "core/net/http.h"

#include <QByteArray>

namespace antiphon {

/// A webhook as it came in: what a signature is checked over and what is journalled.
struct RawWebhook {
    HttpHeaders headers{};       ///< a header that came twice stands here twice
    QByteArray body{};
    QByteArray path{};           ///< "/webhooks/tiktok"
    QByteArray query{};          ///< percent-encoded, without "?"
    Timestamp receivedAt{};
};

/// The value of a header that occurs exactly once; nothing where it is absent or repeated.
std::optional<QByteArray> singleHeader(const HttpHeaders &headers, QByteArrayView name);

/// What the signature says.
enum class Verification {
    Valid,
    Stale,      ///< right signature, but its time is outside the tolerance: taken and flagged
    Refused
};

} // namespace antiphon
