#pragma once

#include "core/channels/inbound.h"

namespace antiphon::twilio {

/// The word that says how far a message of ours came; empty where the fields tell no status.
QString statusWord(const QJsonObject &fields);

/// Whether a webhook tells a status, by whichever route it came.
bool isStatus(const QJsonObject &fields);

/// A bit for each word that says more than that a message waits at Twilio, else 0. Cursors keep them: a word's bit stays its own.
quint8 newsBit(const QJsonObject &fields);

Result<InboundEvent> readStatus(const QJsonObject &fields, const QString &sid, Timestamp at);

} // namespace antiphon::twilio
