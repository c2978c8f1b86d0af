#pragma once

#include "core/store/blobstore.h"

#include <QDateTime>
#include <QHash>
#include <QString>

class QFileInfo;

namespace antiphon {

/// Blobs as files <folder>/ab/cd/<sha256 in hex>, mode 0600. What is being written stands in <folder>/tmp, on the same file system, and is
/// flushed, renamed and its folder flushed before anybody is told. What stands in tmp at start was never told and goes away. A file whose bytes
/// are not those that were put is Storage, never given out.
class FolderBlobStore final : public BlobStore {
public:
    explicit FolderBlobStore(const QString &folder);

    Result<std::unique_ptr<Writer>> create() override;
    Result<qint64> size(const QByteArray &sha256) override;
    Result<QByteArray> read(const QByteArray &sha256, qint64 offset, qint64 length) override;
    Result<void> remove(const QByteArray &sha256) override;

private:
    struct Seen {
        qint64 size = -1;
        QDateTime changed{};
        bool operator==(const Seen &other) const = default;
    };

    Result<void> prepare();
    Result<void> verify(const QByteArray &sha256, const QFileInfo &info);
    QString pathOf(const QByteArray &sha256) const;

    const QString m_folder;
    bool m_isPrepared = false;
    quint64 m_count = 0;
    QHash<QByteArray, Seen> m_verified;          ///< as they were when their bytes were looked at
};

} // namespace antiphon
