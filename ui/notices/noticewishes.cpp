#include "ui/notices/noticewishes.h"

namespace antiphon {
using namespace Qt::StringLiterals;

bool NoticeWishes::isQuietAt(QTime time) const
{
    if (isUndisturbed)
        return true;
    if (!hasQuietHours || quietFrom == quietTo)
        return false;
    return quietFrom < quietTo ? time >= quietFrom && time < quietTo : time >= quietFrom || time < quietTo;
}

QString privacyName(NoticeWishes::Privacy privacy)
{
    switch (privacy) {
    case NoticeWishes::Privacy::Full: return u"full"_s;
    case NoticeWishes::Privacy::SenderOnly: return u"sender"_s;
    case NoticeWishes::Privacy::Hidden: return u"hidden"_s;
    }
    Q_UNREACHABLE();
}

std::optional<NoticeWishes::Privacy> privacyFromName(QStringView name)
{
    for (const auto privacy : {NoticeWishes::Privacy::Full, NoticeWishes::Privacy::SenderOnly, NoticeWishes::Privacy::Hidden}) {
        if (privacyName(privacy) == name)
            return privacy;
    }
    return std::nullopt;
}

} // namespace antiphon
