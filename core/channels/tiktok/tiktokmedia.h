#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::tiktok {

/// The GET of a file: a sticker's or emoji's own address as it stands, or for {kind: "media"} the short-lived one the platform is asked for, which wants
/// the token as `x-user` and not as `Access-Token`. @see https://business-api.tiktok.com/portal/docs?id=1832184455450626
OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Hosts whose media may be fetched; each stands for its sub-domains too.
QStringList mediaHosts();

constexpr qint64 kMediaLimit = 20 * 1024 * 1024;

} // namespace antiphon::tiktok
