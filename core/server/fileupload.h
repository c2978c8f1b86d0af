#pragma once

#include "core/server/authorization.h"
#include "core/server/filestore.h"

#include <QObject>

#include <memory>

namespace antiphon {

class HttpStream;

/// One `POST /api/v1/attachments`: token first, then the body in pieces to the store, at most kAhead of them on their way. A child of its stream.
class FileUpload final : public QObject {
    Q_OBJECT
public:
    static constexpr qint64 kAhead = 1024 * 1024;

    FileUpload(HttpStream *stream, const Authorizer &authorize, FileStore &store);

private:
    void create(AgentId agent);
    void pull();
    void appended(qint64 size, const Result<void> &result);
    void finish();
    void fail(const Error &error);

    HttpStream *m_stream;
    FileStore &m_store;
    std::shared_ptr<FileSink> m_sink;
    NewAttachment m_attachment;
    qint64 m_onTheirWay = 0;
    bool m_finishing = false;
    bool m_over = false;
};

} // namespace antiphon
