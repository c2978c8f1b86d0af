#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// Connecting Instagram's professional accounts by Instagram Login: consent, tokens (an hour, then sixty days, renewed by themselves), profile, and the
/// account's own subscription. Or, where the settings have a `page_id`, by the token of the Facebook Page that an account is linked to, which does not end by
/// time, and the Page's subscription. The application's webhook is entered by hand.
/// @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
class InstagramAccounts final : public AccountAdapter {
public:
    Channel channel() const override { return Channel::Instagram; }
    ChannelEndpoints officialEndpoints() const override;
    AccountFields fields() const override;
    AccountFields fieldsOf(const QJsonObject &settings) const override;
    Channel application(const QJsonObject &settings) const override;
    Result<QString> readSetting(const QString &key, const QString &text, const QJsonObject &settings) const override;
    bool hasConsentPage() const override { return true; }

    QUrl authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool askAgain, const ChannelEndpoints &endpoints) const override;
    QStringList mandatoryScopes() const override;
    QStringList wantedScopes() const override;

    OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints) const override;
    OperationPtr<TokenGrant> refresh(const InboxCredentials &inbox, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    TokenRhythm tokenRhythm() const override;
    std::optional<HttpRequest> revoke(const QString &accessToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    OperationPtr<AccountProfile> profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;

    OperationPtr<WebhookRegistration> inspectWebhook(const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    OperationPtr<WebhookRegistration> registerWebhook(const QUrl &callback, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    bool hasSubscriptions() const override { return true; }
    OperationPtr<WebhookRegistration> inspectSubscription(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    OperationPtr<WebhookRegistration> subscribe(const QUrl &callback, const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> unsubscribe(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;
    QString subscriptionKey(const InboxCredentials &inbox) const override;
};

} // namespace antiphon
