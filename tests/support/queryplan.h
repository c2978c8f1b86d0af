#pragma once

#include "tests/support/temporarystore.h"

namespace antiphon::test {

/// Holds the plan of a hot statement: no SCAN of a table or index, no TEMP B-TREE. Fails the running test with the plan where it doesn't.
/// Parameters may stay named; what is bound never changes whether an index serves (partial indexes want their predicate literally).
bool expectNoScan(TemporaryStore &store, const QString &sql);

/// No SCAN, no TEMP B-TREE, and there is a plan at all.
bool planIsGood(const QStringList &plan);

/// The lines of EXPLAIN QUERY PLAN.
QStringList queryPlan(TemporaryStore &store, const QString &sql);

} // namespace antiphon::test
