#include "core/store/transaction.h"

#include "core/store/connection.h"

namespace antiphon {

using namespace Qt::StringLiterals;

Query ReadTransaction::query(const QString &sql)
{
    return m_connection.query(sql);
}

Result<qint64> ReadTransaction::seq()
{
    // The sequence is asked only where every change has been pruned.
    Query q = query(u"SELECT coalesce((SELECT max(seq) FROM change), (SELECT seq FROM sqlite_sequence WHERE name = 'change'), 0)"_s);
    if (!q.next())
        return q.error();
    return q.integer(0);
}

void WriteTransaction::changed(const QString &type, qint64 entityId, InboxId inboxId)
{
    for (size_t i = m_closureStart; i < m_changes.size(); ++i) {
        const Change &known = m_changes[i];
        if (known.entityId == entityId && known.type == type)
            return;
    }
    m_changes.push_back({.type = type, .entity = type.section(u'.', 0, 0), .entityId = entityId, .inboxId = inboxId});
}

void WriteTransaction::followUp(const char *name, FollowUp work)
{
    m_followUps.push_back({name, std::move(work)});
}

void WriteTransaction::afterCommit(std::function<void()> action)
{
    m_afterCommit.push_back(std::move(action));
}

Result<void> WriteTransaction::script(const QByteArray &sql)
{
    return m_connection.script(sql);
}

Result<void> WriteTransaction::attempt(const FollowUp &work)
{
    if (auto begun = m_connection.execute(u"SAVEPOINT attempt"_s); !begun)
        return begun;
    const Mark before = mark();
    Result<void> result = work(*this);
    if (m_connection.hasFailed())
        return m_connection.failure();
    if (!result) {
        takeBack(before);
        if (auto undone = m_connection.execute(u"ROLLBACK TO attempt"_s); !undone)
            return undone;
    }
    if (auto released = m_connection.execute(u"RELEASE attempt"_s); !released)
        return released;
    return result;
}

void WriteTransaction::takeBack(const Mark &to)
{
    m_changes.resize(to.changes);
    m_followUps.resize(to.followUps);
    m_afterCommit.resize(to.afterCommit);
}

} // namespace antiphon
