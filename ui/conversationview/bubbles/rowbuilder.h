#pragma once

#include "ui/conversationview/bubbles/rowgeometry.h"
#include "ui/conversationview/bubbles/textblocks.h"
#include "ui/theme/theme.h"

namespace antiphon {

/// Gathers a row from its top to its bottom in left-to-right coordinates; `finish` mirrors it where the layout is right-to-left.
/// Used by layoutRow only; split in files by what is built.
class RowBuilder {
public:
    RowBuilder(const Message &message, const RowContext &context, const RowTraits &traits, const Theme &theme, int width);

    RowGeometry build();

private:
    // rowbuilder.cpp: frame of the row
    void addHeadings();
    void addReferral();
    void addActivity();
    void addAvatar();
    void addReactions();
    void addMeta();
    void addFailure();
    void finish();
    void mirror();

    // rowcontent.cpp: what the message consists of
    void addContent();
    void addTextBubble();
    void addNotice(const QString &text, QLatin1StringView icon, const QString &toolTip);
    void addEmbed(int attachment);
    void addAttachment(int attachment);

    // rowalbum.cpp: pictures of several rows
    void addAlbum();
    void addAlbumTile(int index, const QRect &rect);

    // rowmedia.cpp: files, places and cards
    struct Tile {
        QLatin1StringView icon{};
        QString mark{};              ///< instead of the icon: "PDF"
        QString title{};
        QStringList lines{};
        QString action{};            ///< a last line in the accent's colour
        QLatin1StringView endIcon{};
    };
    void addCaption(QLatin1StringView icon, const QString &text);
    void addPicture(int attachment);
    void addVideo(int attachment);
    void addSound(int attachment);
    void addFile(int attachment);
    void addGone(int attachment);
    void addLocation(int attachment);
    void addContact(int attachment);
    void addTile(const Tile &tile, HitArea hit);

    /// A text at (x, y) of the row; returns its rectangle.
    QRect place(TextBlock block, int x, int y, bool isSelectable = false);
    /// Opens the next box of the stack: `size` at the row's side, 2 px below the one before.
    QRect nextBox(const QSize &size);
    void addBubbleShape(const QRect &rect);
    QColor color(QLatin1StringView name) const { return m_theme.color(name); }
    TextStyle style(TypeRole role, QLatin1StringView token, bool isBold = false) const { return {.role = role, .color = color(token), .isBold = isBold}; }
    bool isAtEnd() const { return m_out.side == Side::End; }
    int px(double design) const { return m_theme.px(design); }

    const Message &m_message;
    const RowContext &m_context;
    const RowTraits &m_traits;
    const Theme &m_theme;
    const int m_width;
    Variant m_variant;
    BubbleKind m_kind;
    RowGeometry m_out;
    int m_y = 0;
    int m_start = 0;             // left edge for boxes at the start
    int m_end = 0;               // right edge for boxes at the end
    int m_widest = 0;            // of a bubble
    int m_boxes = 0;
    QList<int> m_boxShapes;      // indexes of the stacked shapes, for their corners
    QList<int> m_boxMedia;
    QList<QRect> m_stack;
};

} // namespace antiphon
