#include "core/accounts/connectflow.h"

#include "core/accounts/operationrunner.h"
#include "core/accounts/statetoken.h"
#include "core/base/logging.h"
#include "core/store/inboxrepository.h"
#include "core/store/jobrepository.h"
#include "core/store/oauthstaterepository.h"
#include "core/store/writer.h"

#include <QUrlQuery>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::chrono::minutes kConsentLife{10};
const QString kWorkspace = u"1"_s;   // one store holds one workspace

QString purpose(Channel channel) { return channelName(channel) + u"-connect"_s; }

/// The decoded value of a query's parameter; `+` stays `+`, since platforms' codes may hold it.
QString parameter(const QUrlQuery &query, const QString &name)
{
    return query.queryItemValue(name, QUrl::FullyDecoded);
}

} // namespace

/// One consent on its way back.
struct ConnectFlow::Consent {
    Channel channel = Channel::Tiktok;
    oauthstates::State state{};
    QString code{};
    QString denied{};                      ///< why the owner did not agree
    AppCredentials app{};
    TokenGrant grant{};
    std::function<void(Result<Inbox>)> done{};
};

ConnectFlow::ConnectFlow(Database &database, CredentialVault &vault, const ChannelRegistry &channels, HttpClient &http, const Clock &clock,
                         RandomSource &random, const QUrl &publicUrl, Mailbox &mailbox, QObject *parent)
    : QObject(parent)
    , m_database(database)
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
    url.setPath(base + u'/' + channelName(channel) + u"/callback"_s);
    return url;
}

void ConnectFlow::authorize(Channel channel, InboxId inbox, std::function<void(Result<QUrl>)> done)
{
    const AccountAdapter *adapter = m_channels.accounts(channel);
    if (!adapter) {
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
    const Timestamp now = m_clock.now();
    const StateClaims claims{.workspace = kWorkspace,
                             .purpose = purpose(channel),
                             .jti = randomToken(m_random),
                             .inbox = inbox ? inbox.toString() : QString(),
                             .issuedAt = now,
                             .expiresAt = now + kConsentLife};
    const auto token = signState(claims, *key);
    if (!token) {
        done(token.error());
        return;
    }
    const QUrl redirect = redirectUrl(channel);
    const QUrl page = adapter->authorizeUrl(*app, redirect, *token, !inbox.isNull(), m_channels.endpoints(channel));
    const oauthstates::State state{
        .jti = claims.jti, .channel = channel, .inboxId = inbox, .redirectUri = redirect.toString(), .expiresAt = claims.expiresAt};
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "begin consent", [state](WriteTransaction &tx) { return oauthstates::insert(tx, state); }, m_mailbox,
        [page, done = std::move(done)](const Result<void> &stored) { done(stored ? Result<QUrl>(page) : Result<QUrl>(stored.error())); });
}

void ConnectFlow::finish(Channel channel, const QByteArray &query, std::function<void(Result<Inbox>)> done)
{
    const QUrlQuery parameters(QString::fromLatin1(query));
    const auto key = m_vault.stateKey();
    const auto app = m_vault.app(channel);
    if (!key || !app) {
        done(key ? app.error() : key.error());
        return;
    }
    const auto claims = verifyState(parameter(parameters, u"state"_s), *key, kWorkspace, purpose(channel), m_clock.now());
    if (!claims) {
        done(claims.error());
        return;
    }
    const auto consent = std::make_shared<Consent>();
    consent->channel = channel;
    consent->app = *app;
    consent->code = parameter(parameters, u"code"_s);
    if (parameters.hasQueryItem(u"error"_s)) {
        const QString text = parameter(parameters, u"error_description"_s);
        consent->denied = text.isEmpty() ? parameter(parameters, u"error"_s) : text;
        if (consent->denied.isEmpty())
            consent->denied = u"access_denied"_s;
    }
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
    runOperation<TokenGrant>(m_http,
                             m_channels.accounts(consent->channel)
                                 ->exchangeCode(consent->code, consent->app, QUrl(consent->state.redirectUri), m_channels.endpoints(consent->channel)),
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
        m_http.send(adapter->revoke(consent->grant.accessToken, consent->app, m_channels.endpoints(consent->channel)), [](const HttpReply &) {});
        consent->done(Error{Error::Kind::Forbidden, u"permissions were not granted: "_s + missing.join(u", "_s), u"scope"_s, {}, u"ungranted_scopes"_s});
        return;
    }
    for (const QString &scope : adapter->wantedScopes()) {
        if (!consent->grant.scopes.contains(scope))
            qCWarning(lcAccounts).noquote() << channelName(consent->channel) << "connected without the optional permission" << scope;
    }
    checkAccount(consent);
}

