#pragma once

#include "core/base/result.h"
#include "core/net/http.h"

namespace antiphon {

/// Reads an HTTP/1.1 reply as its bytes come in. Pure. Strict where a lie would be dangerous: contradictory lengths, broken chunks and
/// a body cut short are errors, never a shorter body.
class ReplyParser {
public:
    explicit ReplyParser(bool answersHead) : m_answersHead(answersHead) {}

    /// Takes the next bytes. @return the body bytes in them. BadPayload: this is no proper reply.
    Result<QByteArray> feed(const QByteArray &bytes);

    /// The peer closed. Network where something is still missing.
    Result<void> end();

    bool hasHead() const { return m_state != State::Head; }
    bool isComplete() const { return m_state == State::Done; }
    int status() const { return m_status; }
    const HttpHeaders &headers() const { return m_headers; }
    std::optional<qint64> announcedLength() const { return m_length; }

private:
    enum class State { Head, Counted, ChunkSize, ChunkData, ChunkEnd, Trailer, UntilClose, Done };

    std::optional<QByteArray> takeLine();
    Result<bool> readHead();                     ///< false: more bytes are needed
    Result<void> readFields(const QList<QByteArray> &lines);
    Result<void> chooseFraming();
    Result<bool> readChunkLine();
    QByteArray takeBody(qint64 most);

    bool m_answersHead;
    State m_state = State::Head;
    QByteArray m_buffer;
    int m_status = 0;
    HttpHeaders m_headers;
    std::optional<qint64> m_length;
    qint64 m_left = 0;
};

} // namespace antiphon
