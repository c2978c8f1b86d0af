#pragma once

#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QTcpServer>
#include <QUrl>
#include <QWebSocket>
#include <QWebSocketServer>

#include <functional>
#include <optional>

namespace antiphon::test {

/// A desk port for one client: the test says what it answers.
class FakeDesk : public QObject {
    Q_OBJECT
public:
    FakeDesk();

    QUrl url() const { return QUrl(QStringLiteral("ws://127.0.0.1:%1").arg(m_server.serverPort())); }
    void answerOpening(qint64 seq, bool resync = false);              ///< the next session.open
    void refuseOpening();
    void sendEvent(qint64 seq, const QString &type, const QJsonObject &data);
    void send(const QJsonObject &message);
    void cut();                                                       ///< without a goodbye

    /// What an ordinary method gives; nothing: no answer.
    std::function<std::optional<QJsonObject>(const QString &method, const QJsonObject &params)> answer;
    QList<QJsonObject> requests;
    int connections = 0;

private:
    void take(QWebSocket *socket);
    void handle(const QString &text);

    QWebSocketServer m_server;
    QPointer<QWebSocket> m_socket;
    qint64 m_seq = 0;
    bool m_isResync = false;
    bool m_refuses = false;
};

/// Serves files over HTTP: answers each request with what the test laid down.
class FakeFiles : public QObject {
    Q_OBJECT
public:
    FakeFiles();
    QUrl url() const { return QUrl(QStringLiteral("ws://127.0.0.1:%1").arg(m_server.serverPort())); }

    QByteArray response;                       ///< whole, with its head
    QByteArray received;                       ///< head and body of the last request

private:
    QTcpServer m_server;
};

} // namespace antiphon::test
