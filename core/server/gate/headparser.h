#pragma once

#include "core/server/gate/refusal.h"
#include "core/server/gate/requesthead.h"

namespace antiphon {

/// Reads one request head, strictly (RFC 9112, without its leniencies). Pure: bytes in, a head or a refusal out.
/// The verdict falls at the first byte that is wrong, so it doesn't depend on how the bytes were cut.
///
/// Refused: anything but CRLF as line end, NUL and other control bytes, folded lines, blanks around a name, an empty name (400); a target that is
/// too long (414); a head that is too long or has too many lines (431); another version than HTTP/1.1 (505).
class HeadParser {
public:
    enum class State { Reading, Complete, Refused };

    static constexpr qsizetype kMaxHead = 16 * 1024;
    static constexpr qsizetype kMaxTarget = 8 * 1024;
    static constexpr qsizetype kMaxLines = 100;

    /// Takes bytes until the head is complete or refused. @return how many were taken, the deciding one included.
    qsizetype feed(QByteArrayView bytes);

    State state() const { return m_state; }
    bool isEmpty() const { return m_head.m_raw.isEmpty(); }   ///< no byte has come yet
    const Refusal &refusal() const { return m_refusal; }
    const RequestHead &head() const { return m_head; }        ///< complete only
    void reset();

private:
    enum class Expect { Method, Target, Version, RequestLineFeed, LineStart, Name, ValueStart, Value, ValueLineFeed, EndLineFeed };

    void takeRequestLine(uchar byte, qsizetype at);
    void takeHeaderLine(uchar byte, qsizetype at);
    void refuse(int status, const char *cause);

    State m_state = State::Reading;
    Expect m_expect = Expect::Method;
    RequestHead m_head;
    Refusal m_refusal;
    qsizetype m_start = 0;        // where the current word began
    qsizetype m_valueEnd = 0;     // behind the last byte of the value that is no blank
};

} // namespace antiphon
