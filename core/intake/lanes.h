#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"

#include <QHash>

#include <deque>
#include <map>

namespace antiphon {

/// Which lanes have work, in memory: a ring of inboxes with a FIFO of ready lanes each, and the lanes that wait for a time. Holds no work, only keys,
/// each at most once; the rows are the truth and this is a hint. Of the Writer's thread alone.
class Lanes {
public:
    struct Lane {
        InboxId inbox{};
        QString key{};
    };

    /// Ready, behind the others of its inbox. Nothing where it is ready or waits already. @return whether it was new.
    bool add(const Lane &lane);
    /// Ready, before the others of its inbox: it was taken and its work was taken back.
    void giveBack(const Lane &lane);
    /// Ready once the steady clock is there.
    void addLater(const Lane &lane, SteadyTime at);

    /// Makes ready what has waited long enough.
    void promote(SteadyTime now);

    /// The next lane: round robin by inbox, one lane a turn.
    std::optional<Lane> take();

    bool knows(const QString &key) const { return m_known.contains(key); }
    bool isWaiting(const QString &key) const { return m_known.value(key) == Place::Waiting; }
    int readyCount() const { return m_ready; }
    int waitingCount() const { return int(m_waiting.size()); }

private:
    enum class Place { Ready, Waiting };

    std::deque<QString> &queueOf(InboxId inbox);

    QHash<QString, Place> m_known;
    std::map<InboxId, std::deque<QString>> m_queues;
    std::deque<InboxId> m_ring;                        ///< inboxes with ready lanes
    std::multimap<SteadyTime, Lane> m_waiting;
    int m_ready = 0;
};

} // namespace antiphon
