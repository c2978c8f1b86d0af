#pragma once

#include "core/channels/channeladapter.h"
#include "core/channels/meta/conversations.h"

namespace antiphon::messenger {

meta::ConversationSource conversations(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Who a customer is: by their profile, and where that isn't told (an account made with a phone number has none) by the name that their conversation has.
/// NotFound: neither tells. @see https://developers.facebook.com/docs/messenger-platform/identity/user-profile
OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::messenger
