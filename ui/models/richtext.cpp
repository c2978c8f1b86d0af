#include "ui/models/richtext.h"

#include <QRegularExpression>
#include <QTextBoundaryFinder>
#include <QUrl>

#include <algorithm>
#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kMarksPerLetter = 4;
constexpr int kLongestUrl = 2048;

QString cutTo(const QString &text, int cap, bool *cut)
{
    if (text.size() <= cap)
        return text;
    *cut = true;
    qsizetype end = cap;
    if (end > 0 && text.at(end - 1).isHighSurrogate())
        --end;
    return text.left(end);
}

bool overlaps(const QList<RichText::Span> &spans, int start, int length)
{
    return std::any_of(spans.begin(), spans.end(), [&](const RichText::Span &span) {
        return (span.style & (RichText::Link | RichText::Code)) && start < span.start + span.length && span.start < start + length;
    });
}

/// Bare addresses of a text become links; a closing bracket or full stop at the end belongs to the sentence.
void addBareLinks(RichText &rich)
{
    static const QRegularExpression pattern(
        uR"((?:https?://|www\.)[^\s\x{2028}<>"]{1,2000}|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})"_s,
        QRegularExpression::CaseInsensitiveOption);
    auto matches = pattern.globalMatch(rich.text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        QString found = match.captured();
        while (!found.isEmpty() && u".,;:!?)]}'\u2026"_s.contains(found.back())) {
            if (found.back() == u')' && found.count(u'(') >= found.count(u')'))
                break;
            found.chop(1);
        }
        QString url = found;
        if (found.startsWith("www."_L1, Qt::CaseInsensitive))
            url.prepend("https://"_L1);
        else if (found.contains(u'@') && !found.contains("://"_L1))
            url.prepend("mailto:"_L1);
        const auto safe = safeLink(url);
        if (!safe || overlaps(rich.spans, int(match.capturedStart()), int(found.size())))
            continue;
        rich.spans.append({.start = int(match.capturedStart()), .length = int(found.size()), .style = RichText::Link, .url = *safe});
    }
}

/// Where a label says something else than its address, the real host is said behind it: "our shop (evil.example)".
QString hostSuffix(const QString &label, const QString &url)
{
    const QString host = linkHost(url);
    if (host.isEmpty() || label.contains(host, Qt::CaseInsensitive))
        return {};
    return u" ("_s + host + u')';
}

void insertHosts(RichText &rich)
{
    for (qsizetype i = 0; i < rich.spans.size(); ++i) {
        const RichText::Span link = rich.spans.at(i);
        if (!(link.style & RichText::Link))
            continue;
        const QString suffix = hostSuffix(rich.text.mid(link.start, link.length), link.url);
        const int at = link.start + link.length;
        rich.text.insert(at, suffix);
        for (RichText::Span &span : rich.spans) {
            if (span.start >= at)
                span.start += int(suffix.size());
            else if (span.start + span.length > at)
                span.length += int(suffix.size());
        }
        rich.spans[i].length += int(suffix.size());
    }
}

int styleOfEntity(const QString &kind)
{
    if (kind == "bold"_L1)
        return RichText::Bold;
    if (kind == "italic"_L1)
        return RichText::Italic;
    if (kind == "strike"_L1)
        return RichText::Strike;
    if (kind == "code"_L1 || kind == "pre"_L1)
        return RichText::Code;
    if (kind == "link"_L1)
        return RichText::Link;
    if (kind == "mention"_L1)
        return RichText::Mention;
    if (kind == "spoiler"_L1)
        return RichText::Spoiler;
    if (kind == "quote"_L1)
        return RichText::Quote;
    return 0;
}

/// Index in UTF-16 units of every code point up to the end; one more for the end itself.
QList<int> codePointStarts(const QString &text)
{
    QList<int> starts;
    starts.reserve(text.size() + 1);
    for (qsizetype i = 0; i < text.size(); ++i) {
        starts.append(int(i));
        if (text.at(i).isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate())
            ++i;
    }
    starts.append(int(text.size()));
    return starts;
}

/// Reads the inline part of CommonMark that people type. Delimiters that don't close stay literal.
class InlineReader {
public:
    InlineReader(RichText &out, QStringView line) : m_out(out), m_line(line) {}

    void read(int style)
    {
        readUntil(m_line.size(), style, 0);
    }

private:
    static constexpr int kDeepest = 8;
    static constexpr qsizetype kFarthest = 2000;     // a mark that closes later stays literal: reading stays linear

    qsizetype find(QStringView needle, qsizetype from, qsizetype end) const
    {
        const QStringView window = m_line.left(std::min(end, m_at + kFarthest));
        return from > window.size() ? -1 : window.indexOf(needle, from);
    }

    void readUntil(qsizetype end, int style, int depth)
    {
        while (m_at < end) {
            const QChar c = m_line.at(m_at);
            if (c == u'\\' && m_at + 1 < end && isPunctuation(m_line.at(m_at + 1))) {
                append(m_line.mid(m_at + 1, 1), style);
                m_at += 2;
            } else if (depth < kDeepest && (c == u'`' || c == u'[' || c == u'*' || c == u'_' || c == u'~') && readMark(c, end, style, depth)) {
                continue;
            } else {
                append(m_line.mid(m_at, 1), style);
                ++m_at;
            }
        }
    }

