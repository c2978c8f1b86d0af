#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

/// Reading and writing JSON at the edges: platforms' bodies, the Desk API, stored columns.
namespace antiphon::json {

/// @return BadPayload where `text` is not one JSON object.
Result<QJsonObject> parseObject(const QByteArray &text);

/// Compact UTF-8.
QByteArray toBytes(const QJsonObject &object);
QString toText(const QJsonObject &object);

/// The string, or nothing where the value is absent, null or no string. U+0000 and lone surrogates become U+FFFD.
QString string(const QJsonObject &object, QLatin1StringView key);

/// U+0000 and lone surrogates become U+FFFD: what a database, a JSON writer and a font can all live with.
QString cleanText(const QString &text);

/// A whole number of JSON, also where it came as a string of digits (platforms differ); nothing otherwise.
std::optional<qint64> integer(const QJsonValue &value);

/// Absent means null in the contract: an empty string is written as null.
QJsonValue orNull(const QString &text);
QJsonValue orNull(const std::optional<Timestamp> &time);
QJsonValue orNull(const std::optional<int> &number);

template <typename Tag>
QJsonValue orNull(Id<Tag> id)
{
    return id ? QJsonValue(id.toString()) : QJsonValue(QJsonValue::Null);
}

/// The id of a decimal string; a null id where it is absent or null; Invalid with `field` where it is anything else.
template <typename IdType>
Result<IdType> id(const QJsonObject &object, QLatin1StringView key)
{
    const QJsonValue value = object.value(key);
    if (value.isUndefined() || value.isNull())
        return IdType();
    if (const auto parsed = value.isString() ? IdType::fromString(value.toString()) : std::nullopt)
        return *parsed;
    return Error{Error::Kind::Invalid, QStringLiteral("not an id"), QString(key)};
}

} // namespace antiphon::json
