#pragma once

#include "core/channels/credentials.h"
#include "core/channels/operation.h"

namespace antiphon::twilio {

OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints);
OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::twilio
