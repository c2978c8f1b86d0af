#include "ui/conversationview/bubbles/rowbuilder.h"

#include "ui/conversationview/bubbles/rowlayout.h"
#include "ui/models/errortext.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"

#include <QCoreApplication>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPadding = 16;
constexpr int kAvatarRoom = 36;
constexpr int kWidestBubble = 448;
constexpr int kLeastMargin = 96;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::RowLayout)
};

QString statusName(StatusMark mark)
{
    switch (mark) {
    case StatusMark::Clock: return Words::tr("On its way");
    case StatusMark::Check: return Words::tr("Sent");
    case StatusMark::Checks: return Words::tr("Delivered");
    case StatusMark::ChecksRead: return Words::tr("Read");
    }
    Q_UNREACHABLE();
}

QLatin1StringView statusIcon(StatusMark mark)
{
    switch (mark) {
    case StatusMark::Clock: return "clock"_L1;
    case StatusMark::Check: return "check"_L1;
    case StatusMark::Checks: return "checks"_L1;
    case StatusMark::ChecksRead: return "checks-read"_L1;
    }
    Q_UNREACHABLE();
}

Shape::Corners cornersOf(bool joinedAbove, bool joinedBelow)
{
    if (joinedAbove && joinedBelow)
        return Shape::Corners::JoinedBoth;
    if (joinedAbove)
        return Shape::Corners::JoinedTop;
    return joinedBelow ? Shape::Corners::JoinedBottom : Shape::Corners::Round;
}

} // namespace

RowGeometry layoutRow(const Message &message, const RowContext &context, const RowTraits &traits, const Theme &theme, int width)
{
    return RowBuilder(message, context, traits, theme, width).build();
}

RowBuilder::RowBuilder(const Message &message, const RowContext &context, const RowTraits &traits, const Theme &theme, int width)
    : m_message(message), m_context(context), m_traits(traits), m_theme(theme), m_width(width), m_variant(variantOf(message)),
      m_kind(bubbleKindOf(message))
{
    m_out.side = sideOf(message);
    m_start = px(kPadding);
    m_end = width - px(kPadding) - theme.avatarPx(kAvatarRoom);
    m_widest = std::max(px(80), std::min(px(kWidestBubble), width - px(kLeastMargin)));
}

RowGeometry RowBuilder::build()
{
    addHeadings();
    if (!isShown(m_message) || m_context.isDrawnElsewhere) {
        m_out.height = m_y;
        mirror();
        return std::move(m_out);
    }
    if (m_out.side == Side::Centre) {
        addActivity();
        finish();
        return std::move(m_out);
    }
    const bool isFirst = !m_context.day.isValid() && m_context.unread == 0 && !m_context.isAfterGap;
    m_y += m_context.joinsPrevious ? px(2) : isFirst ? px(16) : 0;
    addReferral();
    addContent();
    addReactions();
    if (m_message.status == MessageStatus::Failed)
        addFailure();
    else if (!m_context.joinsNext)
        addMeta();
    addAvatar();
    finish();
    return std::move(m_out);
}

QRect RowBuilder::place(TextBlock block, int x, int y, bool isSelectable)
{
    block.rect.moveTopLeft({x, y});
    block.isSelectable = isSelectable;
    m_out.texts.append(block);
    return block.rect;
}

void RowBuilder::addHeadings()
{
    if (m_context.day.isValid()) {
        TextStyle heading = style(TypeRole::Small, "text.secondary"_L1);
        heading.isCentred = true;
        m_y += px(14);
        const TextBlock block = layoutText(dayHeading(m_context.day, m_context.today), heading, m_width - 2 * m_start, m_theme);
        m_y = place(block, (m_width - block.rect.width()) / 2, m_y).bottom() + 1 + px(10);
    }
    const auto addLine = [this](const QString &text, QLatin1StringView token) {
        m_y += px(m_context.day.isValid() ? 0 : 14);
        const TextBlock block = layoutText(text, style(TypeRole::Small, token, true), m_width - 4 * m_start, m_theme);
        const QRect word = place(block, (m_width - block.rect.width()) / 2, m_y);
        const int middle = word.center().y();
        m_out.lines.append(QRect(m_start, middle, word.left() - px(10) - m_start, 1));
        m_out.lines.append(QRect(word.right() + 1 + px(10), middle, m_width - m_start - word.right() - px(10), 1));
        m_out.lineColor = color(token);
        m_y = word.bottom() + 1 + px(10);
    };
    if (m_context.isAfterGap)
        addLine(Words::tr("Fetched after this machine was away"), "warn.text"_L1);
    if (m_context.unread > 0)
        addLine(m_context.unread == 1 ? Words::tr("1 new message") : Words::tr("%n new messages", nullptr, m_context.unread), "accent"_L1);
}

