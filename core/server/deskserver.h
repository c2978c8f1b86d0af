#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/server/authorization.h"
#include "core/server/gate/gate.h"
#include "core/server/httpdispatcher.h"
#include "core/server/websockettransport.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QWebSocketServer>

#include <functional>

namespace antiphon {

class FileStreams;

/// The desk port: WebSocket sessions, attachments, metrics, health. Never behind the tunnel; beyond loopback only with TLS.
class DeskServer final : public QObject {
    Q_OBJECT
public:
    static constexpr int kMaxConnections = 256;

    struct Handlers {
        /// Takes over the transport of a new, not yet authorised client. It must be connected before the call returns.
        std::function<void(SessionTransport *)> session{};
        Authorizer authorize{};
        /// Gives the program's metrics as Prometheus text; this port's own are appended. `done` once, in the net thread.
        std::function<void(std::function<void(const QByteArray &text)> done)> metrics{};
        std::function<bool()> isHealthy{};     ///< must not block
        FileStreams *files = nullptr;          ///< outlives the server
    };

    DeskServer(const Clock &clock, Handlers handlers, Gate::Options options = defaultOptions(), const SessionLimits &sessionLimits = {}, QObject *parent = nullptr);
    ~DeskServer() override;

    /// The contract's limits of the desk port; a caller adds TLS and the shared budget.
    static Gate::Options defaultOptions();

    /// Listens; 0 picks a free port. Call once. @return Invalid for an address beyond loopback without TLS.
    Result<void> open(const QHostAddress &address, quint16 port);
    quint16 port() const { return m_gate->serverPort(); }

    /// Names of this machine on the LAN under which the port is asked for, beside the loopback names; without port.
    void setLanNames(const QList<QByteArray> &names) { m_gate->policy().setKnownHosts(names); }
    /// Web pages that may open a session; none unless told.
    void setAllowedOrigins(const QList<QByteArray> &origins) { m_gate->policy().setAllowedOrigins(origins); }

    ServerStats stats() const { return m_gate->stats(); }

signals:
    void probed(const QByteArray &nonce);   ///< somebody asked /healthz?probe=nonce

private:
    void addRoutes();
    void handle(const HttpDispatcher::Request &request, const Answer &answer);
    void sendMetrics(const RequestHead &head, const Answer &answer);
    void takeStream(HttpStream *stream);
    void upgrade(QTcpSocket *socket);
    void takeUpgraded();

    Handlers m_handlers;
    SessionLimits m_sessionLimits;
    HttpDispatcher m_dispatcher;
    QWebSocketServer m_webSockets;
    QHash<QString, QPointer<QTcpSocket>> m_upgrading;    // by the client's address and port
    Gate *m_gate;                                        // a child of the dispatcher once it is open
};

} // namespace antiphon
