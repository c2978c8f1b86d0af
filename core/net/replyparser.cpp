#include "core/net/replyparser.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestHead = 64 * 1024;
constexpr qsizetype kLongestLine = 8 * 1024;

Error broken(const QString &detail)
{
    return {Error::Kind::BadPayload, detail};
}

bool isNumber(const QByteArray &text, bool hex)
{
    if (text.isEmpty() || text.size() > 15)
        return false;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!digit && !(hex && letter))
            return false;
    }
    return true;
}

} // namespace

Result<QByteArray> ReplyParser::feed(const QByteArray &bytes)
{
    m_buffer += bytes;
    QByteArray body;
    for (bool more = true; more;) {
        switch (m_state) {
        case State::Head: {
            const auto step = readHead();
            if (!step)
                return step.error();
            more = *step;
            break;
        }
        case State::Counted:
        case State::ChunkData:
            body += takeBody(m_left);
            more = m_left == 0;
            if (more)
                m_state = m_state == State::Counted ? State::Done : State::ChunkEnd;
            break;
        case State::ChunkSize:
        case State::ChunkEnd:
        case State::Trailer: {
            const auto step = readChunkLine();
            if (!step)
                return step.error();
            more = *step;
            break;
        }
        case State::UntilClose:
            body += takeBody(m_buffer.size());
            more = false;
            break;
        case State::Done:
            m_buffer.clear();      // what comes after the reply is nobody's
            more = false;
            break;
        }
    }
    return body;
}

Result<void> ReplyParser::end()
{
    if (m_state == State::UntilClose)
        m_state = State::Done;
    if (m_state != State::Done)
        return Error{Error::Kind::Network, u"the answer was cut short"_s};
    return {};
}

std::optional<QByteArray> ReplyParser::takeLine()
{
    const qsizetype at = m_buffer.indexOf("\r\n");
    if (at < 0)
        return std::nullopt;
    const QByteArray line = m_buffer.first(at);
    m_buffer.remove(0, at + 2);
    return line;
}

QByteArray ReplyParser::takeBody(qint64 most)
{
    const qsizetype count = qsizetype(qMin<qint64>(most, m_buffer.size()));
    const QByteArray piece = m_buffer.first(count);
    m_buffer.remove(0, count);
    if (m_state != State::UntilClose)
        m_left -= count;
    return piece;
}

Result<bool> ReplyParser::readHead()
{
    const qsizetype at = m_buffer.indexOf("\r\n\r\n");
    if (at < 0 || at > kLongestHead) {
        if (m_buffer.size() > kLongestHead)
            return broken(u"the reply's head is too long"_s);
        return false;
    }
    QList<QByteArray> lines = m_buffer.first(at).split('\n');
    m_buffer.remove(0, at + 4);
    for (QByteArray &line : lines) {
        if (line.endsWith('\r'))
            line.chop(1);
    }
    const QByteArray first = lines.takeFirst();
    if ((!first.startsWith("HTTP/1.1 ") && !first.startsWith("HTTP/1.0 ")) || !isNumber(first.mid(9, 3), false)
        || (first.size() > 12 && first.at(12) != ' '))
        return broken(u"no HTTP status line"_s);
    m_status = first.mid(9, 3).toInt();
    m_headers.clear();
    if (const auto fields = readFields(lines); !fields)
        return fields.error();
    if (m_status >= 100 && m_status < 200 && m_status != 101)
        return true;                               // an interim answer: the real one follows
    if (const auto framing = chooseFraming(); !framing)
        return framing.error();
    return true;
}

Result<void> ReplyParser::readFields(const QList<QByteArray> &lines)
{
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0 || line.startsWith(' ') || line.startsWith('\t'))
            return broken(u"a header line that can't be read"_s);
        m_headers.append({line.first(colon).trimmed(), line.sliced(colon + 1).trimmed()});
    }
    return {};
}

Result<void> ReplyParser::chooseFraming()
{
    std::optional<QByteArray> length;
    bool chunked = false;
    for (const auto &[name, value] : std::as_const(m_headers)) {
        if (name.compare("content-length", Qt::CaseInsensitive) == 0) {
            if (!isNumber(value, false) || (length && *length != value))
                return broken(u"contradictory lengths"_s);
            length = value;
        } else if (name.compare("transfer-encoding", Qt::CaseInsensitive) == 0) {
            if (value.compare("chunked", Qt::CaseInsensitive) != 0 || chunked)
                return broken(u"a transfer encoding that nobody asked for"_s);
            chunked = true;
        }
    }
    if (length && chunked)
        return broken(u"both a length and chunks"_s);
    if (length)
        m_length = length->toLongLong();
    if (m_answersHead || m_status == 204 || m_status == 304) {
        m_state = State::Done;
    } else if (chunked) {
        m_state = State::ChunkSize;
    } else if (m_length) {
        m_left = *m_length;
        m_state = m_left == 0 ? State::Done : State::Counted;
    } else {
        m_state = State::UntilClose;
    }
    return {};
}

Result<bool> ReplyParser::readChunkLine()
{
    const auto line = takeLine();
    if (!line) {
        if (m_buffer.size() > kLongestLine)
            return broken(u"a chunk line without end"_s);
        return false;
    }
    if (m_state == State::ChunkEnd) {
        if (!line->isEmpty())
            return broken(u"a chunk longer than it says"_s);
        m_state = State::ChunkSize;
        return true;
    }
    if (m_state == State::Trailer) {
        if (line->isEmpty())
            m_state = State::Done;
        return true;
    }
    const QByteArray size = line->first(line->indexOf(';') < 0 ? line->size() : line->indexOf(';')).trimmed();
    if (!isNumber(size, true))
        return broken(u"no chunk size"_s);
    m_left = size.toLongLong(nullptr, 16);
    m_state = m_left == 0 ? State::Trailer : State::ChunkData;
    return true;
}

} // namespace antiphon
