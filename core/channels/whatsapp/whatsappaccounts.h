#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// Connecting WhatsApp numbers by typed values: a permanent system-user token, which neither ends nor is renewed, the ids of number and business account, and
/// the secret of the application that signs.
class WhatsappAccounts final : public AccountAdapter {
public:
    Channel channel() const override { return Channel::Whatsapp; }
    ChannelEndpoints officialEndpoints() const override;
    AccountFields fields() const override;
    Result<QString> readSetting(const QString &key, const QString &text, const QJsonObject &settings) const override;

    QUrl authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool askAgain, const ChannelEndpoints &endpoints) const override;
    QStringList mandatoryScopes() const override;
    QStringList wantedScopes() const override;
    OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints) const override;
    OperationPtr<TokenGrant> refresh(const InboxCredentials &inbox, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> revoke(const QString &accessToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;

    /// Asks for the number, the account's templates and its subscription. The error's `field` is the value that is wrong: phone_number_id (no such number for
    /// this token), phone_number (the id is another number's), business_account_id, access_token (ended, revoked, or without a permission), app_secret (of
    /// another application than the token).
    OperationPtr<AccountProfile> profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;

    OperationPtr<WebhookRegistration> inspectWebhook(const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    OperationPtr<WebhookRegistration> registerWebhook(const QUrl &callback, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    bool hasSubscriptions() const override { return true; }
    OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    QStringList phoneSyncs(const InboxCredentials &inbox) const override;
    OperationPtr<QString> requestPhoneSync(const QString &sync, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<bool> withdraw(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
