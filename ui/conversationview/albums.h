#pragma once

#include "ui/models/messagelistmodel.h"

#include <optional>

namespace antiphon {

/// Rows that a customer sent as one album and that are drawn as one: `drawer`, the one with the words, draws the pictures of all from `first` to `last`.
struct AlbumRun {
    int first = 0;
    int last = 0;
    int drawer = 0;

    int count() const { return last - first + 1; }
};

/// The album a row is drawn in; nothing where it stands for itself: alone, failed, deleted, with reactions, beside a second one that has words, or one of
/// more than a hundred. A sending of more than twenty is cut into albums of twenty from its first row on. All rows of an album get the same answer.
/// @param unreadKey the row before which the unread line stands: no album reaches over it
std::optional<AlbumRun> albumOf(const MessageListModel &model, int row, quint64 unreadKey);

} // namespace antiphon
