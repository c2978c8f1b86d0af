#pragma once

#include <QString>
#include <QStringList>

namespace antiphon::test {

/// Installs what `packages` locks into `folder`, once a machine. @param proofs files that are there when it is done.
/// The folder; empty where Node.js or the npm registry can't be had.
QString nodePackages(const QString &packages, const QString &folder, const QStringList &proofs);

} // namespace antiphon::test
