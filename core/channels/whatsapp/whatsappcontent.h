#pragma once

#include "core/channels/inbound.h"

namespace antiphon::whatsapp {

/// Puts what a message object says into `message`: text, files, place, cards, choice, order, context and referral. A type that no rule knows, or one
/// without its content, becomes `unsupported` and stays visible.
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
void readContent(InboundMessage *message, const QJsonObject &object);

/// What the words of a message are after an edit: its text or caption; nothing where there is no message in it.
std::optional<QString> wordsOf(const QJsonObject &object);

} // namespace antiphon::whatsapp
