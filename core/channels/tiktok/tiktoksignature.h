#pragma once

#include "core/channels/webhook.h"

#include <QString>

namespace antiphon::tiktok {

/// Checks "TikTok-Signature: t=<unix seconds>,s=<hex>", where s is HMAC-SHA256 over "<t>.<raw body>" with the App Secret.
/// A right signature whose time is further than `tolerance` from the receipt is Stale, not refused: the platform repeats
/// deliveries for days, and our clock may be the wrong one. An empty secret refuses everything.
/// @see https://developers.tiktok.com/doc/webhooks-verification
Verification verifySignature(const RawWebhook &hook, const QString &appSecret, std::chrono::seconds tolerance);

} // namespace antiphon::tiktok
