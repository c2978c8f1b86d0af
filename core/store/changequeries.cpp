#include "core/store/changequeries.h"

namespace antiphon {
using namespace Qt::StringLiterals;

Result<std::vector<NumberedChange>> ChangeQueries::after(qint64 seq, int limit)
{
    Query query = m_tx.query(u"SELECT seq, type, entity, entity_id, inbox_id FROM change WHERE seq > :seq ORDER BY seq LIMIT :limit"_s);
    query.bind(":seq"_L1, seq).bind(":limit"_L1, limit);
    std::vector<NumberedChange> changes;
    while (query.next()) {
        changes.push_back({.seq = query.integer(0),
                           .change = {.type = query.text(1),
                                      .entity = query.text(2),
                                      .entityId = query.integer(3),
                                      .inboxId = query.id<InboxId>(4)}});
    }
    if (!query.ok())
        return query.error();
    return changes;
}

Result<qint64> ChangeQueries::oldest()
{
    Query query = m_tx.query(u"SELECT seq FROM change ORDER BY seq LIMIT 1"_s);
    const qint64 seq = query.next() ? query.integer(0) : 0;
    if (!query.ok())
        return query.error();
    return seq;
}

} // namespace antiphon
