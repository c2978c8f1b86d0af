#include "app/host/showrequest.h"

#include "core/base/logging.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QLocalSocket>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kLongestSocketPath = 100;   // sun_path holds 108 bytes
constexpr int kPatienceMs = 1000;

/// In the data folder; where that path is too long for a socket, in the temporary folder under a name made of it.
QString socketPath(const QString &dataDir)
{
    const QString path = QDir(dataDir).filePath(u"antiphon.show"_s);
    if (QFile::encodeName(path).size() <= kLongestSocketPath)
        return path;
    const QByteArray hash = QCryptographicHash::hash(dataDir.toUtf8(), QCryptographicHash::Sha256).toHex().left(24);
    return QDir::temp().filePath(u"antiphon-"_s + QString::fromLatin1(hash));
}
} // namespace

ShowRequest::ShowRequest(const QString &dataDir, QObject *parent)
    : QObject(parent)
    , m_path(socketPath(dataDir))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *socket = m_server.nextPendingConnection()) {
            connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
            socket->write("ok\n");
            socket->disconnectFromServer();
            emit requested();
        }
    });
}

bool ShowRequest::listen()
{
    QLocalServer::removeServer(m_path);   // the lock of the data folder is ours, so a socket that is left is a dead one's
    if (m_server.listen(m_path))
        return true;
    qCWarning(lcApp).noquote() << "a second start can't ask for this window:" << m_server.errorString();
    return false;
}

bool ShowRequest::send(const QString &dataDir)
{
    QLocalSocket socket;
    socket.connectToServer(socketPath(dataDir));
    return socket.waitForConnected(kPatienceMs) && socket.waitForReadyRead(kPatienceMs) && socket.readAll().startsWith("ok");
}

} // namespace antiphon
