#include "core/intake/enrichjobs.h"

#include "core/base/logging.h"

#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPerInbox = 3;
constexpr Milliseconds kLease{60'000};
constexpr Milliseconds kHeartbeat{15'000};
constexpr Milliseconds kLook{1000};
constexpr Milliseconds kCommitPause{1000};
constexpr Milliseconds kBetweenPulls{10'000};
constexpr Milliseconds kOwnerPause{30'000};
constexpr Milliseconds kLockedPause{5000};
constexpr std::array kBackOff{Milliseconds(5000), Milliseconds(30'000), Milliseconds(120'000), Milliseconds(600'000), Milliseconds(3'600'000)};

EnrichTask taskFor(const QString &kind)
{
    if (kind == "media"_L1)
        return fetchMediaTask;
    if (kind == "profile"_L1)
        return fetchProfileTask;
    if (kind == "pull"_L1)
        return pullTask;
    if (kind == "embed"_L1)
        return describePostTask;
    if (kind == "capability"_L1)
        return capabilityTask;
    if (kind == "inbox_avatar"_L1)
        return inboxAvatarTask;
    if (kind == "templates"_L1)
        return fetchTemplatesTask;
    if (kind == "look_up"_L1)
        return lookUpTask;
    if (kind == "acknowledge"_L1)
        return acknowledgeTask;
    if (kind == "react"_L1)
        return reactTask;
    if (kind == "read_mark"_L1)
        return readMarkTask;
    if (kind == "phone_sync"_L1)
        return phoneSyncTask;
    return nullptr;
}

/// When to try again, and whether it counts; nothing where it is given up.
struct NextTry {
    Milliseconds after{0};
    bool countsAttempt = true;
};

std::optional<NextTry> nextTry(const jobs::Job &job, const Error &error, const EnrichResult &result)
{
    if (error.kind == Error::Kind::Unauthorized)
        return NextTry{kOwnerPause, false};                     // not claimed before its inbox is active
    if (error.kind == Error::Kind::Cancelled)
        return NextTry{Milliseconds(0), false};
    if (error.kind == Error::Kind::Storage)
        return NextTry{kLockedPause, false};
    const bool hasRhythm = !result.pauses.isEmpty();
    if (error.kind == Error::Kind::RateLimited && (error.retryAfter || !hasRhythm))
        return NextTry{error.retryAfter ? Milliseconds(*error.retryAfter) : kBackOff.at(2), false};
    const QList<Milliseconds> pauses = hasRhythm ? result.pauses : QList<Milliseconds>(kBackOff.begin(), kBackOff.end());
    if (job.attempts >= int(pauses.size()) + result.patience)
        return std::nullopt;
    return NextTry{error.retryAfter ? Milliseconds(*error.retryAfter) : pauses.at(std::min(qsizetype(job.attempts), pauses.size() - 1)), true};
}

Result<void> store(WriteTransaction &tx, const jobs::Job &job, const QString &owner, const EnrichResult &result)
{
    for (const JobId id : result.alsoDone) {
        if (const auto done = jobs::finish(tx, id, owner); !done)
            return done;
    }
    if (!result.error && !result.again) {
        if (const auto done = jobs::finish(tx, job.id, owner); !done)
            return done;
        return result.commit ? result.commit(tx) : Result<void>();
    }
    if (!result.error && result.commit) {                       // done for now, and to be done again
        if (const auto done = result.commit(tx); !done)
            return done;
    }
    const Error error = result.error.value_or(Error{Error::Kind::Cancelled, u"again"_s});
    const auto next = result.error && result.isFinal ? std::nullopt
        : result.again                               ? std::optional(NextTry{*result.again, false})
                                                     : nextTry(job, error, result);
    for (const JobId id : result.alsoAgain) {
        if (const auto done = jobs::retryLater(tx, id, owner, error, tx.now() + (next ? next->after : kBackOff.front()), false); !done)
            return done;
    }
    if (next)
        return jobs::retryLater(tx, job.id, owner, error, tx.now() + next->after, next->countsAttempt);
    if (const auto done = jobs::fail(tx, job.id, owner, error); !done)
        return done;
    return result.giveUp ? result.giveUp(tx) : Result<void>();
}

} // namespace

EnrichJobs::EnrichJobs(const EnrichEnvironment &environment, RandomSource &random, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_owner(randomToken(random))
    , m_alive(std::make_shared<bool>(true))
{
    m_look.setInterval(kLook);
    m_heartbeat.setInterval(kHeartbeat);
    connect(&m_look, &QTimer::timeout, this, &EnrichJobs::wake);
    connect(&m_heartbeat, &QTimer::timeout, this, &EnrichJobs::keepAlive);
}

EnrichJobs::~EnrichJobs()
{
    *m_alive = false;
}

void EnrichJobs::start()
{
    m_isStopped = false;
    m_environment.database.writer().submit(
        Writer::Priority::Background, "put jobs back",
        [](WriteTransaction &tx) -> Result<void> {
            const auto count = jobs::sweep(tx, true);
            return count ? Result<void>() : Result<void>(count.error());
        },
        {});
    m_look.start();
    m_heartbeat.start();
    wake();
}

void EnrichJobs::stop()
{
    if (m_isStopped)
        return;
    m_isStopped = true;
    m_look.stop();
    m_heartbeat.stop();
    m_running.clear();
    // By owner and not by what is in hand: a claim may be on its way to the disk, and nobody will hear of it.
    m_environment.database.writer().submit(
        Writer::Priority::Background, "put jobs back", [owner = m_owner](WriteTransaction &tx) { return jobs::putBack(tx, owner); }, {});
}

std::function<void()> EnrichJobs::waker()
{
    return [target = m_environment.mailbox.address(), alive = m_alive, this] {
        target.post([alive, this] {
            if (*alive)
                wake();
        });
    };
}

QHash<InboxId, int> EnrichJobs::room() const
{
    QHash<InboxId, int> left;
    for (const Running &running : m_running)
        left.insert(running.job.inboxId, left.value(running.job.inboxId, kPerInbox) - 1);
    return left;
}

void EnrichJobs::setAllowed(bool mayRun, bool mayFetchFiles)
{
    m_mayRun = mayRun;
    m_mayFetchFiles = mayFetchFiles;
    wake();
}

void EnrichJobs::wake()
{
    if (m_isStopped || !m_mayRun)
        return;
    if (m_isClaiming) {
        m_isWanted = true;
        return;
    }
    claim();
}

void EnrichJobs::claim()
{
    // A look costs a read; only what is due costs a commit.
    m_isClaiming = true;
    m_isWanted = false;
    const auto alive = m_alive;
    m_environment.database.read<bool>(
        "jobs due",
        [now = m_environment.clock.now()](ReadTransaction &tx) -> Result<bool> {
            const auto next = jobs::nextDue(tx);
            if (!next)
                return next.error();
            return *next && **next <= now;
        },
        m_environment.mailbox, [this, alive](const Result<bool> &isDue) {
            if (!*alive)
                return;
            if (m_isStopped || !isDue || !*isDue) {
                m_isClaiming = false;
                if (m_isWanted)
                    wake();
                return;
            }
            m_environment.database.writer().write<QList<jobs::Job>>(
                Writer::Priority::Background, "claim jobs",
                [owner = m_owner, room = room(), withFiles = m_mayFetchFiles](WriteTransaction &tx) {
                    return jobs::claim(tx, owner, tx.now() + kLease, kPerInbox, room, withFiles);
                },
                m_environment.mailbox, [this, alive](const Result<QList<jobs::Job>> &claimed) {
                    if (!*alive)
                        return;
                    m_isClaiming = false;
                    if (!claimed || m_isStopped)
                        return;
                    for (const jobs::Job &job : *claimed)
                        run(job);
                    if (m_isWanted)
                        wake();
                });
        });
}

std::optional<Milliseconds> EnrichJobs::pause(const jobs::Job &job)
{
    if (job.kind != "pull"_L1)
        return std::nullopt;
    const SteadyTime now = m_environment.clock.steady();
    const auto last = m_lastPull.constFind(job.inboxId);
    if (last != m_lastPull.cend() && now - *last < kBetweenPulls)
        return std::chrono::duration_cast<Milliseconds>(kBetweenPulls - (now - *last));
    m_lastPull.insert(job.inboxId, now);
    return std::nullopt;
}

void EnrichJobs::run(const jobs::Job &job)
{
    m_running.insert(job.id, {.job = job});
    const EnrichTask task = taskFor(job.kind);
    if (!task)
        return ended(job.id, {.error = Error{Error::Kind::Invalid, u"no such kind of job"_s}, .isFinal = true});
    if (const auto wait = pause(job))
        return ended(job.id, {.again = *wait});
    task(m_environment, job, m_owner, [this, alive = m_alive, id = job.id](const EnrichResult &result) {
        if (*alive)
            ended(id, result);
    });
}

void EnrichJobs::ended(JobId id, const EnrichResult &result)
{
    const auto running = m_running.find(id);
    if (running == m_running.end())
        return;
    if (result.error)
        qCInfo(lcIntake) << "job" << running->job.kind << id.value() << "failed:" << describe(*result.error);
    running->result = result;
    commit(id);
}

void EnrichJobs::commit(JobId id)
{
    const auto running = m_running.constFind(id);
    if (running == m_running.cend())
        return;
    m_environment.database.writer().write<void>(
        Writer::Priority::Background, "job result",
        [job = running->job, owner = m_owner, result = running->result](WriteTransaction &tx) { return store(tx, job, owner, result); },
        m_environment.mailbox, [this, alive = m_alive, id](const Result<void> &stored) {
            if (!*alive)
                return;
            const bool storeRefuses = !stored && (stored.error().kind == Error::Kind::Unavailable || stored.error().kind == Error::Kind::Storage);
            if (storeRefuses && !m_isStopped) {
                QTimer::singleShot(kCommitPause, this, [this, id] { commit(id); });
                return;
            }
            if (!stored)
                qCWarning(lcIntake) << "a job's result is not stored:" << describe(stored.error());
            const auto refused = m_running.find(id);
            if (!stored && refused != m_running.end() && !refused->result.error && !m_isStopped) {
                // The claim may be ours all the same: left like this, the heartbeat would keep it for ever. As a failure it has an end.
                refused->result = {.error = stored.error()};
                commit(id);
                return;
            }
            m_running.remove(id);
            wake();
        });
}

void EnrichJobs::keepAlive()
{
    m_environment.database.writer().submit(
        Writer::Priority::Background, "job leases",
        [owner = m_owner](WriteTransaction &tx) -> Result<void> {
            if (const auto kept = jobs::heartbeat(tx, owner, tx.now() + kLease); !kept)
                return kept.error();
            const auto swept = jobs::sweep(tx, false);
            return swept ? Result<void>() : Result<void>(swept.error());
        },
        {});
}

} // namespace antiphon
