#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::telegram {

/// getUpdates: the cursor is the next update's number, by which Telegram knows that those before are safe. Conflict with `field` "other_poller" where another
/// program reads the same bot, "webhook_active" where a webhook is set. @see https://core.telegram.org/bots/api#getupdates
OperationPtr<ChannelAdapter::FeedPage> readFeed(const ChannelAdapter::FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Telegram holds its answer back no longer than this.
inline constexpr std::chrono::seconds kLongPoll{50};

} // namespace antiphon::telegram
