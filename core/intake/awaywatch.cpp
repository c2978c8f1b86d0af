#include "core/intake/awaywatch.h"

namespace antiphon {
namespace {

constexpr Milliseconds kLook{5000};
constexpr Milliseconds kAlive{30'000};
/// A look that comes so late was slept over: a steady clock stands still in a sleep, and goes on where only the process was frozen.
constexpr Milliseconds kSleptOver{60'000};

} // namespace

AwayWatch::AwayWatch(GapKeeper &gaps, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_gaps(gaps)
    , m_clock(clock)
{
    m_unreachable.setSingleShot(true);
    connect(&m_look, &QTimer::timeout, this, &AwayWatch::look);
    connect(&m_alive, &QTimer::timeout, this, [this] { m_gaps.noteAlive(); });
    connect(&m_unreachable, &QTimer::timeout, this, [this] {
        m_isNetworkGap = true;
        m_gaps.open({}, m_unreachableSince, Gap::Cause::Network);
    });
}

void AwayWatch::start()
{
    m_lastLook = m_clock.now();
    m_look.start(kLook);
    m_alive.start(kAlive);
}

void AwayWatch::stop()
{
    m_look.stop();
    m_alive.stop();
    m_unreachable.stop();
}

void AwayWatch::look()
{
    const Timestamp now = m_clock.now();
    const Timestamp last = std::exchange(m_lastLook, now);
    if (now - last <= kSleptOver)
        return;
    m_gaps.noteAway(last, now, Gap::Cause::Sleep);
    m_gaps.noteAlive();
    emit networkReturned();
}

void AwayWatch::noteSleep(bool isGoingToSleep)
{
    if (!m_look.isActive())
        return;
    if (isGoingToSleep) {
        m_lastLook = m_clock.now();
        m_gaps.noteAlive();
        return;
    }
    look();
}

void AwayWatch::noteReachable(bool isReachable)
{
    if (!m_look.isActive())
        return;
    if (!isReachable) {
        if (!m_isNetworkGap && !m_unreachable.isActive()) {
            m_unreachableSince = m_clock.now();
            m_unreachable.start(GapKeeper::kShortest);
        }
        return;
    }
    const bool wasAway = m_isNetworkGap || m_unreachable.isActive();
    m_unreachable.stop();
    if (std::exchange(m_isNetworkGap, false))
        m_gaps.close({}, Gap::Cause::Network);
    if (wasAway)
        emit networkReturned();
}

} // namespace antiphon
