#pragma once

#include "core/channels/credentials.h"
#include "core/channels/webhook.h"

namespace antiphon::line {

/// "<channel id>" of "/webhooks/line/<channel id>"; empty where there is none.
QString channelIdOf(const RawWebhook &hook);

/// `x-line-signature`: Base64 of the HMAC-SHA256 over the raw body under the channel secret.
/// @see https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
Verification verifySignature(const RawWebhook &hook, const QString &channelSecret);

} // namespace antiphon::line
