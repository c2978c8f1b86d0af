#pragma once

#include "core/base/clock.h"
#include "core/store/connection.h"
#include "core/store/writebatch.h"
#include "core/store/writer.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace antiphon {

/// The Writer's thread on SQLite. Slices, pauses and what is called slow are measured on the machine's own steady clock: a thread waits on nothing else.
class WriterThread final : public Writer {
public:
    using Open = std::function<Result<std::unique_ptr<Connection>>()>;

    /// `open` is called in the thread itself.
    WriterThread(Open open, Milliseconds busyTimeout, const Clock &clock);
    ~WriterThread() override;

    Result<void> start();                     ///< returns once the connection is open, or could not be
    /// Answers what comes later Unavailable, runs what is queued for at most `drain`, then `last` in a transaction of its own,
    /// checkpoints and ends the thread. @return whether `last` was committed
    bool stop(Milliseconds drain, WriteTransaction::FollowUp last);

    void submit(Priority priority, const char *name, std::function<Result<void>(WriteTransaction &)> work,
                std::function<void(Result<void>)> finished) override;
    void setChangeListener(ChangeListener listener) override;
    void setFeeder(const char *name, Feeder feeder) override;
    void wakeFeeder() override;
    bool isWritable() const override { return m_isWritable; }
    Pressure pressure() const override;
    Stats stats() const override;
    Error refusal() const;                    ///< why the store was last found not to be writable, as SQLite said it. Any thread.
    std::optional<Error> damage() const;      ///< the first statement that met damaged bytes. Any thread.

private:
    struct NamedFeeder {
        const char *name = "";
        Feeder feeder{};
        bool hasWork = true;
        bool hasRun = false;                  ///< in the batch under way
        SteadyTime notBefore{};
        Milliseconds pause{0};
    };

    // the loop
    void run();
    bool open();
    bool waitForWork();                       ///< false: it is over
    bool hasTaken() const;
    bool feederIsReady(SteadyTime *next);
    void end();
    void publish();

    // while the store refuses
    void storeRefuses(const Error &why);
    void noteDamage(const Error &why);
    void refuseUrgent();
    void tryAgain();
    bool probe();

    // a batch
    void runBatch();
    void takeQueued();
    bool runUrgent(WriteBatch &batch, std::vector<WriteJob> &ran);
    bool runBackground(WriteBatch &batch, std::vector<WriteJob> &ran);
    std::deque<WriteJob> *nextBackground();
    SteadyTime::duration sliceUnderUrgent(SteadyTime now) const;
    bool runJob(WriteBatch &batch, WriteJob &job);
    void keepFollowUps();
    void tell(WriteBatch &batch, std::vector<WriteJob> &ran);
    void finish(WriteJob &job, const Result<void> &result);
    void measure(const char *name, SteadyTime since);
    bool urgentWaits() const;

    // feeders
    enum class Fed { Nothing, One, Latched };
    Fed feedOne(WriteBatch &batch);
    WriteBatch::Outcome call(NamedFeeder &feeder, WriteBatch &batch);
    void pauseFeeder(NamedFeeder &feeder, const Error &why);

    // after a latch
    void recover(std::vector<WriteJob> ran, const Error &why);
    bool runAlone(WriteJob &job);
    void runFeedersAlone();
    void giveBack(WriteJob job);

    void checkpointWhereDue();
    void checkpointWhenIdle();

    const Open m_open;
    const Milliseconds m_busyTimeout;
    const Clock &m_clock;
    std::thread m_thread;                     ///< the standard library's, which ThreadSanitizer understands

    mutable std::mutex m_mutex;               ///< guards the next block
    std::condition_variable m_wake;
    std::deque<WriteJob> m_urgent;
    std::deque<WriteJob> m_background;
    bool m_feedersWoken = false;
    bool m_stopping = false;
    SteadyTime m_stopBy{};
    bool m_isOpened = false;
    Result<void> m_opened{};
    WriteTransaction::FollowUp m_last;
    bool m_isLastKept = false;                ///< set by the thread before it ends
    int m_urgentInHand = 0;
    int m_backgroundInHand = 0;
    SteadyTime m_oldestInHand{};
    Stats m_published;
    Error m_lastRefusal{};
    std::optional<Error> m_damage;

    std::mutex m_listenerMutex;               ///< held while the listener runs
    ChangeListener m_listener;
    std::mutex m_feederMutex;                 ///< held while feeders run
    std::vector<NamedFeeder> m_feeders;
    size_t m_feederTurn = 0;

    std::atomic<bool> m_isWritable{true};

    // of the thread alone
    std::unique_ptr<Connection> m_connection;
    std::deque<WriteJob> m_urgentTaken;
    std::deque<WriteJob> m_backgroundTaken;
    std::deque<WriteJob> m_followUps;
    std::deque<WriteJob> m_freshFollowUps;    ///< of the batch under way
    Stats m_stats;
    unsigned m_turn = 0;
    std::optional<SteadyTime> m_behindSince;    ///< the first batch since when something was always left in the background
    Milliseconds m_retryPause{0};
    SteadyTime m_retryAt{};
    qint64 m_checkpointAt = 0;                ///< bytes of the log
    bool m_endsSoon = false;                  ///< stopping, as seen by the batch
    Error m_refusal{};
};

} // namespace antiphon
