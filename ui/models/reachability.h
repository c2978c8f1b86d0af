#pragma once

#include "core/domain/conversation.h"
#include "core/domain/inbox.h"

#include <optional>

namespace antiphon {

/// Why nothing can be sent to a customer, whatever the reply window says.
struct CannotReply {
    QString banner{};            ///< above the messages: what happened, and what changes it
    QString reason{};            ///< short, for what is switched off by it
    bool isOfOurs = false;       ///< the business' own account can change it
};

/// Nothing where the customer can be written to.
/// @param channel as shown: WhatsApp for Twilio's WhatsApp
std::optional<CannotReply> cannotReply(const Conversation &conversation, Channel channel);

/// In whose name a thread of a connected account is answered: the owner's name; empty where the thread is the inbox's own.
QString businessOwner(const Conversation &conversation, const Inbox &inbox);

} // namespace antiphon
