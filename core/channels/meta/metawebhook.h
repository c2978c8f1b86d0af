#pragma once

#include "core/channels/credentials.h"
#include "core/channels/webhook.h"

/// What the platforms of Meta have in common: WhatsApp, Instagram and Messenger are signed, registered and called in one way.
namespace antiphon::meta {

/// `X-Hub-Signature-256: sha256=<64 hex>`, HMAC-SHA256 of the raw body under the application's secret. Valid or Refused: it carries no time.
/// @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
Verification verifySignature(const RawWebhook &hook, const QString &appSecret);

/// How their webhooks come. Up to 1000 changes stand in one delivery, so they may be longer than others'. @param path WebhookRules::path
/// @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications
WebhookRules webhookRules(const QString &path);

/// `hub.mode=subscribe` with a verify token of one of `apps`: 200 and the challenge, byte for byte. Else 403.
/// @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
HandshakeReply handshake(const RawWebhook &hook, const QList<AppCredentials> &apps);

} // namespace antiphon::meta
