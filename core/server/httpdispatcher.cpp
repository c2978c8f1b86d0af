#include "core/server/httpdispatcher.h"

#include "core/server/gate/gate.h"

#include <QHttpServerRequest>
#include <QTcpSocket>

namespace antiphon {

HttpDispatcher::HttpDispatcher(Handler handler, QObject *parent)
    : QAbstractHttpServer(parent), m_handler(std::move(handler))
{
}

void HttpDispatcher::attach(Gate *gate)
{
    m_gate = gate;
    bind(gate);
}

bool HttpDispatcher::handleRequest(const QHttpServerRequest &request, QTcpSocket *socket)
{
    GateConnection *connection = m_gate->connectionOf(socket);
    if (!connection || !connection->awaits(connection->requestNumber()))
        return false;                  // the library finished something that the Gate hasn't let through
    m_handler({connection->head(), connection->judgement(), request.body()}, Answer(connection));
    return true;
}

void HttpDispatcher::missingHandler(const QHttpServerRequest &, QTcpSocket *socket)
{
    socket->abort();
}

} // namespace antiphon
