#pragma once

#include "core/base/result.h"
#include "ui/composer/composerstate.h"

#include <QFuture>
#include <QImage>
#include <QTemporaryFile>

#include <memory>

namespace antiphon {

/// A file as it will be uploaded.
struct PreparedFile {
    QString path{};
    QString name{};
    QString mime{};
    qint64 size = 0;
    QImage preview{};                                ///< at most 96 px; null where it is no picture
    bool wasConverted = false;
    std::shared_ptr<QTemporaryFile> temporary{};     ///< holds the converted file as long as this lives
};

/// Makes a picked or pasted file fit for the channel, off the gui thread: a picture of another kind or too large is converted to JPEG (PNG with
/// transparency) and scaled until it fits. Invalid where it is no file or no picture the channel takes and can't be made one.
QFuture<Result<PreparedFile>> prepareFile(const QString &path, const ComposerLimits &limits);
QFuture<Result<PreparedFile>> prepareImage(const QImage &image, const ComposerLimits &limits);   ///< pasted

} // namespace antiphon
