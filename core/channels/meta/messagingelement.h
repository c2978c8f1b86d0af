#pragma once

#include "core/channels/meta/messagingevents.h"

namespace antiphon::meta {

/// What can't be read, for good: kept as a dead event of the account.
SplitEvent brokenElement(const ElementSource &source, const QJsonObject &element, const QString &why);
/// What is of no use here, with the reason.
SplitEvent ignoredElement(const ElementSource &source, const QJsonObject &element, const QString &kind, const QString &why);

} // namespace antiphon::meta
