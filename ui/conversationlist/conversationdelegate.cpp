#include "ui/conversationlist/conversationdelegate.h"

#include "ui/models/conversationlistmodel.h"
#include "ui/models/inboxmodel.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace antiphon {

ConversationDelegate::ConversationDelegate(const Theme &theme, Sources sources, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
    , m_sources(std::move(sources))
{
}

CardContent ConversationDelegate::content(const Conversation &conversation) const
{
    const Inbox *inbox = m_sources.inbox(conversation.inboxId);
    QList<QColor> labelColors;
    for (const QString &title : conversation.labels)
        labelColors.append(m_sources.labelColor(title));
    return {.conversation = conversation,
            .labelColors = labelColors,
            .inboxName = m_showsInbox && inbox ? inbox->name : QString(),
            .channel = inbox ? shownChannel(*inbox) : Channel::Tiktok,
            .draft = m_sources.draft(conversation.id),
            .assigneeName = m_showsAssignee && conversation.assigneeId ? m_sources.agentName(conversation.assigneeId) : QString(),
            .picture = m_sources.picture(conversation.contact),
            .now = m_sources.now()};
}

void ConversationDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    CardContent card = content(index.data(ConversationListModel::ConversationRole).value<Conversation>());
    card.isSelected = option.state.testFlag(QStyle::State_Selected);
    card.isHovered = option.state.testFlag(QStyle::State_MouseOver);
    card.hasFocusRing = option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange);
    if (m_isStrip)
        paintStripCard(painter, m_theme, card, option.rect, option.direction);
    else
        paintCard(painter, m_theme, card, option.rect, option.direction);
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {option.rect.width(), m_isStrip ? m_theme.px(64) : cardHeight(m_theme)};
}

} // namespace antiphon
