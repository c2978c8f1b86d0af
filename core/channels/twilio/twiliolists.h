#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::twilio {

/// What came to an inbox and how far its own messages got, by the account's list of messages. The cursor is opaque: up to when it was read, and what of the
/// moments before that is known. @see https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
OperationPtr<ChannelAdapter::FeedPage> readFeed(const ChannelAdapter::FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::twilio
