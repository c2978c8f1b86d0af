#include "core/accounts/accounts.h"
#include "core/accounts/operationrunner.h"
#include "core/accounts/typedaccount.h"
#include "core/base/logging.h"
#include "core/store/conversationrepository.h"
#include "core/store/inboxrepository.h"
#include "core/store/writer.h"

/// Inboxes by credentials that an agent types in, and changes to them.
namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr Milliseconds kLongestWindow = std::chrono::hours(8 * 24);
constexpr int kWindowsAtOnce = 500;
constexpr int kSigningBits = 256;
constexpr Milliseconds kFormerSecretIsGood = std::chrono::hours(24);

Error invalid(const QString &field, const QString &why)
{
    return {Error::Kind::Invalid, why, field};
}

/// Windows that closed longer ago than any rule is long stay closed, whatever the rule.
Result<bool> moveWindows(WriteTransaction &tx, InboxId inbox, std::chrono::hours length)
{
    return conversations::moveWindows(tx, inbox, length, tx.now() - kLongestWindow, kWindowsAtOnce);
}

/// A slice after the other, beside other work.
void moveMoreWindows(Writer &writer, InboxId inbox, std::chrono::hours length)
{
    const auto work = [&writer, inbox, length](WriteTransaction &tx) -> Result<void> {
        const auto left = moveWindows(tx, inbox, length);
        if (!left)
            return left.error();
        if (*left)
            tx.afterCommit([&writer, inbox, length] { moveMoreWindows(writer, inbox, length); });
        return {};
    };
    writer.submit(Writer::Priority::Background, "move reply windows", work, [](const Result<void> &moved) {
        if (!moved)
            qCWarning(lcAccounts).noquote() << "reply windows not moved:" << describe(moved.error());
    });
}

Error locked()
{
    return {Error::Kind::Unavailable, u"secrets are locked"_s};
}

/// What of the agent's settings is not the account's: that comes from the platform.
QJsonObject withoutAccountSettings(const AccountFields &fields, QJsonObject settings)
{
    const QStringList keys = settings.keys();
    for (const QString &key : keys) {
        if (isAccountSetting(fields, key))
            settings.remove(key);
    }
    return settings;
}

/// Where an owner who runs the platform's server themselves says so: credentials go there. Empty: not on this channel.
QString serverSetting(const ChannelRegistry &channels, Channel channel)
{
    const ChannelAdapter *adapter = channels.adapter(channel);
    return adapter ? adapter->serverSetting() : QString();
}

} // namespace

void Accounts::tryCredentials(Channel channel, const InboxCredentials &credentials, Done<AccountProfile> done)
{
    const AccountAdapter *adapter = m_channels.accounts(channel);
    if (!adapter) {
        done(invalid(u"channel"_s, u"this channel is not built in"_s));
        return;
    }
    runOperation<AccountProfile>(m_http, adapter->profile(credentials, m_channels.endpoints(channel)),
                                 [fields = adapter->fieldsOf(credentials.settings), done = std::move(done)](const Result<AccountProfile> &profile) {
                                     done(profile ? profile : Result<AccountProfile>(typed::refusal(fields, profile.error())));
                                 });
}

/// What was typed, as far as it can be judged without the platform. @param own without what the application adds
Result<InboxCredentials> Accounts::readTyped(Channel channel, const InboxInput &input, InboxCredentials *own)
{
    const AccountAdapter &adapter = *m_channels.accounts(channel);
    const AccountFields fields = adapter.fieldsOf(input.settings.value_or(QJsonObject()));
    if (const auto taken = typed::takeSettings(adapter, input.settings.value_or(QJsonObject()), own); !taken)
        return taken.error();
    if (const auto taken = typed::takeSecrets(adapter, input.secrets.value_or(QJsonObject()), own); !taken)
        return taken.error();
    const InboxCredentials whole = m_vault.complete({.channel = channel, .credentials = *own});
    if (const auto complete = typed::checkComplete(fields, whole); !complete)
        return complete.error();
    if (const auto conflict = connectedAlready(channel, *own))
        return *conflict;
    if (fields.optionalSecrets.contains(u"verify_token"_s) && own->verifyToken.isEmpty())
        own->verifyToken = newVerifyToken(m_random);
    if (fields.makesSigning && own->appSecret.isEmpty())
        own->appSecret = randomToken(m_random, kSigningBits);
    return m_vault.complete({.channel = channel, .credentials = *own});
}

