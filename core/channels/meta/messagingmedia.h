#pragma once

#include "core/channels/operation.h"

#include <QJsonObject>
#include <QStringList>

namespace antiphon::meta {

/// Everything that customers send: 25 MB, and what grows on the way.
constexpr qint64 kMediaLimit = 32 * 1024 * 1024;

/// Files come by an address of their own, signed for a while: nothing is asked for beforehand.
OperationPtr<HttpRequest> fetchByAddress(const QJsonObject &remote);
/// Where Meta keeps them.
QStringList mediaHosts();

} // namespace antiphon::meta
