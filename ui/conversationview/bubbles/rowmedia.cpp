#include "ui/conversationview/bubbles/rowbuilder.h"

#include "core/domain/phonenumber.h"
#include "ui/conversationview/bubbles/rowlayout.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr QSize kLargestPicture(320, 240);
constexpr QSize kGuessedPicture(240, 180);
constexpr int kLargestSticker = 160;
constexpr int kVideoCard = 280;
constexpr int kSoundButton = 32;
constexpr int kSoundBar = 176;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::RowLayout)
};

bool isReady(const Attachment &attachment)
{
    return attachment.state == Attachment::State::Ready && !attachment.url.isEmpty();
}

QString sizeLine(const Attachment &attachment)
{
    QStringList parts;
    if (attachment.state == Attachment::State::Pending)
        parts.append(Words::tr("Still being fetched"));
    if (attachment.durationMs)
        parts.append(playTime(*attachment.durationMs));
    if (attachment.size)
        parts.append(QLocale().formattedDataSize(*attachment.size, 1, QLocale::DataSizeSIFormat));
    return parts.join(u" · "_s);
}

/// "PDF", "DOCX": of the name, else of the type; at most four letters, so that it fits the tile.
QString typeMark(const Attachment &attachment)
{
    const qsizetype dot = attachment.name.lastIndexOf(u'.');
    QString mark = dot > 0 ? attachment.name.mid(dot + 1) : QString();
    if (mark.isEmpty() && attachment.mime == "application/pdf"_L1)
        mark = u"pdf"_s;
    static const QRegularExpression plain(u"^[A-Za-z0-9]{2,4}$"_s);
    return plain.match(mark).hasMatch() ? mark.toUpper() : QString();
}

/// The digits of a phone number, to be copied; empty where the text is none.
QString phoneOf(const QString &text)
{
    static const QRegularExpression phone(u"^[+0-9][0-9 ()./\\-]{4,30}$"_s);
    return phone.match(text.trimmed()).hasMatch() ? text.trimmed() : QString();
}

} // namespace

QSize pictureSize(const Attachment &attachment, const QSize &decoded, const Theme &theme, int maxWidth)
{
    QSize size = kGuessedPicture;
    if (attachment.width.value_or(0) > 0 && attachment.height.value_or(0) > 0)
        size = {*attachment.width, *attachment.height};
    else if (!decoded.isEmpty())
        size = decoded;
    const QSize limit = attachment.kind == Attachment::Kind::Sticker ? QSize(kLargestSticker, kLargestSticker) : kLargestPicture;
    const QSize most(std::min(theme.px(limit.width()), maxWidth), theme.px(limit.height()));
    size *= theme.textScale();
    if (size.width() > most.width() || size.height() > most.height())
        size.scale(most, Qt::KeepAspectRatio);
    // A strip of a few pixels can be neither seen nor hit.
    return size.expandedTo({std::min(theme.px(48), most.width()), theme.px(32)});
}

/// A small line above a box: what kind of thing it is.
void RowBuilder::addCaption(QLatin1StringView icon, const QString &text)
{
    if (m_boxes > 0)
        m_y += px(4);
    const int lead = px(14) + px(4);
    const TextBlock words = layoutText(text, style(TypeRole::Small, "text.secondary"_L1), m_widest - lead, m_theme);
    const int x = isAtEnd() ? m_end - px(2) - words.rect.width() - lead : m_start + px(2);
    m_out.icons.append({.rect = QRect(x, m_y, px(14), m_theme.lineHeight(TypeRole::Small)), .icon = icon, .size = 14, .color = color("text.secondary"_L1)});
    m_y = place(words, x + lead, m_y).bottom() + 1 + px(2);
}

