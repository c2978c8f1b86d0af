#include "core/server/gate/chunkedframing.h"

#include <algorithm>

namespace antiphon {
namespace {

constexpr int kMaxDigits = 8;
constexpr int kMaxExtension = 256;

int hexValue(uchar byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

} // namespace

qsizetype ChunkedFraming::feed(QByteArrayView bytes, QByteArray *data)
{
    qsizetype taken = 0;
    while (taken < bytes.size() && m_state == State::Reading) {
        if (m_expect == Expect::Data) {
            const qsizetype run = qsizetype(std::min<qint64>(m_left, bytes.size() - taken));
            if (data)
                data->append(bytes.data() + taken, run);
            taken += run;
            m_left -= run;
            m_body += run;
            if (m_left == 0)
                m_expect = Expect::DataReturn;
        } else {
            take(uchar(bytes[taken]));
            ++taken;
        }
    }
    return taken;
}

void ChunkedFraming::refuse(int status, const char *cause)
{
    m_state = State::Refused;
    m_refusal = {.status = status, .cause = cause, .close = true};
}

void ChunkedFraming::take(uchar byte)
{
    if (++m_overhead > kMaxOverhead + m_body) {
        refuse(413, "chunk_overhead");
        return;
    }
    switch (m_expect) {
    case Expect::Size:
        takeSize(byte);
        return;
    case Expect::Extension:
        if (byte == '\r')
            m_expect = Expect::SizeLineFeed;
        else if (byte < 0x20 || byte > 0x7e || ++m_extension > kMaxExtension)
            refuse(400, "bad_chunk");
        return;
    case Expect::SizeLineFeed:
        if (byte == '\n')
            endSizeLine();
        else
            refuse(400, "bad_chunk");
        return;
    case Expect::Data:
        return;
    case Expect::DataReturn:
    case Expect::EndReturn:
        if (byte == '\r')
            m_expect = m_expect == Expect::DataReturn ? Expect::DataLineFeed : Expect::EndLineFeed;
        else
            refuse(400, m_expect == Expect::DataReturn ? "bad_chunk" : "chunk_trailer");
        return;
    case Expect::DataLineFeed:
    case Expect::EndLineFeed:
        if (byte != '\n') {
            refuse(400, "bad_chunk");
        } else if (m_expect == Expect::EndLineFeed) {
            m_state = State::Complete;
        } else {
            m_expect = Expect::Size;
            m_left = 0;
            m_digits = 0;
            m_extension = 0;
        }
        return;
    }
}

void ChunkedFraming::takeSize(uchar byte)
{
    const int digit = hexValue(byte);
    if (digit >= 0 && m_digits < kMaxDigits) {
        m_left = m_left * 16 + digit;
        ++m_digits;
    } else if (m_digits == 0 || (m_left == 0 && m_digits > 1)) {
        refuse(400, "bad_chunk");               // no size, or a zero written longer than "0", which readers take in different ways
    } else if (byte == ';') {
        m_expect = Expect::Extension;
    } else if (byte == '\r') {
        m_expect = Expect::SizeLineFeed;
    } else {
        refuse(400, "bad_chunk");
    }
}

void ChunkedFraming::endSizeLine()
{
    if (m_left == 0)
        m_expect = Expect::EndReturn;
    else if (m_left > m_limit - m_body)
        refuse(413, "body_too_large");
    else
        m_expect = Expect::Data;
}

} // namespace antiphon
