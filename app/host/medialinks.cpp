#include "app/host/medialinks.h"

#include "app/host/preview.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLargestPicture = 20 * 1024 * 1024;
constexpr int kPrunedAtOnce = 200;

Result<QByteArray> previewOf(BlobStore &blobs, const LinkedFile &file)
{
    if (!file.needsPreview)
        return QByteArray();
    if (!file.mime.startsWith("image/"_L1))
        return videoTile();
    const auto bytes = file.size <= kLargestPicture ? blobs.read(file.sha256, 0, file.size) : Result<QByteArray>(QByteArray());
    return bytes ? Result<QByteArray>(smallPicture(*bytes)) : bytes;
}

Result<QList<QByteArray>> previewsOf(BlobStore &blobs, const QList<LinkedFile> &files)
{
    QList<QByteArray> previews;
    for (const LinkedFile &file : files) {
        const auto preview = previewOf(blobs, file);
        if (!preview)
            return preview.error();
        previews.append(*preview);
    }
    return previews;
}

} // namespace

void MediaLinks::make(const QList<LinkedFile> &files, const Done &done)
{
    forgetOld();
    if (m_with.publicUrl().isEmpty())
        return done(Error{Error::Kind::Unavailable, u"no public address"_s});
    const bool needsPreviews = std::any_of(files.begin(), files.end(), [](const LinkedFile &file) { return file.needsPreview; });
    if (!needsPreviews)
        return makeWith(files, QList<QByteArray>(files.size()), done);
    m_with.files.run<QList<QByteArray>>([files](BlobStore &blobs) { return previewsOf(blobs, files); }, m_with.mailbox,
                                        [this, files, done](const Result<QList<QByteArray>> &previews) {
                                            if (!previews)
                                                return done(previews.error());
                                            makeWith(files, *previews, done);
                                        });
}

void MediaLinks::makeWith(const QList<LinkedFile> &files, const QList<QByteArray> &previews, const Done &done)
{
    const QString base = m_with.publicUrl();
    if (base.isEmpty())          // it is gone since the previews were begun
        return done(Error{Error::Kind::Unavailable, u"no public address"_s});
    QList<medialinks::Row> stored;
    QList<FileLink> links;
    const auto add = [&](medialinks::Row row, std::chrono::seconds life) {
        row.token = randomToken(m_with.random);
        row.until = m_with.clock.now() + life;
        if (life > kShort)
            stored.append(row);
        else
            m_links.insert(row.token.toLatin1(), {.row = row, .until = m_with.clock.steady() + life});
        return QUrl(base + u"/media/"_s + row.token, QUrl::StrictMode);
    };
    for (qsizetype i = 0; i < files.size(); ++i) {
        const LinkedFile &file = files.at(i);
        FileLink link{.file = add({.messageId = file.message, .sha256 = file.sha256, .name = file.name, .mime = file.mime, .size = file.size}, file.life)};
        if (!link.file.isValid())
            return done(Error{Error::Kind::Unavailable, u"the public address is none"_s});
        if (const QByteArray &preview = previews.at(i); !preview.isEmpty()) {
            link.preview =
                add({.messageId = file.message, .bytes = preview, .name = u"preview.jpg"_s, .mime = u"image/jpeg"_s, .size = preview.size()}, file.life);
        }
        links.append(link);
    }
    if (stored.isEmpty())
        return done(links);
    const auto work = [stored](WriteTransaction &tx) -> Result<void> {
        for (const medialinks::Row &row : stored) {
            if (const auto kept = medialinks::insert(tx, row); !kept)
                return kept;
        }
        return medialinks::prune(tx, kPrunedAtOnce);
    };
    m_with.database.writer().write<void>(Writer::Priority::Urgent, "media links", work, m_with.mailbox, [links, done](const Result<void> &kept) {
        done(kept ? Result<QList<FileLink>>(links) : Result<QList<FileLink>>(kept.error()));
    });
}

void MediaLinks::find(const QByteArray &token, const Found &found)
{
    forgetOld();
    if (const auto link = m_links.constFind(token); link != m_links.cend()) {
        m_with.mailbox.post([found, row = link->row] { found(std::optional(row)); });
        return;
    }
    m_with.database.read<std::optional<medialinks::Row>>(
        "media link", [token = QString::fromLatin1(token), now = m_with.clock.now()](ReadTransaction &tx) { return medialinks::find(tx, token, now); },
        m_with.mailbox, found);
}

void MediaLinks::forgetOld()
{
    const SteadyTime now = m_with.clock.steady();
    m_links.removeIf([now](const auto &entry) { return now >= entry.value().until; });
}

} // namespace antiphon
