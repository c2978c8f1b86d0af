#include "core/base/json.h"

#include <QJsonDocument>

#include <cmath>

namespace antiphon::json {

Result<QJsonObject> parseObject(const QByteArray &text)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(text, &problem);
    if (problem.error != QJsonParseError::NoError) {
        return Error{Error::Kind::BadPayload,
                     QStringLiteral("JSON: %1 at byte %2").arg(problem.errorString()).arg(problem.offset)};
    }
    if (!document.isObject())
        return Error{Error::Kind::BadPayload, QStringLiteral("JSON: not an object")};
    return document.object();
}

QByteArray toBytes(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QString toText(const QJsonObject &object)
{
    return QString::fromUtf8(toBytes(object));
}

QString string(const QJsonObject &object, QLatin1StringView key)
{
    return cleanText(object.value(key).toString());
}

QString cleanText(const QString &text)
{
    const auto isBad = [&text](qsizetype i) {
        const QChar c = text.at(i);
        if (c.isHighSurrogate())
            return i + 1 >= text.size() || !text.at(i + 1).isLowSurrogate();
        if (c.isLowSurrogate())
            return i == 0 || !text.at(i - 1).isHighSurrogate();
        return c.isNull();
    };
    QString cleaned;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!isBad(i))
            continue;
        if (cleaned.isEmpty())
            cleaned = text;
        cleaned[i] = QChar::ReplacementCharacter;
    }
    return cleaned.isEmpty() ? text : cleaned;
}

std::optional<qint64> integer(const QJsonValue &value)
{
    if (value.isString()) {
        bool ok = false;
        const qint64 number = value.toString().toLongLong(&ok);
        return ok ? std::optional(number) : std::nullopt;
    }
    if (!value.isDouble())
        return std::nullopt;
    const double number = value.toDouble();
    if (!std::isfinite(number) || std::trunc(number) != number || std::abs(number) > 9.2e18)
        return std::nullopt;
    return value.toInteger();
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonValue orNull(const std::optional<Timestamp> &time)
{
    return time ? QJsonValue(toRfc3339(*time)) : QJsonValue(QJsonValue::Null);
}

QJsonValue orNull(const std::optional<int> &number)
{
    return number ? QJsonValue(*number) : QJsonValue(QJsonValue::Null);
}

} // namespace antiphon::json
