#include "core/store/folderblobstore.h"

#include "core/base/durablefile.h"
#include "core/base/logging.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kFirstBytes = 4096;
constexpr qsizetype kShaLength = 32;
constexpr QFile::Permissions kOwnerOnly = QFile::ReadOwner | QFile::WriteOwner;

Error storageError(const QString &what, const QFile &file)
{
    return Error{Error::Kind::Storage, what + u": "_s + file.errorString()};
}

/// Makes the folder of a blob, readable by its owner alone, and flushes what was made.
bool makeFolder(const QString &folder)
{
    if (QFileInfo(folder).isDir())
        return true;
    const QString parent = QFileInfo(folder).path();
    if (!makeFolder(parent))
        return false;
    if (!QDir().mkdir(folder) && !QFileInfo(folder).isDir())
        return false;
    return QFile::setPermissions(folder, kOwnerOnly | QFile::ExeOwner) && durable::flushFolder(parent);
}

class FileWriter final : public BlobStore::Writer {
public:
    FileWriter(const QString &path, std::function<QString(const QByteArray &)> pathOf, std::function<qint64(const QByteArray &)> soundSize)
        : m_file(path)
        , m_pathOf(std::move(pathOf))
        , m_soundSize(std::move(soundSize))
    {
    }

    ~FileWriter() override
    {
        if (!m_isFinished)
            m_file.remove();
    }

    Result<void> open()
    {
        if (!m_file.open(QIODevice::WriteOnly | QIODevice::NewOnly | QIODevice::Unbuffered) || !m_file.setPermissions(kOwnerOnly))
            return storageError(u"a file can't be made"_s, m_file);
        return {};
    }

    Result<void> append(const QByteArray &piece) override
    {
        if (m_firstBytes.size() < kFirstBytes)
            m_firstBytes += piece.left(kFirstBytes - m_firstBytes.size());
        m_hash.addData(piece);
        m_size += piece.size();
        if (m_file.write(piece) != piece.size())
            return storageError(u"a file can't be written"_s, m_file);
        return {};
    }

    Result<QByteArray> finish() override;
    qint64 size() const override { return m_size; }
    QByteArray firstBytes() const override { return m_firstBytes; }

private:
    QFile m_file;
    std::function<QString(const QByteArray &)> m_pathOf;
    std::function<qint64(const QByteArray &)> m_soundSize;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    QByteArray m_firstBytes;
    qint64 m_size = 0;
    bool m_isFinished = false;
};

Result<QByteArray> FileWriter::finish()
{
    const QByteArray sha256 = m_hash.result();
    const QString path = m_pathOf(sha256);
    const QString folder = QFileInfo(path).path();
    if (m_soundSize(sha256) == m_size) {               // the same bytes are there already
        m_file.remove();
        m_isFinished = true;
        if (!durable::flushFolder(folder))                      // an earlier finish() may have failed at just this
            return Error{Error::Kind::Storage, u"the folder %1 can't be flushed"_s.arg(folder)};
        return sha256;
    }
    if (!durable::flush(m_file))
        return storageError(u"a file can't be flushed"_s, m_file);
    m_file.close();
    if (!makeFolder(folder))
        return Error{Error::Kind::Storage, u"the folder %1 can't be made"_s.arg(folder)};
    QFile::remove(path);                               // what a damaged disk left
    if (!m_file.rename(path))
        return storageError(u"a file can't be put in its place"_s, m_file);
    m_isFinished = true;
    if (!durable::flushFolder(folder))
        return Error{Error::Kind::Storage, u"the folder %1 can't be flushed"_s.arg(folder)};
    return sha256;
}

} // namespace

std::unique_ptr<BlobStore> BlobStore::inFolder(const QString &folder)
{
    return std::make_unique<FolderBlobStore>(folder);
}

FolderBlobStore::FolderBlobStore(const QString &folder)
    : m_folder(folder)
{
}

/// At the first use, so that it happens in the files thread and can be answered with an error.
Result<void> FolderBlobStore::prepare()
{
    if (m_isPrepared)
        return {};
    QDir unfinished(m_folder + u"/tmp"_s);
    if (!makeFolder(unfinished.path()))
        return Error{Error::Kind::Storage, u"the folder %1 can't be made"_s.arg(unfinished.path())};
    for (const QString &name : unfinished.entryList(QDir::Files | QDir::Hidden | QDir::System)) {
        if (!unfinished.remove(name))
            qCWarning(lcStore) << "an unfinished file can't be removed";
    }
    m_isPrepared = true;
    return {};
}

QString FolderBlobStore::pathOf(const QByteArray &sha256) const
{
    const QString hex = QString::fromLatin1(sha256.toHex());
    return u"%1/%2/%3/%4"_s.arg(m_folder, hex.left(2), hex.mid(2, 2), hex);
}

Result<std::unique_ptr<BlobStore::Writer>> FolderBlobStore::create()
{
    if (auto prepared = prepare(); !prepared)
        return prepared.error();
    const QString path = u"%1/tmp/%2"_s.arg(m_folder).arg(++m_count);
    auto writer = std::make_unique<FileWriter>(path, [this](const QByteArray &sha256) { return pathOf(sha256); },
                                               [this](const QByteArray &sha256) {
                                                   const auto known = size(sha256);
                                                   return known ? *known : qint64(-1);
                                               });
    if (auto opened = writer->open(); !opened)
        return opened.error();
    return Result<std::unique_ptr<Writer>>(std::move(writer));
}

Result<qint64> FolderBlobStore::size(const QByteArray &sha256)
{
    const QFileInfo info(pathOf(sha256));
    if (sha256.size() != kShaLength || !info.isFile())
        return Error{Error::Kind::NotFound, u"no such blob"_s};
    if (const auto sound = verify(sha256, info); !sound)
        return sound.error();
    return info.size();
}

/// Once a process, and again where the file was touched: what the disk gives back is what was put there, or an error.
Result<void> FolderBlobStore::verify(const QByteArray &sha256, const QFileInfo &info)
{
    const Seen now{.size = info.size(), .changed = info.lastModified()};
    if (m_verified.value(sha256) == now)
        return {};
    QFile file(info.filePath());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered) || !hash.addData(&file))
        return storageError(u"a blob can't be read"_s, file);
    if (hash.result() != sha256) {
        qCCritical(lcStore).noquote() << "the file" << info.filePath() << "is damaged: its bytes are not those that were stored";
        return Error{Error::Kind::Storage, u"a blob is damaged"_s};
    }
    m_verified.insert(sha256, now);
    return {};
}

Result<QByteArray> FolderBlobStore::read(const QByteArray &sha256, qint64 offset, qint64 length)
{
    if (const auto known = size(sha256); !known)
        return known.error();
    QFile file(pathOf(sha256));
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return storageError(u"a blob can't be opened"_s, file);
    if (offset < 0 || length < 0)
        return Error{Error::Kind::Invalid, u"a range can't be negative"_s};
    if (offset >= file.size())
        return QByteArray();
    if (!file.seek(offset))
        return storageError(u"a blob can't be read"_s, file);
    const qint64 wanted = std::min(length, file.size() - offset);
    QByteArray bytes = file.read(wanted);
    if (bytes.size() != wanted)
        return storageError(u"a blob can't be read"_s, file);
    return bytes;
}

Result<void> FolderBlobStore::remove(const QByteArray &sha256)
{
    QFile file(pathOf(sha256));
    if (sha256.size() != kShaLength || !file.exists())
        return Error{Error::Kind::NotFound, u"no such blob"_s};
    if (!file.remove())
        return storageError(u"a blob can't be removed"_s, file);
    return {};
}

} // namespace antiphon
