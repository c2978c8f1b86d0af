#pragma once

#include "core/base/result.h"
#include "core/channels/outbound.h"

namespace antiphon::whatsapp {

/// What agents write, in WhatsApp's own marks: *bold*, _italic_, ~struck~, `code`.
QString rendered(const QString &markdown);

/// {"messaging_product": "whatsapp", "recipient_type": "individual", "to" or, of a user id, "recipient"}
QJsonObject addressed(const QString &contactSourceId);

/// A text, an uploaded file with its caption, a choice or a template, without its address. @param mediaId of the upload, where there is a file
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
QJsonObject content(const OutboundMessage &message, const QString &mediaId);

/// Of a choice: at most three go as buttons, more or with descriptions as a list. ChannelLimit with `field` "choice" or "content".
Result<void> checkChoice(const OutboundMessage &message);

/// Of a template: its places filled, its header's file there. Invalid or ChannelLimit with `field`.
Result<void> checkTemplate(const OutboundMessage &message);

/// Unicode code points: what WhatsApp counts.
qsizetype lengthOf(const QString &text);

} // namespace antiphon::whatsapp