    bool readMark(QChar mark, qsizetype end, int style, int depth)
    {
        if (mark == u'`')
            return readCode(end, style);
        if (mark == u'[')
            return readLink(end, style, depth);
        for (const qsizetype count : {2, 1}) {
            if (mark == u'~' && count == 1)
                continue;
            if (readEmphasis(mark, count, end, style, depth))
                return true;
        }
        return false;
    }

    bool readCode(qsizetype end, int style)
    {
        const qsizetype close = find(u"`", m_at + 1, end);
        if (close < 0 || close == m_at + 1)
            return false;
        append(m_line.mid(m_at + 1, close - m_at - 1), style | RichText::Code);
        m_at = close + 1;
        return true;
    }

    bool readLink(qsizetype end, int style, int depth)
    {
        const qsizetype close = find(u"](", m_at, end);
        if (close < 0)
            return false;
        const qsizetype last = find(u")", close, end);
        if (last < 0)
            return false;
        const auto url = safeLink(m_line.mid(close + 2, last - close - 2).trimmed().toString());
        if (!url)
            return false;
        const int start = int(m_out.text.size());
        const qsizetype from = m_at;
        m_at = from + 1;
        readUntil(close, style, depth + 1);
        m_out.text.append(hostSuffix(m_out.text.mid(start), *url));
        m_out.spans.append({.start = start, .length = int(m_out.text.size()) - start, .style = RichText::Link | style, .url = *url});
        m_at = last + 1;
        return true;
    }

    bool readEmphasis(QChar mark, qsizetype count, qsizetype end, int style, int depth)
    {
        const QString run(count, mark);
        if (m_line.mid(m_at, count) != run || m_at + count >= end || m_line.at(m_at + count).isSpace())
            return false;
        if (mark == u'_' && m_at > 0 && m_line.at(m_at - 1).isLetterOrNumber())
            return false;
        qsizetype close = find(run, m_at + count, end);
        while (close >= 0
               && (m_line.at(close - 1).isSpace() || close == m_at + count
                   || (count == 1 && close + 1 < end && m_line.at(close + 1) == mark)
                   || (mark == u'_' && close + count < end && m_line.at(close + count).isLetterOrNumber())))
            close = find(run, close + (count == 1 && close + 1 < end && m_line.at(close + 1) == mark ? 2 : 1), end);
        if (close < 0)
            return false;
        while (count == 2 && close + count < end && m_line.at(close + count) == mark)     // "**a *b***": the inner one closes first
            ++close;
        const int added = mark == u'~' ? RichText::Strike : count == 2 ? RichText::Bold : RichText::Italic;
        m_at += count;
        readUntil(close, style | added, depth + 1);
        m_at = close + count;
        return true;
    }

    void append(QStringView piece, int style)
    {
        const int start = int(m_out.text.size());
        m_out.text.append(piece);
        if (style == 0)
            return;
        if (!m_out.spans.isEmpty()) {
            RichText::Span &last = m_out.spans.last();
            if (last.style == style && last.url.isEmpty() && last.start + last.length == start) {
                last.length += int(piece.size());
                return;
            }
        }
        m_out.spans.append({.start = start, .length = int(piece.size()), .style = style});
    }

    static bool isPunctuation(QChar c) { return c.unicode() < 128 && (c.isPunct() || c.isSymbol()); }

    RichText &m_out;
    QStringView m_line;
    qsizetype m_at = 0;
};

/// One line of a block: lists get a bullet, headings and quotes a style.
void readLine(RichText &out, QStringView line)
{
    static const QRegularExpression heading(u"^#{1,6}\\s+"_s);
    static const QRegularExpression bullet(u"^(\\s*)[-*+]\\s+"_s);
    static const QRegularExpression quote(u"^>\\s?"_s);
    int style = 0;
    if (const auto match = quote.match(line); match.hasMatch()) {
        style |= RichText::Quote;
        line = line.mid(match.capturedLength());
    }
    if (const auto match = heading.match(line); match.hasMatch()) {
        style |= RichText::Bold;
        line = line.mid(match.capturedLength());
    } else if (const auto item = bullet.match(line); item.hasMatch()) {
        out.text.append(item.captured(1) + QChar(0x2022) + u' ');
        line = line.mid(item.capturedLength());
    }
    InlineReader(out, line).read(style);
}

} // namespace

QString drawable(const QString &text)
{
    QString out;
    out.reserve(text.size());
    int marks = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate()) {
            out.append(c).append(text.at(++i));
            marks = 0;
            continue;
        }
        if (c.isSurrogate()) {
            out.append(QChar::ReplacementCharacter);
            continue;
        }
        const bool isMark = c.category() == QChar::Mark_NonSpacing || c.category() == QChar::Mark_Enclosing;
        marks = isMark ? marks + 1 : 0;
        if (marks > kMarksPerLetter)
            continue;
        if (c == u'\r') {
            if (i + 1 >= text.size() || text.at(i + 1) != u'\n')
                out.append(QChar::LineSeparator);
        } else if (c == u'\n' || c == QChar::ParagraphSeparator) {
            out.append(QChar(QChar::LineSeparator));
        } else if (c == u'\t' || c.category() != QChar::Other_Control) {
            out.append(c);
        }
    }
    return out;
}

