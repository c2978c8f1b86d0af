#include "ui/conversationlist/conversationcard.h"

#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"
#include "ui/models/replycountdown.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatarpainter.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/focusring.h"

#include <QCoreApplication>
#include <QPainter>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ConversationCard)
};

struct WindowMark {
    QString text{};
    QLatin1StringView icon{};
    QLatin1StringView token{};
    bool isBold = false;
};

WindowMark windowMark(const CardContent &content)
{
    const auto &window = content.conversation.replyWindow;
    const ReplyCountdown countdown = replyCountdown(window, content.now);
    if (!showsOnCard(countdown, window, content.now))
        return {};
    switch (countdown.level) {
    case ReplyCountdown::Level::None: return {};
    case ReplyCountdown::Level::Quiet: return {countdown.shortText, "clock"_L1, "text.secondary"_L1, false};
    case ReplyCountdown::Level::Amber: return {countdown.shortText, "clock"_L1, "warn.text"_L1, false};
    case ReplyCountdown::Level::Red:
    case ReplyCountdown::Level::Closing: return {countdown.shortText, "clock"_L1, "danger.text"_L1, true};
    case ReplyCountdown::Level::Closed: return {Words::tr("closed"), "clock-closed"_L1, "text.secondary"_L1, false};
    }
    Q_UNREACHABLE();
}

int textWidth(const Theme &theme, TypeRole role, bool bold, const QString &text)
{
    return QFontMetrics(theme.font(role, bold)).horizontalAdvance(text) + 1;
}

/// One line, elided at its end, its direction by its own first strong letter, its place by the layout.
void drawLine(QPainter *painter, const QRect &rect, const QFont &font, const QColor &color, const QString &text, bool atEnd, Qt::LayoutDirection direction)
{
    if (rect.width() <= 0 || text.isEmpty())
        return;
    painter->setFont(font);
    painter->setPen(color);
    const bool toTheRight = (direction == Qt::RightToLeft) != atEnd;
    const QFontMetrics metrics(font);
    painter->setLayoutDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    QString line = metrics.elidedText(text, Qt::ElideRight, rect.width() + 1);
    line.replace(u'\n', u' ');
    // On the font's own baseline and unclipped: a fallback font's taller letters neither move the line nor lose their tops.
    const int x = toTheRight ? rect.right() + 1 - metrics.horizontalAdvance(line) : rect.x();
    const int baseline = rect.y() + (rect.height() - metrics.ascent() - metrics.descent() + 1) / 2 + metrics.ascent();
    painter->drawText(QPointF(x, baseline), line);
    painter->setLayoutDirection(direction);
}

QColor background(const Theme &theme, const CardContent &content)
{
    return theme.color(content.isSelected ? "state.selected.list"_L1 : content.isHovered ? "state.hover.list"_L1 : "surface.list"_L1);
}

void paintPreview(QPainter *painter, const Theme &theme, const CardContent &content, const CardGeometry &g, Qt::LayoutDirection direction)
{
    const bool unread = content.conversation.unreadCount > 0;
    const QColor color = theme.color(unread ? "text.primary"_L1 : "text.secondary"_L1);
    const bool rtl = direction == Qt::RightToLeft;
    QRect rest = g.preview;
    const auto take = [&rest, rtl](int width) {
        const QRect taken = rtl ? QRect(rest.right() - width + 1, rest.y(), width, rest.height()) : QRect(rest.x(), rest.y(), width, rest.height());
        rest = rtl ? rest.adjusted(0, 0, -width, 0) : rest.adjusted(width, 0, 0, 0);
        return taken;
    };
    if (!content.draft.isEmpty()) {
        const QString word = Words::tr("Draft");
        drawLine(painter, take(textWidth(theme, TypeRole::Body, true, word)), theme.font(TypeRole::Body, true), theme.color("accent"_L1), word, false, direction);
        take(theme.px(4));
        drawLine(painter, rest, theme.font(TypeRole::Body), theme.color("text.secondary"_L1), content.draft.simplified().left(200), false, direction);
        return;
    }
    if (!content.conversation.lastMessage) {
        drawLine(painter, rest, theme.font(TypeRole::Body), theme.color("text.secondary"_L1), Words::tr("No messages"), false, direction);
        return;
    }
    const MessagePreview preview = messagePreview(*content.conversation.lastMessage, content.channel);
    if (!preview.icon.isEmpty()) {
        const QRect icon = take(theme.px(14));
        theme.paintIcon(painter, preview.icon, icon, 14, preview.isFailed ? theme.color("danger.text"_L1) : color, direction);
        take(theme.px(5));
    }
    if (preview.isFailed) {
        const QString word = Words::tr("Not sent:");
        drawLine(painter, take(textWidth(theme, TypeRole::Body, false, word)), theme.font(TypeRole::Body), theme.color("danger.text"_L1), word, false, direction);
        take(theme.px(4));
    }
    drawLine(painter, rest, theme.font(TypeRole::Body, unread), color, preview.text, false, direction);
}

