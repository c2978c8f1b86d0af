#pragma once

#include "core/base/clock.h"
#include "core/desk/sessiontransport.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

class QTcpSocket;
class QWebSocket;

namespace antiphon {

/// What a client of the desk port may do before and after `session.open`. The defaults are the contract's; tests shorten the times.
struct SessionLimits {
    Milliseconds openWithin{5'000};
    qint64 messageBeforeOpen = 4 * 1024;
    qint64 message = 1024 * 1024;
    qint64 waitingBeforeOpen = 256 * 1024;   ///< bytes we owe a stranger (pongs, errors): above, cut
    Milliseconds closing{5'000};             ///< how long a close frame may take to leave: then cut
    Milliseconds ping{30'000};               ///< how often an open session is asked whether it is there
    Milliseconds silence{75'000};            ///< nothing at all from the client for so long: cut (a laptop that fell asleep says no goodbye)
};

/// A SessionTransport over one WebSocket. QWebSocket answers every ping unasked and lets its buffer grow without bound, so what waits is looked at
/// here each time the socket has spoken.
class WebSocketTransport final : public SessionTransport {
    Q_OBJECT
public:
    /// @param socket the upgraded connection; taken over
    /// @param wire what is under it
    WebSocketTransport(QWebSocket *socket, QTcpSocket *wire, const SessionLimits &limits);
    ~WebSocketTransport() override;

    void send(const QByteArray &text) override;
    qint64 bytesWaiting() const override;
    void raiseLimits() override;
    void close(int code, const QString &reason) override;

private:
    void wireSpeaks();
    void lookForLife();
    void written();
    void ended();
    void cut();

    QWebSocket *m_socket;
    QPointer<QTcpSocket> m_wire;
    SessionLimits m_limits;
    QTimer m_timer;                // opening, then pings, at last closing
    QElapsedTimer m_sinceHeard;
    bool m_isOpen = false;         // limits are raised
    bool m_isClosing = false;
    bool m_hasEnded = false;
    bool m_wasFull = false;
};

} // namespace antiphon
