#pragma once

#include "core/accounts/ownaddresses.h"
#include "core/accounts/tokenkeeper.h"
#include "core/accounts/webhookregistrar.h"

#include <map>

namespace antiphon {

/// Keeps accounts subscribed where the platform asks it of each: Meta's. Looked at after connecting and whenever the registrar looks; what failed again after
/// 30 s to 10 minutes. Where an account has an address of its own (WhatsApp), another installation's is left alone and said. A failure leaves the inbox
/// active: it stands in the inbox's notice (`not_subscribed`, `no_public_address`) and in its check. Lives in the net thread.
class Subscriptions final : public QObject {
    Q_OBJECT
public:
    using State = WebhookRegistrar::State;
    using Done = WebhookRegistrar::Done;

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

private:
    struct Run;
    void start(const std::shared_ptr<Run> &run);
    void inspect(const std::shared_ptr<Run> &run);
    void compare(const std::shared_ptr<Run> &run, const WebhookRegistration &found);
    void subscribe(const std::shared_ptr<Run> &run);
    void finish(const std::shared_ptr<Run> &run, const State &state);
    void tellOwner(InboxId inbox, const State &state);
    bool hasOwnAddress(const CredentialVault::Account &account) const;

    Surroundings m_s;
    QTimer m_again;
    int m_failures = 0;                  ///< in a row
    std::map<InboxId, bool> m_ok;        ///< as last seen
};

} // namespace antiphon
