#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

namespace antiphon::meta {

/// A listed message in the webhooks' spelling; nothing where it is neither from nor to `customer`.
/// @see https://developers.facebook.com/docs/graph-api/reference/message
std::optional<QJsonObject> listedElement(const QJsonObject &item, const QString &account, const QString &customer);

} // namespace antiphon::meta
