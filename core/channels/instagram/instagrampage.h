#pragma once

#include "core/channels/channeladapter.h"
#include "core/channels/instagram/instagramaccess.h"
#include "core/channels/meta/subscription.h"

/// Accounts by way of the Facebook Page they are linked to.
/// @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login
namespace antiphon::instagram {

/// Page and its token; whose account it is the Page tells. @param login what is typed of accounts by Instagram Login
AccountFields pageFields(AccountFields login);

/// Whether the Page and its token will do, and the account that is linked to it. Invalid with "page_id" where no account is linked, or the token is of another
/// Page, with "instagram_id" where another account is linked than expected, with "page_access_token" where the token or a permission of it is at fault.
OperationPtr<AccountProfile> pageProfile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Of a Page any field will do for its account's messages, and it has none of Instagram's own; these are Messenger's names for them, so that Messenger's
/// subscription of the same Page has them all. @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started/webhooks-for-instagram
meta::SubscribedFields pageSubscription();

} // namespace antiphon::instagram
