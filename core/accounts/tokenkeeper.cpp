#include "core/accounts/tokenkeeper.h"

#include "core/accounts/operationrunner.h"
#include "core/accounts/ownernotice.h"
#include "core/base/logging.h"
#include "core/store/inboxrepository.h"
#include "core/store/writer.h"

#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr auto kLookEvery = 5s;        // the shortest back-off
constexpr auto kMargin = 5min;          // handed out only with at least this left
constexpr auto kStoreAgain = 1s;
constexpr auto kDaily = 24h;            // where the old one is good for longer
constexpr auto kWarnBefore = 24h * 7;
constexpr std::array<std::chrono::seconds, 4> kBackOff{5s, 30s, 120s, 300s};

const QString kEndsSoon = u"token_ends_soon"_s;
const auto kRefreshKind = u"token refresh"_s;

std::chrono::seconds backOff(int failures)
{
    return kBackOff.at(std::min(size_t(std::max(failures - 1, 0)), kBackOff.size() - 1));
}

/// What the owner's consent hangs on.
QString consentOf(const InboxCredentials &credentials)
{
    return credentials.refreshToken.isEmpty() ? credentials.accessToken : credentials.refreshToken;
}

/// The platform's own word that the token is none.
bool isDefinite(const Error &error)
{
    return error.kind == Error::Kind::Unauthorized || error.kind == Error::Kind::Forbidden || error.kind == Error::Kind::Invalid
        || error.kind == Error::Kind::NotFound;
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
    , m_locks(clock)
{
    m_locks.setTimes(kRefreshKind, {.wait = 30s, .hold = 20s});
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
    m_locks.look();
    const QList<CredentialVault::Account> accounts = m_vault.accounts();
    for (const CredentialVault::Account &account : accounts) {
        if (account.state == Inbox::State::Active && !account.credentials.accessToken.isEmpty() && isDue(account))
            refresh(account, {.done = [](const Result<InboxCredentials> &) {}});   // fail() says what went wrong
    }
}

TokenRhythm TokenKeeper::rhythm(Channel channel) const
{
    const AccountAdapter *adapter = m_channels.accounts(channel);
    return adapter ? adapter->tokenRhythm() : TokenRhythm();
}

bool TokenKeeper::isRejected(const CredentialVault::Account &account) const
{
    const auto found = m_refreshes.find(account.inbox);
    return found != m_refreshes.end() && found->second.rejected == account.credentials.accessToken;
}

bool TokenKeeper::isDue(const CredentialVault::Account &account) const
{
    if (isRejected(account))
        return true;
    const TokenRhythm when = rhythm(account.channel);
    const Timestamp now = m_clock.now();
    if (account.accessIssued && now - *account.accessIssued < when.minimumAge)
        return false;
    if (account.accessEnds)
        return now + when.before >= *account.accessEnds;
    return when.byAccessToken && account.accessIssued && !isLasting(account);   // it was typed in, and only a renewal tells how long it lasts
}

bool TokenKeeper::isLasting(const CredentialVault::Account &account) const
{
    const auto found = m_refreshes.find(account.inbox);
    return found != m_refreshes.end() && found->second.lasting == account.credentials.accessToken;
}

bool TokenKeeper::isGood(const CredentialVault::Account &account, std::chrono::seconds margin) const
{
    if (isRejected(account))
        return false;   // whatever its time says
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
        done(m_vault.complete(*account));
    } else {
        refresh(*account, {.done = std::move(done)});
    }
}

void TokenKeeper::renew(InboxId inbox, const QString &rejectedToken, Done done)
{
    const auto account = m_vault.account(inbox);
    if (!account || account->credentials.accessToken != rejectedToken || account->state == Inbox::State::ReauthorizationRequired) {
        credentials(inbox, std::move(done));   // somebody else renewed it meanwhile, or nobody can
        return;
    }
    Refresh &state = m_refreshes[inbox];
    if (state.rejected != rejectedToken) {   // the first refusal is news: no back-off holds it up
        state.rejected = rejectedToken;
        state.notBefore = {};
    }
    refresh(*account, {.done = std::move(done), .rejected = rejectedToken});
}

