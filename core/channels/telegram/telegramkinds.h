#pragma once

#include <QLatin1StringView>

/// The kinds of `SplitEvent::kind` that Telegram has.
namespace antiphon::telegram::kind {

inline constexpr QLatin1StringView kMessage{"message"};
inline constexpr QLatin1StringView kEcho{"echo"};
inline constexpr QLatin1StringView kEdit{"edit"};
inline constexpr QLatin1StringView kRevoke{"revoke"};
inline constexpr QLatin1StringView kButton{"button"};                ///< an inline keyboard's
inline constexpr QLatin1StringView kMembership{"membership"};        ///< the customer blocks the bot, or does so no more
inline constexpr QLatin1StringView kConnection{"connection"};        ///< an owner lets the bot into their own chats
inline constexpr QLatin1StringView kIgnored{"ignored"};
inline constexpr QLatin1StringView kUnknown{"unknown"};

} // namespace antiphon::telegram::kind
