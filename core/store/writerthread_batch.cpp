// How the Writer's thread runs a batch, and what it does after one that latched.

#include "core/base/logging.h"
#include "core/store/writerthread.h"

namespace antiphon {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kUrgentSlice = 20ms;          // of a flood: the others are answered by the next batch
constexpr auto kBackgroundSlice = 5ms;
constexpr auto kBackgroundSliceUnderUrgent = 1ms;   // where urgent work waits, for its turn or for this commit
constexpr auto kBehindAfter = 1000ms;
constexpr auto kSlowClosure = 20ms;
constexpr auto kFirstFeederPause = 50ms;
constexpr auto kLongestFeederPause = 5000ms;
constexpr unsigned kFollowUpsInARow = 7;     // then one of the others, so that they never starve

SteadyTime steadyNow()
{
    return std::chrono::steady_clock::now();
}

} // namespace

void WriterThread::takeQueued()
{
    const std::lock_guard lock(m_mutex);
    std::move(m_urgent.begin(), m_urgent.end(), std::back_inserter(m_urgentTaken));
    m_urgent.clear();
    std::move(m_background.begin(), m_background.end(), std::back_inserter(m_backgroundTaken));
    m_background.clear();
    m_urgentInHand = int(m_urgentTaken.size());
    m_backgroundInHand = int(m_backgroundTaken.size() + m_followUps.size());
    if (!m_urgentTaken.empty())
        m_oldestInHand = m_urgentTaken.front().queuedAt;
}

bool WriterThread::urgentWaits() const
{
    if (!m_urgentTaken.empty())
        return true;
    const std::lock_guard lock(m_mutex);
    return !m_urgent.empty();
}

void WriterThread::runBatch()
{
    takeQueued();
    WriteBatch batch(*m_connection, m_clock);
    if (const auto begun = batch.begin(); !begun)
        return storeRefuses(begun.error());
    std::vector<WriteJob> ran;
    Result<void> committed;
    if (!runUrgent(batch, ran) || !runBackground(batch, ran))
        committed = m_connection->hasFailed() ? m_connection->failure() : Error{Error::Kind::Storage, u"the transaction ended by itself"_s};
    else
        committed = batch.commit();
    if (!committed) {
        batch.rollBack();
        return recover(std::move(ran), committed.error());
    }
    ++m_stats.batches;
    keepFollowUps();
    tell(batch, ran);
}

/// The batch that made them due is durable: what there was no time for is done in a later one.
void WriterThread::keepFollowUps()
{
    for (WriteJob &job : m_freshFollowUps) {
        job.isFresh = false;
        m_followUps.push_back(std::move(job));
    }
    m_freshFollowUps.clear();
}

bool WriterThread::runUrgent(WriteBatch &batch, std::vector<WriteJob> &ran)
{
    const SteadyTime start = steadyNow();
    ran.reserve(m_urgentTaken.size());
    while (!m_urgentTaken.empty()) {
        ran.push_back(std::move(m_urgentTaken.front()));
        m_urgentTaken.pop_front();
        if (!runJob(batch, ran.back()))
            return false;
        if (steadyNow() - start > kUrgentSlice)
            break;
    }
    return true;
}

bool WriterThread::runBackground(WriteBatch &batch, std::vector<WriteJob> &ran)
{
    {
        const std::lock_guard lock(m_feederMutex);
        for (NamedFeeder &feeder : m_feeders)
            feeder.hasRun = false;
    }
    // Who waits for the answers of this batch's urgent work would wait for all of this, too.
    const bool isAwaited = !ran.empty();
    const SteadyTime start = steadyNow();
    const auto underUrgent = sliceUnderUrgent(start);
    do {                                     // one at least, so that a flood of urgent work doesn't stop it
        std::deque<WriteJob> *queue = nextBackground();
        const bool isTurnOfFeeders = m_turn % (queue == &m_backgroundTaken ? 2 : kFollowUpsInARow + 1) == 1;
        if (!queue || isTurnOfFeeders) {
            const Fed fed = feedOne(batch);
            if (fed == Fed::Latched)
                return false;
            if (fed == Fed::One)
                continue;
            if (!queue) {
                m_behindSince.reset();
                return true;
            }
        }
        ran.push_back(std::move(queue->front()));
        queue->pop_front();
        if (!runJob(batch, ran.back()))
            return false;
    } while (steadyNow() - start < (isAwaited || urgentWaits() ? underUrgent : kBackgroundSlice));
    if (!m_behindSince)
        m_behindSince = start;
    return true;
}

