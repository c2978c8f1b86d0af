#pragma once

#include "core/accounts/accountsservice.h"
#include "core/accounts/accountwebhooks.h"
#include "core/accounts/connectflow.h"
#include "core/accounts/credentialvault.h"
#include "core/accounts/farewells.h"
#include "core/accounts/subscriptions.h"
#include "core/accounts/tokenkeeper.h"
#include "core/accounts/webhookregistrar.h"

#include <QObject>
#include <QSet>

namespace antiphon {

/// The room's front: what agents do about accounts, the callback's return, and who hands tokens out. Lives in the net thread.
class Accounts final : public QObject, public AccountsService, public AccountWebhooks {
    Q_OBJECT
public:
    struct Surroundings {
        Database &database;
        SecretStore &secrets;        ///< outlives the database's Writer, which seals in its closures
        const ChannelRegistry &channels;
        HttpClient &http;
        const Clock &clock;
        RandomSource &random;
        Mailbox &mailbox;            ///< of the net thread
        QUrl publicUrl{};            ///< empty: none is known
        QUrl ownUrl{};               ///< of the listener for webhooks itself: "http://127.0.0.1:40123"; some platforms sign the address
    };

    explicit Accounts(const Surroundings &surroundings, QObject *parent = nullptr);
    ~Accounts() override;

    /// Begins to open the secrets; once they are there, tokens are looked after and registrations checked.
    /// Goes on with deletions that a stop interrupted.
    void start();
    void setPublicUrl(const QUrl &url);     ///< the tunnel's address is another one now
    bool isReady() const { return m_vault.isLoaded(); }

    WebhookRegistrar &registrar() { return m_registrar; }
    TokenSource &tokens() { return m_tokens; }
    TokenKeeper &tokenKeeper() { return m_tokens; }

    /// The OAuth callback of a platform came in. `done` gets the page for the browser's eyes.
    struct Page {
        int status = 200;
        QString title{};
        QString text{};
    };
    void handleCallback(Channel channel, const QByteArray &query, std::function<void(Page)> done);

    /// A probe of ours came back in at the intake port.
    void noteProbe(const QString &nonce);

    void getApp(Channel channel, Done<QJsonObject> done) override;
    void setApp(Channel channel, const QJsonObject &settings, const QJsonObject &secrets, Done<QJsonObject> done) override;
    void verifyToken(Channel channel, InboxId id, Done<QString> done) override;
    void createInbox(Channel channel, const InboxInput &input, Done<Inbox> done) override;
    void updateInbox(InboxId id, const InboxInput &input, Done<Inbox> done) override;
    void deleteInbox(InboxId id, Done<void> done) override;
    void authorize(Channel channel, InboxId id, Done<QUrl> done) override;
    void authorizePaste(const QUrl &callback, Done<Inbox> done) override;
    void check(InboxId id, bool takeOver, Done<QList<Check>> done) override;

    /// How the inboxes of a channel whose accounts have subscriptions of their own stand.
    QList<Subscriptions::Attempt> subscriptions(Channel channel) const { return m_subscriptions.attempts(channel); }

    void settle(InboxId inbox, std::function<void()> done) override;
    bool isOurs(InboxId inbox, const QUrl &callback) const override;

signals:
    void ready();                                           ///< secrets are open and loaded
    void notLoaded();                                       ///< they are open, but the store gave nothing: it is tried again every two seconds
    void subscriptionsChanged();                            ///< subscriptions() may be others
    void inboxConnected(antiphon::InboxId inbox);           ///< its waiting work may go on
    void inboxChanged(antiphon::InboxId inbox);             ///< state or delivery are others, it is gone, or its feed may be read now

private:
    struct CheckRun;
    struct Changed;
    void loadVault();
    void askOwnersOfLostTokens();
    void tryCredentials(Channel channel, const InboxCredentials &credentials, Done<AccountProfile> done);
    void updateSecrets(InboxId id, const InboxInput &input, Done<Inbox> done);
    void storeUpdate(InboxId id, const InboxInput &input, Done<Inbox> done);
    static Result<Changed> changeInbox(WriteTransaction &tx, InboxId id, const InboxInput &input, const ChannelRegistry &channels);
    Result<InboxCredentials> readTyped(Channel channel, const InboxInput &input, InboxCredentials *own);
    std::optional<Error> connectedAlready(Channel channel, const InboxCredentials &credentials) const;
    ConnectedAccount connectedAccount(Channel channel, const InboxCredentials &own, const AccountProfile &profile) const;
    void finishDeletion(InboxId id, std::optional<Timestamp> lastWebhookAt);
    bool isTakenOver(Channel channel) const;
    QList<Channel> addressSigners() const;
    void noteAddresses();
    QList<InboxId> sameAccount(const Farewells::Parting &parting) const;
    QList<InboxId> sameSubscription(const Farewells::Parting &parting) const;
    Farewells::Surroundings farewellSurroundings();
    void checkCredentials(const std::shared_ptr<CheckRun> &run);
    void checkSubscription(const std::shared_ptr<CheckRun> &run);
    void checkProbe(const std::shared_ptr<CheckRun> &run);
    void checkLife(const std::shared_ptr<CheckRun> &run);

    Database &m_database;
    SecretStore &m_secrets;
    const ChannelRegistry &m_channels;
    HttpClient &m_http;
    const Clock &m_clock;
    RandomSource &m_random;
    Mailbox &m_mailbox;
    QUrl m_publicUrl;
    const QUrl m_ownUrl;
    CredentialVault m_vault;
    TokenKeeper m_tokens;
    ConnectFlow m_connect;
    OwnAddresses m_ours;
    WebhookRegistrar m_registrar;
    Subscriptions m_subscriptions;
    Farewells m_farewells;
    QSet<QString> m_probes;          ///< sent and not seen yet
};

} // namespace antiphon
