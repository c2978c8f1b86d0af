#pragma once

#include "core/channels/credentials.h"
#include "core/channels/operation.h"

#include <QStringList>

namespace antiphon::line {

inline constexpr qint64 kMediaLimit = 200 * 1024 * 1024;

/// A customer's file from the data host; a sticker's picture, and what another provider keeps, without our token.
/// @see https://developers.line.biz/en/reference/messaging-api/#get-content
OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

QStringList mediaHosts();

} // namespace antiphon::line