void RowBuilder::addPicture(int index)
{
    const Attachment &attachment = m_message.attachments.at(index);
    const bool isSticker = attachment.kind == Attachment::Kind::Sticker;
    const QRect box = nextBox(pictureSize(attachment, m_context.pictureSizes.value(index), m_theme, m_widest));
    m_boxMedia.append(int(m_out.media.size()));
    m_out.media.append({.rect = box, .attachment = index, .isSticker = isSticker});
    const bool isBroken = m_context.pictureFailed.value(index);
    if (!isBroken) {
        if (attachment.state == Attachment::State::Ready)
            m_out.hits.append({.rect = box, .action = isSticker ? HitAction::None : HitAction::OpenImage, .attachment = index,
                               .name = isSticker ? Words::tr("Sticker") : Words::tr("Open photo")});
        return;
    }
    TextStyle small = style(TypeRole::Small, "text.secondary"_L1);
    small.isCentred = true;
    const TextBlock words = layoutText(Words::tr("Image not available"), small, box.width() - px(8), m_theme);
    const int top = box.center().y() - (words.rect.height() + px(24) + px(18)) / 2;
    m_out.icons.append({.rect = QRect(box.left(), top, box.width(), px(24)), .icon = "image-off"_L1, .size = 18, .color = color("text.secondary"_L1)});
    const QRect said = place(words, box.center().x() - words.rect.width() / 2, top + px(24));
    RichText label{.text = Words::tr("Try again")};
    label.spans.append({.start = 0, .length = int(label.text.size()), .style = RichText::Bold});
    const TextBlock again = layoutText(label, style(TypeRole::Small, "accent"_L1), box.width(), m_theme);
    place(again, box.center().x() - again.rect.width() / 2, said.bottom() + 1 + px(2));
    m_out.hits.append({.rect = box, .action = HitAction::RetryImage, .attachment = index, .name = Words::tr("Load the photo again")});
}

/// A film has no picture until it is played: a card with the sign to play, its name, how long and how large it is.
void RowBuilder::addVideo(int index)
{
    const Attachment &attachment = m_message.attachments.at(index);
    const bool isThere = isReady(attachment);
    const int inset = px(6);
    const int side = px(12);
    const int width = std::min(px(kVideoCard), m_widest);
    const QSize screen(width - 2 * inset, (width - 2 * inset) * 9 / 16);
    TextStyle bold = style(TypeRole::Body, "text.primary"_L1, true);
    bold.maxLines = 1;
    TextStyle small = style(TypeRole::Small, "text.secondary"_L1);
    small.maxLines = 1;
    const QString called = plainLine(attachment.name, 160);
    const TextBlock name = layoutText(called.isEmpty() ? attachmentWord(attachment) : called, bold, width - 2 * side, m_theme);
    const TextBlock line = layoutText(sizeLine(attachment), small, width - 2 * side, m_theme);
    const QRect box = nextBox({width, inset + screen.height() + px(6) + name.rect.height() + line.rect.height() + px(8)});
    addBubbleShape(box);
    const QRect picture(box.topLeft() + QPoint(inset, inset), screen);
    m_out.media.append({.rect = picture, .attachment = index, .isVideo = isThere, .isTile = true});
    if (!isThere)
        m_out.icons.append({.rect = picture, .icon = "video"_L1, .size = 24, .color = color("text.secondary"_L1)});
    const int y = place(name, box.left() + side, picture.bottom() + 1 + px(6)).bottom() + 1;
    place(line, box.left() + side, y);
    if (isThere)
        m_out.hits.append({.rect = box, .action = HitAction::OpenVideo, .attachment = index, .toolTip = Words::tr("Play"), .name = Words::tr("Play the video")});
}

