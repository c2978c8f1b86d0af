#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/server/gate/bufferbudget.h"
#include "core/server/gate/gatelimits.h"
#include "core/server/gate/routepolicy.h"
#include "core/server/serverstats.h"

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QSocketNotifier>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QTcpSocket;

namespace antiphon {

class GateConnection;
class HttpStream;

/// The listener in front of the HTTP library, which has no limits and no time-outs and takes contradictory framing (Qt 6.4).
/// Every socket starts here; the first head is judged before the library sees the socket, every later one before the library sees its bytes.
/// What is well formed, bounded and named in policy() goes on to the library (`library.bind(gate)` after open()), to the stream handler or to
/// the WebSocket handler; everything else is answered here. Lives in the net thread; owns its sockets, but for the upgraded ones.
class Gate final : public QTcpServer {
    Q_OBJECT
public:
    struct Options {
        QByteArray name{};                                 ///< for log and counters, e.g. "intake"
        GateLimits limits{};
        std::shared_ptr<BufferBudget> budget{};            ///< shared by the listeners of a process; made where none is given
        std::optional<QSslConfiguration> tls{};            ///< with certificate and key; nothing: plain
    };

    Gate(const Clock &clock, Options options, QObject *parent = nullptr);
    ~Gate() override;

    /// The listener's routes and names. Routes are added before open().
    RoutePolicy &policy() { return m_policy; }
    const RoutePolicy &policy() const { return m_policy; }

    /// Listens. @return Invalid for an address beyond loopback without TLS, Unavailable where the port can't be had.
    Result<void> open(const QHostAddress &address, quint16 port);

    /// Takes requests of Route::Kind::Stream; the stream lives as long as its connection.
    void setStreamHandler(std::function<void(HttpStream *)> handler) { m_streamHandler = std::move(handler); }

    /// Takes sockets of Route::Kind::WebSocket, their whole head unread, and owns them from then on.
    void setWebSocketHandler(std::function<void(QTcpSocket *)> handler) { m_webSocketHandler = std::move(handler); }

    /// The connection behind a socket that the library shows; null where it isn't ours (any more).
    GateConnection *connectionOf(QTcpSocket *socket) const { return m_bySocket.value(socket); }

    ServerStats stats() const;
    const GateLimits &limits() const { return m_options.limits; }

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    friend class GateConnection;
    friend class HttpStream;

    QTcpSocket *makeSocket(qintptr descriptor);
    void startAccepting();
    void acceptWaiting();
    void attachToLibrary(QTcpSocket *socket);
    void detachFromLibrary(QTcpSocket *socket) const;
    void add(GateConnection *connection);
    void remove(GateConnection *connection);
    void sweep();
    void countAnswer(int status) { ++m_stats.answersByStatus[status]; }
    void countRefusal(const char *cause, int status);
    SteadyTime now() const { return m_clock.steady(); }
    const QByteArray &dateLine() const { return m_dateLine; }
    void refreshDate();

    const Clock &m_clock;
    Options m_options;
    RoutePolicy m_policy;
    std::function<void(HttpStream *)> m_streamHandler;
    std::function<void(QTcpSocket *)> m_webSocketHandler;
    std::vector<GateConnection *> m_connections;
    QHash<QTcpSocket *, GateConnection *> m_bySocket;
    std::unique_ptr<QSocketNotifier> m_acceptor;
    int m_listener = -1;             // our own handle of the listening socket
    QTimer m_sweeper;
    QByteArray m_dateLine;
    ServerStats m_stats;
    struct LogState {
        SteadyTime next{};
        quint64 unlogged = 0;
    };
    QHash<QByteArray, LogState> m_logStates;
};

} // namespace antiphon
