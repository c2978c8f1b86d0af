#pragma once

#include "core/client/deskapi.h"
#include "core/domain/agent.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QTcpServer>
#include <QWebSocket>
#include <QWebSocketServer>

#include <functional>

namespace antiphon::test {

/// The desk of a small shop, in this process: it knows conversations and messages, answers as the contract says, and tells what changes.
/// Everything is public, so that a test lays down what it needs before the client opens.
class ShopDesk : public QObject {
    Q_OBJECT
public:
    /// @param now the moment all times are told from.
    explicit ShopDesk(Timestamp now);

    QUrl url() const;
    /// The shop of the pictures: seven inboxes, eleven conversations, one of them with every kind of row.
    void fill();
    /// The same shop with Arabic names and texts.
    void fillArabic();
    void cut();                                                    ///< the connection breaks
    void setListening(bool listens);                               ///< false: whoever comes is sent away; the port stays ours

    void receive(ConversationId conversation, const QString &text);   ///< a customer writes now: message, window and events
    void tell(const QString &type, const QJsonObject &data);
    Conversation *find(ConversationId id);
    QList<QJsonObject> callsOf(const QString &method) const;

    QList<Inbox> inboxes;
    QList<Conversation> conversations;
    QHash<ConversationId, QList<Message>> messages;
    QList<Agent> agents;
    QList<Label> labels;
    QList<QJsonObject> requests;
    QString workspaceName;
    QString publicUrl;
    QJsonObject app;
    QJsonObject tunnel;                                            ///< empty: a seat that may not see it
    /// What is answered as it stands here, by method.
    QHash<QString, QJsonObject> answers;
    /// Methods that are refused, with the contract's code.
    QHash<QString, int> refused;
    QHash<QString, QString> refusedFields;                         ///< the `data.field` of such a refusal
    /// Methods that get no answer.
    QStringList silent;

private:
    void take(QTcpSocket *socket);
    void sendPicture(QTcpSocket *socket, const QByteArray &head) const;
    void handle(const QString &text);
    QJsonObject answer(const QString &method, const QJsonObject &params);
    QJsonObject answerConversations(const QString &method, const QJsonObject &params);
    QJsonObject answerMessages(const QString &method, const QJsonObject &params);
    QJsonObject answerInboxes(const QString &method, const QJsonObject &params);
    QJsonObject counts(const QJsonObject &filter) const;
    bool matches(const Conversation &conversation, const QJsonObject &filter) const;
    void send(const QJsonObject &message);
    Conversation &add(int id, int inbox, const QString &name, const QString &preview, std::chrono::minutes ago);

    Timestamp m_now;
    QTcpServer m_wire;
    QWebSocketServer m_server;
    QPointer<QWebSocket> m_socket;
    quint16 m_port = 0;
    bool m_isListening = true;
    qint64 m_seq = 100;
    qint64 m_nextId = 9000;
};

} // namespace antiphon::test
