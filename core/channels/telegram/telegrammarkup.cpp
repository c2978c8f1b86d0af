#include "core/channels/telegram/telegrammarkup.h"

#include <QList>
#include <QStringList>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

using NodePtr = std::unique_ptr<cmark_node, decltype(&cmark_node_free)>;
using IteratorPtr = std::unique_ptr<cmark_iter, decltype(&cmark_iter_free)>;

NodePtr parsed(const QByteArray &text)
{
    // The library keeps the signs of its extensions in one place for all parsers while it reads.
    static std::mutex oneAtATime;
    const std::scoped_lock lock(oneAtATime);
    cmark_gfm_core_extensions_ensure_registered();
    const std::unique_ptr<cmark_parser, decltype(&cmark_parser_free)> parser(cmark_parser_new(CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE), &cmark_parser_free);
    for (const char *name : {"strikethrough", "table", "autolink"}) {
        if (cmark_syntax_extension *extension = cmark_find_syntax_extension(name))
            cmark_parser_attach_syntax_extension(parser.get(), extension);
    }
    cmark_parser_feed(parser.get(), text.constData(), size_t(text.size()));
    return {cmark_parser_finish(parser.get()), &cmark_node_free};
}

/// The kinds of node by one name, those of the extensions too, which have no constants.
QByteArrayView typeOf(cmark_node *node)
{
    return cmark_node_get_type_string(node);
}

bool isBreak(cmark_node *node)
{
    const cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK;
}

QString literalOf(cmark_node *node)
{
    return QString::fromUtf8(cmark_node_get_literal(node));
}

QString escaped(const QString &text)
{
    QString html;
    html.reserve(text.size() + text.size() / 8);
    for (const QChar c : text) {
        if (c == u'&')
            html += "&amp;"_L1;
        else if (c == u'<')
            html += "&lt;"_L1;
        else if (c == u'>')
            html += "&gt;"_L1;
        else
            html += c;
    }
    return html;
}

/// The words of a node and all below it, without marks.
QString wordsOf(cmark_node *node)
{
    QString words;
    const IteratorPtr walk(cmark_iter_new(node), &cmark_iter_free);
    while (cmark_iter_next(walk.get()) != CMARK_EVENT_DONE) {
        cmark_node *at = cmark_iter_get_node(walk.get());
        if (cmark_iter_get_event_type(walk.get()) != CMARK_EVENT_ENTER)
            continue;
        words += isBreak(at) ? u" "_s : literalOf(at);
    }
    return words;
}

bool isTelegramScheme(const QString &url)
{
    static const QStringList schemes{u"http"_s, u"https"_s, u"mailto"_s, u"tel"_s, u"tg"_s};
    const qsizetype colon = url.indexOf(u':');
    return colon > 0 && schemes.contains(url.first(colon).toLower());
}

/// Whether a link says its own address: Telegram finds those by itself.
bool isSelfNamed(const QString &label, const QString &url)
{
    return label == url || url == u"http://"_s + label || url == u"mailto:"_s + label;
}

class Renderer {
public:
    explicit Renderer(const QString &markdown) : m_lines(markdown.split(u'\n')) {}

    Markup render(cmark_node *document)
    {
        const IteratorPtr walk(cmark_iter_new(document), &cmark_iter_free);
        while (cmark_iter_next(walk.get()) != CMARK_EVENT_DONE) {
            cmark_node *node = cmark_iter_get_node(walk.get());
            const bool isEntering = cmark_iter_get_event_type(walk.get()) == CMARK_EVENT_ENTER;
            if (isEntering && typeOf(node) == "table") {
                table(node);
                cmark_iter_reset(walk.get(), node, CMARK_EVENT_EXIT);
            } else {
                isEntering ? enter(node) : leave(node);
            }
        }
        return m_out;
    }

private:
    struct List {
        bool isOrdered = false;
        int next = 1;
    };
    struct Link {
        QString url{};
        bool isAnchor = false;
        bool isSelfNamed = false;
    };

    void enter(cmark_node *node);
    void leave(cmark_node *node);
    void enterExtension(cmark_node *node);
    void separate(cmark_node *node);
    void beginParagraph(cmark_node *node);
    void breakLine();
    void item(cmark_node *node);
    void codeBlock(cmark_node *node);
    void table(cmark_node *node);
    void openLink(cmark_node *node);
    void closeLink();

    void words(const QString &text)
    {
        m_out.html += escaped(text);
        m_out.visible += text;
        m_out.bare += text;
    }
    void tag(QLatin1StringView name) { m_out.html += name; }
    /// Opens and closes a mark once, however often it is asked for within itself.
    void mark(int *depth, bool isOpening, QLatin1StringView opening, QLatin1StringView closing)
    {
        *depth += isOpening ? 1 : -1;
        if (*depth == (isOpening ? 1 : 0))
            tag(isOpening ? opening : closing);
    }
    QString indent() const { return QString(2 * m_lists.size(), u' '); }

