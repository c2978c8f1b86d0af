#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// Connecting LINE channels by typed values: the channel's id and secret, and a long-lived channel access token.
class LineAccounts final : public AccountAdapter {
public:
    Channel channel() const override { return Channel::Line; }
    ChannelEndpoints officialEndpoints() const override;
    AccountFields fields() const override;
    Result<QString> readSetting(const QString &key, const QString &text, const QJsonObject &settings) const override;
    Result<void> checkSecret(const QString &key, const QString &text) const override;

    QUrl authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool askAgain, const ChannelEndpoints &endpoints) const override;
    QStringList mandatoryScopes() const override;
    QStringList wantedScopes() const override;
    OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints) const override;
    OperationPtr<TokenGrant> refresh(const InboxCredentials &inbox, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> revoke(const QString &accessToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;

    /// Asks for the bot. `settings` has {bot_user_id, basic_id, chat_mode, mark_as_read_mode}; the error's `field` is channel_token.
    OperationPtr<AccountProfile> profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;

    OperationPtr<WebhookRegistration> inspectWebhook(const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    OperationPtr<WebhookRegistration> registerWebhook(const QUrl &callback, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;

    bool hasSubscriptions() const override { return true; }
    /// Where webhooks go, whether a test of it arrives, and how much of the month's messages is used (`remark`).
    OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    /// Conflict: the address is entered, but webhooks are switched off in LINE's console, which only a person can change.
    OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
