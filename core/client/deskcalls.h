#pragma once

#include "core/base/json.h"
#include "core/client/deskapi.h"

#include <QJsonArray>

/// What the calls of the Desk API have in common: asking, pages, lists.
namespace antiphon::deskcalls {
using namespace Qt::StringLiterals;

/// A request whose answer becomes a value in the client's thread.
template <typename T, typename Read>
QFuture<Result<T>> ask(DeskClient &client, const QString &method, const QJsonObject &params, Read read)
{
    return client.call(method, params).then(&client, [read](const Result<QJsonObject> &answer) -> Result<T> {
        if (!answer)
            return answer.error();
        return read(*answer);
    });
}

inline QFuture<Result<void>> askNothing(DeskClient &client, const QString &method, const QJsonObject &params)
{
    return client.call(method, params).then(&client, [](const Result<QJsonObject> &answer) { return answer ? Result<void>() : Result<void>(answer.error()); });
}

inline qint64 seqOf(const QJsonObject &json)
{
    return json::integer(json.value("seq"_L1)).value_or(0);
}

template <typename T, typename Read>
Result<QList<T>> itemsOf(const QJsonObject &json, Read read)
{
    if (!json.value("items"_L1).isArray())
        return Error{Error::Kind::BadPayload, u"a list without items"_s};
    QList<T> items;
    const QJsonArray entries = json.value("items"_L1).toArray();
    for (const QJsonValue &entry : entries) {
        const Result<T> item = read(entry.toObject());
        if (!item)
            return item.error();
        items.append(*item);
    }
    return items;
}

template <typename T, typename Read>
auto pageOf(Read read)
{
    return [read](const QJsonObject &json) -> Result<Page<T>> {
        const auto items = itemsOf<T>(json, read);
        if (!items)
            return items.error();
        return Page<T>{.items = *items, .nextCursor = json::string(json, "next_cursor"_L1), .seq = seqOf(json)};
    };
}

inline QJsonObject pageParams(const QString &cursor, int limit)
{
    QJsonObject params{{u"limit"_s, limit}};
    if (!cursor.isEmpty())
        params.insert(u"cursor"_s, cursor);
    return params;
}

template <typename Tag>
QJsonObject idParams(Id<Tag> id)
{
    return {{u"id"_s, id.toString()}};
}

inline QStringList textsOf(const QJsonValue &value)
{
    QStringList texts;
    const QJsonArray entries = value.toArray();
    for (const QJsonValue &entry : entries)
        texts.append(json::cleanText(entry.toString()));
    return texts;
}

} // namespace antiphon::deskcalls
