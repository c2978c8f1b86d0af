#include "core/accounts/accounts.h"

#include "core/accounts/deletedaccounts.h"
#include "core/accounts/operationrunner.h"
#include "core/accounts/typedaccount.h"
#include "core/base/json.h"
#include "core/base/logging.h"
#include "core/store/apprepository.h"
#include "core/store/inboxdeletion.h"
#include "core/store/inboxrepository.h"
#include "core/store/writer.h"

#include <QJsonArray>
#include <QTimer>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr qsizetype kLongestValue = 4096;

Error invalid(const QString &field, const QString &why)
{
    return {Error::Kind::Invalid, why, field};
}

QJsonObject appJson(Channel channel, const AppCredentials &app)
{
    QJsonArray set;
    if (!app.appSecret.isEmpty())
        set.append(u"app_secret"_s);
    if (!app.verifyToken.isEmpty())
        set.append(u"verify_token"_s);
    return {{u"channel"_s, channelName(channel)}, {u"settings"_s, QJsonObject{{u"app_id"_s, json::orNull(app.appId)}}}, {u"secrets_set"_s, set}};
}

/// The text of `key`, where it is given; Invalid where it is no non-empty text.
Result<std::optional<QString>> textOf(const QJsonObject &from, QLatin1StringView key)
{
    const QJsonValue value = from.value(key);
    if (value.isUndefined() || value.isNull())
        return std::optional<QString>();
    const QString text = json::cleanText(value.toString()).trimmed();
    if (text.isEmpty() || text.size() > kLongestValue)
        return invalid(QString(key), u"must be a non-empty text"_s);
    return std::optional(text);
}

Result<void> refuseUnknown(const QJsonObject &object, std::initializer_list<QLatin1StringView> known)
{
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (std::none_of(known.begin(), known.end(), [&it](QLatin1StringView key) { return it.key() == key; }))
            return invalid(it.key(), u"unknown"_s);
    }
    return {};
}

Result<CredentialVault::AppChange> appChangeOf(const QJsonObject &settings, const QJsonObject &secrets)
{
    for (const auto &known : {refuseUnknown(settings, {"app_id"_L1}), refuseUnknown(secrets, {"app_secret"_L1, "verify_token"_L1})}) {
        if (!known)
            return known.error();
    }
    const auto appId = textOf(settings, "app_id"_L1);
    const auto appSecret = textOf(secrets, "app_secret"_L1);
    const auto verifyToken = textOf(secrets, "verify_token"_L1);
    for (const auto *text : {&appId, &appSecret, &verifyToken}) {
        if (!*text)
            return text->error();
    }
    return CredentialVault::AppChange{.appId = *appId, .appSecret = *appSecret, .verifyToken = *verifyToken};
}

/// Only what is given is written, so that two changes at once lose nothing.
Result<void> storeApp(WriteTransaction &tx, Channel channel, const CredentialVault::AppChange &change, const QList<CredentialVault::Sealed> &sealed)
{
    const auto known = apps::find(tx, channel);
    if (!known)
        return known.error();
    QJsonObject settings = *known ? (*known)->settings : QJsonObject();
    if (change.appId)
        settings.insert(u"app_id"_s, *change.appId);
    if (const auto stored = apps::store(tx, channel, settings); !stored)
        return stored;
    return CredentialVault::store(tx, sealed);
}

} // namespace

Accounts::Accounts(const Surroundings &s, QObject *parent)
    : QObject(parent)
    , m_database(s.database)
    , m_secrets(s.secrets)
    , m_channels(s.channels)
    , m_http(s.http)
    , m_clock(s.clock)
    , m_random(s.random)
    , m_mailbox(s.mailbox)
    , m_publicUrl(s.publicUrl)
    , m_ownUrl(s.ownUrl)
    , m_vault(s.database, s.secrets, s.channels, s.random, s.mailbox)
    , m_tokens(s.database, m_vault, s.channels, s.http, s.clock, s.mailbox)
    , m_connect(s.database, s.secrets, m_vault, s.channels, s.http, s.clock, s.random, s.publicUrl, s.mailbox)
    , m_ours(s.database, s.mailbox)
    , m_registrar(m_ours, m_vault, s.channels, s.http, s.publicUrl)
    , m_subscriptions(Subscriptions::Surroundings{s.database, m_vault, m_tokens, m_ours, s.channels, s.http, s.mailbox, s.publicUrl})
    , m_farewells(farewellSurroundings())
{
    connect(&m_secrets, &SecretStore::unlocked, this, &Accounts::loadVault);
    connect(&m_connect, &ConnectFlow::connected, this, [this](InboxId inbox, Channel channel) {
        emit inboxConnected(inbox);
        if (m_subscriptions.isPerAccount(channel)) {
            m_subscriptions.ensure(inbox, isTakenOver(channel), [](const Subscriptions::State &) {});
            return;
        }
        m_registrar.ensure(channel, false, [channel](const WebhookRegistrar::State &state) {
            qCInfo(lcAccounts).noquote() << channelName(channel) << "webhook:" << state.detail;
        });
    });
    connect(&m_tokens, &TokenKeeper::inboxGivenBack, this, &Accounts::inboxConnected);
    connect(&m_subscriptions, &Subscriptions::attempted, this, &Accounts::subscriptionsChanged);
    connect(&m_subscriptions, &Subscriptions::feedIsFree, this, &Accounts::inboxChanged);
    connect(&m_tokens, &TokenKeeper::inboxNeedsOwner, this, [this](InboxId inbox) { emit inboxChanged(inbox); });
    connect(&m_registrar, &WebhookRegistrar::lookedAtAll, &m_subscriptions, &Subscriptions::ensureAll);
}

