#pragma once

#include "core/base/result.h"
#include "core/store/deliveryrepository.h"

namespace antiphon::bench {

/// How many rows a second the disk takes when nothing else happens: the delivery row of the intake, in a database of its own with the store's settings
/// (WAL, synchronous=FULL), `group` rows a commit.
Result<double> bareCommitRate(const QString &folder, const deliveries::Delivery &row, int group, int rows);

} // namespace antiphon::bench
