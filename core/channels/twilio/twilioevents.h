#pragma once

#include "core/channels/credentials.h"
#include "core/channels/inbound.h"
#include "core/channels/webhook.h"

namespace antiphon::twilio {

/// Whose secrets may have signed: the inbox of `?inbox=`, else all of the account.
WebhookKeys webhookKeys(const RawWebhook &hook);

/// One event a webhook, whichever of the two routes it came by. BadPayload: no message is named.
Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook);
Result<InboundEvent> readEvent(const SplitEvent &event);

/// An event of the fields that a webhook would have, wherever they come from. A key is the same by webhook and list: m:<sid>, s:<sid>:<status>.
/// @param inbox null: by the account's names
SplitEvent messageEvent(const QJsonObject &fields, InboxId inbox, Timestamp at);
SplitEvent statusEvent(const QJsonObject &fields, InboxId inbox, Timestamp at);
/// One of ours that a list tells.
SplitEvent echoEvent(const QJsonObject &fields, InboxId inbox, Timestamp at);

} // namespace antiphon::twilio
