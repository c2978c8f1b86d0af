#pragma once

#include "core/server/gate/gateconnection.h"

#include <QPointer>

namespace antiphon {

/// The one way in which a route of the library answers; copyable, so that it can wait in a closure. Never a QFuture: on Qt 6.4 a client that hangs
/// up first makes the library write to a freed socket. This holds the connection weakly and knows its request by number, so an answer that comes
/// after the client, or after the 60 s that a handler has, is dropped; what it reports is safe in the store by then.
/// Made and used in the server's thread only.
class Answer {
public:
    explicit Answer(GateConnection *connection)
        : m_connection(connection), m_requestNumber(connection->requestNumber()) {}

    bool isAwaited() const { return m_connection && m_connection->awaits(m_requestNumber); }

    /// Writes the reply, without its body for HEAD, and lets the next request of the connection come. Only the first call does anything.
    void send(const ServerReply &reply) const
    {
        if (isAwaited())
            m_connection->reply(reply);
    }

private:
    QPointer<GateConnection> m_connection;
    quint64 m_requestNumber = 0;
};

} // namespace antiphon
