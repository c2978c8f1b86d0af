#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::telegram {

ChannelLimits limits();

/// ChannelLimit with `field` "content", "attachment_ids" or "choice"; Conflict with `field` "conversation_id" where an owner's connection takes nothing.
Result<void> check(const OutboundMessage &message);

/// A call for a text, a file or an album. The text is the caption where there is exactly one call with files and it fits, else it goes before them.
QList<OutboundPart> parts(const OutboundMessage &message);

/// Sends once; where Telegram can't read the formatting, the same words once more without any. Only the message's id in the answer says that it was taken.
/// @see https://core.telegram.org/bots/api#available-methods
OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

SendVerdict verdict(const Error &error);

/// {"cannot_reply": "blocked" | "deactivated" | "connection_off" | "no_right"}, where a refusal says so.
QJsonObject attributesAfter(const Error &error);

/// Only in an owner's chats, and where the owner lets the bot do it.
std::optional<HttpRequest> markRead(const QString &messageSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);
std::optional<HttpRequest> typing(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Ends the waiting sign of a pressed button.
HttpRequest answerButton(const QString &queryId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::telegram
