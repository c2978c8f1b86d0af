#pragma once

#include "core/accounts/tokensource.h"
#include "core/base/mailbox.h"
#include "core/channels/channelregistry.h"
#include "core/domain/inbox.h"
#include "core/secrets/secretstore.h"
#include "core/store/database.h"

#include <QDeadlineTimer>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace antiphon {

/// The workspace's secrets in the clear, in memory: read from the database once the secret store is unlocked, and kept beside it
/// by whoever changes them. Written by the net thread; `app()` and `signers()` are asked by any.
class CredentialVault {
public:
    struct Account {
        InboxId inbox{};
        Channel channel{};
        Inbox::State state = Inbox::State::Active;
        Inbox::Delivery delivery = Inbox::Delivery::Webhook;
        InboxCredentials credentials{};               ///< the inbox's own: what its application adds is not in it
        std::optional<Timestamp> accessEnds{};
        std::optional<Timestamp> accessIssued{};      ///< held since
        std::optional<Timestamp> refreshEnds{};
    };

    /// A value on its way into the database, sealed.
    struct Sealed {
        QString name{};
        QByteArray value{};
    };

    /// What an agent enters about an application; only what is given changes.
    struct AppChange {
        std::optional<QString> appId{};
        std::optional<QString> appSecret{};
        std::optional<QString> verifyToken{};
    };

    CredentialVault(Database &database, SecretStore &secretStore, const ChannelRegistry &channels, RandomSource &random, Mailbox &mailbox);

    /// Reads everything anew. Secrets that can't be opened (their key is gone) count as absent, and are counted in the log.
    /// `done` is not called any more once the vault is gone.
    void load(std::function<void(Result<void>)> done);
    bool isLoaded() const;
    bool canSeal() const { return m_secrets.isUnlocked(); }              ///< false: what is granted now could not be kept

    Result<AppCredentials> app(Channel channel) const;                   ///< any thread; Unavailable before load(), NotFound
    /// Applications of `keys`, then the inboxes of `channel` that it names. Any thread; Unavailable before load().
    Result<WebhookSigners> signers(Channel channel, const WebhookKeys &keys) const;
    std::optional<Account> account(InboxId inbox) const;
    /// What signed for this inbox before it was given another secret is good for so long still: the platform changes over in its own time. In memory only.
    void keepFormerSecret(InboxId inbox, const QString &secret, Milliseconds time);
    /// With what its application adds where the inbox has none of its own: id and secret.
    InboxCredentials complete(const Account &account) const;
    Channel application(const Account &account) const;                   ///< whose secrets those are
    QList<Account> accounts() const;
    /// Where this server could be reached by now, "https://host", newest first: some platforms sign the address, too.
    void setAddresses(const QStringList &addresses);
    Result<QByteArray> stateKey() const;                                 ///< signs consents' states

    // Told once it is in the database.
    AppCredentials remember(Channel channel, const AppChange &change);   ///< the application as it is now
    void remember(const Account &account);
    void rememberState(InboxId inbox, Inbox::State state);
    void rememberDelivery(InboxId inbox, Inbox::Delivery delivery);
    void rememberSettings(InboxId inbox, const QJsonObject &settings);
    void forget(InboxId inbox);

    Result<QList<Sealed>> seal(Channel channel, const AppChange &change) const;
    Result<QList<Sealed>> seal(InboxId inbox, const InboxCredentials &credentials) const { return seal(m_secrets, inbox, credentials); }
    static Result<QList<Sealed>> seal(const SecretStore &secrets, InboxId inbox, const InboxCredentials &credentials);
    static Result<void> store(WriteTransaction &tx, const QList<Sealed> &values);
    static Result<void> removeOf(WriteTransaction &tx, InboxId inbox);

private:
    struct Stored;
    void takeLoaded(const Result<Stored> &stored, int editsBefore, const std::function<void(Result<void>)> &done);
    Result<void> take(const Stored &stored);
    void makeStateKey(std::function<void(Result<void>)> done);
    QString opened(const QString &name, const QByteArray &sealed);
    QHash<QString, QString> furtherOf(InboxId inbox, const Stored &stored);

    Database &m_database;
    SecretStore &m_secrets;
    const ChannelRegistry &m_channels;
    RandomSource &m_random;
    Mailbox &m_mailbox;

    mutable std::mutex m_mutex;
    bool m_isLoaded = false;
    int m_edits = 0;                      ///< told since the start: what was read before one of them is old
    int m_unreadable = 0;
    std::map<Channel, AppCredentials> m_apps;
    std::map<InboxId, Account> m_accounts;
    struct Former {
        QString secret{};
        QDeadlineTimer until{};
    };
    std::map<InboxId, Former> m_formers;
    QByteArray m_stateKey;
    QStringList m_addresses;
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);   ///< callbacks look whether it still is
};

} // namespace antiphon
