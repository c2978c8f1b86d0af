#pragma once

#include "core/base/clock.h"
#include "core/client/deskapi.h"
#include "ui/models/messagelistmodel.h"

#include <QObject>

namespace antiphon {

/// What was written here on its way to the desk: on screen at once, handed over one after the other, and kept with its reason where the
/// desk refuses it, also while another conversation is shown.
class MessageSender : public QObject {
    Q_OBJECT
public:
    MessageSender(DeskApi &api, MessageListModel &messages, const Clock &clock, QObject *parent = nullptr);

    /// @param attachments the uploaded files the messages name.
    /// @param reads what the row says where a message has no content of its own: a template, filled in.
    void send(const QList<NewMessage> &messages, const QList<Attachment> &attachments, InboxId inbox, const QString &reads = {});
    /// "Try again": a stored message by the desk, one that never reached it by sending it anew.
    void retry(const Message &message, bool confirmUnknown);
    /// "It arrived": a message whose outcome is unknown counts as sent.
    void confirm(const Message &message);
    /// Takes a message away: a stored one at the desk, one that never reached it here.
    void remove(const Message &message);

signals:
    void failed(const antiphon::Error &error);       ///< of retry, confirm or remove: the row itself did not change

private:
    struct Waiting {
        NewMessage request{};
        Message row{};
        std::optional<Error> error{};
        bool isUnderWay = false;
    };

    void next();
    void finish(const QString &clientId, const Result<Message> &answer);
    void showAgain();
    Waiting *find(const QString &clientId);

    DeskApi &m_api;
    MessageListModel &m_messages;
    const Clock &m_clock;
    QList<Waiting> m_waiting;                        // in the order of writing
};

} // namespace antiphon
