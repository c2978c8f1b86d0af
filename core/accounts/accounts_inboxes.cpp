#include "core/accounts/accounts.h"
#include "core/accounts/operationrunner.h"
#include "core/base/json.h"
#include "core/store/inboxrepository.h"
#include "core/store/writer.h"

/// Inboxes by credentials that an agent types in, and changes to them.
namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kLongestValue = 4096;

Error invalid(const QString &field, const QString &why)
{
    return {Error::Kind::Invalid, why, field};
}

Error locked()
{
    return {Error::Kind::Unavailable, u"secrets are locked"_s};
}

/// Takes `key` of `from` into `into` where it is given; Invalid where it is no non-empty text.
Result<void> takeText(const QJsonObject &from, QLatin1StringView key, QString &into)
{
    const QJsonValue value = from.value(key);
    if (value.isUndefined() || value.isNull())
        return {};
    const QString text = json::cleanText(value.toString()).trimmed();
    if (text.isEmpty() || text.size() > kLongestValue)
        return invalid(QString(key), u"must be a non-empty text"_s);
    into = text;
    return {};
}

Result<void> takeTokens(const QJsonObject &secrets, QString &accessToken, QString &refreshToken)
{
    for (auto it = secrets.begin(); it != secrets.end(); ++it) {
        if (it.key() != "access_token"_L1 && it.key() != "refresh_token"_L1)
            return invalid(it.key(), u"unknown"_s);
    }
    if (const auto taken = takeText(secrets, "access_token"_L1, accessToken); !taken)
        return taken;
    return takeText(secrets, "refresh_token"_L1, refreshToken);
}

Result<TokenGrant> pastedGrant(const QJsonObject &settings, const QJsonObject &secrets)
{
    TokenGrant grant;
    if (const auto taken = takeText(settings, "business_id"_L1, grant.account); !taken)
        return taken.error();
    if (const auto taken = takeTokens(secrets, grant.accessToken, grant.refreshToken); !taken)
        return taken.error();
    for (const auto &[field, value] : {std::pair(u"business_id"_s, grant.account), std::pair(u"access_token"_s, grant.accessToken),
                                       std::pair(u"refresh_token"_s, grant.refreshToken)}) {
        if (value.isEmpty())
            return invalid(field, u"is missing"_s);
    }
    return grant;
}

/// What the platform's "no" to typed credentials means to who typed them.
Error credentialsError(const Error &error)
{
    switch (error.kind) {
    case Error::Kind::Unauthorized:
    case Error::Kind::Forbidden:
    case Error::Kind::Invalid:
    case Error::Kind::NotFound: return invalid(u"access_token"_s, u"the platform refused it: "_s + error.detail);
    default: return {Error::Kind::Unavailable, u"the platform could not be asked: "_s + error.detail, {}, error.retryAfter, error.code};
    }
}

} // namespace

void Accounts::tryCredentials(Channel channel, const InboxCredentials &credentials, Done<AccountProfile> done)
{
    const AccountAdapter *adapter = m_channels.accounts(channel);
    if (!adapter) {
        done(invalid(u"channel"_s, u"this channel is not built in"_s));
        return;
    }
    runOperation<AccountProfile>(
        m_http, adapter->profile(credentials, m_channels.endpoints(channel)),
        [done = std::move(done)](const Result<AccountProfile> &profile) { done(profile ? profile : Result<AccountProfile>(credentialsError(profile.error()))); });
}

void Accounts::createInbox(Channel channel, const InboxInput &input, Done<Inbox> done)
{
    if (!m_vault.isLoaded() || !m_vault.canSeal()) {
        done(locked());
        return;
    }
    QJsonObject settings = input.settings.value_or(QJsonObject());
    const auto grant = pastedGrant(settings, input.secrets.value_or(QJsonObject()));
    if (!grant) {
        done(grant.error());
        return;
    }
    const QList<CredentialVault::Account> connected = m_vault.accounts();
    for (const CredentialVault::Account &account : connected) {
        if (account.channel == channel && account.credentials.account == grant->account) {
            done(Error{Error::Kind::Conflict, u"this account is connected already"_s, u"business_id"_s});
            return;
        }
    }
    settings.remove("business_id"_L1);
    ConnectedAccount account{.channel = channel,
                             .grant = *grant,
                             .name = input.name.value_or(QString()),
                             .settings = settings,
                             .delivery = input.delivery,
                             .mustBeNew = true};
    const QPointer<Accounts> self(this);
    tryCredentials(channel, {.account = grant->account, .accessToken = grant->accessToken, .refreshToken = grant->refreshToken},
                   [self, account, done = std::move(done)](const Result<AccountProfile> &profile) mutable {
                       if (!self)
                           return;
                       if (!profile) {
                           done(profile.error());
                           return;
                       }
                       account.profile = *profile;
                       self->m_connect.storeAccount(account, done);
                   });
}

