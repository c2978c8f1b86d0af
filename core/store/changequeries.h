#pragma once

#include "core/store/transaction.h"

namespace antiphon {

/// The feed's table, for sessions that are behind what memory holds.
class ChangeQueries {
public:
    explicit ChangeQueries(ReadTransaction &tx) : m_tx(tx) {}

    /// The changes behind `seq`, in order.
    Result<std::vector<NumberedChange>> after(qint64 seq, int limit);

    /// The oldest change that is kept; 0 where there is none.
    Result<qint64> oldest();

private:
    ReadTransaction &m_tx;
};

} // namespace antiphon
