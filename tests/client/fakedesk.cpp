#include "tests/client/fakedesk.h"

#include <QHostAddress>
#include <QJsonDocument>
#include <QPointer>
#include <QTcpSocket>

namespace antiphon::test {
using namespace Qt::StringLiterals;

FakeDesk::FakeDesk()
    : m_server(u"desk"_s, QWebSocketServer::NonSecureMode)
{
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no port for the test");
    connect(&m_server, &QWebSocketServer::newConnection, this, [this] { take(m_server.nextPendingConnection()); });
}

void FakeDesk::take(QWebSocket *socket)
{
    ++connections;
    m_socket = socket;
    socket->setParent(this);
    connect(socket, &QWebSocket::textMessageReceived, this, &FakeDesk::handle);
}

void FakeDesk::answerOpening(qint64 seq, bool resync)
{
    m_seq = seq;
    m_isResync = resync;
    m_refuses = false;
}

void FakeDesk::refuseOpening()
{
    m_refuses = true;
}

void FakeDesk::send(const QJsonObject &message)
{
    if (m_socket)
        m_socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
}

void FakeDesk::sendEvent(qint64 seq, const QString &type, const QJsonObject &data)
{
    send({{u"jsonrpc"_s, u"2.0"_s},
          {u"method"_s, u"event"_s},
          {u"params"_s, QJsonObject{{u"seq"_s, seq == 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(seq)}, {u"type"_s, type}, {u"data"_s, data}}}});
}

void FakeDesk::cut()
{
    if (m_socket)
        m_socket->abort();
}

void FakeDesk::handle(const QString &text)
{
    const QJsonObject request = QJsonDocument::fromJson(text.toUtf8()).object();
    requests.append(request);
    QJsonObject reply{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, request.value("id"_L1)}};
    const QString method = request.value("method"_L1).toString();
    if (method == "session.open"_L1) {
        if (m_refuses) {
            reply.insert(u"error"_s, QJsonObject{{u"code"_s, -32001}, {u"message"_s, u"wrong"_s}, {u"data"_s, QJsonObject{{u"reason"_s, u"unauthorized"_s}}}});
        } else {
            reply.insert(u"result"_s, QJsonObject{{u"agent"_s, QJsonObject{{u"id"_s, u"1"_s}, {u"name"_s, u"Ana"_s}, {u"role"_s, u"owner"_s}}},
                                                  {u"workspace"_s, QJsonObject{{u"id"_s, u"1"_s}, {u"name"_s, u"Bakery"_s}}},
                                                  {u"server_version"_s, u"0.1.0"_s},
                                                  {u"seq"_s, m_seq},
                                                  {u"resync"_s, m_isResync}});
        }
        return send(reply);
    }
    const auto result = answer ? answer(method, request.value("params"_L1).toObject()) : std::nullopt;
    if (!result)
        return;
    reply.insert(result->contains("code"_L1) ? u"error"_s : u"result"_s, *result);
    send(reply);
}

FakeFiles::FakeFiles()
{
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no port for the test");
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        QTcpSocket *socket = m_server.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
            const QByteArray all = socket->property("all").toByteArray() + socket->readAll();
            socket->setProperty("all", all);
            const qsizetype head = all.indexOf("\r\n\r\n");
            if (head < 0)
                return;
            const qsizetype at = all.toLower().indexOf("content-length: ");
            const qsizetype length = at < 0 ? 0 : all.mid(at + 16, all.indexOf('\r', at) - at - 16).toLongLong();
            if (all.size() < head + 4 + length)
                return;
            received = all;
            socket->write(response);
            socket->disconnectFromHost();
        });
    });
}

} // namespace antiphon::test
