#pragma once

#include "ui/conversationview/bubbles/rowgeometry.h"
#include "ui/theme/theme.h"

namespace antiphon {

/// How a text is set.
struct TextStyle {
    TypeRole role = TypeRole::Message;
    QColor color{};
    bool isBold = false;
    bool isCentred = false;
    int emojiSize = 0;           ///< > 0: this pixel size instead of the role's
    int maxLines = 0;            ///< > 0: the rest is elided
};

/// Lays a text out into lines of fixed height, as narrow as its longest line; `rect` is at 0, 0.
/// The direction is that of the first strong letter.
TextBlock layoutText(const RichText &rich, const TextStyle &style, int maxWidth, const Theme &theme);
TextBlock layoutText(const QString &plain, const TextStyle &style, int maxWidth, const Theme &theme);

/// The position in the text at a point of the block (row coordinates), or -1 outside of it.
int textPositionAt(const TextBlock &block, const QPoint &at, bool nearest);

/// The link at a point, or null.
const RichText::Span *linkAt(const TextBlock &block, const QPoint &at);

} // namespace antiphon