Accounts::~Accounts() = default;

void Accounts::start()
{
    m_database.writer().write<void>(Writer::Priority::Background, "resume deletions", inboxes::resumeDeletions, m_mailbox, [](const Result<void> &resumed) {
        if (!resumed)
            qCWarning(lcAccounts).noquote() << "deletions not resumed:" << describe(resumed.error());
    });
    if (m_secrets.isUnlocked())
        loadVault();
    else
        m_secrets.start();
}

void Accounts::setPublicUrl(const QUrl &url)
{
    m_publicUrl = url;
    noteAddresses();
    m_connect.setPublicUrl(url);
    m_subscriptions.setPublicUrl(url);
    m_registrar.setPublicUrl(url);   // which has the subscriptions looked at, too
}

void Accounts::loadVault()
{
    const QPointer<Accounts> self(this);
    m_vault.load([self](const Result<void> &loaded) {
        if (!self)
            return;
        if (!loaded) {
            qCCritical(lcAccounts).noquote() << "credentials not loaded:" << describe(loaded.error());
            QTimer::singleShot(2s, self.data(), &Accounts::loadVault);
            emit self->notLoaded();
            return;
        }
        const QList<Channel> signing = self->addressSigners();
        for (const Channel channel : signing) {
            self->m_ours.load(channel, [self] {
                if (self)
                    self->noteAddresses();
            });
        }
        self->noteAddresses();
        self->askOwnersOfLostTokens();
        self->m_tokens.start();
        self->m_registrar.start();
        emit self->ready();
    });
}

/// Where an account has one receiver at all, who connects it here, or has it delivered otherwise, wants it here. Others may well have another on purpose.
bool Accounts::isTakenOver(Channel channel) const
{
    const ChannelAdapter *adapter = m_channels.adapter(channel);
    return adapter && adapter->webhookRules().hasOneReceiver;
}

/// The channels whose signatures cover the address, too.
QList<Channel> Accounts::addressSigners() const
{
    QList<Channel> signing = m_channels.channels();
    signing.removeIf([this](Channel channel) { return !m_channels.adapter(channel)->webhookRules().signsAddress; });
    return signing;
}

/// The current one, the former ones (a webhook may be on its way to them), the listener's own.
void Accounts::noteAddresses()
{
    const auto plain = [](QString address) {
        while (address.endsWith(u'/'))
            address.chop(1);
        return address;
    };
    QStringList addresses{plain(m_publicUrl.toString())};
    const QList<Channel> signing = addressSigners();
    for (const Channel channel : signing) {
        const QString route = webhookRoute(m_channels.adapter(channel)->webhookRules());
        const QStringList former = m_ours.all(channel);
        for (auto it = former.crbegin(); it != former.crend(); ++it)
            addresses.append(it->section(route, 0, 0));
    }
    addresses.append(plain(m_ownUrl.toString()));
    addresses.removeAll(QString());
    addresses.removeDuplicates();
    m_vault.setAddresses(addresses);
}

void Accounts::settle(InboxId inbox, std::function<void()> done)
{
    const auto account = m_vault.account(inbox);
    if (!account || !m_subscriptions.isPerAccount(account->channel))
        done();
    else
        m_subscriptions.ensure(inbox, false, [done = std::move(done)](const Subscriptions::State &) { done(); });
}

bool Accounts::isOurs(InboxId inbox, const QUrl &callback) const
{
    const auto account = m_vault.account(inbox);
    return account && m_subscriptions.isOurs(*account, callback);
}

void Accounts::askOwnersOfLostTokens()
{
    const QList<CredentialVault::Account> accounts = m_vault.accounts();
    for (const CredentialVault::Account &account : accounts) {
        if (account.credentials.accessToken.isEmpty())
            m_tokens.requireOwner(account.inbox, u"credentials_lost"_s);
    }
}

