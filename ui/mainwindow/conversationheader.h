#pragma once

#include "core/domain/conversation.h"
#include "core/domain/inbox.h"
#include "ui/models/replycountdown.h"

#include <QWidget>

namespace antiphon {

class Avatar;
class ElidedLabel;
class IconButton;
class Pill;
class SplitButton;
class Theme;

/// The line above a conversation: who, where, how long there is to answer, and what can be done with it.
class ConversationHeader : public QWidget {
    Q_OBJECT
public:
    ConversationHeader(const Theme &theme, QWidget *parent = nullptr);

    void setConversation(const Conversation &conversation, const Inbox *inbox);
    void setPicture(const QImage &picture);
    void setCountdown(const ReplyCountdown &countdown);
    void setBackShown(bool shown);
    void setPanelShown(bool shown);

signals:
    void backRequested();
    void resolveRequested();
    void statusMenuRequested(const QPoint &globalPosition);
    void moreRequested(const QPoint &globalPosition);
    void panelToggled();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void dress();

    const Theme &m_theme;
    IconButton *m_back;
    Avatar *m_avatar;
    ElidedLabel *m_name;
    ElidedLabel *m_where;
    Pill *m_pill;
    SplitButton *m_resolve;
    IconButton *m_panel;
    IconButton *m_more;
};

} // namespace antiphon
