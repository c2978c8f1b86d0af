#pragma once

#include "core/store/transaction.h"

namespace antiphon {

/// A file that could not be had is asked for again. EnrichJobs must be woken after the commit. NotFound; Conflict where it didn't fail.
Result<void> retryMedia(WriteTransaction &tx, AttachmentId id);

} // namespace antiphon
