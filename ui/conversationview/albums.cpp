#include "ui/conversationview/albums.h"

#include "ui/conversationview/bubbles/messagelook.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"

#include <algorithm>

namespace antiphon {
namespace {

constexpr int kLargestAlbum = 20;
constexpr int kLongestRun = 100;            // far more than any platform sends at once; it bounds what each painted row costs
constexpr std::chrono::minutes kOneSending{1};

/// Whether a row is nothing but a picture or video of an album.
bool isTile(const Message &message)
{
    if (message.groupId.isEmpty() || message.attachments.size() != 1 || message.isDeleted || message.isPrivate || message.status == MessageStatus::Failed)
        return false;
    if (!message.reactions.isEmpty() || message.contentType != Message::ContentType::Text || message.direction == Message::Direction::Activity)
        return false;
    if (!attachmentDoubt(message.attachments.first()).isEmpty())
        return false;
    const Attachment::Kind kind = message.attachments.first().kind;
    return kind == Attachment::Kind::Image || kind == Attachment::Kind::Video;
}

bool belongTogether(const Message &one, const Message &next)
{
    return one.groupId == next.groupId && one.sender.type == next.sender.type && one.sender.id == next.sender.id && one.direction == next.direction
        && one.externalEcho == next.externalEcho && one.caughtUp == next.caughtUp && std::chrono::abs(next.createdAt - one.createdAt) <= kOneSending
        && (one.createdAt == next.createdAt || localDay(one.createdAt) == localDay(next.createdAt));
}

/// Whether a row goes on with what the row before it began.
bool continues(const MessageListModel &model, int row, quint64 unreadKey)
{
    const Message &before = model.row(row - 1).message;
    const Message &message = model.row(row).message;
    return model.row(row).key != unreadKey && belongTogether(before, message) && isTile(before) && isTile(message);
}

/// All rows that one sending has around a tile; nothing where they are more than an album can be cut from.
/// Each row of a run finds the same one, so that they agree on who draws them.
std::optional<AlbumRun> runAround(const MessageListModel &model, int row, quint64 unreadKey)
{
    AlbumRun run{.first = row, .last = row, .drawer = row};
    while (run.count() <= kLongestRun && run.first > 0 && continues(model, run.first, unreadKey))
        --run.first;
    while (run.count() <= kLongestRun && run.last + 1 < model.count() && continues(model, run.last + 1, unreadKey))
        ++run.last;
    return run.count() > kLongestRun ? std::nullopt : std::optional(run);
}

} // namespace

std::optional<AlbumRun> albumOf(const MessageListModel &model, int row, quint64 unreadKey)
{
    const auto message = [&model](int at) -> const Message & { return model.row(at).message; };
    if (!isTile(message(row)))
        return std::nullopt;
    const std::optional<AlbumRun> whole = runAround(model, row, unreadKey);
    if (!whole)
        return std::nullopt;
    // Blocks are counted from the run's first row, never from the row asked about.
    AlbumRun run{.first = row - (row - whole->first) % kLargestAlbum};
    run.last = std::min(run.first + kLargestAlbum - 1, whole->last);
    if (run.count() < 2)
        return std::nullopt;
    run.drawer = run.last;
    int withWords = 0;
    for (int at = run.first; at <= run.last; ++at) {
        if (message(at).content.isEmpty() && message(at).inReplyTo.isNull())
            continue;
        ++withWords;
        run.drawer = at;
    }
    return withWords > 1 ? std::nullopt : std::optional(run);
}

} // namespace antiphon
