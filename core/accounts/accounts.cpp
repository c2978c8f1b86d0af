#include "core/accounts/accounts.h"

#include "core/accounts/operationrunner.h"
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

/// Takes `key` of `from` into `into` where it is given; Invalid where it is no non-empty text.
Result<void> takeText(const QJsonObject &from, QLatin1StringView key, QString &into)
{
    const QJsonValue value = from.value(key);
    if (value.isUndefined())
        return {};
    const QString text = value.toString().trimmed();
    if (text.isEmpty() || text.size() > 4096)
        return invalid(QString(key), u"must be a non-empty text"_s);
    into = text;
    return {};
}

Result<void> refuseUnknown(const QJsonObject &object, std::initializer_list<QLatin1StringView> known)
{
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (std::none_of(known.begin(), known.end(), [&it](QLatin1StringView key) { return it.key() == key; }))
            return invalid(it.key(), u"unknown"_s);
    }
    return {};
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
    , m_vault(s.database, s.secrets, s.random, s.mailbox)
    , m_tokens(s.database, m_vault, s.channels, s.http, s.clock, s.mailbox)
    , m_connect(s.database, m_vault, s.channels, s.http, s.clock, s.random, s.publicUrl, s.mailbox)
    , m_registrar(s.database, m_vault, s.channels, s.http, s.publicUrl, s.mailbox)
{
    connect(&m_secrets, &SecretStore::unlocked, this, &Accounts::loadVault);
    connect(&m_connect, &ConnectFlow::connected, this, [this](InboxId inbox, Channel channel) {
        emit inboxConnected(inbox);
        m_registrar.ensure(channel, false, [channel](const WebhookRegistrar::State &state) {
            qCInfo(lcAccounts).noquote() << channelName(channel) << "webhook:" << state.detail;
        });
    });
}

Accounts::~Accounts() = default;

void Accounts::start()
{
    m_secrets.start();
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
            return;
        }
        self->m_tokens.start();
        self->m_registrar.start();
        emit self->ready();
    });
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
        done({.status = status, .title = u"Not connected"_s, .text = error.detail + u" Go back to Antiphon and try again."_s});
    });
}

void Accounts::getApp(Channel channel, Done<QJsonObject> done)
{
    const auto app = m_vault.app(channel);
    done(app ? Result<QJsonObject>(appJson(channel, *app)) : Result<QJsonObject>(app.error()));
}

void Accounts::setApp(Channel channel, const QJsonObject &settings, const QJsonObject &secrets, Done<QJsonObject> done)
{
    auto known = m_vault.app(channel);
    if (!known && known.error().kind != Error::Kind::NotFound) {
        done(known.error());
        return;
    }
    AppCredentials app = known ? *known : AppCredentials{};
    for (const auto &step : {refuseUnknown(settings, {"app_id"_L1}), refuseUnknown(secrets, {"app_secret"_L1, "verify_token"_L1}),
                             takeText(settings, "app_id"_L1, app.appId), takeText(secrets, "app_secret"_L1, app.appSecret),
                             takeText(secrets, "verify_token"_L1, app.verifyToken)}) {
        if (!step) {
            done(step.error());
            return;
        }
    }
    if (!m_channels.adapter(channel)) {
        done(invalid(u"channel"_s, u"this channel is not built in"_s));
        return;
    }
    const auto sealed = m_vault.seal(channel, app);
    if (!sealed) {
        done(sealed.error());
        return;
    }
    const QPointer<Accounts> self(this);
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "store app",
        [channel, app, sealed = *sealed](WriteTransaction &tx) -> Result<void> {
            if (const auto stored = apps::store(tx, channel, {{u"app_id"_s, app.appId}}); !stored)
                return stored;
            return CredentialVault::store(tx, sealed);
        },
        m_mailbox, [self, channel, app, done = std::move(done)](const Result<void> &stored) {
            if (self && stored)
                self->m_vault.remember(channel, app);
            done(stored ? Result<QJsonObject>(appJson(channel, app)) : Result<QJsonObject>(stored.error()));
        });
}

