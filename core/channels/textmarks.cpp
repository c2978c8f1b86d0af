#include "core/channels/textmarks.h"

#include <QHash>
#include <QList>
#include <QRegularExpression>
#include <QSet>
#include <QStringList>

#include <numeric>
#include <utility>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

enum class Mark { Strong, Emphasis, Strike, Code };

/// A piece of a paragraph: words, or a run of delimiters that may turn into marks.
struct Piece {
    QString text{};
    QChar delimiter{};               ///< null: words
    bool canOpen = false;
    bool canClose = false;
    qsizetype length = 0;            ///< of the run as it was written
    QList<Mark> closes{};            ///< before what is left of the run
    QList<Mark> opens{};             ///< behind it
};

bool isSpace(QChar c)
{
    return c.isNull() || c.isSpace();
}

bool isPunctuation(QChar c)
{
    return c.isPunct() || c.isSymbol();
}

Piece delimiterRun(const QString &text, qsizetype at, qsizetype length)
{
    const QChar before = at > 0 ? text[at - 1] : QChar();
    const QChar after = at + length < text.size() ? text[at + length] : QChar();
    const bool isLeft = !isSpace(after) && (!isPunctuation(after) || isSpace(before) || isPunctuation(before));
    const bool isRight = !isSpace(before) && (!isPunctuation(before) || isSpace(after) || isPunctuation(after));
    Piece piece{.text = text.mid(at, length), .delimiter = text[at], .length = length};
    const bool isUnderscore = text[at] == u'_';
    piece.canOpen = isLeft && (!isUnderscore || !isRight || isPunctuation(before));
    piece.canClose = isRight && (!isUnderscore || !isLeft || isPunctuation(after));
    if (text[at] == u'~' && length != 2)
        piece.canOpen = piece.canClose = false;
    return piece;
}

class Paragraph {
public:
    Paragraph(const QString &text, const TextMarks &marks) : m_text(text), m_marks(marks)
    {
        parse();
        match();
    }

    QString rendered()
    {
        for (const Piece &piece : std::as_const(m_pieces)) {
            for (const Mark mark : piece.closes)
                close(mark);
            write(piece.text);
            for (const Mark mark : piece.opens)
                open(mark);
        }
        return m_out;
    }

private:
    void parse();
    bool takeEscape();
    bool takeCode();
    bool takeLink();
    bool takeAddress();
    void addWords(const QString &words);
    void match();
    void join(Piece *opener, Piece *closer);

    QString signOf(Mark mark) const;
    void open(Mark mark);
    void close(Mark mark);
    void write(const QString &words);

    const QString m_text;
    const TextMarks m_marks;
    qsizetype m_at = 0;
    QList<Piece> m_pieces{};
    QString m_out{};
    QList<Mark> m_open{};
    bool m_isReopening = false;
};

void Paragraph::addWords(const QString &words)
{
    if (m_pieces.isEmpty() || !m_pieces.last().delimiter.isNull() || !m_pieces.last().opens.isEmpty())
        m_pieces.append(Piece{});
    m_pieces.last().text += words;
}

bool Paragraph::takeEscape()
{
    if (m_text[m_at] != u'\\' || m_at + 1 >= m_text.size())
        return false;
    const QChar next = m_text[m_at + 1];
    if (next == u'\n') {             // a hard break
        addWords(u"\n"_s);
    } else if (next.unicode() < 128 && isPunctuation(next)) {
        addWords(next);
    } else {
        return false;
    }
    m_at += 2;
    return true;
}

bool Paragraph::takeCode()
{
    if (m_text[m_at] != u'`')
        return false;
    qsizetype length = 1;
    while (m_at + length < m_text.size() && m_text[m_at + length] == u'`')
        ++length;
    const QString fence(length, u'`');
    qsizetype end = m_at + length;
    while (true) {
        end = m_text.indexOf(fence, end);
        if (end < 0) {
            addWords(fence);
            m_at += length;
            return true;
        }
        qsizetype ticks = length;
        while (end + ticks < m_text.size() && m_text[end + ticks] == u'`')
            ++ticks;
        if (ticks == length)
            break;
        end += ticks;
    }
    QString code = m_text.mid(m_at + length, end - m_at - length);
    if (code.size() > 2 && code.startsWith(u' ') && code.endsWith(u' ') && !code.trimmed().isEmpty())
        code = code.sliced(1).chopped(1);
    m_pieces.append(Piece{.opens = {Mark::Code}});
    m_pieces.append(Piece{.text = code});
    m_pieces.append(Piece{.closes = {Mark::Code}});
    m_at = end + length;
    return true;
}

