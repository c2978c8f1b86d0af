#include "app/demo/simulatedhttp.h"

#include <QDateTime>
#include <QHostAddress>
#include <QLocale>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLargestHead = 64 * 1024;
constexpr qint64 kLargestBody = 32 * 1024 * 1024;

QByteArray reasonOf(int status)
{
    switch (status) {
    case 200: return "OK";
    case 302: return "Found";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 410: return "Gone";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    }
    return "Answer";
}

QByteArray httpDate(Timestamp time)
{
    const QDateTime date = QDateTime::fromMSecsSinceEpoch(toUnixMs(time), Qt::UTC);
    return QLocale::c().toString(date, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1();
}

QByteArray formDecoded(QByteArray text)
{
    return QByteArray::fromPercentEncoding(text.replace('+', ' '));
}

} // namespace

struct SimulatedHttp::Connection {
    QByteArray buffer{};
    Request request{};
    qint64 bodyLength = -1;         ///< -1 while the head is incomplete
    bool answering = false;
};

QByteArray SimulatedHttp::Request::header(const QByteArray &name) const
{
    for (const Header &one : headers) {
        if (one.first.compare(name, Qt::CaseInsensitive) == 0)
            return one.second;
    }
    return {};
}

std::optional<QString> SimulatedHttp::Request::query(const QByteArray &name) const
{
    const QList<QByteArray> pairs = rawQuery.split('&');
    for (const QByteArray &pair : pairs) {
        const auto equals = pair.indexOf('=');
        if (formDecoded(equals < 0 ? pair : pair.left(equals)) == name)
            return equals < 0 ? QString() : QString::fromUtf8(formDecoded(pair.mid(equals + 1)));
    }
    return std::nullopt;
}

SimulatedHttp::SimulatedHttp(const Clock &clock, Handler handler, QObject *parent)
    : QObject(parent), m_clock(clock), m_handler(std::move(handler)), m_server(new QTcpServer(this))
{
    connect(m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = m_server->nextPendingConnection())
            accept(socket);
    });
}

Result<void> SimulatedHttp::listen()
{
    if (!m_server->listen(QHostAddress::LocalHost, m_port))
        return Error{Error::Kind::Unavailable, m_server->errorString()};
    m_port = m_server->serverPort();
    return {};
}

void SimulatedHttp::close()
{
    m_server->close();
    const auto sockets = m_server->findChildren<QTcpSocket *>();
    for (QTcpSocket *socket : sockets)
        socket->abort();
}

quint16 SimulatedHttp::port() const { return m_port; }

QUrl SimulatedHttp::url() const { return QUrl(u"http://127.0.0.1:%1"_s.arg(port())); }

void SimulatedHttp::accept(QTcpSocket *socket)
{
    const auto connection = std::make_shared<Connection>();
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QTcpSocket::readyRead, this, [this, socket, connection] {
        connection->buffer += socket->readAll();
        read(socket, *connection);
    });
}

bool SimulatedHttp::readHead(QTcpSocket *socket, Connection &connection)
{
    const auto end = connection.buffer.indexOf("\r\n\r\n");
    if (end < 0) {
        if (connection.buffer.size() > kLargestHead)
            socket->abort();
        return false;
    }
    QList<QByteArray> lines = connection.buffer.left(end).split('\n');
    connection.buffer.remove(0, end + 4);
    const QList<QByteArray> first = lines.takeFirst().trimmed().split(' ');
    if (first.size() != 3) {
        write(socket, {.status = 400});
        return false;
    }
    Request request;
    request.method = first[0];
    const auto mark = first[1].indexOf('?');
    request.path = mark < 0 ? first[1] : first[1].left(mark);
    request.rawQuery = mark < 0 ? QByteArray() : first[1].mid(mark + 1);
    for (const QByteArray &line : std::as_const(lines)) {
        const auto colon = line.indexOf(':');
        if (colon > 0)
            request.headers.append({line.left(colon).trimmed(), line.mid(colon + 1).trimmed()});
    }
    bool isNumber = true;
    const QByteArray length = request.header("Content-Length");
    connection.bodyLength = length.isNull() ? 0 : length.toLongLong(&isNumber);
    if (!isNumber || connection.bodyLength < 0 || connection.bodyLength > kLargestBody) {
        connection.bodyLength = -1;
        write(socket, {.status = 400});
        socket->disconnectFromHost();
        return false;
    }
    connection.request = std::move(request);
    return true;
}

void SimulatedHttp::read(QTcpSocket *socket, Connection &connection)
{
    if (connection.answering || (connection.bodyLength < 0 && !readHead(socket, connection)))
        return;
    if (connection.buffer.size() < connection.bodyLength)
        return;
    connection.request.body = connection.buffer.left(connection.bodyLength);
    connection.request.at = m_clock.now();
    connection.buffer.remove(0, connection.bodyLength);
    connection.bodyLength = -1;
    connection.answering = true;
    const QPointer<QTcpSocket> guarded(socket);
    m_handler(connection.request, [this, guarded, &connection](const Reply &reply) {
        // The connection lives as long as its socket's slot, and the socket as long as this server.
        if (!guarded)
            return;
        const auto answer = [this, guarded, &connection, reply] {
            if (!guarded || guarded->state() != QAbstractSocket::ConnectedState)
                return;
            connection.answering = false;
            write(guarded, reply);
            if (guarded && guarded->state() == QAbstractSocket::ConnectedState && !connection.buffer.isEmpty())
                read(guarded, connection);
        };
        if (reply.delay.count() > 0)
            QTimer::singleShot(reply.delay, this, answer);
        else
            answer();
    });
}

void SimulatedHttp::write(QTcpSocket *socket, const Reply &reply)
{
    if (reply.closeWithoutAnswer) {
        socket->abort();
        return;
    }
    QByteArray bytes = "HTTP/1.1 " + QByteArray::number(reply.status) + ' ' + reasonOf(reply.status) + "\r\n";
    bytes += "Date: " + httpDate(m_clock.now()) + "\r\n";
    bytes += "Content-Type: " + reply.contentType + "\r\n";
    bytes += "Content-Length: " + QByteArray::number(reply.body.size()) + "\r\n";
    for (const Header &header : reply.headers)
        bytes += header.first + ": " + header.second + "\r\n";
    bytes += "\r\n" + reply.body;
    if (reply.cutAfterBytes >= 0) {
        socket->write(bytes.left(reply.cutAfterBytes));
        socket->disconnectFromHost();
        return;
    }
    socket->write(bytes);
}

} // namespace antiphon::demo
