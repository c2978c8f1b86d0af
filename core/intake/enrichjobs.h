#pragma once

#include "core/base/random.h"
#include "core/intake/enrichtask.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <atomic>

namespace antiphon {

/// Runs the work that leaves the database for what is stored already: media, profiles, lists, cards, capabilities. Rows of `job`, claimed with an owner
/// and a lease, finished with a fence, so a crash loses nothing and a slow former owner writes nothing. Lives in the net thread.
class EnrichJobs final : public QObject {
public:
    EnrichJobs(const EnrichEnvironment &environment, RandomSource &random, QObject *parent = nullptr);
    ~EnrichJobs() override;

    void start();                         ///< puts back what a former process had in hand
    void stop();                          ///< claims no more and puts back what is in hand; results that come later are dropped
    void wake();                          ///< there may be work
    std::function<void()> waker();        ///< wake() for any thread, harmless after this is gone

    /// What may be begun: nothing, or nothing that fetches files. What is under way ends.
    void setAllowed(bool mayRun, bool mayFetchFiles);

    int running() const { return int(m_running.size()); }

private:
    struct Running {
        jobs::Job job{};
        EnrichResult result{};            ///< kept until it could be committed
    };

    void claim();
    void run(const jobs::Job &job);
    void ended(JobId id, const EnrichResult &result);
    void commit(JobId id);
    void keepAlive();
    QHash<InboxId, int> room() const;     ///< of inboxes with work in hand: how much more they may have
    std::optional<Milliseconds> pause(const jobs::Job &job);

    const EnrichEnvironment m_environment;
    const QString m_owner;
    QTimer m_look;
    QTimer m_heartbeat;
    QHash<JobId, Running> m_running;
    QHash<InboxId, SteadyTime> m_lastPull;
    bool m_isClaiming = false;
    bool m_isWanted = false;
    bool m_isStopped = true;
    bool m_mayRun = true;
    bool m_mayFetchFiles = true;
    std::shared_ptr<bool> m_alive;
};

} // namespace antiphon