void TokenKeeper::refresh(const CredentialVault::Account &account, Waiter waiter)
{
    Refresh &state = m_refreshes[account.inbox];
    if (!state.isRunning && state.renewedBy != consentOf(account.credentials)) {
        state.failures = 0;   // of an earlier consent
        state.notBefore = {};
    }
    if (!state.isRunning && m_clock.steady() < state.notBefore) {
        waiter.done(isGood(account, 0s) ? Result<InboxCredentials>(m_vault.complete(account))
                                        : Result<InboxCredentials>(Error{Error::Kind::Unavailable, u"the token could not be renewed yet"_s}));
        return;
    }
    state.waiting.push_back(std::move(waiter));
    if (state.isRunning)
        return;
    state.isRunning = true;
    state.renewedBy = consentOf(account.credentials);
    state.asked = account.credentials.accessToken;
    m_locks.acquire(u"oauth:"_s + account.inbox.toString(), kRefreshKind, [self = QPointer<TokenKeeper>(this), inbox = account.inbox](KeyLock::Outcome turn) {
        if (self)
            self->begin(inbox, std::move(turn));
    });
}

/// Its turn has come: what was true when it was asked for may not be so any more.
void TokenKeeper::begin(InboxId inbox, KeyLock::Outcome turn)
{
    const auto account = m_vault.account(inbox);
    if (!account) {
        answer(inbox, Error{Error::Kind::NotFound, u"the inbox is gone"_s});
        return;
    }
    Refresh &state = m_refreshes[inbox];
    auto *guard = std::get_if<KeyLock::Guard>(&turn);
    if (!guard) {
        fail(*account, Error{Error::Kind::Unavailable, u"another renewal takes too long"_s});
        return;
    }
    state.turn = std::move(*guard);
    if (account->credentials.accessToken != state.asked && isGood(*account, kMargin)) {
        answer(inbox, m_vault.complete(*account));   // somebody else renewed it meanwhile
        return;
    }
    state.renewedBy = consentOf(account->credentials);
    const AccountAdapter *adapter = m_channels.accounts(account->channel);
    const auto app = m_vault.app(account->channel);
    OperationPtr<TokenGrant> operation;
    if (adapter && !(adapter->tokenRhythm().byAccessToken && isRejected(*account)))
        operation = adapter->refresh(m_vault.complete(*account), app ? *app : AppCredentials(), m_channels.endpoints(account->channel));
    if (adapter && !operation && !isRejected(*account) && !account->accessEnds) {
        state.lasting = account->credentials.accessToken;
        answer(inbox, m_vault.complete(*account));
        return;
    }
    if (adapter && !operation) {
        verify(*account);
        return;
    }
    if (const auto why = obstacle(*account)) {
        fail(*account, *why);
        return;
    }
    runOperation<TokenGrant>(m_http, std::move(operation), [self = QPointer<TokenKeeper>(this), inbox](const Result<TokenGrant> &grant) {
        if (self)
            self->finish(inbox, grant);
    });
}

/// A refused token that nothing renews: whether it is really none the profile tells.
void TokenKeeper::verify(const CredentialVault::Account &account)
{
    const QString token = account.credentials.accessToken;
    runOperation<AccountProfile>(m_http, m_channels.accounts(account.channel)->profile(m_vault.complete(account), m_channels.endpoints(account.channel)),
                                 [self = QPointer<TokenKeeper>(this), inbox = account.inbox, token](const Result<AccountProfile> &profile) {
                                     if (self)
                                         self->finishVerified(inbox, token, profile);
                                 });
}

void TokenKeeper::finishVerified(InboxId inbox, const QString &token, const Result<AccountProfile> &profile)
{
    const auto account = m_vault.account(inbox);
    if (!account) {
        answer(inbox, Error{Error::Kind::NotFound, u"the inbox is gone"_s});
        return;
    }
    if (account->credentials.accessToken != token) {   // the owner entered another one meanwhile
        answer(inbox, m_vault.complete(*account));
        return;
    }
    Refresh &state = m_refreshes[inbox];
    if (profile) {
        state.failures = 0;
        state.notBefore = {};
        state.rejected.clear();
        for (Waiter &waiter : state.waiting)
            waiter.rejected.clear();   // it is good all the same
        answer(inbox, m_vault.complete(*account));
        return;
    }
    if (isDefinite(profile.error())) {
        requireOwner(inbox, u"token_rejected"_s);
        answer(inbox, Error{Error::Kind::Unauthorized, profile.error().detail, {}, {}, profile.error().code});
        return;
    }
    fail(*account, profile.error());
}

