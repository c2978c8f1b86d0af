#include "tests/flows/serverprocess.h"

#include <QCoreApplication>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>

#include <csignal>

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;
} // namespace

ServerProcess::ServerProcess()
{
    environment.insert(u"ANTIPHON_SECRETS"_s, u"file"_s);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
}

ServerProcess::~ServerProcess()
{
    kill();
}

bool ServerProcess::start(int patienceMs)
{
    m_process = std::make_unique<QProcess>();
    m_process->setProcessEnvironment(environment);
    if (!m_workingDirectory.isEmpty())
        m_process->setWorkingDirectory(m_workingDirectory);
    m_standardOutput.clear();
    QStringList all{u"--data-dir"_s, dataDir()};
    if (!arguments.contains(u"--port"_s))
        all += {u"--port"_s, u"0"_s};
    if (!arguments.contains(u"--desk-port"_s))
        all += {u"--desk-port"_s, u"0"_s};
    QElapsedTimer timer;
    timer.start();
    m_process->start(m_program, all + arguments);
    m_readyLine.clear();
    while (timer.elapsed() < patienceMs && m_process->state() != QProcess::NotRunning) {
        if (m_process->canReadLine() || m_process->waitForReadyRead(50)) {
            m_readyLine = m_process->readLine().trimmed();
            break;
        }
    }
    m_startupMs = timer.elapsed();
    static const QRegularExpression form(u"^antiphon: listening on http://127\\.0\\.0\\.1:(\\d+) desk https?://[^:]+:(\\d+)$"_s);
    const auto match = form.match(QString::fromLatin1(m_readyLine));
    m_intakePort = quint16(match.captured(1).toInt());
    m_deskPort = quint16(match.captured(2).toInt());
    return match.hasMatch();
}

void ServerProcess::collect()
{
    m_standardError += QString::fromUtf8(m_process->readAllStandardError());
    m_standardOutput += m_process->readAllStandardOutput();
}

void ServerProcess::kill()
{
    if (!m_process)
        return;
    m_process->kill();
    m_process->waitForFinished();
    collect();
    m_process.reset();
}

int ServerProcess::terminate(int patienceMs)
{
    m_process->terminate();
    return waitForExit(patienceMs) && m_process->exitStatus() == QProcess::NormalExit ? m_process->exitCode() : -1;
}

void ServerProcess::signal(int number)
{
    ::kill(pid_t(pid()), number);
}

int ServerProcess::stopBy(int number, int patienceMs)
{
    signal(number);
    return waitForExit(patienceMs) && m_process->exitStatus() == QProcess::NormalExit ? m_process->exitCode() : -1;
}

ServerProcess::Ended ServerProcess::runToEnd(const QStringList &only, int patienceMs)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(m_program, only);
    if (!process.waitForFinished(patienceMs)) {
        process.kill();
        process.waitForFinished();
    }
    return {.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            .out = process.readAllStandardOutput(),
            .err = process.readAllStandardError()};
}

qint64 ServerProcess::memory(const char *line) const
{
    QFile file(u"/proc/%1/status"_s.arg(pid()));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &entry : lines) {
        if (entry.startsWith(line))
            return entry.mid(entry.indexOf(':') + 1).trimmed().split(' ').first().toLongLong();
    }
    return -1;
}

bool ServerProcess::waitForExit(int patienceMs)
{
    const bool ended = m_process->state() == QProcess::NotRunning || m_process->waitForFinished(patienceMs);
    collect();
    return ended;
}

QString ServerProcess::token() const
{
    QFile file(dataDir() + u"/token"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readAll().trimmed()) : QString();
}

QUrl ServerProcess::intake(const QString &path) const
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(m_intakePort).arg(path));
}

QUrl ServerProcess::desk(const QString &path) const
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(m_deskPort).arg(path));
}

std::unique_ptr<DeskClient> ServerProcess::client()
{
    auto made = std::make_unique<DeskClient>(QUrl(u"ws://127.0.0.1:%1"_s.arg(m_deskPort)), token());
    made->open();
    QElapsedTimer timer;
    timer.start();
    while (made->state() != DeskClient::State::Open && timer.elapsed() < 30'000)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 50);
    return made->state() == DeskClient::State::Open ? std::move(made) : nullptr;
}

HttpAnswer http(const QByteArray &method, const QUrl &url, const QByteArray &body, const QList<QPair<QByteArray, QByteArray>> &headers)
{
    QNetworkAccessManager manager;
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    for (const auto &[name, value] : headers)
        request.setRawHeader(name, value);
    if (!body.isEmpty() && !request.hasRawHeader("Content-Type"))
        request.setRawHeader("Content-Type", "application/json");
    std::unique_ptr<QNetworkReply> reply(manager.sendCustomRequest(request, method, body));
    QElapsedTimer timer;
    timer.start();
    while (!reply->isFinished() && timer.elapsed() < 30'000)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 50);
    HttpAnswer answer{.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), .body = reply->readAll()};
    const auto pairs = reply->rawHeaderPairs();
    for (const auto &[name, value] : pairs)
        answer.headers.insert(name.toLower(), value);
    return answer;
}

} // namespace antiphon::test