void Accounts::updateInbox(InboxId id, const InboxInput &input, Done<Inbox> done)
{
    if (input.secrets && !input.secrets->isEmpty())
        updateSecrets(id, input, std::move(done));
    else
        storeUpdate(id, input, std::move(done));
}

void Accounts::updateSecrets(InboxId id, const InboxInput &input, Done<Inbox> done)
{
    if (!m_vault.isLoaded() || !m_vault.canSeal()) {
        done(locked());
        return;
    }
    auto account = m_vault.account(id);
    if (!account) {
        done(Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s});
        return;
    }
    if (const auto taken = takeTokens(*input.secrets, account->credentials.accessToken, account->credentials.refreshToken); !taken) {
        done(taken.error());
        return;
    }
    const QPointer<Accounts> self(this);
    tryCredentials(account->channel, account->credentials, [self, id, input, account = *account, done = std::move(done)](const Result<AccountProfile> &profile) {
        if (!self)
            return;
        if (!profile) {
            done(profile.error());
            return;
        }
        const ConnectedAccount proven{.channel = account.channel,
                                      .grant = {.account = account.credentials.account,
                                                .accessToken = account.credentials.accessToken,
                                                .refreshToken = account.credentials.refreshToken},
                                      .profile = *profile,
                                      .expected = id};
        self->m_connect.storeAccount(proven, [self, id, input, done](const Result<Inbox> &stored) {
            if (!self || !stored || !(input.name || input.settings || input.delivery || input.state))
                done(stored);
            else
                self->storeUpdate(id, input, done);
        });
    });
}

struct Accounts::Changed {
    Inbox inbox{};
    bool becameActive = false;
};

Result<Accounts::Changed> Accounts::changeInbox(WriteTransaction &tx, InboxId id, const InboxInput &input)
{
    const auto row = inboxes::find(tx, id);
    if (!row)
        return row.error();
    if (!*row)
        return Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s};
    const QString reason = (*row)->stateReason;
    Changed changed{.inbox = (*row)->inbox};
    Inbox &inbox = changed.inbox;
    inbox.name = input.name.value_or(inbox.name);
    inbox.delivery = input.delivery.value_or(inbox.delivery);
    if (input.settings) {
        const auto settings = changedSettings(inbox.settings, *input.settings);
        if (!settings)
            return settings.error();
        inbox.settings = *settings;
    }
    if (input.name || input.delivery || input.settings) {
        if (const auto updated = inboxes::update(tx, inbox); !updated)
            return updated.error();
    }
    if (!input.state)
        return changed;
    // Switching it on doesn't replace the owner's consent: what it waited for stays known while it is off.
    const Inbox::State before = inbox.state;
    const bool waits = *input.state == Inbox::State::Active && (before == Inbox::State::ReauthorizationRequired || !reason.isEmpty());
    inbox.state = waits ? Inbox::State::ReauthorizationRequired : *input.state;
    if (const auto set = inboxes::setState(tx, id, inbox.state, reason); !set)
        return set.error();
    changed.becameActive = before != Inbox::State::Active && inbox.state == Inbox::State::Active;
    return changed;
}

void Accounts::storeUpdate(InboxId id, const InboxInput &input, Done<Inbox> done)
{
    const QPointer<Accounts> self(this);
    m_database.writer().write<Changed>(
        Writer::Priority::Urgent, "update inbox", [id, input](WriteTransaction &tx) { return changeInbox(tx, id, input); }, m_mailbox,
        [self, id, done = std::move(done)](const Result<Changed> &stored) {
            if (!self)
                return;
            if (!stored) {
                done(stored.error());
                return;
            }
            self->m_vault.rememberState(id, stored->inbox.state);
            if (stored->becameActive)
                emit self->inboxConnected(id);
            done(stored->inbox);
        });
}

} // namespace antiphon
