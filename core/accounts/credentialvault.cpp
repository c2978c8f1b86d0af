#include "core/accounts/credentialvault.h"

#include "core/base/logging.h"
#include "core/store/apprepository.h"
#include "core/store/inboxrepository.h"
#include "core/store/secretrepository.h"
#include "core/store/writer.h"

#include <QJsonObject>

#include <algorithm>
#include <array>
#include <tuple>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

const QString kStateKey = u"workspace:state_key"_s;
constexpr int kStateKeyBytes = 32;
constexpr std::array kOwnSecrets{"access_token"_L1, "refresh_token"_L1, "app_secret"_L1, "verify_token"_L1};

QString appName(Channel channel, QLatin1StringView what) { return u"app:%1:%2"_s.arg(channelName(channel), what); }
QString inboxName(InboxId inbox, QLatin1StringView what) { return u"inbox:%1:%2"_s.arg(inbox.toString(), what); }
QString inboxPrefix(InboxId inbox) { return inboxName(inbox, ""_L1); }

/// What stands under a name that a webhook's address may have for its inbox.
QString namedBy(const CredentialVault::Account &account, const QString &setting)
{
    if (setting == "id"_L1)
        return account.inbox.toString();
    return setting == "external_id"_L1 ? account.credentials.account : account.credentials.settings.value(setting).toString();
}

} // namespace

struct CredentialVault::Stored {
    QList<apps::App> apps{};
    QList<inboxes::InboxRow> inboxes{};
    QHash<QString, QByteArray> sealed{};
};

CredentialVault::CredentialVault(Database &database, SecretStore &secretStore, const ChannelRegistry &channels, RandomSource &random, Mailbox &mailbox)
    : m_database(database)
    , m_secrets(secretStore)
    , m_channels(channels)
    , m_random(random)
    , m_mailbox(mailbox)
{
}

void CredentialVault::load(std::function<void(Result<void>)> done)
{
    m_database.read<Stored>(
        "load credentials",
        [](ReadTransaction &tx) -> Result<Stored> {
            auto appRows = apps::list(tx);
            if (!appRows)
                return appRows.error();
            auto inboxRows = inboxes::list(tx);
            if (!inboxRows)
                return inboxRows.error();
            auto sealed = secrets::all(tx);
            if (!sealed)
                return sealed.error();
            return Stored{.apps = *appRows, .inboxes = *inboxRows, .sealed = *sealed};
        },
        m_mailbox,
        [this, alive = std::weak_ptr(m_alive), editsBefore = m_edits, done = std::move(done)](const Result<Stored> &stored) {
            if (!alive.expired())
                takeLoaded(stored, editsBefore, done);
        });
}

void CredentialVault::takeLoaded(const Result<Stored> &stored, int editsBefore, const std::function<void(Result<void>)> &done)
{
    if (!stored) {
        done(stored.error());
        return;
    }
    if (m_edits != editsBefore) {   // read before something was stored: it would bring old tokens back
        load(done);
        return;
    }
    if (const auto taken = take(*stored); !taken)
        done(taken.error());
    else if (m_stateKey.isEmpty())
        makeStateKey(done);
    else
        done({});
}

bool CredentialVault::isLoaded() const
{
    const std::lock_guard lock(m_mutex);
    return m_isLoaded;
}

Result<AppCredentials> CredentialVault::app(Channel channel) const
{
    const std::lock_guard lock(m_mutex);
    if (!m_isLoaded)
        return Error{Error::Kind::Unavailable, u"secrets are locked"_s};
    const auto found = m_apps.find(channel);
    if (found == m_apps.end())
        return Error{Error::Kind::NotFound, u"no app for this platform is entered"_s};
    return found->second;
}

Result<WebhookSigners> CredentialVault::signers(Channel channel, const WebhookKeys &keys) const
{
    const std::lock_guard lock(m_mutex);
    if (!m_isLoaded)
        return Error{Error::Kind::Unavailable, u"secrets are locked"_s};
    WebhookSigners signers{.isKnown = keys.inboxSetting.isEmpty()};
    const bool namesInbox = !keys.inboxSetting.isEmpty() && !keys.inboxValue.isEmpty();
    for (const Channel app : keys.apps) {
        if (const auto found = m_apps.find(app); found != m_apps.end())
            signers.candidates.append(found->second);
    }
    for (const auto &[id, account] : m_accounts) {
        if (!namesInbox || account.channel != channel || namedBy(account, keys.inboxSetting) != keys.inboxValue)
            continue;
        signers.isKnown = true;
        signers.candidates.append({.appSecret = account.credentials.appSecret,
                                   .verifyToken = account.credentials.verifyToken,
                                   .settings = account.credentials.settings,
                                   .addresses = m_addresses});
        if (const auto former = m_formers.find(id); former != m_formers.end() && !former->second.until.hasExpired()) {
            AppCredentials before = signers.candidates.constLast();
            before.appSecret = former->second.secret;
            signers.candidates.append(before);
        }
    }
    return signers;
}

