#pragma once

#include "core/channels/inbound.h"

namespace antiphon {

/// Events that were fetched by the list calls, as the body of a delivery of source "poll": so they are journalled, split and applied as a webhook is.
QByteArray fetchedBody(const QList<SplitEvent> &events);

/// @return BadPayload where `body` was not made by fetchedBody().
Result<QList<SplitEvent>> eventsOfFetchedBody(const QByteArray &body);

} // namespace antiphon
