#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::messenger {

/// Characters. @see https://developers.facebook.com/docs/messenger-platform/reference/send-api
constexpr qsizetype kTextLimit = 2000;

ChannelLimits limits();

/// ChannelLimit with `field` "content" or "attachment_ids"; WindowClosed for what no person wrote a day after the customer's last message.
Result<void> check(const OutboundMessage &message);

/// One call: a text, or a file in the same call. The key goes along as `metadata`, which the echo brings back. A quote only where the inbox's setting
/// `reply_to` is on: Facebook did not always take it from us.
OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &idempotencyKey);

} // namespace antiphon::messenger
