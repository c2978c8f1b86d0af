#pragma once

#include "core/channels/inbound.h"

namespace antiphon::line {

/// What stands in a message, by its type; what no rule knows becomes Unsupported. @param source the event's `message`
void readContent(InboundMessage *message, const QJsonObject &source);

/// What a pressed button says: the date or time that was chosen, else its data. Empty: nothing.
QString postbackText(const QJsonObject &postback);

} // namespace antiphon::line