/// Why the platform is not even asked.
std::optional<Error> TokenKeeper::obstacle(const CredentialVault::Account &account) const
{
    if (!m_channels.accounts(account.channel))
        return Error{Error::Kind::Unavailable, u"the channel is not built in"_s};
    if (!m_vault.canSeal())   // the platform would rotate the pair, and the new one could not be kept
        return Error{Error::Kind::Unavailable, u"secrets are locked"_s};
    if (rhythm(account.channel).byAccessToken)
        return std::nullopt;
    const auto app = m_vault.app(account.channel);
    if (!app || app->appId.isEmpty() || app->appSecret.isEmpty())
        return Error{Error::Kind::Unavailable, u"the platform's app id and secret are not entered"_s};
    if (account.credentials.refreshToken.isEmpty())
        return Error{Error::Kind::Unauthorized, u"no refresh token"_s, {}, {}, u"no_refresh_token"_s};
    // That our own clock says the consent has ended is no obstacle: it may be wrong, and only the platform's word takes an account away.
    return std::nullopt;
}

void TokenKeeper::finish(InboxId inbox, const Result<TokenGrant> &grant)
{
    const auto account = m_vault.account(inbox);
    if (!account)
        answer(inbox, Error{Error::Kind::NotFound, u"the inbox is gone"_s});
    else if (consentOf(account->credentials) != m_refreshes[inbox].renewedBy)
        answer(inbox, m_vault.complete(*account));   // the owner agreed anew meanwhile: nothing about the old consent counts
    else if (grant)
        storeGrant(inbox, *grant);
    else
        fail(*account, grant.error());
}

void TokenKeeper::fail(const CredentialVault::Account &account, const Error &error)
{
    Refresh &state = m_refreshes[account.inbox];
    ++state.failures;
    state.notBefore = m_clock.steady() + pause(account, state.failures);
    qCWarning(lcAccounts).noquote() << "inbox" << account.inbox.value() << "token not renewed:" << describe(error);
    if (error.kind == Error::Kind::Unauthorized) {
        const auto ends = rhythm(account.channel).byAccessToken ? account.accessEnds : account.refreshEnds;
        const bool hasEnded = ends && m_clock.now() >= *ends;
        const bool isOurs = error.code == "no_refresh_token"_L1;
        requireOwner(account.inbox, isOurs ? error.code : hasEnded ? u"consent_expired"_s : u"consent_refused"_s);
    } else if (rhythm(account.channel).byAccessToken && account.accessEnds && *account.accessEnds - m_clock.now() < kWarnBefore) {
        tellOwner(account.inbox, true);
    }
    const auto now = m_vault.account(account.inbox);
    const bool oldIsGood = now && now->state == Inbox::State::Active && isGood(*now, 0s);
    answer(account.inbox, oldIsGood ? Result<InboxCredentials>(m_vault.complete(*now)) : Result<InboxCredentials>(error));
}

/// Tokens that last for days are in no hurry.
std::chrono::seconds TokenKeeper::pause(const CredentialVault::Account &account, int failures) const
{
    if (isRejected(account) || !rhythm(account.channel).byAccessToken)
        return backOff(failures);
    const auto left = account.accessEnds ? std::chrono::duration_cast<std::chrono::seconds>(*account.accessEnds - m_clock.now()) : std::chrono::seconds(kDaily);
    return left > kDaily / 4 ? std::min<std::chrono::seconds>(kDaily, left / 2) : backOff(failures);
}

void TokenKeeper::tellOwner(InboxId inbox, bool endsSoon)
{
    m_database.writer().write<void>(
        Writer::Priority::Background, "notice of a token",
        [inbox, kind = endsSoon ? kEndsSoon : QString()](WriteTransaction &tx) { return setOwnNotice(tx, inbox, kind, {kEndsSoon}); }, m_mailbox,
        [inbox](const Result<void> &stored) {
            if (!stored)
                qCWarning(lcAccounts).noquote() << "inbox" << inbox.value() << "notice not stored:" << describe(stored.error());
        });
}

