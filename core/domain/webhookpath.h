#pragma once

#include "core/domain/inbox.h"

namespace antiphon {

/// Where a platform brings an inbox's webhooks, behind the public address: "/webhooks/telegram/7", "/twilio/callback?inbox=7".
QString webhookPath(Channel channel, InboxId inbox, const QJsonObject &settings);
QString webhookPath(const Inbox &inbox);

/// The same with placeholders, as it is before there is an inbox: "/webhooks/telegram/{inbox_id}".
QString webhookPathPattern(Channel channel);

/// Whether each inbox of a channel has a webhook address of its own; else the application has one for all of them.
bool hasOwnWebhookAddress(Channel channel);

} // namespace antiphon
