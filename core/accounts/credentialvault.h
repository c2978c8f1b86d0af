#pragma once

#include "core/base/mailbox.h"
#include "core/channels/credentials.h"
#include "core/domain/inbox.h"
#include "core/secrets/secretstore.h"
#include "core/store/database.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace antiphon {

/// The workspace's secrets in the clear, in memory: read from the database once the secret store is unlocked, and kept beside it
/// by whoever changes them. Written by the net thread; `app()` is asked by any.
class CredentialVault {
public:
    struct Account {
        InboxId inbox{};
        Channel channel = Channel::Tiktok;
        Inbox::State state = Inbox::State::Active;
        InboxCredentials credentials{};
        std::optional<Timestamp> accessEnds{};
        std::optional<Timestamp> refreshEnds{};
    };

    /// A value on its way into the database, sealed.
    struct Sealed {
        QString name{};
        QByteArray value{};
    };

    CredentialVault(Database &database, SecretStore &secretStore, RandomSource &random, Mailbox &mailbox);

    /// Reads everything anew. Secrets that can't be opened (their key is gone) count as absent, and are counted in the log.
    void load(std::function<void(Result<void>)> done);
    bool isLoaded() const;

    Result<AppCredentials> app(Channel channel) const;                   ///< any thread; Unavailable before load(), NotFound
    std::optional<Account> account(InboxId inbox) const;
    QList<Account> accounts() const;
    Result<QByteArray> stateKey() const;                                 ///< signs consents' states

    void remember(Channel channel, const AppCredentials &app);
    void remember(const Account &account);
    void forget(InboxId inbox);

    Result<QList<Sealed>> seal(Channel channel, const AppCredentials &app) const;
    Result<QList<Sealed>> seal(InboxId inbox, const InboxCredentials &credentials) const;
    static Result<void> store(WriteTransaction &tx, const QList<Sealed> &values);
    static Result<void> removeOf(WriteTransaction &tx, InboxId inbox);

private:
    struct Stored;
    Result<void> take(const Stored &stored);
    void makeStateKey(std::function<void(Result<void>)> done);
    QString opened(const QString &name, const QByteArray &sealed);

    Database &m_database;
    SecretStore &m_secrets;
    RandomSource &m_random;
    Mailbox &m_mailbox;

    mutable std::mutex m_mutex;
    bool m_isLoaded = false;
    int m_unreadable = 0;
    std::map<Channel, AppCredentials> m_apps;
    std::map<InboxId, Account> m_accounts;
    QByteArray m_stateKey;
};

} // namespace antiphon