    const QStringList m_lines;
    Markup m_out{};
    QList<List> m_lists{};
    QList<Link> m_links{};
    bool m_isFresh = true;           ///< nothing stands before the next block on its line
    bool m_keepsSpaces = false;      ///< of the paragraph in hand the lines are known
    int m_line = 0;                  ///< that is being written, from 1
    int m_quotes = 0;
    int m_strong = 0;
    int m_emphasis = 0;
    int m_strike = 0;
    int m_images = 0;
};

/// As many line ends as the agent made before this block.
void Renderer::separate(cmark_node *node)
{
    if (m_isFresh) {
        m_isFresh = false;
        return;
    }
    const auto isBlank = [](const QString &line) {
        return std::all_of(line.begin(), line.end(), [](QChar c) { return c.isSpace() || c == u'>'; });
    };
    int ends = 1;
    for (qsizetype line = cmark_node_get_start_line(node) - 2; line >= 0 && line < m_lines.size() && isBlank(m_lines.at(line)); --line)
        ++ends;
    words(QString(ends, u'\n'));
}

QString leadingSpaces(const QString &line)
{
    const auto end = std::find_if(line.begin(), line.end(), [](QChar c) { return c != u' ' && c != u'\t'; });
    return line.first(end - line.begin());
}

void Renderer::beginParagraph(cmark_node *node)
{
    const bool isBehindMarker = m_isFresh;
    separate(node);
    m_line = cmark_node_get_start_line(node);
    // A code span or a link may have swallowed a line's end: then nobody knows which line is which.
    int lines = 1;
    const IteratorPtr walk(cmark_iter_new(node), &cmark_iter_free);
    while (cmark_iter_next(walk.get()) != CMARK_EVENT_DONE)
        lines += isBreak(cmark_iter_get_node(walk.get())) ? 1 : 0;
    const bool isTop = cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_DOCUMENT;
    m_keepsSpaces = isTop && lines == cmark_node_get_end_line(node) - m_line + 1;
    if (m_keepsSpaces)
        words(leadingSpaces(m_lines.value(m_line - 1)));
    else if (!isBehindMarker)
        words(indent());
}

void Renderer::breakLine()
{
    ++m_line;
    words(u'\n' + (m_keepsSpaces ? leadingSpaces(m_lines.value(m_line - 1)) : indent()));
}

void Renderer::item(cmark_node *node)
{
    const bool isBehindMarker = m_isFresh && m_lists.size() > 1;
    separate(node);
    if (!isBehindMarker)
        words(QString(2 * (m_lists.size() - 1), u' '));
    List &list = m_lists.last();
    words(list.isOrdered ? QString::number(list.next++) + u". "_s : u"• "_s);
    m_isFresh = true;
}

void Renderer::codeBlock(cmark_node *node)
{
    separate(node);
    QString code = literalOf(node);
    if (code.endsWith(u'\n'))
        code.chop(1);
    const QString info = QString::fromUtf8(cmark_node_get_fence_info(node)).section(u' ', 0, 0);
    const bool isLanguage = !info.isEmpty()
        && std::all_of(info.begin(), info.end(), [](QChar c) { return c.unicode() < 128 && (c.isLetterOrNumber() || u"+-#._"_s.contains(c)); });
    tag("<pre>"_L1);
    if (isLanguage)
        m_out.html += u"<code class=\"language-%1\">"_s.arg(info);
    words(code);
    tag(isLanguage ? "</code></pre>"_L1 : "</pre>"_L1);
}

/// In columns, which only letters of one width keep straight.
void Renderer::table(cmark_node *node)
{
    separate(node);
    QList<QStringList> rows;
    QList<qsizetype> widths;
    for (cmark_node *row = cmark_node_first_child(node); row; row = cmark_node_next(row)) {
        QStringList cells;
        for (cmark_node *cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell)) {
            cells.append(wordsOf(cell));
            if (widths.size() < cells.size())
                widths.append(0);
            widths[cells.size() - 1] = std::max(widths[cells.size() - 1], cells.constLast().toUcs4().size());
        }
        rows.append(cells);
    }
    QStringList lines;
    for (const QStringList &cells : rows) {
        QStringList padded;
        for (qsizetype i = 0; i < cells.size(); ++i) {
            const bool isLast = i + 1 == cells.size();
            padded.append(isLast ? cells.at(i) : cells.at(i) + QString(widths.at(i) - cells.at(i).toUcs4().size(), u' '));
        }
        lines.append(padded.join(u" | "_s));
        if (lines.size() > 1)
            continue;
        QStringList rule;
        for (const qsizetype width : widths)
            rule.append(QString(std::max<qsizetype>(width, 1), u'-'));
        lines.append(rule.join(u"-+-"_s));
    }
    tag("<pre>"_L1);
    words(lines.join(u'\n'));
    tag("</pre>"_L1);
}

