#pragma once

#include "core/accounts/credentialvault.h"
#include "core/accounts/ownaddresses.h"
#include "core/channels/channelregistry.h"
#include "core/net/httpclient.h"

#include <QObject>
#include <QTimer>
#include <QUrl>

#include <map>

namespace antiphon {

/// Keeps the platforms pointed at this server: reads the registration at start, on connect and every hour, and sets it where there is none or where it
/// is an earlier address of ours; what failed is tried again after 30 s to 10 minutes. A registered address of somebody else is left alone and said, since taking it over would take
/// that installation's events. A platform whose address is entered by hand, or account by account, has no such registration. Lives in the net thread.
class WebhookRegistrar final : public QObject {
    Q_OBJECT
public:
    struct State {
        bool ok = false;
        QString detail{};          ///< English sentence
        bool isForeign = false;    ///< registered to another address
    };
    /// How the newest attempt of a channel ended.
    struct Attempt {
        Channel channel{};
        State state{};
        QUrl callback{};           ///< that was asked for
    };
    using Done = std::function<void(State)>;

    /// @param ours outlives this
    WebhookRegistrar(OwnAddresses &ours, CredentialVault &vault, const ChannelRegistry &channels, HttpClient &http, const QUrl &publicUrl,
                     QObject *parent = nullptr);

    void start();
    /// @param takeOver set it also where it is another installation's.
    void ensure(Channel channel, bool takeOver, Done done);

    void ensureAll();                         ///< every channel that has an inbox
    void setPublicUrl(const QUrl &url);

    QList<Attempt> attempts() const;          ///< by channel

    QUrl callback(Channel channel) const;     ///< "<public url>/webhooks/tiktok"; empty without a public address

signals:
    void lookedAtAll();                       ///< at start, hourly, and when something is another: accounts' own subscriptions may be looked at too
    void attempted();                         ///< attempts() may be others

private:
    void finish(Channel channel, const State &state, const Done &done);
    void inspect(Channel channel, bool takeOver, const Done &done);
    void compare(Channel channel, const QUrl &registered, bool takeOver, const Done &done);
    void set(Channel channel, const AppCredentials &app, const Done &done);

    CredentialVault &m_vault;
    const ChannelRegistry &m_channels;
    HttpClient &m_http;
    QUrl m_publicUrl;
    QTimer m_hourly;
    QTimer m_again;
    int m_failures = 0;                       ///< in a row
    std::map<Channel, Attempt> m_attempts;
    OwnAddresses &m_ours;
};

} // namespace antiphon
