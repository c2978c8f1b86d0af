#pragma once

#include "core/store/transaction.h"

#include <QJsonValue>

/// Settings of the workspace: JSON values by name. Which names there are, and what they may hold, is the desk's matter.
namespace antiphon::settings {

Result<std::optional<QJsonValue>> value(ReadTransaction &tx, const QString &key);
Result<QJsonObject> all(ReadTransaction &tx);
Result<void> store(WriteTransaction &tx, const QString &key, const QJsonValue &value);

} // namespace antiphon::settings
