#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::tiktok {

/// 6,000 characters, counted in UTF-16 units: TikTok doesn't say which unit it counts in, and this is the strictest.
constexpr int kTextLimit = 6000;
/// JPEG or PNG, at most 3 MB. @see https://business-api.tiktok.com/portal/docs?id=1832184437720193
constexpr qint64 kImageLimit = 3 * 1024 * 1024;

ChannelLimits limits();

/// Text or one picture, never both. ChannelLimit with `field` "content" or "attachment_ids".
Result<void> check(const OutboundMessage &message);

/// Uploads a picture where there is one, then sends. TikTok has no idempotency key. The text goes out as the agent wrote it, marks included.
/// A quote goes only with text, and only on a text, picture or post; otherwise it is left out.
/// @see https://business-api.tiktok.com/portal/docs?id=1832184403754242
OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// The five-second "typing …".
HttpRequest typing(const QString &conversationId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::tiktok
