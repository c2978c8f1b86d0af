#pragma once

#include "core/base/clock.h"
#include "core/server/gate/chunkedframing.h"
#include "core/server/gate/headparser.h"
#include "core/server/gate/routepolicy.h"
#include "core/server/gate/serverreply.h"

#include <QObject>

class QTcpSocket;

namespace antiphon {

class Gate;
class HttpStream;

/// One socket at the Gate, from accepting to closing: follows the requests on it byte by byte before the library does, keeps the times, and
/// writes every answer. A child of its socket.
///
/// The library consumes whatever is readable each time the socket speaks; this object's slot runs first, so the bytes it sees then are
/// exactly the new ones. Until the first head is judged the library isn't connected at all, and the bytes stay in the socket.
class GateConnection final : public QObject {
    Q_OBJECT
public:
    GateConnection(Gate *gate, QTcpSocket *socket);
    ~GateConnection() override;

    QTcpSocket *socket() const { return m_socket; }

    /// The request that is being answered.
    const RequestHead &head() const { return m_parser.head(); }
    const Judgement &judgement() const { return m_judgement; }
    quint64 requestNumber() const { return m_requestNumber; }   ///< grows with every request of the connection

    /// Whether this request still wants its answer: it is the current one, and neither answered, timed out nor hung up on.
    bool awaits(quint64 requestNumber) const;

    /// Answers the current request and, unless the reply or the client wants the end, waits for the next one.
    void reply(const ServerReply &reply);

private:
    friend class Gate;
    friend class HttpStream;

    enum class State { Handshake, Head, Body, Busy, Stream, WebSocket, Farewell };

    void begin();
    void takeBytes();
    void takeHead();
    void judged(qsizetype headBytes, qsizetype behind);
    void handToLibrary(qsizetype behind);
    void handToStream(qsizetype headBytes);
    void handToWebSocket();
    bool followBody(QByteArrayView bytes);      ///< false where it refused
    void refuse(const Refusal &why, qsizetype headBytes = -1);
    void farewell(const QByteArray &lastWords);
    void discard();
    void endWriting();
    void nextRequest(SteadyTime idleUntil);
    void sweep(SteadyTime now);
    void expire();
    void hungUp();
    void account(qint64 bytes);
    void releaseBuffered();

    Gate *m_gate = nullptr;
    QTcpSocket *m_socket = nullptr;
    size_t m_index = 0;                // in the Gate's list
    State m_state = State::Head;
    SteadyTime m_deadline{};           // none: time_point::max()
    HeadParser m_parser;
    Judgement m_judgement;
    ChunkedFraming m_framing;
    HttpStream *m_stream = nullptr;
    quint64 m_requestNumber = 0;
    qint64 m_bodyTaken = 0;
    qint64 m_buffered = 0;             // our share of the budget
    qint64 m_discarded = 0;
    qsizetype m_unread = 0;            // bytes of the head that were judged but still lie in the socket; only before the library is attached
    bool m_attached = false;           // the library reads this socket
    bool m_headInPieces = false;       // the library has already taken a part of the current head
    bool m_forwarding = false;         // the library is reading because we told it to
    bool m_writingEnded = false;
};

} // namespace antiphon
