#pragma once

#include "core/store/outboxrepository.h"

/// What the platform tells by itself of a send whose answer is still out or was lost: the key that the send gave along names it.
namespace antiphon::outbox {

struct KeyedSend {
    Row row{};
    qint64 attempt = 0;                      ///< the newest one made with the key
    int attemptNumber = 0;
    QString attemptSource{};                 ///< the platform's id it ended with, as far as known
    bool isCurrent = true;                   ///< false: the message was sent again since, with another key
    std::optional<int> part{};               ///< the first part the platform is not known to have; nothing where it has all
    bool isLast = true;                      ///< no other part is missing
};

/// Nothing where nobody here sent with this key.
Result<std::optional<KeyedSend>> findByKey(ReadTransaction &tx, InboxId inbox, const QString &key);

/// The send of a message by its newest attempt; nothing where it was never to be sent.
Result<std::optional<KeyedSend>> findLost(ReadTransaction &tx, MessageId message);

/// The platform has `send.part` under this id. Whatever the send was doing, it ends where that was the last part; else the rest goes on. Frees the lane
/// and tells `message.updated`.
Result<void> partArrived(WriteTransaction &tx, const KeyedSend &send, const QString &sourceId);

/// All of it was there already: an attempt before has arrived, too. Tells `message.updated`.
Result<void> arrivedAgain(WriteTransaction &tx, const KeyedSend &send, const QString &sourceId);

} // namespace antiphon::outbox
