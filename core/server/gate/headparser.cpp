#include "core/server/gate/headparser.h"

#include <array>

namespace antiphon {
namespace {

constexpr uchar kToken = 1;    // RFC 9110, 5.6.2
constexpr uchar kTarget = 2;   // visible ASCII
constexpr uchar kValue = 4;    // visible ASCII, blank, tab, and bytes over 0x7f (obs-text)

constexpr std::array<uchar, 256> classes()
{
    std::array<uchar, 256> table{};
    for (int c = 0; c < 256; ++c) {
        uchar bits = 0;
        const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool token = alphanumeric;
        for (const char mark : {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'})
            token = token || c == mark;
        if (token)
            bits |= kToken;
        if (c > 0x20 && c < 0x7f)
            bits |= kTarget;
        if ((c >= 0x20 && c < 0x7f) || c == '\t' || c >= 0x80)
            bits |= kValue;
        table[size_t(c)] = bits;
    }
    return table;
}

constexpr std::array<uchar, 256> kClass = classes();
constexpr qsizetype kMaxMethod = 32;
constexpr QByteArrayView kVersion = "HTTP/1.1";

} // namespace

void HeadParser::reset()
{
    m_state = State::Reading;
    m_expect = Expect::Method;
    m_head.m_raw.resize(0);       // keeps the allocation: the next head of the connection is about as long
    m_head.m_lines.clear();
    m_head.m_method = {};
    m_head.m_target = {};
    m_refusal = {};
    m_start = 0;
    m_valueEnd = 0;
}

qsizetype HeadParser::feed(QByteArrayView bytes)
{
    const qsizetype before = m_head.m_raw.size();
    qsizetype taken = 0;
    while (taken < bytes.size() && m_state == State::Reading) {
        const uchar byte = uchar(bytes[taken]);
        const qsizetype at = before + taken;
        ++taken;
        if (at >= kMaxHead)
            refuse(431, "head_too_large");
        else if (m_expect <= Expect::RequestLineFeed)
            takeRequestLine(byte, at);
        else
            takeHeaderLine(byte, at);
    }
    m_head.m_raw.append(bytes.data(), taken);
    return taken;
}

void HeadParser::refuse(int status, const char *cause)
{
    m_state = State::Refused;
    m_refusal = {.status = status, .cause = cause, .close = true};
}

void HeadParser::takeRequestLine(uchar byte, qsizetype at)
{
    switch (m_expect) {
    case Expect::Method:
        if (byte == ' ' && at > 0) {
            m_head.m_method = {0, quint16(at)};
            m_start = at + 1;
            m_expect = Expect::Target;
        } else if (!(kClass[byte] & kToken)) {
            refuse(400, "bad_request_line");
        } else if (at >= kMaxMethod) {
            refuse(501, "unknown_method");
        }
        return;
    case Expect::Target:
        if (byte == ' ' && at > m_start) {
            m_head.m_target = {quint16(m_start), quint16(at - m_start)};
            m_start = at + 1;
            m_expect = Expect::Version;
        } else if (!(kClass[byte] & kTarget)) {
            refuse(400, "bad_request_line");
        } else if (at - m_start >= kMaxTarget) {
            refuse(414, "target_too_long");
        }
        return;
    case Expect::Version:
        // A byte that can't continue "HTTP/1.1" is another version; a blank, a control byte or no version at all is another syntax.
        if (byte == '\r' && at - m_start == kVersion.size())
            m_expect = Expect::RequestLineFeed;
        else if (!(kClass[byte] & kTarget) && (byte != '\r' || at == m_start))
            refuse(400, "bad_request_line");
        else if (at - m_start >= kVersion.size() || byte != uchar(kVersion[at - m_start]))
            refuse(505, "bad_version");
        return;
    case Expect::RequestLineFeed:
        if (byte == '\n')
            m_expect = Expect::LineStart;
        else
            refuse(400, "bad_line_end");
        return;
    default:
        return;
    }
}

void HeadParser::takeHeaderLine(uchar byte, qsizetype at)
{
    switch (m_expect) {
    case Expect::LineStart:
        if (byte == '\r') {
            m_expect = Expect::EndLineFeed;
        } else if (!(kClass[byte] & kToken)) {
            refuse(400, "bad_header");          // a folded line starts with a blank and ends here too
        } else if (m_head.headerCount() >= kMaxLines) {
            refuse(431, "too_many_headers");
        } else {
            m_start = at;
            m_expect = Expect::Name;
        }
        return;
    case Expect::Name:
        if (byte == ':') {
            m_head.m_lines.push_back({{quint16(m_start), quint16(at - m_start)}, {}});
            m_expect = Expect::ValueStart;
        } else if (!(kClass[byte] & kToken)) {
            refuse(400, "bad_header");
        }
        return;
    case Expect::ValueStart:
        if (byte == ' ' || byte == '\t')
            return;
        m_start = at;
        m_valueEnd = at;
        m_expect = Expect::Value;
        [[fallthrough]];
    case Expect::Value:
        if (byte == '\r') {
            m_head.m_lines.back().value = {quint16(m_start), quint16(m_valueEnd - m_start)};
            m_expect = Expect::ValueLineFeed;
        } else if (!(kClass[byte] & kValue)) {
            refuse(400, "bad_header");
        } else if (byte != ' ' && byte != '\t') {
            m_valueEnd = at + 1;
        }
        return;
    case Expect::ValueLineFeed:
        if (byte == '\n')
            m_expect = Expect::LineStart;
        else
            refuse(400, "bad_line_end");
        return;
    case Expect::EndLineFeed:
        if (byte == '\n')
            m_state = State::Complete;
        else
            refuse(400, "bad_line_end");
        return;
    default:
        return;
    }
}

} // namespace antiphon
