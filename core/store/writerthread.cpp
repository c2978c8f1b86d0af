#include "core/store/writerthread.h"

#include "core/base/crashmark.h"
#include "core/base/logging.h"
#include "core/store/damage.h"

#include <QThread>

namespace antiphon {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kShortestRetry = 50ms;
constexpr auto kLongestRetry = 2000ms;       // well again within 5 s of the disk
constexpr auto kProbeBusyTimeout = 50ms;      // callers are waiting for their Unavailable
constexpr auto kIdleAfter = 1000ms;
constexpr qint64 kMiB = 1024 * 1024;
constexpr qint64 kCheckpointAt = 16 * kMiB;
constexpr qint64 kCheckpointStep = 4 * kMiB;  // a log that a reader holds is not tried at every batch
constexpr qint64 kCheckpointUnderUrgent = 48 * kMiB;   // while platforms wait for their answers, a bigger log is the lesser evil
constexpr qint64 kTruncateAt = 64 * kMiB;
constexpr auto kTruncateBusyTimeout = 20ms;

SteadyTime steadyNow()
{
    return std::chrono::steady_clock::now();
}

Error closedError()
{
    return Error{Error::Kind::Unavailable, u"the store is closed"_s};
}

} // namespace

WriterThread::WriterThread(Open open, Milliseconds busyTimeout, const Clock &clock)
    : m_open(std::move(open))
    , m_busyTimeout(busyTimeout)
    , m_clock(clock)
{
}

WriterThread::~WriterThread()
{
    stop(Milliseconds(0), {});
}

Result<void> WriterThread::start()
{
    m_thread = std::thread([this] {
        QThread::currentThread()->setObjectName(u"writer"_s);
        crashmark::guardThread();                 // what comes in is read here
        run();
    });
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return m_isOpened; });
    return m_opened;
}

bool WriterThread::stop(Milliseconds drain, WriteTransaction::FollowUp last)
{
    if (!m_thread.joinable())
        return m_isLastKept;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        m_stopBy = steadyNow() + drain;
        m_last = std::move(last);
    }
    m_wake.notify_all();
    m_thread.join();
    return m_isLastKept;
}

void WriterThread::submit(Priority priority, const char *name, std::function<Result<void>(WriteTransaction &)> work,
                          std::function<void(Result<void>)> finished)
{
    WriteJob job;
    job.origin = priority == Priority::Urgent ? WriteJob::Origin::Urgent : WriteJob::Origin::Background;
    job.name = name;
    job.work = std::move(work);
    job.finished = std::move(finished);
    job.queuedAt = steadyNow();
    bool isClosed = false;
    bool wasEmpty = false;
    {
        const std::lock_guard lock(m_mutex);
        isClosed = m_stopping;
        if (!isClosed) {
            std::deque<WriteJob> &queue = priority == Priority::Urgent ? m_urgent : m_background;
            wasEmpty = queue.empty();
            queue.push_back(std::move(job));
        }
    }
    if (isClosed) {
        if (job.finished)
            job.finished(closedError());
    } else if (wasEmpty) {
        m_wake.notify_all();
    }
}

void WriterThread::setChangeListener(ChangeListener listener)
{
    const std::lock_guard lock(m_listenerMutex);
    m_listener = std::move(listener);
}

void WriterThread::setFeeder(const char *name, Feeder feeder)
{
    {
        const std::lock_guard lock(m_feederMutex);
        std::erase_if(m_feeders, [name](const NamedFeeder &known) { return qstrcmp(known.name, name) == 0; });
        if (feeder) {
            NamedFeeder added;
            added.name = name;
            added.feeder = std::move(feeder);
            m_feeders.push_back(std::move(added));
        }
    }
    wakeFeeder();
}

void WriterThread::wakeFeeder()
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_feedersWoken)
            return;
        m_feedersWoken = true;
    }
    m_wake.notify_all();
}

