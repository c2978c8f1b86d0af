#include "core/accounts/webhookregistrar.h"

#include "core/accounts/operationrunner.h"
#include "core/base/logging.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::chrono::hours kEvery{1};
constexpr std::chrono::seconds kFirstAgain{30};
constexpr std::chrono::seconds kLastAgain{600};
} // namespace

WebhookRegistrar::WebhookRegistrar(OwnAddresses &ours, CredentialVault &vault, const ChannelRegistry &channels, HttpClient &http, const QUrl &publicUrl,
                                   QObject *parent)
    : QObject(parent)
    , m_vault(vault)
    , m_channels(channels)
    , m_http(http)
    , m_publicUrl(publicUrl)
    , m_ours(ours)
{
    m_hourly.setParent(this);
    m_hourly.setInterval(kEvery);
    m_again.setParent(this);
    m_again.setSingleShot(true);
    connect(&m_hourly, &QTimer::timeout, this, &WebhookRegistrar::ensureAll);
    connect(&m_again, &QTimer::timeout, this, &WebhookRegistrar::ensureAll);
}

void WebhookRegistrar::start()
{
    m_hourly.start();
    ensureAll();
}

void WebhookRegistrar::setPublicUrl(const QUrl &url)
{
    if (m_publicUrl == url)
        return;
    m_publicUrl = url;
    m_attempts.clear();
    m_failures = 0;
    m_again.stop();
    emit attempted();
    ensureAll();
}

QList<WebhookRegistrar::Attempt> WebhookRegistrar::attempts() const
{
    QList<Attempt> all;
    for (const auto &[channel, attempt] : m_attempts)
        all.append(attempt);
    return all;
}

void WebhookRegistrar::finish(Channel channel, const State &state, const Done &done)
{
    m_attempts[channel] = {.channel = channel, .state = state, .callback = callback(channel)};
    if (state.ok || state.isForeign) {   // a foreign one waits for the owner's word
        m_failures = state.ok ? 0 : m_failures;
    } else if (!m_publicUrl.isEmpty() && !m_again.isActive()) {
        m_again.start(std::min<std::chrono::seconds>(kFirstAgain * (1LL << std::min(m_failures, 8)), kLastAgain));
        ++m_failures;
    }
    emit attempted();
    done(state);
}

QUrl WebhookRegistrar::callback(Channel channel) const
{
    const ChannelAdapter *adapter = m_channels.adapter(channel);
    if (m_publicUrl.isEmpty() || !adapter)
        return {};
    QUrl url = m_publicUrl;
    const QString base = url.path().endsWith(u'/') ? url.path().chopped(1) : url.path();
    url.setPath(base + webhookRoute(adapter->webhookRules()));
    return url;
}

void WebhookRegistrar::ensureAll()
{
    emit lookedAtAll();
    const QList<CredentialVault::Account> accounts = m_vault.accounts();
    QList<Channel> seen;
    for (const CredentialVault::Account &account : accounts) {
        if (seen.contains(account.channel) || m_publicUrl.isEmpty())
            continue;
        seen.append(account.channel);
        ensure(account.channel, false, [channel = account.channel](const State &state) {
            if (!state.ok)
                qCWarning(lcAccounts).noquote() << channelName(channel) << "webhook registration:" << state.detail;
        });
    }
}

void WebhookRegistrar::ensure(Channel channel, bool takeOver, Done done)
{
    const AccountAdapter *adapter = m_channels.accounts(channel);
    const auto app = m_vault.app(channel);
    if (adapter && !adapter->hasAppWebhook()) {
        done({.ok = true, .detail = u"the address is entered in the platform's portal"_s});
        return;
    }
    if (!adapter || !app || app->appSecret.isEmpty() || m_publicUrl.isEmpty()) {
        done({.ok = false, .detail = m_publicUrl.isEmpty() ? u"no public address is known, so nothing can be delivered by webhook"_s
                  : !app && app.error().kind == Error::Kind::Unavailable ? app.error().detail
                                                                         : u"the platform's app id and secret are not entered"_s});
        return;
    }
    m_ours.load(channel, [self = QPointer<WebhookRegistrar>(this), channel, takeOver, done = std::move(done)] {
        if (self)
            self->inspect(channel, takeOver, done);
    });
}

void WebhookRegistrar::inspect(Channel channel, bool takeOver, const Done &done)
{
    const auto app = m_vault.app(channel);
    if (!app) {
        finish(channel, {.ok = false, .detail = describe(app.error())}, done);
        return;
    }
    const QPointer<WebhookRegistrar> self(this);
    runOperation<WebhookRegistration>(m_http, m_channels.accounts(channel)->inspectWebhook(*app, m_channels.endpoints(channel)),
                                      [self, channel, takeOver, done](const Result<WebhookRegistration> &found) {
                                          if (!self)
                                              return;
                                          if (!found)
                                              self->finish(channel, {.ok = false, .detail = u"the registration could not be read: "_s + describe(found.error())}, done);
                                          else
                                              self->compare(channel, found->callback, takeOver, done);
                                      });
}

void WebhookRegistrar::compare(Channel channel, const QUrl &registered, bool takeOver, const Done &done)
{
    if (m_publicUrl.isEmpty()) {   // taken away while the platform was asked
        finish(channel, {.ok = false, .detail = u"no public address is known, so nothing can be delivered by webhook"_s}, done);
        return;
    }
    if (registered == callback(channel)) {
        m_ours.note(channel, registered, [] {});
        finish(channel, {.ok = true, .detail = u"registered to "_s + registered.toString()}, done);
        return;
    }
    if (!registered.isEmpty() && !takeOver && !m_ours.contains(channel, registered)) {
        finish(channel,
               {.ok = false,
                .detail = u"registered to another address, %1; taking it over would stop that installation's messages"_s.arg(registered.toString()),
                .isForeign = true},
               done);
        return;
    }
    if (const auto app = m_vault.app(channel))
        set(channel, *app, done);
    else
        finish(channel, {.ok = false, .detail = describe(app.error())}, done);
}

void WebhookRegistrar::set(Channel channel, const AppCredentials &app, const Done &done)
{
    const QUrl address = callback(channel);
    const QPointer<WebhookRegistrar> self(this);
    m_ours.note(channel, address, [self, channel, app, address, done] {
        if (!self)
            return;
        if (address != self->callback(channel)) {   // it is another one by now, and that was told to us too
            self->finish(channel, {.ok = false, .detail = u"the public address changed meanwhile"_s}, done);
            return;
        }
        runOperation<WebhookRegistration>(
            self->m_http, self->m_channels.accounts(channel)->registerWebhook(address, app, self->m_channels.endpoints(channel)),
            [self, channel, address, done](const Result<WebhookRegistration> &set) {
                if (!self)
                    return;
                if (address != self->callback(channel) && !self->m_publicUrl.isEmpty())   // which of the two the platform keeps, only it knows
                    self->ensure(channel, false, done);
                else if (!set)
                    self->finish(channel, {.ok = false, .detail = u"the platform did not take the address: "_s + describe(set.error())}, done);
                else
                    self->finish(channel, {.ok = true, .detail = u"registered to "_s + address.toString()}, done);
            });
    });
}

} // namespace antiphon
