#pragma once

#include "core/desk/deskparts.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace antiphon {

/// typing.set: tells the other seats, and the customer where the platform has a sign for it, as often as its channel wants that. Nothing of it is kept.
class TypingDesk : public QObject {
    Q_OBJECT
public:
    TypingDesk(const DeskParts &parts, const DeskView &view, Mailbox &mailbox, QObject *parent = nullptr);

    void addMethods(MethodTable &methods);

signals:
    /// For every session but `session`.
    void typingChanged(const QJsonObject &data, quint64 session);

private:
    struct Thread {
        InboxId inbox{};
        QString contactSourceId{};
        QString messageSourceId{};       ///< the customer's newest
        bool canReply = false;
        std::chrono::seconds every{0};           ///< ChannelLimits::typingEvery
        std::chrono::seconds repeatFor{0};       ///< ChannelLimits::typingRepeatFor
    };
    /// An agent who is still writing, as far as is known.
    struct Writing {
        Thread thread{};
        SteadyTime until{};
    };

    void set(const Caller &caller, const QJsonObject &params, const MethodTable::Finished &finished);
    void noteWriting(ConversationId conversation, const Thread &thread, bool isWriting);
    void tellCustomer(ConversationId conversation, const Thread &thread);
    void repeat();

    const DeskParts m_parts;
    const DeskView m_view;
    Mailbox &m_mailbox;
    QHash<ConversationId, SteadyTime> m_quietUntil;          ///< towards the customer
    QHash<ConversationId, Writing> m_writing;
    QTimer m_repeat;
};

} // namespace antiphon
