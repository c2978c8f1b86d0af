#pragma once

#include "core/channels/channeladapter.h"

/// Where the webhooks of a number go: its own address goes before the business account's, and that before the application's.
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
namespace antiphon::whatsapp {

/// `callback`: the override that stands, of the number or its business account; empty where messages go to the application's own address (see
/// `remark`). Subscribed where our application is listed, or any where ours has no id.
OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Subscribes the business account, unless it is (anew it would lose an address that somebody gave it), and gives the number alone the address, so that
/// its siblings keep theirs. Invalid with `field` "verify_token" where there is none to prove the address by.
OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

HttpRequest unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);
/// The number has no address of its own then. @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
OperationPtr<bool> withdraw(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// What `/{business account}/subscribed_apps` says.
struct SubscribedApps {
    bool isSubscribed = false;
    QUrl overriding{};
};
SubscribedApps subscribedApps(const QJsonObject &answer, const QString &appId);

/// "/{business account}/<edge>".
QUrl accountUrl(const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &edge, const QList<QPair<QString, QString>> &query = {});

} // namespace antiphon::whatsapp
