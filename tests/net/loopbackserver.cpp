#include "tests/net/loopbackserver.h"

#include <QHostAddress>
#include <QTcpSocket>

namespace antiphon::test {

LoopbackServer::LoopbackServer()
{
    connect(this, &QTcpServer::newConnection, this, &LoopbackServer::serve);
    listen(QHostAddress::LocalHost);
}

QUrl LoopbackServer::url(const QString &path) const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(path));
}

void LoopbackServer::serve()
{
    QTcpSocket *socket = nextPendingConnection();
    ++connections;
    auto request = std::make_shared<QByteArray>();
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QTcpSocket::readyRead, this, [this, socket, request] {
        *request += socket->readAll();
        const qsizetype head = request->indexOf("\r\n\r\n");
        if (head < 0)
            return;
        const qsizetype at = request->indexOf("Content-Length: ");
        const qsizetype length = at < 0 || at > head ? 0 : request->mid(at + 16, request->indexOf('\r', at) - at - 16).toLongLong();
        if (request->size() < head + 4 + length)
            return;
        requests.append(*request);
        const QByteArray bytes = answerTo ? answerTo(*request) : answer;
        request->clear();
        socket->write(bytes);
        if (isEndless) {
            connect(socket, &QTcpSocket::bytesWritten, socket, [socket] {
                if (socket->bytesToWrite() < 65536)
                    socket->write(QByteArray(65536, 'x'));
            });
        } else if (closes) {
            socket->disconnectFromHost();
        }
    });
}

} // namespace antiphon::test
