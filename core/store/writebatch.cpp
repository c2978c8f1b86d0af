#include "core/store/writebatch.h"

#include "core/store/connection.h"

namespace antiphon {

using namespace Qt::StringLiterals;

WriteBatch::WriteBatch(Connection &connection, const Clock &clock)
    : m_connection(connection)
    , m_clock(clock)
    , m_transaction(connection, clock.now())
{
}

WriteBatch::~WriteBatch()
{
    if (m_isOpen)
        rollBack();
}

Result<void> WriteBatch::begin()
{
    m_connection.rollBack();
    auto begun = m_connection.execute(u"BEGIN IMMEDIATE"_s);
    m_isOpen = bool(begun);
    return begun;
}

WriteBatch::Outcome WriteBatch::run(const WriteTransaction::FollowUp &work, Result<void> *outcome)
{
    WriteTransaction &tx = m_transaction;
    if (!m_connection.execute(u"SAVEPOINT closure"_s))
        return Outcome::Latched;
    const WriteTransaction::Mark before = tx.mark();
    tx.m_closureStart = before.changes;
    tx.m_now = m_clock.now();
    *outcome = work(tx);
    // Whatever the closure made of its Result: after such an error nothing of this transaction can be trusted.
    if (m_connection.hasFailed() || !m_connection.isInTransaction())
        return Outcome::Latched;
    if (!*outcome) {
        tx.takeBack(before);
        if (!m_connection.execute(u"ROLLBACK TO closure"_s))
            return Outcome::Latched;
    }
    if (!m_connection.execute(u"RELEASE closure"_s))
        return Outcome::Latched;
    return *outcome ? Outcome::Kept : Outcome::Refused;
}

void WriteBatch::moveFollowUps(std::deque<WriteJob> *to)
{
    for (auto &followUp : m_transaction.m_followUps) {
        WriteJob job;
        job.origin = WriteJob::Origin::FollowUp;
        job.name = followUp.name;
        job.work = std::move(followUp.work);
        job.isFresh = true;
        to->push_back(std::move(job));
    }
    m_transaction.m_followUps.clear();
}

Result<void> WriteBatch::numberChanges()
{
    m_numbered.clear();
    m_numbered.reserve(m_transaction.m_changes.size());
    for (const Change &change : m_transaction.m_changes) {
        Query q = m_connection.query(u"INSERT INTO change (type, entity, entity_id, inbox_id) VALUES (:type, :entity, :entity_id, :inbox_id)"_s);
        q.bind(":type"_L1, change.type).bind(":entity"_L1, change.entity).bind(":entity_id"_L1, change.entityId).bind(":inbox_id"_L1, change.inboxId);
        if (auto inserted = q.exec(); !inserted)
            return inserted;
        m_numbered.push_back({q.lastInsertId(), change});
    }
    return {};
}

Result<void> WriteBatch::commit()
{
    if (auto numbered = numberChanges(); !numbered)
        return numbered;
    auto committed = m_connection.execute(u"COMMIT"_s);
    if (committed && m_connection.isInTransaction())
        return Error{Error::Kind::Storage, u"the commit was not one"_s};
    m_isOpen = !committed;
    return committed;
}

void WriteBatch::rollBack()
{
    m_connection.rollBack();
    m_isOpen = false;
    m_transaction.takeBack({});      // what hangs on the commit that won't come is let go before anything is run again
}

void WriteBatch::runAfterCommit()
{
    const auto actions = std::move(m_transaction.m_afterCommit);
    m_transaction.m_afterCommit.clear();
    for (const auto &action : actions)
        action();
}

} // namespace antiphon
