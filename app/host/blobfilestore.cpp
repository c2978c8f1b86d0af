#include "app/host/blobfilestore.h"

#include "core/base/json.h"
#include "core/net/imageinfo.h"
#include "core/net/mediaduration.h"
#include "core/store/uploadrepository.h"
#include "core/store/writer.h"

#include <QCryptographicHash>
#include <QMimeDatabase>
#include <QRegularExpression>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qint64 kHeadBytes = 64 * 1024;   // enough for the size of nearly every picture

/// A file on its way in. The blob writer is touched by the files thread only.
class BlobSink final : public FileSink {
public:
    BlobSink(FilesThread &files, Mailbox &mailbox, std::shared_ptr<BlobStore::Writer> writer, std::shared_ptr<bool> uploading)
        : m_files(files), m_mailbox(mailbox), m_writer(std::move(writer)), m_uploading(std::move(uploading)) {}

    ~BlobSink() override
    {
        m_files.post([writer = std::move(m_writer)](BlobStore &) mutable { writer.reset(); });   // its temporary file goes there too
    }

    void append(const QByteArray &piece, std::function<void(const Result<void> &)> done) override
    {
        m_files.run<void>([writer = m_writer, piece](BlobStore &) { return writer->append(piece); }, m_mailbox, std::move(done));
    }

    void finish(std::function<void(const Result<StoredFile> &)> done) override
    {
        m_files.run<StoredFile>(
            [writer = m_writer](BlobStore &) -> Result<StoredFile> {
                const auto sha256 = writer->finish();
                if (!sha256)
                    return sha256.error();
                return StoredFile{.sha256 = sha256->toHex(), .size = writer->size()};
            },
            m_mailbox, std::move(done));
    }

private:
    FilesThread &m_files;
    Mailbox &m_mailbox;
    std::shared_ptr<BlobStore::Writer> m_writer;
    std::shared_ptr<bool> m_uploading;
};

class BlobSource final : public FileSource {
public:
    BlobSource(FilesThread &files, Mailbox &mailbox, UploadRepository::Download file)
        : m_files(files), m_mailbox(mailbox), m_file(std::move(file)) {}

    qint64 size() const override { return m_file.size; }
    QByteArray sha256() const override { return m_file.sha256.toHex(); }
    QByteArray mimeType() const override { return m_file.mime.toLatin1(); }
    QString fileName() const override { return m_file.name; }

    void read(qint64 offset, qint64 length, std::function<void(const Result<QByteArray> &)> done) override
    {
        m_files.run<QByteArray>(
            [sha256 = m_file.sha256, offset, length](BlobStore &blobs) -> Result<QByteArray> {
                auto bytes = blobs.read(sha256, offset, length);
                if (bytes && bytes->size() != length)
                    return Error{Error::Kind::Storage, u"the file is shorter than its row says"_s};
                return bytes;
            },
            m_mailbox, std::move(done));
    }

private:
    FilesThread &m_files;
    Mailbox &m_mailbox;
    UploadRepository::Download m_file;
};

/// A small file that is there already.
class BytesSource final : public FileSource {
public:
    BytesSource(Mailbox &mailbox, medialinks::Row row) : m_mailbox(mailbox), m_row(std::move(row)) {}

    qint64 size() const override { return m_row.bytes.size(); }
    QByteArray sha256() const override { return QCryptographicHash::hash(m_row.bytes, QCryptographicHash::Sha256).toHex(); }
    QByteArray mimeType() const override { return m_row.mime.toLatin1(); }
    QString fileName() const override { return m_row.name; }

    void read(qint64 offset, qint64 length, std::function<void(const Result<QByteArray> &)> done) override
    {
        m_mailbox.post([piece = m_row.bytes.mid(offset, length), done = std::move(done)] { done(piece); });
    }

private:
    Mailbox &m_mailbox;
    medialinks::Row m_row;
};

/// What the ends of a file say of it.
struct Ends {
    QByteArray first{};
    QByteArray last{};
};

/// What the sender says of bytes that don't say it themselves: documents. Never of pictures, sound and film, which are known by their bytes.
QString claimedMime(const QString &claimed, const QString &name)
{
    static const QRegularExpression kType(u"^(application|text)/[a-z0-9][a-z0-9.+-]{0,100}$"_s);
    // Pages and scripts stay nameless: these files are fetched from our own address.
    static const QStringList kNever{u"application/octet-stream"_s, u"application/pdf"_s, u"text/html"_s, u"application/xhtml+xml"_s, u"application/xml"_s,
                                    u"text/xml"_s, u"text/javascript"_s, u"application/javascript"_s};
    const auto isDocument = [](const QString &mime) { return kType.match(mime).hasMatch() && !kNever.contains(mime); };
    const QString type = claimed.section(u';', 0, 0).trimmed().toLower();
    if (isDocument(type))
        return type;
    const QString byName = QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension).name();
    return isDocument(byName) ? byName : u"application/octet-stream"_s;
}

