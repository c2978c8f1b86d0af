#pragma once

#include <QList>
#include <QSslCertificate>

namespace antiphon {

/// The certificates of a PEM file, the server's own first; empty where it can't be read or holds none.
/// Not QSslCertificate::fromPath: for a file that isn't there, Qt 6.4 takes the path for a pattern and walks the whole folder tree.
QList<QSslCertificate> certificatesOf(const QString &path);

} // namespace antiphon
