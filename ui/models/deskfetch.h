#pragma once

#include "core/client/deskapi.h"
#include "ui/models/conversationlistmodel.h"
#include "ui/models/draftstore.h"
#include "ui/models/imagecache.h"
#include "ui/models/messagelistmodel.h"

namespace antiphon {

/// The models' ways to the desk. `api` must outlive them; a header only, so that the models themselves link without the client.
inline MessageListModel::Fetch messagesFrom(DeskApi &api)
{
    return [&api](ConversationId id, const MessageAnchor &anchor, int limit) { return api.messages(id, anchor, limit); };
}

inline ConversationListModel::Fetch conversationsFrom(DeskApi &api)
{
    return [&api](const ConversationFilter &filter, ConversationSort sort, const QString &cursor, int limit) {
        return api.conversations(filter, sort, cursor, limit);
    };
}

inline DraftStore::Save draftsTo(DeskApi &api)
{
    return [&api](const Draft &draft) { return api.setDraft(draft); };
}

inline ImageCache::Download picturesFrom(DeskClient &client)
{
    return [&client](const QString &url, qint64 maxBytes) { return client.download(url, maxBytes); };
}

} // namespace antiphon
