#include "core/desk/params.h"

#include <QJsonArray>

namespace antiphon::params {
using namespace Qt::StringLiterals;

namespace {
constexpr int kLargestPage = 200;
constexpr int kUsualPage = 50;
} // namespace

Result<QString> text(const QJsonObject &params, QLatin1StringView key, qsizetype longest)
{
    const QJsonValue value = params.value(key);
    if (value.isUndefined() || value.isNull())
        return QString();
    if (!value.isString())
        return invalid(key, u"not a text"_s);
    const QString clean = json::cleanText(value.toString());
    if (clean.size() > longest)
        return invalid(key, u"longer than %1 characters"_s.arg(longest));
    return clean;
}

Result<bool> flag(const QJsonObject &params, QLatin1StringView key)
{
    const QJsonValue value = params.value(key);
    if (!value.isUndefined() && !value.isNull() && !value.isBool())
        return invalid(key, u"not a boolean"_s);
    return value.toBool();
}

Result<int> limit(const QJsonObject &params)
{
    const QJsonValue value = params.value("limit"_L1);
    if (value.isUndefined() || value.isNull())
        return kUsualPage;
    const auto number = value.isDouble() ? json::integer(value) : std::nullopt;
    if (!number || *number < 1 || *number > kLargestPage)
        return invalid("limit"_L1, u"not within 1 and %1"_s.arg(kLargestPage));
    return int(*number);
}

Result<QStringList> texts(const QJsonObject &params, QLatin1StringView key)
{
    const QJsonValue value = params.value(key);
    if (value.isUndefined() || value.isNull())
        return QStringList();
    if (!value.isArray())
        return invalid(key, u"not a list"_s);
    QStringList list;
    const QJsonArray entries = value.toArray();
    for (const QJsonValue &entry : entries) {
        if (!entry.isString())
            return invalid(key, u"not a list of texts"_s);
        list.append(json::cleanText(entry.toString()));
    }
    return list;
}

Result<QJsonObject> object(const QJsonObject &params, QLatin1StringView key)
{
    const QJsonValue value = params.value(key);
    if (!value.isUndefined() && !value.isNull() && !value.isObject())
        return invalid(key, u"not an object"_s);
    return value.toObject();
}

} // namespace antiphon::params
