#include "core/base/durablefile.h"

#include <QFile>
#include <QFileInfo>

#ifdef Q_OS_WIN
#include <io.h>
#include <windows.h>
#else
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace antiphon::durable {
namespace {
using namespace Qt::StringLiterals;

Error storageError(const QString &path, const QString &why)
{
    return Error{Error::Kind::Storage, u"%1: %2"_s.arg(path, why)};
}

bool replace(const QString &from, const QString &to)
{
#ifdef Q_OS_WIN
    return MoveFileExW(reinterpret_cast<const wchar_t *>(from.utf16()), reinterpret_cast<const wchar_t *>(to.utf16()),
                       MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0;
#else
    return std::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) == 0;
#endif
}

} // namespace

bool flush(QFile &file)
{
#ifdef Q_OS_WIN
    return file.flush() && _commit(file.handle()) == 0;
#else
    return file.flush() && ::fsync(file.handle()) == 0;
#endif
}

bool flushFolder(const QString &folder)
{
#ifdef Q_OS_WIN
    Q_UNUSED(folder)
    return true;                                       // NTFS journals names; there is no handle to flush
#else
    const int descriptor = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool isDone = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return isDone;
#endif
}

Result<void> write(const QString &path, const QByteArray &content)
{
    const QString unfinished = path + u".new"_s;
    {
        QFile file(unfinished);
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
            || file.write(content) != content.size() || !flush(file)) {
            const Error error = storageError(path, file.errorString());
            file.remove();
            return error;
        }
    }
    if (!replace(unfinished, path)) {
        QFile::remove(unfinished);
        return storageError(path, u"can't be put in its place"_s);
    }
    if (!flushFolder(QFileInfo(path).absolutePath()))
        return storageError(path, u"its folder can't be flushed"_s);
    return {};
}

} // namespace antiphon::durable
