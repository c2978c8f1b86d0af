#include "ui/mainwindow/messagesender.h"

#include "ui/models/whendone.h"

#include <QSet>

namespace antiphon {
using namespace Qt::StringLiterals;

MessageSender::MessageSender(DeskApi &api, MessageListModel &messages, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_api(api)
    , m_messages(messages)
    , m_clock(clock)
{
    // Later: rows can't be put in while the views still take the reset.
    connect(&m_messages, &MessageListModel::reset, this, &MessageSender::showAgain, Qt::QueuedConnection);
}

void MessageSender::send(const QList<NewMessage> &messages, const QList<Attachment> &attachments, InboxId inbox, const QString &reads)
{
    const Agent &agent = m_api.client().session().agent;
    for (const NewMessage &message : messages) {
        Message row{.conversationId = message.conversationId,
                    .inboxId = inbox,
                    .direction = Message::Direction::Outgoing,
                    .content = message.content,
                    .contentFormat = Message::ContentFormat::Markdown,
                    .isPrivate = message.isPrivate,
                    .status = MessageStatus::Queued,
                    .inReplyTo = message.inReplyTo,
                    .clientId = message.clientId,
                    .sender = {.type = Sender::Type::Agent, .id = agent.id.toString(), .name = agent.name, .avatarUrl = agent.avatarUrl},
                    .createdAt = m_clock.now(),
                    .receivedAt = m_clock.now(),
                    .updatedAt = m_clock.now()};
        if (message.fromTemplate) {
            row.content = reads;
            row.contentFormat = Message::ContentFormat::Plain;
            row.templateSent = {{u"name"_s, message.fromTemplate->name}, {u"language"_s, message.fromTemplate->language}};
        }
        for (const Attachment &attachment : attachments) {
            if (message.attachmentIds.contains(attachment.id))
                row.attachments.append(attachment);
        }
        m_waiting.append(Waiting{.request = message, .row = row});
        if (m_messages.conversation() == message.conversationId)
            m_messages.addOptimistic(row);
    }
    next();
}

MessageSender::Waiting *MessageSender::find(const QString &clientId)
{
    for (Waiting &waiting : m_waiting) {
        if (waiting.request.clientId == clientId)
            return &waiting;
    }
    return nullptr;
}

void MessageSender::next()
{
    // One at a time: the desk takes them in the order in which they were written.
    for (const Waiting &waiting : std::as_const(m_waiting)) {
        if (waiting.isUnderWay)
            return;
    }
    for (Waiting &waiting : m_waiting) {
        if (waiting.error)
            continue;
        waiting.isUnderWay = true;
        const QString clientId = waiting.request.clientId;
        whenDone(m_api.sendMessage(waiting.request), this, [this, clientId](const Result<Message> &answer) { finish(clientId, answer); });
        return;
    }
}

void MessageSender::finish(const QString &clientId, const Result<Message> &answer)
{
    Waiting *waiting = find(clientId);
    if (!waiting)
        return;
    waiting->isUnderWay = false;
    if (answer) {
        m_waiting.removeIf([&clientId](const Waiting &done) { return done.request.clientId == clientId; });
        if (m_messages.conversation() == answer->conversationId)
            m_messages.applyMessage(*answer);
    } else {
        // What was written after it in the same conversation waits with it, so that nothing overtakes it.
        const ConversationId conversation = waiting->request.conversationId;
        for (Waiting &other : m_waiting) {
            if (other.request.conversationId != conversation || other.error)
                continue;
            other.error = answer.error();
            if (m_messages.conversation() == conversation)
                m_messages.failOptimistic(other.request.clientId, answer.error());
        }
    }
    next();
}

void MessageSender::showAgain()
{
    QSet<QString> known;
    for (int i = 0; i < m_messages.count(); ++i) {
        const Message &message = m_messages.row(i).message;
        if (!message.clientId.isEmpty())
            known.insert(message.clientId);
    }
    const QList<Waiting> waiting = m_waiting;
    for (const Waiting &one : waiting) {
        if (one.request.conversationId != m_messages.conversation())
            continue;
        const QString clientId = one.request.clientId;
        if (!known.contains(clientId)) {
            m_messages.addOptimistic(one.row);
            if (one.error)
                m_messages.failOptimistic(clientId, *one.error);
        } else if (one.error) {
            // The answer was lost, the message was not: it is stored under its client id.
            const bool isStored = [this, &clientId] {
                for (int i = 0; i < m_messages.count(); ++i) {
                    const Message &message = m_messages.row(i).message;
                    if (message.clientId == clientId)
                        return !message.id.isNull();
                }
                return false;
            }();
            if (isStored)
                m_waiting.removeIf([&clientId](const Waiting &other) { return other.request.clientId == clientId; });
        }
    }
}

void MessageSender::retry(const Message &message, bool confirmUnknown)
{
    if (message.id.isNull()) {
        Waiting *waiting = find(message.clientId);
        if (!waiting || !waiting->error)
            return;
        waiting->error.reset();
        const Message row = waiting->row;
        m_messages.removeOptimistic(message.clientId);
        m_messages.addOptimistic(row);
        next();
        return;
    }
    whenDone(m_api.retryMessage(message.id, confirmUnknown), this, [this](const Result<Message> &answer) {
        if (!answer)
            emit failed(answer.error());
        else if (m_messages.conversation() == answer->conversationId)
            m_messages.applyMessage(*answer);
    });
}

void MessageSender::confirm(const Message &message)
{
    whenDone(m_api.confirmMessage(message.id), this, [this](const Result<Message> &answer) {
        if (!answer)
            emit failed(answer.error());
        else if (m_messages.conversation() == answer->conversationId)
            m_messages.applyMessage(*answer);
    });
}

void MessageSender::remove(const Message &message)
{
    if (message.id.isNull()) {
        const QString clientId = message.clientId;
        m_waiting.removeIf([&clientId](const Waiting &other) { return other.request.clientId == clientId && other.error; });
        m_messages.removeOptimistic(clientId);
        return;
    }
    whenDone(m_api.deleteMessage(message.id), this, [this](const Result<Message> &answer) {
        if (!answer)
            emit failed(answer.error());
        else if (m_messages.conversation() == answer->conversationId)
            m_messages.applyMessage(*answer);
    });
}

} // namespace antiphon
