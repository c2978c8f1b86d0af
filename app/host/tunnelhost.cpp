#include "app/host/tunnelhost.h"

#include "core/base/json.h"
#include "core/base/logging.h"
#include "core/store/inboxrepository.h"
#include "core/store/secretrepository.h"
#include "core/store/settingrepository.h"
#include "core/store/writer.h"

#include <QJsonArray>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using Provider = TunnelSettings::Provider;

const QString kSetting = u"tunnel"_s;
const QString kToken = u"tunnel:token"_s;
constexpr qint64 kTheOne = 1;          // a workspace has one tunnel; changes want an id

QUrl quickOrigin()
{
    const QUrl url(qEnvironmentVariable("ANTIPHON_CLOUDFLARED_WEB"), QUrl::StrictMode);
    return isUsableAddress(url) && isLoopbackName(url.host()) ? url : QUrl();
}

Result<void> store(WriteTransaction &tx, const TunnelSettings &settings, const std::optional<QByteArray> &token)
{
    const QJsonObject value{{u"provider"_s, tunnelProviderName(settings.provider)}, {u"settings"_s, toJson(settings)}};
    if (const auto done = settings::store(tx, kSetting, value); !done)
        return done;
    if (!token)
        return {};
    return token->isEmpty() ? secrets::removeWithPrefix(tx, kToken) : secrets::put(tx, kToken, *token);
}

} // namespace

TunnelHost::TunnelHost(const Surroundings &s, QObject *parent)
    : QObject(parent)
    , m_database(s.database)
    , m_channels(s.channels)
    , m_mailbox(s.mailbox)
    , m_intakeServer(s.intakeServer)
    , m_optionUrl(s.optionUrl.isEmpty() ? QUrl() : plainAddress(s.optionUrl))
    , m_tunnel({.http = s.http, .clock = s.clock, .random = s.random, .quickOrigin = quickOrigin()})
{
    m_tunnel.setParent(this);
    connect(&m_tunnel, &Tunnel::changed, this, [this] {
        useAddress();
        publish();
    });
    connect(&m_tunnel, &Tunnel::proved, this, [this] {
        useAddress();
        if (m_accounts)
            m_accounts->registrar().ensureAll();
        emit cameUp();
    });
    connect(&m_tunnel, &Tunnel::wentDown, this, &TunnelHost::wentDown);
    connect(&m_intakeServer, &IntakeServer::probed, this, [this](const QByteArray &nonce) { m_tunnel.noteProbe(QString::fromLatin1(nonce)); });
    m_used = m_optionUrl;
    m_intakeServer.setPublicHost(m_used.host().toLatin1());
    publish();
}

TunnelHost::~TunnelHost() = default;

void TunnelHost::setRooms(Accounts &accounts, SecretStore &secrets)
{
    m_accounts = &accounts;
    m_secrets = &secrets;
    connect(&accounts.registrar(), &WebhookRegistrar::attempted, this, &TunnelHost::publish);
    connect(&accounts, &Accounts::subscriptionsChanged, this, &TunnelHost::publish);
    connect(&secrets, &SecretStore::unlocked, this, &TunnelHost::start);
}

void TunnelHost::start()
{
    if (!m_optionUrl.isEmpty() && m_tunnel.status().state == TunnelState::Off)
        m_tunnel.begin({.provider = Provider::OwnDomain, .publicUrl = m_optionUrl}, {}, m_intakeServer.port());
    const QPointer<TunnelHost> self(this);
    m_database.read<Choice>("read tunnel", &TunnelHost::readChoice, m_mailbox, [self](const Result<Choice> &choice) {
        if (!self)
            return;
        if (choice)
            self->takeChoice(*choice);
        else
            qCWarning(lcApp).noquote() << "tunnel's settings not read:" << describe(choice.error());
    });
}

void TunnelHost::stop()
{
    m_isStopped = true;
    m_tunnel.disconnect(this);
    m_tunnel.stop();
}

Result<TunnelHost::Choice> TunnelHost::readChoice(ReadTransaction &tx)
{
    const auto value = settings::value(tx, kSetting);
    if (!value)
        return value.error();
    const auto sealed = secrets::all(tx);
    if (!sealed)
        return sealed.error();
    Choice choice{.sealedToken = sealed->value(kToken)};
    const QJsonObject stored = *value ? (*value)->toObject() : QJsonObject();
    const auto provider = tunnelProviderFromName(stored.value("provider"_L1).toString());
    if (!provider)
        return choice;
    auto settings = storedTunnelSettings(*provider, stored.value("settings"_L1).toObject());
    if (!settings)
        return settings.error();
    choice.settings = *settings;
    return choice;
}

void TunnelHost::takeChoice(const Choice &choice)
{
    const TunnelSecrets before = m_token;
    m_hasToken = !choice.sealedToken.isEmpty();
    if (m_hasToken && m_secrets && m_secrets->isUnlocked()) {
        const auto opened = m_secrets->open(kToken, choice.sealedToken);
        if (opened)
            m_token.token = QString::fromUtf8(*opened);
        else
            qCWarning(lcApp).noquote() << "tunnel's token not opened:" << describe(opened.error());
    }
    if (m_isRead && m_settings == choice.settings && m_token == before)
        return;   // told again because the secrets were opened, and nothing came of it
    m_isRead = true;
    m_settings = choice.settings;
    begin();
}

