#include "core/channels/twilio/twiliocursor.h"

#include "core/base/json.h"

#include <QJsonArray>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

Cursor cursorOf(const QString &text, Timestamp since)
{
    const auto stored = json::parseObject(text.toUtf8());
    if (!stored)
        return {.readUpTo = since, .sentUpTo = since};
    const auto moment = [&](QLatin1StringView key) {
        const auto ms = json::integer(stored->value(key));
        return ms ? fromUnixMs(*ms) : since;
    };
    Cursor cursor{.isStored = true, .readUpTo = moment("in"_L1), .sentUpTo = moment("out"_L1)};
    const QJsonArray known = stored->value("known"_L1).toArray();
    const QJsonArray times = stored->value("times"_L1).toArray();
    for (qsizetype i = 0; i < known.size(); ++i) {
        const auto second = json::integer(times.at(i));
        cursor.known.append({second ? fromUnixMs(*second * 1000) : cursor.readUpTo, known.at(i).toString()});
    }
    if (const auto from = json::integer(stored->value("from"_L1)))
        cursor.knownFrom = fromUnixMs(*from);
    const QJsonArray marks = stored->value("marks"_L1).toArray();
    for (const QJsonValue &mark : marks)
        cursor.marks.append(mark.toString());
    return cursor;
}

QString textOf(const Cursor &cursor)
{
    QJsonArray known;
    QJsonArray times;
    for (const Told &one : cursor.known) {
        known.append(one.key);
        times.append(toUnixMs(one.at) / 1000);
    }
    QJsonObject text{{"in"_L1, toUnixMs(cursor.readUpTo)}, {"out"_L1, toUnixMs(cursor.sentUpTo)}, {"known"_L1, known}, {"times"_L1, times}};
    if (cursor.knownFrom)
        text.insert("from"_L1, toUnixMs(*cursor.knownFrom));
    if (!cursor.marks.isEmpty())
        text.insert("marks"_L1, QJsonArray::fromStringList(cursor.marks));
    return json::toText(text);
}

} // namespace antiphon::twilio