QString plainLine(const QString &text, int most)
{
    bool cut = false;
    QString line = cutTo(text, most, &cut);
    for (QChar &c : line) {
        const bool isBidi = (c >= QChar(0x202A) && c <= QChar(0x202E)) || (c >= QChar(0x2066) && c <= QChar(0x2069));
        if (isBidi)
            c = QChar::ReplacementCharacter;
        else if (c.category() == QChar::Other_Control || c == QChar::LineSeparator || c == QChar::ParagraphSeparator)
            c = u' ';
    }
    line = drawable(line);
    return cut ? line + QChar(0x2026) : line;
}

std::optional<QString> safeLink(const QString &url)
{
    if (url.size() > kLongestUrl)
        return std::nullopt;
    for (const QChar c : url) {
        if (c.category() == QChar::Other_Control || c.isSpace())
            return std::nullopt;
    }
    const QUrl parsed(url, QUrl::TolerantMode);
    const QString scheme = parsed.scheme().toLower();
    if (!parsed.isValid())
        return std::nullopt;
    if (scheme == "http"_L1 || scheme == "https"_L1)
        return parsed.host().isEmpty() ? std::nullopt : std::optional(parsed.toString(QUrl::FullyEncoded));
    if (scheme == "mailto"_L1 || scheme == "tel"_L1)
        return parsed.path().isEmpty() ? std::nullopt : std::optional(parsed.toString(QUrl::FullyEncoded));
    return std::nullopt;
}

QString linkHost(const QString &url)
{
    return QUrl(url).host(QUrl::FullyEncoded);
}

bool isEmojiOnly(const QString &text)
{
    if (text.isEmpty() || text.size() > 64)
        return false;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text);
    int count = 0;
    qsizetype from = 0;
    for (qsizetype to = finder.toNextBoundary(); to > 0; to = finder.toNextBoundary()) {
        const QList<uint> points = text.mid(from, to - from).toUcs4();
        from = to;
        const uint first = points.isEmpty() ? 0 : points.first();
        const bool isPicture = (first >= 0x1F000 && first <= 0x1FAFF) || (first >= 0x2600 && first <= 0x27BF) || first == 0x2B50 || first == 0x2B55
            || (points.size() > 1 && points.contains(0xFE0FU) && first > 0xFF);
        if (!isPicture || ++count > 3)
            return false;
    }
    return count > 0;
}

RichText richFromPlain(const QString &content, const QList<TextEntity> &entities, int cap)
{
    RichText rich;
    const QString source = cutTo(content, cap, &rich.isCut);
    // The offsets are the sender's: they are mapped before anything is taken out, and piece by piece.
    const QList<int> starts = entities.isEmpty() ? QList<int>() : codePointStarts(source);
    const int points = int(starts.size()) - 1;
    const auto shownAt = [&](int unit) { return int(drawable(source.left(unit)).size()); };
    rich.text = drawable(source);
    for (const TextEntity &entity : entities) {
        const int style = styleOfEntity(entity.kind);
        if (style == 0 || entity.offset < 0 || entity.length <= 0 || entity.offset >= points || rich.spans.size() > 200)
            continue;
        const int begin = shownAt(starts.at(entity.offset));
        const int end = shownAt(starts.at(std::min(points, entity.offset + std::min(entity.length, points))));
        RichText::Span span{.start = begin, .length = end - begin, .style = style};
        if (style == RichText::Link) {
            const QString label = rich.text.mid(begin, end - begin);
            const auto safe = safeLink(entity.url.isEmpty() ? label : entity.url);
            if (!safe)
                continue;
            span.url = *safe;
        }
        if (span.length > 0)
            rich.spans.append(span);
    }
    insertHosts(rich);
    addBareLinks(rich);
    return rich;
}

RichText richFromMarkdown(const QString &content, int cap)
{
    RichText rich;
    const QString source = drawable(cutTo(content, cap, &rich.isCut));
    bool inPre = false;
    bool first = true;
    for (QStringView line : QStringView(source).split(QChar(QChar::LineSeparator))) {
        if (line.startsWith(u"```")) {
            inPre = !inPre;
            continue;
        }
        if (!first)
            rich.text.append(QChar(QChar::LineSeparator));
        first = false;
        if (inPre) {
            rich.spans.append({.start = int(rich.text.size()), .length = int(line.size()), .style = RichText::Code});
            rich.text.append(line);
        } else {
            readLine(rich, line);
        }
    }
    addBareLinks(rich);
    return rich;
}

RichText richTextOf(const Message &message, int cap)
{
    return message.contentFormat == Message::ContentFormat::Markdown ? richFromMarkdown(message.content, cap)
                                                                     : richFromPlain(message.content, message.entities, cap);
}

} // namespace antiphon