/// A millisecond; but the whole slice where background work hasn't been through for a second: then platforms come in faster than what they bring is
/// applied, and answering them a little later is what ends that.
SteadyTime::duration WriterThread::sliceUnderUrgent(SteadyTime now) const
{
    return m_behindSince && now - *m_behindSince > kBehindAfter ? kBackgroundSlice : kBackgroundSliceUnderUrgent;
}

/// Follow-ups first, in their order; now and then another. None where only feeders may have something.
std::deque<WriteJob> *WriterThread::nextBackground()
{
    ++m_turn;
    std::deque<WriteJob> *followUps = !m_followUps.empty() ? &m_followUps : !m_freshFollowUps.empty() ? &m_freshFollowUps : nullptr;
    std::deque<WriteJob> *background = !m_backgroundTaken.empty() ? &m_backgroundTaken : nullptr;
    const bool isTurnOfOthers = m_turn % (kFollowUpsInARow + 1) == 0;
    if (followUps && !(isTurnOfOthers && background))
        return followUps;
    return background;
}

bool WriterThread::runJob(WriteBatch &batch, WriteJob &job)
{
    const SteadyTime start = steadyNow();
    job.outcome = {};
    const WriteBatch::Outcome outcome = batch.run(job.work, &job.outcome);
    measure(job.name, start);
    batch.moveFollowUps(&m_freshFollowUps);
    if (outcome == WriteBatch::Outcome::Refused)
        ++m_stats.refused;
    return outcome != WriteBatch::Outcome::Latched;
}

void WriterThread::measure(const char *name, SteadyTime since)
{
    const auto took = std::chrono::duration_cast<Milliseconds>(steadyNow() - since);
    ++m_stats.closures;
    m_stats.longestClosure = std::max(m_stats.longestClosure, took);
    if (took >= kSlowClosure) {
        ++m_stats.slowClosures;
        qCWarning(lcStore) << "the closure" << name << "took" << took.count() << "ms";
    }
}

void WriterThread::tell(WriteBatch &batch, std::vector<WriteJob> &ran)
{
    if (!batch.changes().empty()) {
        const std::lock_guard lock(m_listenerMutex);
        if (m_listener)
            m_listener(batch.changes());
    }
    batch.runAfterCommit();
    for (WriteJob &job : ran)
        finish(job, job.outcome);
}

void WriterThread::finish(WriteJob &job, const Result<void> &result)
{
    if (job.finished)
        job.finished(result);
    else if (!result)
        qCWarning(lcStore) << "the follow-up" << job.name << "was refused:" << describe(result.error());
}

WriterThread::Fed WriterThread::feedOne(WriteBatch &batch)
{
    if (m_endsSoon)
        return Fed::Nothing;
    const std::lock_guard lock(m_feederMutex);
    bool isWoken = false;
    {
        const std::lock_guard queueLock(m_mutex);
        isWoken = std::exchange(m_feedersWoken, false);
    }
    if (isWoken) {
        for (NamedFeeder &feeder : m_feeders)
            feeder.hasWork = true;
    }
    const SteadyTime now = steadyNow();
    for (size_t i = 0; i < m_feeders.size(); ++i) {
        NamedFeeder &feeder = m_feeders[(m_feederTurn + i) % m_feeders.size()];
        if (!feeder.hasWork || feeder.notBefore > now)
            continue;
        m_feederTurn = (m_feederTurn + i + 1) % m_feeders.size();
        return call(feeder, batch) == WriteBatch::Outcome::Latched ? Fed::Latched : Fed::One;
    }
    return Fed::Nothing;
}

WriteBatch::Outcome WriterThread::call(NamedFeeder &feeder, WriteBatch &batch)
{
    const SteadyTime start = steadyNow();
    feeder.hasRun = true;
    bool hasMore = false;
    Result<void> outcome;
    const auto work = [&feeder, &hasMore](WriteTransaction &tx) -> Result<void> {
        const Result<bool> fed = feeder.feeder(tx);
        if (!fed)
            return fed.error();
        hasMore = *fed;
        return {};
    };
    const WriteBatch::Outcome made = batch.run(work, &outcome);
    measure(feeder.name, start);
    batch.moveFollowUps(&m_freshFollowUps);
    if (made == WriteBatch::Outcome::Kept) {
        feeder.hasWork = hasMore;
        feeder.pause = 0ms;
    } else if (made == WriteBatch::Outcome::Refused) {
        ++m_stats.refused;
        pauseFeeder(feeder, outcome.error());
    }
    return made;
}