std::optional<Error> Accounts::connectedAlready(Channel channel, const InboxCredentials &credentials) const
{
    const AccountAdapter &adapter = *m_channels.accounts(channel);
    const AccountFields fields = adapter.fieldsOf(credentials.settings);
    const QList<CredentialVault::Account> connected = m_vault.accounts();
    for (const CredentialVault::Account &account : connected) {
        if (account.channel != channel)
            continue;
        if (!credentials.account.isEmpty() && adapter.isSameAccount(account.credentials, credentials))
            return connectedBy(account.inbox, account.credentials.settings.value("username"_L1).toString(), typed::accountField(fields, credentials));
        for (const QString &key : fields.uniqueSettings) {
            const QJsonValue value = credentials.settings.value(key);
            if (value.isString() && account.credentials.settings.value(key) == value)
                return connectedBy(account.inbox, value.toString(), key);
        }
    }
    return std::nullopt;
}

void Accounts::createInbox(Channel channel, const InboxInput &input, Done<Inbox> done)
{
    if (!m_vault.isLoaded() || !m_vault.canSeal()) {
        done(locked());
        return;
    }
    if (!m_channels.accounts(channel)) {
        done(invalid(u"channel"_s, u"this channel is not built in"_s));
        return;
    }
    const QJsonObject settings = input.settings.value_or(QJsonObject());
    const AccountFields fields = m_channels.accounts(channel)->fieldsOf(settings);
    const auto checked = changedSettings(fields, {}, withoutAccountSettings(fields, settings));
    InboxCredentials own;
    const auto typed = checked ? readTyped(channel, input, &own) : Result<InboxCredentials>(checked.error());
    if (!typed) {
        done(typed.error());
        return;
    }
    InboxCredentials whole = *typed;
    for (auto it = checked->begin(); it != checked->end(); ++it) {      // a server of one's own, say
        if (!whole.settings.contains(it.key()))
            whole.settings.insert(it.key(), it.value());
    }
    const QPointer<Accounts> self(this);
    tryCredentials(channel, whole, [self, channel, input, settings, fields, own, done = std::move(done)](const Result<AccountProfile> &profile) mutable {
        if (!self)
            return;
        const auto compared = profile ? typed::compare(fields, settings, *profile, &own) : Result<void>(profile.error());
        if (!compared) {
            done(compared.error());
            return;
        }
        ConnectedAccount account = self->connectedAccount(channel, own, *profile);
        account.name = input.name.value_or(QString());
        account.settings = withoutAccountSettings(fields, settings);
        account.delivery = input.delivery;
        account.mustBeNew = true;
        self->m_connect.storeAccount(account, done);
    });
}

