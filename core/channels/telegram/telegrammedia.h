#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::telegram {

/// The GET of a file by {file_id}: getFile tells where it is for an hour. That address has the token in it: it is for fetching at once and for nothing else.
/// ChannelLimit: over 20 MiB, which a bot can't fetch. @see https://core.telegram.org/bots/api#getfile
OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// The customer's newest picture at about 160 pixels. NotFound: they show none.
OperationPtr<AccountProfile> customerPicture(const QString &chat, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::telegram
