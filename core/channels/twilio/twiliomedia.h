#pragma once

#include "core/channels/credentials.h"
#include "core/channels/operation.h"

#include <QStringList>

namespace antiphon::twilio {

inline constexpr qint64 kMediaLimit = 100 * 1024 * 1024;

/// A customer's file: by its address, or as the n-th of a message's. Only Twilio hears our credentials.
/// @see https://www.twilio.com/docs/messaging/api/media-resource
OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

QStringList mediaHosts();

} // namespace antiphon::twilio