/// What led the customer here, before the message it came with.
void RowBuilder::addReferral()
{
    const QString text = referralText(m_message.referral);
    if (text.isEmpty())
        return;
    const auto link = safeLink(m_message.referral.value("url"_L1).toString());
    TextStyle line = style(TypeRole::Small, link ? "accent"_L1 : "text.secondary"_L1);
    line.isCentred = true;
    const TextBlock block = layoutText(text, line, m_width - 2 * px(48), m_theme);
    const QRect rect = place(block, (m_width - block.rect.width()) / 2, m_y);
    const QString body = plainLine(m_message.referral.value("body"_L1).toString(), 300);
    m_out.hits.append({.rect = rect, .action = link ? HitAction::OpenLink : HitAction::None, .argument = link.value_or(QString()),
                       .toolTip = body.isEmpty() ? link.value_or(QString()) : body, .name = text});
    m_y = rect.bottom() + 1 + px(10);
}

void RowBuilder::addActivity()
{
    m_y += px(16);
    TextStyle line = style(TypeRole::Small, "text.secondary"_L1);
    line.isCentred = true;
    const TextBlock block = layoutText(drawable(activityText(m_message)), line, m_width - 2 * px(48), m_theme);
    const QRect rect = place(block, (m_width - block.rect.width()) / 2, m_y, true);
    m_out.bubble = rect;
    m_out.hits.append({.rect = rect, .toolTip = fullTime(m_message.createdAt)});
    m_y = rect.bottom() + 1;
    if (m_message.activity.value("kind"_L1) != "event_failed"_L1)
        return;
    const QString word = Words::tr("Look at it under Diagnosis");
    const TextBlock link = layoutText(word, style(TypeRole::Small, "accent"_L1, true), m_width - 2 * px(48), m_theme);
    const QRect place = this->place(link, (m_width - link.rect.width()) / 2, m_y + px(2));
    m_out.bubble = m_out.bubble.united(place);
    m_out.hits.append({.rect = place.adjusted(-px(6), -px(2), px(6), px(4)), .action = HitAction::Diagnose, .name = word});
    m_y = place.bottom() + 1;
}

QRect RowBuilder::nextBox(const QSize &size)
{
    if (m_boxes++ > 0)
        m_y += px(2);
    const int x = isAtEnd() ? m_end - size.width() : m_start;
    const QRect box(QPoint(x, m_y), size);
    m_y = box.bottom() + 1;
    m_out.bubble = m_out.bubble.isNull() ? box : m_out.bubble.united(box);
    m_stack.append(box);
    return box;
}

void RowBuilder::addBubbleShape(const QRect &rect)
{
    Shape shape{.rect = rect, .radius = px(12)};
    switch (m_variant) {
    case Variant::Customer: shape.fill = color("bubble.customer"_L1); break;
    case Variant::Agent: shape.fill = color("bubble.agent"_L1); break;
    case Variant::Bot:
    case Variant::Template: shape.fill = color("bubble.bot"_L1); break;
    case Variant::Note: shape.fill = color("bubble.note"_L1); break;
    case Variant::Error: shape.fill = color("bubble.error"_L1); break;
    case Variant::Unsupported:
        shape.frame = color("warn.line"_L1);
        shape.isDashed = true;
        break;
    case Variant::Activity: break;
    }
    if (m_theme.isHighContrast() && !shape.frame.isValid())
        shape.frame = color("text.primary"_L1);
    m_boxShapes.append(int(m_out.shapes.size()));
    m_out.shapes.append(shape);
}

