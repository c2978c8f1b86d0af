#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::whatsapp {

ChannelLimits limits();

/// ChannelLimit with `field` "content", "attachment_ids" or "choice"; of a template also Invalid with the field of its value.
Result<void> check(const OutboundMessage &message);

/// A call a file. The text is the first file's caption, or goes before where that can't have one.
QList<OutboundPart> parts(const OutboundMessage &message);

/// Uploads a file where there is one, then sends. Only the message's id in the answer says that it was taken. The key comes back in every status, so an
/// unknown outcome is settled by it.
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &idempotencyKey);

HttpRequest react(const OutboundReaction &reaction, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Nothing without a message: there is no mark for a thread. @param isTyping also "typing …", for 25 seconds or until the answer
std::optional<HttpRequest> markRead(const QString &messageSourceId, bool isTyping, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::whatsapp