void RowBuilder::addSound(int index)
{
    const Attachment &attachment = m_message.attachments.at(index);
    const QString problem = m_context.mediaProblems.value(index);
    if (!isReady(attachment) || !problem.isEmpty()) {
        Tile tile{.icon = attachmentIcon(attachment.kind), .title = attachmentWord(attachment), .lines = {problem.isEmpty() ? sizeLine(attachment) : problem}};
        HitArea hit;
        if (!problem.isEmpty()) {
            tile.action = Words::tr("Save …");
            hit = {.action = HitAction::SaveFile, .attachment = index, .name = Words::tr("Save %1").arg(attachmentWord(attachment))};
        }
        addTile(tile, hit);
        return;
    }
    const int side = px(12);
    const int gap = px(8);
    const TextBlock longest = layoutText(u"00:00"_s, style(TypeRole::Small, "text.secondary"_L1), m_widest, m_theme);
    const TextBlock fastest = layoutText(u"1.5×"_s, style(TypeRole::Small, "text.secondary"_L1, true), m_widest, m_theme);
    const int rateWidth = fastest.rect.width() + px(12);
    const int fixed = 2 * side + px(kSoundButton) + 3 * gap + longest.rect.width() + rateWidth;
    const int bar = std::max(px(48), std::min(px(kSoundBar), m_widest - fixed));
    const QRect box = nextBox({fixed + bar, px(kSoundButton) + px(15)});
    addBubbleShape(box);
    const int middle = box.center().y();
    SoundBox sound{.attachment = index, .url = attachment.url, .durationMs = attachment.durationMs.value_or(0)};
    sound.button = QRect(box.left() + side, middle - px(kSoundButton) / 2, px(kSoundButton), px(kSoundButton));
    sound.bar = QRect(sound.button.right() + 1 + gap, middle - px(12), bar, px(24));
    const int line = m_theme.lineHeight(TypeRole::Small);
    sound.time = QRect(sound.bar.right() + 1 + gap, middle - line / 2, longest.rect.width(), line);
    sound.rate = QRect(sound.time.right() + 1 + gap, middle - px(11), rateWidth, px(22));
    m_out.sounds.append(sound);
    const QString word = attachmentWord(attachment);
    m_out.hits.append({.rect = sound.button, .action = HitAction::PlaySound, .attachment = index, .toolTip = word, .name = Words::tr("Play or pause: %1").arg(word)});
    m_out.hits.append({.rect = sound.bar, .action = HitAction::SeekSound, .attachment = index});
    m_out.hits.append({.rect = sound.rate, .action = HitAction::ChangeRate, .attachment = index, .toolTip = Words::tr("Speed"), .name = Words::tr("Speed")});
}

void RowBuilder::addFile(int index)
{
    const Attachment &attachment = m_message.attachments.at(index);
    const bool isThere = isReady(attachment);
    const QString word = attachmentWord(attachment);
    addTile({.icon = "file"_L1, .mark = typeMark(attachment), .title = word, .lines = {sizeLine(attachment)}, .endIcon = isThere ? "download"_L1 : QLatin1StringView()},
            {.action = isThere ? HitAction::SaveFile : HitAction::None, .attachment = index, .toolTip = isThere ? Words::tr("Save …") : QString(),
             .name = Words::tr("Save %1").arg(word)});
}

/// There is no file: what it was, and why it isn't there.
void RowBuilder::addGone(int index)
{
    const Attachment &attachment = m_message.attachments.at(index);
    const bool isPicture = attachment.kind == Attachment::Kind::Image || attachment.kind == Attachment::Kind::Sticker;
    addTile({.icon = isPicture ? "image-off"_L1 : attachmentIcon(attachment.kind), .title = attachmentWord(attachment), .lines = {attachmentProblem(attachment)}}, {});
}

void RowBuilder::addLocation(int index)
{
    const Attachment &attachment = m_message.attachments.at(index);
    const QString title = plainLine(attachment.title.isEmpty() ? attachment.name : attachment.title, 160);
    Tile tile{.icon = "map-pin"_L1, .title = title.isEmpty() ? Words::tr("Location") : title};
    if (!attachment.name.isEmpty() && attachment.name != attachment.title)
        tile.lines.append(plainLine(attachment.name, 200));
    HitArea hit;
    if (attachment.latitude && attachment.longitude) {
        const QString latitude = QString::number(*attachment.latitude, 'f', 5);
        const QString longitude = QString::number(*attachment.longitude, 'f', 5);
        tile.lines.append(latitude + u", "_s + longitude);
        tile.action = Words::tr("Open in map");
        hit = {.action = HitAction::OpenMap,
               .argument = u"https://www.openstreetmap.org/?mlat=%1&mlon=%2#map=16/%1/%2"_s.arg(latitude, longitude),
               .toolTip = Words::tr("Open in map"), .name = Words::tr("Open in map")};
    }
    addTile(tile, hit);
}