void RowBuilder::addAvatar()
{
    if (m_context.joinsNext || !avatarOf(m_message))
        return;
    const int side = m_theme.avatarPx(24);
    m_out.avatar = QRect(m_width - px(kPadding) - side - m_theme.avatarPx(2), m_out.bubble.bottom() + 1 - side, side, side);
    const auto look = avatarOf(m_message);
    QString tip = look->name;
    QString name = look->name;
    if (look->kind == AvatarLook::Kind::NativeApp && isNativeEcho(m_message)) {
        tip = nativeAppToolTip(m_traits.channel);
        name = Words::tr("%1 app").arg(channelTitle(m_traits.channel));
    }
    m_out.hits.append({.rect = m_out.avatar.adjusted(0, 0, 8, 4), .toolTip = plainLine(tip, 200), .name = plainLine(name, 200)});
}

void RowBuilder::addReactions()
{
    if (m_message.reactions.isEmpty())
        return;
    m_y += px(3);
    struct Chip {
        QString emoji{};
        QStringList who{};
        bool isOurs = false;
    };
    QList<Chip> chips;
    for (const Reaction &reaction : m_message.reactions) {
        const QString emoji = plainLine(reaction.emoji, 16);
        const bool isOurs = reaction.sender.type != Sender::Type::Contact;
        const QString other = isOurs ? Words::tr("Your business") : m_traits.contactName;
        const QString who = plainLine(reaction.sender.name.isEmpty() ? other : reaction.sender.name, 80);
        auto it = std::find_if(chips.begin(), chips.end(), [&](const Chip &chip) { return chip.emoji == emoji; });
        if (it == chips.end() && chips.size() < 12)
            it = chips.insert(chips.end(), {.emoji = emoji});
        if (it == chips.end())
            continue;
        it->who.append(who);
        it->isOurs = it->isOurs || isOurs;
    }
    QList<TextBlock> blocks;
    int total = 0;
    for (const Chip &chip : std::as_const(chips)) {
        const QString label = chip.who.size() > 1 ? chip.emoji + u' ' + QLocale().toString(chip.who.size()) : chip.emoji;
        const TextBlock block = layoutText(label, style(TypeRole::Small, "text.primary"_L1), m_widest, m_theme);
        if (total + block.rect.width() + px(16) > m_widest)
            break;                               // one line of them; the row's details don't depend on the rest
        blocks.append(block);
        total += block.rect.width() + px(16);
    }
    const int height = px(22);
    int x = isAtEnd() ? m_end - total + px(4) : m_start;
    for (int i = 0; i < blocks.size(); ++i) {
        const Chip &one = chips.at(i);
        const QRect chip(x, m_y, blocks.at(i).rect.width() + px(12), height);
        m_out.shapes.append({.rect = chip, .fill = color(one.isOurs ? "accent.tint"_L1 : "surface.sunken"_L1), .frame = color(one.isOurs ? "accent"_L1 : "line.hair"_L1),
                             .radius = height / 2});
        place(blocks.at(i), x + px(6), m_y + (height - blocks.at(i).rect.height()) / 2);
        const QString who = one.who.join(u", "_s);
        m_out.hits.append({.rect = chip, .action = one.isOurs && m_traits.canReact ? HitAction::React : HitAction::None, .argument = one.emoji,
                           .toolTip = one.isOurs && m_traits.canReact ? Words::tr("%1 · click to take it back").arg(who) : who, .name = one.emoji + u' ' + who});
        x = chip.right() + 1 + px(4);
    }
    m_y += height;
}

