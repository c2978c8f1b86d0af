#include "core/accounts/ownernotice.h"

#include "core/store/inboxrepository.h"

namespace antiphon {

using namespace Qt::StringLiterals;

Result<void> setOwnNotice(WriteTransaction &tx, InboxId id, const QString &kind, const QStringList &own)
{
    const auto row = inboxes::find(tx, id);
    if (!row)
        return row.error();
    if (!*row)
        return {};
    const QString now = (*row)->inbox.settings.value("notice"_L1).toObject().value("kind"_L1).toString();
    if (!now.isEmpty() && !own.contains(now))
        return {};
    return inboxes::setNotice(tx, id, kind);
}

} // namespace antiphon