void Accounts::tryCredentials(Channel channel, const InboxCredentials &credentials, Done<AccountProfile> done)
{
    const AccountAdapter *adapter = m_channels.accounts(channel);
    if (!adapter) {
        done(invalid(u"channel"_s, u"this channel is not built in"_s));
        return;
    }
    runOperation<AccountProfile>(m_http, adapter->profile(credentials, m_channels.endpoints(channel)),
                                 [done = std::move(done)](const Result<AccountProfile> &profile) {
                                     if (profile) {
                                         done(profile);
                                         return;
                                     }
                                     const Error &error = profile.error();
                                     const bool isTransport = error.kind == Error::Kind::Network || error.kind == Error::Kind::Timeout;
                                     done(isTransport ? Error{Error::Kind::Unavailable, u"the platform could not be reached: "_s + error.detail}
                                                      : invalid(u"access_token"_s, u"the platform refused it: "_s + error.detail));
                                 });
}

void Accounts::createInbox(Channel channel, const InboxInput &input, Done<Inbox> done)
{
    TokenGrant grant;
    const QJsonObject settings = input.settings.value_or(QJsonObject());
    const QJsonObject secrets = input.secrets.value_or(QJsonObject());
    for (const auto &step : {refuseUnknown(secrets, {"access_token"_L1, "refresh_token"_L1}), takeText(settings, "business_id"_L1, grant.account),
                             takeText(secrets, "access_token"_L1, grant.accessToken), takeText(secrets, "refresh_token"_L1, grant.refreshToken)}) {
        if (!step) {
            done(step.error());
            return;
        }
    }
    for (const auto &[field, value] : {std::pair(u"business_id"_s, grant.account), std::pair(u"access_token"_s, grant.accessToken),
                                       std::pair(u"refresh_token"_s, grant.refreshToken)}) {
        if (value.isEmpty()) {
            done(invalid(field, u"is missing"_s));
            return;
        }
    }
    const QList<CredentialVault::Account> connected = m_vault.accounts();
    for (const CredentialVault::Account &account : connected) {
        if (account.channel == channel && account.credentials.account == grant.account) {
            done(Error{Error::Kind::Conflict, u"this account is connected already"_s, u"business_id"_s});
            return;
        }
    }
    const QPointer<Accounts> self(this);
    tryCredentials(channel, {.account = grant.account, .accessToken = grant.accessToken, .refreshToken = grant.refreshToken},
                   [self, channel, input, grant, done = std::move(done)](const Result<AccountProfile> &profile) {
                       if (!self)
                           return;
                       if (!profile) {
                           done(profile.error());
                           return;
                       }
                       self->m_connect.storeAccount(channel, grant, *profile, input.name.value_or(QString()),
                                                    [self, input, done](const Result<Inbox> &inbox) {
                           InboxInput rest{.settings = input.settings, .delivery = input.delivery};
                           if (self && inbox && (rest.settings || rest.delivery))
                               self->storeUpdate(inbox->id, rest, done);
                           else
                               done(inbox);
                       });
                   });
}

void Accounts::updateInbox(InboxId id, const InboxInput &input, Done<Inbox> done)
{
    if (!input.secrets) {
        storeUpdate(id, input, std::move(done));
        return;
    }
    auto account = m_vault.account(id);
    if (!account) {
        done(Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s});
        return;
    }
    for (const auto &step : {refuseUnknown(*input.secrets, {"access_token"_L1, "refresh_token"_L1}),
                             takeText(*input.secrets, "access_token"_L1, account->credentials.accessToken),
                             takeText(*input.secrets, "refresh_token"_L1, account->credentials.refreshToken)}) {
        if (!step) {
            done(step.error());
            return;
        }
    }
    const QPointer<Accounts> self(this);
    tryCredentials(account->channel, account->credentials, [self, id, input, account = *account, done = std::move(done)](const Result<AccountProfile> &profile) {
        if (!self)
            return;
        if (!profile) {
            done(profile.error());
            return;
        }
        const TokenGrant grant{.account = account.credentials.account,
                               .accessToken = account.credentials.accessToken,
                               .refreshToken = account.credentials.refreshToken};
        self->m_connect.storeAccount(account.channel, grant, *profile, {}, [self, id, input, done](const Result<Inbox> &stored) {
            if (!self || !stored) {
                done(stored);
                return;
            }
            InboxInput rest = input;
            rest.secrets.reset();
            self->storeUpdate(id, rest, done);
        });
    });
}

