#pragma once

#include "core/channels/credentials.h"
#include "core/channels/inbound.h"
#include "core/channels/webhook.h"

namespace antiphon::tiktok {

/// One delivery's events: a delivery has one object, of which a reaction's may hold several. An event of another application is kept as
/// ignored. BadPayload: no JSON object, or none that names its event and account.
/// @see https://business-api.tiktok.com/portal/docs?id=1832190670631937   (create_time: s, timestamp: ms since epoch, UTC)
Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook, const AppCredentials &app);

/// The events of one object in the webhook's spelling; the lists use it too, so their keys and lanes are the same.
/// @param created the delivery's own time, for objects without one.
QList<SplitEvent> splitContent(const QString &event, const QString &account, const QJsonObject &content, std::optional<Timestamp> created);

/// What a split event says.
Result<InboundEvent> readEvent(const SplitEvent &event);

} // namespace antiphon::tiktok
