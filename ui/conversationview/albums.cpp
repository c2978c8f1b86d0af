#include "ui/conversationview/albums.h"

#include "ui/conversationview/bubbles/messagelook.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"

namespace antiphon {
namespace {

constexpr int kLargestAlbum = 20;
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
        && localDay(one.createdAt) == localDay(next.createdAt);
}

} // namespace

std::optional<AlbumRun> albumOf(const MessageListModel &model, int row, quint64 unreadKey)
{
    const auto message = [&model](int at) -> const Message & { return model.row(at).message; };
    if (!isTile(message(row)))
        return std::nullopt;
    AlbumRun run{.first = row, .last = row, .drawer = row};
    while (run.first > 0 && row - run.first < kLargestAlbum && model.row(run.first).key != unreadKey && isTile(message(run.first - 1))
           && belongTogether(message(run.first - 1), message(run.first)))
        --run.first;
    while (run.last + 1 < model.count() && run.last - row < kLargestAlbum && model.row(run.last + 1).key != unreadKey && isTile(message(run.last + 1))
           && belongTogether(message(run.last), message(run.last + 1)))
        ++run.last;
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
