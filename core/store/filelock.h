#pragma once

#include "core/base/result.h"

#include <QString>

namespace antiphon {

/// Keeps a second program off a workspace. The operating system holds the lock and ends it with the process, so a crash leaves nothing behind, whatever became
/// of the machine's name or the process's number meanwhile. The file itself stays.
class FileLock {
public:
    explicit FileLock(const QString &path);
    ~FileLock();                                   ///< unlock()
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;

    Result<void> lock();                           ///< at once: Conflict where it is held, Storage where the file can't be made
    void unlock();

private:
    const QString m_path;
    qintptr m_handle = -1;
};

} // namespace antiphon
