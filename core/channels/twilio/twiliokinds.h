#pragma once

#include <QLatin1StringView>

/// The kinds of Twilio's stored events.
namespace antiphon::twilio::kind {

inline constexpr QLatin1StringView kMessage{"message"};
inline constexpr QLatin1StringView kEcho{"echo"};                ///< one of ours, as Twilio's list tells it
inline constexpr QLatin1StringView kStatus{"status"};
inline constexpr QLatin1StringView kIgnored{"ignored"};

} // namespace antiphon::twilio::kind
