#include "core/tunnel/tunnel.h"

#include "core/base/logging.h"
#include "core/tunnel/tunnelwords.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kMissesThatCount = 2;
constexpr qsizetype kKeptLines = 6;
constexpr qsizetype kLongestKept = 240;
constexpr Milliseconds kLinesTogether{200};
constexpr Milliseconds kSleep{10'000};           // a clock that jumped by more: the machine was away

RestartPolicy::Cause causeOf(TunnelProblem problem, bool hasWorked)
{
    switch (problem) {
    case TunnelProblem::Offline:
    case TunnelProblem::NotReachable:
    case TunnelProblem::ToolMissing: return RestartPolicy::Cause::Passing;
    case TunnelProblem::Ended:
    case TunnelProblem::NoAddress:
    case TunnelProblem::PortRefused:   // an earlier connection may hold it for a while
    case TunnelProblem::None: return hasWorked ? RestartPolicy::Cause::Passing : RestartPolicy::Cause::NeedsOwner;
    case TunnelProblem::LoginRefused:
    case TunnelProblem::HostKeyUnknown:
    case TunnelProblem::HostKeyChanged:
    case TunnelProblem::KeyUnreadable:
    case TunnelProblem::BadCredentials:
    case TunnelProblem::RateLimited:
    case TunnelProblem::Elsewhere: return RestartPolicy::Cause::NeedsOwner;
    }
    Q_UNREACHABLE();
}

} // namespace

Tunnel::Tunnel(const Surroundings &s, QObject *parent)
    : QObject(parent)
    , m_http(s.http)
    , m_clock(s.clock)
    , m_random(s.random)
    , m_findTool(s.findTool)
    , m_quickOrigin(s.quickOrigin)
    , m_system(s.system)
    , m_times(s.times)
    , m_probe(s.http, s.random)
    , m_policy(s.times.restart, s.random)
{
    for (QTimer *timer : {&m_probeTimer, &m_restartTimer, &m_patienceTimer, &m_pulse, &m_linesTimer})
        timer->setParent(this);
    m_probe.setParent(this);
    for (QTimer *timer : {&m_probeTimer, &m_restartTimer, &m_patienceTimer, &m_linesTimer})
        timer->setSingleShot(true);
    m_linesTimer.setInterval(kLinesTogether);
    connect(&m_linesTimer, &QTimer::timeout, this, &Tunnel::changed);
    m_pulse.setInterval(m_times.pulse);
    connect(&m_probeTimer, &QTimer::timeout, this, &Tunnel::probe);
    connect(&m_restartTimer, &QTimer::timeout, this, &Tunnel::launch);
    connect(&m_pulse, &QTimer::timeout, this, &Tunnel::beat);
    connect(&m_patienceTimer, &QTimer::timeout, this, [this] {
        fail(m_told != TunnelProblem::None ? m_told : m_status.address.isEmpty() ? TunnelProblem::NoAddress : TunnelProblem::NotReachable);
    });
}

Tunnel::~Tunnel() = default;

ToolHelp Tunnel::help() const
{
    return m_command.program.isEmpty() ? ToolHelp{.system = m_system} : helpFor(m_command.program, m_system);
}

void Tunnel::begin(const TunnelSettings &settings, const TunnelSecrets &secrets, quint16 port)
{
    clear();
    m_settings = settings;
    m_secrets = secrets;
    m_port = port;
    m_policy.reset();
    m_provider = TunnelProvider::make(settings, secrets, m_quickOrigin);
    m_command = m_provider ? m_provider->command(port) : ToolCommand{};
    m_status = {.address = m_provider ? m_provider->fixedAddress() : QUrl()};
    if (!m_provider) {
        dropTool({});
        setState(TunnelState::Off, TunnelProblem::None);
        return;
    }
    m_lastBeat = m_clock.now();
    m_lastSteady = m_clock.steady();
    m_pulse.start();
    setState(TunnelState::Starting, TunnelProblem::None);
    const int generation = m_generation;
    dropTool([this, generation] {   // it may still hold the port over there
        if (generation != m_generation)
            return;
        if (needsTool())
            launch();
        else
            scheduleProbe(Milliseconds(0));
    });
}

void Tunnel::stop()
{
    clear();
    m_provider.reset();
    m_command = {};
    dropTool({});
}

void Tunnel::clear()
{
    ++m_generation;
    m_probe.cancel();
    for (QTimer *timer : {&m_probeTimer, &m_restartTimer, &m_patienceTimer, &m_pulse, &m_linesTimer})
        timer->stop();
    m_misses = 0;
    answerChecks();
}

