#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::instagram {

/// UTF-8 bytes, not characters. @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api
constexpr qsizetype kTextLimit = 1000;

ChannelLimits limits();

/// ChannelLimit with `field` "content" or "attachment_ids"; WindowClosed for what no person wrote a day after the customer's last message.
Result<void> check(const OutboundMessage &message);

/// One call: a text, or a file that Instagram fetches by its link within the call.
OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::instagram
