#pragma once

#include "core/base/mailbox.h"
#include "core/base/result.h"

#include <QCache>
#include <QFuture>
#include <QHash>
#include <QImage>
#include <QObject>
#include <QThreadPool>

#include <functional>

namespace antiphon {

/// The format by the first bytes, as QImageReader calls it: "png", "jpeg", "webp" or "gif"; empty for everything else.
QByteArray imageFormat(const QByteArray &bytes);

/// Decodes a picture of the four formats, at most `bound` px wide and high (never enlarged; an empty bound keeps the size).
/// Any thread. Invalid for another format, over 50 megapixels or 30,000 px a side by its header, or broken bytes.
Result<QImage> decodeImage(const QByteArray &bytes, const QSize &bound);

/// Pictures by their address of the desk, fetched and decoded off the gui thread, kept while there is room.
class ImageCache : public QObject {
    Q_OBJECT
public:
    enum class State { Unknown, Loading, Ready, Failed };
    using Download = std::function<QFuture<Result<QByteArray>>(const QString &url, qint64 maxBytes)>;

    explicit ImageCache(Download download, QObject *parent = nullptr);
    ~ImageCache() override;

    /// The picture where it is there; else starts to load it and gives a null image. `ready` or `failed` follow.
    /// @param bound in device pixels; another bound is another entry.
    QImage image(const QString &url, const QSize &bound);
    State state(const QString &url, const QSize &bound) const;
    void retry(const QString &url, const QSize &bound);

signals:
    void ready(const QString &url);
    void failed(const QString &url);

private:
    struct Key {
        QString url{};
        int width = 0;
        int height = 0;
        friend bool operator==(const Key &, const Key &) = default;
        friend size_t qHash(const Key &key, size_t seed = 0) { return ::qHashMulti(seed, key.url, key.width, key.height); }
    };

    static Key keyOf(const QString &url, const QSize &bound) { return {url, bound.width(), bound.height()}; }
    void start(const Key &key);
    void decode(const Key &key, const QByteArray &bytes);
    void finish(const Key &key, const Result<QImage> &image);

    Download m_download;
    QCache<Key, QImage> m_images;
    QHash<Key, State> m_states;           // Loading and Failed only
    QThreadPool m_pool;
    Mailbox m_mailbox;
};

} // namespace antiphon
