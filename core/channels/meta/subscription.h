#pragma once

#include "core/channels/channeladapter.h"
#include "core/channels/meta/graphaccess.h"

/// An account's own subscription, `/{account}/subscribed_apps`, in one way for Instagram's accounts and for pages.
/// @see https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps
namespace antiphon::meta {

/// Subscribed where an application is listed with `messages`. @param appId whose; empty: the token tells.
OperationPtr<WebhookRegistration> inspectSubscription(const GraphAccess &graph, const QString &account, const QString &appId);

/// @param doubtful of `fields`, those that go without where the platform refuses the call for a wrong parameter.
OperationPtr<WebhookRegistration> subscribe(const GraphAccess &graph, const QString &account, const QStringList &fields, const QStringList &doubtful);

} // namespace antiphon::meta
