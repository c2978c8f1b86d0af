#include "core/server/filedownload.h"

#include "core/base/logging.h"
#include "core/server/byterange.h"
#include "core/server/gate/httpstream.h"

#include <QPointer>
#include <QUrl>

#include <algorithm>

namespace antiphon {
namespace {

constexpr qint64 kPiece = 256 * 1024;

/// The sender's type without its parameters, where it is one; a header line of ours is made of nothing else.
QByteArray cleanMimeType(const QByteArray &mimeType)
{
    const QByteArray type = mimeType.first(std::max<qsizetype>(0, mimeType.indexOf(';') < 0 ? mimeType.size() : mimeType.indexOf(';'))).trimmed().toLower();
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '.' || c == '+' || c == '_';
    };
    const bool isType = type.count('/') == 1 && !type.startsWith('/') && !type.endsWith('/') && type.size() <= 100 && std::all_of(type.begin(), type.end(), isPlain);
    return isType ? type : QByteArray("application/octet-stream");
}

/// Whether one of the entity tags of the list is ours, or it is `*`. Weak and strong compare alike: our files never change.
bool namesTag(QByteArrayView list, const QByteArray &tag)
{
    const QList<QByteArray> entries = list.toByteArray().split(',');
    return std::any_of(entries.begin(), entries.end(), [&tag](const QByteArray &entry) {
        const QByteArray name = entry.trimmed();
        return name == "*" || name == tag || name == "W/" + tag;
    });
}

} // namespace

FileDownload::FileDownload(HttpStream *stream, std::shared_ptr<FileSource> source, Caching caching)
    : QObject(stream), m_stream(stream), m_source(std::move(source))
{
    connect(stream, &HttpStream::written, this, &FileDownload::pump);
    connect(stream, &HttpStream::gone, this, [this] {
        m_over = true;
        m_source.reset();
    });
    start(caching);
}

ServerReply FileDownload::describedReply(int status, Caching caching) const
{
    ServerReply reply{.status = status};
    reply.headers = {{"ETag", '"' + m_source->sha256() + '"'},
                     {"Cache-Control", caching == Caching::Immutable ? "private, max-age=31536000, immutable" : "private, no-store"},
                     {"Accept-Ranges", "bytes"}};
    return reply;
}

void FileDownload::start(Caching caching)
{
    const RequestHead &head = m_stream->head();
    const QByteArray tag = '"' + m_source->sha256() + '"';
    const qint64 size = m_source->size();
    if (head.count("if-none-match") > 0 && namesTag(head.value("if-none-match"), tag)) {
        m_over = true;
        m_stream->answer(describedReply(304, caching));
        return;
    }
    const bool wantsRange = head.method() == "GET" && head.count("range") == 1 && (head.count("if-range") == 0 || head.value("if-range") == tag);
    const ByteRange range = byteRange(wantsRange ? head.value("range") : QByteArrayView(), size);
    if (range.kind == ByteRange::Kind::Unsatisfiable) {
        m_over = true;
        ServerReply reply = describedReply(416, caching);
        reply.headers.emplaceBack("Content-Range", "bytes */" + QByteArray::number(size));
        m_stream->answer(reply);
        return;
    }
    const bool isPart = range.kind == ByteRange::Kind::Part;
    m_next = isPart ? range.first : 0;
    m_end = isPart ? range.first + range.length : size;
    ServerReply reply = describedReply(isPart ? 206 : 200, caching);
    reply.contentType = cleanMimeType(m_source->mimeType());
    // Whatever a customer sent is shown by the window, never by a browser with our address as its origin.
    reply.headers.emplaceBack("Content-Disposition", "attachment; filename*=UTF-8''" + QUrl::toPercentEncoding(m_source->fileName()));
    reply.headers.emplaceBack("Content-Security-Policy", "sandbox; default-src 'none'");
    if (isPart)
        reply.headers.emplaceBack("Content-Range", "bytes " + QByteArray::number(m_next) + '-' + QByteArray::number(m_end - 1) + '/' + QByteArray::number(size));
    m_stream->begin(reply, m_end - m_next);
    if (head.method() == "HEAD")
        m_next = m_end;
    pump();
}

void FileDownload::pump()
{
    if (m_over || m_reading)
        return;
    if (m_next == m_end) {
        m_over = true;
        m_stream->finish();
        return;
    }
    if (m_stream->bytesWaiting() > kAhead - kPiece)
        return;
    const qint64 length = std::min(kPiece, m_end - m_next);
    m_reading = true;
    m_source->read(m_next, length, [self = QPointer(this), length](const Result<QByteArray> &piece) {
        if (self)
            self->got(length, piece);
    });
}

void FileDownload::got(qint64 length, const Result<QByteArray> &piece)
{
    m_reading = false;
    if (m_over)
        return;
    if (!piece || piece->size() != length) {
        qCWarning(lcServer, "a file couldn't be read to its end: %s", piece ? "too short" : qPrintable(describe(piece.error())));
        m_over = true;
        m_stream->fail();
        return;
    }
    m_next += length;
    m_stream->write(*piece);
    pump();
}

} // namespace antiphon
