#pragma once

#include "core/store/query.h"

#include <functional>
#include <vector>

namespace antiphon {

/// What a reader sees: one snapshot of the database, in one thread, for the length of one `Database::read`.
class ReadTransaction {
public:
    explicit ReadTransaction(Connection &connection) : m_connection(connection) {}
    ReadTransaction(const ReadTransaction &) = delete;
    ReadTransaction &operator=(const ReadTransaction &) = delete;
    virtual ~ReadTransaction() = default;

    /// The prepared statement of `sql` (cached by its text; SQL is never assembled from data).
    Query query(const QString &sql);

    /// The newest change in this snapshot; 0 before the first.
    Result<qint64> seq();

protected:
    Connection &m_connection;
};

/// Something that happened to an object, for the sessions' feed. Numbered once at the end of the batch.
struct Change {
    QString type{};        ///< an event type of the Desk API: "message.created"
    QString entity{};      ///< "message"
    qint64 entityId = 0;
    InboxId inboxId{};     ///< null where it belongs to no inbox
};

struct NumberedChange {
    qint64 seq = 0;
    Change change{};
};

/// What a closure of the Writer works on: its savepoint in the batch. It may be run a second time, so it touches nothing outside.
class WriteTransaction : public ReadTransaction {
public:
    using FollowUp = std::function<Result<void>(WriteTransaction &)>;

    WriteTransaction(Connection &connection, Timestamp now) : ReadTransaction(connection), m_now(now) {}

    Timestamp now() const { return m_now; }

    /// Tells the sessions, after the commit. The same change twice in one closure is told once.
    void changed(const QString &type, qint64 entityId, InboxId inboxId = {});

    /// Queues background work that this closure made due: it runs in the same batch where there is time, else in a later one;
    /// never where this closure is taken back. Its refusal takes back only itself.
    void followUp(const char *name, FollowUp work);

    /// Runs in the Writer's thread after the commit that made this closure durable; never where it is taken back.
    void afterCommit(std::function<void()> action);

    /// Several statements without parameters, not kept: for schemas and tests.
    Result<void> script(const QByteArray &sql);

    /// Runs `work` in a savepoint of its own: where it returns an Error, what it did and told is taken back and the Error returned,
    /// and the closure goes on. A Storage error of the database still takes back the whole batch.
    Result<void> attempt(const FollowUp &work);

private:
    friend class WriteBatch;
    struct NamedFollowUp {
        const char *name = "";
        FollowUp work{};
    };
    struct Mark {
        size_t changes = 0;
        size_t followUps = 0;
        size_t afterCommit = 0;
    };
    Mark mark() const { return {m_changes.size(), m_followUps.size(), m_afterCommit.size()}; }
    void takeBack(const Mark &to);

    Timestamp m_now;
    size_t m_closureStart = 0;     ///< in m_changes
    std::vector<Change> m_changes;
    std::vector<NamedFollowUp> m_followUps;
    std::vector<std::function<void()>> m_afterCommit;
};

} // namespace antiphon
