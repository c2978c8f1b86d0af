#pragma once

#include "app/demo/simulatedtiktok.h"
#include "core/accounts/accounts.h"
#include "core/net/networkhttpclient.h"
#include "core/secrets/memorysecretstore.h"
#include "tests/support/fakehttpclient.h"
#include "tests/support/fakerandom.h"
#include "tests/support/temporarystore.h"

#include <memory>

namespace antiphon::test {

inline const QString kBusiness = QStringLiteral("biz-0001-openid");
inline const QString kOtherBusiness = QStringLiteral("biz-0002-openid");

/// A workspace with two accounts of the simulated platform to connect, over real HTTP or a scripted network.
class AccountsWorld {
public:
    struct Options {
        HttpClient *network = nullptr;                             ///< real HTTP where null
        QUrl publicUrl{QStringLiteral("https://desk.example")};
        StatementHook hook{};
        bool isReady = true;                                       ///< unlocked, with the app's secret entered
    };
    explicit AccountsWorld(const Options &options);
    AccountsWorld() : AccountsWorld(Options{}) {}
    ~AccountsWorld();

    void begin();                       ///< makes the room anew, as after a start; the secrets stay
    void unlock();
    Result<QJsonObject> enterApp(const QString &secret = QStringLiteral("antiphon-test-app-secret"));

    /// Waits for what `call(done)` ends with.
    template <typename T>
    static Result<T> ask(const std::function<void(std::function<void(Result<T>)>)> &call)
    {
        const auto slot = std::make_shared<std::optional<Result<T>>>();
        call([slot](const Result<T> &result) { slot->emplace(result); });
        if (!TemporaryStore::waitFor([&slot] { return slot->has_value(); }))
            return Error{Error::Kind::Timeout, QStringLiteral("no answer in 30 s")};
        return **slot;
    }

    /// Asks for the consent page, agrees (or what the platform was told to do) and gives the address the browser is sent back to.
    Result<QUrl> consent(InboxId inbox = {});
    Result<Inbox> finish(const QUrl &callback);                                      ///< by the paste route
    Result<Accounts::Page> openCallback(const QByteArray &query, Channel channel = Channel::Tiktok);
    Result<Inbox> connect(InboxId inbox = {});

    Result<Inbox> create(const AccountsService::InboxInput &input);
    Result<Inbox> update(InboxId id, const AccountsService::InboxInput &input);
    Result<Inbox> paste(const QString &business = kBusiness);                        ///< by good tokens
    static AccountsService::InboxInput pasted(const QString &business, const QString &access, const QString &refresh);
    Result<void> remove(InboxId id);
    Result<InboxCredentials> credentials(InboxId id);
    Result<InboxCredentials> renew(InboxId id, const QString &rejected);
    /// Name → line of a check.
    QHash<QString, AccountsService::Check> check(InboxId id, bool takeOver = false);

    QString state(InboxId id);          ///< "active" …, with ":reason" where there is one
    bool isOnDisk(const QByteArray &secret);   ///< raw, base64 at any offset, or UTF-16, in any file of the store

    TemporaryStore store;
    FakeRandom random{};
    FakeRandom platformRandom{};
    MemorySecretStore secrets{random};
    ChannelRegistry channels{};
    NetworkHttpClient http{};
    Mailbox mailbox{};
    demo::SimulatedTikTok platform;
    std::unique_ptr<Accounts> accounts{};

private:
    Options m_options;
};

} // namespace antiphon::test
