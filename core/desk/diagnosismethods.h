#pragma once

#include "core/desk/deskparts.h"

namespace antiphon::desk {

/// What the diagnosis page works with, beside the contract's intake methods (owner and admins):
///
/// `intake.health` {} → {inboxes:[{inbox_id, channel, state, last_event_at, received, processed, duplicates, ignored, stale, lost_found_by_poll, pending,
/// parked, dead, oldest_pending_ms, usual_pause_ms, quiet_since, token_expires_at}], latency:[{channel, count, p50_ms, p99_ms}], refused:[{at, route,
/// reason}] (the last 20, newest first, since the start), lanes:[{lane (a hash), inbox_id, age_ms, attempts, reason}] (the ten that wait longest), store:{writable,
/// wal_bytes, batch_size, urgent_queued, background_queued, oldest_urgent_ms, longest_closure_ms, slow_closures, oldest_snapshot_ms, refused_closures},
/// work:{lost_leases, sends_unknown, jobs_dead}, clock_offset_ms, disk_free, seq}
///
/// `intake.dead_letter` {id} → the dead letter, its reason and payload masked: {…, payload, headers, path, contact_id, contact_name, conversation_id}
/// `intake.dead_letter_groups` {} → {items:[{inbox_id, channel, kind, error_class, reason, count, oldest_at, newest_at}]}, at most 200, the largest first
/// `intake.retry_all` {reason, error_class, inbox_id} → {count}: all that failed alike, in slices; `reason` null: those without one
/// `intake.export` {id, limit} → {format, version, exported_at, items}: for a bug report, everything masked; where no id is given the newest
/// `limit` (1 … 200), at most 100
void addDiagnosisMethods(MethodTable &methods, const DeskParts &parts);

} // namespace antiphon::desk
