#pragma once

#include "ui/conversationlist/conversationcard.h"

#include <QHash>
#include <QStyledItemDelegate>

#include <functional>

namespace antiphon {

/// Paints cards. What a card needs besides its conversation is asked for by functions, so the delegate knows no models.
class ConversationDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    struct Sources {
        std::function<const Inbox *(InboxId)> inbox{};
        std::function<QString(AgentId)> agentName{};
        std::function<QColor(const QString &title)> labelColor{};
        std::function<QString(ConversationId)> draft{};
        std::function<QImage(const Contact &)> picture{};
        std::function<Timestamp()> now{};
    };

    ConversationDelegate(const Theme &theme, Sources sources, QObject *parent = nullptr);

    void setShowsInbox(bool shows) { m_showsInbox = shows; }
    void setShowsAssignee(bool shows) { m_showsAssignee = shows; }
    void setStrip(bool strip) { m_isStrip = strip; }      ///< avatars only

    CardContent content(const Conversation &conversation) const;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
    Sources m_sources;
    bool m_showsInbox = true;
    bool m_showsAssignee = true;
    bool m_isStrip = false;
};

} // namespace antiphon
