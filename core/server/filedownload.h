#pragma once

#include "core/server/filestore.h"

#include <QObject>

#include <memory>

namespace antiphon {

class HttpStream;
struct ServerReply;

/// One file going out, whole or a part of it, at most kAhead before the socket. A child of its stream.
class FileDownload final : public QObject {
    Q_OBJECT
public:
    static constexpr qint64 kAhead = 1024 * 1024;

    enum class Caching { Immutable, None };

    FileDownload(HttpStream *stream, std::shared_ptr<FileSource> source, Caching caching);

private:
    void start(Caching caching);
    ServerReply describedReply(int status, Caching caching) const;
    void pump();
    void got(qint64 length, const Result<QByteArray> &piece);

    HttpStream *m_stream;
    std::shared_ptr<FileSource> m_source;
    qint64 m_next = 0;
    qint64 m_end = 0;
    bool m_reading = false;
    bool m_over = false;
};

} // namespace antiphon
