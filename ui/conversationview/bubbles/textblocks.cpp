#include "ui/conversationview/bubbles/textblocks.h"

#include <QFontMetricsF>

#include <cmath>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

QList<QTextLayout::FormatRange> formatsOf(const RichText &rich, const Theme &theme)
{
    QList<QTextLayout::FormatRange> ranges;
    for (const RichText::Span &span : rich.spans) {
        QTextLayout::FormatRange range;
        range.start = span.start;
        range.length = span.length;
        if (span.style & RichText::Bold)
            range.format.setFontWeight(QFont::Bold);
        if (span.style & RichText::Italic)
            range.format.setFontItalic(true);
        if (span.style & RichText::Strike)
            range.format.setFontStrikeOut(true);
        if (span.style & RichText::Code) {
            range.format.setFontFamilies({u"Noto Sans Mono"_s, u"DejaVu Sans Mono"_s, u"monospace"_s});
            range.format.setFontFixedPitch(true);
        }
        if (span.style & RichText::Underline)
            range.format.setFontUnderline(true);
        if (span.style & RichText::Link) {
            range.format.setForeground(theme.color("accent"_L1));
            range.format.setFontUnderline(true);
        }
        if (span.style & RichText::Mention)
            range.format.setForeground(theme.color("accent"_L1));
        if (span.style & RichText::Quote)
            range.format.setForeground(theme.color("text.secondary"_L1));
        if (span.style & RichText::Spoiler)
            range.format.setBackground(theme.color("state.pressed"_L1));
        ranges.append(range);
    }
    return ranges;
}

QString cutToLines(const QString &text, const QFont &font, const TextStyle &style, int maxWidth)
{
    if (style.maxLines <= 0)
        return text;
    const QFontMetrics metrics(font);
    const int room = maxWidth * style.maxLines - (style.maxLines > 1 ? maxWidth / 4 : 0);
    return metrics.elidedText(text, Qt::ElideRight, std::max(room, metrics.averageCharWidth() * 4));
}

} // namespace

TextBlock layoutText(const RichText &rich, const TextStyle &style, int maxWidth, const Theme &theme)
{
    const QFont font = style.emojiSize > 0 ? theme.fontOfSize(style.emojiSize) : theme.font(style.role, style.isBold);
    const int lineHeight = style.emojiSize > 0 ? theme.px(style.emojiSize * 1.3) : theme.lineHeight(style.role);
    TextBlock block;
    block.color = style.color;
    block.layout = std::make_shared<QTextLayout>(cutToLines(rich.text, font, style, maxWidth), font);
    QTextOption option;
    option.setTextDirection(Qt::LayoutDirectionAuto);
    option.setWrapMode(style.maxLines == 1 ? QTextOption::NoWrap : QTextOption::WrapAtWordBoundaryOrAnywhere);
    block.layout->setTextOption(option);
    block.layout->setCacheEnabled(true);
    if (!rich.spans.isEmpty())
        block.layout->setFormats(formatsOf(rich, theme));
    const QFontMetricsF metrics(font);
    const double baseline = (lineHeight - metrics.height()) / 2 + metrics.ascent();
    block.layout->beginLayout();
    double widest = 0;
    int count = 0;
    for (QTextLine line = block.layout->createLine(); line.isValid(); line = block.layout->createLine()) {
        line.setLineWidth(maxWidth);
        // Fixed boxes: a line with another script or an emoji must not push its neighbours apart.
        line.setPosition({0, count * lineHeight + baseline - line.ascent()});
        widest = std::max(widest, line.naturalTextWidth());
        ++count;
    }
    block.layout->endLayout();
    const int width = std::min(maxWidth, int(std::ceil(widest)));
    for (int i = 0; i < count; ++i) {
        QTextLine line = block.layout->lineAt(i);
        const QRectF natural = line.naturalTextRect();
        double x = 0;
        if (style.isCentred)
            x = (width - natural.width()) / 2 - (natural.left() - line.position().x());
        else if (natural.left() - line.position().x() > 0.5)          // a right-to-left text is set against the far side
            x = width - natural.width() - (natural.left() - line.position().x());
        line.setPosition({x, line.position().y()});
    }
    block.rect = QRect(0, 0, width, std::max(count, 1) * lineHeight);
    for (const RichText::Span &span : rich.spans) {
        if ((span.style & RichText::Link) && !span.url.isEmpty())
            block.links.append(span);
    }
    return block;
}

TextBlock layoutText(const QString &plain, const TextStyle &style, int maxWidth, const Theme &theme)
{
    return layoutText(RichText{.text = plain}, style, maxWidth, theme);
}

int textPositionAt(const TextBlock &block, const QPoint &at, bool nearest)
{
    if (!block.layout || block.layout->lineCount() == 0 || (!nearest && !block.rect.contains(at)))
        return -1;
    const QPointF inside = at - block.rect.topLeft();
    const int lineHeight = std::max(1, block.rect.height() / block.layout->lineCount());
    const int index = std::clamp(int(std::floor(inside.y() / lineHeight)), 0, block.layout->lineCount() - 1);
    const QTextLine line = block.layout->lineAt(index);
    if (!nearest && !line.naturalTextRect().adjusted(-2, -100, 2, 100).contains(QPointF(inside.x(), line.y())))
        return -1;
    return line.xToCursor(inside.x());
}

const RichText::Span *linkAt(const TextBlock &block, const QPoint &at)
{
    if (block.links.isEmpty())
        return nullptr;
    const QPointF inside = at - block.rect.topLeft();
    const int position = textPositionAt(block, at, false);
    if (position < 0)
        return nullptr;
    const QTextLine line = block.layout->lineForTextPosition(std::min(position, int(block.layout->text().size()) - 1));
    for (const RichText::Span &span : block.links) {
        const int from = std::max(span.start, line.textStart());
        const int to = std::min(span.start + span.length, line.textStart() + line.textLength());
        if (from >= to)
            continue;
        const double a = line.cursorToX(from);
        const double b = line.cursorToX(to);
        if (inside.x() >= std::min(a, b) && inside.x() <= std::max(a, b))
            return &span;
    }
    return nullptr;
}

} // namespace antiphon
