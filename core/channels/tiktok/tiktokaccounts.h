#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon {

/// Connecting TikTok business accounts: consent, tokens (a day, the consent a year), profile, and the application's one webhook.
/// @see https://business-api.tiktok.com/portal/docs?id=1833997638479041 (token), 1833997679342594 (renew), 1833997665030145 (revoke), 1832184470423554 (webhook)
class TiktokAccounts final : public AccountAdapter {
public:
    Channel channel() const override { return Channel::Tiktok; }
    ChannelEndpoints officialEndpoints() const override;
    AccountFields fields() const override;
    bool hasConsentPage() const override { return true; }
    bool hasAppWebhook() const override { return true; }

    QUrl authorizeUrl(const AppCredentials &app, const QUrl &redirect, const QString &state, bool askAgain, const ChannelEndpoints &endpoints) const override;
    QStringList mandatoryScopes() const override;
    QStringList wantedScopes() const override;

    OperationPtr<TokenGrant> exchangeCode(const QString &code, const AppCredentials &app, const QUrl &redirect, const ChannelEndpoints &endpoints) const override;
    OperationPtr<TokenGrant> refresh(const InboxCredentials &inbox, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    std::optional<HttpRequest> revoke(const QString &accessToken, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    OperationPtr<AccountProfile> profile(const InboxCredentials &inbox, const ChannelEndpoints &endpoints) const override;

    OperationPtr<WebhookRegistration> inspectWebhook(const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
    OperationPtr<WebhookRegistration> registerWebhook(const QUrl &callback, const AppCredentials &app, const ChannelEndpoints &endpoints) const override;
};

} // namespace antiphon
