#pragma once

#include "core/base/clock.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <optional>

namespace antiphon::meta {

/// An id, whether it came as text or as a number; empty where it is neither.
QString idText(const QJsonValue &value);
QString idText(const QJsonObject &object, QLatin1StringView key);
/// The id within `object.key`: `{"sender": {"id": …}}`.
QString partyId(const QJsonObject &object, QLatin1StringView key);

/// Milliseconds since 1970, or seconds as the dashboard's tests have them; nothing for what is no time of this century.
std::optional<Timestamp> moment(const QJsonValue &value);
/// "2026-05-01T12:00:00+0000" of the Graph API.
std::optional<Timestamp> graphTime(const QString &text);

} // namespace antiphon::meta