void RowBuilder::addMeta()
{
    m_y += px(3);
    const QString word = plainLine(senderWord(m_message), 60);
    QString text = clockTime(m_message.createdAt);
    if (m_message.editedAt)
        text += u' ' + Words::tr("(edited)");
    if (m_message.arrivedTwice)
        text += u' ' + Words::tr("(arrived twice)");
    const auto mark = statusMark(m_message, m_traits.channel);
    const bool isNote = m_message.isPrivate;
    const int icon = px(14);
    const int gap = px(4);
    // The dot is a piece of its own, so that right-to-left puts it between the two as well.
    const TextBlock dot = layoutText(QString(QChar(0x00B7)), style(TypeRole::Caption, "text.secondary"_L1), m_widest, m_theme);
    const TextBlock second = layoutText(text, style(TypeRole::Caption, "text.secondary"_L1), m_widest, m_theme);
    const int rest = (word.isEmpty() ? 0 : dot.rect.width() + 2 * gap) + (isNote ? px(12) + gap : 0) + second.rect.width() + (mark ? gap + icon : 0);
    TextStyle bold = style(TypeRole::Caption, "text.primary"_L1, true);
    bold.maxLines = 1;
    const TextBlock first = word.isEmpty() ? TextBlock{} : layoutText(word, bold, std::max(px(40), m_widest - rest), m_theme);
    const int total = first.rect.width() + rest;
    int x = isAtEnd() ? m_end - px(2) - total : m_start + px(2);
    const int height = m_theme.lineHeight(TypeRole::Caption);
    if (!word.isEmpty())
        x = place(first, x, m_y).right() + 1 + gap;
    if (isNote) {
        m_out.icons.append({.rect = QRect(x, m_y, px(12), height), .icon = "lock"_L1, .size = 12, .color = color("text.secondary"_L1)});
        x += px(12) + gap;
    }
    if (!word.isEmpty())
        x = place(dot, x, m_y).right() + 1 + gap;
    const QRect time = place(second, x, m_y);
    QString tip = fullTime(m_message.createdAt);
    if (m_message.editedAt)
        tip += u'\n' + Words::tr("Edited %1").arg(fullTime(*m_message.editedAt));
    if (m_message.arrivedTwice)
        tip += u'\n' + Words::tr("It was sent again, and the first one had arrived, too.");
    m_out.hits.append({.rect = time, .toolTip = tip});
    if (mark) {
        const QRect box(time.right() + 1 + gap, m_y, icon, height);
        const bool isRead = *mark == StatusMark::ChecksRead;
        m_out.icons.append({.rect = box, .icon = statusIcon(*mark), .size = 14, .color = color(isRead ? "status.read"_L1 : "status.grey"_L1),
                            .isClock = *mark == StatusMark::Clock});
        if (*mark == StatusMark::Clock)
            m_out.clock = box;
        m_out.hits.append({.rect = box, .toolTip = statusName(*mark) + u'\n' + fullTime(m_message.updatedAt), .name = statusName(*mark)});
    }
    m_y += height;
}