void Renderer::openLink(cmark_node *node)
{
    Link link{.url = QString::fromUtf8(cmark_node_get_url(node))};
    cmark_node *label = cmark_node_first_child(node);
    const bool isText = label && cmark_node_get_type(label) == CMARK_NODE_TEXT && !cmark_node_next(label);
    link.isSelfNamed = isText && isSelfNamed(literalOf(label), link.url);
    link.isAnchor = !link.isSelfNamed && m_images == 0 && label && isTelegramScheme(link.url);
    if (link.isAnchor)
        m_out.html += u"<a href=\"%1\">"_s.arg(escaped(link.url).replace(u'"', "&quot;"_L1));
    m_links.append(link);
}

void Renderer::closeLink()
{
    const Link link = m_links.takeLast();
    if (link.isSelfNamed || link.url.isEmpty())
        return;
    const QString address = u" (%1)"_s.arg(link.url);
    if (!link.isAnchor)
        return words(address);
    tag("</a>"_L1);
    m_out.bare += address;
}

void Renderer::enterExtension(cmark_node *node)
{
    if (typeOf(node) == "strikethrough" && m_images == 0)
        mark(&m_strike, true, "<del>"_L1, "</del>"_L1);
}

void Renderer::enter(cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH: return beginParagraph(node);
    case CMARK_NODE_HEADING:
        beginParagraph(node);
        return mark(&m_strong, true, "<strong>"_L1, "</strong>"_L1);
    case CMARK_NODE_BLOCK_QUOTE:
        separate(node);
        m_isFresh = true;
        return mark(&m_quotes, true, "<blockquote>"_L1, "</blockquote>"_L1);
    case CMARK_NODE_LIST:
        return m_lists.append({.isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST, .next = cmark_node_get_list_start(node)});
    case CMARK_NODE_ITEM: return item(node);
    case CMARK_NODE_CODE_BLOCK: return codeBlock(node);
    case CMARK_NODE_HTML_BLOCK: {
        separate(node);
        QString html = literalOf(node);
        if (html.endsWith(u'\n'))
            html.chop(1);
        return words(html);
    }
    case CMARK_NODE_THEMATIC_BREAK:
        separate(node);
        return words(u"———"_s);
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE: return words(literalOf(node));
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK: return breakLine();
    case CMARK_NODE_CODE: {
        const bool isBare = m_images > 0 || (!m_links.isEmpty() && m_links.constLast().isAnchor);      // no code within a link
        tag(isBare ? ""_L1 : "<code>"_L1);
        words(literalOf(node));
        return tag(isBare ? ""_L1 : "</code>"_L1);
    }
    case CMARK_NODE_STRONG: return mark(&m_strong, true, "<strong>"_L1, "</strong>"_L1);
    case CMARK_NODE_EMPH: return mark(&m_emphasis, true, "<em>"_L1, "</em>"_L1);
    case CMARK_NODE_LINK: return openLink(node);
    case CMARK_NODE_IMAGE:
        ++m_images;
        return;
    default: return enterExtension(node);
    }
}

void Renderer::leave(cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HEADING:
    case CMARK_NODE_STRONG: return mark(&m_strong, false, "<strong>"_L1, "</strong>"_L1);
    case CMARK_NODE_EMPH: return mark(&m_emphasis, false, "<em>"_L1, "</em>"_L1);
    case CMARK_NODE_BLOCK_QUOTE:
        m_isFresh = false;
        return mark(&m_quotes, false, "<blockquote>"_L1, "</blockquote>"_L1);
    case CMARK_NODE_LIST: return m_lists.removeLast();
    case CMARK_NODE_ITEM:
        m_isFresh = false;
        return;
    case CMARK_NODE_LINK: return closeLink();
    case CMARK_NODE_IMAGE: {
        --m_images;
        const QString url = QString::fromUtf8(cmark_node_get_url(node));
        if (!url.isEmpty())
            words(cmark_node_first_child(node) ? u" (%1)"_s.arg(url) : url);
        return;
    }
    default:
        if (typeOf(node) == "strikethrough" && m_images == 0)
            mark(&m_strike, false, "<del>"_L1, "</del>"_L1);
    }
}

} // namespace

Markup renderMarkup(const QString &markdown)
{
    QString text = markdown;
    text.replace("\r\n"_L1, "\n"_L1).replace(u'\r', u'\n').replace(QChar(u'\0'), QChar::ReplacementCharacter);
    qsizetype end = text.size();
    while (end > 0 && text[end - 1].isSpace())
        --end;
    text.truncate(end);
    const NodePtr document = parsed(text.toUtf8());
    Markup out = Renderer(text).render(document.get());
    if (out.visible.trimmed().isEmpty() && !text.isEmpty())      // nothing but definitions: what was typed is what was meant
        out = {.html = escaped(text), .visible = text, .bare = text};
    return out;
}

} // namespace antiphon::telegram
