#include "core/server/websockettransport.h"

#include <QTcpSocket>
#include <QWebSocket>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTryAgainLater = 1013;   // IANA's registry; Qt has no name for it
constexpr int kMaxReason = 41;         // letters: of three bytes each they fill a control frame (RFC 6455, 5.5)

} // namespace

WebSocketTransport::WebSocketTransport(QWebSocket *socket, QTcpSocket *wire, const SessionLimits &limits)
    : m_socket(socket), m_wire(wire), m_limits(limits)
{
    socket->setParent(this);
    if (wire)
        wire->setParent(socket);       // QWebSocket keeps a bare pointer: the wire must not die with the listener
    socket->setMaxAllowedIncomingFrameSize(quint64(limits.messageBeforeOpen));
    socket->setMaxAllowedIncomingMessageSize(quint64(limits.messageBeforeOpen));
    connect(socket, &QWebSocket::textMessageReceived, this, [this](const QString &text) {
        if (!m_isClosing)
            emit received(text.toUtf8());
    });
    connect(socket, &QWebSocket::binaryMessageReceived, this, [this] { close(QWebSocketProtocol::CloseCodeDatatypeNotSupported, u"text only"_s); });
    connect(socket, &QWebSocket::bytesWritten, this, &WebSocketTransport::written);
    connect(socket, &QWebSocket::disconnected, this, &WebSocketTransport::ended);
    m_sinceHeard.start();
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_isClosing)
            cut();
        else if (m_isOpen)
            lookForLife();
        else
            close(QWebSocketProtocol::CloseCodePolicyViolated, u"no session.open in time"_s);
    });
    m_timer.start(limits.openWithin);
    if (wire)
        connect(wire, &QTcpSocket::readyRead, this, &WebSocketTransport::wireSpeaks);
}

WebSocketTransport::~WebSocketTransport()
{
    m_socket->disconnect(this);
    if (!m_hasEnded)
        m_socket->abort();
}

void WebSocketTransport::send(const QByteArray &text)
{
    if (m_isClosing || m_hasEnded)
        return;
    m_socket->sendTextMessage(QString::fromUtf8(text));
    const qint64 waiting = bytesWaiting();
    m_wasFull = m_wasFull || waiting > kPauseAbove;
    if (waiting > kCloseAbove)
        close(kTryAgainLater, u"the client doesn't read"_s);
}

qint64 WebSocketTransport::bytesWaiting() const
{
    return m_hasEnded ? 0 : m_socket->bytesToWrite();
}

void WebSocketTransport::raiseLimits()
{
    if (m_isOpen || m_isClosing || m_hasEnded)
        return;
    m_isOpen = true;
    m_timer.start(m_limits.ping);
    m_socket->setMaxAllowedIncomingFrameSize(quint64(m_limits.message));
    m_socket->setMaxAllowedIncomingMessageSize(quint64(m_limits.message));
}

void WebSocketTransport::close(int code, const QString &reason)
{
    if (m_isClosing || m_hasEnded)
        return;
    m_isClosing = true;
    m_timer.start(m_limits.closing);
    m_socket->close(QWebSocketProtocol::CloseCode(code), reason.left(kMaxReason));
}

void WebSocketTransport::lookForLife()
{
    if (Milliseconds(m_sinceHeard.elapsed()) >= m_limits.silence)
        cut();
    else
        m_socket->ping();
}

void WebSocketTransport::wireSpeaks()
{
    m_sinceHeard.restart();
    const qint64 owed = m_wire->bytesToWrite();
    if (owed > (m_isOpen ? kCloseAbove : m_limits.waitingBeforeOpen))
        cut();
}

void WebSocketTransport::written()
{
    if (!m_wasFull || bytesWaiting() > kPauseAbove)
        return;
    m_wasFull = false;
    if (!m_isClosing)
        emit drained();
}

void WebSocketTransport::cut()
{
    if (m_wire)
        m_wire->abort();
    else
        m_socket->abort();
    ended();
}

void WebSocketTransport::ended()
{
    if (m_hasEnded)
        return;
    m_hasEnded = true;
    m_isClosing = true;
    m_timer.stop();
    emit closed();
}

} // namespace antiphon