void TunnelHost::begin()
{
    if (m_isStopped)
        return;
    const bool waitsForToken = m_settings.provider == Provider::CloudflaredNamed && m_hasToken && m_token.token.isEmpty();
    if (m_optionUrl.isEmpty() && !waitsForToken)
        m_tunnel.begin(m_settings, m_token, m_intakeServer.port());
    publish();
}

/// The intake port knows the address as soon as there is one, so that a probe may come in. Platforms are given what the owner vouches for, and
/// what a tool named once it is proved; they keep it while the tool is away, since it may come back to the same.
void TunnelHost::useAddress()
{
    const TunnelStatus &status = m_tunnel.status();
    if (!status.address.isEmpty())
        m_intakeServer.setPublicHost(status.address.host().toLatin1());
    const bool isGiven = !m_tunnel.settings().publicUrl.isEmpty();
    QUrl use = m_used;
    if (!m_optionUrl.isEmpty())
        use = m_optionUrl;
    else if (m_tunnel.settings().provider == Provider::None)
        use = QUrl();
    else if (isGiven || (status.isProved && status.state == TunnelState::Up))
        use = status.address;
    if (use == m_used)
        return;
    m_used = use;
    publish();
    if (m_accounts)
        m_accounts->setPublicUrl(use);
    tellSessions();
}

/// Every inbox's webhook address is another one now.
void TunnelHost::tellSessions()
{
    m_database.writer().write<void>(
        Writer::Priority::Background, "tell the public address",
        [](WriteTransaction &tx) -> Result<void> {
            const auto rows = inboxes::list(tx);
            if (!rows)
                return rows.error();
            for (const inboxes::InboxRow &row : *rows)
                tx.changed(u"inbox.updated"_s, row.inbox.id.value(), row.inbox.id);
            return {};
        },
        m_mailbox, [](const Result<void> &told) {
            if (!told)
                qCWarning(lcApp).noquote() << "new address not told:" << describe(told.error());
        });
}

QString TunnelHost::publicUrl() const
{
    const std::lock_guard lock(m_mutex);
    return m_publicUrl;
}

QJsonObject TunnelHost::tunnel() const
{
    const std::lock_guard lock(m_mutex);
    return m_shown;
}

void TunnelHost::renderAddress(QJsonObject &json) const
{
    QJsonArray lines;
    const QString base = m_used.toString();
    const QList<WebhookRegistrar::Attempt> attempts = m_accounts ? m_accounts->registrar().attempts() : QList<WebhookRegistrar::Attempt>();
    const QList<Channel> channels = m_used.isEmpty() ? QList<Channel>() : m_channels.channels();
    for (const Channel channel : channels) {
        const AccountAdapter *accounts = m_channels.accounts(channel);
        if (!accounts)
            continue;
        const WebhookRules rules = m_channels.adapter(channel)->webhookRules();
        QJsonObject line{{u"channel"_s, channelName(channel)},
                         {u"webhook_url"_s, QString(base + webhookRoute(rules))},
                         {u"redirect_url"_s, json::orNull(accounts->hasConsentPage() ? QString(base + consentReturnPath(channel)) : QString())},
                         {u"registered"_s, QJsonValue::Null},
                         {u"detail"_s, QJsonValue::Null}};
        if (hasOwnAddress(rules) && m_accounts) {
            const QList<Subscriptions::Attempt> own = m_accounts->subscriptions(channel);
            for (const Subscriptions::Attempt &attempt : own) {
                line.insert(u"inbox_id"_s, attempt.inbox.toString());
                line.insert(u"webhook_url"_s, attempt.callback.toString());
                line.insert(u"registered"_s, attempt.state ? QJsonValue(attempt.state->ok) : QJsonValue(QJsonValue::Null));
                line.insert(u"detail"_s, attempt.state ? QJsonValue(attempt.state->detail) : QJsonValue(QJsonValue::Null));
                lines.append(line);
            }
            if (!own.isEmpty())
                continue;
        }
        for (const WebhookRegistrar::Attempt &attempt : attempts) {
            if (attempt.channel == channel) {
                line.insert(u"registered"_s, attempt.state.ok);
                line.insert(u"detail"_s, attempt.state.detail);
            }
        }
        lines.append(line);
    }
    json.insert(u"platforms"_s, lines);
}

