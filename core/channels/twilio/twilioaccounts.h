#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// Connecting Twilio senders by typed values: a number, or a messaging service with its numbers. The auth token is needed in any case, since webhooks are signed
/// with it; with an API key, calls are made by that.
class TwilioAccounts final : public AccountAdapter {
public:
    Channel channel() const override { return Channel::Twilio; }
    ChannelEndpoints officialEndpoints() const override;
    AccountFields fields() const override;
    Result<QString> readSetting(const QString &key, const QString &text, const QJsonObject &settings) const override;
    Result<void> checkSecret(const QString &key, const QString &text) const override;
    /// One number may carry both: of WhatsApp it has "whatsapp:" before it.
    QString externalId(const InboxCredentials &typed) const override;
    /// A number may have one inbox for each medium.
    bool isSameAccount(const InboxCredentials &one, const InboxCredentials &other) const override;

    QUrl authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool askAgain, const ChannelEndpoints &endpoints) const override;
    QStringList mandatoryScopes() const override;
    QStringList wantedScopes() const override;
    OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints) const override;
    OperationPtr<TokenGrant> refresh(const InboxCredentials &inbox, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> revoke(const QString &accessToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;

    /// Asks for the account by its own token, and, where there is an API key, for a message by that. The error's `field`: account_sid, messaging_service_sid or
    /// medium (their shape, or no such account), auth_token, api_key_sid, api_key_secret.
    OperationPtr<AccountProfile> profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;

    OperationPtr<WebhookRegistration> inspectWebhook(const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    OperationPtr<WebhookRegistration> registerWebhook(const QUrl &callback, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;

    bool hasSubscriptions() const override { return true; }
    /// Of the number, the messaging service or the WhatsApp sender. The address is told without what stands behind "#".
    OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    /// NotFound: the account's lists don't show the sender (a short code, WhatsApp's sandbox): a person enters the address in the console.
    OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<bool> withdraw(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
