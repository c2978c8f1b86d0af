#pragma once

#include "core/desk/deskparts.h"

#include <QHash>
#include <QObject>

namespace antiphon {

/// typing.set: tells the other seats, and the customer where the platform has a sign for it. Nothing of it is kept.
class TypingDesk : public QObject {
    Q_OBJECT
public:
    /// Towards the customer no oftener than this a conversation; no platform wants more.
    static constexpr std::chrono::seconds kPause{4};

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
    };

    void set(const Caller &caller, const QJsonObject &params, const MethodTable::Finished &finished);
    void tellCustomer(ConversationId conversation, const Thread &thread);

    const DeskParts m_parts;
    const DeskView m_view;
    Mailbox &m_mailbox;
    QHash<ConversationId, SteadyTime> m_lastShown;
};

} // namespace antiphon
