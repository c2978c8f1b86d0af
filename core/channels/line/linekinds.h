#pragma once

#include <QLatin1StringView>

/// The kinds of LINE's stored events.
namespace antiphon::line::kind {

inline constexpr QLatin1StringView kMessage{"message"};
inline constexpr QLatin1StringView kPostback{"postback"};
inline constexpr QLatin1StringView kUnsend{"unsend"};
inline constexpr QLatin1StringView kFollow{"follow"};
inline constexpr QLatin1StringView kUnfollow{"unfollow"};
inline constexpr QLatin1StringView kAccount{"account"};          ///< of the account itself: suspended, resumed
inline constexpr QLatin1StringView kIgnored{"ignored"};

} // namespace antiphon::line::kind