void paintMeta(QPainter *painter, const Theme &theme, const CardContent &content, const CardGeometry &g, Qt::LayoutDirection direction)
{
    const bool rtl = direction == Qt::RightToLeft;
    QRect rest = g.meta;
    const auto take = [&rest, rtl](int width) {
        width = std::min(width, rest.width());
        const QRect taken = rtl ? QRect(rest.right() - width + 1, rest.y(), width, rest.height()) : QRect(rest.x(), rest.y(), width, rest.height());
        rest = rtl ? rest.adjusted(0, 0, -width, 0) : rest.adjusted(width, 0, 0, 0);
        return taken;
    };
    const QFont small = theme.font(TypeRole::Small);
    const QColor color = theme.color("text.secondary"_L1);
    if (!content.inboxName.isEmpty()) {
        drawLine(painter, take(textWidth(theme, TypeRole::Small, false, content.inboxName)), small, color, content.inboxName, false, direction);
        take(theme.px(8));
    }
    int hidden = int(content.conversation.labels.size());
    for (const QString &label : content.conversation.labels) {
        const int width = theme.px(12) + textWidth(theme, TypeRole::Small, false, label);
        if (width + (hidden > 1 ? theme.px(24) : 0) > rest.width())
            break;
        const QRect dot = take(theme.px(8));
        painter->setPen(Qt::NoPen);
        const QColor own = content.labelColors.value(content.conversation.labels.indexOf(label));
        painter->setBrush(own.isValid() && !theme.isHighContrast() ? own : theme.color("accent"_L1));
        const int side = theme.px(8);
        painter->drawEllipse(QRect(dot.x(), dot.center().y() - side / 2 + 1, side, side));
        take(theme.px(4));
        drawLine(painter, take(textWidth(theme, TypeRole::Small, false, label)), small, color, label, false, direction);
        take(theme.px(8));
        --hidden;
    }
    if (hidden > 0)
        drawLine(painter, rest, small, color, u"+%1"_s.arg(hidden), false, direction);
}

} // namespace

int cardHeight(const Theme &theme)
{
    return theme.lineHeight(TypeRole::Message) + (theme.lineHeight(TypeRole::Body) + 1) + (theme.lineHeight(TypeRole::Small) + 2) + 17;
}

