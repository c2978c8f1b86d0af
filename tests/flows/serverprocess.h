#pragma once

#include "app/demo/simulatedtiktok.h"
#include "app/demo/simulatorthread.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/client/deskapi.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace antiphon::test {

/// The simulated platform with what hosts it.
struct Platform {
    SystemClock clock{};
    SystemRandom random{};
    demo::SimulatedTikTok tiktok;

    explicit Platform(const demo::TikTokOptions &options) : tiktok(options, clock, random) {}
};

/// The program antiphon-server as a process of its own with a data folder of its own, seen from outside: HTTP, WebSocket, exit codes.
/// Ends the process by its id when it goes.
class ServerProcess {
public:
    ServerProcess();
    ~ServerProcess();

    /// More arguments and environment for the next start().
    QStringList arguments{};
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();

    bool start(int patienceMs = 30'000);      ///< until the ready line; false where it ended or said nothing
    void kill();                              ///< SIGKILL, and waits
    int terminate(int patienceMs = 30'000);   ///< SIGTERM, and waits; the exit code, or -1
    int stopBy(int signal, int patienceMs = 30'000);   ///< the same with another signal
    bool waitForExit(int patienceMs);
    /// Runs the program to its end with `arguments` only (no folder, no ports of ours).
    struct Ended {
        int code = -1;                        ///< -1: it didn't end, or by a signal
        QByteArray out{};
        QByteArray err{};
    };
    Ended runToEnd(const QStringList &only, int patienceMs = 30'000);
    void setFolder(const QString &path) { m_folderOfOthers = path; }   ///< instead of its own
    void setProgram(const QString &path) { m_program = path; }        ///< a wrapper of the program
    void setWorkingDirectory(const QString &path) { m_workingDirectory = path; }
    QByteArray standardOutput() const { return m_standardOutput; }    ///< behind the ready line; complete when ended
    void signal(int number);
    qint64 memory(const char *line) const;                            ///< "VmRSS", "VmHWM" in KiB

    QString dataDir() const { return m_folderOfOthers.isEmpty() ? m_folder.path() : m_folderOfOthers; }
    QString token() const;
    quint16 intakePort() const { return m_intakePort; }
    quint16 deskPort() const { return m_deskPort; }
    QUrl intake(const QString &path) const;
    QUrl desk(const QString &path) const;
    QByteArray bearer() const { return "Bearer " + token().toLatin1(); }
    qint64 startupMs() const { return m_startupMs; }
    QString standardError() const { return m_standardError; }
    QByteArray readyLine() const { return m_readyLine; }
    int exitCode() const { return m_process ? m_process->exitCode() : -1; }
    qint64 pid() const { return m_process ? m_process->processId() : 0; }

    /// A session of the owner, open; null where it could not be opened.
    std::unique_ptr<DeskClient> client();

private:
    void collect();

    QTemporaryDir m_folder;
    QString m_folderOfOthers;
    QString m_program = QStringLiteral(ANTIPHON_SERVER_PROGRAM);
    QString m_workingDirectory;
    QByteArray m_standardOutput;
    std::unique_ptr<QProcess> m_process;
    quint16 m_intakePort = 0;
    quint16 m_deskPort = 0;
    qint64 m_startupMs = 0;
    QByteArray m_readyLine;
    QString m_standardError;
};

/// The answer of an HTTP request made with nothing but a socket's library; status 0: none.
struct HttpAnswer {
    int status = 0;
    QByteArray body{};
    QHash<QByteArray, QByteArray> headers{};   ///< names in lower case
};
HttpAnswer http(const QByteArray &method, const QUrl &url, const QByteArray &body = {}, const QList<QPair<QByteArray, QByteArray>> &headers = {});

/// Waits for a future with the event loop running, thirty seconds at most.
template <typename T>
Result<T> waitFor(QFuture<Result<T>> future)
{
    QElapsedTimer timer;
    timer.start();
    while (!future.isFinished() && timer.elapsed() < 30'000)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 50);
    return future.isFinished() ? future.result() : Result<T>(Error{Error::Kind::Timeout, QStringLiteral("no answer")});
}

} // namespace antiphon::test