QJsonObject TunnelHost::render() const
{
    const TunnelStatus &status = m_tunnel.status();
    const ToolHelp help = m_tunnel.help();
    QJsonObject json{{u"provider"_s, tunnelProviderName(m_settings.provider)},
                     {u"settings"_s, toJson(m_settings)},
                     {u"secrets_set"_s, m_hasToken ? QJsonArray{u"token"_s} : QJsonArray()},
                     {u"public_url"_s, json::orNull((m_used.isEmpty() ? status.address : m_used).toString())},
                     {u"state"_s, tunnelStateName(status.state)},
                     {u"problem"_s, json::orNull(tunnelProblemName(status.problem))},
                     {u"detail"_s, status.detail},
                     {u"is_overridden"_s, !m_optionUrl.isEmpty()},
                     {u"since"_s, json::orNull(status.since)},
                     {u"proved_at"_s, json::orNull(status.provedAt)},
                     {u"next_try_at"_s, json::orNull(status.nextTryAt)},
                     {u"restarts"_s, status.restarts},
                     {u"intake_port"_s, m_intakeServer.port()},
                     {u"help"_s, QJsonValue::Null}};
    if (!m_optionUrl.isEmpty())
        json.insert(u"detail"_s, QString(status.detail + u" The address was given at the start by --public-url, which wins over what is chosen here."_s));
    if (status.problem == TunnelProblem::ToolMissing) {
        json.insert(u"help"_s, QJsonObject{{u"tool"_s, help.tool},
                                           {u"system"_s, systemName(help.system)},
                                           {u"commands"_s, QJsonArray::fromStringList(help.commands)},
                                           {u"page"_s, help.page.toString()}});
    }
    json.insert(u"output"_s, QJsonArray::fromStringList(status.output));
    renderAddress(json);
    return json;
}

/// Sessions are told of what they show; the time of the last probe and the tool's lines alone are no news.
void TunnelHost::publish()
{
    if (m_isStopped)
        return;
    const QJsonObject now = render();
    QJsonObject before;
    {
        const std::lock_guard lock(m_mutex);
        before = std::exchange(m_shown, now);
        m_publicUrl = m_used.toString();
    }
    QJsonObject told = now;
    for (QJsonObject *side : {&before, &told}) {
        for (const QLatin1StringView key : {"proved_at"_L1, "output"_L1})
            side->remove(key);
    }
    if (before == told || before.isEmpty())
        return;
    m_database.writer().write<void>(
        Writer::Priority::Background, "tell the tunnel",
        [](WriteTransaction &tx) -> Result<void> {
            tx.changed(u"tunnel.updated"_s, kTheOne);
            return {};
        },
        m_mailbox, [](const Result<void> &) {});   // the state itself is at hand; a full disk has its own voice
}

void TunnelHost::setTunnel(const QJsonObject &params, Done done)
{
    const auto refuse = [&done](const QString &field, const QString &why) { done(Error{Error::Kind::Invalid, why, field}); };
    const QJsonValue name = params.value("provider"_L1);
    const auto provider = name.isUndefined() || name.isNull() ? std::optional(m_settings.provider) : tunnelProviderFromName(name.toString());
    if (!provider)
        return refuse(u"provider"_s, u"none, own_domain, cloudflared_quick, cloudflared_named, ssh or localtunnel"_s);
    for (const QLatin1StringView key : {"settings"_L1, "secrets"_L1}) {
        const QJsonValue value = params.value(key);
        if (!value.isUndefined() && !value.isNull() && !value.isObject())
            return refuse(QString(key), u"not an object"_s);
    }
    QJsonObject wanted = *provider == m_settings.provider ? toJson(m_settings) : QJsonObject();
    const QJsonObject given = params.value("settings"_L1).toObject();
    for (auto it = given.begin(); it != given.end(); ++it)
        wanted.insert(it.key(), it.value());
    if (!given.contains("public_url"_L1) && params.contains("public_url"_L1))
        wanted.insert(u"public_url"_s, params.value("public_url"_L1));

    const QJsonValue token = params.value("secrets"_L1).toObject().value("token"_L1);
    const auto secrets = tunnelSecretsFromJson(params.value("secrets"_L1).toObject());
    if (!secrets)
        return done(secrets.error());
    const bool changesToken = !token.isUndefined();
    const QString newToken = secrets->token;
    const auto settings = tunnelSettingsFromJson(*provider, wanted, changesToken ? !newToken.isEmpty() : m_hasToken);
    if (!settings)
        return done(settings.error());

    std::optional<QByteArray> sealed;
    if (changesToken && newToken.isEmpty()) {
        sealed = QByteArray();
    } else if (changesToken) {
        const auto box = m_secrets ? m_secrets->seal(kToken, newToken.toUtf8()) : Result<QByteArray>(Error{Error::Kind::Unavailable, u"secrets are locked"_s});
        if (!box)
            return done(box.error());
        sealed = *box;
    }
    const QPointer<TunnelHost> self(this);
    m_database.writer().write<void>(
        Writer::Priority::Urgent, "store tunnel", [settings = *settings, sealed](WriteTransaction &tx) { return store(tx, settings, sealed); }, m_mailbox,
        [self, settings = *settings, changesToken, newToken, done = std::move(done)](const Result<void> &stored) {
            if (!self)
                return;
            if (!stored)
                return done(stored.error());
            if (changesToken) {
                self->m_token.token = newToken;
                self->m_hasToken = !newToken.isEmpty();
            }
            self->m_isRead = true;
            self->m_settings = settings;
            self->begin();
            done(self->tunnel());
        });
}

void TunnelHost::checkTunnel(Done done)
{
    m_tunnel.checkNow([this, done = std::move(done)] { done(tunnel()); });
}

} // namespace antiphon
