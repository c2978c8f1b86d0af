#pragma once

#include "core/store/connection.h"
#include "core/store/transaction.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace antiphon {

/// The reader threads: each has a connection that can't write, and runs one snapshot at a time.
class ReaderPool {
public:
    using Work = std::function<void(Result<ReadTransaction *>)>;

    struct Stats {
        int queued = 0;
        qint64 slow = 0;
        Milliseconds oldestSnapshot{0};
    };

    ReaderPool(QString path, int threads, Milliseconds busyTimeout);
    ~ReaderPool();                                    ///< stop()

    void submit(const char *name, Work work);         ///< any thread; Unavailable at once after stop()
    void stop();                                      ///< what runs is finished, what is queued answered Unavailable
    Stats stats() const;
    std::optional<Error> damage() const;              ///< the first read that met damaged bytes

private:
    struct Job {
        const char *name = "";
        Work work{};
    };

    void run(size_t self);
    void runJob(Result<std::unique_ptr<Connection>> &connection, Job &job);

    const QString m_path;
    const Milliseconds m_busyTimeout;
    mutable std::mutex m_mutex;                       ///< guards the next block
    std::condition_variable m_wake;
    std::deque<Job> m_queue;
    std::vector<SteadyTime> m_since;                  ///< of each thread's snapshot; epoch: none
    qint64 m_slow = 0;
    std::optional<Error> m_damage;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace antiphon
