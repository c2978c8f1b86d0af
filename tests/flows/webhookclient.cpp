#include "tests/flows/webhookclient.h"

#include "app/demo/webhooksender.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

namespace antiphon::test {
using namespace Qt::StringLiterals;

QByteArray WebhookAnswer::header(const QByteArray &name) const
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).toLower() == name.toLower())
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

QString WebhookClient::newId()
{
    return u"msg-"_s + QUuid::createUuid().toString(QUuid::Id128);
}

WebhookAnswer WebhookClient::post(const QString &id, const QString &conversation, int patienceMs)
{
    WebhookAnswer answer;
    if (m_socket.state() != QAbstractSocket::ConnectedState) {
        m_socket.abort();
        m_socket.connectToHost(QHostAddress::LocalHost, m_port);
        if (!m_socket.waitForConnected(30'000))
            return answer;
    }
    const QByteArray bytes = body(id, conversation);
    m_socket.write("POST /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTikTok-Signature: "
                   + demo::WebhookSender::signature("antiphon-test-app-secret", QDateTime::currentSecsSinceEpoch(), bytes)
                   + "\r\nContent-Length: " + QByteArray::number(bytes.size()) + "\r\n\r\n" + bytes);
    m_socket.flush();
    QElapsedTimer timer;
    timer.start();
    qsizetype end = -1;
    while ((end = answer.head.indexOf("\r\n\r\n")) < 0) {
        if (timer.elapsed() > patienceMs || !m_socket.waitForReadyRead(int(std::max<qint64>(1, patienceMs - timer.elapsed())))) {
            m_socket.abort();
            return answer;
        }
        answer.head += m_socket.readAll();
    }
    answer.ms = double(timer.nsecsElapsed()) / 1e6;
    answer.status = answer.head.mid(9, 3).toInt();
    const qint64 length = answer.header("content-length").toLongLong();
    while (answer.head.size() < end + 4 + length && m_socket.waitForReadyRead(30'000))
        answer.head += m_socket.readAll();
    if (answer.header("connection").toLower() == "close")
        m_socket.abort();
    return answer;
}

QByteArray WebhookClient::body(const QString &id, const QString &conversation)
{
    const QJsonObject customer{{u"id"_s, u"usr-"_s + conversation}, {u"role"_s, u"personal_account"_s}};
    const QJsonObject business{{u"id"_s, u"biz-0001-openid"_s}, {u"role"_s, u"business_account"_s}};
    const QJsonObject content{{u"from"_s, u"somebody"_s},
                              {u"to"_s, u"lantern.books"_s},
                              {u"unique_identifier"_s, u"usr-"_s + conversation},
                              {u"from_user"_s, customer},
                              {u"to_user"_s, business},
                              {u"conversation_id"_s, conversation},
                              {u"message_id"_s, id},
                              {u"timestamp"_s, QDateTime::currentMSecsSinceEpoch()},
                              {u"type"_s, u"text"_s},
                              {u"text"_s, QJsonObject{{u"body"_s, u"hello "_s + id}}}};
    return QJsonDocument(QJsonObject{{u"client_key"_s, u"7000000000000000001"_s},
                                     {u"event"_s, u"im_receive_msg"_s},
                                     {u"create_time"_s, QDateTime::currentSecsSinceEpoch()},
                                     {u"user_openid"_s, u"biz-0001-openid"_s},
                                     {u"content"_s, QString::fromUtf8(QJsonDocument(content).toJson(QJsonDocument::Compact))}})
        .toJson(QJsonDocument::Compact);
}

} // namespace antiphon::test