void RowBuilder::addContact(int index)
{
    const Attachment &attachment = m_message.attachments.at(index);
    const QString title = plainLine(attachment.title.isEmpty() ? attachment.name : attachment.title, 160);
    Tile tile{.icon = "contact-card"_L1, .title = title.isEmpty() ? Words::tr("Contact") : title};
    const QStringList lines = attachment.name == attachment.title ? QStringList() : attachment.name.split(u'\n', Qt::SkipEmptyParts);
    QString phone = phoneOf(attachment.title);
    for (const QString &line : lines.mid(0, 6)) {
        const QString number = phoneOf(line).isEmpty() ? QString() : phoneToE164(line);
        tile.lines.append(number.isEmpty() ? plainLine(line, 160) : phoneForPeople(number));
        if (phone.isEmpty())
            phone = phoneOf(line);
    }
    HitArea hit;
    if (!phone.isEmpty()) {
        tile.action = Words::tr("Copy number");
        hit = {.action = HitAction::CopyText, .argument = phone, .name = Words::tr("Copy %1").arg(phone)};
    }
    addTile(tile, hit);
}

void RowBuilder::addTile(const Tile &tile, HitArea hit)
{
    const int side = px(12);
    const int square = px(36);
    const int lead = square + px(10);
    const int tail = tile.endIcon.isEmpty() ? 0 : px(18) + px(10);
    const int room = m_widest - 2 * side - lead - tail;
    TextStyle bold = style(TypeRole::Message, "text.primary"_L1, true);
    bold.maxLines = 1;
    QList<TextBlock> words{layoutText(tile.title, bold, room, m_theme)};
    for (const QString &line : tile.lines) {
        if (!line.isEmpty())
            words.append(layoutText(line, style(TypeRole::Small, "text.secondary"_L1), room, m_theme));
    }
    if (!tile.action.isEmpty())
        words.append(layoutText(tile.action, style(TypeRole::Small, "accent"_L1, true), room, m_theme));
    int height = 0;
    int width = 0;
    for (const TextBlock &block : std::as_const(words)) {
        height += block.rect.height();
        width = std::max(width, block.rect.width());
    }
    const QRect box = nextBox({std::min(std::max(px(260), 2 * side + lead + width + tail), m_widest), std::max(square, height) + px(15)});
    addBubbleShape(box);
    const QRect mark(box.left() + side, box.top() + (box.height() - square) / 2, square, square);
    m_out.shapes.append({.rect = mark, .fill = color("surface.view"_L1), .radius = px(8)});
    if (tile.mark.isEmpty()) {
        m_out.icons.append({.rect = mark, .icon = tile.icon, .size = 18, .color = color("accent"_L1)});
    } else {
        const TextBlock type = layoutText(tile.mark, style(TypeRole::Caption, "accent"_L1, true), square, m_theme);
        place(type, mark.center().x() + 1 - type.rect.width() / 2, mark.center().y() + 1 - type.rect.height() / 2);
    }
    int y = box.top() + (box.height() - height) / 2;
    for (const TextBlock &block : std::as_const(words))
        y = place(block, mark.right() + 1 + px(10), y).bottom() + 1;
    if (tail > 0) {
        const QRect end(box.right() + 1 - side - px(18), box.top(), px(18), box.height());
        m_out.icons.append({.rect = end, .icon = tile.endIcon, .size = 18, .color = color("text.secondary"_L1)});
    }
    hit.rect = box;
    m_out.hits.append(hit);
}

} // namespace antiphon
