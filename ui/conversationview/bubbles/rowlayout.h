#pragma once

#include "ui/conversationview/bubbles/rowgeometry.h"

namespace antiphon {

class Theme;

/// Lays out one row for a view of `width` px. Pure: no I/O, no pixels, the same for the same values.
RowGeometry layoutRow(const Message &message, const RowContext &context, const RowTraits &traits, const Theme &theme, int width);

/// The size at which a picture is shown: its own, at most 320 x 240 (stickers 160), scaled with the text; a guess where it isn't known.
QSize pictureSize(const Attachment &attachment, const QSize &decoded, const Theme &theme, int maxWidth);

} // namespace antiphon
