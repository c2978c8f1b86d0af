#pragma once

#include <QAction>
#include <QObject>

#include <map>

class QMenuBar;
class QMenu;
class QWidget;

namespace antiphon {

/// Everything a person can do by menu or keyboard: the one place where actions get their words, shortcuts and groups.
class Actions : public QObject {
    Q_OBJECT
public:
    enum class Id {
        NextConversation, PreviousConversation, Back,
        Resolve, Snooze, AssignToMe, MarkUnread, Undo,
        Reply, Note, Attach, RetryLastFailed, JumpToNewest,
        Search, NextPane, PreviousPane, TogglePanel, ShowAllConversations, AnswerFirst,
        ConnectChannel, Diagnosis, Settings, Shortcuts, About, Quit,
    };
    enum class Group { Conversation, Message, Go, Program };

    /// The actions belong to `window`, so their shortcuts work wherever the focus is in it.
    explicit Actions(QWidget *window);

    QAction *operator[](Id id) const { return m_actions.at(id); }
    QList<QAction *> all() const;
    QList<QAction *> of(Group group) const;
    static QString groupTitle(Group group);

    /// Whether a conversation is shown: what needs one is off otherwise.
    void setHasConversation(bool has);

    /// Puts the groups as menus into the bar or menu.
    void fill(QMenuBar &bar) const;
    void fill(QMenu &menu) const;

private:
    QAction *add(Id id, Group group, const QString &text, const QList<QKeySequence> &shortcuts);

    QWidget *m_window;
    std::map<Id, QAction *> m_actions;
    std::map<Group, QList<QAction *>> m_groups;
};

} // namespace antiphon
