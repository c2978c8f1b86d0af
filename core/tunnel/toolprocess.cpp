#include "core/tunnel/toolprocess.h"

#ifdef Q_OS_LINUX
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>
#endif

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

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
    connect(&m_patience, &QTimer::timeout, &m_process, &QProcess::kill);
    connect(&m_process, &QProcess::readyRead, this, &ToolProcess::readOutput);
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        m_patience.stop();
        readOutput();
        const QStringList last = m_lines.finish();
        for (const QString &line : last)
            emit printed(line);
        emit ended(status == QProcess::CrashExit ? u"it was ended from outside or crashed"_s : u"it ended with code %1"_s.arg(code));
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit ended(u"it could not be started: "_s + m_process.errorString());
    });
#ifdef Q_OS_LINUX
    m_process.setChildProcessModifier([parent = ::getpid()] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)   // it died before the line above
            ::_exit(1);
    });
#endif
}

ToolProcess::~ToolProcess()
{
    m_process.disconnect();
    if (isRunning()) {
        m_process.kill();
        m_process.waitForFinished(3000);
    }
}

void ToolProcess::start(const QString &program, const ToolCommand &command)
{
    m_process.setProcessEnvironment(environmentFor(command));
    m_process.start(program, command.arguments, QIODevice::ReadOnly);
}

void ToolProcess::stop(std::chrono::milliseconds patience)
{
    if (!isRunning() || std::exchange(m_isStopping, true))
        return;
    m_process.terminate();
    m_patience.start(patience);
}

void ToolProcess::readOutput()
{
    const QStringList lines = m_lines.take(m_process.readAll());
    for (const QString &line : lines)
        emit printed(line);
}

} // namespace antiphon
