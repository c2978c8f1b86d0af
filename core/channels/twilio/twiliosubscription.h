#pragma once

#include "core/channels/credentials.h"
#include "core/channels/operation.h"

namespace antiphon::twilio {

OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);
OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);
/// A number and a sender have no address then. A messaging service must keep one, else Twilio drops what comes: it goes by what its numbers say.
/// @see https://www.twilio.com/docs/messaging/api/service-resource
OperationPtr<bool> withdraw(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::twilio
