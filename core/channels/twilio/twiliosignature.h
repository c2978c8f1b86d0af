#pragma once

#include "core/channels/credentials.h"
#include "core/channels/webhook.h"

namespace antiphon::twilio {

/// `X-Twilio-Signature` over the address as it was registered and all fields. The request's own `Host` and whatever a proxy adds say nothing: the address is one
/// of `app.addresses` with the request's path and query. @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
Verification verifySignature(const RawWebhook &hook, const AppCredentials &app);

/// Base64 of the HMAC-SHA1 over `url` and the fields of a form, by name, each distinct value once.
QByteArray signatureOf(const QByteArray &url, const QByteArray &form, const QString &authToken);

/// JSON by its content type, or by the hash in the query.
bool isJson(const RawWebhook &hook);

} // namespace antiphon::twilio
