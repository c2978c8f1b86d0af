#pragma once

#include "core/base/clock.h"

#include <QString>
#include <QStringList>
#include <QUrl>

#include <optional>

namespace antiphon {

/// A platform's application, with its secrets in the clear: lives in memory only, is never logged or stored.
struct AppCredentials {
    QString appId{};
    QString appSecret{};          ///< empty: every webhook is refused
    QString verifyToken{};
};

/// What calls for one inbox need.
struct InboxCredentials {
    QString account{};            ///< external id
    QString accessToken{};
    QString refreshToken{};
};

/// Where a channel's calls go: the official addresses or their overrides.
struct ChannelEndpoints {
    QUrl api{};                   ///< "https://business-api.tiktok.com", or an override with an optional path prefix
    QUrl web{};                   ///< "https://www.tiktok.com": consent page, oEmbed
};

/// Tokens as a platform grants them.
struct TokenGrant {
    QString account{};            ///< external id of the account that agreed
    QString accessToken{};
    QString refreshToken{};
    std::chrono::seconds accessLifetime{0};
    std::chrono::seconds refreshLifetime{0};
    QStringList scopes{};
};

struct AccountProfile {
    QString username{};
    QString displayName{};
    QUrl picture{};               ///< temporary; may be empty
};

/// How the platform's webhook registration stands.
struct WebhookRegistration {
    QUrl callback{};              ///< empty: none
};

} // namespace antiphon
