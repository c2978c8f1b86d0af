#include "core/store/outboxrestore.h"

#include "core/store/connection.h"

namespace antiphon::outbox {
using namespace Qt::StringLiterals;

Result<void> holdAfterRestore(Connection &connection, Timestamp now)
{
    Result<void> done = connection
                            .query(u"UPDATE message SET status = 'failed', error_code = 'outcome_unknown', error_retryable = 1, updated_at = :now,"
                                   " error_text = 'The workspace was put back from a copy. This may have been sent after the copy was made.'"
                                   " WHERE id IN (SELECT message_id FROM outbox WHERE state IN ('scheduled', 'queued', 'sending'))"_s)
                            .bind(":now"_L1, now)
                            .exec();
    if (done) {
        done = connection.execute(u"UPDATE outbox SET state = 'unknown', owner = NULL, lease_until = NULL, settle_until = NULL,"
                                  " request_started_at = coalesce(request_started_at, created_at), last_class = 'outcome_unknown'"
                                  " WHERE state IN ('scheduled', 'queued', 'sending')"_s);
    }
    if (done)
        done = connection.execute(u"DELETE FROM change"_s);
    if (done)
        done = connection.execute(u"UPDATE sqlite_sequence SET seq = seq + 1000000000 WHERE name = 'change'"_s);
    return done;
}

} // namespace antiphon::outbox
