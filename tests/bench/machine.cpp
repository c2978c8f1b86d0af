#include "tests/bench/machine.h"

#include "tests/bench/figures.h"
#include "tests/bench/spin.h"

#include <QDateTime>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QThread>

#include <sys/vfs.h>
#include <unistd.h>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString revision()
{
    QProcess git;
    git.start(u"git"_s, {u"-C"_s, QStringLiteral(ANTIPHON_SOURCE_DIR), u"describe"_s, u"--always"_s, u"--dirty"_s, u"--tags"_s});
    const bool isDone = git.waitForFinished(5000) && git.exitCode() == 0;
    return isDone ? QString::fromLatin1(git.readAllStandardOutput().trimmed()) : u"unknown"_s;
}

QString processorName()
{
    for (const QByteArray &line : contentOf(u"/proc/cpuinfo"_s).split('\n')) {
        if (line.startsWith("model name"))
            return QString::fromLatin1(line.mid(line.indexOf(':') + 1).simplified());
    }
    return u"unknown processor"_s;
}

/// Clock ticks of processor time that a process has used.
qint64 ticks(qint64 pid)
{
    const QByteArray stat = contentOf(u"/proc/%1/stat"_s.arg(pid));
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    return fields.size() > 12 ? fields.at(11).toLongLong() + fields.at(12).toLongLong() : -1;
}

} // namespace

void sayMachine(const QString &bench, const QString &folder)
{
    const QByteArray load = contentOf(u"/proc/loadavg"_s);
    say(u"antiphon-bench %1, %2"_s.arg(bench, QDateTime::currentDateTimeUtc().toString(Qt::ISODate)));
    say(u"source %1, build %2, Qt %3, %4 processors (%5), load %6"_s.arg(revision(), QStringLiteral(ANTIPHON_BUILD_TYPE), QLatin1StringView(qVersion()))
            .arg(QThread::idealThreadCount())
            .arg(processorName(), QString::fromLatin1(load.left(load.indexOf(' ')))));
    say(u"data in %1 on %2"_s.arg(folder, filesystemName(folder)));
}

QString filesystemName(const QString &path)
{
    struct statfs info {};
    if (statfs(QFile::encodeName(path).constData(), &info) != 0)
        return u"an unknown filesystem"_s;
    switch (quint32(info.f_type)) {
    case 0xef53: return u"ext2/3/4"_s;
    case 0x58465342: return u"xfs"_s;
    case 0x9123683e: return u"btrfs"_s;
    case 0xf2f52010: return u"f2fs"_s;
    case 0x2fc12fc1: return u"zfs"_s;
    case 0x01021994: return u"tmpfs (no disk: commits cost nothing there)"_s;
    case 0x794c7630: return u"overlayfs"_s;
    case 0x6969: return u"nfs"_s;
    case 0x01021997: return u"9p"_s;
    case 0x65735546: return u"fuse"_s;
    }
    return u"filesystem 0x%1"_s.arg(quint32(info.f_type), 0, 16);
}

double residentMiB(qint64 pid, const QByteArray &field)
{
    for (const QByteArray &line : contentOf(u"/proc/%1/status"_s.arg(pid)).split('\n')) {
        if (line.startsWith(field + ':'))
            return line.mid(field.size() + 1).simplified().split(' ').first().toDouble() / 1024;
    }
    return 0;
}

double processorSeconds(qint64 pid)
{
    return double(ticks(pid)) / double(::sysconf(_SC_CLK_TCK));
}

bool waitForIdle(qint64 pid, int patienceMs)
{
    QElapsedTimer timer;
    timer.start();
    qint64 before = ticks(pid);
    while (timer.elapsed() < patienceMs) {
        spin(1000);
        const qint64 now = ticks(pid);
        if (now - before <= 1)
            return true;
        before = now;
    }
    return false;
}

quint16 freePort()
{
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost, 0);
    return probe.serverPort();
}

} // namespace antiphon::bench
