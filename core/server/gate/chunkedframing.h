#pragma once

#include "core/server/gate/refusal.h"

#include <QByteArrayView>

namespace antiphon {

/// Follows the chunked framing of one request body (RFC 9112, 7.1), strictly. Pure: the verdict falls at the first wrong byte.
///
/// Accepted: sizes of 1 to 8 hex digits, an extension of at most 256 bytes (ignored), CRLF exactly where due, a last chunk `0` and an empty line.
/// Refused: anything else, trailers among it (400); data over the limit, or framing that outweighs its data by more than 64 KiB (413).
class ChunkedFraming {
public:
    enum class State { Reading, Complete, Refused };

    static constexpr qint64 kMaxOverhead = 64 * 1024;

    explicit ChunkedFraming(qint64 bodyLimit = 0) : m_limit(bodyLimit) {}

    /// Takes bytes until the body is complete or refused. @return how many were taken, the deciding one included.
    /// @param data where given, the body's own bytes are appended to it.
    qsizetype feed(QByteArrayView bytes, QByteArray *data = nullptr);

    State state() const { return m_state; }
    const Refusal &refusal() const { return m_refusal; }
    qint64 bodySize() const { return m_body; }   ///< data bytes taken so far

private:
    enum class Expect { Size, Extension, SizeLineFeed, Data, DataReturn, DataLineFeed, EndReturn, EndLineFeed };

    void take(uchar byte);
    void takeSize(uchar byte);
    void endSizeLine();
    void refuse(int status, const char *cause);

    qint64 m_limit = 0;
    State m_state = State::Reading;
    Expect m_expect = Expect::Size;
    Refusal m_refusal;
    qint64 m_left = 0;         // of the current chunk; while its size is read, the size so far
    int m_digits = 0;
    int m_extension = 0;
    qint64 m_body = 0;
    qint64 m_overhead = 0;
};

} // namespace antiphon