CardGeometry layoutCard(const Theme &theme, const CardContent &content, const QSize &size, Qt::LayoutDirection direction)
{
    CardGeometry g;
    const int textStart = theme.px(16) + theme.avatarPx(40) + theme.px(12);
    const int textEnd = size.width() - theme.px(16);
    const int line1 = theme.lineHeight(TypeRole::Message);
    const int line2 = theme.lineHeight(TypeRole::Body) + 1;
    const int line3 = theme.lineHeight(TypeRole::Small) + 2;
    const int side = theme.avatarPx(40);
    g.bar = QRect(0, 0, 3, size.height());
    g.avatar = QRect(theme.px(16), (size.height() - side) / 2, side, side);
    g.hairStart = textStart;

    const QString time = listTime(content.conversation.lastActivityAt, content.now);
    const int timeWidth = textWidth(theme, TypeRole::Small, content.conversation.unreadCount > 0, time);
    g.time = QRect(textEnd - timeWidth, 8, timeWidth, line1);
    int nameEnd = g.time.x() - theme.px(8);
    if (content.conversation.priority != Conversation::Priority::None) {
        g.priority = QRect(nameEnd - theme.px(14), 8, theme.px(14), line1);
        nameEnd = g.priority.x() - theme.px(6);
    }
    g.name = QRect(textStart, 8, std::max(0, nameEnd - textStart), line1);

    const int y2 = 8 + line1;
    int previewEnd = textEnd;
    if (content.conversation.unreadCount > 0) {
        const QSize badge = badgeSize(theme, content.conversation.unreadCount);
        g.badge = QRect(textEnd - badge.width(), y2 + (line2 - badge.height()) / 2, badge.width(), badge.height());
        previewEnd = g.badge.x() - theme.px(8);
    }
    g.preview = QRect(textStart, y2, std::max(0, previewEnd - textStart), line2);

    const int y3 = y2 + line2;
    int metaEnd = textEnd;
    if (!content.assigneeName.isEmpty()) {
        g.assignee = QRect(metaEnd - theme.px(18), y3, theme.px(18), line3);
        metaEnd = g.assignee.x() - theme.px(8);
    }
    if (const WindowMark clock = windowMark(content); !clock.text.isEmpty()) {
        const int width = theme.px(14) + theme.px(4) + textWidth(theme, TypeRole::Small, clock.isBold, clock.text);
        g.clock = QRect(metaEnd - width, y3, width, line3);
        metaEnd = g.clock.x() - theme.px(8);
    }
    g.meta = QRect(textStart, y3, std::max(0, metaEnd - textStart), line3);

    if (direction == Qt::RightToLeft) {
        for (QRect *rect : {&g.bar, &g.avatar, &g.name, &g.priority, &g.time, &g.preview, &g.badge, &g.meta, &g.clock, &g.assignee}) {
            if (!rect->isNull())
                rect->moveLeft(size.width() - rect->x() - rect->width());
        }
    }
    return g;
}

void paintCard(QPainter *painter, const Theme &theme, const CardContent &content, const QRect &rect, Qt::LayoutDirection direction)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.topLeft());
    const CardGeometry g = layoutCard(theme, content, rect.size(), direction);
    const QRect all(QPoint(0, 0), rect.size());
    const QColor back = background(theme, content);
    const bool unread = content.conversation.unreadCount > 0;
    painter->fillRect(all, back);
    const bool rtl = direction == Qt::RightToLeft;
    painter->setPen(QPen(theme.color("line.hair"_L1), 0));
    painter->drawLine(rtl ? 0 : g.hairStart, all.bottom(), rtl ? all.width() - g.hairStart : all.right(), all.bottom());
    if (content.isSelected)
        painter->fillRect(g.bar, theme.color("accent"_L1));

    paintAvatar(painter, theme, g.avatar,
                {.name = content.conversation.contact.name, .seed = content.conversation.contact.id.toString(), .channel = content.channel, .picture = content.picture},
                back, direction);
    drawLine(painter, g.name, theme.font(TypeRole::Message, unread), theme.color("text.primary"_L1), content.conversation.contact.name, false, direction);
    if (!g.priority.isNull()) {
        const QByteArray icon = "priority-" + priorityName(content.conversation.priority).toLatin1();
        theme.paintIcon(painter, QLatin1StringView(icon), g.priority, 14,
                        theme.color(content.conversation.priority == Conversation::Priority::Urgent ? "danger.text"_L1 : "warn.text"_L1), direction);
    }
    drawLine(painter, g.time, theme.font(TypeRole::Small, unread), theme.color(unread ? "accent"_L1 : "text.secondary"_L1),
             listTime(content.conversation.lastActivityAt, content.now), true, direction);
    paintPreview(painter, theme, content, g, direction);
    if (unread)
        paintBadge(painter, theme, g.badge, content.conversation.unreadCount);
    paintMeta(painter, theme, content, g, direction);
    if (const WindowMark clock = windowMark(content); !clock.text.isEmpty()) {
        const QRect icon = rtl ? QRect(g.clock.right() - theme.px(14) + 1, g.clock.y(), theme.px(14), g.clock.height())
                               : QRect(g.clock.x(), g.clock.y(), theme.px(14), g.clock.height());
        theme.paintIcon(painter, clock.icon, icon, 14, theme.color(clock.token), direction);
        drawLine(painter, g.clock, theme.font(TypeRole::Small, clock.isBold), theme.color(clock.token), clock.text, true, direction);
    }
    if (!g.assignee.isNull()) {
        const int side = theme.px(18);
        paintAvatar(painter, theme, QRect(g.assignee.x(), g.assignee.center().y() - side / 2 + 1, side, side),
                    {.name = content.assigneeName, .seed = u"agent-"_s + content.conversation.assigneeId.toString()}, back, direction);
    }
    if (content.hasFocusRing)
        paintFocusRing(painter, theme, all.adjusted(1, 1, -1, -1), 4);
    painter->restore();
}