void Accounts::storeUpdate(InboxId id, const InboxInput &input, Done<Inbox> done)
{
    const QPointer<Accounts> self(this);
    m_database.writer().write<Inbox>(
        Writer::Priority::Urgent, "update inbox",
        [id, input](WriteTransaction &tx) -> Result<Inbox> {
            const auto row = inboxes::find(tx, id);
            if (!row)
                return row.error();
            if (!*row)
                return Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s};
            Inbox inbox = (*row)->inbox;
            if (input.name)
                inbox.name = *input.name;
            if (input.delivery)
                inbox.delivery = *input.delivery;
            if (input.settings) {
                for (auto it = input.settings->begin(); it != input.settings->end(); ++it)
                    inbox.settings.insert(it.key(), it.value());
            }
            if (const auto updated = inboxes::update(tx, inbox); !updated)
                return updated.error();
            const bool waitsForOwner = inbox.state == Inbox::State::ReauthorizationRequired && input.state == Inbox::State::Active;
            if (input.state && !waitsForOwner) {   // switching it on doesn't replace the owner's consent
                if (const auto set = inboxes::setState(tx, id, *input.state, {}); !set)
                    return set.error();
                inbox.state = *input.state;
            }
            return inbox;
        },
        m_mailbox, [self, id, done = std::move(done)](const Result<Inbox> &stored) {
            if (self && stored) {
                if (auto account = self->m_vault.account(id)) {
                    account->state = stored->state;
                    self->m_vault.remember(*account);
                }
                if (stored->state == Inbox::State::Active)
                    emit self->inboxConnected(id);
            }
            done(stored);
        });
}

void Accounts::deleteInbox(InboxId id, Done<void> done)
{
    const auto account = m_vault.account(id);
    const auto app = account ? m_vault.app(account->channel) : Result<AppCredentials>(Error{});
    if (account && app && !account->credentials.accessToken.isEmpty()) {   // a failure here changes nothing for the owner
        m_http.send(m_channels.accounts(account->channel)->revoke(account->credentials.accessToken, *app, m_channels.endpoints(account->channel)),
                    [](const HttpReply &) {});
    }
    const QPointer<Accounts> self(this);
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "delete inbox",
        [id](WriteTransaction &tx) -> Result<void> {
            if (const auto removed = CredentialVault::removeOf(tx, id); !removed)
                return removed;
            return inboxes::beginDeletion(tx, id);
        },
        m_mailbox, [self, id, done = std::move(done)](const Result<void> &deleted) {
            if (self && deleted)
                self->m_vault.forget(id);
            done(deleted);
        });
}

void Accounts::authorize(Channel channel, InboxId id, Done<QUrl> done)
{
    if (id && !m_vault.account(id)) {
        done(Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s});
        return;
    }
    m_connect.authorize(channel, id, std::move(done));
}

void Accounts::authorizePaste(const QUrl &callback, Done<Inbox> done)
{
    const QStringList parts = callback.path().split(u'/', Qt::SkipEmptyParts);
    const auto channel = parts.size() >= 2 && parts.last() == "callback"_L1 ? channelFromName(parts.at(parts.size() - 2)) : std::nullopt;
    if (!callback.isValid() || !channel) {
        done(invalid(u"url"_s, u"this is not the address of a callback (…/tiktok/callback?…)"_s));
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
