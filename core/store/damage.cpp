#include "core/store/damage.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#include <sqlite3.h>

namespace antiphon::damage {
using namespace Qt::StringLiterals;

bool isOne(const Error &error)
{
    const int code = error.code.toInt() & 0xff;
    return error.kind == Error::Kind::Storage && (code == SQLITE_CORRUPT || code == SQLITE_NOTADB);
}

QString reasonOf(const Error &error)
{
    switch (error.code.toInt() & 0xff) {
    case SQLITE_FULL: return u"disk_full"_s;
    case SQLITE_IOERR: return u"io_error"_s;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return u"locked"_s;
    case SQLITE_READONLY:
    case SQLITE_PERM: return u"read_only"_s;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return u"damaged"_s;
    default: return u"refused"_s;
    }
}

QString newestCopy(const QString &databasePath)
{
    const QFileInfo file(databasePath);
    const QDir folder(file.absolutePath());
    for (const QString &name : folder.entryList({file.fileName() + u".before-*"_s}, QDir::Files, QDir::Time)) {
        if (!name.endsWith(u".part"_s))
            return folder.filePath(name);
    }
    return {};
}

Error sentence(const QString &databasePath, const QString &what)
{
    const QString copy = newestCopy(databasePath);
    const QString file = QFileInfo(databasePath).fileName();
    QString text = u"The workspace's file %1 is damaged: %2. Nothing of it was changed. "_s.arg(databasePath, what);
    if (copy.isEmpty()) {
        text += u"There is no copy beside it: put back a backup of your own in its place (move %1 and %1-wal away first), "
                "or have what is left of it read out by \"sqlite3 %1 .recover\"."_s.arg(file);
    } else {
        text += u"There is a copy of %1, %2: to go on from it, move %3 and %3-wal away and give the copy the name %3. "
                "What came later is missing then; what was waiting to be sent waits for your word."_s
                    .arg(QFileInfo(copy).lastModified().toUTC().toString(u"yyyy-MM-dd hh:mm 'UTC'"_s), copy, file);
    }
    return Error{.kind = Error::Kind::Storage, .detail = text, .field = u"damaged"_s};
}

} // namespace antiphon::damage
