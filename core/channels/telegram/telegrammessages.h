#pragma once

#include "core/channels/inbound.h"

namespace antiphon::telegram {

/// What a stored event of an update says. BadPayload: its shape is wrong. Unavailable with `field` "business_connection" and the connection's id in `code`:
/// it is of an owner whom nobody has told of yet.
Result<InboundEvent> readEvent(const SplitEvent &event);

/// A BusinessConnection as the inbox keeps it. @param settings the inbox's  @param update the update's number, by which an older one is known
InboundConnection connectionIn(const QJsonObject &source, const QJsonObject &settings, qint64 update);

} // namespace antiphon::telegram