Writer::Pressure WriterThread::pressure() const
{
    const std::lock_guard lock(m_mutex);
    Pressure pressure;
    pressure.urgentQueued = int(m_urgent.size()) + m_urgentInHand;
    pressure.backgroundQueued = int(m_background.size()) + m_backgroundInHand;
    if (m_urgentInHand > 0)
        pressure.oldestUrgent = std::chrono::duration_cast<Milliseconds>(steadyNow() - m_oldestInHand);
    else if (!m_urgent.empty())
        pressure.oldestUrgent = std::chrono::duration_cast<Milliseconds>(steadyNow() - m_urgent.front().queuedAt);
    return pressure;
}

Writer::Stats WriterThread::stats() const
{
    const std::lock_guard lock(m_mutex);
    return m_published;
}

Error WriterThread::refusal() const
{
    const std::lock_guard lock(m_mutex);
    return m_lastRefusal;
}

std::optional<Error> WriterThread::damage() const
{
    const std::lock_guard lock(m_mutex);
    return m_damage;
}

void WriterThread::noteDamage(const Error &why)
{
    if (!damage::isOne(why))
        return;
    const std::lock_guard lock(m_mutex);
    if (!m_damage)
        m_damage = why;
}

void WriterThread::publish()
{
    m_stats.walBytes = m_connection->walBytes();
    const std::lock_guard lock(m_mutex);
    m_published = m_stats;
    m_urgentInHand = int(m_urgentTaken.size());
    m_backgroundInHand = int(m_backgroundTaken.size() + m_followUps.size());
    if (!m_urgentTaken.empty())
        m_oldestInHand = m_urgentTaken.front().queuedAt;
}

bool WriterThread::open()
{
    auto opened = m_open();
    const std::lock_guard lock(m_mutex);
    m_isOpened = true;
    if (opened)
        m_connection = *std::move(opened);
    else
        m_opened = opened.error();
    m_wake.notify_all();
    return bool(m_connection);
}

void WriterThread::run()
{
    if (!open())
        return;
    while (waitForWork()) {
        if (m_isWritable) {
            runBatch();
            checkpointWhereDue();
        } else {
            refuseUrgent();
            if (steadyNow() >= m_retryAt)
                tryAgain();
        }
        publish();
    }
    end();
}

bool WriterThread::hasTaken() const
{
    return !m_urgentTaken.empty() || !m_backgroundTaken.empty() || !m_followUps.empty();
}

bool WriterThread::feederIsReady(SteadyTime *next)
{
    const std::lock_guard lock(m_feederMutex);
    const SteadyTime now = steadyNow();
    for (const NamedFeeder &feeder : m_feeders) {
        if (!feeder.hasWork)
            continue;
        if (feeder.notBefore <= now)
            return true;
        *next = std::min(*next, feeder.notBefore);
    }
    return false;
}

bool WriterThread::waitForWork()
{
    for (;;) {
        SteadyTime until = SteadyTime::max();
        const bool feederReady = feederIsReady(&until);
        std::unique_lock lock(m_mutex);
        const auto wait = [&](auto condition) {
            if (until == SteadyTime::max())
                m_wake.wait(lock, condition);
            else
                m_wake.wait_until(lock, until, condition);
        };
        if (m_stopping) {
            m_endsSoon = true;
            const bool isDrained = m_urgent.empty() && m_background.empty() && !hasTaken();
            return !isDrained && m_isWritable && steadyNow() < m_stopBy;
        }
        if (!m_isWritable) {
            until = m_retryAt;
            wait([this] { return m_stopping || !m_urgent.empty(); });
            if (!m_stopping)
                return true;
            continue;
        }
        const auto isQueued = [this] { return m_stopping || m_feedersWoken || !m_urgent.empty() || !m_background.empty(); };
        if (hasTaken() || feederReady || isQueued()) {
            if (!m_stopping)
                return true;
            continue;
        }
        const bool mayCheckpoint = m_connection->walPages() > 0;
        if (mayCheckpoint)
            until = std::min(until, steadyNow() + kIdleAfter);
        wait(isQueued);
        if (isQueued())
            continue;
        lock.unlock();
        if (mayCheckpoint)
            checkpointWhenIdle();
    }
}

