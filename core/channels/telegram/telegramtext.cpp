#include "core/channels/telegram/telegramtext.h"

#include "core/base/json.h"

#include <QHash>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostEntities = 1000;      // Telegram's own limit is far below

QString kindOf(const QString &type)
{
    static const QHash<QString, QString> kinds{
        {u"bold"_s, u"bold"_s},
        {u"italic"_s, u"italic"_s},
        {u"strikethrough"_s, u"strike"_s},
        {u"spoiler"_s, u"spoiler"_s},
        {u"code"_s, u"code"_s},
        {u"pre"_s, u"pre"_s},
        {u"blockquote"_s, u"quote"_s},
        {u"expandable_blockquote"_s, u"quote"_s},
        {u"text_link"_s, u"link"_s},
        {u"mention"_s, u"mention"_s},
        {u"text_mention"_s, u"mention"_s},
    };
    return kinds.value(type);
}

/// For each place between two UTF-16 units how many code points stand before it. A place within a surrogate pair is before it.
QList<int> codePointsBefore(const QString &text)
{
    QList<int> before;
    before.reserve(text.size() + 1);
    int count = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isSecondHalf = i > 0 && text[i].isLowSurrogate() && text[i - 1].isHighSurrogate();
        before.append(isSecondHalf ? count - 1 : count);
        if (!isSecondHalf)
            ++count;
    }
    before.append(count);
    return before;
}

} // namespace

QList<TextEntity> entitiesOf(const QString &text, const QJsonArray &entities)
{
    QList<TextEntity> read;
    if (entities.isEmpty() || entities.size() > kMostEntities)
        return read;
    const QList<int> before = codePointsBefore(text);
    for (const QJsonValue &value : entities) {
        const QJsonObject entity = value.toObject();
        const QString kind = kindOf(json::string(entity, "type"_L1));
        const qint64 offset = json::integer(entity.value("offset"_L1)).value_or(-1);
        const qint64 length = json::integer(entity.value("length"_L1)).value_or(0);
        if (kind.isEmpty() || offset < 0 || length <= 0 || offset >= text.size() || length > text.size() - offset)
            continue;
        const int from = before[qsizetype(offset)];
        const int to = before[qsizetype(offset + length)];
        if (to > from)
            read.append({.offset = from, .length = to - from, .kind = kind, .url = kind == "link"_L1 ? json::string(entity, "url"_L1) : QString()});
    }
    return read;
}

} // namespace antiphon::telegram