bool Paragraph::takeLink()
{
    static const QRegularExpression link(u"\\G!?\\[((?:[^\\[\\]\\\\]|\\\\.)*)\\]\\(\\s*<?([^\\s<>()]*(?:\\([^\\s<>()]*\\)[^\\s<>()]*)*)>?(?:\\s+\"[^\"]*\")?\\s*\\)"_s);
    if (m_text[m_at] != u'[' && !(m_text[m_at] == u'!' && m_text.mid(m_at + 1, 1) == "["_L1))
        return false;
    const auto found = link.match(m_text, m_at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
    if (!found.hasMatch() || found.captured(2).isEmpty())
        return false;
    const QString label = found.captured(1);
    const QString url = found.captured(2);
    const QString bare = url.startsWith("mailto:"_L1) || url.startsWith("tel:"_L1) ? url.section(u':', 1) : url;
    const bool isNamed = m_marks.namesLinks && !label.isEmpty() && label != bare && label != url;
    addWords(isNamed ? label + u" ("_s + bare + u')' : bare);
    m_at += found.capturedLength();
    return true;
}

/// An address as it stands, or in angle brackets: nothing in it is a mark.
bool Paragraph::takeAddress()
{
    static const QRegularExpression bracketed(u"<((?:https?://|mailto:)[^\\s<>]+|[^\\s<>@]+@[^\\s<>@]+\\.[^\\s<>@]+)>"_s);
    static const QRegularExpression plain(u"https?://[^\\s<>]*[^\\s<>*_~]"_s);
    const QChar c = m_text[m_at];
    if (c != u'<' && c != u'h')
        return false;
    const auto found = (c == u'<' ? bracketed : plain).match(m_text, m_at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
    if (!found.hasMatch() || (c == u'h' && m_at > 0 && m_text[m_at - 1].isLetterOrNumber()))
        return false;
    const QString inner = c == u'<' ? found.captured(1) : found.captured();
    addWords(inner.startsWith("mailto:"_L1) ? inner.sliced(7) : inner);
    m_at += found.capturedLength();
    return true;
}

void Paragraph::parse()
{
    while (m_at < m_text.size()) {
        if (takeEscape() || takeCode() || takeLink() || takeAddress())
            continue;
        const QChar c = m_text[m_at];
        if (c == u'*' || c == u'_' || c == u'~') {
            qsizetype length = 1;
            while (m_at + length < m_text.size() && m_text[m_at + length] == c)
                ++length;
            m_pieces.append(delimiterRun(m_text, m_at, length));
            m_at += length;
            continue;
        }
        addWords(c);
        ++m_at;
    }
}

/// One pair of what both runs have left; the inner sides of both become marks.
void Paragraph::join(Piece *opener, Piece *closer)
{
    const bool isStrike = opener->delimiter == u'~';
    const qsizetype used = isStrike || (opener->text.size() >= 2 && closer->text.size() >= 2) ? 2 : 1;
    const Mark mark = isStrike ? Mark::Strike : used == 2 ? Mark::Strong : Mark::Emphasis;
    opener->text.chop(used);
    closer->text.chop(used);
    opener->opens.prepend(mark);
    closer->closes.append(mark);
}

/// The rules of CommonMark 6.2: the nearest opener of the same sign, and what stands between both is nothing but words. No piece is looked at twice for
/// the same question, so that a long text takes no longer than its length.
void Paragraph::match()
{
    QList<qsizetype> before(m_pieces.size());        // where to look next from a piece: behind a pair what it encloses is left out
    std::iota(before.begin(), before.end(), -1);
    QHash<qsizetype, qsizetype> searched;            // up to where nothing fits, by all of a closer that decides it
    for (qsizetype i = 0; i < m_pieces.size(); ++i) {
        const auto fits = [&closer = std::as_const(m_pieces)[i]](const Piece &opener) {
            if (!opener.canOpen || opener.delimiter != closer.delimiter || opener.text.isEmpty())
                return false;
            const bool isEither = opener.canClose || closer.canOpen;
            return !isEither || (opener.length + closer.length) % 3 != 0 || (opener.length % 3 == 0 && closer.length % 3 == 0);
        };
        const qsizetype question = m_pieces[i].delimiter.unicode() * 8 + (m_pieces[i].canOpen ? 4 : 0) + m_pieces[i].length % 3;
        while (m_pieces[i].canClose && !m_pieces[i].text.isEmpty()) {
            const qsizetype bottom = searched.value(question, -1);
            qsizetype at = before[i];
            while (at > bottom && !fits(m_pieces[at]))
                at = before[at];
            if (at <= bottom) {
                searched.insert(question, i - 1);
                break;
            }
            join(&m_pieces[at], &m_pieces[i]);
            before[i] = at;
        }
    }
}

QString Paragraph::signOf(Mark mark) const
{
    switch (mark) {
    case Mark::Strong: return m_marks.strong;
    case Mark::Emphasis: return m_marks.emphasis;
    case Mark::Strike: return m_marks.strike;
    case Mark::Code: return m_marks.code;
    }
    Q_UNREACHABLE();
}

void Paragraph::open(Mark mark)
{
    const bool isRepeated = m_open.contains(mark);
    m_open.append(mark);
    if (!isRepeated && !m_isReopening)
        m_out += signOf(mark);
}

void Paragraph::close(Mark mark)
{
    m_open.remove(m_open.lastIndexOf(mark));
    if (!m_open.contains(mark) && !m_isReopening)
        m_out += signOf(mark);
}

void Paragraph::write(const QString &words)
{
    const auto each = [this](bool isOpening) {
        QString signs;
        QList<Mark> seen;
        for (const Mark mark : std::as_const(m_open)) {
            if (seen.contains(mark))
                continue;
            seen.append(mark);
            signs = isOpening ? signs + signOf(mark) : signOf(mark) + signs;
        }
        return signs;
    };
    for (const QChar c : words) {
        if (c == u'\n' && !m_open.isEmpty() && !m_isReopening) {
            qsizetype end = m_out.size();
            while (end > 0 && m_out[end - 1].isSpace() && m_out[end - 1] != u'\n')
                --end;
            m_out.insert(end, each(false));
            m_isReopening = true;
        } else if (m_isReopening && !c.isSpace()) {
            m_out += each(true);
            m_isReopening = false;
        }
        m_out += c;
    }
    if (m_open.isEmpty())
        m_isReopening = false;
}

/// What stands before a line's words, in the platform's spelling, and the words.
struct Line {
    QString prefix{};
    QString words{};
    bool isBlock = false;        ///< the words before it are another paragraph's
};

Line lineOf(const QString &text, const TextMarks &marks)
{
    static const QRegularExpression heading(u"^( {0,3})#{1,6}[ \\t]+(.*?)(?:[ \\t]+#+)?[ \\t]*$"_s);
    static const QRegularExpression bullet(u"^(\\s*)[-*+]( +)(\\S.*)$"_s);
    static const QRegularExpression ordered(u"^(\\s*\\d{1,9}[.)] +)(.*)$"_s);
    static const QRegularExpression quote(u"^(\\s*(?:> ?)+)(.*)$"_s);
    if (const auto found = heading.match(text); found.hasMatch())
        return {found.captured(1), found.captured(2), true};
    if (const auto found = bullet.match(text); found.hasMatch())
        return {found.captured(1) + marks.bullet, found.captured(3), true};
    if (const auto found = ordered.match(text); found.hasMatch())
        return {found.captured(1), found.captured(2), true};
    if (const auto found = quote.match(text); found.hasMatch())
        return {marks.keepsQuotes ? found.captured(1) : QString(), found.captured(2), true};
    return {{}, text, false};
}

/// The line that closes a block of code begun at `from`; -1: it is none. @param unclosed signs that no later line closes
qsizetype fenceEnd(const QStringList &lines, qsizetype from, QSet<QString> *unclosed)
{
    static const QRegularExpression fence(u"^ {0,3}(`{3,}|~{3,})[^`]*$"_s);
    const auto begin = fence.match(lines[from]);
    if (!begin.hasMatch() || unclosed->contains(begin.captured(1)))
        return -1;
    for (qsizetype i = from + 1; i < lines.size(); ++i) {
        const QString trimmed = lines[i].trimmed();
        if (trimmed.startsWith(begin.captured(1)) && trimmed.count(trimmed[0]) == trimmed.size())
            return i;
    }
    unclosed->insert(begin.captured(1));
    return -1;
}

} // namespace

QString renderMarkdown(const QString &markdown, const TextMarks &marks)
{
    QString text = markdown;
    text.replace("\r\n"_L1, "\n"_L1).replace(u'\r', u'\n');
    const QStringList lines = text.split(u'\n');
    QStringList out;
    QStringList paragraph;
    QString prefix;
    QSet<QString> unclosed;
    const auto end = [&] {
        if (!paragraph.isEmpty())
            out.append(prefix + Paragraph(paragraph.join(u'\n'), marks).rendered());
        paragraph.clear();
        prefix.clear();
    };
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (const qsizetype closing = fenceEnd(lines, i, &unclosed); closing >= 0) {
            end();
            out += lines.mid(i + 1, closing - i - 1);
            i = closing;
            continue;
        }
        const Line line = lineOf(lines[i], marks);
        if (line.isBlock || lines[i].trimmed().isEmpty())
            end();
        if (paragraph.isEmpty())
            prefix = line.prefix;
        paragraph.append(line.words);
        if (lines[i].trimmed().isEmpty())
            end();
    }
    end();
    QString result = out.join(u'\n');
    while (result.endsWith(u'\n'))
        result.chop(1);
    return result;
}

bool saysTheSame(const QString &markdown, const QString &shown)
{
    if (markdown.trimmed() == shown.trimmed())
        return true;
    const auto bare = [](QString text) {
        text.removeIf([](QChar c) { return !c.isLetterOrNumber() && !c.isSurrogate(); });
        return text;
    };
    const QString letters = bare(shown);
    if (letters.isEmpty())
        return false;
    return letters == bare(markdown) || letters == bare(renderMarkdown(markdown, {})) || letters == bare(renderMarkdown(markdown, {.namesLinks = true}));
}

} // namespace antiphon
