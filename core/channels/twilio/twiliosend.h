#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::twilio {

/// @param settings of the inbox: `medium` decides
ChannelLimits limits(const QJsonObject &settings);
Result<void> check(const OutboundMessage &message);

/// One call for a text message with all its files; on WhatsApp one a file.
QList<OutboundPart> parts(const OutboundMessage &message);

/// Twilio knows no keys for repeating: a lost answer is OutcomeUnknown. An address for statuses that it doesn't take is left out and the call made once more.
/// @see https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

std::optional<HttpRequest> typing(const QString &messageSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::twilio
