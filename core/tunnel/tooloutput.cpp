#include "core/tunnel/tooloutput.h"

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#endif

#include <array>
#include <utility>

namespace antiphon {

#ifdef Q_OS_UNIX
namespace {

// Each line is looked at with several expressions, so lines are what costs. They are counted after each piece, and a piece holds few.
constexpr std::chrono::milliseconds kPause{100};
constexpr qsizetype kBytesAtOnce = 64 * 1024;
constexpr int kLinesAtOnce = 64;
constexpr qsizetype kPiece = 512;
constexpr qsizetype kLastWords = 16 * 1024;        // of what a tool left in the pipe as it ended

/// Some bytes; empty at the end (`isOver`) and where nothing is there just now.
QByteArray readPiece(int fd, qsizetype most, bool *isOver)
{
    QByteArray piece(most, Qt::Uninitialized);
    ssize_t got = 0;
    do {
        got = ::read(fd, piece.data(), size_t(most));
    } while (got < 0 && errno == EINTR);
    *isOver = got == 0 || (got < 0 && errno != EAGAIN);
    piece.truncate(std::max<qsizetype>(got, 0));
    return piece;
}

bool makePipe(std::array<int, 2> &ends)
{
#ifdef Q_OS_LINUX
    return ::pipe2(ends.data(), O_CLOEXEC) == 0;
#else
    return ::pipe(ends.data()) == 0 && ::fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && ::fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0;
#endif
}

} // namespace
#endif

ToolOutput::ToolOutput(QObject *parent)
    : QObject(parent)
{
    m_pause.setParent(this);
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (m_notifier)
            m_notifier->setEnabled(true);
    });
}

ToolOutput::~ToolOutput()
{
    closeToolEnd();
    closeOurEnd();
}

void ToolOutput::take(const QByteArray &piece)
{
    emitLines(m_lines.take(piece));
}

int ToolOutput::emitLines(const QStringList &lines)
{
    for (const QString &line : lines)
        emit printed(line);
    return int(lines.size());
}

#ifdef Q_OS_UNIX

bool ToolOutput::open()
{
    std::array<int, 2> ends{-1, -1};
    if (!makePipe(ends))
        return false;
    m_ourEnd = ends[0];
    m_toolEnd = ends[1];
    ::fcntl(m_ourEnd, F_SETFL, ::fcntl(m_ourEnd, F_GETFL) | O_NONBLOCK);
    m_notifier = std::make_unique<QSocketNotifier>(m_ourEnd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &ToolOutput::read);
    return true;
}

void ToolOutput::closeToolEnd()
{
    if (const int fd = std::exchange(m_toolEnd, -1); fd >= 0)
        ::close(fd);
}

void ToolOutput::closeOurEnd()
{
    m_pause.stop();
    if (m_notifier) {
        m_notifier->setEnabled(false);
        m_notifier.release()->deleteLater();       // it may be what called us
    }
    if (const int fd = std::exchange(m_ourEnd, -1); fd >= 0)
        ::close(fd);
}

void ToolOutput::read()
{
    qsizetype bytes = 0;
    int lines = 0;
    while (m_ourEnd >= 0 && bytes < kBytesAtOnce && lines < kLinesAtOnce) {
        bool isOver = false;
        const QByteArray piece = readPiece(m_ourEnd, kPiece, &isOver);
        if (isOver)                                // the tool closed it; a notifier would go on telling of that
            closeOurEnd();
        if (piece.isEmpty())
            return;
        bytes += piece.size();
        lines += emitLines(m_lines.take(piece));
    }
    if (m_notifier) {
        m_notifier->setEnabled(false);
        m_pause.start(kPause);
    }
}

void ToolOutput::finish()
{
    QByteArray rest;
    for (bool isOver = m_ourEnd < 0; !isOver && rest.size() < kBytesAtOnce;) {
        const QByteArray piece = readPiece(m_ourEnd, kBytesAtOnce, &isOver);
        if (piece.isEmpty())
            break;
        rest += piece;
    }
    closeOurEnd();
    take(rest.right(kLastWords));
    emitLines(m_lines.finish());
}

#else

bool ToolOutput::open()
{
    return false;
}

void ToolOutput::closeToolEnd() {}

void ToolOutput::closeOurEnd() {}

void ToolOutput::read() {}

void ToolOutput::finish()
{
    emitLines(m_lines.finish());
}

#endif

} // namespace antiphon