void WriterThread::pauseFeeder(NamedFeeder &feeder, const Error &why)
{
    feeder.pause = std::clamp<Milliseconds>(feeder.pause * 2, kFirstFeederPause, kLongestFeederPause);
    feeder.notBefore = steadyNow() + feeder.pause;
    feeder.hasWork = true;
    qCWarning(lcStore) << "the feeder" << feeder.name << "failed, again in" << feeder.pause.count() << "ms:" << describe(why);
}

/// Nothing of the batch is there and nobody was told anything: each closure again in a transaction of its own, so that the one at fault fails alone.
/// What closures of this batch had made due is dropped; they make it due again.
void WriterThread::recover(std::vector<WriteJob> ran, const Error &why)
{
    qCWarning(lcStore) << "a batch of" << ran.size() << "closures is taken back:" << describe(why);
    noteDamage(why);
    ++m_stats.latched;
    m_freshFollowUps.clear();
    std::erase_if(ran, [](const WriteJob &job) { return job.isFresh; });
    std::vector<WriteJob> left;
    for (WriteJob &job : ran) {
        if (!m_isWritable || !runAlone(job))
            left.push_back(std::move(job));
    }
    while (!left.empty()) {                  // from the last, so that they stand in front in their order
        giveBack(std::move(left.back()));
        left.pop_back();
    }
    if (!m_isWritable)
        refuseUrgent();
    runFeedersAlone();
}

/// False where the store refuses: the closure has not been answered.
bool WriterThread::runAlone(WriteJob &job)
{
    WriteBatch batch(*m_connection, m_clock);
    Result<void> done = batch.begin();
    if (!done) {
        storeRefuses(done.error());
        return false;
    }
    if (!runJob(batch, job))
        done = m_connection->hasFailed() ? m_connection->failure() : Error{Error::Kind::Storage, u"the transaction ended by itself"_s};
    else
        done = batch.commit();
    if (done) {
        ++m_stats.batches;
        keepFollowUps();
        std::vector<WriteJob> ran;
        ran.push_back(std::move(job));
        tell(batch, ran);
        return true;
    }
    batch.rollBack();
    m_freshFollowUps.clear();
    if (probe()) {
        finish(job, done);                   // the store is well: this closure is at fault
        return true;
    }
    storeRefuses(done.error());
    return false;
}

void WriterThread::runFeedersAlone()
{
    std::vector<std::unique_ptr<WriteBatch>> told;
    bool refuses = false;
    Error refusal;
    {
        const std::lock_guard lock(m_feederMutex);
        for (NamedFeeder &feeder : m_feeders) {
            if (!feeder.hasRun)
                continue;
            feeder.hasRun = false;
            feeder.hasWork = true;
            if (!m_isWritable || refuses)
                continue;
            auto batch = std::make_unique<WriteBatch>(*m_connection, m_clock);
            Result<void> done = batch->begin();
            if (done)
                done = call(feeder, *batch) == WriteBatch::Outcome::Latched
                    ? Result<void>(Error{Error::Kind::Storage, u"a statement of the feeder failed"_s})
                    : batch->commit();
            if (done) {
                keepFollowUps();
                told.push_back(std::move(batch));
                continue;
            }
            batch->rollBack();
            m_freshFollowUps.clear();
            if (probe()) {
                pauseFeeder(feeder, done.error());
            } else {
                refuses = true;
                refusal = done.error();
            }
        }
    }
    for (const auto &batch : told) {
        std::vector<WriteJob> none;
        tell(*batch, none);
    }
    if (refuses)
        storeRefuses(refusal);
}

/// Urgent work is told at once that the store refuses, the rest stands in front of its queue again.
void WriterThread::giveBack(WriteJob job)
{
    switch (job.origin) {
    case WriteJob::Origin::Urgent:
        m_urgentTaken.push_front(std::move(job));
        return;
    case WriteJob::Origin::Background:
        m_backgroundTaken.push_front(std::move(job));
        return;
    case WriteJob::Origin::FollowUp:
        m_followUps.push_front(std::move(job));
        return;
    }
    Q_UNREACHABLE();
}

} // namespace antiphon
