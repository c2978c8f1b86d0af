#include "app/host/datadir.h"

#include "core/base/durablefile.h"
#include "core/base/logging.h"

#include <QDir>
#include <QFile>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

Error storage(const QString &path, const QString &why)
{
    return {Error::Kind::Storage, u"%1: %2"_s.arg(path, why)};
}

/// Messages stand unencrypted in the folder, so nobody else is to look into it. A file system without modes is no reason not to start, but is said.
void makePrivate(const QString &path)
{
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    if (!(QFileInfo(path).permissions() & others))
        return;
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    if (QFileInfo(path).permissions() & others)
        qCWarning(lcApp).noquote() << path << "can be read by other users of this computer, and its mode can't be changed";
}
} // namespace

DataDir::DataDir(const QString &path)
    : m_path(path)
    , m_lock(QDir(path).filePath(u"antiphon.lock"_s))
{
}

DataDir::~DataDir() = default;

Result<std::unique_ptr<DataDir>> DataDir::open(const QString &path)
{
    if (!QDir().mkpath(path))
        return storage(path, u"the data folder can't be made"_s);
    if (const QFileInfo info(path); !info.isDir() || !info.isWritable())
        return storage(path, u"the data folder can't be written"_s);
    makePrivate(path);
    std::unique_ptr<DataDir> dir(new DataDir(path));
    if (const auto locked = dir->m_lock.lock(); !locked) {
        if (locked.error().kind == Error::Kind::Conflict)
            return Error{Error::Kind::Unavailable, u"%1: Antiphon is already running on this data folder"_s.arg(path)};
        return locked.error();
    }
    return dir;
}

QString DataDir::file(const QString &name) const
{
    return QDir(m_path).filePath(name);
}

Result<QString> DataDir::ownerToken(RandomSource &random) const
{
    const QString path = file(u"token"_s);
    QFile existing(path);
    if (existing.exists()) {
        if (!existing.open(QIODevice::ReadOnly))
            return storage(path, existing.errorString());
        const QString token = QString::fromLatin1(existing.readAll().trimmed());
        if (token.size() < 32)
            return storage(path, u"holds no token; remove the file to have a new one made"_s);
        return token;
    }
    const QString token = randomToken(random, 256);
    if (const auto written = durable::write(path, token.toLatin1() + '\n'); !written)   // who has seen it gets in after a loss of power, too
        return written.error();
    return token;
}

} // namespace antiphon
