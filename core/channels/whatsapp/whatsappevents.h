#pragma once

#include "core/channels/inbound.h"
#include "core/channels/credentials.h"
#include "core/channels/webhook.h"

namespace antiphon::whatsapp {

/// One delivery's events: every entry, change, message, status and echo is one. BadPayload: no JSON object, or none of WhatsApp's with entries.
/// Keys: "m:<wamid>" of messages, echoes and history alike, "s:<wamid>:<status>", "r:", "e:", "d:" and "y:" with the wamid of a reaction, edit,
/// revocation or system message, "h:<wamid>" of a file that history brings later.
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview   (timestamps: s since epoch, UTC)
Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook, const AppCredentials &app);

/// What a split event says.
Result<InboundEvent> readEvent(const SplitEvent &event);

} // namespace antiphon::whatsapp
