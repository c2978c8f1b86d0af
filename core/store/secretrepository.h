#pragma once

#include "core/store/transaction.h"

#include <QHash>

/// Sealed values by name. What they hold only the accounts room can open.
namespace antiphon::secrets {

Result<QHash<QString, QByteArray>> all(ReadTransaction &tx);
Result<void> put(WriteTransaction &tx, const QString &name, const QByteArray &sealed);
Result<void> removeWithPrefix(WriteTransaction &tx, const QString &prefix);

} // namespace antiphon::secrets
