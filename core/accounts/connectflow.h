#pragma once

#include "core/accounts/accountrows.h"
#include "core/accounts/accountsservice.h"
#include "core/accounts/credentialvault.h"
#include "core/accounts/statetoken.h"
#include "core/channels/channelregistry.h"
#include "core/net/httpclient.h"

#include <QObject>
#include <QUrl>

#include <functional>

namespace antiphon {

/// Connecting an account by the platform's consent page (OAuth 2, authorization code): makes the address to open, and takes what comes back, by the
/// callback route or pasted. One consent makes or re-authorizes one inbox. Lives in the net thread.
class ConnectFlow final : public QObject {
    Q_OBJECT
public:
    ConnectFlow(Database &database, SecretStore &secrets, CredentialVault &vault, const ChannelRegistry &channels, HttpClient &http,
                const Clock &clock, RandomSource &random, const QUrl &publicUrl, Mailbox &mailbox, QObject *parent = nullptr);

    /// @param inbox the inbox to reconnect; null for a new one.
    void authorize(Channel channel, InboxId inbox, std::function<void(Result<QUrl>)> done);

    /// @param query the callback's, percent-encoded. Errors: Unauthorized (state), Cancelled (the owner refused), Forbidden (a permission is missing),
    ///        Conflict (another account than the inbox's), BadPayload (no code), Unavailable (locked), and what the platform's calls end with.
    void finish(Channel channel, const QByteArray &query, std::function<void(Result<Inbox>)> done);

    /// Stores an account that proved itself and takes it into the vault. Also for credentials that were typed in.
    void storeAccount(ConnectedAccount account, std::function<void(Result<Inbox>)> done);

    void setPublicUrl(const QUrl &url) { m_publicUrl = url; }
    QUrl redirectUrl(Channel channel) const;   ///< "<public url>/tiktok/callback"

signals:
    void connected(antiphon::InboxId inbox, antiphon::Channel channel);

private:
    struct Consent;
    StateClaims newClaims(Channel channel, InboxId inbox) const;
    void exchange(const std::shared_ptr<Consent> &consent);
    void checkScopes(const std::shared_ptr<Consent> &consent);
    void readProfile(const std::shared_ptr<Consent> &consent);
    void finishStored(const std::shared_ptr<Consent> &consent, const Result<Inbox> &stored);
    void revoke(const std::shared_ptr<Consent> &consent);
    void remember(const ConnectedAccount &account, const Inbox &inbox);

    Database &m_database;
    SecretStore &m_secrets;
    CredentialVault &m_vault;
    const ChannelRegistry &m_channels;
    HttpClient &m_http;
    const Clock &m_clock;
    RandomSource &m_random;
    QUrl m_publicUrl;
    Mailbox &m_mailbox;
};

} // namespace antiphon
