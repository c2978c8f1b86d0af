#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// A bot's account: its token is all there is to type, and says whose it is.
/// @see https://core.telegram.org/bots/api#getting-updates
class TelegramAccounts final : public AccountAdapter {
public:
    Channel channel() const override { return Channel::Telegram; }
    ChannelEndpoints officialEndpoints() const override;
    /// The webhook's secret_token is made here: 43 characters of base64url.
    AccountFields fields() const override;
    Result<void> checkSecret(const QString &key, const QString &text) const override;

    /// A token belongs to one bot, so there is no consent page: these are empty or nullptr.
    QUrl authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool askAgain, const ChannelEndpoints &endpoints) const override;
    QStringList mandatoryScopes() const override;
    QStringList wantedScopes() const override;
    OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints) const override;
    OperationPtr<TokenGrant> refresh(const InboxCredentials &inbox, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> revoke(const QString &accessToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;

    /// `account` is the bot's user id; settings: {bot_id, bot_name, username, can_connect_to_business}. Invalid with `field` "bot_token" or "api_url".
    OperationPtr<AccountProfile> profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;

    OperationPtr<WebhookRegistration> inspectWebhook(const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    OperationPtr<WebhookRegistration> registerWebhook(const QUrl &callback, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;

    bool hasSubscriptions() const override { return true; }
    /// getWebhookInfo: how many updates wait and what failed last.
    OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    /// setWebhook, which takes the place of another without a gap. Invalid with `field` "app_secret" without a secret to believe webhooks by.
    OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    /// deleteWebhook; what waits is kept, so it can be read as a feed.
    std::optional<HttpRequest> unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