void Accounts::handleCallback(Channel channel, const QByteArray &query, std::function<void(Page)> done)
{
    m_connect.finish(channel, query, [done = std::move(done)](const Result<Inbox> &inbox) {
        if (inbox) {
            done({.status = 200, .title = u"Connected"_s, .text = u"%1 is connected. You can close this window."_s.arg(inbox->name)});
            return;
        }
        const Error &error = inbox.error();
        qCWarning(lcAccounts).noquote() << "connecting failed:" << describe(error);
        const bool isTheirs = error.kind == Error::Kind::Network || error.kind == Error::Kind::Timeout || error.kind == Error::Kind::Unavailable
            || error.kind == Error::Kind::Storage;
        const int status = error.kind == Error::Kind::Cancelled ? 200 : isTheirs ? 502 : 400;
        const QString what = error.kind == Error::Kind::Cancelled ? u"Authorization was cancelled: "_s : QString();
        done({.status = status, .title = u"Not connected"_s, .text = what + error.detail + u" Go back to Antiphon and try again."_s});
    });
}

void Accounts::getApp(Channel channel, Done<QJsonObject> done)
{
    const auto app = m_vault.app(channel);
    done(app ? Result<QJsonObject>(appJson(channel, *app)) : Result<QJsonObject>(app.error()));
}

void Accounts::setApp(Channel channel, const QJsonObject &settings, const QJsonObject &secrets, Done<QJsonObject> done)
{
    const auto known = m_vault.app(channel);
    if (!known && known.error().kind != Error::Kind::NotFound) {
        done(known.error());
        return;
    }
    if (!m_channels.adapter(channel)) {
        done(invalid(u"channel"_s, u"this channel is not built in"_s));
        return;
    }
    const auto given = appChangeOf(settings, secrets);
    if (!given) {
        done(given.error());
        return;
    }
    CredentialVault::AppChange change = *given;
    const WebhookRules rules = m_channels.adapter(channel)->webhookRules();
    const bool asksForWord = rules.isVerifiedByGet && !hasOwnAddress(rules);                   // else each inbox has a word of its own
    if (asksForWord && !change.verifyToken && (!known || known->verifyToken.isEmpty()))
        change.verifyToken = newVerifyToken(m_random);
    const auto sealed = m_vault.seal(channel, change);
    if (!sealed) {
        done(sealed.error());
        return;
    }
    const QPointer<Accounts> self(this);
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "store app",
        [channel, change, sealed = *sealed](WriteTransaction &tx) { return storeApp(tx, channel, change, sealed); }, m_mailbox,
        [self, channel, change, done = std::move(done)](const Result<void> &stored) {
            if (!self)
                return;
            if (!stored) {
                done(stored.error());
                return;
            }
            const AppCredentials app = self->m_vault.remember(channel, change);
            self->m_registrar.ensureAll();
            done(appJson(channel, app));
        });
}

void Accounts::deleteInbox(InboxId id, Done<void> done)
{
    if (!m_vault.isLoaded()) {   // its consent is to be given back
        done(Error{Error::Kind::Unavailable, u"secrets are locked"_s});
        return;
    }
    const QPointer<Accounts> self(this);
    using LastWebhook = std::optional<Timestamp>;
    m_database.writer().write<LastWebhook>(
        Writer::Priority::Urgent, "delete inbox",
        [id](WriteTransaction &tx) -> Result<LastWebhook> {
            const auto row = inboxes::find(tx, id);
            if (!row)
                return row.error();
            if (*row) {
                if (const auto noted = deletedaccounts::remember(tx, (*row)->inbox); !noted)
                    return noted.error();
            }
            if (const auto begun = inboxes::beginDeletion(tx, id); !begun)
                return begun.error();
            if (const auto removed = CredentialVault::removeOf(tx, id); !removed)
                return removed.error();
            return *row ? (*row)->lastWebhookAt : std::nullopt;
        },
        m_mailbox, [self, id, done = std::move(done)](const Result<LastWebhook> &deleted) {
            if (!self)
                return;
            if (deleted)
                self->finishDeletion(id, *deleted);
            done(deleted ? Result<void>() : Result<void>(deleted.error()));
        });
}

/// Tells the platform to send nothing more, and gives the consent back.
void Accounts::finishDeletion(InboxId id, std::optional<Timestamp> lastWebhookAt)
{
    const auto account = m_vault.account(id);
    m_vault.forget(id);
    emit inboxChanged(id);
    emit subscriptionsChanged();
    if (!account || account->credentials.accessToken.isEmpty() || !m_channels.adapter(account->channel))
        return;
    const auto app = m_vault.app(account->channel);
    m_farewells.tell({.inbox = account->inbox,
                      .channel = account->channel,
                      .credentials = m_vault.complete(*account),
                      .app = app ? std::optional(*app) : std::nullopt,
                      .callback = m_subscriptions.callback(*account),
                      .lastWebhookAt = lastWebhookAt});
}

