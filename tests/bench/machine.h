#pragma once

#include <QString>

namespace antiphon::bench {

/// Prints what a figure is worth nothing without: date, revision, build type, processors, load, and the filesystem of the folder.
void sayMachine(const QString &bench, const QString &folder);

/// The name of the filesystem that holds `path`: "ext2/3/4", "tmpfs", …
QString filesystemName(const QString &path);

/// Resident memory of a process as the kernel tells it, in MiB; 0 where it is gone. @param field "VmRSS" or "RssAnon"
double residentMiB(qint64 pid, const QByteArray &field);

/// Processor time that a process has used so far, in seconds; negative where it is gone.
double processorSeconds(qint64 pid);

/// Waits until the process has used next to no processor for a second, `patienceMs` at most. @return whether that came.
bool waitForIdle(qint64 pid, int patienceMs);

/// A TCP port of loopback that was free a moment ago.
quint16 freePort();

} // namespace antiphon::bench