void WriterThread::end()
{
    std::deque<WriteJob> left;
    {
        const std::lock_guard lock(m_mutex);
        left.swap(m_urgent);
        std::move(m_background.begin(), m_background.end(), std::back_inserter(left));
        m_background.clear();
    }
    for (std::deque<WriteJob> *queue : {&m_urgentTaken, &m_backgroundTaken}) {
        std::move(queue->begin(), queue->end(), std::back_inserter(left));
        queue->clear();
    }
    m_followUps.clear();                      // what made them due is durable: they are found again at start
    for (WriteJob &job : left)
        finish(job, closedError());
    if (m_last) {
        WriteBatch batch(*m_connection, m_clock);
        Result<void> outcome;
        m_isLastKept = batch.begin() && batch.run(m_last, &outcome) == WriteBatch::Outcome::Kept && batch.commit();
        if (!m_isLastKept)
            qCWarning(lcStore) << "the mark of a clean stop can't be written";
    }
    m_connection->setBusyTimeout(kTruncateBusyTimeout);
    m_connection->checkpointTruncate();
    m_connection.reset();
}

void WriterThread::storeRefuses(const Error &why)
{
    qCCritical(lcStore) << "the store can't be written:" << describe(why);
    noteDamage(why);
    {
        const std::lock_guard lock(m_mutex);
        m_lastRefusal = why;
    }
    m_isWritable = false;
    m_refusal = Error{Error::Kind::Unavailable, u"the store can't be written: "_s + why.detail};
    m_retryPause = kShortestRetry;
    m_retryAt = steadyNow() + m_retryPause;
    refuseUrgent();
}

void WriterThread::refuseUrgent()
{
    std::deque<WriteJob> refused;
    refused.swap(m_urgentTaken);
    {
        const std::lock_guard lock(m_mutex);
        std::move(m_urgent.begin(), m_urgent.end(), std::back_inserter(refused));
        m_urgent.clear();
    }
    for (WriteJob &job : refused)
        finish(job, m_refusal);
}

void WriterThread::tryAgain()
{
    m_connection->checkpointPassive();      // on a full disk the log may be what fills it: what is in the database already can be written over
    if (probe()) {
        qCInfo(lcStore) << "the store can be written again";
        m_isWritable = true;
        const std::lock_guard lock(m_feederMutex);
        for (NamedFeeder &feeder : m_feeders)
            feeder.hasWork = true;
        return;
    }
    m_retryPause = std::min<Milliseconds>(m_retryPause * 2, kLongestRetry);
    m_retryAt = steadyNow() + m_retryPause;
}

/// Whether a small transaction reaches the disk.
bool WriterThread::probe()
{
    m_connection->setBusyTimeout(kProbeBusyTimeout);
    WriteBatch batch(*m_connection, m_clock);
    Result<void> outcome;
    const auto touch = [](WriteTransaction &tx) {
        return tx.query(u"INSERT INTO cursor (scope, value, at) VALUES ('store_probe', '', :now) ON CONFLICT DO UPDATE SET at = excluded.at"_s)
            .bind(":now"_L1, tx.now())
            .exec();
    };
    const bool isDone = batch.begin() && batch.run(touch, &outcome) == WriteBatch::Outcome::Kept && batch.commit();
    if (!isDone)
        batch.rollBack();
    m_connection->setBusyTimeout(m_busyTimeout);
    return isDone;
}

void WriterThread::checkpointWhereDue()
{
    const qint64 bytes = m_connection->walBytes();
    if (bytes < std::max(kCheckpointAt, m_checkpointAt) || (bytes < kCheckpointUnderUrgent && urgentWaits()))
        return;
    ++m_stats.checkpoints;
    Connection::Checkpoint result;
    if (bytes > kTruncateAt) {
        m_connection->setBusyTimeout(kTruncateBusyTimeout);
        result = m_connection->checkpointTruncate();
        m_connection->setBusyTimeout(m_busyTimeout);
    } else {
        result = m_connection->checkpointPassive();
    }
    m_checkpointAt = result.done ? 0 : bytes + kCheckpointStep;
}

void WriterThread::checkpointWhenIdle()
{
    ++m_stats.checkpoints;
    m_connection->setBusyTimeout(kTruncateBusyTimeout);
    const Connection::Checkpoint result = m_connection->checkpointTruncate();
    m_connection->setBusyTimeout(m_busyTimeout);
    if (result.done)
        m_checkpointAt = 0;
    publish();
}

} // namespace antiphon
