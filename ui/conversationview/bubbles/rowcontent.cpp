#include "ui/conversationview/bubbles/embedlink.h"
#include "ui/conversationview/bubbles/rowbuilder.h"
#include "ui/conversationview/bubbles/rowlayout.h"
#include "ui/models/messagetext.h"

#include <QCoreApplication>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kEmbedWidth = 336;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::RowLayout)
};

bool isMedia(const Attachment &attachment)
{
    return attachment.kind == Attachment::Kind::Image || attachment.kind == Attachment::Kind::Sticker || attachment.kind == Attachment::Kind::Video;
}

} // namespace

void RowBuilder::addContent()
{
    switch (m_kind) {
    case BubbleKind::Deleted: addNotice(Words::tr("This message was deleted"), "trash"_L1, {}); return;
    case BubbleKind::Unsupported:
        addNotice(unsupportedText(m_traits.channel), "alert"_L1, m_message.rawType.isEmpty() ? QString() : Words::tr("Type: %1").arg(plainLine(m_message.rawType, 80)));
        return;
    case BubbleKind::Text:
    case BubbleKind::Image:
    case BubbleKind::Video:
    case BubbleKind::Audio:
    case BubbleKind::File:
    case BubbleKind::Sticker:
    case BubbleKind::Embed:
    case BubbleKind::Location:
    case BubbleKind::Contact:
    case BubbleKind::Activity: break;
    }
    if (m_message.isForwarded)
        addCaption("arrow-out"_L1, Words::tr("Forwarded"));
    const auto addAll = [this](auto isMeant) {
        for (int i = 0; i < m_message.attachments.size(); ++i) {
            if (isMeant(m_message.attachments.at(i)))
                addAttachment(i);
        }
    };
    const auto isStory = [](const Attachment &attachment) { return !storyCaption(attachment).isEmpty(); };
    addAll(isStory);                                          // what the words are about
    if (!m_context.album.isEmpty())
        addAlbum();
    if (!m_message.content.isEmpty() || !m_context.quote.text.isEmpty() || m_message.attachments.isEmpty())
        addTextBubble();
    if (!m_context.album.isEmpty())
        return;
    addAll([isStory](const Attachment &attachment) { return isMedia(attachment) && !isStory(attachment); });   // pictures first
    addAll([isStory](const Attachment &attachment) { return !isMedia(attachment) && !isStory(attachment); });
}

void RowBuilder::addTextBubble()
{
    const bool isBigEmoji = m_context.quote.text.isEmpty() && m_message.attachments.isEmpty() && m_variant != Variant::Note
        && m_message.status != MessageStatus::Failed && isEmojiOnly(m_message.content);
    if (isBigEmoji) {
        TextStyle big = style(TypeRole::Message, "text.primary"_L1);
        big.emojiSize = 32;
        const TextBlock block = layoutText(drawable(m_message.content), big, m_widest, m_theme);
        const QRect box = nextBox(block.rect.size());
        place(block, box.left(), box.top(), true);
        return;
    }
    const int side = px(12);
    const int room = m_widest - 2 * side;
    const RichText rich = richTextOf(m_message, m_context.isExpanded ? kExpandedTextCap : kTextCap);
    const TextBlock words = layoutText(rich, style(TypeRole::Message, "text.primary"_L1), room, m_theme);
    TextBlock quote;
    TextBlock more;
    int width = rich.text.isEmpty() ? 0 : words.rect.width();
    int height = rich.text.isEmpty() ? 0 : words.rect.height();
    const int bar = px(3) + px(8);
    if (!m_context.quote.text.isEmpty()) {
        TextStyle small = style(TypeRole::Small, "text.secondary"_L1);
        small.maxLines = 2;
        quote = layoutText(plainLine(m_context.quote.text, 300), small, room - bar - px(8), m_theme);
        width = std::max(width, quote.rect.width() + bar + px(8));
        height += quote.rect.height() + px(6);
    }
    if (rich.isCut && !m_context.isExpanded) {
        RichText label{.text = Words::tr("Show all")};
        label.spans.append({.start = 0, .length = int(label.text.size()), .style = RichText::Bold});
        more = layoutText(label, style(TypeRole::Small, "accent"_L1), room, m_theme);
        width = std::max(width, more.rect.width());
        height += more.rect.height() + px(4);
    }
    const QRect box = nextBox({width + 2 * side, height + px(7) + px(8)});
    addBubbleShape(box);
    int y = box.top() + px(7);
    if (!m_context.quote.text.isEmpty()) {
        const QRect area(box.left() + side, y + px(1), width, quote.rect.height());
        m_out.shapes.append({.rect = QRect(area.left(), area.top(), px(3), area.height()), .fill = color("accent"_L1), .radius = 1});
        place(quote, area.left() + bar, area.top());
        m_out.hits.append({.rect = area, .action = m_context.quote.id.isNull() ? HitAction::None : HitAction::JumpToQuote,
                           .name = Words::tr("Answer to: %1").arg(plainLine(m_context.quote.text, 120))});
        y = area.bottom() + 1 + px(5);
    }
    if (!rich.text.isEmpty())
        y = place(words, box.left() + side, y, true).bottom() + 1;
    if (more.layout) {
        const QRect rect = place(more, box.left() + side, y + px(4));
        m_out.hits.append({.rect = rect.adjusted(-4, -4, 4, 4), .action = HitAction::ShowAll, .name = Words::tr("Show all")});
    }
}