/// Kind, media type, size and length by the bytes where they tell.
void describeBytes(const Ends &ends, const QByteArray &claimed, UploadRepository::Upload &upload)
{
    upload.mime = sniffedMime(ends.first);
    if (upload.isVoice)
        upload.mime = asSound(upload.mime);
    if (const auto image = imageInfo(ends.first)) {
        upload.kind = Attachment::Kind::Image;
        upload.mime = imageMime(image->kind);
        upload.width = image->width;
        upload.height = image->height;
    } else if (upload.mime.startsWith("video/"_L1)) {
        upload.kind = Attachment::Kind::Video;
    } else if (upload.mime.startsWith("audio/"_L1)) {
        upload.kind = Attachment::Kind::Audio;
    }
    upload.isVoice = upload.isVoice && upload.kind == Attachment::Kind::Audio;
    upload.durationMs = mediaDurationMs(upload.mime, ends.first, ends.last, upload.size);
    if (upload.mime.isEmpty())
        upload.mime = claimedMime(QString::fromLatin1(claimed), upload.name);
}

} // namespace

void BlobFileStore::create(std::function<void(const Result<std::shared_ptr<FileSink>> &)> done)
{
    m_files.run<std::shared_ptr<FileSink>>(
        [files = &m_files, mailbox = &m_mailbox, uploads = m_uploads](BlobStore &blobs) -> Result<std::shared_ptr<FileSink>> {
            auto writer = blobs.create();
            if (!writer)
                return writer.error();
            return std::shared_ptr<FileSink>(std::make_shared<BlobSink>(*files, *mailbox, std::shared_ptr<BlobStore::Writer>(*std::move(writer)), uploads));
        },
        m_mailbox, std::move(done));
}

void BlobFileStore::addAttachment(const NewAttachment &attachment, std::function<void(const Result<QByteArray> &)> done)
{
    const QByteArray sha256 = QByteArray::fromHex(attachment.file.sha256);
    m_files.run<Ends>(
        [sha256, size = attachment.file.size](BlobStore &blobs) -> Result<Ends> {
            const auto first = blobs.read(sha256, 0, kHeadBytes);
            if (!first)
                return first.error();
            const auto last = size > kHeadBytes ? blobs.read(sha256, size - kHeadBytes, kHeadBytes) : first;
            return last ? Result<Ends>(Ends{.first = *first, .last = *last}) : Result<Ends>(last.error());
        },
        m_mailbox, [this, attachment, sha256, done = std::move(done)](const Result<Ends> &ends) {
            if (!ends) {
                done(ends.error());
                return;
            }
            UploadRepository::Upload upload{.agent = attachment.agent,
                                            .name = json::cleanText(attachment.fileName),
                                            .size = attachment.file.size,
                                            .isVoice = attachment.isVoice,
                                            .sha256 = sha256};
            describeBytes(*ends, attachment.mimeType, upload);
            m_database.writer().write<QByteArray>(
                Writer::Priority::Urgent, "store upload",
                [upload](WriteTransaction &tx) -> Result<QByteArray> {
                    const auto id = UploadRepository::create(tx, upload);
                    if (!id)
                        return id.error();
                    const auto stored = UploadRepository(tx).byId(*id);
                    if (!stored)
                        return stored.error();
                    return json::toBytes(toJson(*stored));
                },
                m_mailbox, done);
        });
}

void BlobFileStore::openAttachment(AgentId, AttachmentId id, SourceDone done)
{
    m_database.read<UploadRepository::Download>(
        "open attachment", [id](ReadTransaction &tx) { return UploadRepository(tx).download(id); }, m_mailbox,
        [this, done = std::move(done)](const Result<UploadRepository::Download> &file) {
            if (!file)
                done(file.error());
            else
                done(std::shared_ptr<FileSource>(std::make_shared<BlobSource>(m_files, m_mailbox, *file)));
        });
}

void BlobFileStore::openMedia(const QByteArray &token, SourceDone done)
{
    m_links.find(token, [this, done = std::move(done)](const Result<std::optional<medialinks::Row>> &link) {
        if (!link)
            return done(link.error());
        if (!*link)
            return done(Error{Error::Kind::NotFound, u"unknown or expired"_s});
        const medialinks::Row &row = **link;
        if (row.sha256.isEmpty())
            return done(std::shared_ptr<FileSource>(std::make_shared<BytesSource>(m_mailbox, row)));
        done(std::shared_ptr<FileSource>(std::make_shared<BlobSource>(
            m_files, m_mailbox, UploadRepository::Download{.sha256 = row.sha256, .name = row.name, .mime = row.mime, .size = row.size})));
    });
}

} // namespace antiphon
