#pragma once

#include "core/channels/channeladapter.h"
#include "core/channels/meta/dialect.h"
#include "core/channels/meta/graphaccess.h"

/// The Conversations API: what Instagram and Messenger list of their threads.
/// @see https://developers.facebook.com/docs/messenger-platform/conversations
/// @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/conversations-api
namespace antiphon::meta {

/// Whose threads are listed, and how they are asked for.
struct ConversationSource {
    Dialect dialect{};
    QString platform{};             ///< "instagram", "messenger"
    QString owner{};                ///< "me", or the page's id
    QString account{};              ///< external id of the inbox
    QString username{};             ///< the account's own; empty: not known
    QString messageFields{};        ///< what is asked for of each message
    GraphAccess graph;
};

/// The newest 20 messages of a customer's thread, oldest first, with the keys and lanes of the webhooks: the thread is found by the customer's id, and
/// its messages are read with it where the platform expands them, else by one more call, else one by one. A thread that isn't listed is empty.
OperationPtr<ChannelAdapter::ThreadPage> listThread(const ConversationSource &source, const QString &contactSourceId);

/// Threads that moved at or after the query's time, newest first. Incomplete with a remark where the list goes on without saying where, or over 20 pages.
OperationPtr<ChannelAdapter::ThreadList> listThreads(const ConversationSource &source, const ChannelAdapter::ThreadQuery &query);

/// Of each thread the newest 20. Threads have no cap, but requests that were quiet for 30 days aren't listed.
CatchUpDepth conversationsDepth();

/// The name of who a page talks to, where its profile isn't told. NotFound where the list doesn't tell it either.
HttpRequest participantsCall(const ConversationSource &source, const QString &contactSourceId);
Result<AccountProfile> readParticipant(const HttpReply &reply, const ConversationSource &source, const QString &contactSourceId);

} // namespace antiphon::meta
