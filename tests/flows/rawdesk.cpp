#include "tests/flows/rawdesk.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QNetworkRequest>

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;

template <typename Condition>
bool waitUntil(int patienceMs, Condition condition)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition() && timer.elapsed() < patienceMs)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 50);
    return condition();
}

} // namespace

RawDesk::RawDesk(quint16 port, const QByteArray &origin)
    : m_socket(QString::fromLatin1(origin))
{
    QObject::connect(&m_socket, &QWebSocket::disconnected, &m_socket, [this] { m_isClosed = true; });
    QObject::connect(&m_socket, &QWebSocket::textMessageReceived, &m_socket, [this](const QString &text) {
        const QJsonObject message = QJsonDocument::fromJson(text.toUtf8()).object();
        frames.append(message);
        if (message.value("method"_L1) == "event"_L1)
            events.append(message.value("params"_L1).toObject());
        else
            answers.append(message);
    });
    m_socket.open(QNetworkRequest(QUrl(u"ws://127.0.0.1:%1/api/v1/desk"_s.arg(port))));
    waitUntil(30'000, [this] { return isConnected() || m_isClosed; });
}

int RawDesk::closeCode(int patienceMs)
{
    return waitUntil(patienceMs, [this] { return m_isClosed; }) ? int(m_socket.closeCode()) : 0;
}

QJsonObject RawDesk::next(int patienceMs)
{
    waitUntil(patienceMs, [this] { return !answers.isEmpty() || m_isClosed; });
    return answers.isEmpty() ? QJsonObject() : answers.takeFirst();
}

int RawDesk::post(const QString &method, const QJsonObject &params)
{
    const int id = ++m_lastId;
    const QJsonObject request{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"method"_s, method}, {u"params"_s, params}};
    sendText(QString::fromUtf8(QJsonDocument(request).toJson(QJsonDocument::Compact)));
    return id;
}

QJsonObject RawDesk::call(const QString &method, const QJsonObject &params, int patienceMs)
{
    const int id = post(method, params);
    QJsonObject found;
    waitUntil(patienceMs, [&] {
        for (qsizetype i = 0; i < answers.size(); ++i) {
            if (answers.at(i).value("id"_L1).toInt() == id) {
                found = answers.takeAt(i);
                return true;
            }
        }
        return m_isClosed;
    });
    return found;
}

QString RawDesk::verdict(const QString &method, const QJsonObject &params)
{
    const QJsonObject answer = call(method, params);
    if (answer.contains("result"_L1))
        return u"ok"_s;
    const QJsonObject error = answer.value("error"_L1).toObject();
    const QJsonObject data = error.value("data"_L1).toObject();
    const QString field = data.value("field"_L1).toString();
    const QString word = u"%1/%2"_s.arg(error.value("code"_L1).toInt()).arg(data.value("reason"_L1).toString());
    return field.isEmpty() || code(answer) == -32003 ? word : word + u'/' + field;
}

QJsonObject RawDesk::open(const QString &token, const QJsonObject &more)
{
    QJsonObject params = more;
    params.insert("token"_L1, token);
    return call(u"session.open"_s, params);
}

} // namespace antiphon::test
