#include "ui/mainwindow/actions.h"

#include <QMenu>
#include <QMenuBar>
#include <QWidget>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr Actions::Group kGroups[] = {Actions::Group::Conversation, Actions::Group::Message, Actions::Group::Go, Actions::Group::Program};

/// A single letter: a text field that has the focus takes it as text, everywhere else it is the shortcut.
QKeySequence letter(Qt::Key key) { return QKeySequence(key); }

} // namespace

Actions::Actions(QWidget *window)
    : QObject(window)
    , m_window(window)
{
    using enum Group;
    add(Id::NextConversation, Conversation, tr("Next conversation"), {QKeySequence(Qt::ALT | Qt::Key_Down), letter(Qt::Key_J)});
    add(Id::PreviousConversation, Conversation, tr("Previous conversation"), {QKeySequence(Qt::ALT | Qt::Key_Up), letter(Qt::Key_K)});
    add(Id::Back, Conversation, tr("Back to the list"), {QKeySequence(Qt::ALT | Qt::Key_Left)});
    add(Id::Resolve, Conversation, tr("Resolve or reopen"), {letter(Qt::Key_E), QKeySequence(Qt::ALT | Qt::Key_E)});
    add(Id::Snooze, Conversation, tr("Snooze …"), {letter(Qt::Key_Z), QKeySequence(Qt::ALT | Qt::Key_Z)});
    add(Id::AssignToMe, Conversation, tr("Assign to me"), {letter(Qt::Key_M), QKeySequence(Qt::ALT | Qt::Key_M)});
    add(Id::MarkUnread, Conversation, tr("Mark as unread"), {letter(Qt::Key_U), QKeySequence(Qt::ALT | Qt::Key_U)});
    add(Id::Undo, Conversation, tr("Undo the last change"), {QKeySequence(Qt::CTRL | Qt::Key_Z)})->setEnabled(false);
    add(Id::Reply, Message, tr("Write a reply"), {QKeySequence(Qt::ALT | Qt::Key_L), letter(Qt::Key_R)});
    add(Id::Note, Message, tr("Write a private note"), {QKeySequence(Qt::ALT | Qt::Key_P), letter(Qt::Key_N)});
    add(Id::Attach, Message, tr("Attach a file …"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A)});
    add(Id::RetryLastFailed, Message, tr("Try the last failed message again"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R)});
    add(Id::JumpToNewest, Message, tr("Jump to the newest message"), {QKeySequence(Qt::CTRL | Qt::Key_End)});
    add(Id::Search, Go, tr("Search"), {QKeySequence(Qt::CTRL | Qt::Key_K), letter(Qt::Key_Slash)});
    add(Id::ShowAllConversations, Go, tr("All conversations"), {QKeySequence(Qt::CTRL | Qt::Key_1)});
    add(Id::AnswerFirst, Go, tr("Answer these first"), {QKeySequence(Qt::CTRL | Qt::Key_2)});
    add(Id::NextPane, Go, tr("Next pane"), {QKeySequence(Qt::Key_F6)});
    add(Id::PreviousPane, Go, tr("Previous pane"), {QKeySequence(Qt::SHIFT | Qt::Key_F6)});
    add(Id::TogglePanel, Go, tr("Contact panel"), {QKeySequence(Qt::CTRL | Qt::Key_I)})->setCheckable(true);
    add(Id::ConnectChannel, Program, tr("Connect a channel …"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N)});
    add(Id::Diagnosis, Program, tr("Diagnosis"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D)});
    add(Id::Settings, Program, tr("Settings"), {QKeySequence(Qt::CTRL | Qt::Key_Comma)});
    add(Id::Shortcuts, Program, tr("Keyboard shortcuts"), {QKeySequence(Qt::Key_F1)});
    add(Id::About, Program, tr("About Antiphon"), {QKeySequence(Qt::SHIFT | Qt::Key_F1)});
    add(Id::Quit, Program, tr("Quit"), {QKeySequence(Qt::CTRL | Qt::Key_Q)});
    m_actions.at(Id::Settings)->setMenuRole(QAction::PreferencesRole);
    m_actions.at(Id::About)->setMenuRole(QAction::AboutRole);
    m_actions.at(Id::Quit)->setMenuRole(QAction::QuitRole);
    setHasConversation(false);
}

QAction *Actions::add(Id id, Group group, const QString &text, const QList<QKeySequence> &shortcuts)
{
    auto *action = new QAction(text, this);
    action->setShortcuts(shortcuts);
    m_window->addAction(action);
    m_actions.emplace(id, action);
    m_groups[group].append(action);
    return action;
}

QList<QAction *> Actions::all() const
{
    QList<QAction *> list;
    for (const auto &[id, action] : m_actions)
        list.append(action);
    return list;
}

QList<QAction *> Actions::of(Group group) const
{
    return m_groups.at(group);
}

QString Actions::groupTitle(Group group)
{
    switch (group) {
    case Group::Conversation: return tr("Conversation");
    case Group::Message: return tr("Message");
    case Group::Go: return tr("Go");
    case Group::Program: return tr("Antiphon");
    }
    Q_UNREACHABLE();
}

void Actions::setHasConversation(bool has)
{
    for (const Id id : {Id::Back, Id::Resolve, Id::Snooze, Id::AssignToMe, Id::MarkUnread, Id::Reply, Id::Note, Id::Attach, Id::RetryLastFailed, Id::JumpToNewest,
                        Id::TogglePanel})
        m_actions.at(id)->setEnabled(has);
}

void Actions::fill(QMenuBar &bar) const
{
    for (const Group group : kGroups)
        bar.addMenu(groupTitle(group))->addActions(of(group));
}

void Actions::fill(QMenu &menu) const
{
    for (const Group group : kGroups) {
        if (group == Group::Program) {
            menu.addSeparator();
            menu.addActions(of(group));
        } else {
            menu.addMenu(groupTitle(group))->addActions(of(group));
        }
    }
}

} // namespace antiphon
