#pragma once

#include "core/base/json.h"

/// Small readers shared by the objects' fromJson functions. The contract: ids are decimal strings, absent means null.
namespace antiphon::wire {

/// The object's own id: required.
template <typename IdType>
Result<IdType> ownId(const QJsonObject &json)
{
    const auto id = json::id<IdType>(json, QLatin1StringView("id"));
    if (id && id->isNull())
        return Error{Error::Kind::BadPayload, QStringLiteral("no id"), QStringLiteral("id")};
    return id;
}

/// An id that may be null; a malformed one counts as null.
template <typename IdType>
IdType idOrNull(const QJsonObject &json, QLatin1StringView key)
{
    return IdType::fromString(json.value(key).toString()).value_or(IdType());
}

inline std::optional<Timestamp> time(const QJsonObject &json, QLatin1StringView key)
{
    return fromRfc3339(json.value(key).toString());
}

inline std::optional<int> number(const QJsonObject &json, QLatin1StringView key)
{
    const auto value = json::integer(json.value(key));
    return value ? std::optional(int(*value)) : std::nullopt;
}

inline Error unknownWord(QLatin1StringView key)
{
    return {Error::Kind::BadPayload, QStringLiteral("unknown word"), QString(key)};
}

} // namespace antiphon::wire
