#pragma once

#include "core/channels/channeladapter.h"

/// The tokens of Instagram Login: a code becomes a short token (an hour), that a long one (sixty days), which renews itself.
/// @see https://developers.facebook.com/docs/instagram-platform/reference/access_token
/// @see https://developers.facebook.com/docs/instagram-platform/reference/refresh_access_token
namespace antiphon::instagram {

/// Three calls: short token, long token, and whose it is. Errors name what is wrong: "code", "redirect_uri", "app_id", "app_secret".
OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints);

/// Unauthorized where the platform says that the token is over.
OperationPtr<TokenGrant> refresh(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Whose the token is. The account is `user_id`, as webhooks have it; `id` is another for each application.
HttpRequest profileCall(const QString &token, const ChannelEndpoints &endpoints);
Result<AccountProfile> readProfile(const HttpReply &reply);

} // namespace antiphon::instagram
