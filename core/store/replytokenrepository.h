#pragma once

#include "core/store/transaction.h"

/// Rows of `reply_token`: what a platform gives along with an event, good for one answer soon after.
namespace antiphon::replytokens {

/// The newest one of the thread. Nothing happens where a younger one is there. @param at when it came
Result<void> store(WriteTransaction &tx, ContactInboxId thread, const QString &token, Timestamp at);

/// The one that may be used now, marked as used; empty where there is none that is unused and younger than that.
Result<QString> take(WriteTransaction &tx, ContactInboxId thread, Milliseconds youngerThan);

/// The same without marking it.
Result<QString> peek(ReadTransaction &tx, ContactInboxId thread, Timestamp now, Milliseconds youngerThan);

} // namespace antiphon::replytokens
