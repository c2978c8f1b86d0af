#pragma once

#include "core/channels/inbound.h"

namespace antiphon::telegram {

/// The largest file that a bot may fetch, bytes.
inline constexpr qint64 kMediaLimit = 20 * 1024 * 1024;

/// Text, files, place, cards of a message into `message`. What only Telegram's own app can show becomes a line of text, what nobody knows `unsupported`.
/// @return false where it is a service message, which says nothing to an agent.
/// @see https://core.telegram.org/bots/api#message
bool readContent(InboundMessage *message, const QJsonObject &source);

} // namespace antiphon::telegram
