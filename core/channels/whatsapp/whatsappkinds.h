#pragma once

#include <QLatin1StringView>

/// The kinds of `SplitEvent::kind` that WhatsApp has.
namespace antiphon::whatsapp::kind {

inline constexpr QLatin1StringView kMessage{"message"};
inline constexpr QLatin1StringView kEcho{"echo"};
inline constexpr QLatin1StringView kHistory{"history"};                  ///< a message from before, or the file of one
inline constexpr QLatin1StringView kHistoryProgress{"history_progress"};
inline constexpr QLatin1StringView kReaction{"reaction"};
inline constexpr QLatin1StringView kEdit{"edit"};
inline constexpr QLatin1StringView kRevoke{"revoke"};
inline constexpr QLatin1StringView kSystem{"system"};
inline constexpr QLatin1StringView kStatus{"status"};
inline constexpr QLatin1StringView kContactCard{"contact_card"};
inline constexpr QLatin1StringView kAccount{"account"};
inline constexpr QLatin1StringView kTemplate{"template"};
inline constexpr QLatin1StringView kIgnored{"ignored"};
inline constexpr QLatin1StringView kUnknown{"unknown"};

} // namespace antiphon::whatsapp::kind
