#pragma once

#include "core/channels/whatsapp/whatsappsource.h"
#include "core/base/result.h"

namespace antiphon::whatsapp {

/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status
SplitEvent splitStatus(const Source &source, const QJsonObject &status);
Result<InboundEvent> readStatus(const SplitEvent &event);

/// How far a message from before had come: PENDING, SENT, DELIVERED, READ, PLAYED, ERROR.
std::optional<MessageStatus> historyStatus(const QString &status);

} // namespace antiphon::whatsapp
