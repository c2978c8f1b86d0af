#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// Stores what an agent wants to say and queues it, in one transaction: all refusals come before anything is stored.
/// Invalid with `field`, Conflict (inbox disabled), WindowClosed, ChannelLimit with `field`, Unavailable (no public address for a file that the platform
/// fetches). The same client_id gives the first message.
Result<QJsonObject> sendMessage(WriteTransaction &tx, const Caller &caller, const DeskView &view, const std::function<void()> &wakeOutbox,
                                const QJsonObject &params);

/// What holds for a message of a conversation that may leave.
struct Sendable {
    std::optional<Timestamp> until{};                ///< nothing where the channel has no window, or the message is a template and needs none
    std::chrono::seconds sameKeyFor{0};              ///< ChannelLimits::sameKeyFor
};

/// WindowClosed, Conflict (inbox disabled, customer out of reach).
Result<Sendable> sendable(WriteTransaction &tx, const DeskView &view, ConversationId conversation, bool isTemplate);

} // namespace antiphon::desk
