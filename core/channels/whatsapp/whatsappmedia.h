#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::whatsapp {

/// The GET of a file: its address, good for five minutes, is asked for by {id}, and both calls want the token. NotFound: the file is gone (after 7 days
/// of what came by webhook), or it belongs to another number. ChannelLimit: over 100 MB, before it is fetched.
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

/// Hosts whose media may be fetched; each stands for its sub-domains too.
QStringList mediaHosts();

constexpr qint64 kMediaLimit = 100 * 1024 * 1024;

} // namespace antiphon::whatsapp
