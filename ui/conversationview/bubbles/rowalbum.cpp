#include "ui/conversationview/bubbles/rowbuilder.h"

#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"

#include <QCoreApplication>
#include <QLocale>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kAlbumWidth = 336;
constexpr int kTallest = 200;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::RowLayout)
};

/// How many tiles stand in a line of an album of `count`; a shorter line is the first one.
int columnsFor(int count)
{
    return count == 2 || count == 3 || count == 4 ? 2 : 3;
}

} // namespace

/// Pictures and videos of an album, one tile each: lines of two or three, the odd ones large at the top.
void RowBuilder::addAlbum()
{
    const int count = int(m_context.album.size());
    const int columns = columnsFor(count);
    const int gap = px(2);
    const int width = std::min(px(kAlbumWidth), m_widest);
    QList<QRect> places;
    int y = 0;
    for (int next = 0; next < count;) {
        const int rest = (count - next) % columns;
        const int inLine = rest > 0 ? rest : columns;
        const int side = (width - (inLine - 1) * gap) / inLine;
        const int height = std::min(px(kTallest), inLine == 1 ? side * 9 / 16 : side * 3 / 4);
        for (int i = 0; i < inLine; ++i) {
            const int left = i * (side + gap);
            places.append(QRect(left, y, i + 1 == inLine ? width - left : side, height));
        }
        next += inLine;
        y += height + gap;
    }
    const QRect box = nextBox({width, y - gap});
    for (int i = 0; i < count; ++i)
        addAlbumTile(i, places.at(i).translated(box.topLeft()));
}

void RowBuilder::addAlbumTile(int index, const QRect &rect)
{
    const AlbumTile &tile = m_context.album.at(index);
    const bool isVideo = tile.kind == Attachment::Kind::Video;
    const QString number = QLocale().toString(index + 1);
    const QString all = QLocale().toString(m_context.album.size());
    m_out.media.append({.rect = rect, .attachment = 0, .isVideo = isVideo && tile.problem.isEmpty(), .isTile = true, .rowOffset = tile.rowOffset});
    if (!tile.problem.isEmpty() || tile.isBroken) {
        m_out.icons.append({.rect = rect, .icon = "image-off"_L1, .size = 18, .color = color("text.secondary"_L1)});
        const QString said = tile.problem.isEmpty() ? Words::tr("Image not available") : tile.problem;
        m_out.hits.append({.rect = rect, .action = tile.isBroken ? HitAction::RetryImage : HitAction::None, .attachment = 0, .toolTip = said,
                           .name = tile.isBroken ? Words::tr("Load photo %1 of %2 again").arg(number, all) : said, .rowOffset = tile.rowOffset});
        return;
    }
    if (isVideo && tile.durationMs > 0) {
        const TextBlock words = layoutText(playTime(tile.durationMs), style(TypeRole::Caption, "text.primary"_L1), rect.width() - px(12), m_theme);
        const QRect plate(rect.left() + px(4), rect.bottom() + 1 - px(4) - words.rect.height(), words.rect.width() + px(8), words.rect.height());
        m_out.plates.append({.rect = plate, .fill = color("surface.raised"_L1), .radius = px(4)});
        place(words, plate.left() + px(4), plate.top());
    }
    if (!tile.isReady)
        return;
    m_out.hits.append({.rect = rect, .action = isVideo ? HitAction::OpenVideo : HitAction::OpenImage, .attachment = 0,
                       .name = (isVideo ? Words::tr("Play video %1 of %2") : Words::tr("Open photo %1 of %2")).arg(number, all), .rowOffset = tile.rowOffset});
}

} // namespace antiphon