InboxCredentials CredentialVault::complete(const Account &account) const
{
    InboxCredentials all = account.credentials;
    all.inbox = account.inbox;
    const Channel application = this->application(account);
    const std::lock_guard lock(m_mutex);
    const auto app = m_apps.find(application);
    if (app == m_apps.end())
        return all;
    all.appId = app->second.appId;
    if (all.appSecret.isEmpty())
        all.appSecret = app->second.appSecret;
    return all;
}

Channel CredentialVault::application(const Account &account) const
{
    const AccountAdapter *adapter = m_channels.accounts(account.channel);
    return adapter ? adapter->application(account.credentials.settings) : account.channel;
}

std::optional<CredentialVault::Account> CredentialVault::account(InboxId inbox) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_accounts.find(inbox);
    return found == m_accounts.end() ? std::nullopt : std::optional(found->second);
}

QList<CredentialVault::Account> CredentialVault::accounts() const
{
    const std::lock_guard lock(m_mutex);
    QList<Account> all;
    for (const auto &[id, account] : m_accounts)
        all.append(account);
    return all;
}

void CredentialVault::setAddresses(const QStringList &addresses)
{
    const std::lock_guard lock(m_mutex);
    m_addresses = addresses;
}

Result<QByteArray> CredentialVault::stateKey() const
{
    const std::lock_guard lock(m_mutex);
    if (m_stateKey.isEmpty())
        return Error{Error::Kind::Unavailable, u"secrets are locked"_s};
    return m_stateKey;
}

AppCredentials CredentialVault::remember(Channel channel, const AppChange &change)
{
    const std::lock_guard lock(m_mutex);
    ++m_edits;
    AppCredentials &app = m_apps[channel];
    app.appId = change.appId.value_or(app.appId);
    app.appSecret = change.appSecret.value_or(app.appSecret);
    app.verifyToken = change.verifyToken.value_or(app.verifyToken);
    return app;
}

void CredentialVault::remember(const Account &account)
{
    const std::lock_guard lock(m_mutex);
    ++m_edits;
    m_accounts[account.inbox] = account;
}

void CredentialVault::rememberState(InboxId inbox, Inbox::State state)
{
    const std::lock_guard lock(m_mutex);
    ++m_edits;
    if (const auto found = m_accounts.find(inbox); found != m_accounts.end())
        found->second.state = state;
}

void CredentialVault::rememberDelivery(InboxId inbox, Inbox::Delivery delivery)
{
    const std::lock_guard lock(m_mutex);
    ++m_edits;
    if (const auto found = m_accounts.find(inbox); found != m_accounts.end())
        found->second.delivery = delivery;
}

void CredentialVault::rememberSettings(InboxId inbox, const QJsonObject &settings)
{
    const std::lock_guard lock(m_mutex);
    ++m_edits;
    if (const auto found = m_accounts.find(inbox); found != m_accounts.end())
        found->second.credentials.settings = settings;
}

void CredentialVault::keepFormerSecret(InboxId inbox, const QString &secret, Milliseconds time)
{
    const std::lock_guard lock(m_mutex);
    m_formers[inbox] = {.secret = secret, .until = QDeadlineTimer(time)};
}

void CredentialVault::forget(InboxId inbox)
{
    const std::lock_guard lock(m_mutex);
    ++m_edits;
    m_accounts.erase(inbox);
    m_formers.erase(inbox);
}

Result<QList<CredentialVault::Sealed>> CredentialVault::seal(Channel channel, const AppChange &change) const
{
    QList<Sealed> values;
    for (const auto &[what, plain] : {std::pair("app_secret"_L1, change.appSecret), std::pair("verify_token"_L1, change.verifyToken)}) {
        if (!plain)
            continue;
        const QString name = appName(channel, what);
        const auto sealed = m_secrets.seal(name, plain->toUtf8());
        if (!sealed)
            return sealed.error();
        values.append({.name = name, .value = *sealed});
    }
    return values;
}

Result<QList<CredentialVault::Sealed>> CredentialVault::seal(const SecretStore &secrets, InboxId inbox, const InboxCredentials &credentials)
{
    QList<Sealed> values;
    const std::array own{std::tuple("access_token"_L1, credentials.accessToken, true), std::tuple("refresh_token"_L1, credentials.refreshToken, true),
                         std::tuple("app_secret"_L1, credentials.appSecret, false), std::tuple("verify_token"_L1, credentials.verifyToken, false)};
    for (const auto &[what, plain, isAlwaysThere] : own) {
        if (plain.isEmpty() && !isAlwaysThere)
            continue;
        const QString name = inboxName(inbox, what);
        const auto sealed = secrets.seal(name, plain.toUtf8());
        if (!sealed)
            return sealed.error();
        values.append({.name = name, .value = *sealed});
    }
    for (auto it = credentials.further.cbegin(); it != credentials.further.cend(); ++it) {
        const QString name = inboxPrefix(inbox) + it.key();
        const auto sealed = secrets.seal(name, it.value().toUtf8());
        if (!sealed)
            return sealed.error();
        values.append({.name = name, .value = *sealed});
    }
    return values;
}

