#include "ui/composer/templatedelegate.h"

#include "ui/widgets/focusring.h"

#include <QPainter>

namespace antiphon {

using namespace Qt::StringLiterals;

void TemplateDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const bool isHovered = option.state.testFlag(QStyle::State_MouseOver);
    if (isSelected || isHovered)
        painter->fillRect(option.rect, m_theme.color(isSelected ? "state.selected.list"_L1 : "state.hover.list"_L1));
    const QString text = index.data(Qt::DisplayRole).toString();
    const bool isSendable = index.data(kIsSendableRole).toBool();
    QRect line = option.rect.adjusted(m_theme.px(12), m_theme.px(8), -m_theme.px(12), 0);
    const int side = int(QStyle::visualAlignment(option.direction, Qt::AlignLeading | Qt::AlignVCenter) | Qt::AlignAbsolute | Qt::TextSingleLine);
    const auto draw = [&](const QString &words, TypeRole role, bool bold, QLatin1StringView token) {
        const QFont font = m_theme.font(role, bold);
        line.setHeight(m_theme.lineHeight(role));
        painter->setFont(font);
        painter->setPen(m_theme.color(token));
        painter->drawText(line, side, QFontMetrics(font).elidedText(words, Qt::ElideRight, line.width()));
        line.moveTop(line.bottom() + 1);
    };
    draw(text.section(u'\n', 0, 0), TypeRole::Body, isSendable, isSendable ? "text.primary"_L1 : "text.secondary"_L1);
    draw(text.section(u'\n', 1), TypeRole::Small, false, "text.secondary"_L1);
    if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange))
        paintFocusRing(painter, m_theme, QRectF(option.rect).adjusted(1, 1, -1, -1), 4);
}

QSize TemplateDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {option.rect.width(), m_theme.lineHeight(TypeRole::Body) + m_theme.lineHeight(TypeRole::Small) + m_theme.px(16)};
}

} // namespace antiphon
