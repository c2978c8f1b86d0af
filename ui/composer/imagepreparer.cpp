#include "ui/composer/imagepreparer.h"

#include "ui/models/imagecache.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMimeDatabase>
#include <QPromise>
#include <QThreadPool>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPreviewSide = 96;
constexpr qint64 kLargestSource = 64 * 1024 * 1024;
constexpr int kLargestSide = 4096;

const QString kKindField = u"attachment_kind"_s;
const QString kSizeField = u"attachment_size"_s;

Error invalid(const QString &why, const QString &field = u"attachment"_s)
{
    return {Error::Kind::Invalid, why, field};
}

/// A file that is no picture: it goes as it is, or not at all. Its kind is that by which the channel knows it.
Result<PreparedFile> asItIs(const QString &path, const QString &name, qint64 size, const ComposerLimits &limits)
{
    const QMimeType type = QMimeDatabase().mimeTypeForFile(path);
    QString mime = type.name();
    if (!limits.attachmentMimes.isEmpty() && !limits.attachmentMimes.contains(mime)) {
        const auto known = std::find_if(limits.attachmentMimes.begin(), limits.attachmentMimes.end(), [&type](const QString &taken) { return type.inherits(taken); });
        if (known == limits.attachmentMimes.end())
            return invalid(u"the channel takes no "_s + mime, kKindField);
        mime = *known;
    }
    if (size > limits.bytesFor(mime))
        return invalid(u"over %1 bytes"_s.arg(limits.bytesFor(mime)), kSizeField);
    return PreparedFile{.path = path, .name = name, .mime = mime, .size = size};
}

QString mimeOfFormat(const QByteArray &format)
{
    return format == "jpeg" ? u"image/jpeg"_s : format == "png" ? u"image/png"_s : format == "gif" ? u"image/gif"_s : format == "webp" ? u"image/webp"_s : QString();
}

/// Writes the picture so that it fits: quality first, then size.
Result<PreparedFile> write(QImage image, const QString &name, const ComposerLimits &limits)
{
    const bool isPng = image.hasAlphaChannel();
    const QByteArray format = isPng ? "PNG" : "JPG";
    PreparedFile prepared{.name = QFileInfo(name).completeBaseName() + (isPng ? u".png"_s : u".jpg"_s),
                          .mime = isPng ? u"image/png"_s : u"image/jpeg"_s,
                          .preview = image.scaled(kPreviewSide, kPreviewSide, Qt::KeepAspectRatio, Qt::SmoothTransformation),
                          .wasConverted = true};
    for (int quality = 90; image.width() > 64 && image.height() > 64; quality = isPng ? 90 : quality - 15) {
        auto file = std::make_shared<QTemporaryFile>(QDir::temp().filePath(u"antiphon-upload-XXXXXX"_s));
        if (!file->open() || !image.save(file.get(), format.constData(), isPng ? -1 : quality) || !file->flush())
            return Error{Error::Kind::Storage, u"the converted picture could not be written: "_s + file->errorString()};
        if (file->size() <= limits.bytesFor(prepared.mime)) {
            prepared.path = file->fileName();
            prepared.size = file->size();
            prepared.temporary = file;
            return prepared;
        }
        if (isPng || quality <= 60) {
            image = image.scaled(image.size() * 0.75, Qt::KeepAspectRatio, Qt::SmoothTransformation);
            quality = 105;
        }
    }
    return invalid(u"the picture can't be made small enough"_s);
}

Result<PreparedFile> prepare(const QString &path, const ComposerLimits &limits)
{
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return invalid(file.errorString());
    const qint64 size = file.size();
    if (size > std::max(kLargestSource, limits.attachmentBytes))
        return invalid(u"the file is too large"_s, kSizeField);
    const QByteArray head = file.peek(64);
    const QString mime = mimeOfFormat(imageFormat(head));
    const QString name = QFileInfo(path).fileName();
    if (mime.isEmpty())
        return asItIs(path, name, size, limits);
    const auto image = decodeImage(file.readAll(), QSize(kLargestSide, kLargestSide));
    if (!image)
        return image.error();
    const bool isTaken = limits.attachmentMimes.isEmpty() || limits.attachmentMimes.contains(mime);
    const bool takesPictures = limits.attachmentMimes.isEmpty() || limits.attachmentMimes.contains(u"image/jpeg"_s) || limits.attachmentMimes.contains(u"image/png"_s);
    if (!isTaken && !takesPictures)
        return invalid(u"the channel takes no pictures"_s, kKindField);
    if (!isTaken || size > limits.bytesFor(mime))
        return write(*image, name, limits);
    return PreparedFile{.path = path,
                        .name = name,
                        .mime = mime,
                        .size = size,
                        .preview = image->scaled(kPreviewSide, kPreviewSide, Qt::KeepAspectRatio, Qt::SmoothTransformation)};
}

template <typename Work>
QFuture<Result<PreparedFile>> inPool(Work work)
{
    auto promise = std::make_shared<QPromise<Result<PreparedFile>>>();
    promise->start();
    const QFuture<Result<PreparedFile>> future = promise->future();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        promise->addResult(work());
        promise->finish();
    });
    return future;
}

} // namespace

QFuture<Result<PreparedFile>> prepareFile(const QString &path, const ComposerLimits &limits)
{
    return inPool([path, limits] { return prepare(path, limits); });
}

QFuture<Result<PreparedFile>> prepareImage(const QImage &image, const ComposerLimits &limits)
{
    return inPool([image, limits] {
        if (image.isNull())
            return Result<PreparedFile>(invalid(u"no picture"_s));
        return write(image.width() > kLargestSide || image.height() > kLargestSide
                         ? image.scaled(kLargestSide, kLargestSide, Qt::KeepAspectRatio, Qt::SmoothTransformation)
                         : image,
                     u"pasted"_s, limits);
    });
}

} // namespace antiphon
