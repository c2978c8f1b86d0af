#pragma once

#include "core/store/transaction.h"

/// Positions of readers, as text: a platform's update id, the page of a backfill, the event that the careful start tries.
namespace antiphon::cursors {

/// Nothing where none was stored. A null inbox: of no one inbox.
Result<std::optional<QString>> value(ReadTransaction &tx, const QString &scope, InboxId inboxId = {});
Result<void> store(WriteTransaction &tx, const QString &scope, const QString &value, InboxId inboxId = {});
Result<void> remove(WriteTransaction &tx, const QString &scope, InboxId inboxId = {});

} // namespace antiphon::cursors
