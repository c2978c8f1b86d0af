#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::twilio {

/// What came to an inbox and how far its own messages got, by the account's list of messages. The cursor is opaque: up to when it was read, and what of the
/// moments before that is known. @see https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
OperationPtr<ChannelAdapter::FeedPage> readFeed(const ChannelAdapter::FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// What was sent to a customer lately, newest page only: to find out whether a send arrived whose answer was lost.
OperationPtr<ChannelAdapter::ThreadPage> listThread(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// A file of a listed message.
struct ListedFile {
    QString address{};
    QString mime{};
};
QUrl mediaListUrl(const QString &messageSid, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);
QList<ListedFile> listedFiles(const QJsonObject &answer);

} // namespace antiphon::twilio
