#include "core/server/filestreams.h"

#include "core/server/filedownload.h"
#include "core/server/fileupload.h"
#include "core/server/gate/httpstream.h"

#include <QPointer>

namespace antiphon {
namespace {

FileStore::SourceDone sendTo(HttpStream *stream, FileDownload::Caching caching)
{
    return [stream = QPointer(stream), caching](const Result<std::shared_ptr<FileSource>> &source) {
        if (!stream)
            return;
        if (source)
            new FileDownload(stream, *source, caching);
        else
            stream->answer(errorReply(source.error()));
    };
}

} // namespace

void FileStreams::takeUpload(HttpStream *stream)
{
    new FileUpload(stream, m_authorize, m_store);
}

void FileStreams::sendAttachment(HttpStream *stream)
{
    const auto token = bearerToken(stream->head());
    if (!token) {
        stream->answer(errorReply({.kind = Error::Kind::Unauthorized}));
        return;
    }
    m_authorize(*token, [this, stream = QPointer(stream)](const Result<AgentId> &agent) {
        if (!stream)
            return;
        if (!agent) {
            stream->answer(errorReply(agent.error()));
            return;
        }
        const auto id = AttachmentId::fromString(QString::fromLatin1(stream->segment()));
        if (id)
            m_store.openAttachment(*agent, *id, sendTo(stream, FileDownload::Caching::Immutable));
        else
            stream->answer(errorReply({.kind = Error::Kind::NotFound}));
    });
}

void FileStreams::sendMedia(HttpStream *stream)
{
    m_store.openMedia(stream->segment(), sendTo(stream, FileDownload::Caching::None));
}

} // namespace antiphon
