#include "core/intake/filefetch.h"

#include "core/net/imageinfo.h"

#include <QPointer>
#include <QRegularExpression>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qint64 kHeadBytes = 64 * 1024;
constexpr int kNotReady = 202;           // accepted, and no file yet

/// Touched on the files thread only.
struct Writing {
    std::unique_ptr<BlobStore::Writer> writer{};
    std::optional<Error> error{};
};

void append(Writing &writing, BlobStore &blobs, const QByteArray &piece)
{
    if (writing.error)
        return;
    if (!writing.writer) {
        auto made = blobs.create();
        if (!made) {
            writing.error = made.error();
            return;
        }
        writing.writer = *std::move(made);
    }
    if (const auto written = writing.writer->append(piece); !written)
        writing.error = written.error();
}

/// "text/csv" of "text/csv; charset=utf-8"; empty where it says nothing of the file itself.
QString mediaType(const QByteArray &header)
{
    static const QRegularExpression shape(u"^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$"_s);
    const QString type = QString::fromLatin1(header).section(u';', 0, 0).trimmed().toLower();
    const bool isAnything = type == "application/octet-stream"_L1 || type == "binary/octet-stream"_L1;
    return isAnything || !shape.match(type).hasMatch() ? QString() : type;
}

Result<FetchedFile> finish(Writing &writing, BlobStore &blobs)
{
    const auto writer = std::move(writing.writer);
    if (writing.error)
        return *writing.error;
    if (!writer)
        return Error{Error::Kind::BadPayload, u"an empty file"_s};
    const auto sha256 = writer->finish();
    if (!sha256)
        return sha256.error();
    FetchedFile file{.sha256 = *sha256, .size = writer->size(), .mime = sniffedMime(writer->firstBytes())};
    if (imageInfo(writer->firstBytes())) {
        // The size of a photograph often lies behind its preview.
        const auto head = blobs.read(*sha256, 0, kHeadBytes);
        if (!head)
            return head.error();
        if (const auto info = imageInfo(*head)) {
            file.mime = imageMime(info->kind);
            file.width = info->width;
            file.height = info->height;
        }
    }
    return file;
}

} // namespace

void fetchFile(SafeFetch &fetch, FilesThread &files, Mailbox &mailbox, const HttpRequest &request, const FetchPolicy &policy,
               std::function<void(Result<FetchedFile>)> done)
{
    const auto writing = std::make_shared<Writing>();
    fetch.fetch(
        request, policy,
        [writing, &files](const QByteArray &piece) {
            files.post([writing, piece](BlobStore &blobs) { append(*writing, blobs, piece); });
        },
        [writing, &files, target = QPointer<Mailbox>(&mailbox), done = std::move(done)](const Result<FetchResult> &result) {
            if (!result) {
                // Given up where it was written: dropping a half file removes it from the disk.
                files.post([writing](BlobStore &) { writing->writer.reset(); });
                done(result.error());
                return;
            }
            if (result->status == kNotReady) {
                files.post([writing](BlobStore &) { writing->writer.reset(); });
                done(Error{.kind = Error::Kind::Unavailable, .detail = u"the platform is still preparing the file"_s, .code = QString::number(kNotReady)});
                return;
            }
            if (!target)
                return;
            const auto told = [mime = mediaType(result->contentType), name = result->fileName, done](Result<FetchedFile> file) {
                if (file) {
                    FetchedFile all = *file;
                    all.toldMime = mime;
                    all.toldName = name;
                    return done(all);
                }
                done(file.error());
            };
            files.run<FetchedFile>([writing](BlobStore &blobs) { return finish(*writing, blobs); }, *target, told);
        });
}

} // namespace antiphon
