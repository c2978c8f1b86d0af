#pragma once

#include "ui/conversationview/bubbles/messagelook.h"
#include "ui/models/richtext.h"

#include <QColor>
#include <QDate>
#include <QRect>
#include <QTextLayout>

#include <memory>

namespace antiphon {

/// The message a row answers to, as far as it is known.
struct QuotedRow {
    MessageId id{};
    QString text{};              ///< text, "Photo", or "Message not available"; empty for no quote
    friend bool operator==(const QuotedRow &, const QuotedRow &) = default;
};

/// One picture or video of an album that a row draws for its neighbours, too.
struct AlbumTile {
    int rowOffset = 0;           ///< where its row stands from the one that draws
    Attachment::Kind kind = Attachment::Kind::Image;
    bool isReady = false;
    bool isBroken = false;       ///< fetched, but no picture
    QString problem{};           ///< why there is no file; empty where there is or will be one
    qint64 durationMs = 0;
    friend bool operator==(const AlbumTile &, const AlbumTile &) = default;
};

/// What a row's look takes from its neighbours and the view. Part of the cache's key.
struct RowContext {
    QDate day{};                 ///< valid where a day begins with this row
    QDate today{};
    int unread = 0;              ///< > 0: the line "2 new messages" stands before this row
    bool isAfterGap = false;     ///< fetched after the machine was away
    bool joinsPrevious = false;
    bool joinsNext = false;
    bool isExpanded = false;     ///< all of a long text
    bool isRightToLeft = false;
    QString retryOff{};
    QuotedRow quote{};
    QList<QSize> pictureSizes{}; ///< of the attachments, as decoded; empty sizes where they aren't known
    QList<bool> pictureFailed{};
    QList<AlbumTile> album{};    ///< in their order; empty where the row stands for itself
    bool isDrawnElsewhere = false;      ///< another row of its album draws it
    QStringList mediaProblems{}; ///< of the attachments: why a sound can't be played; empty where it can
    friend bool operator==(const RowContext &, const RowContext &) = default;
};

/// What happens at a place of a row.
enum class HitAction {
    None, OpenLink, OpenEmbed, OpenImage, OpenVideo, RetryImage, SaveFile, PlaySound, SeekSound, ChangeRate, OpenMap, CopyText, React, Retry, SendAgain, Arrived,
    Details, ShowAll, JumpToQuote, Diagnose
};

struct HitArea {
    QRect rect{};
    HitAction action = HitAction::None;
    QString argument{};          ///< an address, a text to copy, an emoji
    int attachment = -1;
    QString toolTip{};           ///< plain
    QString name{};              ///< for assistive tools and the keyboard
    bool isOn = true;
    int rowOffset = 0;           ///< whose message it is, from this row
};

/// A laid-out text at its place, in row coordinates.
struct TextBlock {
    std::shared_ptr<QTextLayout> layout{};
    QRect rect{};
    QColor color{};
    QList<RichText::Span> links{};
    bool isSelectable = false;   ///< the message's own words
};

struct IconBox {
    QRect rect{};
    QLatin1StringView icon{};
    int size = 14;               ///< design px
    QColor color{};
    bool isClock = false;        ///< turns while the message is under way
};

/// A filled shape.
struct Shape {
    enum class Corners { Round, JoinedTop, JoinedBottom, JoinedBoth };
    QRect rect{};
    QColor fill{};
    QColor frame{};              ///< invalid for none
    bool isDashed = false;
    int radius = 12;
    Corners corners = Corners::Round;
    bool isJoinedAtEnd = false;  ///< which side's corners are the small ones; already mirrored
};

struct MediaBox {
    QRect rect{};
    int attachment = -1;
    bool isSticker = false;
    bool isThumbnail = false;    ///< of an embed: smaller radius
    bool isVideo = false;        ///< the sign to play stands on it
    bool isTile = false;         ///< of an album
    int rowOffset = 0;           ///< whose attachment it is, from this row
    Shape::Corners corners = Shape::Corners::Round;
};

/// The parts of a sound; what moves in them is painted from the player's state.
struct SoundBox {
    QRect button{};
    QRect bar{};                 ///< filled from left to right in every layout
    QRect time{};
    QRect rate{};
    int attachment = -1;
    QString url{};
    qint64 durationMs = 0;       ///< as the platform told it; 0: unknown
};

/// All rectangles of one row in its own coordinates (y from its top, x over the whole width), with its laid-out texts.
/// Height, painting and hit test read this and nothing else.
struct RowGeometry {
    int height = 0;
    Side side = Side::Start;
    QRect bubble{};              ///< of everything the message consists of, without meta line
    QList<Shape> shapes{};
    QList<TextBlock> texts{};
    QList<IconBox> icons{};
    QList<MediaBox> media{};
    QList<Shape> plates{};       ///< over the pictures, below the texts
    QList<SoundBox> sounds{};
    QList<HitArea> hits{};
    QList<QRect> lines{};        ///< accent hairlines of the unread line
    QColor lineColor{};
    QRect avatar{};              ///< empty for none
    QRect clock{};               ///< the turning hand, to be repainted
};

} // namespace antiphon
