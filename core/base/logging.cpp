#include "core/base/logging.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <cstdio>
#include <mutex>

#ifdef Q_OS_UNIX
#include <poll.h>
#include <unistd.h>
#endif

Q_LOGGING_CATEGORY(lcBase, "antiphon.base", QtInfoMsg)
Q_LOGGING_CATEGORY(lcStore, "antiphon.store", QtInfoMsg)
Q_LOGGING_CATEGORY(lcSecrets, "antiphon.secrets", QtInfoMsg)
Q_LOGGING_CATEGORY(lcNet, "antiphon.net", QtInfoMsg)
Q_LOGGING_CATEGORY(lcAccounts, "antiphon.accounts", QtInfoMsg)
Q_LOGGING_CATEGORY(lcIntake, "antiphon.intake", QtInfoMsg)
Q_LOGGING_CATEGORY(lcOutbox, "antiphon.outbox", QtInfoMsg)
Q_LOGGING_CATEGORY(lcDesk, "antiphon.desk", QtInfoMsg)
Q_LOGGING_CATEGORY(lcServer, "antiphon.server", QtInfoMsg)
Q_LOGGING_CATEGORY(lcClient, "antiphon.client", QtInfoMsg)
Q_LOGGING_CATEGORY(lcUi, "antiphon.ui", QtInfoMsg)
Q_LOGGING_CATEGORY(lcApp, "antiphon.app", QtInfoMsg)

namespace antiphon {
namespace {

constexpr qint64 kRotateAt = 8 * 1024 * 1024;

/// Who started the program may have left the other end of the pipe unread: a full one must not stop the threads that log, the Writer among them. What
/// doesn't fit is left out there and counted; the file has all of it.
class StandardError {
public:
    void write(const QByteArray &line)
    {
        if (m_leftOut > 0 && put("... " + QByteArray::number(m_leftOut) + " lines are in the log file only\n"))
            m_leftOut = 0;
        if (m_leftOut > 0 || !put(line))
            ++m_leftOut;
    }

private:
    static bool put(const QByteArray &text)
    {
#ifdef Q_OS_UNIX
        constexpr qsizetype kPiece = 512;     // POSIX: what poll() calls writable takes that much at least without blocking
        for (qsizetype at = 0; at < text.size(); at += kPiece) {
            pollfd ready{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
            if (::poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT))
                return at > 0;                // a line that was begun isn't repeated
            if (::write(STDERR_FILENO, text.constData() + at, size_t(std::min(kPiece, text.size() - at))) < 0)
                return true;                  // nobody is there: not to be told again
        }
        return true;
#else
        std::fwrite(text.constData(), 1, size_t(text.size()), stderr);
        return true;
#endif
    }

    qint64 m_leftOut = 0;
};

struct LogFile {
    std::mutex mutex;
    StandardError standardError;
    QFile file;
    QString path;

    void open()
    {
        file.setFileName(path);
        if (file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered))
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }

    void write(const QByteArray &line)
    {
        if (path.isEmpty())
            return;
        if (file.isOpen() && file.size() > kRotateAt) {
            file.close();
            QFile::remove(path + QStringLiteral(".1"));
            QFile::rename(path, path + QStringLiteral(".1"));
            open();
        }
        if (file.isOpen())
            file.write(line);
    }
};

LogFile &logFile()
{
    static LogFile instance;
    return instance;
}

const char *levelName(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg: return "debug";
    case QtInfoMsg: return "info";
    case QtWarningMsg: return "warning";
    case QtCriticalMsg: return "error";
    case QtFatalMsg: return "fatal";
    }
    Q_UNREACHABLE();
}

QByteArray escaped(const QString &message)
{
    QByteArray out;
    const QByteArray utf8 = message.toUtf8();
    out.reserve(utf8.size());
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f)
            out += "\\x" + QByteArray::number(byte, 16).rightJustified(2, '0');
        else
            out += c;
    }
    return out;
}

void handle(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const QByteArray line = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toLatin1() + ' '
        + (context.category ? context.category : "default") + ' ' + levelName(type) + ": " + escaped(message) + '\n';
    LogFile &log = logFile();
    const std::lock_guard lock(log.mutex);
    log.write(line);
    log.standardError.write(line);
}

} // namespace

void installLogHandler(const QString &directory)
{
    if (!directory.isEmpty()) {
        LogFile &log = logFile();
        const std::lock_guard lock(log.mutex);
        log.path = QDir(directory).filePath(QStringLiteral("antiphon.log"));
        log.open();
    }
    qInstallMessageHandler(handle);
}

} // namespace antiphon
