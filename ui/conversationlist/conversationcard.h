#pragma once

#include "core/domain/conversation.h"
#include "core/domain/inbox.h"

#include <QColor>
#include <QImage>
#include <QRect>

class QPainter;

namespace antiphon {

class Theme;

/// What a card shows besides the conversation itself.
struct CardContent {
    Conversation conversation{};
    QList<QColor> labelColors{};         ///< of its labels, in order; an invalid one is shown in the accent
    QString inboxName{};                 ///< empty where one inbox is chosen
    Channel channel = Channel::Tiktok;
    QString draft{};                     ///< of a reply that was begun; empty for none
    QString assigneeName{};              ///< empty: not shown
    QImage picture{};
    Timestamp now{};
    bool isSelected = false;
    bool isHovered = false;
    bool hasFocusRing = false;
};

/// Where the parts of a card are, in its own coordinates; mirrored for right-to-left.
struct CardGeometry {
    QRect bar{}, avatar{}, name{}, priority{}, time{}, preview{}, previewIcon{}, badge{}, meta{}, clock{}, assignee{};
    int hairStart = 0;
};

/// One height for every card: three lines of type and 17 px.
int cardHeight(const Theme &theme);

CardGeometry layoutCard(const Theme &theme, const CardContent &content, const QSize &size, Qt::LayoutDirection direction);
void paintCard(QPainter *painter, const Theme &theme, const CardContent &content, const QRect &rect, Qt::LayoutDirection direction);

/// The card of a narrow strip: the avatar with its badge or clock.
void paintStripCard(QPainter *painter, const Theme &theme, const CardContent &content, const QRect &rect, Qt::LayoutDirection direction);

/// The card in words, for screen readers.
QString cardAccessibleText(const CardContent &content);

} // namespace antiphon