Result<void> CredentialVault::store(WriteTransaction &tx, const QList<Sealed> &values)
{
    for (const Sealed &value : values) {
        if (const auto stored = secrets::put(tx, value.name, value.value); !stored)
            return stored;
    }
    return {};
}

Result<void> CredentialVault::removeOf(WriteTransaction &tx, InboxId inbox)
{
    return secrets::removeWithPrefix(tx, inboxPrefix(inbox));
}

QString CredentialVault::opened(const QString &name, const QByteArray &sealed)
{
    if (sealed.isEmpty())
        return {};
    const auto plain = m_secrets.open(name, sealed);
    if (!plain) {
        ++m_unreadable;
        return {};
    }
    return QString::fromUtf8(*plain);
}

/// Secrets that only their channel knows the names of.
QHash<QString, QString> CredentialVault::furtherOf(InboxId inbox, const Stored &stored)
{
    const QString prefix = inboxPrefix(inbox);
    QHash<QString, QString> further;
    for (auto it = stored.sealed.cbegin(); it != stored.sealed.cend(); ++it) {
        const QString what = it.key().startsWith(prefix) ? it.key().mid(prefix.size()) : QString();
        if (!what.isEmpty() && std::none_of(kOwnSecrets.begin(), kOwnSecrets.end(), [&what](QLatin1StringView own) { return what == own; }))
            further.insert(what, opened(it.key(), it.value()));
    }
    return further;
}

Result<void> CredentialVault::take(const Stored &stored)
{
    if (!m_secrets.isUnlocked())
        return Error{Error::Kind::Unavailable, m_secrets.lockedReason()};
    const std::lock_guard lock(m_mutex);
    m_unreadable = 0;
    m_apps.clear();
    m_accounts.clear();
    for (const apps::App &app : stored.apps) {
        const QString secretName = appName(app.channel, "app_secret"_L1);
        const QString verifyName = appName(app.channel, "verify_token"_L1);
        m_apps[app.channel] = {.appId = app.settings.value("app_id"_L1).toString(),
                               .appSecret = opened(secretName, stored.sealed.value(secretName)),
                               .verifyToken = opened(verifyName, stored.sealed.value(verifyName))};
    }
    for (const inboxes::InboxRow &row : stored.inboxes) {
        const InboxId id = row.inbox.id;
        const auto secret = [this, id, &stored](QLatin1StringView what) {
            const QString name = inboxName(id, what);
            return opened(name, stored.sealed.value(name));
        };
        m_accounts[id] = {.inbox = id,
                          .channel = row.inbox.channel,
                          .state = row.inbox.state,
                          .delivery = row.inbox.delivery,
                          .credentials = {.account = row.inbox.externalId,
                                          .accessToken = secret("access_token"_L1),
                                          .refreshToken = secret("refresh_token"_L1),
                                          .appSecret = secret("app_secret"_L1),
                                          .verifyToken = secret("verify_token"_L1),
                                          .further = furtherOf(id, stored),
                                          .settings = row.inbox.settings},
                          .accessEnds = row.tokenExpiresAt,
                          .accessIssued = row.tokenIssuedAt,
                          .refreshEnds = row.refreshExpiresAt};
    }
    const QByteArray sealedKey = stored.sealed.value(kStateKey);
    const auto stateKey = sealedKey.isEmpty() ? Result<QByteArray>(QByteArray()) : m_secrets.open(kStateKey, sealedKey);
    m_stateKey = stateKey ? *stateKey : QByteArray();
    m_isLoaded = true;
    if (m_unreadable > 0)
        qCCritical(lcAccounts) << m_unreadable << "secrets can't be opened, since their key is gone: they must be entered again";
    return {};
}

void CredentialVault::makeStateKey(std::function<void(Result<void>)> done)
{
    const QByteArray key = m_random.bytes(kStateKeyBytes);
    const auto sealed = m_secrets.seal(kStateKey, key);
    if (!sealed) {
        done(sealed.error());
        return;
    }
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "make state key", [sealed = *sealed](WriteTransaction &tx) { return secrets::put(tx, kStateKey, sealed); },
        m_mailbox, [this, alive = std::weak_ptr(m_alive), key, done = std::move(done)](const Result<void> &stored) {
            if (alive.expired())
                return;
            if (stored) {
                const std::lock_guard lock(m_mutex);
                m_stateKey = key;
            }
            done(stored);
        });
}

} // namespace antiphon
