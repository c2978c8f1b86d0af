#include "ui/conversationview/rowcontexts.h"

#include "ui/conversationview/albums.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"

#include <QCoreApplication>

namespace antiphon {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::RowLayout)
};

constexpr int kLookPast = 50;        // activities in a row; beyond them nobody sees a group

/// The nearest shown row that is no activity, -1 where there is none.
int neighbour(const MessageListModel &model, int row, int step)
{
    for (int at = row + step, tries = 0; at >= 0 && at < model.count() && tries < kLookPast; at += step, ++tries) {
        const Message &message = model.row(at).message;
        if (message.direction != Message::Direction::Activity && isShown(message))
            return at;
    }
    return -1;
}

QuotedRow quoteOf(const MessageListModel &model, const Message &message, Channel channel)
{
    if (message.inReplyTo.isNull())
        return {};
    const int at = model.indexOf(message.inReplyTo);
    if (at < 0)
        return {.id = message.inReplyTo, .text = Words::tr("An earlier message")};
    const QString text = messagePreview(model.row(at).message, channel).text;
    return {.id = message.inReplyTo, .text = text.isEmpty() ? Words::tr("Message not available") : text};
}

bool beginsDay(const MessageListModel &model, int row)
{
    return row == 0 || localDay(model.row(row - 1).message.createdAt) != localDay(model.row(row).message.createdAt);
}

/// Whether a line stands before the row: of a day, or of what is unread.
bool beginsAnew(const MessageListModel &model, int row, const ViewState &state)
{
    return beginsDay(model, row) || (state.unread > 0 && state.unreadKey != 0 && model.row(row).key == state.unreadKey);
}

/// What a row draws for all of its album.
QList<AlbumTile> tilesOf(const MessageListModel &model, const AlbumRun &run)
{
    QList<AlbumTile> tiles;
    for (int at = run.first; at <= run.last; ++at) {
        const Attachment &file = model.row(at).message.attachments.first();
        tiles.append({.rowOffset = at - run.drawer,
                      .kind = file.kind,
                      .isReady = file.state == Attachment::State::Ready && !file.url.isEmpty(),
                      .problem = attachmentProblem(file),
                      .durationMs = file.durationMs.value_or(0)});
    }
    return tiles;
}

} // namespace

RowContext contextOf(const MessageListModel &model, int row, const ViewState &state, const RowTraits &traits)
{
    const Message &message = model.row(row).message;
    RowContext context{.today = state.today, .isRightToLeft = state.isRightToLeft};
    const QDate day = localDay(message.createdAt);
    if (beginsDay(model, row))
        context.day = day;
    if (state.unreadKey != 0 && model.row(row).key == state.unreadKey)
        context.unread = state.unread;
    const bool followsLive = row > 0 && !model.row(row - 1).message.caughtUp;
    context.isAfterGap = message.caughtUp && followsLive;
    if (message.direction != Message::Direction::Activity) {
        const auto album = albumOf(model, row, state.unreadKey);
        context.isDrawnElsewhere = album && album->drawer != row;
        if (album && album->drawer == row)
            context.album = tilesOf(model, *album);
        const int before = neighbour(model, album ? album->first : row, -1);
        const int after = neighbour(model, album ? album->last : row, 1);
        const Message &first = album ? model.row(album->first).message : message;
        const Message &last = album ? model.row(album->last).message : message;
        context.joinsPrevious = before >= 0 && !beginsAnew(model, album ? album->first : row, state) && model.row(before).message.caughtUp == message.caughtUp
            && joins(model.row(before).message, first);
        context.joinsNext = after >= 0 && joins(last, model.row(after).message) && model.row(after).key != state.unreadKey
            && localDay(model.row(after).message.createdAt) == day && model.row(after).message.caughtUp == message.caughtUp;
    }
    context.quote = quoteOf(model, message, traits.channel);
    return context;
}

} // namespace antiphon