/// Credentials that the platform knew, on their way into the database.
ConnectedAccount Accounts::connectedAccount(Channel channel, const InboxCredentials &own, const AccountProfile &profile) const
{
    const AccountFields fields = m_channels.accounts(channel)->fieldsOf(own.settings);
    return {.channel = channel,
            .fields = fields,
            .grant = {.account = own.account, .accessToken = own.accessToken, .refreshToken = own.refreshToken},
            .profile = profile,
            .appSecret = own.appSecret,
            .verifyToken = own.verifyToken,
            .further = own.further,
            .way = own.settings.value(fields.way).toString(),
            .typedSettings = own.settings};
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
    const AccountAdapter *adapter = m_channels.accounts(account->channel);
    InboxCredentials own = account->credentials;
    if (const auto taken = adapter ? typed::takeSecrets(*adapter, *input.secrets, &own) : Result<void>(invalid(u"channel"_s, u"not built in"_s)); !taken) {
        done(taken.error());
        return;
    }
    const QString server = serverSetting(m_channels, account->channel);
    if (!server.isEmpty() && input.settings && input.settings->contains(server))      // its new server is asked, not the former one
        own.settings.insert(server, input.settings->value(server));
    if (adapter->fieldsOf(own.settings).makesSigning && own.appSecret.isEmpty())      // it was lost with its key
        own.appSecret = randomToken(m_random, kSigningBits);
    const QPointer<Accounts> self(this);
    const InboxCredentials whole = m_vault.complete({.channel = account->channel, .credentials = own});
    tryCredentials(account->channel, whole, [self, id, input, own, account = *account, done = std::move(done)](const Result<AccountProfile> &profile) mutable {
        if (!self)
            return;
        const AccountFields fields = self->m_channels.accounts(account.channel)->fieldsOf(account.credentials.settings);
        const auto compared = profile ? typed::compare(fields, account.credentials.settings, *profile, &own) : Result<void>(profile.error());
        if (!compared) {
            done(compared.error());
            return;
        }
        ConnectedAccount proven = self->connectedAccount(account.channel, own, *profile);
        proven.typedSettings = {};   // nothing of it was typed anew
        proven.expected = id;
        // Of a token that signs, too: the platform may sign by the former one until it is promoted.
        const bool isRotated = fields.signing == fields.token && !account.credentials.appSecret.isEmpty() && account.credentials.appSecret != own.appSecret;
        self->m_connect.storeAccount(proven, [self, id, input, done, former = isRotated ? account.credentials.appSecret : QString()](const Result<Inbox> &stored) {
            if (self && stored && !former.isEmpty())
                self->m_vault.keepFormerSecret(id, former, kFormerSecretIsGood);
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
    bool isDeliveredOtherwise = false;
    std::optional<std::chrono::hours> windowsLeft{};      ///< reply windows of this length are still to be moved
};

Result<Accounts::Changed> Accounts::changeInbox(WriteTransaction &tx, InboxId id, const InboxInput &input, const ChannelRegistry &channels)
{
    const auto row = inboxes::find(tx, id);
    if (!row)
        return row.error();
    if (!*row)
        return Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s};
    const QString reason = (*row)->stateReason;
    const QString server = serverSetting(channels, (*row)->inbox.channel);
    const bool hasNewServer = !server.isEmpty() && input.settings && input.settings->contains(server)
        && input.settings->value(server) != (*row)->inbox.settings.value(server);
    if (hasNewServer && (!input.secrets || input.secrets->isEmpty()))
        return invalid(server, u"is changed together with the credentials that go there"_s);
    Changed changed{.inbox = (*row)->inbox};
    Inbox &inbox = changed.inbox;
    inbox.name = input.name.value_or(inbox.name);
    changed.isDeliveredOtherwise = input.delivery && *input.delivery != inbox.delivery;
    inbox.delivery = input.delivery.value_or(inbox.delivery);
    if (input.settings) {
        const AccountAdapter *account = channels.accounts(inbox.channel);
        const auto settings = changedSettings(account ? account->fieldsOf(inbox.settings) : AccountFields(), inbox.settings, *input.settings);
        if (!settings)
            return settings.error();
        inbox.settings = *settings;
        const ChannelAdapter *adapter = channels.adapter(inbox.channel);
        const auto rule = adapter ? adapter->replyRule(inbox.settings, {}) : std::nullopt;
        if (rule && inbox.replyWindowHours != int(rule->length.count())) {      // one of several may have been chosen
            inbox.replyWindowHours = int(rule->length.count());
            const auto more = moveWindows(tx, id, rule->length);
            if (!more)
                return more.error();
            changed.windowsLeft = *more ? std::optional(rule->length) : std::nullopt;
        }
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
        Writer::Priority::Urgent, "update inbox", [id, input, channels = &m_channels](WriteTransaction &tx) { return changeInbox(tx, id, input, *channels); }, m_mailbox,
        [self, id, done = std::move(done)](const Result<Changed> &stored) {
            if (!self)
                return;
            if (!stored) {
                done(stored.error());
                return;
            }
            self->m_vault.rememberState(id, stored->inbox.state);
            self->m_vault.rememberSettings(id, stored->inbox.settings);
            self->m_vault.rememberDelivery(id, stored->inbox.delivery);
            if (stored->becameActive)
                emit self->inboxConnected(id);
            if ((stored->isDeliveredOtherwise || stored->becameActive) && self->m_subscriptions.isPerAccount(stored->inbox.channel))
                self->m_subscriptions.ensure(id, stored->isDeliveredOtherwise && self->isTakenOver(stored->inbox.channel), [](const Subscriptions::State &) {});
            emit self->inboxChanged(id);
            if (stored->windowsLeft)
                moveMoreWindows(self->m_database.writer(), id, *stored->windowsLeft);
            done(stored->inbox);
        });
}

} // namespace antiphon
