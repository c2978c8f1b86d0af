#include "core/net/httpexchange.h"

#include <QNetworkProxy>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kReadAhead = 256 * 1024;

constexpr qsizetype kSmallBody = 256 * 1024;

bool isTls(const QUrl &url)
{
    return url.scheme() == "https"_L1;
}

quint16 portOf(const QUrl &url)
{
    return quint16(url.port(isTls(url) ? 443 : 80));
}

QByteArray hostHeader(const QUrl &url)
{
    QByteArray host = url.host(QUrl::FullyEncoded).toLatin1();
    if (host.contains(':'))
        host = '[' + host + ']';
    const int usual = isTls(url) ? 443 : 80;
    return url.port(usual) == usual ? host : host + ':' + QByteArray::number(url.port());
}

bool breaksLine(const QByteArray &text)
{
    return text.contains('\r') || text.contains('\n') || text.contains('\0');
}

} // namespace

Result<void> checkRequest(const HttpRequest &request)
{
    if (!request.url.isValid() || request.url.host().isEmpty() || (!isTls(request.url) && request.url.scheme() != "http"_L1))
        return Error{Error::Kind::Invalid, u"no http address"_s, u"url"_s};
    if (!request.url.userInfo().isEmpty())
        return Error{Error::Kind::Invalid, u"an address with a user name"_s, u"url"_s};
    for (const auto &[name, value] : request.headers) {
        if (name.isEmpty() || name.contains(':') || breaksLine(name) || breaksLine(value))
            return Error{Error::Kind::Invalid, u"a header that would break its line"_s, u"headers"_s};
    }
    return {};
}

HttpExchange::HttpExchange(HttpRequest request, std::chrono::milliseconds idle, Hooks hooks, QObject *parent)
    : QObject(parent), m_request(std::move(request)), m_hooks(std::move(hooks)), m_parser(m_request.method == "HEAD"), m_idleLimit(idle)
{
    m_total.setSingleShot(true);
    m_idle.setSingleShot(true);
    const auto expired = [this] { finish(Error{Error::Kind::Timeout, m_requestWritten ? u"no answer in time"_s : u"no connection in time"_s}); };
    connect(&m_total, &QTimer::timeout, this, expired);
    connect(&m_idle, &QTimer::timeout, this, expired);
    m_socket.setProxy(QNetworkProxy::NoProxy);
    m_socket.setReadBufferSize(kReadAhead);
    connect(&m_socket, &QIODevice::readyRead, this, &HttpExchange::readReply);
    connect(&m_socket, &QAbstractSocket::errorOccurred, this, &HttpExchange::socketFailed);
    connect(&m_socket, &QAbstractSocket::disconnected, this, &HttpExchange::peerClosed);
}

HttpExchange::~HttpExchange()
{
    m_socket.disconnect(this);            // it says goodbye when it dies, and what the hooks speak of may be gone by then
}

void HttpExchange::start(const QHostAddress &address)
{
    auto bytes = serializedHead();
    if (!bytes) {
        // Not from within the call: whoever starts an exchange still holds no answer.
        QTimer::singleShot(0, this, [this, error = bytes.error()] { finish(error); });
        return;
    }
    m_head = *std::move(bytes);
    m_total.start(m_request.timeout);
    if (m_idleLimit.count() > 0)
        m_idle.start(m_idleLimit);
    const QString host = m_request.url.host();
    const QString peer = address.isNull() ? host : address.toString();
    if (isTls(m_request.url)) {
        connect(&m_socket, &QSslSocket::encrypted, this, &HttpExchange::writeRequest);
        m_socket.connectToHostEncrypted(peer, portOf(m_request.url), host);
    } else {
        connect(&m_socket, &QAbstractSocket::connected, this, &HttpExchange::writeRequest);
        m_socket.connectToHost(peer, portOf(m_request.url));
    }
}

Result<QByteArray> HttpExchange::serializedHead() const
{
    if (const auto checked = checkRequest(m_request); !checked)
        return checked.error();
    QByteArray target = m_request.url.path(QUrl::FullyEncoded).toLatin1();
    if (target.isEmpty())
        target = "/";
    if (m_request.url.hasQuery())
        target += '?' + m_request.url.query(QUrl::FullyEncoded).toLatin1();
    QByteArray out = m_request.method + ' ' + target + " HTTP/1.1\r\nHost: " + hostHeader(m_request.url)
        + "\r\nConnection: close\r\nAccept-Encoding: identity\r\nUser-Agent: Antiphon/" ANTIPHON_VERSION "\r\n";
    for (const auto &[name, value] : m_request.headers)
        out += name + ": " + value + "\r\n";
    if (!m_request.body.isEmpty() || (m_request.method != "GET" && m_request.method != "HEAD"))
        out += "Content-Length: " + QByteArray::number(m_request.body.size()) + "\r\n";
    return out + "\r\n";
}

void HttpExchange::writeRequest()
{
    m_requestWritten = true;
    // In one piece where it is small, else the second segment would wait for the first one's receipt. A film is shared with the socket's buffer, not copied.
    const bool isSmall = m_request.body.size() <= kSmallBody;
    m_socket.write(isSmall ? m_head + m_request.body : m_head);
    if (!isSmall)
        m_socket.write(m_request.body);
    m_head.clear();
    m_request.body.clear();
}

void HttpExchange::readReply()
{
    while (!m_finished && m_socket.bytesAvailable() > 0) {
        if (m_idleLimit.count() > 0)
            m_idle.start(m_idleLimit);
        const auto body = m_parser.feed(m_socket.readAll());
        if (!body)
            return finish(body.error());
        if (m_parser.hasHead() && !m_headTold) {
            m_headTold = true;
            if (m_parser.announcedLength().value_or(0) > m_request.maxReplyBytes)
                return finish(Error{Error::Kind::BadPayload, u"the answer is too large"_s});
            if (const auto refusal = m_hooks.head ? m_hooks.head(m_parser) : std::nullopt)
                return finish(refusal);
        }
        m_bodySize += body->size();
        if (m_bodySize > m_request.maxReplyBytes)
            return finish(Error{Error::Kind::BadPayload, u"the answer is too large"_s});
        if (!body->isEmpty() && m_hooks.piece)
            m_hooks.piece(*body);
        if (m_parser.isComplete())
            return finish(std::nullopt);
    }
}

void HttpExchange::socketFailed(QAbstractSocket::SocketError error)
{
    if (m_finished)
        return;
    if (error == QAbstractSocket::RemoteHostClosedError)
        return peerClosed();
    readReply();                                    // an answer may stand in front of the error
    finish(Error{Error::Kind::Network, u"socket error %1"_s.arg(int(error))});
}

void HttpExchange::peerClosed()
{
    if (m_finished)
        return;
    readReply();
    if (m_finished)
        return;
    const auto ended = m_parser.end();
    finish(ended ? std::nullopt : std::optional(ended.error()));
}

void HttpExchange::finish(std::optional<Error> error)
{
    if (m_finished)
        return;
    m_finished = true;
    m_total.stop();
    m_idle.stop();
    m_socket.disconnect(this);
    m_socket.abort();
    Outcome outcome{.requestWritten = m_requestWritten, .error = std::move(error)};
    if (!outcome.error)
        outcome.status = m_parser.status();
    outcome.headers = m_parser.headers();
    deleteLater();
    if (m_hooks.done)
        m_hooks.done(outcome);
}

} // namespace antiphon