void RowBuilder::addNotice(const QString &text, QLatin1StringView icon, const QString &toolTip)
{
    const int side = px(12);
    const int lead = px(16) + px(8);
    const bool isWarning = m_variant == Variant::Unsupported || m_kind == BubbleKind::Unsupported;
    const TextBlock words = layoutText(text, style(TypeRole::Message, isWarning ? "text.primary"_L1 : "text.secondary"_L1),
                                       m_widest - 2 * side - lead, m_theme);
    const QRect box = nextBox({words.rect.width() + lead + 2 * side, words.rect.height() + px(15)});
    addBubbleShape(box);
    m_out.icons.append({.rect = QRect(box.left() + side, box.top() + px(7), px(16), m_theme.lineHeight(TypeRole::Message)), .icon = icon,
                        .size = 16, .color = color(isWarning ? "warn.text"_L1 : "text.secondary"_L1)});
    place(words, box.left() + side + lead, box.top() + px(7), true);
    m_out.hits.append({.rect = box, .toolTip = toolTip});
}

void RowBuilder::addAttachment(int index)
{
    const Attachment &attachment = m_message.attachments.at(index);
    if (const QString caption = storyCaption(attachment); !caption.isEmpty())
        addCaption("post"_L1, caption);
    const bool isFile = attachment.kind != Attachment::Kind::Embed && attachment.kind != Attachment::Kind::Location && attachment.kind != Attachment::Kind::Contact;
    if (isFile && attachment.state == Attachment::State::Failed) {
        addGone(index);
        return;
    }
    if (const QString doubt = attachmentDoubt(attachment); !doubt.isEmpty())
        addCaption("alert"_L1, doubt);
    switch (attachment.kind) {
    case Attachment::Kind::Image:
    case Attachment::Kind::Sticker: addPicture(index); return;
    case Attachment::Kind::Embed: addEmbed(index); return;
    case Attachment::Kind::Location: addLocation(index); return;
    case Attachment::Kind::Contact: addContact(index); return;
    case Attachment::Kind::Video: addVideo(index); return;
    case Attachment::Kind::Audio: addSound(index); return;
    case Attachment::Kind::File: addFile(index); return;
    }
}

void RowBuilder::addEmbed(int index)
{
    const Attachment &attachment = m_message.attachments.at(index);
    const auto link = embedLink(attachment.embedUrl);
    const int inset = px(8);
    if (!link) {
        // A foreign host is a plain link, an unsafe address plain words.
        const RichText rich = richFromPlain(attachment.embedUrl.isEmpty() ? attachment.title : attachment.embedUrl, {}, 1000);
        const TextBlock words = layoutText(rich, style(TypeRole::Message, "text.primary"_L1), m_widest - px(24), m_theme);
        const QRect box = nextBox({words.rect.width() + px(24), words.rect.height() + px(15)});
        addBubbleShape(box);
        place(words, box.left() + px(12), box.top() + px(7), true);
        return;
    }
    const QSize thumb(px(56), px(74));
    const int width = std::min(px(kEmbedWidth), m_widest);
    const int room = std::max(px(80), width - 2 * inset - thumb.width() - px(12));
    const TextBlock kind = layoutText(Words::tr("Shared post"), style(TypeRole::Small, "text.secondary"_L1), room - px(20), m_theme);
    TextStyle bold = style(TypeRole::Body, "text.primary"_L1, true);
    bold.maxLines = 2;
    const QString said = attachment.title.isEmpty() ? link->path() : attachment.title;
    const TextBlock title = layoutText(plainLine(said, 200), bold, room, m_theme);
    RichText open{.text = Words::tr("Open in browser")};
    open.spans.append({.start = 0, .length = int(open.text.size()), .style = RichText::Bold});
    const TextBlock action = layoutText(open, style(TypeRole::Small, "accent"_L1), room - px(18), m_theme);
    TextStyle plain = style(TypeRole::Small, "text.secondary"_L1);
    plain.maxLines = 1;
    const int actionWidth = action.rect.width() + px(4) + px(14);
    const QString host = linkHost(link->toString());
    TextBlock where = layoutText(host.startsWith("www."_L1) ? host.mid(4) : host, plain, room, m_theme);
    const bool isOneLine = where.rect.width() + px(8) + actionWidth <= room;
    const int words = kind.rect.height() + px(2) + title.rect.height() + px(4) + where.rect.height() + (isOneLine ? 0 : action.rect.height());
    const QRect box = nextBox({width, std::max(thumb.height(), words) + 2 * inset});
    addBubbleShape(box);
    const QRect picture(box.left() + inset, box.top() + inset, thumb.width(), thumb.height());
    m_out.media.append({.rect = picture, .attachment = index, .isThumbnail = true});
    const int x = picture.right() + 1 + px(12);
    const int lineHeight = m_theme.lineHeight(TypeRole::Small);
    m_out.icons.append({.rect = QRect(x, box.top() + inset, px(14), lineHeight), .icon = "post"_L1, .size = 14, .color = color("text.secondary"_L1)});
    int y = place(kind, x + px(20), box.top() + inset).bottom() + 1 + px(2);
    place(title, x, y);
    y = box.bottom() + 1 - inset - action.rect.height();
    place(where, x, isOneLine ? y : y - where.rect.height());
    const int left = isOneLine ? box.right() + 1 - inset - actionWidth : x;
    const QRect label = place(action, left, y);
    const QRect arrow(label.right() + 1 + px(4), y, px(14), lineHeight);
    m_out.icons.append({.rect = arrow, .icon = "external"_L1, .size = 14, .color = color("accent"_L1)});
    m_out.hits.append({.rect = box, .action = HitAction::OpenEmbed, .argument = link->toString(QUrl::FullyEncoded), .attachment = index,
                       .toolTip = link->toString(QUrl::FullyEncoded), .name = Words::tr("Open in browser")});
}

} // namespace antiphon
