#pragma once

#include "core/store/blobstore.h"

#include <QString>

namespace antiphon {

/// Blobs as files <folder>/ab/cd/<sha256 in hex>, mode 0600. What is being written stands in <folder>/tmp, on the same file system, and is
/// flushed, renamed and its folder flushed before anybody is told. What stands in tmp at start was never told and goes away.
class FolderBlobStore final : public BlobStore {
public:
    explicit FolderBlobStore(const QString &folder);

    Result<std::unique_ptr<Writer>> create() override;
    Result<qint64> size(const QByteArray &sha256) override;
    Result<QByteArray> read(const QByteArray &sha256, qint64 offset, qint64 length) override;
    Result<void> remove(const QByteArray &sha256) override;

private:
    Result<void> prepare();
    QString pathOf(const QByteArray &sha256) const;

    const QString m_folder;
    bool m_isPrepared = false;
    quint64 m_count = 0;
};

} // namespace antiphon
