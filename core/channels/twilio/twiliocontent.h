#pragma once

#include "core/channels/inbound.h"

namespace antiphon::twilio {

/// What a customer wrote: words, files, a place, a choice; and whether they want to hear no more.
Result<InboundEvent> readMessage(const QJsonObject &fields, const QString &sid, Timestamp at);

/// A message of ours as Twilio has it.
Result<InboundEvent> readEcho(const QJsonObject &fields, const QString &sid, Timestamp at);

} // namespace antiphon::twilio