QList<InboxId> Accounts::sameAccount(const Farewells::Parting &parting) const
{
    const AccountAdapter *adapter = m_channels.accounts(parting.channel);
    QList<InboxId> same;
    const QList<CredentialVault::Account> others = m_vault.accounts();
    for (const CredentialVault::Account &other : others) {
        if (adapter && other.inbox != parting.inbox && other.channel == parting.channel && adapter->isSameAccount(other.credentials, parting.credentials))
            same.append(other.inbox);
    }
    return same;
}

QList<InboxId> Accounts::sameSubscription(const Farewells::Parting &parting) const
{
    const auto keyOf = [this](Channel channel, const InboxCredentials &credentials) {
        const AccountAdapter *adapter = m_channels.accounts(channel);
        return adapter ? adapter->subscriptionKey(credentials) : QString();
    };
    const QString key = keyOf(parting.channel, parting.credentials);
    QList<InboxId> same = sameAccount(parting);
    const QList<CredentialVault::Account> others = m_vault.accounts();
    for (const CredentialVault::Account &other : others) {
        if (!key.isEmpty() && other.inbox != parting.inbox && !same.contains(other.inbox) && keyOf(other.channel, other.credentials) == key)
            same.append(other.inbox);
    }
    return same;
}

Farewells::Surroundings Accounts::farewellSurroundings()
{
    return {.channels = m_channels,
            .http = m_http,
            .clock = m_clock,
            .ours = m_ours,
            .sameAccount = [this](const Farewells::Parting &parting) { return sameAccount(parting); },
            .sameSubscription = [this](const Farewells::Parting &parting) { return sameSubscription(parting); },
            .ensure = [this](InboxId inbox) { m_subscriptions.ensure(inbox, false, [](const Subscriptions::State &) {}); }};
}

void Accounts::verifyToken(Channel channel, InboxId id, Done<QString> done)
{
    if (!m_vault.isLoaded()) {
        done(Error{Error::Kind::Unavailable, u"secrets are locked"_s});
        return;
    }
    const auto account = id ? m_vault.account(id) : std::nullopt;
    if (id && !account) {
        done(Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s});
        return;
    }
    if (account && !account->credentials.verifyToken.isEmpty()) {
        done(account->credentials.verifyToken);
        return;
    }
    const auto app = m_vault.app(account ? m_vault.application(*account) : channel);
    if (!app || app->verifyToken.isEmpty())
        done(Error{Error::Kind::NotFound, u"no verify token is entered or made"_s});
    else
        done(app->verifyToken);
}

void Accounts::authorize(Channel channel, InboxId id, Done<QUrl> done)
{
    if (id && m_vault.isLoaded() && !m_vault.account(id)) {
        done(Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s});
        return;
    }
    const auto account = id ? m_vault.account(id) : std::nullopt;
    const AccountAdapter *adapter = account ? m_channels.accounts(account->channel) : nullptr;
    const QString way = adapter ? adapter->fields().way : QString();
    if (!way.isEmpty() && account->credentials.settings.contains(way)) {
        done(invalid(u"id"_s, u"this inbox was not connected by consent: enter new credentials for its %1"_s.arg(way)));
        return;
    }
    m_connect.authorize(channel, id, std::move(done));
}

void Accounts::authorizePaste(const QUrl &callback, Done<Inbox> done)
{
    const QStringList parts = callback.path().split(u'/', Qt::SkipEmptyParts);
    const auto channel = parts.size() >= 2 && parts.last() == "callback"_L1 ? channelFromName(parts.at(parts.size() - 2)) : std::nullopt;
    if (!callback.isValid() || !channel) {
        done(invalid(u"url"_s, u"this is not the address of a callback (…/callback?…)"_s));
        return;
    }
    m_connect.finish(*channel, callback.query(QUrl::FullyEncoded).toLatin1(), [done = std::move(done)](const Result<Inbox> &inbox) {
        if (inbox || inbox.error().kind != Error::Kind::Unauthorized) {
            done(inbox);
            return;
        }
        Error error = inbox.error();   // towards an agent "unauthorized" is about their own session
        error.kind = Error::Kind::Invalid;
        error.field = u"url"_s;
        done(error);
    });
}

void Accounts::noteProbe(const QString &nonce)
{
    m_probes.remove(nonce);
}

} // namespace antiphon
