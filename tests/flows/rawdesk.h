#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QWebSocket>

namespace antiphon::test {

/// A seat at the Desk API with nothing between it and the frames: what is sent is what the test wrote, what comes is what the server sent.
class RawDesk {
public:
    explicit RawDesk(quint16 port, const QByteArray &origin = {});

    bool isConnected() const { return m_socket.state() == QAbstractSocket::ConnectedState; }
    /// Waits until the server has closed the seat; its close code, or 0 where it hasn't.
    int closeCode(int patienceMs = 30'000);
    void sendText(const QString &text) { m_socket.sendTextMessage(text); }
    void sendBytes(const QByteArray &bytes) { m_socket.sendBinaryMessage(bytes); }
    /// The next answer that isn't an event; empty where none came.
    QJsonObject next(int patienceMs = 30'000);
    /// The whole answer to a request.
    QJsonObject call(const QString &method, const QJsonObject &params = {}, int patienceMs = 30'000);
    QJsonObject result(const QString &method, const QJsonObject &params = {}) { return call(method, params).value(QStringLiteral("result")).toObject(); }
    int errorOf(const QString &method, const QJsonObject &params = {}) { return code(call(method, params)); }
    /// "code/reason/field" of a refusal (not_found without the field), "ok" of a result, for tables.
    QString verdict(const QString &method, const QJsonObject &params = {});
    QJsonObject open(const QString &token, const QJsonObject &more = {});
    /// Answers go out without waiting: the id to look for in `answers`.
    int post(const QString &method, const QJsonObject &params = {});

    static int code(const QJsonObject &answer) { return answer.value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toInt(); }

    QList<QJsonObject> events{};       ///< params of each, in the order of arrival
    QList<QJsonObject> answers{};      ///< not yet taken by next() or call()
    QList<QJsonObject> frames{};       ///< everything, in the order of arrival

private:
    QWebSocket m_socket;
    int m_lastId = 0;
    bool m_isClosed = false;
};

} // namespace antiphon::test
