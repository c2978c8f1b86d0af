#include "core/intake/lanekey.h"

#include "core/base/keylock.h"

namespace antiphon {

quint64 laneHash(const QString &key)
{
    return keyHash(key);
}

QString unorderedLane(InboxId inbox, const QString &target)
{
    return QStringLiteral("~%1:%2").arg(inbox.value()).arg(laneHash(target) % 8);
}

} // namespace antiphon
