#pragma once

#include "core/base/result.h"

#include <QByteArray>

#include <functional>
#include <memory>

namespace antiphon {

/// The bytes of attachments and pictures, by their sha256. Nobody else knows a path. All calls block: they belong on the files thread.
class BlobStore {
public:
    /// One file being written. Dropped without finish(): nothing is kept.
    class Writer {
    public:
        virtual ~Writer() = default;
        virtual Result<void> append(const QByteArray &piece) = 0;
        /// Flushed to the disk and in its place when this returns.
        virtual Result<QByteArray> finish() = 0;        ///< sha256, 32 bytes
        virtual qint64 size() const = 0;
        virtual QByteArray firstBytes() const = 0;      ///< up to 4 KiB, to tell the kind from
    };

    virtual ~BlobStore() = default;

    static std::unique_ptr<BlobStore> inFolder(const QString &folder);

    virtual Result<std::unique_ptr<Writer>> create() = 0;
    virtual Result<qint64> size(const QByteArray &sha256) = 0;                                          ///< NotFound
    virtual Result<QByteArray> read(const QByteArray &sha256, qint64 offset, qint64 length) = 0;        ///< may be shorter at the end
    virtual Result<void> remove(const QByteArray &sha256) = 0;
};

} // namespace antiphon
