#pragma once

#include "core/channels/channeladapter.h"
#include "core/channels/meta/graphaccess.h"

/// An account's own subscription, `/{account}/subscribed_apps`, in one way for Instagram's accounts and for pages.
/// @see https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps
namespace antiphon::meta {

/// What an account is subscribed to.
struct SubscribedFields {
    QStringList wanted{};
    QStringList doubtful{};          ///< further ones, that go without where the platform refuses the call for a wrong parameter
};

/// Subscribed where the application is listed with everything that is wanted. @param appId whose; empty: the token tells.
OperationPtr<WebhookRegistration> inspectSubscription(const GraphAccess &graph, const QString &account, const SubscribedFields &fields, const QString &appId);
OperationPtr<WebhookRegistration> subscribe(const GraphAccess &graph, const QString &account, const SubscribedFields &fields);

/// The same of a Page, which has one subscription for Messenger and for its Instagram account: Meta takes each call for the whole list, so what the
/// application has there already is read before and stays.
OperationPtr<WebhookRegistration> subscribePage(const GraphAccess &graph, const QString &page, const SubscribedFields &fields, const QString &appId);

/// AccountAdapter::subscriptionKey of all that lives on a Page's subscription.
inline QString pageKey(const QString &page)
{
    return QLatin1StringView("page:") + page;
}

} // namespace antiphon::meta
