#pragma once

#include "core/domain/gap.h"
#include "core/store/transaction.h"

/// Rows of `gap`: when an inbox could have missed something. Whatever changes one tells `intake.gap`.
namespace antiphon::gaps {

Result<std::optional<Gap>> find(ReadTransaction &tx, GapId id);
/// Newest first, ids below `before` (null: from the newest).
Result<QList<Gap>> list(ReadTransaction &tx, GapId before, int limit);

Result<GapId> insert(WriteTransaction &tx, const Gap &gap);

/// Those that still last, of one cause or of any.
Result<QList<Gap>> lasting(ReadTransaction &tx, std::optional<Gap::Cause> cause = {});
Result<void> end(WriteTransaction &tx, GapId id, Timestamp to);

/// Ended and still to be filled, oldest first.
Result<QList<Gap>> toFill(ReadTransaction &tx, InboxId inbox);

/// Inboxes with something to fill that can be asked now, those with the most waiting customers first.
Result<QList<InboxId>> inboxesToFill(ReadTransaction &tx);

/// How it stands now. Nothing is told where nothing changes.
Result<void> settle(WriteTransaction &tx, GapId id, Gap::State state, const QList<Gap::Reason> &reasons);

/// One more message, or so many, that only fetching brought.
Result<void> countRecovered(WriteTransaction &tx, GapId id, qint64 more = 1);

/// Gaps whose platform had until `endedBefore` to bring things back by itself.
Result<QList<Gap>> waitedFor(ReadTransaction &tx, Timestamp endedBefore);

} // namespace antiphon::gaps
