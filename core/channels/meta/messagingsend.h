#pragma once

#include "core/channels/channeladapter.h"

/// Bodies, errors and signs of sending direct messages, which Instagram and Messenger have in common.
namespace antiphon::meta {

/// {"recipient": {"id": …}}.
QJsonObject addressed(const QString &contactSourceId);

/// What agents write, in the marks that both platforms read: *bold* and _italic_; everything else stays bare.
QString renderedText(const QString &markdown);

/// Attachments first, each a part of its own, then the text as it goes out. @see https://developers.facebook.com/docs/messenger-platform/send-messages
QList<OutboundPart> messagingParts(const OutboundMessage &message);

/// Whether this leaves under the tag HUMAN_AGENT: the inbox has it, a person wrote it, and the customer's last message is between 24 hours and 7 days old.
/// No other tag exists any more. @see https://developers.facebook.com/docs/messenger-platform/send-messages/message-tags
bool needsHumanAgent(const OutboundMessage &message, const QJsonObject &settings);
/// `messaging_type` and `tag`, where they are needed.
void addMessagingType(QJsonObject &body, const OutboundMessage &message, const QJsonObject &settings, bool isTypeMandatory);

/// "instagram_24h", or "instagram_7d" where the inbox has `human_agent`.
ReplyRule messagingRule(const QString &channel, const QJsonObject &settings);

/// WindowClosed for what no person wrote a day after the customer's last message: no tag is for machines.
Result<void> checkWriter(const OutboundMessage &message);
Error overLimit(const QString &field, const QString &detail);
/// "image", "video", "audio" or "file".
QString attachmentType(Attachment::Kind kind);
/// image/png of "Image/PNG; q=1".
QString bareMime(const QString &mime);

/// `sender_action` "react" or "unreact". @see https://developers.facebook.com/docs/messenger-platform/reference/send-api
QJsonObject reactionBody(const OutboundReaction &reaction);
QJsonObject senderAction(const QString &contactSourceId, const QString &action);

/// What a send's answer says. @see https://developers.facebook.com/docs/messenger-platform/error-codes
Result<SendReceipt> readReceipt(const HttpReply &reply);
SendVerdict messagingVerdict(const Error &error);

} // namespace antiphon::meta
