#include "core/channels/telegram/telegramfiles.h"

#include <QMimeDatabase>
#include <QMimeType>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kPhotoLimit = 10 * 1024 * 1024;
constexpr int kPhotoSides = 10'000;          // width and height together
constexpr int kPhotoRatio = 20;
constexpr qsizetype kAlbum = 10;

QString essence(const QString &mime)
{
    return mime.section(u';', 0, 0).trimmed().toLower();
}

qint64 sizeOf(const OutboundAttachment &file)
{
    return qMax<qint64>(file.size, file.bytes.size());
}

bool isPhoto(const OutboundAttachment &file, const QString &mime)
{
    static const QStringList types{u"image/jpeg"_s, u"image/jpg"_s, u"image/png"_s, u"image/webp"_s};
    if (!types.contains(mime) || sizeOf(file) > kPhotoLimit)
        return false;
    const qint64 width = file.width.value_or(1);
    const qint64 height = file.height.value_or(1);
    if (width <= 0 || height <= 0 || width + height > kPhotoSides)
        return width <= 0 || height <= 0;
    return qMax(width, height) <= kPhotoRatio * qMin(width, height) || !file.width || !file.height;
}

} // namespace

FileWay asDocument()
{
    return {u"sendDocument"_s, u"document"_s, FileWay::Album::Documents};
}

FileWay wayOf(const OutboundAttachment &file)
{
    static const QStringList voices{u"audio/ogg"_s, u"audio/opus"_s};
    static const QStringList songs{u"audio/mpeg"_s, u"audio/mp3"_s, u"audio/mp4"_s, u"audio/x-m4a"_s, u"audio/m4a"_s, u"audio/aac"_s};
    const QString mime = essence(file.mime);
    if (isPhoto(file, mime))
        return {u"sendPhoto"_s, u"photo"_s, FileWay::Album::Pictures};
    if (mime == "image/gif"_L1)
        return {u"sendAnimation"_s, u"animation"_s, FileWay::Album::None};
    if (mime == "video/mp4"_L1)
        return {u"sendVideo"_s, u"video"_s, FileWay::Album::Pictures};
    if (voices.contains(mime) || (file.isVoice && songs.contains(mime)))
        return {u"sendVoice"_s, u"voice"_s, FileWay::Album::None};
    if (songs.contains(mime))
        return {u"sendAudio"_s, u"audio"_s, FileWay::Album::Audio};
    return asDocument();
}

QList<QList<OutboundAttachment>> callsFor(const QList<OutboundAttachment> &files)
{
    QList<QList<OutboundAttachment>> calls;
    FileWay::Album last = FileWay::Album::None;
    qint64 together = 0;
    for (const OutboundAttachment &file : files) {
        const FileWay::Album album = wayOf(file).album;
        const bool isSameKind = !calls.isEmpty() && album != FileWay::Album::None && album == last;
        if (isSameKind && calls.constLast().size() < kAlbum && together + sizeOf(file) <= kUploadLimit) {
            calls.last().append(file);
            together += sizeOf(file);
        } else {
            calls.append(QList<OutboundAttachment>{file});
            together = sizeOf(file);
        }
        last = album;
    }
    return calls;
}

Result<void> checkFile(const OutboundAttachment &file)
{
    if (sizeOf(file) > kUploadLimit)
        return Error{Error::Kind::ChannelLimit, u"over 50 MB, the most that a bot can send"_s, u"attachment_ids"_s};
    return {};
}

QString uploadName(const OutboundAttachment &file)
{
    QString name = file.name.isEmpty() ? wayOf(file).field : file.name;
    name.replace(u'/', u'_').replace(u'\\', u'_');
    if (name.contains(u'.'))
        return name;
    const QString suffix = QMimeDatabase().mimeTypeForName(essence(file.mime)).preferredSuffix();
    return suffix.isEmpty() ? name : name + u'.' + suffix;
}

} // namespace antiphon::telegram
