#include "core/intake/intake.h"

#include "core/base/logging.h"
#include "core/intake/pruning.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr Milliseconds kTick{1000};
constexpr int kPressureTicks = 5;
constexpr Milliseconds kScan{60'000};
constexpr Milliseconds kPrune{600'000};
/// Wall and steady clock further apart than before by more than this: the clock was set, or the machine slept.
constexpr Milliseconds kClockSlack{5000};
constexpr Milliseconds kLongestHeld{20'000};
constexpr Milliseconds kLongestParked = std::chrono::hours(12);
constexpr Milliseconds kLongestJobPause = std::chrono::hours(1);

Milliseconds clocksApart(const Clock &clock)
{
    return std::chrono::duration_cast<Milliseconds>(clock.now().time_since_epoch() - clock.steady().time_since_epoch());
}

void pruneMore(Writer &writer)
{
    writer.submit(
        Writer::Priority::Background, "prune",
        [&writer](WriteTransaction &tx) -> Result<void> {
            const auto more = pruneSlice(tx);
            if (!more)
                return more.error();
            if (*more)
                tx.afterCommit([&writer] { pruneMore(writer); });
            return {};
        },
        {});
}

} // namespace

Intake::Intake(const Environment &environment, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_alive(std::make_shared<bool>(true))
{
    // Hooks come from the Writer's thread and may come after this is gone: they know only the mailbox and the mark.
    const auto jobsWaker = std::make_shared<std::function<void()>>();
    InboundFlow::Hooks hooks;
    hooks.floods = std::make_shared<FloodWatch>();
    hooks.jobsQueued = [jobsWaker] { (*jobsWaker)(); };
    hooks.authorizationRemoved = [target = m_mailbox.address(), alive = m_alive, tokens = &m_environment.tokens](InboxId inbox) {
        target.post([alive, tokens, inbox] {
            if (*alive)
                tokens->requireOwner(inbox, u"authorization_removed"_s);
        });
    };
    hooks.stateChanged = [target = m_mailbox.address(), alive = m_alive, tokens = &m_environment.tokens](InboxId inbox, Inbox::State state) {
        target.post([alive, tokens, inbox, state] {
            if (*alive)
                tokens->noteState(inbox, state);
        });
    };
    hooks.settingsChanged = [target = m_mailbox.address(), alive = m_alive, tokens = &m_environment.tokens](InboxId inbox, const QJsonObject &settings) {
        target.post([alive, tokens, inbox, settings] {
            if (*alive)
                tokens->noteSettings(inbox, settings);
        });
    };
    Splitter splitter(m_environment.channels, [tokens = &m_environment.tokens](Channel channel) { return tokens->app(channel); });
    Writer &writer = m_environment.database.writer();
    m_runner = std::make_shared<LaneRunner>(writer, m_environment.clock, std::move(splitter), InboundFlow(m_environment.channels, hooks));
    m_journal = std::make_unique<Journal>(writer, m_runner);
    m_webhooks = std::make_unique<WebhookIntake>(m_environment.channels, m_environment.tokens, *m_journal, m_environment.clock, m_mailbox);
    m_jobs = std::make_unique<EnrichJobs>(EnrichEnvironment{m_environment.database, m_environment.channels, m_environment.tokens, m_environment.http,
                                                            m_environment.fetch, m_environment.files, *m_journal, m_environment.clock, m_mailbox},
                                          m_environment.random);
    *jobsWaker = m_jobs->waker();
    m_pressure = std::make_unique<BackPressure>(m_environment.database, m_environment.files, m_mailbox, m_environment.freeBytes);
    m_pressure->setChanged([this] {
        m_jobs->setAllowed(m_pressure->mayPoll(), m_pressure->mayFetchFiles());
        m_journal->setBehind(!m_pressure->mayTake());
    });
    connect(&m_tick, &QTimer::timeout, this, &Intake::tick);
    connect(&m_scan, &QTimer::timeout, this, [this] {
        m_runner->rescan();
        writeDownCounts();
    });
    connect(&m_prune, &QTimer::timeout, this, &Intake::prune);
}

Intake::~Intake()
{
    stop();
    *m_alive = false;
}

void Intake::start()
{
    m_isStarted = true;
    capTimes();
    m_runner->start(!m_environment.database.wasUncleanStop() ? LaneRunner::LastStop::Clean
                        : m_environment.wasKilled            ? LaneRunner::LastStop::Killed
                                                             : LaneRunner::LastStop::Broken);
    m_jobs->start();
    m_pressure->look();
    m_tick.start(kTick);
    m_scan.start(kScan);
    m_prune.start(kPrune);
}

void Intake::stop()
{
    if (!m_isStarted)
        return;
    m_isStarted = false;
    m_webhooks->close();
    m_tick.stop();
    m_scan.stop();
    m_prune.stop();
    m_jobs->stop();
    writeDownCounts();
    m_runner->stop();
}

void Intake::rescan()
{
    m_runner->rescan();
}

void Intake::tick()
{
    if (std::chrono::abs(clocksApart(m_environment.clock) - m_clockApart) > kClockSlack) {
        capTimes();
        m_runner->rescan();
    }
    if (m_runner->hasWaiting())
        m_runner->wake();
    if (++m_ticks % kPressureTicks == 0)
        m_pressure->look();
}

void Intake::capTimes()
{
    m_clockApart = clocksApart(m_environment.clock);
    m_environment.database.writer().submit(
        Writer::Priority::Background, "cap times",
        [](WriteTransaction &tx) -> Result<void> {
            if (const auto done = events::capNextAt(tx, tx.now() + kLongestHeld, tx.now() + kLongestParked); !done)
                return done;
            return jobs::capNextAt(tx, tx.now() + kLongestJobPause);
        },
        [](const Result<void> &stored) {
            if (!stored)
                qCWarning(lcIntake) << "stored times are not capped:" << describe(stored.error());
        });
}

void Intake::writeDownCounts()
{
    // While the store refuses they are kept here: closures would pile up.
    if (!m_environment.database.writer().isWritable())
        return;
    const NotStored counts{.rejected = m_webhooks->takeRejected(),
                           .unknown = m_webhooks->takeUnknown(),
                           .pressed = m_journal->takePressed(),
                           .deferred = m_journal->takeDeferred()};
    if (counts.rejected + counts.unknown + counts.pressed + counts.deferred == 0)
        return;
    m_environment.database.writer().submit(
        Writer::Priority::Background, "counts of the way in",
        [counts](WriteTransaction &tx) -> Result<void> {
            for (const auto &[name, count] : {std::pair(u"rejected_signature"_s, counts.rejected), std::pair(u"unknown_account"_s, counts.unknown),
                                              std::pair(u"pressed"_s, counts.pressed), std::pair(u"deferred"_s, counts.deferred)}) {
                if (count == 0)
                    continue;
                if (const auto done = deliveries::count(tx, {}, name, count); !done)
                    return done;
            }
            return {};
        },
        [](const Result<void> &stored) {
            if (!stored)
                qCWarning(lcIntake) << "refused webhooks are not counted:" << describe(stored.error());
        });
}

NotStored Intake::notStored() const
{
    return {.rejected = m_webhooks->rejected(),
            .unknown = m_webhooks->unknown(),
            .pressed = m_journal->pressed(),
            .deferred = m_journal->deferred(),
            .waitsForRoom = !m_pressure->mayPoll(),
            .filesPaused = !m_pressure->mayFetchFiles(),
            .roomIsShort = m_pressure->isShortOfRoom(),
            .textOnly = m_pressure->isTextOnly(),
            .freeBytes = m_pressure->freeBytes()};
}

void Intake::prune()
{
    pruneMore(m_environment.database.writer());
}

void Intake::readStats(std::function<void(Result<IntakeStats>)> done)
{
    m_environment.database.read<IntakeStats>(
        "intake stats", [counts = notStored()](ReadTransaction &tx) { return readIntakeStats(tx, counts); }, m_mailbox,
        std::move(done));
}

} // namespace antiphon
