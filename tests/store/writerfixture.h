#pragma once

#include "tests/support/temporarystore.h"

#include <QSet>

#include <atomic>
#include <mutex>
#include <semaphore>
#include <thread>

namespace antiphon::test {

/// Fails the statements of the Writer as told: the Nth from arming, once or lastingly, or every one with a text in it.
class FaultPlan {
public:
    StatementHook hook()
    {
        return [this](const QString &sql) { return decide(sql); };
    }

    void failNth(int n, bool lasting, StatementFault fault)
    {
        const std::lock_guard lock(m_mutex);
        m_left = n;
        m_lasting = lasting;
        m_fault = fault;
        m_hits = 0;
    }
    void failWhereContains(const QString &text, StatementFault fault)
    {
        const std::lock_guard lock(m_mutex);
        m_text = text;
        m_fault = fault;
        m_hits = 0;
    }
    void lift()
    {
        const std::lock_guard lock(m_mutex);
        m_left = -1;
        m_text.clear();
    }
    int hits() const
    {
        const std::lock_guard lock(m_mutex);
        return m_hits;
    }

    /// Whatever was ever failed.
    QSet<QString> hitStatements() const
    {
        const std::lock_guard lock(m_mutex);
        return m_hitStatements;
    }

private:
    StatementFault decide(const QString &sql)
    {
        const std::lock_guard lock(m_mutex);
        bool isHit = !m_text.isEmpty() && sql.contains(m_text);
        if (m_left > 0 && --m_left == 0) {
            isHit = true;
            m_left = m_lasting ? 1 : -1;
        }
        m_hits += isHit ? 1 : 0;
        if (isHit)
            m_hitStatements.insert(sql);
        return isHit ? m_fault : StatementFault::None;
    }

    mutable std::mutex m_mutex;
    int m_left = -1;
    bool m_lasting = false;
    QString m_text;
    StatementFault m_fault = StatementFault::Fail;
    int m_hits = 0;
    QSet<QString> m_hitStatements;
};

/// Holds the Writer in a closure, so that what is queued meanwhile becomes one batch.
class HeldWriter {
public:
    /// @param left called in the Writer's thread after the holding closure's commit
    explicit HeldWriter(Writer &writer, std::function<void()> left = {})
    {
        writer.submit(
            Writer::Priority::Urgent, "hold",
            [this](WriteTransaction &) {
                m_entered.release();
                m_leave.acquire();
                return Result<void>();
            },
            [this, left](const Result<void> &) {
                if (left)
                    left();
                m_left.release();
            });
        m_entered.acquire();
    }
    ~HeldWriter() { release(); }
    void release()
    {
        if (std::exchange(m_isReleased, true))
            return;
        m_leave.release();
        m_left.acquire();
    }

private:
    std::binary_semaphore m_entered{0};
    std::binary_semaphore m_leave{0};
    std::binary_semaphore m_left{0};
    bool m_isReleased = false;
};

/// What the Writer told, by closure.
class Told {
public:
    std::function<void(Result<void>)> by(int closure)
    {
        return [this, closure](const Result<void> &result) {
            const std::lock_guard lock(m_mutex);
            ++m_times[closure];
            m_order.append(closure);
            m_kinds[closure] = result ? std::optional<Error::Kind>() : std::optional(result.error().kind);
        };
    }
    int count() const
    {
        const std::lock_guard lock(m_mutex);
        return int(m_order.size());
    }
    int times(int closure) const
    {
        const std::lock_guard lock(m_mutex);
        return m_times.value(closure);
    }
    bool isDone(int closure) const
    {
        const std::lock_guard lock(m_mutex);
        return m_times.contains(closure) && !m_kinds.value(closure);
    }
    std::optional<Error::Kind> kind(int closure) const
    {
        const std::lock_guard lock(m_mutex);
        return m_kinds.value(closure);
    }
    QList<int> order() const
    {
        const std::lock_guard lock(m_mutex);
        return m_order;
    }

private:
    mutable std::mutex m_mutex;
    QHash<int, int> m_times;
    QHash<int, std::optional<Error::Kind>> m_kinds;
    QList<int> m_order;
};

/// The changes a listener was given.
class HeardChanges {
public:
    explicit HeardChanges(Writer &writer)
        : m_writer(writer)
    {
        writer.setChangeListener([this](const std::vector<NumberedChange> &changes) {
            const std::lock_guard lock(m_mutex);
            ++m_calls;
            for (const NumberedChange &numbered : changes)
                m_changes.append(numbered);
        });
    }
    ~HeardChanges() { m_writer.setChangeListener({}); }
    int calls() const
    {
        const std::lock_guard lock(m_mutex);
        return m_calls;
    }
    QList<NumberedChange> all() const
    {
        const std::lock_guard lock(m_mutex);
        return m_changes;
    }

private:
    Writer &m_writer;
    mutable std::mutex m_mutex;
    int m_calls = 0;
    QList<NumberedChange> m_changes;
};

} // namespace antiphon::test
