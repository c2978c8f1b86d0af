#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::instagram {

/// Who a customer is. NotFound: nobody there, as with the platform's own reviewers (9010), or it isn't told (100). Forbidden: not before they have
/// written (230). @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api/user-profile
OperationPtr<AccountProfile> customerProfile(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::instagram
