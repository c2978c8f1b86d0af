#pragma once

#include "core/channels/credentials.h"
#include "core/channels/inbound.h"
#include "core/channels/webhook.h"

namespace antiphon::line {

/// Every event of a delivery by itself: one may hold those of many people.
/// @see https://developers.line.biz/en/docs/messaging-api/receiving-messages/
Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook, const AppCredentials &app);

Result<InboundEvent> readEvent(const SplitEvent &event);

/// "line:<channel id>:<user id>"
QString lane(const QString &channelId, const QString &userId);

/// What LINE's ids are called in the settings of an inbox.
inline constexpr QLatin1StringView kBotUserId{"bot_user_id"};
inline constexpr QLatin1StringView kChatMode{"chat_mode"};

} // namespace antiphon::line
