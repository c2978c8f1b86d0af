#include "core/server/fileupload.h"

#include "core/server/gate/httpstream.h"

#include <QPointer>

#include <cctype>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kPiece = 256 * 1024;
constexpr int kMaxName = 255;

/// `X-File-Name`: UTF-8, percent-encoded or not; a '%' without two hex digits behind it stands for itself. Only a label: the store names files by
/// their sum.
QString fileNameOf(const RequestHead &head)
{
    const QByteArrayView raw = head.value("x-file-name");
    QByteArray bytes;
    for (qsizetype i = 0; i < raw.size(); ++i) {
        const bool isEscape = raw[i] == '%' && i + 2 < raw.size() && std::isxdigit(uchar(raw[i + 1])) && std::isxdigit(uchar(raw[i + 2]));
        bytes += isEscape ? QByteArray::fromHex(raw.sliced(i + 1, 2).toByteArray()) : QByteArray(1, raw[i]);
        i += isEscape ? 2 : 0;
    }
    QString name = QString::fromUtf8(bytes);
    name.removeIf([](QChar c) { return c.category() == QChar::Other_Control; });
    return name.left(kMaxName);
}

} // namespace

FileUpload::FileUpload(HttpStream *stream, const Authorizer &authorize, FileStore &store)
    : QObject(stream), m_stream(stream), m_store(store)
{
    m_attachment.fileName = fileNameOf(stream->head());
    m_attachment.mimeType = stream->head().value("content-type").toByteArray();
    m_attachment.isVoice = stream->head().query().toByteArray().split('&').contains("voice=1");
    connect(stream, &HttpStream::readable, this, &FileUpload::pull);
    connect(stream, &HttpStream::gone, this, [this] {
        m_over = true;
        m_sink.reset();
    });
    const auto token = bearerToken(stream->head());
    if (!token) {
        fail({.kind = Error::Kind::Unauthorized});
        return;
    }
    authorize(*token, [self = QPointer(this)](const Result<AgentId> &agent) {
        if (!self || self->m_over)
            return;
        if (agent)
            self->create(*agent);
        else
            self->fail(agent.error());
    });
}

void FileUpload::create(AgentId agent)
{
    m_attachment.agent = agent;
    m_store.create([self = QPointer(this)](const Result<std::shared_ptr<FileSink>> &sink) {
        if (!self || self->m_over)
            return;
        if (!sink) {
            self->fail(sink.error());
            return;
        }
        self->m_sink = *sink;
        self->pull();
    });
}

void FileUpload::pull()
{
    while (!m_over && m_sink && m_onTheirWay < kAhead) {
        const QByteArray piece = m_stream->read(kPiece);
        if (piece.isEmpty())
            break;
        m_onTheirWay += piece.size();
        m_sink->append(piece, [self = QPointer(this), size = piece.size()](const Result<void> &result) {
            if (self)
                self->appended(size, result);
        });
    }
    if (!m_over && m_sink && m_onTheirWay == 0 && m_stream->isBodyComplete() && !m_finishing)
        finish();
}

void FileUpload::appended(qint64 size, const Result<void> &result)
{
    m_onTheirWay -= size;
    if (m_over)
        return;
    if (result)
        pull();
    else
        fail(result.error());
}

void FileUpload::finish()
{
    m_finishing = true;
    m_sink->finish([self = QPointer(this)](const Result<StoredFile> &file) {
        if (!self || self->m_over)
            return;
        self->m_sink.reset();
        if (!file) {
            self->fail(file.error());
            return;
        }
        self->m_attachment.file = *file;
        self->m_store.addAttachment(self->m_attachment, [self](const Result<QByteArray> &json) {
            if (!self || self->m_over)
                return;
            if (!json) {
                self->fail(json.error());
                return;
            }
            self->m_over = true;
            self->m_stream->answer({.status = 201, .body = *json, .contentType = "application/json"});
        });
    });
}

void FileUpload::fail(const Error &error)
{
    m_over = true;
    m_sink.reset();
    m_stream->answer(errorReply(error));
}

} // namespace antiphon
