#pragma once

#include <QByteArray>
#include <QString>
#include <QTcpSocket>

namespace antiphon::test {

/// What came back to a platform.
struct WebhookAnswer {
    int status = 0;                ///< 0: none, the connection broke or nothing came in time
    QByteArray head{};
    double ms = 0;                 ///< from the last byte of the request to the end of the head

    QByteArray header(const QByteArray &name) const;
};

/// TikTok's side of the way in, one customer message a request, on one connection that is kept. Blocks; of the thread that made it.
class WebhookClient {
public:
    explicit WebhookClient(quint16 port) : m_port(port) {}

    /// Delivers a customer's text with the id `id`; the same id again is the platform's repeat. Connects where it isn't.
    WebhookAnswer post(const QString &id, const QString &conversation, int patienceMs = 30'000);

    /// The body alone, as TikTok writes it.
    static QByteArray body(const QString &id, const QString &conversation);
    static QString newId();        ///< "msg-" and 32 digits

private:
    const quint16 m_port;
    QTcpSocket m_socket;
};

} // namespace antiphon::test
