#pragma once

#include "core/accounts/ownaddresses.h"
#include "core/accounts/tokenkeeper.h"
#include "core/accounts/webhookregistrar.h"

#include <map>

namespace antiphon {

/// Keeps accounts subscribed where the platform asks it of each: Meta's, bots, numbers. Looked at after connecting and whenever the registrar looks; what failed
/// again after 30 s to 10 minutes. Where an account has an address of its own, another installation's is left alone and said.
/// Of an account whose feed is polled the address is taken off instead. A failure leaves the inbox active: it stands in the inbox's notice (`not_subscribed`,
/// `no_public_address`) and in its check. Lives in the net thread.
class Subscriptions final : public QObject {
    Q_OBJECT
public:
    using State = WebhookRegistrar::State;
    using Done = WebhookRegistrar::Done;
    /// How the newest look at an account ended.
    struct Attempt {
        InboxId inbox{};
        QUrl callback{};                 ///< where it is to be brought
        std::optional<State> state{};    ///< none: not looked at yet
    };

    struct Surroundings {
        Database &database;
        CredentialVault &vault;
        TokenKeeper &tokens;
        OwnAddresses &ours;          ///< outlives this
        const ChannelRegistry &channels;
        HttpClient &http;
        Mailbox &mailbox;
        QUrl publicUrl{};
    };
    explicit Subscriptions(const Surroundings &surroundings, QObject *parent = nullptr);

    /// Whether accounts of this channel are subscribed one by one.
    bool isPerAccount(Channel channel) const;

    /// @param takeOver also replaces another installation's address.
    void ensure(InboxId inbox, bool takeOver, Done done);
    void ensureAll();                    ///< of every active inbox
    void setPublicUrl(const QUrl &url);

    /// Where the platform is to bring an account's webhooks: "<public url>/webhooks/whatsapp/+15550100001". Empty without a public address.
    QUrl callback(const CredentialVault::Account &account) const;
    /// Whether a registered address is this server's, now or formerly. After a look at the account.
    bool isOurs(const CredentialVault::Account &account, const QUrl &registered) const;
    /// The last look found the account's webhooks with another installation.
    bool isElsewhere(InboxId inbox) const;
    QList<Attempt> attempts(Channel channel) const;      ///< a line an account

signals:
    void attempted();                              ///< attempts() may be others
    void feedIsFree(antiphon::InboxId inbox);      ///< a webhook that stood in the way of an account's feed is off

private:
    struct Run;
    QString withoutSecret(const QString &signing, const CredentialVault::Account &account) const;
    void start(const std::shared_ptr<Run> &run);
    void takeTurn(const std::shared_ptr<Run> &run);
    void giveTurn(const QString &key, const std::shared_ptr<Run> &run);
    void endTurn(const QString &key);
    void inspect(const std::shared_ptr<Run> &run);
    void compare(const std::shared_ptr<Run> &run, const WebhookRegistration &found);
    void subscribe(const std::shared_ptr<Run> &run);
    bool isPolled(const CredentialVault::Account &account) const;
    void takeOff(const std::shared_ptr<Run> &run, const WebhookRegistration &found);
    void unsubscribe(const std::shared_ptr<Run> &run);
    void withdraw(const std::shared_ptr<Run> &run, const QUrl &registered, OperationPtr<bool> operation);
    void finish(const std::shared_ptr<Run> &run, const State &state);
    void tellOwner(InboxId inbox, const State &state);

    Surroundings m_s;
    QTimer m_again;
    int m_failures = 0;                  ///< in a row
    std::map<InboxId, bool> m_ok;        ///< as last seen
    std::map<InboxId, State> m_states;
    std::map<QString, QList<std::shared_ptr<Run>>> m_turns;          ///< of subscriptions that accounts share: one is looking, these wait
};

} // namespace antiphon
