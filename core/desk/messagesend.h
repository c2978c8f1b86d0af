#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// Stores what an agent wants to say and queues it, in one transaction: all refusals come before anything is stored.
/// Invalid with `field`, Conflict (inbox disabled), WindowClosed, ChannelLimit with `field`. The same client_id gives the first message.
Result<QJsonObject> sendMessage(WriteTransaction &tx, const Caller &caller, const DeskView &view, const std::function<void()> &wakeOutbox,
                                const QJsonObject &params);

/// Until when a message of this conversation may leave: nothing where the channel has no window. WindowClosed, Conflict (inbox disabled).
Result<std::optional<Timestamp>> sendableUntil(WriteTransaction &tx, const DeskView &view, ConversationId conversation);

} // namespace antiphon::desk