/// Lets go of the tool: it is asked to end, and from now on says nothing to us.
void Tunnel::dropTool(const std::function<void()> &then)
{
    ToolProcess *old = std::exchange(m_process, nullptr);
    m_status.pid = 0;
    if (!old || !old->isRunning()) {
        if (old)
            old->deleteLater();
        if (then)
            then();
        return;
    }
    old->disconnect(this);
    connect(old, &ToolProcess::ended, this, [old, then] {
        old->deleteLater();
        if (then)
            then();
    });
    old->stop();
}

void Tunnel::launch()
{
    m_status.nextTryAt.reset();
    m_told = TunnelProblem::None;
    m_isConnected = false;
    m_misses = 0;
    const QString program = m_findTool(m_command.program);
    if (program.isEmpty()) {
        fail(TunnelProblem::ToolMissing);
        return;
    }
    m_process = new ToolProcess(this);
    m_process->setPatience(m_times.toolStop);
    connect(m_process, &ToolProcess::printed, this, &Tunnel::takeLine);
    connect(m_process, &ToolProcess::ended, this, &Tunnel::toolEnded);
    m_process->start(program, m_command);
    if (!m_process)   // it could not be started, and said so at once
        return;
    m_status.pid = m_process->pid();
    m_patienceTimer.start(m_times.patience);
    if (!m_status.address.isEmpty() && !m_provider->fixedAddress().isEmpty())
        scheduleProbe(m_provider->announcesConnection() ? m_times.unannounced : m_times.connected);
    emit changed();
}

void Tunnel::takeLine(const QString &line)
{
    QString kept = line.left(kLongestKept);
    if (!m_secrets.token.isEmpty())
        kept.replace(m_secrets.token, u"…"_s);
    m_status.output.append(kept);
    while (m_status.output.size() > kKeptLines)
        m_status.output.removeFirst();
    if (!m_linesTimer.isActive())
        m_linesTimer.start();
    takeNews(m_provider->read(line));
}

void Tunnel::takeNews(const ToolNews &news)
{
    if (news.problem != TunnelProblem::None && m_told != TunnelProblem::HostKeyChanged)   // what follows that one is its consequence
        m_told = news.problem;
    if (!news.address.isEmpty())
        takeAddress(news.address);
    if (news.isConnected) {
        m_isConnected = true;
        m_told = TunnelProblem::None;
        if (m_status.state != TunnelState::Up && !m_status.address.isEmpty())
            scheduleProbe(m_times.connected);
    }
    if (news.isDisturbed && m_status.state == TunnelState::Up && !m_probe.isUnderWay())
        scheduleProbe(m_times.connected);
}

void Tunnel::takeAddress(const QUrl &address)
{
    if (m_status.address == address && m_status.state == TunnelState::Up)
        return;
    if (m_status.address != address) {
        m_status.address = address;
        m_status.isProved = false;
        qCInfo(lcNet).noquote() << "tunnel: the address is" << address.toString();
        emit changed();
    }
    if (m_isConnected || !m_provider->announcesConnection())
        scheduleProbe(m_times.connected);
    else
        scheduleProbe(m_times.unannounced);
}

void Tunnel::toolEnded(const QString &how)
{
    qCInfo(lcNet).noquote() << "tunnel:" << m_command.program << how;
    m_process->disconnect(this);
    std::exchange(m_process, nullptr)->deleteLater();
    m_status.pid = 0;
    fail(m_told != TunnelProblem::None ? m_told : TunnelProblem::Ended);
}

/// The tool doesn't do: it is ended where it runs, and started again after a while.
void Tunnel::fail(TunnelProblem problem)
{
    m_patienceTimer.stop();
    m_probeTimer.stop();
    m_probe.cancel();
    Milliseconds wait = m_times.toolLook;
    if (problem != TunnelProblem::ToolMissing) {
        wait = m_policy.next(causeOf(problem, m_status.provedAt.has_value()), m_clock.steady());
        if (problem == TunnelProblem::LoginRefused || problem == TunnelProblem::BadCredentials || problem == TunnelProblem::RateLimited)
            wait = std::max(wait, m_times.considerate);
        ++m_status.restarts;
        m_status.nextTryAt = m_clock.now() + wait;
    }
    const int generation = m_generation;
    dropTool([this, generation, wait] {
        if (generation == m_generation)
            m_restartTimer.start(wait);
    });
    becomeDown(problem);
    answerChecks();
}

void Tunnel::scheduleProbe(Milliseconds in)
{
    m_probeTimer.start(in);
}

void Tunnel::probe()
{
    if (!m_provider || m_status.address.isEmpty() || (needsTool() && !m_process))
        return;
    m_probe.send(m_status.address, m_times.probeTimeout, [this](PublicProbe::Outcome outcome) { takeOutcome(outcome); });
}

