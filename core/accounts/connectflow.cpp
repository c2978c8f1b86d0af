#include "core/accounts/connectflow.h"

#include "core/accounts/operationrunner.h"
#include "core/accounts/typedaccount.h"
#include "core/base/logging.h"
#include "core/channels/feedkind.h"
#include "core/store/oauthstaterepository.h"
#include "core/store/writer.h"

#include <QUrlQuery>

#include <algorithm>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::chrono::minutes kConsentLife{10};
constexpr qsizetype kLongestReason = 200;
const QString kWorkspace = u"1"_s;   // one store holds one workspace

QString purpose(Channel channel) { return channelName(channel) + u"-connect"_s; }

/// The decoded value of a query's parameter; `+` stays `+`, since platforms' codes may hold it.
QString parameter(const QUrlQuery &query, const QString &name)
{
    return query.queryItemValue(name, QUrl::FullyDecoded);
}

/// A code as the platform's next call wants it: Meta hangs "#_" on its addresses, which reaches us where somebody encodes or pastes it.
QString codeOf(const QUrlQuery &query)
{
    const QString code = parameter(query, u"code"_s);
    return code.endsWith("#_"_L1) ? code.chopped(2) : code;
}

/// Why the owner did not agree, in the platform's words; empty where they did.
QString denialOf(const QUrlQuery &query)
{
    if (!query.hasQueryItem(u"error"_s))
        return {};
    const auto text = [&query](const QString &name) {   // words, where "+" is a blank
        return QUrl::fromPercentEncoding(query.queryItemValue(name, QUrl::FullyEncoded).replace(u'+', u' ').toUtf8()).simplified().left(kLongestReason);
    };
    const QString description = text(u"error_description"_s);
    const QString word = text(u"error"_s);
    QString why = !description.isEmpty() ? description : !word.isEmpty() ? word : u"access_denied"_s;
    if (!why.endsWith(u'.'))
        why += u'.';
    // It looks like a refusal, but nobody refused.
    if (description.contains("permissions"_L1, Qt::CaseInsensitive))
        why += u" The app is perhaps not live yet, or lacks a permission: look at it in the platform's developer portal."_s;
    return why;
}

} // namespace

/// One consent on its way back.
struct ConnectFlow::Consent {
    Channel channel{};
    oauthstates::State state{};
    QString code{};
    QString denied{};                      ///< why the owner did not agree
    AppCredentials app{};
    TokenGrant grant{};
    std::function<void(Result<Inbox>)> done{};
};

ConnectFlow::ConnectFlow(Database &database, SecretStore &secrets, CredentialVault &vault, const ChannelRegistry &channels, HttpClient &http,
                         const Clock &clock, RandomSource &random, const QUrl &publicUrl, Mailbox &mailbox, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_secrets(secrets)
    , m_vault(vault)
    , m_channels(channels)
    , m_http(http)
    , m_clock(clock)
    , m_random(random)
    , m_publicUrl(publicUrl)
    , m_mailbox(mailbox)
{
}

QUrl ConnectFlow::redirectUrl(Channel channel) const
{
    QUrl url = m_publicUrl;
    const QString base = url.path().endsWith(u'/') ? url.path().chopped(1) : url.path();
    url.setPath(base + consentReturnPath(channel));
    return url;
}

void ConnectFlow::authorize(Channel channel, InboxId inbox, std::function<void(Result<QUrl>)> done)
{
    const AccountAdapter *adapter = m_channels.accounts(channel);
    if (!adapter || !adapter->hasConsentPage()) {
        done(Error{Error::Kind::Invalid, u"this channel is not connected by consent"_s, u"channel"_s});
        return;
    }
    if (m_publicUrl.isEmpty()) {
        done(Error{Error::Kind::Unavailable, u"no public address is known, so the platform has nowhere to return to"_s});
        return;
    }
    const auto app = m_vault.app(channel);
    const auto key = m_vault.stateKey();
    if (!app || app->appId.isEmpty() || app->appSecret.isEmpty()) {
        const bool isLocked = !app && app.error().kind == Error::Kind::Unavailable;
        done(isLocked ? app.error() : Error{Error::Kind::Invalid, u"the platform's app id and secret are not entered yet"_s, u"app"_s});
        return;
    }
    if (!key) {
        done(key.error());
        return;
    }
    const StateClaims claims = newClaims(channel, inbox);
    const auto token = signState(claims, *key);
    if (!token) {
        done(token.error());
        return;
    }
    const QUrl redirect = redirectUrl(channel);
    const QUrl page = adapter->authorizeUrl(*app, redirect, *token, !inbox.isNull(), m_channels.endpoints(channel));
    const oauthstates::State state{.jti = claims.jti,
                                   .channel = channel,
                                   .inboxId = inbox,
                                   .redirectUri = redirect.toString(QUrl::FullyEncoded),
                                   .expiresAt = claims.expiresAt};
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "begin consent", [state](WriteTransaction &tx) { return oauthstates::insert(tx, state); }, m_mailbox,
        [page, done = std::move(done)](const Result<void> &stored) { done(stored ? Result<QUrl>(page) : Result<QUrl>(stored.error())); });
}

