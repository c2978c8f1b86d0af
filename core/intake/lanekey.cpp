#include "core/intake/lanekey.h"

#include <QCryptographicHash>
#include <QtEndian>

namespace antiphon {

quint64 laneHash(const QString &key)
{
    const QByteArray digest = QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha256);
    return qFromBigEndian<quint64>(digest.constData());
}

QString unorderedLane(InboxId inbox, const QString &target)
{
    return QStringLiteral("~%1:%2").arg(inbox.value()).arg(laneHash(target) % 8);
}

} // namespace antiphon
