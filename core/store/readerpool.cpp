#include "core/store/readerpool.h"

#include "core/base/logging.h"
#include "core/store/damage.h"

#include <QThread>

namespace antiphon {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kSlowSnapshot = 2000ms;

Milliseconds since(SteadyTime start)
{
    return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - start);
}

} // namespace

ReaderPool::ReaderPool(QString path, int threads, Milliseconds busyTimeout)
    : m_path(std::move(path))
    , m_busyTimeout(busyTimeout)
    , m_since(size_t(threads))
{
    for (int i = 0; i < threads; ++i) {
        m_threads.emplace_back([this, i] {
            QThread::currentThread()->setObjectName(u"reader%1"_s.arg(i + 1));
            run(size_t(i));
        });
    }
}

ReaderPool::~ReaderPool()
{
    stop();
}

void ReaderPool::stop()
{
    std::deque<Job> left;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        left.swap(m_queue);
    }
    m_wake.notify_all();
    for (std::thread &thread : m_threads)
        thread.join();
    m_threads.clear();
    for (Job &job : left)
        job.work(Error{Error::Kind::Unavailable, u"the store is closed"_s});
}

void ReaderPool::submit(const char *name, Work work)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_stopping) {
            m_queue.push_back({name, std::move(work)});
            work = nullptr;
        }
    }
    if (work)
        work(Error{Error::Kind::Unavailable, u"the store is closed"_s});
    else
        m_wake.notify_one();
}

ReaderPool::Stats ReaderPool::stats() const
{
    const std::lock_guard lock(m_mutex);
    Stats stats{.queued = int(m_queue.size()), .slow = m_slow};
    for (const SteadyTime start : m_since) {
        if (start != SteadyTime())
            stats.oldestSnapshot = std::max(stats.oldestSnapshot, since(start));
    }
    return stats;
}

void ReaderPool::run(size_t self)
{
    auto connection = Connection::open(m_path, Connection::Mode::Read, m_busyTimeout);
    for (;;) {
        Job job;
        SteadyTime start;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stopping || !m_queue.empty(); });
            if (m_queue.empty())
                return;
            job = std::move(m_queue.front());
            m_queue.pop_front();
            start = std::chrono::steady_clock::now();
            m_since[self] = start;
        }
        runJob(connection, job);
        const Milliseconds took = since(start);
        if (took > kSlowSnapshot)
            qCWarning(lcStore) << "the read" << job.name << "held its snapshot for" << took.count() << "ms";
        const std::lock_guard lock(m_mutex);
        m_since[self] = SteadyTime();
        m_slow += took > kSlowSnapshot ? 1 : 0;
    }
}

void ReaderPool::runJob(Result<std::unique_ptr<Connection>> &connection, Job &job)
{
    if (!connection)                                  // the file may be reachable again
        connection = Connection::open(m_path, Connection::Mode::Read, m_busyTimeout);
    if (!connection)
        return job.work(connection.error());
    Connection &open = **connection;
    if (const auto begun = open.execute(u"BEGIN DEFERRED"_s); !begun) {
        job.work(begun.error());
    } else {
        ReadTransaction transaction(open);
        job.work(&transaction);
    }
    if (open.hasFailed() && damage::isOne(open.failure())) {
        const std::lock_guard lock(m_mutex);
        if (!m_damage) {
            qCCritical(lcStore) << "the read" << job.name << "met damaged bytes:" << describe(open.failure());
            m_damage = open.failure();
        }
    }
    open.rollBack();
}

std::optional<Error> ReaderPool::damage() const
{
    const std::lock_guard lock(m_mutex);
    return m_damage;
}

} // namespace antiphon
