#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// messages.react `{id, emoji}`: an agent's reaction, stored at once and sent behind. Invalid with `field`, ChannelLimit (the channel takes none),
/// WindowClosed, Conflict (a note, a deleted message, one the platform has no id of).
Result<QJsonObject> reactToMessage(WriteTransaction &tx, const Caller &caller, const DeskView &view, const std::function<void()> &wakeJobs,
                                   const QJsonObject &params);

} // namespace antiphon::desk
