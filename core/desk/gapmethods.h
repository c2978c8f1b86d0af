#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// intake.gaps: {cursor, limit ≤ 200} → {items: [gap], next_cursor, seq}, newest first.
/// inboxes.catch_up: {id, since} → {gap_id}: fetches what could have been missed since then; a gap of cause "manual" says how it ends. Refused: a disabled
/// inbox (-32005), a platform without lists (-32008), a time in the future (-32004 since).
/// @param wakeCatchUp called after the commit, in the Writer's thread: there is something to fill
void addGapMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeCatchUp);

} // namespace antiphon::desk
