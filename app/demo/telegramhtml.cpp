#include "app/demo/telegramhtml.h"

#include <QHash>
#include <QJsonObject>
#include <QRegularExpression>

namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

struct Open {
    QString tag{};
    QJsonObject entity{};               ///< without its length; empty: none of its own (code within pre)
};

QString kindOf(const QString &tag)
{
    static const QHash<QString, QString> kinds{{u"b"_s, u"bold"_s}, {u"strong"_s, u"bold"_s}, {u"i"_s, u"italic"_s}, {u"em"_s, u"italic"_s}, {u"u"_s, u"underline"_s},
                                               {u"ins"_s, u"underline"_s}, {u"s"_s, u"strikethrough"_s}, {u"strike"_s, u"strikethrough"_s}, {u"del"_s, u"strikethrough"_s},
                                               {u"tg-spoiler"_s, u"spoiler"_s}, {u"span"_s, u"spoiler"_s}, {u"a"_s, u"text_link"_s}, {u"code"_s, u"code"_s},
                                               {u"pre"_s, u"pre"_s}, {u"blockquote"_s, u"blockquote"_s}};
    return kinds.value(tag);
}

/// What an entity of HTML stands for; null where Telegram doesn't know it.
QString characterOf(const QString &name)
{
    static const QHash<QString, QString> named{{u"lt"_s, u"<"_s}, {u"gt"_s, u">"_s}, {u"amp"_s, u"&"_s}, {u"quot"_s, u"\""_s}};
    if (!name.startsWith(u'#'))
        return named.value(name);
    bool isNumber = false;
    const uint code = name.startsWith("#x"_L1, Qt::CaseInsensitive) ? name.mid(2).toUInt(&isNumber, 16) : name.mid(1).toUInt(&isNumber, 10);
    return isNumber && code > 0 && code <= 0x10FFFF ? QString::fromUcs4(reinterpret_cast<const char32_t *>(&code), 1) : QString();
}

class Reader {
public:
    explicit Reader(const QString &html) : m_html(html) {}

    TelegramText read()
    {
        while (m_at < m_html.size() && m_error.isEmpty()) {
            const QChar c = m_html[m_at];
            if (c == u'<')
                readTag();
            else if (c == u'&')
                m_text += readCharacter();
            else
                m_text += m_html[m_at++];
        }
        if (m_error.isEmpty() && !m_open.isEmpty())
            m_error = u"Can't find end tag corresponding to start tag \"%1\""_s.arg(m_open.last().tag);
        if (!m_error.isEmpty())
            return {.error = u"can't parse entities: "_s + m_error};
        return {.text = m_text, .entities = m_entities};
    }

private:
    /// Telegram leaves a bare ampersand as it is, but not an entity it doesn't know.
    QString readCharacter()
    {
        static const QRegularExpression form(u"&(#?[A-Za-z0-9]+);"_s);
        const auto match = form.match(m_html, m_at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
        const QString found = match.hasMatch() ? characterOf(match.captured(1)) : QString();
        if (found.isNull())
            m_error = u"Unescaped or unknown entity at byte offset %1"_s.arg(QStringView(m_html).left(m_at).toUtf8().size());
        m_at += std::max<qsizetype>(1, match.capturedLength());
        return found;
    }

    void readTag()
    {
        static const QRegularExpression form(u"<(/?)([a-z][a-z0-9-]*)((?:\\s+[a-z-]+(?:=\"[^\"<>]*\")?)*)\\s*>"_s);
        const auto match = form.match(m_html, m_at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
        const QString tag = match.captured(2);
        if (!match.hasMatch() || kindOf(tag).isEmpty()) {
            m_error = u"Unsupported start tag \"%1\" at byte offset %2"_s.arg(tag).arg(QStringView(m_html).left(m_at).toUtf8().size());
            return;
        }
        m_at = match.capturedEnd();
        if (match.captured(1).isEmpty())
            open(tag, match.captured(3));
        else
            close(tag);
    }

    void open(const QString &tag, const QString &attributes)
    {
        QHash<QString, QString> given;
        static const QRegularExpression form(u"([a-z-]+)(?:=\"([^\"]*)\")?"_s);
        for (auto it = form.globalMatch(attributes); it.hasNext();) {
            const auto one = it.next();
            given.insert(one.captured(1), Reader(one.captured(2)).read().text);
        }
        const bool isInPre = !m_open.isEmpty() && m_open.last().tag == "pre"_L1 && tag == "code"_L1;
        for (const Open &one : m_open) {
            if ((one.tag == "code"_L1 || one.tag == "pre"_L1) && !isInPre)
                m_error = u"Nothing but text may stand within \"%1\""_s.arg(one.tag);
            if (one.tag == "blockquote"_L1 && tag == "blockquote"_L1)
                m_error = u"Quotes can't be nested"_s;
        }
        QJsonObject entity{{u"type"_s, kindOf(tag)}, {u"offset"_s, m_text.size()}};
        const QString language = given.value(u"class"_s);
        QStringList known;
        if (tag == "a"_L1) {
            known = QStringList{u"href"_s};
            entity.insert(u"url"_s, given.value(u"href"_s));
        } else if (tag == "code"_L1 && isInPre) {
            known = QStringList{u"class"_s};
            if (language.startsWith("language-"_L1))
                m_open.last().entity.insert(u"language"_s, language.mid(9));
            entity = {};
        } else if (tag == "span"_L1) {
            known = QStringList{u"class"_s};
            if (language != "tg-spoiler"_L1)
                m_error = u"Tag \"span\" must have class \"tg-spoiler\""_s;
        } else if (tag == "blockquote"_L1) {
            known = QStringList{u"expandable"_s};
        }
        for (auto it = given.begin(); it != given.end(); ++it) {
            if (!known.contains(it.key()))
                m_error = u"Unsupported attribute \"%1\""_s.arg(it.key());
        }
        m_open.append({tag, entity});
    }

    void close(const QString &tag)
    {
        if (m_open.isEmpty() || m_open.last().tag != tag) {
            m_error = u"Unexpected end tag \"%1\""_s.arg(tag);
            return;
        }
        QJsonObject entity = m_open.takeLast().entity;
        if (entity.isEmpty())
            return;
        const qsizetype length = m_text.size() - entity[u"offset"_s].toInteger();
        entity.insert(u"length"_s, length);
        if (length > 0)
            m_entities.append(entity);
    }

    const QString m_html;
    qsizetype m_at = 0;
    QString m_text{};
    QJsonArray m_entities{};
    QList<Open> m_open{};
    QString m_error{};
};

} // namespace

TelegramText readTelegramHtml(const QString &html) { return Reader(html).read(); }

} // namespace antiphon::demo
