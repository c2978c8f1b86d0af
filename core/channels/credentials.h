#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"

#include <QHash>
#include <QJsonObject>
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
    QJsonObject settings{};       ///< of an inbox whose secrets these are: its settings
    QStringList addresses{};      ///< of such an inbox: where this server could be reached by now, "https://host", newest first. Some platforms sign the address, too
};

/// What calls for one inbox need.
struct InboxCredentials {
    QString account{};            ///< external id
    QString accessToken{};
    QString refreshToken{};
    QString appSecret{};          ///< the inbox's own, else its application's: proofs of possession are made with it
    QString verifyToken{};        ///< the inbox's own; empty where the application has the one
    QString appId{};              ///< of its application, where one is entered
    QHash<QString, QString> further{};    ///< other secrets that its channel names: "api_key_sid"
    QJsonObject settings{};       ///< the inbox's: ids beside the account, and its owner's choices. No secrets
    InboxId inbox{};              ///< whose they are; null of what was only just typed
};

/// Where a channel's calls go: the official addresses or their overrides.
struct ChannelEndpoints {
    QUrl api{};                   ///< "https://business-api.tiktok.com", or an override with an optional path prefix
    QUrl data{};                  ///< a second host: of files (LINE), or of accounts that are reached in another way (Instagram by a Facebook Page)
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
    QString account{};            ///< external id, where only the platform says it; else empty
    QJsonObject settings{};       ///< what the platform says beside it and the inbox keeps: {"business_account_id", "coexistence", …}
};

/// How the platform's webhook registration stands.
struct WebhookRegistration {
    QUrl callback{};              ///< empty: none, or the platform doesn't tell
    bool isSubscribed = false;    ///< of one account: its events are sent to our application
    QString remark{};             ///< what a person should know of it, in English; no secrets
    std::optional<int> waiting{};            ///< events that the platform has not brought yet, where it tells
    std::optional<Timestamp> failedAt{};     ///< when it last could not bring one
};

/// What a person types to connect an account without a consent page. The names are those of the Desk API.
struct AccountFields {
    QStringList accountOneOf{};           ///< exactly one of these settings must be there; it is the external id
    QString account{};                    ///< the setting that holds the external id: "page_id"; empty: the platform tells it
    bool isAccountTold = false;           ///< that setting may be left out: the platform tells by the token whose it is
    QStringList settings{};               ///< further ones that must be there
    QStringList uniqueSettings{};         ///< of these, beside the external id, no two inboxes may have the same
    QStringList told{};                   ///< settings that the platform, or this server after it, says of the account: no agent changes them
    QStringList secrets{};                ///< that must be there
    QStringList optionalSecrets{};        ///< generated (verify_token) or of the application where left out
    QString signing = QStringLiteral("app_secret");   ///< the secret that is `InboxCredentials::appSecret`; may be the same as `token`
    bool makesSigning = false;            ///< nobody types it: it is made here and told to the platform when webhooks are asked for
    QString token{};                      ///< the secret that is `InboxCredentials::accessToken`: "page_access_token"
    QString tokenAlso{};                  ///< another name it may be typed under; empty: none
    QString way{};                        ///< the setting by whose presence accounts are reached in another way: an inbox keeps the one it was made with
    bool goesByHandle = false;            ///< an inbox without a name is called by the account's handle, not by the name that it shows beside it
};

/// When an access token is renewed.
struct TokenRhythm {
    std::chrono::seconds before{1800};    ///< its end
    std::chrono::seconds minimumAge{0};   ///< younger ones are not renewed
    bool byAccessToken = false;           ///< the access token renews itself; there is no refresh token
};

} // namespace antiphon
