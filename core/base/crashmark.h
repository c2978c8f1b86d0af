#pragma once

class QString;

/// Tells a program that broke from one that was ended from outside (a kill, the power): whoever breaks leaves a file behind.
namespace antiphon::crashmark {

/// From now on a fault of this process (an invalid access, an abort, an exception that nobody caught) leaves an empty file at `path`, and then ends
/// it as ever. Call once, early. Where the system has no signals, nothing is left.
void watch(const QString &path);

/// For a thread of one's own: a fault by an overrun stack needs another stack to be noticed on. The main thread has one by watch().
void guardThread();

/// Whether the last process that watched this path broke. Takes the mark away.
/// Where the system has no signals: always true, so that an unclean stop counts as the program's own fault.
bool take(const QString &path);

} // namespace antiphon::crashmark
