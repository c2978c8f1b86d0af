#pragma once

#include <QByteArray>
#include <QList>
#include <QTcpServer>
#include <QUrl>

#include <functional>

namespace antiphon::test {

/// Listens on loopback, keeps every request and answers each connection's first one with the bytes of `answer`.
class LoopbackServer : public QTcpServer {
    Q_OBJECT
public:
    LoopbackServer();

    QUrl url(const QString &path = QStringLiteral("/")) const;

    QByteArray answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    std::function<QByteArray(const QByteArray &request)> answerTo{};   ///< instead of `answer`
    bool closes = true;                                                ///< hangs up behind the answer
    bool isEndless = false;                                            ///< goes on sending for ever
    QList<QByteArray> requests{};
    int connections = 0;

private:
    void serve();
};

} // namespace antiphon::test
