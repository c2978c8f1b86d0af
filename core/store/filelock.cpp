#include "core/store/filelock.h"

#include <QFile>

#ifdef Q_OS_WIN
#include <windows.h>
#else
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#endif

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

Error heldError(const QString &path)
{
    return Error{Error::Kind::Conflict, u"The workspace is open in another program (%1)."_s.arg(path)};
}

Error fileError(const QString &path)
{
    return Error{Error::Kind::Storage, u"The file %1 can't be written."_s.arg(path)};
}

} // namespace

FileLock::FileLock(const QString &path)
    : m_path(path)
{
}

FileLock::~FileLock()
{
    unlock();
}

#ifdef Q_OS_WIN

Result<void> FileLock::lock()
{
    HANDLE handle = CreateFileW(reinterpret_cast<const wchar_t *>(m_path.utf16()), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_ALWAYS,
                                FILE_ATTRIBUTE_NORMAL, nullptr);
    if (handle == INVALID_HANDLE_VALUE)
        return GetLastError() == ERROR_SHARING_VIOLATION ? heldError(m_path) : fileError(m_path);
    m_handle = reinterpret_cast<qintptr>(handle);
    return {};
}

void FileLock::unlock()
{
    if (m_handle != -1)
        CloseHandle(reinterpret_cast<HANDLE>(m_handle));
    m_handle = -1;
}

#else

Result<void> FileLock::lock()
{
    const int descriptor = ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fileError(m_path);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const bool isHeld = errno == EWOULDBLOCK;
        ::close(descriptor);
        return isHeld ? heldError(m_path) : fileError(m_path);
    }
    m_handle = descriptor;
    return {};
}

void FileLock::unlock()
{
    if (m_handle != -1)
        ::close(int(m_handle));
    m_handle = -1;
}

#endif

} // namespace antiphon