void Tunnel::takeOutcome(PublicProbe::Outcome outcome)
{
    switch (outcome) {
    case PublicProbe::Outcome::Arrived:
        m_misses = 0;
        m_status.provedAt = m_clock.now();
        if (m_status.state != TunnelState::Up || !m_status.isProved)
            becomeUp();
        scheduleProbe(m_times.probeEvery);
        break;
    case PublicProbe::Outcome::NoAnswer: missed(TunnelProblem::NotReachable); break;
    case PublicProbe::Outcome::Elsewhere: missed(TunnelProblem::Elsewhere); break;
    }
    answerChecks();
}

void Tunnel::missed(TunnelProblem problem)
{
    ++m_misses;
    const bool counts = m_misses >= kMissesThatCount;
    switch (m_status.state) {
    case TunnelState::Off: return;
    case TunnelState::Up:
        if (!counts)
            return scheduleProbe(m_times.probeInDoubt);
        becomeDown(problem);
        if (needsTool())
            m_patienceTimer.start(m_times.stuck);
        return scheduleProbe(m_times.probeInDoubt);
    case TunnelState::Starting:
        if (counts && !needsTool())
            becomeDown(problem);   // there is nothing to wait for: the owner's proxy runs or doesn't
        return scheduleProbe(m_times.probeStarting);
    case TunnelState::Down:
        if (m_status.problem != problem && (m_status.problem == TunnelProblem::NotReachable || m_status.problem == TunnelProblem::Elsewhere))
            setState(TunnelState::Down, problem);
        return scheduleProbe(needsTool() && m_patienceTimer.isActive() ? m_times.probeStarting : m_times.probeDown);
    }
}

void Tunnel::becomeUp()
{
    m_patienceTimer.stop();
    m_policy.proved();
    m_status.isProved = true;
    m_status.nextTryAt.reset();
    qCInfo(lcNet).noquote() << "tunnel: proved," << m_status.address.toString();
    setState(TunnelState::Up, TunnelProblem::None);
    emit proved(m_status.address);
}

void Tunnel::becomeDown(TunnelProblem problem)
{
    const TunnelState before = m_status.state;
    const Timestamp since = m_status.since.value_or(m_clock.now());
    if (m_status.state != TunnelState::Down || m_status.problem != problem)
        qCWarning(lcNet).noquote() << "tunnel: down," << tunnelProblemName(problem);
    setState(TunnelState::Down, problem);
    // A tool's end is seen at once; what probes find out began after the last that arrived. An owner's address that never was proved may work all the same: not
    // every router lets its own public address be reached from within.
    if (before == TunnelState::Starting && needsTool())
        emit wentDown(since);
    else if (before == TunnelState::Up)
        emit wentDown(problem == TunnelProblem::NotReachable || problem == TunnelProblem::Elsewhere ? m_status.provedAt.value_or(since) : m_clock.now());
}

void Tunnel::setState(TunnelState state, TunnelProblem problem)
{
    if (m_status.state != state || !m_status.since)
        m_status.since = m_clock.now();
    m_status.state = state;
    m_status.problem = problem;
    switch (state) {
    case TunnelState::Off: m_status.detail = tunnelwords::off(); break;
    case TunnelState::Starting: m_status.detail = tunnelwords::starting(m_settings); break;
    case TunnelState::Up: m_status.detail = tunnelwords::up(m_settings); break;
    case TunnelState::Down: m_status.detail = tunnelwords::down(problem, m_settings, help()); break;
    }
    emit changed();
}

void Tunnel::checkNow(std::function<void()> done)
{
    if (!m_provider) {
        done();
        return;
    }
    m_checks.push_back(std::move(done));
    if (m_restartTimer.isActive()) {
        m_restartTimer.stop();
        launch();
    }
    if (!m_status.address.isEmpty() && (!needsTool() || m_process))
        probe();
    else
        answerChecks();
}

void Tunnel::answerChecks()
{
    for (const auto &done : std::exchange(m_checks, {}))
        done();
}

void Tunnel::networkChanged()
{
    if (!m_provider)
        return;
    if (m_restartTimer.isActive()) {
        m_restartTimer.stop();
        launch();
    } else if (!m_probe.isUnderWay()) {
        scheduleProbe(m_times.connected);
    }
}

void Tunnel::beat()
{
    const Timestamp now = m_clock.now();
    const SteadyTime steady = m_clock.steady();
    const auto jump = (now - m_lastBeat) - std::chrono::duration_cast<Milliseconds>(steady - m_lastSteady);
    m_lastBeat = now;
    m_lastSteady = steady;
    if (jump > kSleep)
        networkChanged();
}

} // namespace antiphon
