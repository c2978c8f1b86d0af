#include "core/channels/meta/messagingvalues.h"

#include "core/base/json.h"

namespace antiphon::meta {

using namespace Qt::StringLiterals;

QString idText(const QJsonValue &value)
{
    if (value.isString())
        return json::cleanText(value.toString()).trimmed();
    const auto number = json::integer(value);
    return number && *number > 0 ? QString::number(*number) : QString();
}

QString idText(const QJsonObject &object, QLatin1StringView key)
{
    return idText(object.value(key));
}

QString partyId(const QJsonObject &object, QLatin1StringView key)
{
    return idText(object.value(key).toObject(), "id"_L1);
}

std::optional<Timestamp> moment(const QJsonValue &value)
{
    constexpr qint64 kEarliest = 1'262'304'000'000;
    constexpr qint64 kLatest = 4'102'444'800'000;
    auto number = json::integer(value);
    if (number && *number > 0 && *number < kLatest / 1000)
        number = *number * 1000;
    return number && *number >= kEarliest && *number < kLatest ? std::optional(fromUnixMs(*number)) : std::nullopt;
}

std::optional<Timestamp> graphTime(const QString &text)
{
    QString iso = text;
    const qsizetype sign = iso.size() - 5;
    if (sign > 10 && (iso.at(sign) == u'+' || iso.at(sign) == u'-'))
        iso.insert(sign + 3, u':');
    const auto time = fromRfc3339(iso);
    return time ? moment(qint64(toUnixMs(*time))) : std::nullopt;
}

} // namespace antiphon::meta
