#pragma once

#include "core/store/transaction.h"

#include <QStringList>

namespace antiphon {

/// The word for an account whose feed another program reads.
inline const QString kOtherReader = QStringLiteral("other_reader");

/// Puts a word for the owner into the inbox's notice, or takes it away where `kind` is empty: only where none stands there, or one of `own`.
Result<void> setOwnNotice(WriteTransaction &tx, InboxId id, const QString &kind, const QStringList &own);

} // namespace antiphon
