#pragma once

#include "core/net/replyparser.h"

#include <QHostAddress>
#include <QObject>
#include <QSslSocket>
#include <QTimer>

#include <functional>

namespace antiphon {

/// One request on one fresh connection, and its reply. Our own and not QNetworkAccessManager, which sends a request again by itself when the
/// connection dies under it: a message could reach the customer twice and nobody would know. Here a request leaves at most once, and whether
/// it may have left is known. No redirects, cookies, caches, proxies, compression or HTTP/2. Lives in one thread; deletes itself after `done`.
class HttpExchange : public QObject {
    Q_OBJECT
public:
    struct Outcome {
        int status = 0;                        ///< 0: no complete answer
        HttpHeaders headers{};
        bool requestWritten = false;
        std::optional<Error> error{};
    };
    struct Hooks {
        std::function<std::optional<Error>(const ReplyParser &)> head{};    ///< may end the exchange; optional
        std::function<void(const QByteArray &)> piece{};                    ///< body bytes
        std::function<void(const Outcome &)> done{};                        ///< once, or never where the exchange is destroyed under way
    };

    /// @param idle ends the exchange when nothing came for so long; 0: only the request's own time limit counts.
    HttpExchange(HttpRequest request, std::chrono::milliseconds idle, Hooks hooks, QObject *parent);
    ~HttpExchange() override;

    /// Connects to `address`, or where that is null to the host of the URL. The certificate is checked against the URL's host either way.
    void start(const QHostAddress &address = {});

private:
    Result<QByteArray> serializedHead() const;
    void writeRequest();
    void readReply();
    void socketFailed(QAbstractSocket::SocketError error);
    void peerClosed();
    void finish(std::optional<Error> error);

    HttpRequest m_request;
    Hooks m_hooks;
    ReplyParser m_parser;
    QSslSocket m_socket;
    QTimer m_total;
    QTimer m_idle;
    std::chrono::milliseconds m_idleLimit;
    QByteArray m_head;
    qint64 m_bodySize = 0;
    bool m_requestWritten = false;
    bool m_headTold = false;
    bool m_finished = false;
};

/// Error where a value would break out of its line or the URL is no http(s) address.
Result<void> checkRequest(const HttpRequest &request);

} // namespace antiphon
