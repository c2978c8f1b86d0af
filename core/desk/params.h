#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <QJsonObject>

/// Reading a request's parameters: what is malformed is Invalid with `field`.
namespace antiphon::params {

inline Error invalid(QLatin1StringView field, const QString &why)
{
    return {Error::Kind::Invalid, why, QString(field)};
}

template <typename IdType>
Result<IdType> requiredId(const QJsonObject &params, QLatin1StringView key)
{
    auto id = json::id<IdType>(params, key);
    if (id && id->isNull())
        return invalid(key, QStringLiteral("required"));
    return id;
}

/// Absent and null are an empty text. `longest` in UTF-16 units.
Result<QString> text(const QJsonObject &params, QLatin1StringView key, qsizetype longest);
Result<bool> flag(const QJsonObject &params, QLatin1StringView key);             ///< absent: false
Result<int> limit(const QJsonObject &params);                                    ///< 1 … 200, absent: 50
Result<QStringList> texts(const QJsonObject &params, QLatin1StringView key);     ///< absent: none
Result<QJsonObject> object(const QJsonObject &params, QLatin1StringView key);    ///< absent: empty

} // namespace antiphon::params
