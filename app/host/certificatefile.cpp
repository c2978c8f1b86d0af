#include "app/host/certificatefile.h"

#include <QFile>

namespace antiphon {

QList<QSslCertificate> certificatesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QSslCertificate::fromDevice(&file, QSsl::Pem) : QList<QSslCertificate>();
}

} // namespace antiphon