StateClaims ConnectFlow::newClaims(Channel channel, InboxId inbox) const
{
    const Timestamp now = m_clock.now();
    return {.workspace = kWorkspace,
            .purpose = purpose(channel),
            .jti = randomToken(m_random),
            .inbox = inbox ? inbox.toString() : QString(),
            .issuedAt = now,
            .expiresAt = now + kConsentLife};
}

void ConnectFlow::finish(Channel channel, const QByteArray &query, std::function<void(Result<Inbox>)> done)
{
    const QUrlQuery parameters(QString::fromLatin1(query));
    const auto key = m_vault.stateKey();
    if (!key) {
        done(key.error());
        return;
    }
    const auto claims = verifyState(parameter(parameters, u"state"_s), *key, kWorkspace, purpose(channel), m_clock.now());
    const auto app = m_vault.app(channel);
    if (!claims || !app || !m_channels.accounts(channel)) {
        done(!claims ? claims.error() : !app ? app.error() : Error{Error::Kind::NotFound, u"this channel is not connected by consent"_s});
        return;
    }
    const auto consent = std::make_shared<Consent>();
    consent->channel = channel;
    consent->app = *app;
    consent->code = codeOf(parameters);
    consent->denied = denialOf(parameters);
    consent->done = std::move(done);
    const QPointer<ConnectFlow> self(this);
    m_database.writer().write<std::optional<oauthstates::State>>(
        Writer::Priority::Urgent, "use consent state", [jti = claims->jti](WriteTransaction &tx) { return oauthstates::take(tx, jti); }, m_mailbox,
        [self, consent](const Result<std::optional<oauthstates::State>> &taken) {
            if (!self)
                return;
            if (!taken)
                consent->done(taken.error());
            else if (!*taken || (*taken)->channel != consent->channel)
                consent->done(Error{Error::Kind::Unauthorized, u"state: used already, or unknown"_s, u"state"_s});
            else if (!consent->denied.isEmpty())
                consent->done(Error{Error::Kind::Cancelled, consent->denied});
            else if (consent->code.isEmpty())
                consent->done(Error{Error::Kind::BadPayload, u"the callback brought no code"_s, u"code"_s});
            else {
                consent->state = **taken;
                self->exchange(consent);
            }
        });
}

void ConnectFlow::exchange(const std::shared_ptr<Consent> &consent)
{
    const QPointer<ConnectFlow> self(this);
    auto operation = m_channels.accounts(consent->channel)
                         ->exchangeCode(consent->code, consent->app, QUrl(consent->state.redirectUri), m_channels.endpoints(consent->channel));
    if (!operation) {
        consent->done(Error{Error::Kind::Invalid, u"this channel is not connected by consent"_s, u"channel"_s});
        return;
    }
    runOperation<TokenGrant>(m_http, std::move(operation),
                             [self, consent](const Result<TokenGrant> &grant) {
                                 if (!self)
                                     return;
                                 if (!grant) {
                                     consent->done(grant.error());
                                     return;
                                 }
                                 consent->grant = *grant;
                                 self->checkScopes(consent);
                             });
}

void ConnectFlow::checkScopes(const std::shared_ptr<Consent> &consent)
{
    const AccountAdapter *adapter = m_channels.accounts(consent->channel);
    QStringList missing;
    for (const QString &scope : adapter->mandatoryScopes()) {
        if (!consent->grant.scopes.contains(scope))
            missing.append(scope);
    }
    if (!missing.isEmpty()) {
        revoke(consent);
        consent->done(Error{Error::Kind::Forbidden, u"permissions were not granted: "_s + missing.join(u", "_s), u"scope"_s, {}, u"ungranted_scopes"_s});
        return;
    }
    for (const QString &scope : adapter->wantedScopes()) {
        if (!consent->grant.scopes.contains(scope))
            qCWarning(lcAccounts).noquote() << channelName(consent->channel) << "connected without the optional permission" << scope;
    }
    readProfile(consent);
}

void ConnectFlow::revoke(const std::shared_ptr<Consent> &consent)
{
    const AccountAdapter *adapter = m_channels.accounts(consent->channel);
    if (const auto request = adapter->revoke(consent->grant.accessToken, consent->app, m_channels.endpoints(consent->channel)))
        m_http.send(*request, [](const HttpReply &) {});   // a failure changes nothing for anybody
}

