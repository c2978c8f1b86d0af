#pragma once

#include "core/intake/backpressure.h"
#include "core/intake/enrichjobs.h"
#include "core/intake/intakestats.h"
#include "core/intake/webhookintake.h"

#include <QObject>
#include <QTimer>

namespace antiphon {

/// The whole way in, wired: what the programs make, start and stop. Lives in the net thread.
class Intake final : public QObject {
public:
    struct Environment {
        Database &database;
        const ChannelRegistry &channels;
        TokenSource &tokens;
        HttpClient &http;
        SafeFetch &fetch;
        FilesThread &files;
        const Clock &clock;
        RandomSource &random;
        std::function<qint64()> freeBytes{};   ///< of the workspace's disk; asked in the files thread
        bool wasKilled = false;           ///< the last process, where it was unclean, was ended from outside and did not break by itself
    };

    explicit Intake(const Environment &environment, QObject *parent = nullptr);
    ~Intake() override;

    /// Goes on with what a former process left, carefully where that one crashed. Call when the inboxes and the registry are ready.
    void start();
    /// Takes nothing more, writes down what is only in memory. Before Database::close().
    void stop();

    WebhookIntake &webhooks() { return *m_webhooks; }
    Journal &journal() { return *m_journal; }

    /// What is to be left off for now: pollers and catch-up ask mayPoll(). Any thread.
    const BackPressure &pressure() const { return *m_pressure; }
    BackPressure &pressure() { return *m_pressure; }
    /// What was counted since it was written down last. Any thread.
    NotStored notStored() const;

    void rescan();                                                       ///< something was revived; any thread
    void wakeJobs() { m_jobs->wake(); }                                  ///< a job was queued elsewhere (a retried file, a capability); net thread
    /// For closures of the Writer that end a send: call events::dueByLane() or dueByTarget() in them and this after their commit. Any thread.
    void wakeLanes() { m_runner->wake(); }

    void readStats(std::function<void(Result<IntakeStats>)> done);       ///< net thread

private:
    void tick();
    void capTimes();
    void writeDownCounts();
    void prune();

    const Environment m_environment;
    Mailbox m_mailbox;
    std::shared_ptr<bool> m_alive;
    std::shared_ptr<LaneRunner> m_runner;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<WebhookIntake> m_webhooks;
    std::unique_ptr<EnrichJobs> m_jobs;
    std::unique_ptr<BackPressure> m_pressure;
    QTimer m_tick;
    int m_ticks = 0;
    QTimer m_scan;
    QTimer m_prune;
    Milliseconds m_clockApart{0};         ///< wall clock less steady clock, as last seen
    bool m_isStarted = false;
};

} // namespace antiphon
