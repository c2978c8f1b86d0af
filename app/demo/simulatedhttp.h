#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QPair>
#include <QUrl>

#include <functional>
#include <optional>

class QTcpServer;
class QTcpSocket;

namespace antiphon::demo {

/// A small HTTP/1.1 server on 127.0.0.1 that can misbehave at the level of the socket. Lives in the thread that made it.
/// Plain requests with Content-Length only, one at a time on a connection; enough for the clients of simulated platforms.
class SimulatedHttp : public QObject {
public:
    using Header = QPair<QByteArray, QByteArray>;

    struct Request {
        QByteArray method{};
        QByteArray path{};              ///< as sent, without the query
        QByteArray rawQuery{};          ///< as sent, without the question mark
        QList<Header> headers{};
        QByteArray body{};
        Timestamp at{};                 ///< by the server's clock, when the request was complete

        QByteArray header(const QByteArray &name) const;            ///< the first of that name, any case; null where there is none
        /// Decoded as a form is: `+` means a blank. Nothing where the parameter is absent.
        std::optional<QString> query(const QByteArray &name) const;
    };

    struct Reply {
        int status = 200;
        QByteArray contentType = QByteArrayLiteral("application/json");
        QByteArray body{};
        QList<Header> headers{};
        Milliseconds delay{0};              ///< before the first byte
        qint64 cutAfterBytes = -1;          ///< close the connection after that many bytes of head and body; -1 never
        bool closeWithoutAnswer = false;
    };

    /// Gives the answer, now or later, once. Harmless where the client has gone.
    using Answer = std::function<void(const Reply &)>;
    using Handler = std::function<void(const Request &, const Answer &)>;

    SimulatedHttp(const Clock &clock, Handler handler, QObject *parent = nullptr);

    Result<void> listen();      ///< on a free port; after `close` on the same one again
    void close();                               ///< stops listening and drops every connection: the platform is down
    quint16 port() const;
    QUrl url() const;                           ///< http://127.0.0.1:PORT, without a slash at the end

private:
    struct Connection;

    void accept(QTcpSocket *socket);
    void read(QTcpSocket *socket, Connection &connection);
    void write(QTcpSocket *socket, const Reply &reply);
    bool readHead(QTcpSocket *socket, Connection &connection);

    const Clock &m_clock;
    Handler m_handler;
    QTcpServer *m_server = nullptr;
    quint16 m_port = 0;
};

} // namespace antiphon::demo
