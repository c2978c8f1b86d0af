#include "core/accounts/webhookregistrar.h"

#include "core/accounts/operationrunner.h"
#include "core/base/logging.h"
#include "core/store/settingrepository.h"
#include "core/store/writer.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::chrono::hours kEvery{1};

QString settingKey(Channel channel) { return channelName(channel) + u".registered_callback"_s; }

} // namespace

WebhookRegistrar::WebhookRegistrar(Database &database, CredentialVault &vault, const ChannelRegistry &channels, HttpClient &http,
                                   const QUrl &publicUrl, Mailbox &mailbox, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_vault(vault)
    , m_channels(channels)
    , m_http(http)
    , m_publicUrl(publicUrl)
    , m_mailbox(mailbox)
{
    m_hourly.setParent(this);
    m_hourly.setInterval(kEvery);
    connect(&m_hourly, &QTimer::timeout, this, &WebhookRegistrar::ensureAll);
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
    ensureAll();
}

void WebhookRegistrar::readOurs(Channel channel, const std::function<void()> &then)
{
    const QPointer<WebhookRegistrar> self(this);
    m_database.read<QString>(
        "read registered callback",
        [channel](ReadTransaction &tx) -> Result<QString> {
            const auto value = settings::value(tx, settingKey(channel));
            if (!value)
                return value.error();
            return *value ? (*value)->toString() : QString();
        },
        m_mailbox, [self, channel, then](const Result<QString> &registered) {
            if (!self)
                return;
            if (!registered)
                qCWarning(lcAccounts).noquote() << "registered callback not read:" << describe(registered.error());
            else if (!self->m_ours.contains(channel))   // else it was set meanwhile
                self->m_ours[channel] = *registered;
            then();
        });
}

QUrl WebhookRegistrar::callback(Channel channel) const
{
    if (m_publicUrl.isEmpty())
        return {};
    QUrl url = m_publicUrl;
    url.setPath(url.path().endsWith(u'/') ? url.path().chopped(1) + u"/webhooks/"_s + channelName(channel)
                                          : url.path() + u"/webhooks/"_s + channelName(channel));
    return url;
}

void WebhookRegistrar::ensureAll()
{
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
    if (!adapter || !app || app->appSecret.isEmpty() || m_publicUrl.isEmpty()) {
        done({.ok = false, .detail = m_publicUrl.isEmpty() ? u"no public address is known, so nothing can be delivered by webhook"_s
                  : !app && app.error().kind == Error::Kind::Unavailable ? app.error().detail
                                                                         : u"the platform's app id and secret are not entered"_s});
        return;
    }
    if (m_ours.contains(channel))
        inspect(channel, takeOver, done);
    else
        readOurs(channel, [this, channel, takeOver, done = std::move(done)] { inspect(channel, takeOver, done); });
}

void WebhookRegistrar::inspect(Channel channel, bool takeOver, const Done &done)
{
    const auto app = m_vault.app(channel);
    if (!app) {
        done({.ok = false, .detail = describe(app.error())});
        return;
    }
    const QPointer<WebhookRegistrar> self(this);
    runOperation<WebhookRegistration>(m_http, m_channels.accounts(channel)->inspectWebhook(*app, m_channels.endpoints(channel)),
                                      [self, channel, takeOver, done](const Result<WebhookRegistration> &found) {
                                          if (!self)
                                              return;
                                          if (!found)
                                              done({.ok = false, .detail = u"the registration could not be read: "_s + describe(found.error())});
                                          else
                                              self->compare(channel, found->callback, takeOver, done);
                                      });
}

void WebhookRegistrar::compare(Channel channel, const QUrl &registered, bool takeOver, const Done &done)
{
    if (m_publicUrl.isEmpty()) {   // taken away while the platform was asked
        done({.ok = false, .detail = u"no public address is known, so nothing can be delivered by webhook"_s});
        return;
    }
    if (registered == callback(channel)) {
        noteOurs(channel, registered);
        done({.ok = true, .detail = u"registered to "_s + registered.toString()});
        return;
    }
    if (!registered.isEmpty() && !takeOver && !wasOurs(channel, registered)) {
        done({.ok = false,
              .detail = u"registered to another address, %1; taking it over would stop that installation's messages"_s.arg(registered.toString()),
              .isForeign = true});
        return;
    }
    if (const auto app = m_vault.app(channel))
        set(channel, *app, done);
    else
        done({.ok = false, .detail = describe(app.error())});
}

bool WebhookRegistrar::wasOurs(Channel channel, const QUrl &address) const
{
    const auto ours = m_ours.find(channel);
    return ours != m_ours.end() && !ours->second.isEmpty() && QUrl(ours->second) == address;
}

void WebhookRegistrar::set(Channel channel, const AppCredentials &app, const Done &done)
{
    const QUrl address = callback(channel);
    const QPointer<WebhookRegistrar> self(this);
    runOperation<WebhookRegistration>(
        m_http, m_channels.accounts(channel)->registerWebhook(address, app, m_channels.endpoints(channel)),
        [self, channel, address, done](const Result<WebhookRegistration> &set) {
            if (!self)
                return;
            if (!set) {
                done({.ok = false, .detail = u"the platform did not take the address: "_s + describe(set.error())});
                return;
            }
            self->noteOurs(channel, address);
            done({.ok = true, .detail = u"registered to "_s + address.toString()});
        });
}

void WebhookRegistrar::noteOurs(Channel channel, const QUrl &address)
{
    const QString text = address.toString();
    if (m_ours[channel] == text)
        return;
    m_ours[channel] = text;
    m_database.writer().write<void>(
        Writer::Priority::Background, "store registered callback",
        [channel, text](WriteTransaction &tx) { return settings::store(tx, settingKey(channel), text); }, m_mailbox,
        [](const Result<void> &stored) {
            if (!stored)
                qCWarning(lcAccounts).noquote() << "registered callback not stored:" << describe(stored.error());
        });
}

} // namespace antiphon