void TokenKeeper::storeGrant(InboxId inbox, const TokenGrant &grant)
{
    auto account = m_vault.account(inbox);
    if (!account || consentOf(account->credentials) != m_refreshes[inbox].renewedBy) {
        finish(inbox, grant);
        return;
    }
    const auto accessBefore = account->accessEnds;
    const auto refreshBefore = account->refreshEnds;
    account->credentials.accessToken = grant.accessToken;
    if (!grant.refreshToken.isEmpty())
        account->credentials.refreshToken = grant.refreshToken;
    account->accessIssued = m_clock.now();
    account->accessEnds = grant.accessLifetime.count() > 0 ? std::optional(m_clock.now() + grant.accessLifetime) : std::nullopt;
    if (grant.refreshLifetime.count() > 0)
        account->refreshEnds = m_clock.now() + grant.refreshLifetime;
    const auto sealed = m_vault.seal(inbox, {.accessToken = account->credentials.accessToken, .refreshToken = account->credentials.refreshToken});
    if (!sealed) {
        finishStored(*account, grant, sealed.error());
        return;
    }
    const QPointer<TokenKeeper> self(this);
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "store renewed token",
        [inbox, sealed = *sealed, accessBefore, refreshBefore, accessEnds = account->accessEnds,
         refreshEnds = account->refreshEnds](WriteTransaction &tx) -> Result<void> {
            const auto row = inboxes::find(tx, inbox);
            if (!row)
                return row.error();
            if (!*row)
                return Error{Error::Kind::NotFound, u"the inbox is gone"_s};
            if ((*row)->tokenExpiresAt != accessBefore || (*row)->refreshExpiresAt != refreshBefore)
                return Error{Error::Kind::Conflict, u"other tokens were stored meanwhile"_s};
            if (const auto stored = CredentialVault::store(tx, sealed); !stored)
                return stored;
            return inboxes::setTokenTimes(tx, inbox, accessEnds, refreshEnds);
        },
        m_mailbox, [self, grant, renewed = *account](const Result<void> &stored) {
            if (self)
                self->finishStored(renewed, grant, stored);
        });
}

void TokenKeeper::finishStored(const CredentialVault::Account &renewed, const TokenGrant &grant, const Result<void> &stored)
{
    const InboxId inbox = renewed.inbox;
    auto account = m_vault.account(inbox);
    if (!account || (!stored && stored.error().kind == Error::Kind::NotFound)) {
        answer(inbox, Error{Error::Kind::NotFound, u"the inbox is gone"_s});
        return;
    }
    if (!stored && stored.error().kind == Error::Kind::Conflict) {
        answer(inbox, m_vault.complete(*account));
        return;
    }
    if (!stored) {   // the platform has already rotated the pair: keep it and try until it is on the disk
        qCCritical(lcAccounts).noquote() << "inbox" << inbox.value() << "renewed token not stored yet:" << describe(stored.error());
        QTimer::singleShot(kStoreAgain, this, [this, inbox, grant] { storeGrant(inbox, grant); });
        return;
    }
    account->credentials.accessToken = renewed.credentials.accessToken;   // and nothing else, which may be another by now
    account->credentials.refreshToken = renewed.credentials.refreshToken;
    account->accessEnds = renewed.accessEnds;
    account->accessIssued = renewed.accessIssued;
    account->refreshEnds = renewed.refreshEnds;
    m_vault.remember(*account);
    Refresh &state = m_refreshes[inbox];
    state.failures = 0;
    state.notBefore = {};
    state.rejected.clear();
    if (rhythm(account->channel).byAccessToken)
        tellOwner(inbox, false);
    answer(inbox, m_vault.complete(*account));
}

void TokenKeeper::answer(InboxId inbox, const Result<InboxCredentials> &result)
{
    Refresh &state = m_refreshes[inbox];
    state.isRunning = false;
    state.turn.release();
    const std::vector<Waiter> waiting = std::exchange(state.waiting, {});
    if (!result && result.error().kind == Error::Kind::NotFound)
        m_refreshes.erase(inbox);
    for (const Waiter &waiter : waiting) {
        const bool isRefused = result && !waiter.rejected.isEmpty() && result->accessToken == waiter.rejected;
        waiter.done(isRefused ? Result<InboxCredentials>(Error{Error::Kind::Unavailable, u"the token could not be renewed yet"_s}) : result);
    }
}

void TokenKeeper::noteState(InboxId inbox, Inbox::State state)
{
    const auto account = m_vault.account(inbox);
    if (!account || account->state == state)
        return;
    m_vault.rememberState(inbox, state);
    if (state == Inbox::State::Active)
        emit inboxGivenBack(inbox);
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
