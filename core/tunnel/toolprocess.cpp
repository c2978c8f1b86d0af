#include "core/tunnel/toolprocess.h"

#include <csignal>
#include <utility>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kPatience = 2s;
constexpr std::chrono::milliseconds kLookEvery = 30ms;
constexpr int kAsk = SIGTERM;
#ifdef Q_OS_UNIX
constexpr int kKill = SIGKILL;
#else
constexpr int kKill = SIGTERM;   // not used: there are no groups
#endif

/// The server's environment without what is meant for the server alone.
QProcessEnvironment environmentFor(const ToolCommand &command)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QStringList names = environment.keys();
    for (const QString &name : names) {
        if (name.startsWith("ANTIPHON_"_L1) || name == "CREDENTIALS_DIRECTORY"_L1 || name == "TUNNEL_TOKEN"_L1)
            environment.remove(name);
    }
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);   // lines are read by their words
    for (const auto &[name, value] : command.environment)
        environment.insert(name, value);
    return environment;
}

} // namespace

ToolProcess::ToolProcess(QObject *parent)
    : QObject(parent)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatience);
    m_look.setInterval(kLookEvery);
    connect(&m_output, &ToolOutput::printed, this, &ToolProcess::printed);
    connect(&m_patience, &QTimer::timeout, this, &ToolProcess::kill);
    connect(&m_look, &QTimer::timeout, this, &ToolProcess::endRest);
    connect(&m_process, &QProcess::readyRead, this, [this] { m_output.take(m_process.readAll()); });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        takeEnd(status == QProcess::CrashExit ? u"it was ended from outside or crashed"_s : u"it ended with code %1"_s.arg(code));
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit ended(u"it could not be started: "_s + m_process.errorString());
    });
}

ToolProcess::~ToolProcess()
{
    m_process.disconnect();
    m_output.disconnect();
    if (isRunning()) {
        kill();
        m_process.waitForFinished(3000);
    }
}

void ToolProcess::start(const QString &program, const ToolCommand &command)
{
    m_process.setProcessEnvironment(environmentFor(command));
    if (m_output.open())
        m_process.setStandardOutputFile(QProcess::nullDevice());   // until the child puts the pipe in its place
#ifdef Q_OS_UNIX
    m_process.setChildProcessModifier([parent = ::getpid(), output = m_output.toolEnd()] {
        ::setsid();
        if (output >= 0) {
            ::dup2(output, STDOUT_FILENO);
            ::dup2(output, STDERR_FILENO);
        }
#ifdef Q_OS_LINUX
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
        if (::getppid() != parent)   // it died before the line above
            ::_exit(1);
    });
#endif
    m_process.start(program, command.arguments, QIODevice::ReadOnly);
    m_group = m_process.processId();
    m_output.closeToolEnd();
}

void ToolProcess::stop()
{
    if (m_process.state() == QProcess::NotRunning || std::exchange(m_isStopping, true))
        return;
    if (!signalGroup(kAsk))
        m_process.terminate();       // no group: it has yet to lead one, or the system knows none
    m_patience.start();
}

void ToolProcess::takeEnd(const QString &how)
{
    m_output.finish();
    m_how = how;
    if (!m_isStopping)
        m_patience.start();
    signalGroup(kAsk);
    m_look.start();
    endRest();
}

/// The tool is gone. As long as somebody of its group is left, the system gives the group's id to nobody else.
void ToolProcess::endRest()
{
    const bool isPatient = m_patience.isActive();
    if (isPatient && signalGroup(0))
        return;
    m_look.stop();
    m_patience.stop();
    m_group = 0;
    emit ended(m_how);
}

void ToolProcess::kill()
{
    signalGroup(kKill);
    m_process.kill();
}

bool ToolProcess::signalGroup(int number) const
{
#ifdef Q_OS_UNIX
    return m_group > 1 && ::kill(-pid_t(m_group), number) == 0;
#else
    Q_UNUSED(number)
    return false;
#endif
}

} // namespace antiphon
