#pragma once

#include "core/accounts/credentialvault.h"
#include "core/accounts/tokensource.h"
#include "core/base/keylock.h"
#include "core/channels/channelregistry.h"
#include "core/net/httpclient.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <vector>

namespace antiphon {

/// Keeps access tokens good: renews them in the rhythm of their platform (half an hour before their end, say) and whenever a platform refuses one, once for
/// all who ask. What can't be renewed by a refusal (tokens without end, and those that renew themselves) is verified once by the account's profile.
/// A new pair is on the disk before anybody gets it, since a rotated refresh token that is lost costs the owner a new consent.
/// A definite refusal sets the inbox to reauthorization_required; everything else keeps the old pair and tries again after
/// 5 s, 30 s, 2 min, then every 5 min; once a day where the old one is good for days, with a word to the owner in the last week (`token_ends_soon`).
/// Lives in the net thread.
class TokenKeeper final : public QObject, public TokenSource {
    Q_OBJECT
public:
    TokenKeeper(Database &database, CredentialVault &vault, const ChannelRegistry &channels, HttpClient &http, const Clock &clock,
                Mailbox &mailbox, QObject *parent = nullptr);

    void start();                            ///< looks at all tokens now and every five seconds
    void lookAtAll();

    Result<AppCredentials> app(Channel channel) const override;
    Result<WebhookSigners> signers(Channel channel, const WebhookKeys &keys) const override { return m_vault.signers(channel, keys); }
    void credentials(InboxId inbox, Done done) override;
    void renew(InboxId inbox, const QString &rejectedToken, Done done) override;
    void requireOwner(InboxId inbox, const QString &reason) override;
    void noteState(InboxId inbox, Inbox::State state) override;
    void noteSettings(InboxId inbox, const QJsonObject &settings) override { m_vault.rememberSettings(inbox, settings); }

signals:
    void inboxNeedsOwner(antiphon::InboxId inbox, const QString &reason);
    void inboxGivenBack(antiphon::InboxId inbox);      ///< by the platform: what waited may go on

private:
    struct Waiter {
        Done done{};
        QString rejected{};       ///< a token that is no answer, since the platform refused it
    };
    struct Refresh {
        std::vector<Waiter> waiting{};
        bool isRunning = false;
        int failures = 0;
        SteadyTime notBefore{};
        QString rejected{};       ///< the access token that the platform refused last
        QString lasting{};        ///< an access token that nothing renews: it doesn't end by time
        QString renewedBy{};      ///< by which token the last request was made: another one is another consent
        QString asked{};          ///< the access token that was to be renewed
        KeyLock::Guard turn{};    ///< while one runs
    };

    void refresh(const CredentialVault::Account &account, Waiter waiter);
    void begin(InboxId inbox, KeyLock::Outcome turn);
    std::optional<Error> obstacle(const CredentialVault::Account &account) const;
    void finish(InboxId inbox, const Result<TokenGrant> &grant);
    void verify(const CredentialVault::Account &account);
    void finishVerified(InboxId inbox, const QString &token, const Result<AccountProfile> &profile);
    bool isDue(const CredentialVault::Account &account) const;
    bool isLasting(const CredentialVault::Account &account) const;
    bool isRejected(const CredentialVault::Account &account) const;
    TokenRhythm rhythm(Channel channel) const;
    std::chrono::seconds pause(const CredentialVault::Account &account, int failures) const;
    void tellOwner(InboxId inbox, bool endsSoon);
    void fail(const CredentialVault::Account &account, const Error &error);
    void storeGrant(InboxId inbox, const TokenGrant &grant);
    void finishStored(const CredentialVault::Account &renewed, const TokenGrant &grant, const Result<void> &stored);
    void answer(InboxId inbox, const Result<InboxCredentials> &result);
    bool isGood(const CredentialVault::Account &account, std::chrono::seconds margin) const;

    Database &m_database;
    CredentialVault &m_vault;
    const ChannelRegistry &m_channels;
    HttpClient &m_http;
    const Clock &m_clock;
    Mailbox &m_mailbox;
    QTimer m_look;
    std::map<InboxId, Refresh> m_refreshes;
    KeyLock m_locks;              ///< "oauth:<inbox>": one request at a time, whoever asks
};

} // namespace antiphon
