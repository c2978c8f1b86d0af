#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/channels/channelregistry.h"
#include "core/server/gate/gate.h"
#include "core/server/httpdispatcher.h"
#include "core/server/webhookrequest.h"

#include <QObject>

#include <functional>

namespace antiphon {

class FileStreams;

/// The intake port: what the world may reach, through the tunnel. Webhooks, OAuth returns, `/media`, `/healthz`; always on loopback.
/// Which routes there are for webhooks and returns the channels say; all of them go to one handler each, which finds the inbox in the path.
class IntakeServer final : public QObject {
    Q_OBJECT
public:
    struct Handlers {
        WebhookHandler webhook{};
        WebhookHandler oauthReturn{};          ///< GET with the query of the platform; the reply is a page
        std::function<bool()> isHealthy{};     ///< the process is up and its store writable; must not block
        FileStreams *files = nullptr;          ///< for /media; outlives the server
    };

    IntakeServer(const Clock &clock, const ChannelRegistry &channels, Handlers handlers, Gate::Options options = {}, QObject *parent = nullptr);

    /// Listens on 127.0.0.1; 0 picks a free port. Call once.
    Result<void> open(quint16 port);
    quint16 port() const { return m_gate->serverPort(); }

    /// The name under which the tunnel reaches this port, without scheme and port; empty: none.
    void setPublicHost(const QByteArray &host);

    ServerStats stats() const { return m_gate->stats(); }

signals:
    void probed(const QByteArray &nonce);   ///< somebody asked /healthz?probe=nonce

private:
    void addRoutes(const ChannelRegistry &channels);
    void addWebhooks(Channel channel, const WebhookRules &rules);
    void handle(const HttpDispatcher::Request &request, const Answer &answer);
    WebhookRequest webhookRequest(const HttpDispatcher::Request &request, Channel channel) const;

    const Clock &m_clock;
    Handlers m_handlers;
    HttpDispatcher m_dispatcher;
    Gate *m_gate;                   // a child of the dispatcher once it is open
};

} // namespace antiphon