void ConnectFlow::readProfile(const std::shared_ptr<Consent> &consent)
{
    const InboxCredentials credentials{.account = consent->grant.account,
                                       .accessToken = consent->grant.accessToken,
                                       .refreshToken = consent->grant.refreshToken,
                                       .appSecret = consent->app.appSecret,
                                       .appId = consent->app.appId};
    const QPointer<ConnectFlow> self(this);
    runOperation<AccountProfile>(
        m_http, m_channels.accounts(consent->channel)->profile(credentials, m_channels.endpoints(consent->channel)),
        [self, consent](const Result<AccountProfile> &profile) {
            if (!self)
                return;
            if (!profile) {
                consent->done(profile.error());
                return;
            }
            if (!profile->account.isEmpty())   // the exchange may name the person's id within the application
                consent->grant.account = profile->account;
            self->storeAccount({.channel = consent->channel,
                                .fields = self->m_channels.accounts(consent->channel)->fields(),
                                .grant = consent->grant,
                                .profile = *profile,
                                .expected = consent->state.inboxId},
                               [self, consent](const Result<Inbox> &stored) {
                                   if (self)
                                       self->finishStored(consent, stored);
                               });
        });
}

void ConnectFlow::finishStored(const std::shared_ptr<Consent> &consent, const Result<Inbox> &stored)
{
    if (!stored && stored.error().kind == Error::Kind::Conflict) {
        // What nobody keeps is given back, unless another inbox lives on that account's consent.
        const QList<CredentialVault::Account> accounts = m_vault.accounts();
        const bool isInUse = std::any_of(accounts.begin(), accounts.end(), [&consent](const CredentialVault::Account &account) {
            return account.channel == consent->channel && account.credentials.account == consent->grant.account;
        });
        if (!isInUse)
            revoke(consent);
    }
    consent->done(stored);
}

void ConnectFlow::remember(const ConnectedAccount &account, const Inbox &inbox)
{
    const auto before = m_vault.account(inbox.id);
    QHash<QString, QString> further = before ? before->credentials.further : QHash<QString, QString>();
    further.insert(account.further);
    const auto kept = [&before](const QString &given, QString InboxCredentials::*secret) {
        return given.isEmpty() && before ? before->credentials.*secret : given;
    };
    m_vault.remember({.inbox = inbox.id,
                      .channel = account.channel,
                      .state = inbox.state,
                      .delivery = inbox.delivery,
                      .credentials = {.account = account.grant.account,
                                      .accessToken = account.grant.accessToken,
                                      .refreshToken = account.grant.refreshToken,
                                      .appSecret = kept(account.appSecret, &InboxCredentials::appSecret),
                                      .verifyToken = kept(account.verifyToken, &InboxCredentials::verifyToken),
                                      .further = further,
                                      .settings = inbox.settings},
                      .accessEnds = account.accessEnds,
                      .accessIssued = m_clock.now(),
                      .refreshEnds = account.refreshEnds});
}

void ConnectFlow::storeAccount(ConnectedAccount account, std::function<void(Result<Inbox>)> done)
{
    const ChannelAdapter *adapter = m_channels.adapter(account.channel);
    const auto rule = adapter ? adapter->replyRule(account.settings, {}) : std::nullopt;
    const auto endOf = [this](std::chrono::seconds life) { return life.count() > 0 ? std::optional(m_clock.now() + life) : std::nullopt; };
    const bool canPoll = adapter && (adapter->catchUpDepth().isListed() || hasFeed(adapter));   // else it is made all the same, and the check says what is missing
    account.defaultDelivery = m_publicUrl.isEmpty() && canPoll ? Inbox::Delivery::Poll : Inbox::Delivery::Webhook;
    account.replyWindowHours = rule ? std::optional(int(rule->length.count())) : std::nullopt;
    account.accessEnds = endOf(account.grant.accessLifetime);
    account.refreshEnds = endOf(account.grant.refreshLifetime);
    const QPointer<ConnectFlow> self(this);
    m_database.writer().write<Inbox>(
        Writer::Priority::Urgent, "store connected account",
        [account, secrets = &m_secrets](WriteTransaction &tx) { return antiphon::storeAccount(tx, account, *secrets); }, m_mailbox,
        [self, account, done = std::move(done)](const Result<Inbox> &stored) {
            if (!self)
                return;
            if (stored) {
                self->remember(account, *stored);
                emit self->connected(stored->id, account.channel);
            }
            done(stored);
        });
}

} // namespace antiphon
