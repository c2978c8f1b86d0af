#include "core/server/gate/gateconnection.h"

#include "core/server/gate/gate.h"
#include "core/server/gate/httpstream.h"

#include <QSslSocket>
#include <QTcpSocket>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

namespace antiphon {
namespace {

constexpr SteadyTime kNever = SteadyTime::max();
constexpr qint64 kStreamBuffer = 256 * 1024;
constexpr qint64 kFarewellBuffer = 64 * 1024;
constexpr qint64 kBehindRequest = 1024;      // room to notice bytes behind a full body
constexpr qint64 kMaxUnsent = 256 * 1024;    // of answers, when the next request comes
constexpr qint64 kMaxKept = 32 * 1024;       // of a body on an idle connection

} // namespace

GateConnection::GateConnection(Gate *gate, QTcpSocket *socket)
    : QObject(socket), m_gate(gate), m_socket(socket)
{
    gate->add(this);
    // Room for one byte too many; the library, once attached, gets room for its body.
    socket->setReadBufferSize(HeadParser::kMaxHead + kBehindRequest);
    connect(socket, &QTcpSocket::readyRead, this, &GateConnection::takeBytes);
    connect(socket, &QTcpSocket::disconnected, this, &GateConnection::hungUp);
    connect(socket, &QTcpSocket::bytesWritten, this, &GateConnection::endWriting);
    auto *secure = qobject_cast<QSslSocket *>(socket);
    if (secure) {
        m_state = State::Handshake;
        m_deadline = gate->now() + gate->limits().tlsHandshake;
        connect(secure, &QSslSocket::encrypted, this, &GateConnection::begin);
    } else {
        begin();
    }
}

GateConnection::~GateConnection()
{
    if (!m_gate)
        return;
    releaseBuffered();
    m_gate->remove(this);
}

void GateConnection::begin()
{
    m_state = State::Head;
    m_deadline = m_gate->now() + m_gate->limits().head;
}

bool GateConnection::awaits(quint64 requestNumber) const
{
    return m_gate && m_state == State::Busy && m_requestNumber == requestNumber && m_socket->state() == QAbstractSocket::ConnectedState;
}

void GateConnection::takeBytes()
{
    if (m_forwarding || !m_gate)
        return;
    switch (m_state) {
    case State::Head:
        takeHead();
        return;
    case State::Body:
        followBody(m_judgement.body == Judgement::Body::Chunked ? m_socket->peek(m_socket->bytesAvailable()) : QByteArray());
        return;
    case State::Busy:
        if (m_socket->bytesAvailable() > 0)
            refuse({.status = 400, .cause = "pipelined"});
        return;
    case State::Stream:
        m_stream->socketReadable();
        return;
    case State::Farewell:
        discard();
        return;
    case State::Handshake:
    case State::WebSocket:
        return;
    }
}

void GateConnection::takeHead()
{
    const qint64 available = m_socket->bytesAvailable();
    if (available <= m_unread)
        return;
    if (m_socket->bytesToWrite() > kMaxUnsent) {     // asks on and on and never listens
        m_gate->countRefusal("stalled_reader", 0);
        m_socket->abort();
        return;
    }
    const bool isFirstPiece = m_parser.isEmpty();
    if (isFirstPiece && m_requestNumber > 0)
        m_deadline = m_gate->now() + m_gate->limits().head;
    const QByteArray bytes = m_socket->peek(available);
    const QByteArrayView fresh = QByteArrayView(bytes).sliced(m_unread);
    const qsizetype taken = m_parser.feed(fresh);
    if (m_parser.state() == HeadParser::State::Refused) {
        refuse(m_parser.refusal());
    } else if (m_parser.state() == HeadParser::State::Complete) {
        m_headInPieces = m_attached && !isFirstPiece;
        ++m_requestNumber;
        m_judgement = m_gate->policy().judge(m_parser.head());
        judged(m_unread + taken, fresh.size() - taken);
    } else if (!m_attached) {
        m_unread += taken;
    }
}

void GateConnection::judged(qsizetype headBytes, qsizetype behind)
{
    const bool hasBody = m_judgement.body != Judgement::Body::None;
    if (m_judgement.refusal) {
        refuse(*m_judgement.refusal, behind == 0 ? headBytes : -1);
    } else if (behind > 0 && !hasBody) {
        refuse({.status = 400, .cause = "pipelined"});
    } else {
        switch (m_judgement.route->kind) {
        case Route::Kind::Library:
            handToLibrary(behind);
            return;
        case Route::Kind::Stream:
            handToStream(headBytes);
            return;
        case Route::Kind::WebSocket:
            handToWebSocket();
            return;
        }
    }
}

void GateConnection::handToLibrary(qsizetype behind)
{
    const bool chunked = m_judgement.body == Judgement::Body::Chunked;
    const GateLimits &limits = m_gate->limits();
    if (m_judgement.body == Judgement::Body::None) {
        m_state = State::Busy;
        m_deadline = m_gate->now() + limits.handler;
    } else {
        const qint64 limit = m_judgement.route->bodyLimit;
        m_state = State::Body;
        m_deadline = m_gate->now() + limits.body;
        m_bodyTaken = 0;
        m_framing = ChunkedFraming(limit);
        // A hard bound: the library keeps the raw bytes until the request is whole, and a chunked body may be twice its data.
        m_socket->setReadBufferSize(HeadParser::kMaxHead + kBehindRequest + (chunked ? 2 * limit + ChunkedFraming::kMaxOverhead : limit));
        const bool isWhole = !chunked && behind >= m_judgement.length;
        if (m_judgement.expectsContinue && !isWhole)
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
        if (behind > 0) {
            const QByteArray bytes = m_socket->peek(m_socket->bytesAvailable());
            if (!followBody(QByteArrayView(bytes).last(behind)))
                return;
        }
    }
    m_unread = 0;
    if (m_attached)
        return;                       // the library's own slot comes next
    m_attached = true;
    m_forwarding = true;
    m_gate->attachToLibrary(m_socket);
    emit m_socket->readyRead();
    m_forwarding = false;
}

bool GateConnection::followBody(QByteArrayView bytes)
{
    // Of a body with a length only the count matters, and what is readable now is just what is new.
    const bool chunked = m_judgement.body == Judgement::Body::Chunked;
    const qint64 fresh = bytes.isEmpty() ? m_socket->bytesAvailable() : bytes.size();
    bool isWhole = false;
    if (chunked) {
        const qsizetype taken = m_framing.feed(bytes);
        if (m_framing.state() == ChunkedFraming::State::Refused) {
            refuse(m_framing.refusal());
            return false;
        }
        isWhole = m_framing.state() == ChunkedFraming::State::Complete;
        if (taken < bytes.size()) {
            refuse({.status = 400, .cause = "pipelined"});
            return false;
        }
    } else {
        m_bodyTaken += fresh;
        isWhole = m_bodyTaken == m_judgement.length;
        if (m_bodyTaken > m_judgement.length) {
            refuse({.status = 400, .cause = "pipelined"});
            return false;
        }
    }
    account(fresh);
    const BufferBudget &budget = *m_gate->m_options.budget;
    if (budget.used > budget.limit) {
        refuse({.status = 503, .cause = "buffers_full", .close = true, .extraHeaders = "Retry-After: 5\r\n"});
        return false;
    }
    if (isWhole) {
        m_state = State::Busy;
        m_deadline = m_gate->now() + m_gate->limits().handler;
    }
    return true;
}

void GateConnection::handToStream(qsizetype headBytes)
{
    m_gate->detachFromLibrary(m_socket);
    m_socket->skip(headBytes);
    m_unread = 0;
    m_state = State::Stream;
    m_deadline = kNever;
    m_socket->setReadBufferSize(kStreamBuffer);
    m_stream = new HttpStream(this);
    if (m_gate->m_streamHandler)
        m_gate->m_streamHandler(m_stream);
    else
        m_stream->answer({.status = 404});
}

void GateConnection::handToWebSocket()
{
    if (m_socket->isTransactionStarted())
        m_socket->rollbackTransaction();          // the library's pieces of the head come back
    if (m_attached)
        m_gate->detachFromLibrary(m_socket);
    m_state = State::WebSocket;
    m_deadline = kNever;
    m_unread = 0;
    disconnect(m_socket, nullptr, this, nullptr);
    m_socket->setReadBufferSize(0);               // frames may be larger than any head; the WebSocket has limits of its own
    if (m_gate->m_webSocketHandler) {
        m_gate->countAnswer(101);
        m_gate->m_webSocketHandler(m_socket);
    } else {
        m_socket->abort();
    }
}

void GateConnection::reply(const ServerReply &reply)
{
    m_gate->countAnswer(reply.status);
    // The library keeps the last body of a connection until its next request; large ones are freed by ending the connection.
    const bool close = reply.close || m_judgement.closes || m_buffered > kMaxKept;
    QByteArray bytes = replyHead(reply, reply.body.size(), close, m_gate->dateLine());
    if (m_parser.head().method() != "HEAD")
        bytes += reply.body;
    releaseBuffered();
    if (close) {
        farewell(bytes);
        return;
    }
    m_socket->write(bytes);
    nextRequest(m_gate->now() + m_gate->limits().idle);
}

void GateConnection::nextRequest(SteadyTime idleUntil)
{
    m_parser.reset();
    m_state = State::Head;
    m_deadline = idleUntil;
}

void GateConnection::refuse(const Refusal &why, qsizetype headBytes)
{
    m_gate->countAnswer(why.status);
    m_gate->countRefusal(why.cause, why.status);
    // The connection can go on where the head lies before us in one piece and nothing else of the request is to come.
    const bool close = why.close || headBytes < 0 || m_headInPieces;
    const ServerReply reply{.status = why.status};
    QByteArray bytes = replyHead(reply, 0, close, m_gate->dateLine());
    bytes.insert(bytes.size() - 2, why.extraHeaders);
    if (close) {
        farewell(bytes);
        return;
    }
    if (m_socket->isTransactionStarted())
        m_socket->commitTransaction();
    m_socket->skip(headBytes);
    m_unread = 0;
    m_socket->write(bytes);
    nextRequest(m_gate->now() + m_gate->limits().idle);
}

void GateConnection::farewell(const QByteArray &lastWords)
{
    releaseBuffered();
    m_gate->detachFromLibrary(m_socket);
    m_state = State::Farewell;
    m_deadline = m_gate->now() + m_gate->limits().stalledReader;
    m_socket->setReadBufferSize(kFarewellBuffer);
    if (!lastWords.isEmpty())
        m_socket->write(lastWords);
    m_socket->flush();
    discard();
    endWriting();
}

void GateConnection::discard()
{
    // Closing with unread bytes makes the system send a reset, which can destroy the answer before the client has read it.
    char scratch[16 * 1024];
    qint64 got = 0;
    while ((got = m_socket->read(scratch, sizeof scratch)) > 0)
        m_discarded += got;
    if (m_discarded > m_gate->limits().farewellBytes)
        m_socket->abort();
}

void GateConnection::endWriting()
{
    if (m_stream && m_state == State::Stream)
        m_stream->socketWritten();
    if (m_state != State::Farewell || m_writingEnded || m_socket->state() != QAbstractSocket::ConnectedState)
        return;
    const bool isAllOut = m_socket->bytesToWrite() == 0;
    m_deadline = m_gate->now() + (isAllOut ? m_gate->limits().farewell : m_gate->limits().stalledReader);
    if (!isAllOut)
        return;
    m_writingEnded = true;
#ifdef Q_OS_UNIX
    if (!qobject_cast<QSslSocket *>(m_socket)) {
        ::shutdown(int(m_socket->socketDescriptor()), SHUT_WR);
        return;
    }
#endif
    m_socket->disconnectFromHost();
}

void GateConnection::sweep(SteadyTime now)
{
    if (m_stream && m_state == State::Stream)
        m_stream->sweep(now);
    else if (now >= m_deadline)
        expire();
}

void GateConnection::expire()
{
    m_deadline = kNever;
    switch (m_state) {
    case State::Head:
        if (m_parser.isEmpty())
            farewell({});
        else
            refuse({.status = 408, .cause = "slow_head"});
        return;
    case State::Body:
        refuse({.status = 408, .cause = "slow_body"});
        return;
    case State::Busy:
        refuse({.status = 503, .cause = "slow_handler", .close = true, .extraHeaders = "Retry-After: 5\r\n"});
        return;
    case State::Handshake:
        m_gate->countRefusal("slow_handshake", 0);
        m_socket->abort();
        return;
    case State::Farewell:
        m_socket->abort();
        return;
    case State::Stream:
    case State::WebSocket:
        return;
    }
}

void GateConnection::hungUp()
{
    releaseBuffered();
    if (m_stream)
        m_stream->socketGone();
    m_socket->deleteLater();
}

void GateConnection::account(qint64 bytes)
{
    m_buffered += bytes;
    m_gate->m_options.budget->used += bytes;
}

void GateConnection::releaseBuffered()
{
    if (m_gate)
        m_gate->m_options.budget->used -= m_buffered;
    m_buffered = 0;
}

} // namespace antiphon