void paintStripCard(QPainter *painter, const Theme &theme, const CardContent &content, const QRect &rect, Qt::LayoutDirection direction)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.topLeft());
    const QColor back = background(theme, content);
    const QRect all(QPoint(0, 0), rect.size());
    const bool rtl = direction == Qt::RightToLeft;
    painter->fillRect(all, back);
    if (content.isSelected)
        painter->fillRect(rtl ? QRect(all.width() - 3, 0, 3, all.height()) : QRect(0, 0, 3, all.height()), theme.color("accent"_L1));
    const int side = theme.avatarPx(40);
    const QRect avatar((all.width() - side) / 2, (all.height() - side) / 2, side, side);
    paintAvatar(painter, theme, avatar,
                {.name = content.conversation.contact.name, .seed = content.conversation.contact.id.toString(), .channel = content.channel, .picture = content.picture},
                back, direction);
    const WindowMark clock = windowMark(content);
    const QSize badge = badgeSize(theme, content.conversation.unreadCount);
    const int x = rtl ? avatar.left() - theme.px(6) : avatar.right() + theme.px(6);
    if (content.conversation.unreadCount > 0)
        paintBadge(painter, theme, QRect(rtl ? x : x - badge.width(), avatar.top() - theme.px(4), badge.width(), badge.height()), content.conversation.unreadCount);
    else if (!clock.text.isEmpty())
        theme.paintIcon(painter, clock.icon, QRect(rtl ? x : x - theme.px(16), avatar.top() - theme.px(4), theme.px(16), theme.px(16)), 16, theme.color(clock.token), direction);
    if (content.hasFocusRing)
        paintFocusRing(painter, theme, all.adjusted(1, 1, -1, -1), 4);
    painter->restore();
}

QString cardAccessibleText(const CardContent &content)
{
    const Conversation &conversation = content.conversation;
    QStringList parts{conversation.contact.name, channelTitle(content.channel)};
    if (conversation.unreadCount > 0)
        parts.append(Words::tr("%n unread", nullptr, conversation.unreadCount));
    if (!content.draft.isEmpty())
        parts.append(Words::tr("Draft") + u": "_s + content.draft.simplified().left(200));
    else if (conversation.lastMessage) {
        const MessagePreview preview = messagePreview(*conversation.lastMessage, content.channel);
        parts.append(preview.isFailed ? Words::tr("Not sent:") + u' ' + preview.text : preview.text);
    }
    const ReplyCountdown countdown = replyCountdown(conversation.replyWindow, content.now);
    if (countdown.level != ReplyCountdown::Level::None)
        parts.append(countdown.text);
    parts.append(listTime(conversation.lastActivityAt, content.now));
    return parts.join(u", "_s);
}

} // namespace antiphon
