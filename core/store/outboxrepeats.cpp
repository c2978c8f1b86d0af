#include "core/store/outboxrepeats.h"

#include "core/store/outboxsteps.h"

namespace antiphon::outbox {
using namespace Qt::StringLiterals;
using namespace steps;

namespace {

Result<void> setByToken(WriteTransaction &tx, const Row &row, bool isByToken)
{
    Query q = tx.query(u"UPDATE send_attempt SET by_token = :by WHERE id = (SELECT id FROM send_attempt WHERE message_id = :message"
                       " ORDER BY n DESC, id DESC LIMIT 1)"_s);
    q.bind(":by"_L1, isByToken).bind(":message"_L1, row.messageId);
    return q.exec();
}

Result<int> firstMissing(ReadTransaction &tx, MessageId message)
{
    Query q = tx.query(u"SELECT min(part) FROM send_part WHERE message_id = :message AND part >= 0 AND platform_id IS NULL"_s);
    q.bind(":message"_L1, message);
    const int part = q.next() ? int(q.integer(0)) : 0;
    return q.ok() ? Result<int>(part) : Result<int>(q.error());
}

} // namespace

Result<void> noteToken(WriteTransaction &tx, const Row &row)
{
    return setByToken(tx, row, true);
}

Result<bool> isKeyGood(WriteTransaction &tx, const Row &row, std::chrono::seconds sameKeyFor)
{
    if (row.idemKey.isEmpty() || sameKeyFor.count() <= 0)
        return false;
    const auto part = firstMissing(tx, row.messageId);
    if (!part)
        return part.error();
    Query q = tx.query(u"SELECT min(request_started_at) FROM send_attempt WHERE message_id = :message AND idem_key = :key"_s);
    q.bind(":message"_L1, row.messageId).bind(":key"_L1, partKey(row.idemKey, *part));
    const std::optional<Timestamp> first = q.next() ? q.optionalTime(0) : std::nullopt;
    if (!q.ok())
        return q.error();
    return !first || tx.now() - *first < sameKeyFor;
}

Result<bool> mayHaveArrived(ReadTransaction &tx, const Row &row)
{
    if (row.idemKey.isEmpty())
        return false;
    const auto part = firstMissing(tx, row.messageId);
    if (!part)
        return part.error();
    Query q = tx.query(u"SELECT 1 FROM send_attempt WHERE message_id = :message AND idem_key = :key AND NOT by_token"
                       " AND code = 'outcome_unknown' AND platform_id IS NULL LIMIT 1"_s);
    q.bind(":message"_L1, row.messageId).bind(":key"_L1, partKey(row.idemKey, *part));
    const bool isFound = q.next();
    return q.ok() ? Result<bool>(isFound) : Result<bool>(q.error());
}

Result<bool> mayHaveLeft(ReadTransaction &tx, const Row &row)
{
    if (row.lastClass == QStringView(kOutcomeUnknown)) {        // of a copy that was put back there is no attempt
        const auto sent = sentParts(tx, row.messageId);
        if (!sent || sent->isEmpty())
            return sent ? Result<bool>(true) : Result<bool>(sent.error());
    }
    const auto part = firstMissing(tx, row.messageId);
    if (!part)
        return part.error();
    // With a former key only where nothing said afterwards what became of it.
    Query q = tx.query(u"SELECT 1 FROM send_attempt a WHERE a.message_id = :message AND a.part = :part AND a.code = 'outcome_unknown'"
                       " AND a.platform_id IS NULL AND (a.idem_key = :key OR NOT EXISTS (SELECT 1 FROM send_attempt b WHERE b.message_id = a.message_id"
                       " AND b.idem_key = a.idem_key AND (b.n > a.n OR b.platform_id IS NOT NULL))) LIMIT 1"_s);
    q.bind(":message"_L1, row.messageId).bind(":part"_L1, *part).bind(":key"_L1, partKey(row.idemKey, *part));
    const bool isFound = q.next();
    return q.ok() ? Result<bool>(isFound) : Result<bool>(q.error());
}

Result<void> giveUpQueued(WriteTransaction &tx, const Row &row, const QString &why)
{
    Query q = tx.query(u"UPDATE outbox SET state = 'unknown', last_class = 'outcome_unknown', last_text = :why WHERE id = :id AND state = 'queued'"_s);
    q.bind(":why"_L1, why).bind(":id"_L1, row.id);
    if (const auto done = q.exec(); !done)
        return done;
    if (q.rowsAffected() != 1)
        return {};
    if (const auto done = failUnknown(tx, row.messageId, row.inboxId); !done)
        return done;
    return freeLane(tx, row.lane);
}

Result<bool> mayRepeat(WriteTransaction &tx, const Row &row, std::chrono::seconds sameKeyFor)
{
    Query q = tx.query(u"SELECT by_token FROM send_attempt WHERE message_id = :message ORDER BY n DESC, id DESC LIMIT 1"_s);
    q.bind(":message"_L1, row.messageId);
    const bool isByToken = q.next() && q.boolean(0);
    if (!q.ok())
        return q.error();
    return isByToken ? Result<bool>(false) : isKeyGood(tx, row, sameKeyFor);
}

Result<void> awaitRepeat(WriteTransaction &tx, const Row &row, const Attempt &attempt)
{
    if (const auto done = release(tx, row,
                                  u"UPDATE outbox SET attempts = attempts + 1, last_class = 'outcome_unknown', last_text = :text"
                                  " WHERE id = :id AND owner = :owner AND state = 'sending'"_s,
                                  [&](Query &q) { q.bind(":text"_L1, attempt.text); });
        !done)
        return done;
    if (const auto done = finishAttempt(tx, row, attempt); !done)
        return done;
    return setByToken(tx, row, false);       // what is repeated went out with its key, also where a token was tried before it
}

Result<void> beginRepeat(WriteTransaction &tx, const Row &row)
{
    if (const auto done = release(tx, row, u"UPDATE outbox SET settle_until = NULL WHERE id = :id AND owner = :owner AND state = 'sending'"_s, [](Query &) {}); !done)
        return done;
    return beginAttempt(tx, row);
}

Result<void> loseForGood(WriteTransaction &tx, const Row &row, const Attempt &attempt)
{
    const Timestamp now = tx.now();
    if (const auto done = beginSettling(tx, row, attempt, now); !done)
        return done;
    const auto after = find(tx, row.id);
    if (!after)
        return after.error();
    const bool isStillLost = *after && (*after)->state == State::Sending;      // not where the platform told of it meanwhile
    return isStillLost ? giveUp(tx, row) : Result<void>();
}

Result<void> loseKey(WriteTransaction &tx, const Row &row)
{
    const auto part = firstMissing(tx, row.messageId);
    return part ? loseForGood(tx, row, {.part = *part, .code = u"key_expired"_s}) : Result<void>(part.error());
}

} // namespace antiphon::outbox
