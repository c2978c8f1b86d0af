#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::tiktok {

/// The newest 20 messages of a conversation, oldest first, with the keys and lanes of the webhooks. The REST calls spell things their own way
/// (types and roles in upper case, sender and recipient, flat templates): this is their second parser for the one internal form.
/// Of a platform that lists more, the newest 200; Unavailable where the answer has no list.
/// @see https://business-api.tiktok.com/portal/docs?id=1832184425841170
OperationPtr<ChannelAdapter::ThreadPage> listThread(const QString &conversationId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// What the lists reach. @see https://business-api.tiktok.com/portal/docs?id=1832184415059970
CatchUpDepth catchUpDepth();

/// Conversations of the last 90 days that moved at or after the query's time, newest first: first those never answered (STRANGER), then the others
/// (SINGLE). Incomplete where the list ends at its cap of 100 with all of them that new, and with a remark where a page lists more than was asked for,
/// goes on without saying where, or is one of more than 20. Unavailable where the answer has no list.
/// @see https://business-api.tiktok.com/portal/docs?id=1832184415059970
OperationPtr<ChannelAdapter::ThreadList> listThreads(const ChannelAdapter::ThreadQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Whether pictures may be sent in a conversation. @see https://business-api.tiktok.com/portal/docs?id=1836061597865986
OperationPtr<bool> imageCapability(const QString &conversationId, bool hasEverAnswered, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::tiktok
