#pragma once

#include "ui/conversationview/bubbles/rowgeometry.h"
#include "ui/models/messagelistmodel.h"

namespace antiphon {

/// What a view knows beside the rows.
struct ViewState {
    QDate today{};
    quint64 unreadKey = 0;           ///< the row before which the unread line stands; 0 for none
    int unread = 0;
    bool isRightToLeft = false;
};

/// A row's neighbours in words: day, unread line, grouping, quote. The fields of pictures and expansion are left to the view.
RowContext contextOf(const MessageListModel &model, int row, const ViewState &state, const RowTraits &traits);

} // namespace antiphon
