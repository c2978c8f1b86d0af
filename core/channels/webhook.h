#pragma once

#include "core/base/clock.h"
#include "core/domain/channel.h"
#include "core/net/http.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace antiphon {

/// A webhook as it came in: what a signature is checked over and what is journalled.
struct RawWebhook {
    QByteArray method = "POST";
    HttpHeaders headers{};       ///< a header that came twice stands here twice
    QByteArray body{};
    QByteArray path{};           ///< "/webhooks/tiktok"; decoded: "/webhooks/whatsapp/+15550100001"
    QByteArray query{};          ///< percent-encoded, without "?"
    Timestamp receivedAt{};
};

/// The value of a header that occurs exactly once; nothing where it is absent or repeated.
std::optional<QByteArray> singleHeader(const HttpHeaders &headers, QByteArrayView name);

/// Whose secrets may have signed a request: an application's, and those of the one inbox that its path names.
struct WebhookKeys {
    QList<Channel> apps{};       ///< in this order
    QString inboxSetting{};      ///< "phone_number": the setting that names the inbox; "id" and "external_id" are the inbox's own; empty: the path names none
    QString inboxValue{};        ///< as in the settings
};

/// The answer to a platform that asks whether an address is ours.
struct HandshakeReply {
    int status = 403;
    QByteArray body{};           ///< text/plain
};

/// What the signature says.
enum class Verification {
    Valid,
    Stale,      ///< right signature, but its time is outside the tolerance: taken and flagged
    Refused
};

} // namespace antiphon
