#pragma once

#include "core/base/clock.h"
#include "core/domain/conversation.h"
#include "core/domain/inbox.h"

#include <QWidget>

class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace antiphon {

class Avatar;
class ElidedLabel;
class IconButton;
class PanelRow;
class Theme;

/// What the panel shows beside the conversation: names and colours that belong to the workspace.
struct ContactFacts {
    Conversation conversation{};
    const Inbox *inbox = nullptr;               ///< of the conversation; null where it is gone
    QString assigneeName{};
    QList<std::pair<QString, QString>> identifiers{};   ///< platform or inbox, and how the customer is called there
};

/// The fourth pane: who the customer is, and the facts of the conversation, changed in place by menus.
class ContactPanel : public QWidget {
    Q_OBJECT
public:
    ContactPanel(const Theme &theme, const Clock &clock, QWidget *parent = nullptr);

    void setFacts(const ContactFacts &facts);
    void setPicture(const QImage &picture);
    void setClosable(bool closable);            ///< as a drawer it has a close button
    QWidget *firstStop() const;                 ///< where the keyboard enters the pane

signals:
    void closeRequested();
    void statusMenuRequested(const QPoint &globalPosition);
    void assigneeMenuRequested(const QPoint &globalPosition);
    void priorityMenuRequested(const QPoint &globalPosition);
    void labelsMenuRequested(const QPoint &globalPosition);

private:
    QLabel *addHead(const QString &text);
    PanelRow *addRow(const QString &label);
    void dress();

    const Theme &m_theme;
    const Clock &m_clock;
    QScrollArea *m_scroll;
    QVBoxLayout *m_column;
    IconButton *m_close;
    Avatar *m_avatar;
    ElidedLabel *m_name;
    ElidedLabel *m_handle;
    QList<QLabel *> m_heads;
    PanelRow *m_status = nullptr;
    PanelRow *m_assignee = nullptr;
    PanelRow *m_priority = nullptr;
    PanelRow *m_labels = nullptr;
    PanelRow *m_waiting = nullptr;
    QVBoxLayout *m_identifierRows = nullptr;
    QList<PanelRow *> m_identifiers;
};

} // namespace antiphon
