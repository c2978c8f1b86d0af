#pragma once

#include "core/domain/message.h"
#include "core/store/transaction.h"

/// The business's own reaction to a message: one at most. What is stored is what an agent wants; a job brings the platform there, and may do so twice
/// without harm, since setting the same reaction again changes nothing.
namespace antiphon::ownreaction {

struct Target {
    QString contactSourceId{};
    QString sourceId{};
};
/// Where it goes; nothing where the message is gone or has no id of the platform's.
Result<std::optional<Target>> target(ReadTransaction &tx, MessageId message);

/// Empty: none. @param senderKey the account's own id
Result<QString> emoji(ReadTransaction &tx, MessageId message, const QString &senderKey);

/// Stores what an agent wants and queues the call. An empty emoji takes it away. @param at by the platforms' clock. Tells `message.updated`.
Result<void> want(WriteTransaction &tx, InboxId inbox, MessageId message, const QString &senderKey, const QString &emoji, const Sender &agent, Timestamp at);

/// @param before what the platform has now, to go back to
Result<void> enqueue(WriteTransaction &tx, InboxId inbox, MessageId message, const QString &before);

/// The platform refused: what it has is what stands.
Result<void> restore(WriteTransaction &tx, MessageId message, const QString &senderKey, const QString &before);

} // namespace antiphon::ownreaction
