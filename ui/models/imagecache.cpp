#include "ui/models/imagecache.h"

#include "ui/models/whendone.h"

#include "core/base/logging.h"

#include <QBuffer>
#include <QImageReader>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qint64 kLargestFile = 32 * 1024 * 1024;
constexpr qint64 kMostPixels = 50'000'000;
constexpr int kLongestSide = 30'000;
constexpr int kCacheKib = 96 * 1024;

Error refused(const QString &why)
{
    return {Error::Kind::Invalid, why};
}

} // namespace

QByteArray imageFormat(const QByteArray &bytes)
{
    if (bytes.startsWith("\x89PNG\r\n\x1a\n"))
        return "png"_ba;
    if (bytes.startsWith("\xff\xd8\xff"))
        return "jpeg"_ba;
    if (bytes.startsWith("RIFF") && bytes.mid(8, 4) == "WEBP")
        return "webp"_ba;
    if (bytes.startsWith("GIF87a") || bytes.startsWith("GIF89a"))
        return "gif"_ba;
    return {};
}

Result<QImage> decodeImage(const QByteArray &bytes, const QSize &bound)
{
    const QByteArray format = imageFormat(bytes);
    if (format.isEmpty())
        return refused(u"not a picture of an accepted format"_s);
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, format);
    reader.setAutoDetectImageFormat(false);
    reader.setDecideFormatFromContent(false);
    reader.setAutoTransform(true);
    // Before any read: Qt's own limit doesn't hold on the scaled path.
    const QSize size = reader.size();
    if (!size.isValid() || size.width() > kLongestSide || size.height() > kLongestSide || qint64(size.width()) * size.height() > kMostPixels)
        return refused(u"size %1x%2 is not accepted"_s.arg(size.width()).arg(size.height()));
    if (!bound.isEmpty()) {
        const bool turned = reader.transformation() & QImageIOHandler::TransformationRotate90;
        const QSize limit = turned ? bound.transposed() : bound;
        if (size.width() > limit.width() || size.height() > limit.height())
            reader.setScaledSize(size.scaled(limit, Qt::KeepAspectRatio).expandedTo({1, 1}));
    }
    const QImage image = reader.read();
    if (image.isNull())
        return refused(u"broken picture: "_s + reader.errorString());
    return image.convertToFormat(image.hasAlphaChannel() ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
}

ImageCache::ImageCache(Download download, QObject *parent) : QObject(parent), m_download(std::move(download)), m_images(kCacheKib), m_mailbox(this)
{
    m_pool.setMaxThreadCount(2);
}

ImageCache::~ImageCache()
{
    m_pool.clear();
    m_pool.waitForDone();
}

ImageCache::State ImageCache::state(const QString &url, const QSize &bound) const
{
    const Key key = keyOf(url, bound);
    return m_images.contains(key) ? State::Ready : m_states.value(key, State::Unknown);
}

QImage ImageCache::image(const QString &url, const QSize &bound)
{
    if (url.isEmpty())
        return {};
    const Key key = keyOf(url, bound);
    if (const QImage *cached = m_images.object(key))
        return *cached;
    if (!m_states.contains(key))
        start(key);
    return {};
}

void ImageCache::retry(const QString &url, const QSize &bound)
{
    const Key key = keyOf(url, bound);
    if (m_states.value(key, State::Unknown) == State::Failed)
        start(key);
}

void ImageCache::start(const Key &key)
{
    if (!m_download)
        return;
    m_states.insert(key, State::Loading);
    whenDone(m_download(key.url, kLargestFile), this, [this, key](const Result<QByteArray> &bytes) {
        if (bytes)
            decode(key, *bytes);
        else
            finish(key, bytes.error());
    });
}

void ImageCache::decode(const Key &key, const QByteArray &bytes)
{
    m_pool.start([this, key, bytes] {
        // The destructor waits for the pool, so `this` outlives the task; the result crosses by the mailbox.
        const Result<QImage> image = decodeImage(bytes, {key.width, key.height});
        m_mailbox.post([this, key, image] { finish(key, image); });
    });
}

void ImageCache::finish(const Key &key, const Result<QImage> &image)
{
    if (!image) {
        qCInfo(lcUi) << "picture not shown:" << describe(image.error());
        m_states.insert(key, State::Failed);
        emit failed(key.url);
        return;
    }
    m_states.remove(key);
    m_images.insert(key, new QImage(*image), std::max<qsizetype>(1, image->sizeInBytes() / 1024));
    emit ready(key.url);
}

} // namespace antiphon
