#include "core/server/gate/httpstream.h"

#include "core/server/gate/gate.h"
#include "core/server/gate/gateconnection.h"

#include <QTcpSocket>

#include <algorithm>

namespace antiphon {
namespace {

// A large body gets its time as it comes: a second more for each of these. Who sends slower than that runs into the deadline.
constexpr qint64 kSlowestPerSecond = 256 * 1024;
constexpr qint64 kFramingWindow = 64 * 1024;

} // namespace

HttpStream::HttpStream(GateConnection *connection)
    : QObject(connection), m_connection(connection)
{
    const Judgement &verdict = connection->judgement();
    m_framing = ChunkedFraming(verdict.route->bodyLimit);
    m_bodyComplete = verdict.body == Judgement::Body::None;
    m_bodyBegan = connection->m_gate->now();
    m_lastProgress = m_bodyBegan;
}

const RequestHead &HttpStream::head() const { return m_connection->head(); }

const Judgement &HttpStream::judgement() const { return m_connection->judgement(); }

QByteArray HttpStream::read(qint64 maxSize)
{
    if (m_bodyComplete || m_ended)
        return {};
    if (judgement().expectsContinue && !m_continueSent && m_received == 0) {
        m_continueSent = true;
        m_connection->socket()->write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    const QByteArray piece = judgement().body == Judgement::Body::Chunked ? readChunked(maxSize) : readCounted(maxSize);
    if (m_bodyComplete)
        progressed();
    return piece;
}

QByteArray HttpStream::readCounted(qint64 maxSize)
{
    const qint64 left = judgement().length - m_received;
    const QByteArray piece = m_connection->socket()->read(std::min(maxSize, left));
    m_received += piece.size();
    m_bodyComplete = m_received == judgement().length;
    return piece;
}

QByteArray HttpStream::readChunked(qint64 maxSize)
{
    QByteArray piece;
    QTcpSocket *socket = m_connection->socket();
    while (!m_bodyComplete && piece.size() < maxSize) {
        const QByteArray raw = socket->peek(std::min(maxSize - piece.size(), kFramingWindow));
        if (raw.isEmpty())
            break;
        socket->skip(m_framing.feed(raw, &piece));
        m_received = m_framing.bodySize();
        if (m_framing.state() == ChunkedFraming::State::Refused) {
            refuse(m_framing.refusal());
            return {};
        }
        m_bodyComplete = m_framing.state() == ChunkedFraming::State::Complete;
    }
    return piece;
}

void HttpStream::answer(const ServerReply &reply)
{
    if (m_ended || m_begun)
        return;
    m_connection->m_gate->countAnswer(reply.status);
    QByteArray bytes = replyHead(reply, reply.status == 304 ? std::nullopt : std::optional<qint64>(reply.body.size()), true, m_connection->m_gate->dateLine());
    if (head().method() != "HEAD")
        bytes += reply.body;
    end();
    m_connection->farewell(bytes);
}

void HttpStream::begin(const ServerReply &reply, qint64 contentLength)
{
    if (m_ended || m_begun)
        return;
    m_begun = true;
    m_connection->m_gate->countAnswer(reply.status);
    m_connection->socket()->write(replyHead(reply, contentLength, true, m_connection->m_gate->dateLine()));
    progressed();
}

void HttpStream::write(const QByteArray &piece)
{
    if (m_ended || !m_begun)
        return;
    m_connection->socket()->write(piece);
    progressed();
}

qint64 HttpStream::bytesWaiting() const
{
    return m_ended ? 0 : m_connection->socket()->bytesToWrite();
}

void HttpStream::finish()
{
    if (m_ended)
        return;
    // The last bytes still have to leave: the connection stays ours until they have, so that a slow reader gets its whole time.
    m_finishing = bytesWaiting() > 0;
    if (m_finishing)
        return;
    end();
    m_connection->farewell({});
}

void HttpStream::fail()
{
    if (m_ended)
        return;
    end();
    m_connection->socket()->abort();
}

void HttpStream::socketReadable()
{
    if (m_ended)
        return;
    if (m_bodyComplete && !m_begun && m_connection->socket()->bytesAvailable() > 0)
        refuse({.status = 400, .cause = "pipelined"});
    else if (!m_bodyComplete)
        emit readable();
}

void HttpStream::socketWritten()
{
    if (m_ended)
        return;
    progressed();
    if (m_finishing)
        finish();
    else
        emit written();
}

void HttpStream::socketGone()
{
    if (m_ended)
        return;
    m_ended = true;
    emit gone();
}

void HttpStream::progressed()
{
    m_lastProgress = m_connection->m_gate->now();
}

void HttpStream::sweep(SteadyTime now)
{
    if (m_ended)
        return;
    const GateLimits &limits = m_connection->m_gate->limits();
    if (m_begun) {
        if (now >= m_lastProgress + limits.stalledReader) {
            m_connection->m_gate->countRefusal("stalled_reader", 0);
            m_connection->socket()->abort();      // gone() follows from the socket's end
        }
    } else if (m_bodyComplete) {
        if (now >= m_lastProgress + limits.handler)
            refuse({.status = 503, .cause = "slow_handler", .close = true, .extraHeaders = "Retry-After: 5\r\n"});
    } else if (now >= m_bodyBegan + limits.body + Milliseconds(m_received * 1000 / kSlowestPerSecond)) {
        refuse({.status = 408, .cause = "slow_body"});
    }
}

void HttpStream::refuse(const Refusal &why)
{
    m_ended = true;
    emit gone();
    m_connection->refuse(why);
}

void HttpStream::end()
{
    m_ended = true;
}

} // namespace antiphon