void RowBuilder::addFailure()
{
    m_y += px(4);
    const bool isUnknown = isOutcomeUnknown(m_message);
    const QString head = isUnknown ? Words::tr("It may have been sent.") : Words::tr("Not sent.");
    const QString reason = m_message.externalError ? externalErrorText(*m_message.externalError, m_traits.channel) : QString();
    RichText rich{.text = reason.isEmpty() ? head : head + u' ' + reason};
    rich.spans.append({.start = 0, .length = int(head.size()), .style = RichText::Bold});
    const int icon = px(14) + px(5);
    const int room = std::min(px(460), m_width - 2 * m_start - (isAtEnd() ? m_width - m_end - m_start : 0)) - icon;
    const TextBlock sentence = layoutText(rich, style(TypeRole::Small, "danger.text"_L1), room, m_theme);
    const int x = isAtEnd() ? m_end - px(2) - sentence.rect.width() : m_start + px(2) + icon;
    const QRect words = place(sentence, x, m_y, false);
    m_out.icons.append({.rect = QRect(x - icon, m_y, px(14), m_theme.lineHeight(TypeRole::Small)), .icon = "alert-circle"_L1, .size = 14,
                        .color = color("danger.text"_L1)});
    m_y = words.bottom() + 1 + px(2);

    const QString off = m_context.retryOff;
    const auto link = [this](const QString &text, bool isOn) {
        RichText label{.text = text};
        label.spans.append({.start = 0, .length = int(text.size()), .style = isOn ? RichText::Bold | RichText::Underline : RichText::Bold});
        return layoutText(label, style(TypeRole::Small, isOn ? "danger.text"_L1 : "text.disabled"_L1), m_widest, m_theme);
    };
    const TextBlock time = layoutText(clockTime(m_message.createdAt), style(TypeRole::Caption, "text.secondary"_L1), m_widest, m_theme);
    const TextBlock retry = link(isUnknown ? Words::tr("Send again") : Words::tr("Try again"), off.isEmpty());
    const TextBlock details = link(Words::tr("Details"), true);
    const TextBlock arrived = isUnknown ? link(Words::tr("It arrived"), true) : TextBlock{};
    const int gap = px(12);
    const int total = time.rect.width() + retry.rect.width() + details.rect.width() + 2 * gap + (isUnknown ? arrived.rect.width() + gap : 0);
    int left = isAtEnd() ? m_end - px(2) - total : m_start + px(2);
    left = place(time, left, m_y).right() + 1 + gap;
    const QRect seen = isUnknown ? place(arrived, left, m_y) : QRect();
    if (isUnknown)
        left = seen.right() + 1 + gap;
    const QRect again = place(retry, left, m_y);
    const QRect more = place(details, again.right() + 1 + gap, m_y);
    const QMargins reach(px(4), px(4), px(4), px(4));       // at least 24 px high to hit
    if (isUnknown)
        m_out.hits.append({.rect = seen.marginsAdded(reach), .action = HitAction::Arrived, .name = Words::tr("It arrived")});
    m_out.hits.append({.rect = again.marginsAdded(reach), .action = isUnknown ? HitAction::SendAgain : HitAction::Retry, .toolTip = off,
                       .name = isUnknown ? Words::tr("Send again") : Words::tr("Try again"), .isOn = off.isEmpty()});
    m_out.hits.append({.rect = more.marginsAdded(reach), .action = HitAction::Details, .name = Words::tr("Details")});
    m_y = more.bottom() + 1;
}

void RowBuilder::finish()
{
    for (int i = 0; i < m_stack.size(); ++i) {
        const Shape::Corners corners = cornersOf(i > 0 || m_context.joinsPrevious, i + 1 < m_stack.size() || m_context.joinsNext);
        for (const int shape : std::as_const(m_boxShapes)) {
            if (m_out.shapes.at(shape).rect == m_stack.at(i)) {
                m_out.shapes[shape].corners = corners;
                m_out.shapes[shape].isJoinedAtEnd = isAtEnd();
            }
        }
        for (const int media : std::as_const(m_boxMedia)) {
            if (m_out.media.at(media).rect == m_stack.at(i))
                m_out.media[media].corners = corners;
        }
    }
    m_out.height = m_y;
    mirror();
}

void RowBuilder::mirror()
{
    if (!m_context.isRightToLeft)
        return;
    const auto turn = [this](QRect &rect) {
        if (!rect.isNull())
            rect.moveLeft(m_width - rect.left() - rect.width());
    };
    turn(m_out.bubble);
    turn(m_out.avatar);
    turn(m_out.clock);
    for (Shape &shape : m_out.shapes) {
        turn(shape.rect);
        shape.isJoinedAtEnd = !shape.isJoinedAtEnd;
    }
    for (TextBlock &text : m_out.texts)
        turn(text.rect);
    for (IconBox &icon : m_out.icons)
        turn(icon.rect);
    for (MediaBox &media : m_out.media)
        turn(media.rect);
    for (Shape &plate : m_out.plates)
        turn(plate.rect);
    for (SoundBox &sound : m_out.sounds) {
        for (QRect *part : {&sound.button, &sound.bar, &sound.time, &sound.rate})
            turn(*part);
    }
    for (HitArea &hit : m_out.hits)
        turn(hit.rect);
    for (QRect &line : m_out.lines)
        turn(line);
}

} // namespace antiphon