void ConnectFlow::checkAccount(const std::shared_ptr<Consent> &consent)
{
    if (consent->state.inboxId) {
        const auto expected = m_vault.account(consent->state.inboxId);
        if (!expected || expected->credentials.account != consent->grant.account) {
            m_http.send(m_channels.accounts(consent->channel)->revoke(consent->grant.accessToken, consent->app, m_channels.endpoints(consent->channel)),
                        [](const HttpReply &) {});
            consent->done(Error{Error::Kind::Conflict,
                                expected ? u"another account agreed; this inbox belongs to "_s + expected->credentials.account
                                         : u"the inbox to reconnect is gone"_s,
                                u"account"_s});
            return;
        }
    }
    const InboxCredentials credentials{
        .account = consent->grant.account, .accessToken = consent->grant.accessToken, .refreshToken = consent->grant.refreshToken};
    const QPointer<ConnectFlow> self(this);
    runOperation<AccountProfile>(m_http, m_channels.accounts(consent->channel)->profile(credentials, m_channels.endpoints(consent->channel)),
                                 [self, consent](const Result<AccountProfile> &profile) {
                                     if (!self)
                                         return;
                                     if (profile)
                                         self->storeAccount(consent->channel, consent->grant, *profile, {}, consent->done);
                                     else
                                         consent->done(profile.error());
                                 });
}

void ConnectFlow::storeAccount(Channel channel, const TokenGrant &grant, const AccountProfile &profile, const QString &name,
                               std::function<void(Result<Inbox>)> done)
{
    struct Stored {
        Inbox inbox{};
    };
    const auto accessEnds = grant.accessLifetime.count() > 0 ? std::optional(m_clock.now() + grant.accessLifetime) : std::nullopt;
    const auto refreshEnds = grant.refreshLifetime.count() > 0 ? std::optional(m_clock.now() + grant.refreshLifetime) : std::nullopt;
    const auto rule = m_channels.adapter(channel) ? m_channels.adapter(channel)->replyRule() : std::nullopt;
    Inbox fresh{.channel = channel,
                .name = !name.isEmpty() ? name : !profile.displayName.isEmpty() ? profile.displayName : profile.username,
                .externalId = grant.account,
                .settings = {{u"business_id"_s, grant.account}, {u"username"_s, profile.username}, {u"display_name"_s, profile.displayName},
                             {u"scopes"_s, grant.scopes.join(u',')}},
                .replyWindowHours = rule ? std::optional(int(rule->length.count())) : std::nullopt,
                .createdAt = m_clock.now()};
    if (fresh.name.isEmpty())
        fresh.name = channelTitle(channel);
    const InboxCredentials credentials{.account = grant.account, .accessToken = grant.accessToken, .refreshToken = grant.refreshToken};
    const CredentialVault *vault = &m_vault;
    const QPointer<ConnectFlow> self(this);
    m_database.writer().write<Stored>(
        Writer::Priority::Urgent, "store connected account",
        [=, picture = profile.picture](WriteTransaction &tx) -> Result<Stored> {
            auto existing = inboxes::findByAccount(tx, channel, fresh.externalId);
            if (!existing)
                return existing.error();
            Inbox inbox = *existing ? (*existing)->inbox : fresh;
            if (*existing) {   // the agent's name stays; what the platform says is refreshed
                for (auto it = fresh.settings.begin(); it != fresh.settings.end(); ++it)
                    inbox.settings.insert(it.key(), it.value());
                if (const auto updated = inboxes::update(tx, inbox); !updated)
                    return updated.error();
            } else {
                const auto id = inboxes::insert(tx, inbox);
                if (!id)
                    return id.error();
                inbox.id = *id;
            }
            const auto sealed = vault->seal(inbox.id, credentials);
            if (!sealed)
                return sealed.error();
            if (const auto stored = CredentialVault::store(tx, *sealed); !stored)
                return stored.error();
            if (const auto set = inboxes::setTokenTimes(tx, inbox.id, accessEnds, refreshEnds); !set)
                return set.error();
            if (inbox.state != Inbox::State::Disabled) {
                if (const auto set = inboxes::setState(tx, inbox.id, Inbox::State::Active, {}); !set)
                    return set.error();
                inbox.state = Inbox::State::Active;
            }
            if (!picture.isEmpty()) {   // temporary address: fetched at once
                const auto queued = jobs::enqueue(tx, {.kind = u"inbox_avatar"_s, .inboxId = inbox.id, .entity = u"inbox"_s, .entityId = inbox.id.value(),
                                                       .payload = {{u"url"_s, picture.toString()}}});
                if (!queued)
                    return queued.error();
            }
            return Stored{inbox};
        },
        m_mailbox, [=, done = std::move(done)](const Result<Stored> &stored) {
            if (!self)
                return;
            if (!stored) {
                done(stored.error());
                return;
            }
            self->m_vault.remember({.inbox = stored->inbox.id,
                                    .channel = channel,
                                    .state = stored->inbox.state,
                                    .credentials = credentials,
                                    .accessEnds = accessEnds,
                                    .refreshEnds = refreshEnds});
            emit self->connected(stored->inbox.id, channel);
            done(stored->inbox);
        });
}

} // namespace antiphon
