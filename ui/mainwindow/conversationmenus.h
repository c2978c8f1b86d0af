#pragma once

#include "ui/mainwindow/deskmodels.h"


class QMenu;

namespace antiphon {

/// The menus that change a conversation, for cards, header and contact panel. Each fills `menu` for the conversation as it is now.
class ConversationMenus : public QObject {
    Q_OBJECT
public:
    ConversationMenus(DeskModels &models, QWidget *window);

    void fill(QMenu &menu, ConversationId id);                  ///< everything, as a card's context menu
    void fillStatus(QMenu &menu, ConversationId id);
    void fillSnooze(QMenu &menu, ConversationId id);
    void fillAssignee(QMenu &menu, ConversationId id);
    void fillPriority(QMenu &menu, ConversationId id);
    void fillLabels(QMenu &menu, ConversationId id);

    void toggleResolved(ConversationId id);
    void assign(ConversationId id, AgentId agent);              ///< a null id: to nobody
    void snooze(ConversationId id, std::optional<Timestamp> until);
    void askBlock(ConversationId id);                           ///< asks first, and says what it means
    void unblock(ConversationId id);

private:
    void askSnooze(ConversationId id);
    void setStatus(ConversationId id, Conversation::Status status);

    DeskModels &m_models;
    QWidget *m_window;
};

/// The words for states and priorities, the same everywhere.
QString statusText(Conversation::Status status);
QString priorityText(Conversation::Priority priority);

/// When a snooze for "tomorrow" or "next week" ends: 9:00 local time of that day.
Timestamp tomorrowMorning(Timestamp now);
Timestamp nextMonday(Timestamp now);

} // namespace antiphon
