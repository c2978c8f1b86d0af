#include "core/accounts/tokenkeeper.h"

#include "core/accounts/operationrunner.h"
#include "core/base/logging.h"
#include "core/store/inboxrepository.h"
#include "core/store/writer.h"

#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr auto kLookEvery = 1min;
constexpr auto kAhead = 30min;          // renewed when less than this is left
constexpr auto kMargin = 5min;          // handed out only with at least this left
constexpr std::array<std::chrono::seconds, 4> kBackOff{5s, 30s, 120s, 300s};

std::chrono::seconds backOff(int failures)
{
    return kBackOff.at(std::min(size_t(std::max(failures - 1, 0)), kBackOff.size() - 1));
}

} // namespace

TokenKeeper::TokenKeeper(Database &database, CredentialVault &vault, const ChannelRegistry &channels, HttpClient &http, const Clock &clock,
                         Mailbox &mailbox, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_vault(vault)
    , m_channels(channels)
    , m_http(http)
    , m_clock(clock)
    , m_mailbox(mailbox)
{
    m_look.setParent(this);
    m_look.setInterval(kLookEvery);
    connect(&m_look, &QTimer::timeout, this, &TokenKeeper::lookAtAll);
}

void TokenKeeper::start()
{
    m_look.start();
    lookAtAll();
}

Result<AppCredentials> TokenKeeper::app(Channel channel) const
{
    return m_vault.app(channel);
}

void TokenKeeper::lookAtAll()
{
    const QList<CredentialVault::Account> accounts = m_vault.accounts();
    for (const CredentialVault::Account &account : accounts) {
        if (account.state == Inbox::State::Active && account.accessEnds && !isGood(account, kAhead))
            refresh(account, [](const Result<InboxCredentials> &) {});   // finish() and answer() say what went wrong
    }
}

bool TokenKeeper::isGood(const CredentialVault::Account &account, std::chrono::seconds margin) const
{
    return !account.accessEnds || m_clock.now() + margin < *account.accessEnds;
}

void TokenKeeper::credentials(InboxId inbox, Done done)
{
    if (!m_vault.isLoaded()) {
        done(Error{Error::Kind::Unavailable, u"secrets are locked"_s});
        return;
    }
    const auto account = m_vault.account(inbox);
    if (!account || account->credentials.accessToken.isEmpty()) {
        done(Error{account ? Error::Kind::Unauthorized : Error::Kind::NotFound, u"no credentials for this inbox"_s});
    } else if (account->state == Inbox::State::ReauthorizationRequired) {
        done(Error{Error::Kind::Unauthorized, u"the inbox waits for its owner"_s});
    } else if (isGood(*account, kMargin)) {
        done(account->credentials);
    } else {
        refresh(*account, std::move(done));
    }
}

void TokenKeeper::renew(InboxId inbox, const QString &rejectedToken, Done done)
{
    const auto account = m_vault.account(inbox);
    if (!account) {
        done(Error{Error::Kind::NotFound, u"no credentials for this inbox"_s});
    } else if (account->credentials.accessToken != rejectedToken && account->state == Inbox::State::Active) {
        done(account->credentials);   // somebody else renewed it meanwhile
    } else {
        m_refreshes[inbox].notBefore = {};   // a refusal is news: no back-off holds it up
        refresh(*account, std::move(done));
    }
}

void TokenKeeper::refresh(const CredentialVault::Account &account, Done done)
{
    Refresh &state = m_refreshes[account.inbox];
    if (!state.isRunning && m_clock.steady() < state.notBefore) {
        done(isGood(account, 0s) ? Result<InboxCredentials>(account.credentials)
                                 : Result<InboxCredentials>(Error{Error::Kind::Unavailable, u"the token could not be renewed yet"_s}));
        return;
    }
    state.waiting.push_back(std::move(done));
    if (state.isRunning)
        return;
    state.isRunning = true;
    const auto app = m_vault.app(account.channel);
    const AccountAdapter *adapter = m_channels.accounts(account.channel);
    if (!app || !adapter || account.credentials.refreshToken.isEmpty()) {
        finish(account.inbox, app ? Error{Error::Kind::Unauthorized, u"no refresh token"_s} : app.error());
        return;
    }
    if (account.refreshEnds && m_clock.now() >= *account.refreshEnds) {
        finish(account.inbox, Error{Error::Kind::Unauthorized, u"the consent has expired"_s});
        return;
    }
    const InboxId inbox = account.inbox;
    const QPointer<TokenKeeper> self(this);
    runOperation<TokenGrant>(m_http, adapter->refresh(account.credentials.refreshToken, *app, m_channels.endpoints(account.channel)),
                             [self, inbox](const Result<TokenGrant> &grant) {
                                 if (self)
                                     self->finish(inbox, grant);
                             });
}

void TokenKeeper::finish(InboxId inbox, const Result<TokenGrant> &grant)
{
    if (grant) {
        storeGrant(inbox, *grant);
        return;
    }
    Refresh &state = m_refreshes[inbox];
    ++state.failures;
    state.notBefore = m_clock.steady() + backOff(state.failures);
    qCWarning(lcAccounts).noquote() << "inbox" << inbox.value() << "token not renewed:" << describe(grant.error());
    if (grant.error().kind == Error::Kind::Unauthorized)
        requireOwner(inbox, u"consent_refused"_s);
    const auto account = m_vault.account(inbox);
    const bool oldIsGood = account && account->state == Inbox::State::Active && account->accessEnds && isGood(*account, 0s);
    answer(inbox, oldIsGood ? Result<InboxCredentials>(account->credentials) : Result<InboxCredentials>(grant.error()));
}

void TokenKeeper::storeGrant(InboxId inbox, const TokenGrant &grant)
{
    auto account = m_vault.account(inbox);
    if (!account) {
        answer(inbox, Error{Error::Kind::NotFound, u"the inbox is gone"_s});
        return;
    }
    account->credentials.accessToken = grant.accessToken;
    account->credentials.refreshToken = grant.refreshToken;
    account->accessEnds = m_clock.now() + grant.accessLifetime;
    account->refreshEnds = m_clock.now() + grant.refreshLifetime;
    const auto sealed = m_vault.seal(inbox, account->credentials);
    if (!sealed) {
        answer(inbox, sealed.error());
        return;
    }
    const QPointer<TokenKeeper> self(this);
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "store renewed token",
        [inbox, sealed = *sealed, accessEnds = account->accessEnds, refreshEnds = account->refreshEnds](WriteTransaction &tx) -> Result<void> {
            if (const auto stored = CredentialVault::store(tx, sealed); !stored)
                return stored;
            return inboxes::setTokenTimes(tx, inbox, accessEnds, refreshEnds);
        },
        m_mailbox, [self, inbox, grant, renewed = *account](const Result<void> &stored) {
            if (!self)
                return;
            if (!stored) {   // the platform has already rotated the pair: keep it and try until it is on the disk
                qCCritical(lcAccounts).noquote() << "inbox" << inbox.value() << "renewed token not stored yet:" << describe(stored.error());
                QTimer::singleShot(1s, self.data(), [self, inbox, grant] { self->storeGrant(inbox, grant); });
                return;
            }
            self->m_vault.remember(renewed);
            self->m_refreshes[inbox].failures = 0;
            self->answer(inbox, renewed.credentials);
        });
}

void TokenKeeper::answer(InboxId inbox, const Result<InboxCredentials> &result)
{
    Refresh &state = m_refreshes[inbox];
    state.isRunning = false;
    const std::vector<Done> waiting = std::exchange(state.waiting, {});
    for (const Done &done : waiting)
        done(result);
}

void TokenKeeper::requireOwner(InboxId inbox, const QString &reason)
{
    auto account = m_vault.account(inbox);
    if (!account || account->state != Inbox::State::Active)
        return;
    account->state = Inbox::State::ReauthorizationRequired;
    m_vault.remember(*account);
    qCWarning(lcAccounts).noquote() << "inbox" << inbox.value() << "needs its owner:" << reason;
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "inbox needs owner",
        [inbox, reason](WriteTransaction &tx) { return inboxes::setState(tx, inbox, Inbox::State::ReauthorizationRequired, reason); },
        m_mailbox, [inbox](const Result<void> &stored) {
            if (!stored)
                qCCritical(lcAccounts).noquote() << "inbox" << inbox.value() << "state not stored:" << describe(stored.error());
        });
    emit inboxNeedsOwner(inbox, reason);
}

} // namespace antiphon
