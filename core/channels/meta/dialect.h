#pragma once

#include <QString>

namespace antiphon::meta {

/// Where Instagram and Messenger differ in the one language of their direct messages.
struct Dialect {
    QLatin1StringView object{};       ///< of a webhook's body: "instagram", "page"
    QLatin1StringView lanePrefix{};   ///< "ig", "fb"
    bool namesApps = false;           ///< echoes say by `app_id` which application sent them
    bool audioIsVoice = false;        ///< every audio is a voice note
};

inline constexpr Dialect kInstagram{.object = QLatin1StringView("instagram"), .lanePrefix = QLatin1StringView("ig"), .audioIsVoice = true};
inline constexpr Dialect kMessenger{.object = QLatin1StringView("page"), .lanePrefix = QLatin1StringView("fb"), .namesApps = true};

/// The lane of a customer, whoever of both wrote.
inline QString messagingLane(const Dialect &dialect, const QString &account, const QString &customer)
{
    return dialect.lanePrefix + QLatin1Char(':') + account + QLatin1Char(':') + customer;
}

} // namespace antiphon::meta
